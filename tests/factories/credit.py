"""Customers with store credit, and orders that it pays for, through the commands of the shop."""

from __future__ import annotations

import secrets
from dataclasses import replace
from itertools import count
from typing import Any

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.catalog.models import Variant
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.types import Bought, Purchase
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from tests.factories.checkout import a_purchase, a_selling_shop, a_stocked_variant

_numbers = count(1)


def a_customer(credit: int = 0) -> User:
    """Somebody with an account, and so many cents of store credit."""
    user = User.objects.create_user(f"maya{next(_numbers)}@home.example", name="Maya Alvarez")
    if credit:
        grant(user, credit)
    return user


def grant(user: User, cents: int, *, reason: str = "a late parcel") -> None:
    payments.grant_credit(user.pk, Money(cents), key=secrets.token_hex(8), by="user:1", reason=reason)


def by_credit(user: User, token: str = "tok_visa", **changes: Any) -> Purchase:
    """What a signed-in customer says who pays with store credit, and by this token what it leaves."""
    return replace(a_purchase(token), customer_id=user.pk, use_store_credit=True, **changes)


def bought_by_credit(user: User, *variants: Variant, token: str = "tok_visa", quantity: int = 1) -> Bought:
    a_selling_shop()
    cart = carts.open_cart(customer=user)
    for variant in variants or (a_stocked_variant(),):
        carts.add_to_cart(cart, sku=variant.sku, quantity=quantity)
    return checkout.buy(cart, by_credit(user, token), key=secrets.token_hex(8))


def an_order_by_credit(user: User, *variants: Variant, token: str = "tok_visa", quantity: int = 1) -> Order:
    """An order that store credit paid for, or a part of it. Its status is what the token makes of it."""
    return Order.objects.get(number=bought_by_credit(user, *variants, token=token, quantity=quantity).order_number)

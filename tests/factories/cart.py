"""Baskets, filled by the cart's own commands."""

from __future__ import annotations

from typing import Any

from kidspetite.foundation.accounts.models import User
from kidspetite.goods.catalog.models import Variant
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart, CartLine
from tests.factories.inventory import stock_of


def a_cart(*variants: Variant, pieces: int = 1, customer: User | None = None) -> Cart:
    """An open basket with so many pieces of each variant, held."""
    cart = carts.open_cart(customer=customer)
    for variant in variants:
        carts.add_to_cart(cart, sku=variant.sku, quantity=pieces)
    return cart


def a_filled_cart(*, stock: int = 5, pieces: int = 1, **variant: Any) -> tuple[Cart, CartLine]:
    """A basket with one line of a variant made for it."""
    cart = a_cart(stock_of(stock, **variant), pieces=pieces)
    return cart, cart.lines.get()

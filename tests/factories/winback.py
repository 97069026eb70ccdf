"""Baskets that were left by people whose address is known."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.conf import settings

from kidspetite.foundation.accounts.models import User
from kidspetite.goods.catalog.models import Variant
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback import rules
from kidspetite.sales.cart.models import Cart
from tests.factories.cart import a_cart
from tests.factories.inventory import stock_of

_numbers = count(1)


def an_address(*, held_out: bool = False) -> str:
    """Somebody who is, or is not, held out for comparison."""
    share, secret = settings.REMINDERS_HELD_OUT_PERCENT, settings.SECRET_KEY.encode()
    tried = (f"maya{next(_numbers)}@home.example" for _ in range(10_000))
    return next(one for one in tried if rules.is_held_out(one, percent=share, secret=secret) == held_out)


def a_left_cart(address: str, *variants: Variant, pieces: int = 1) -> Cart:
    """A guest's basket with their address typed and the box ticked."""
    cart = a_cart(*(variants or (stock_of(5),)), pieces=pieces)
    winback.choose_reminder(cart, address, wanted=True)
    return cart


def a_member(address: str = "", **fields: Any) -> User:
    """Somebody with an account whose mailbox is known to be theirs."""
    user = User.objects.create_user(address or an_address(), name="Maya Alvarez", **fields)
    user.emailaddress_set.create(email=user.email, primary=True, verified=True)
    return user

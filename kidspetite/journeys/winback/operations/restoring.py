from __future__ import annotations

from kidspetite.journeys.winback import queries
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.types import MergeReport


def put_back(into: Cart, token: str) -> MergeReport:
    """Put what a reminder tells of into the basket of whoever follows its link: pieces and nothing else, for a letter
    may be passed on. The basket that was left stays as it is. Twice is once. Raises WayBackClosed, NoSuchCart."""
    left = queries.basket_left(token)
    return carts.fill_up(into, left) if left.pk != into.pk else MergeReport()

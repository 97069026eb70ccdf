"""Shelves with something on them, filled by inventory's own commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog.models import Band, Variant
from kidspetite.goods.inventory import operations as inventory
from tests.factories.catalog import a_variant


def stock_of(pieces: int, **variant: Any) -> Variant:
    """A piece for sale with so many on its shelf."""
    made = a_variant(band=Band.SOLD_OUT, **variant)
    put_on_shelf(made, pieces)
    return made


def put_on_shelf(variant: Variant, pieces: int) -> None:
    if pieces:
        inventory.receive_stock({variant.pk: pieces}, reason="delivery", by="user:1")


def soon(minutes: int = 15) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def hold_for(holder: str, variant: Variant, pieces: int, *, minutes: int = 15) -> None:
    """A living soft hold; with negative minutes one that has lapsed and was not swept yet."""
    inventory.hold_stock({variant.pk: pieces}, holder=holder, until=soon(minutes))

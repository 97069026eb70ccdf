from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from kidspetite.goods.catalog.models import Band

FEW = 3
PACE_DAYS, MORNING = 30, 7
MOST_ON_A_SHELF = 1_000_000
# How long the ledger tells each hold by itself. Every basket writes two such rows; pieces themselves are told for good.
HOLDS_TOLD = timedelta(days=14)


def band_of(available: int, *, held: int = 0) -> Band:
    """What a page says of so many free pieces, where `held` others are promised to somebody."""
    if available <= 0:
        return Band.HELD if held > 0 else Band.SOLD_OUT
    return Band.FEW if available <= FEW else Band.IN_STOCK


def holds_that_lapse(soft: Sequence[tuple[int, int]], *, surplus: int) -> list[int]:
    """Which holds end so that at least `surplus` pieces come free: newest first, whole holds only.

    `soft` are (id, quantity), newest first.
    """
    lapsing = []
    for hold_id, quantity in soft:
        if surplus <= 0:
            break
        lapsing.append(hold_id)
        surplus -= quantity
    return lapsing


def within_cap(wanted: int, *, own: int, elsewhere: int, at_most: int | None) -> int:
    """How many of the wanted pieces may be held for one who holds `elsewhere` others: never fewer than now.

    `own` is what is held of this variant already.
    """
    if at_most is None:
        return wanted
    return min(wanted, max(own, at_most - elsewhere, 0))


def cover_of(on_hand: int, sold: int) -> int | None:
    """How many whole days the pieces last if they go on selling as in the last 30 days; None if none were sold."""
    return on_hand * PACE_DAYS // sold if sold > 0 else None


def last_morning(now: datetime, zone: tzinfo) -> datetime:
    """The latest seven o'clock by the shop's clock."""
    here = now.astimezone(zone)
    seven = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return seven if seven <= here else seven - timedelta(days=1)

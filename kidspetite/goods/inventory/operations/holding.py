"""Promises of pieces: to baskets (soft) and to orders that are being paid (firm)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.recipes import Given, Recipe
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.inventory.models import Hold, StockLevel
from kidspetite.goods.inventory.operations.shelf import SHOPPER, Shelf, lock_idle_shelf, lock_levels, lock_shelf
from kidspetite.goods.inventory.rules import within_cap

SWEPT_AT_ONCE = 500

type Levels = Mapping[int, StockLevel]

_HELD_BY = Recipe(lambda: Hold.objects.filter(holder=Given("holder")).values_list("level__variant_id"))


@one_transaction()
def hold_stock(
    wanted: Mapping[int, int], *, holder: str, until: datetime, at_most: int | None = None, client: str = ""
) -> dict[int, int]:
    """Make the holder's soft hold of each variant exactly so many pieces (0 ends it), all or nothing.

    Gives the pieces held now. Past `at_most` pieces in all, what is wanted must still be there, but is not held; with
    a `client` what all baskets of that client hold counts together. Pieces that the holder's own order holds already
    count. Raises OutOfStock. Locks the levels.
    """
    shelf = lock_shelf(wanted, asking=(holder,), client=client)
    still = {variant_id: _not_moved(shelf, holder, variant_id, n) for variant_id, n in wanted.items()}
    shelf.refuse_if_short(still, holders=(holder,))
    held = _hold_within_cap(shelf, still, holder=holder, until=until, at_most=at_most, client=client)
    shelf.put_back()
    return held


@one_transaction()
def keep_holds(
    wanted: Mapping[int, int],
    *,
    holder: str,
    until: datetime,
    at_most: int | None = None,
    client: str = "",
    instead_of: str = "",
) -> dict[int, int]:
    """Hold what is there, for a basket that is looked at again: each variant whole or as it was.

    Refuses nothing; gives the pieces held now. With `instead_of` another holder's holds on these variants end first,
    as when two baskets become one. Locks the levels.
    """
    asking = (holder, instead_of) if instead_of else (holder,)
    shelf = lock_shelf(wanted, asking=asking, client=client)
    if instead_of:
        for variant_id in wanted:
            shelf.let_go(instead_of, variant_id)
    possible: dict[int, int] = {}
    for variant_id, pieces in wanted.items():
        still = _not_moved(shelf, holder, variant_id, pieces)
        is_short = shelf.is_short_of(still, variant_id, holders=(holder,))
        possible[variant_id] = shelf.held_by(holder, variant_id) if is_short else still
    held = _hold_within_cap(shelf, possible, holder=holder, until=until, at_most=at_most, client=client)
    shelf.put_back()
    return held


def lock_stock(variant_ids: Iterable[int]) -> Levels:
    """Lock levels, in the house order, for a caller that will lock something later in that order before it knows
    whether it touches the stock. Belongs inside a transaction; gives what a command of the same one may take for
    `locked`."""
    return lock_levels(variant_ids)


@one_transaction()
def extend_holds(*, holder: str, until: datetime) -> None:
    """Let the holder's living soft holds end later. Nobody's count changes, so no level is locked; a hold that is
    being ended at this moment is left alone."""
    living = Hold.objects.filter(holder=holder, kind=Hold.Kind.SOFT, expires_at__gt=clock.now(), expires_at__lt=until)
    untouched = living.select_for_update(skip_locked=True).values("pk")
    Hold.objects.filter(pk__in=untouched).update(expires_at=until)


@one_transaction()
def make_firm(wanted: Mapping[int, int], *, from_holder: str, holder: str, until: datetime) -> None:
    """Promise every piece to an order that is about to be paid, or promise nothing.

    What its basket holds moves over, the rest is taken from what is free. Asking twice changes nothing but the end.
    Raises OutOfStock. Locks the levels.
    """
    shelf = lock_shelf(wanted, asking=(from_holder, holder))
    shelf.refuse_if_short(wanted, holders=(from_holder, holder))
    for variant_id, pieces in wanted.items():
        missing = max(pieces - shelf.held_by(holder, variant_id), 0)
        left = max(shelf.held_by(from_holder, variant_id) - missing, 0)
        if left:
            soft = next(hold for hold in shelf.holds_on(variant_id) if hold.holder == from_holder)
            shelf.hold(from_holder, variant_id, left, until=soft.expires_at, client=soft.client)
        else:
            shelf.let_go(from_holder, variant_id)
        shelf.hold(holder, variant_id, pieces, until=until, kind=Hold.Kind.FIRM, moved_from=from_holder)
    shelf.put_back()


@one_transaction()
def release_holds(*, holder: str, reason: str = "", by: str = SHOPPER) -> None:
    """End all holds of a holder; harmless when there are none. Locks their levels."""
    if variant_ids := variants_held_by(holder):
        shelf = lock_shelf(variant_ids, asking=(holder,))
        for variant_id in variant_ids:
            shelf.let_go(holder, variant_id, reason=reason, by=by)
        shelf.put_back()


@one_transaction()
def release_expired(*, limit: int = SWEPT_AT_ONCE) -> int:
    """End up to `limit` holds that are past their end, oldest first, and give their number.

    Readers have not counted them since that moment; this tidies the counters and tells the bands. A level somebody
    is at is left for the next sweep: who locks it frees it anyway.
    """
    lapsed = Hold.objects.filter(expires_at__lte=clock.now()).order_by("expires_at")
    shelf = lock_idle_shelf(lapsed.values_list("level__variant_id", flat=True)[:limit])
    shelf.put_back()
    return shelf.freed


def variants_held_by(holder: str) -> list[int]:
    """Of which variants a holder has holds, living or not; read before the lock, so looked at again under it."""
    return [variant_id for (variant_id,) in _HELD_BY.rows(holder=holder)]


def _not_moved(shelf: Shelf, holder: str, variant_id: int, pieces: int) -> int:
    return max(pieces - shelf.moved_on_from(holder, variant_id), 0)


def _hold_within_cap(
    shelf: Shelf, wanted: Mapping[int, int], *, holder: str, until: datetime, at_most: int | None, client: str
) -> dict[int, int]:
    here = {variant_id: shelf.held_by(holder, variant_id) for variant_id in wanted}
    elsewhere = shelf.pieces_elsewhere
    for variant_id, pieces in wanted.items():
        others = elsewhere + sum(here.values()) - here[variant_id]
        here[variant_id] = within_cap(pieces, own=here[variant_id], elsewhere=others, at_most=at_most)
        shelf.hold(holder, variant_id, here[variant_id], until=until, client=client)
    return here

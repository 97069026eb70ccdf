"""Pieces that come and go. Every change of `on_hand` is a movement with its cause and its actor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory.errors import BadCount, ChangesRefused, FirmHoldsExceed, HoldGone
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel
from kidspetite.goods.inventory.operations.holding import Levels, variants_held_by
from kidspetite.goods.inventory.operations.shelf import SHOPPER, Shelf, lock_shelf, lock_whole_shelf
from kidspetite.goods.inventory.operations.statements import FOLD, SOLD_FOR, SOLD_FOR_ON
from kidspetite.goods.inventory.queries import stock_facts
from kidspetite.goods.inventory.rules import MOST_ON_A_SHELF, holds_that_lapse
from kidspetite.goods.inventory.types import Change, StockFacts

TOO_FEW_LEFT = "too few left"
FOLDED = "all that was held and released before"


@one_transaction()
def receive_stock(received: Mapping[int, int], *, reason: str, by: str) -> None:
    """Put new pieces on their shelves. Raises BadCount for fewer than one piece. Locks the levels."""
    _put_on(received, kind=Movement.Kind.RECEIVED, reason=reason, by=by)


@one_transaction()
def take_back(returned: Mapping[int, int], *, cause: str, reason: str, by: str) -> None:
    """Put pieces of a cancelled or returned order back. Raises BadCount. Locks the levels."""
    _put_on(returned, kind=Movement.Kind.RETURNED, reason=reason, by=by, cause=cause)


def set_stock(variant_id: int, *, on_hand: int, reason: str, by: str) -> StockFacts:
    """Say how many pieces lie on the shelf, after a count. Raises what change_shelves raises, and for one shelf
    FirmHoldsExceed or BadCount. Locks the level."""
    change_shelves([Change(variant_id, on_hand, is_count=True)], reason=reason, by=by)
    return stock_facts(Variant.objects.values_list("sku", flat=True).get(pk=variant_id))


@one_transaction()
def change_shelves(
    changes: Sequence[Change], *, reason: str, by: str, cause: str = "", kind: str = Movement.Kind.ADJUSTED
) -> None:
    """Add to shelves, take from them, or set them, all or nothing. `kind` says as what: adjusted, received, damaged.

    Where more is promised than is left, holds of baskets end, the newest first. Raises FirmHoldsExceed when what is
    being paid for is already more, BadCount for an impossible number, and ChangesRefused with all of them where there
    are several changes. One entry in the audit. Locks the levels.
    """
    if not changes:
        return
    _open_levels({change.variant_id for change in changes})
    shelf = lock_whole_shelf({change.variant_id for change in changes})
    refused = {change.variant_id: error for change in changes if (error := _refusal(shelf, change))}
    if refused:
        raise next(iter(refused.values())) if len(changes) == 1 else ChangesRefused(refused)
    for change in changes:
        level = shelf.levels[change.variant_id]
        if difference := change.after(level.on_hand) - level.on_hand:
            _lapse_newest(shelf, change.variant_id, surplus=level.reserved - level.on_hand - difference, by=by)
            shelf.move(change.variant_id, difference, kind=kind, reason=reason, cause=cause, actor=by)
    shelf.put_back()
    subject = cause or f"variant:{changes[0].variant_id}"
    audit.record(actor=by, verb="inventory.change_shelves", subject=subject, kind=str(kind), shelves=len(changes))


@one_transaction()
def sell_held(
    *, holder: str, cause: str, wanted: Mapping[int, int] | None = None, locked: Levels | None = None
) -> None:
    """Hand over what an order holds: the pieces leave `on_hand`, its hold ends. Asking twice sells once.

    With `wanted`, pieces whose hold has ended meanwhile are taken from what is free; raises OutOfStock when they are
    gone, and an empty `wanted` sells nothing: its variants were all deleted. Without, raises HoldGone when there is
    nothing held. Locks the levels, unless the caller has (`locked`, of the wanted variants).
    """
    variant_ids = list(wanted) if wanted is not None else variants_held_by(holder)
    shelf = lock_shelf(variant_ids, asking=(holder,), locked=locked)
    sold = SOLD_FOR_ON if shelf.levels else SOLD_FOR
    if ask_kept(sold, {"cause": cause, "levels": [level.pk for level in shelf.levels.values()]}):
        return
    if wanted is None:
        wanted = {variant_id: shelf.held_by(holder, variant_id) for variant_id in variant_ids}
        if not any(wanted.values()):
            raise HoldGone(holder=holder)
    shelf.refuse_if_short(wanted, holders=(holder,))
    for variant_id, pieces in wanted.items():
        shelf.let_go(holder, variant_id)
        shelf.move(variant_id, -pieces, kind=Movement.Kind.SOLD, cause=cause, actor=SHOPPER)
    shelf.put_back()


def fold_holds(*, before: datetime) -> None:
    """Make one row a shelf of all that was held and released before a moment. What moved pieces stays for good.

    Locks nothing: nobody changes rows that old.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"before": before, "reason": FOLDED})


@one_transaction()
def clear_away(variant_ids: Iterable[int]) -> None:
    """Take whole shelves down, holds and record too, before their variants are deleted. Locks the levels."""
    levels = list(StockLevel.objects.select_for_update().filter(variant_id__in=list(variant_ids)).order_by("pk"))
    Hold.objects.filter(level__in=levels).delete()
    Movement.objects.filter(level__in=levels).delete()
    StockLevel.objects.filter(pk__in=[level.pk for level in levels]).delete()


def _put_on(pieces: Mapping[int, int], *, kind: str, reason: str, by: str, cause: str = "") -> None:
    for count in pieces.values():
        _check(count, "quantity", least=1)
    _open_levels(pieces)
    shelf = lock_shelf(pieces)
    for variant_id, count in pieces.items():
        _check(shelf.levels[variant_id].on_hand + count, "quantity", least=1)
        shelf.move(variant_id, count, kind=kind, reason=reason, cause=cause, actor=by)
    shelf.put_back()


def _open_levels(variant_ids: Iterable[int]) -> None:
    """A variant has no shelf until something is to be put on it."""
    StockLevel.objects.bulk_create([StockLevel(variant_id=pk) for pk in sorted(variant_ids)], ignore_conflicts=True)


def _refusal(shelf: Shelf, change: Change) -> DomainError | None:
    level = shelf.levels[change.variant_id]
    try:
        _check(
            change.pieces, "on_hand" if change.is_count else "quantity", least=0 if change.is_count else -level.on_hand
        )
        after = change.after(level.on_hand)
        _check(after, "quantity", least=0)
    except BadCount as error:
        return error
    firm = sum(hold.quantity for hold in shelf.holds_on(change.variant_id) if hold.kind == Hold.Kind.FIRM)
    return FirmHoldsExceed(sku=level.variant.sku, on_hand=after, firm=firm) if firm > after else None


def _lapse_newest(shelf: Shelf, variant_id: int, *, surplus: int, by: str) -> None:
    soft = [hold for hold in shelf.holds_on(variant_id) if hold.kind == Hold.Kind.SOFT]
    soft.sort(key=lambda hold: (hold.created_at, hold.pk), reverse=True)
    by_pk = {hold.pk: hold for hold in soft}
    for pk in holds_that_lapse([(hold.pk, hold.quantity) for hold in soft], surplus=surplus):
        shelf.end(by_pk[pk], reason=TOO_FEW_LEFT, by=by)


def _check(count: object, field: str, *, least: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int):
        raise BadCount(field, _("Give a whole number of pieces."))
    if not least <= count <= MOST_ON_A_SHELF:
        sentence = _("Give a number of pieces from %(least)d to %(most)d.")
        raise BadCount(field, sentence % {"least": least, "most": MOST_ON_A_SHELF})

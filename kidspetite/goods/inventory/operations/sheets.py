"""Sheets: what many shelves are to become is written down, looked at, and applied in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.inventory.errors import BadCount, NoSuchSheet, NothingToApply, SheetApplied
from kidspetite.goods.inventory.models import Movement, Sheet, SheetLine
from kidspetite.goods.inventory.operations.moving import change_shelves
from kidspetite.goods.inventory.rules import MOST_ON_A_SHELF
from kidspetite.goods.inventory.types import Change

# What the books say is read in the statement that writes the difference to it: nothing is sold in between.
COUNTED = """
insert into inventory_sheetline (sheet_id, variant_id, counted, difference, at)
select %(sheet)s, counted.variant_id, counted.pieces, counted.pieces - coalesce(level.on_hand, 0), %(now)s
from unnest(%(variants)s::bigint[], %(pieces)s::int[]) as counted (variant_id, pieces)
left join inventory_stocklevel level on level.variant_id = counted.variant_id
on conflict (sheet_id, variant_id) do update
set counted = excluded.counted, difference = excluded.difference, at = excluded.at
"""


def open_sheet(*, kind: str, by: str, moves_as: str = Movement.Kind.ADJUSTED) -> Sheet:
    return Sheet.objects.create(kind=kind, moves_as=moves_as, opened_by=by, opened_at=clock.now())


@one_transaction()
def write_counts(sheet_id: int, counts: Mapping[int, int]) -> None:
    """Note how many pieces of each variant were counted just now; a later count of the same shelf replaces it.

    Raises BadCount, NoSuchSheet or SheetApplied. Locks the sheet; no shelf, so that selling goes on.
    """
    for pieces in counts.values():
        if isinstance(pieces, bool) or not isinstance(pieces, int) or not 0 <= pieces <= MOST_ON_A_SHELF:
            sentence = _("Give a number of pieces from 0 to %(most)d.")
            raise BadCount("counted", sentence % {"most": MOST_ON_A_SHELF})
    sheet = _lock(sheet_id)
    told: dict[str, Any] = {
        "sheet": sheet.pk,
        "now": clock.now(),
        "variants": list(counts),
        "pieces": list(counts.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, told)


@one_transaction()
def write_differences(sheet_id: int, changes: Iterable[Change]) -> None:
    """Note pieces to add or to take away, or a number to reach from what the books say now; see SheetLine.

    Raises BadCount, NoSuchSheet or SheetApplied. Locks the sheet.
    """
    changes = list(changes)
    write_counts(sheet_id, {change.variant_id: change.pieces for change in changes if change.is_count})
    SheetLine.objects.bulk_create(
        [
            SheetLine(sheet_id=sheet_id, variant_id=change.variant_id, difference=change.pieces, at=clock.now())
            for change in changes
            if not change.is_count
        ],
        update_conflicts=True,
        unique_fields=["sheet", "variant"],
        update_fields=["counted", "difference", "at"],
    )


@one_transaction()
def strike_line(sheet_id: int, variant_id: int) -> None:
    """Take a shelf off the sheet; harmless when it is not on it. Raises NoSuchSheet or SheetApplied. Locks it."""
    SheetLine.objects.filter(sheet=_lock(sheet_id), variant_id=variant_id).delete()


@transaction.atomic
def apply_sheet(sheet_id: int, *, reason: str, by: str) -> int:
    """Change every shelf by its difference, all or nothing, and give how many changed. Applying twice changes once.

    Pieces sold since they were counted stay sold: it is the difference that is applied, not the number. Raises
    ChangesRefused, NothingToApply or NoSuchSheet. Locks the sheet, then the levels.
    """
    sheet = Sheet.objects.select_for_update().filter(pk=sheet_id).first()
    if sheet is None:
        raise NoSuchSheet()
    changes = [Change(line.variant_id, line.difference) for line in sheet.lines.exclude(difference=0)]
    if not sheet.is_open:
        return len(changes)
    if not sheet.lines.exists():
        raise NothingToApply()
    change_shelves(changes, reason=reason, by=by, cause=str(sheet), kind=sheet.moves_as)
    sheet.reason, sheet.applied_by, sheet.applied_at = reason[:200], by, clock.now()
    sheet.save(update_fields=["reason", "applied_by", "applied_at"])
    return len(changes)


@transaction.atomic
def drop_sheet(sheet_id: int) -> None:
    """Throw an open sheet away; harmless when it is gone. Raises SheetApplied. Locks the sheet."""
    try:
        _lock(sheet_id).delete()
    except NoSuchSheet:
        return


def _lock(sheet_id: int) -> Sheet:
    sheet = Sheet.objects.select_for_update().filter(pk=sheet_id).first()
    if sheet is None:
        raise NoSuchSheet()
    if not sheet.is_open:
        raise SheetApplied()
    return sheet

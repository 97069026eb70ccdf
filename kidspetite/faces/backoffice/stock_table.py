"""A table of shelves as a spreadsheet saves it: read, judged row by row, and never half believed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory.rules import MOST_ON_A_SHELF
from kidspetite.goods.inventory.types import Change, MoveAs

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
FAULTS_SHOWN = 100
COLUMNS = ("sku", "add", "set", "was")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be read: pieces to add, or a number to reach; `was` is what the books said in the table."""

    line: int
    sku: str
    add: int | None
    reach: int | None
    was: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row of the file, counted as a spreadsheet counts; 0 is the file itself."""

    line: int
    words: str


def read_table(raw: bytes) -> tuple[list[Row], list[Fault]]:
    """The rows of a file, and every fault in it. UTF-8 or UTF-16 with a mark, else Windows' Western letters; commas,
    semicolons or tabs. Empty rows and columns of other names are passed over."""
    if len(raw) > MOST_BYTES:
        return [], [Fault(0, _("The file is larger than 1 MB. Split it."))]
    text = _decoded(raw)
    if "\0" in text or not text.strip():
        return [], [Fault(0, _("This is no table of text. Save it as CSV (UTF-8) and try again."))]
    head = text.lstrip("\r\n").splitlines()[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        lines = [(table.line_num, cells) for cells in table if any(cell.strip() for cell in cells)]
    except csv.Error:
        return [], [Fault(table.line_num, _("A quotation mark is left open here."))]
    return _rows(lines)


def changes_of(rows: Iterable[Row], moves_as: MoveAs) -> tuple[list[Change], list[Fault]]:
    """What the rows come to on the shelves as they are now, and every row that cannot be. One query."""
    rows = list(rows)
    found = {
        variant.sku: variant
        for variant in Variant.objects.filter(sku__in={row.sku for row in rows}).select_related("stock")
    }
    changes, faults = [], []
    for row in rows:
        variant = found.get(row.sku)
        if variant is None:
            faults.append(Fault(row.line, _("No piece has the SKU “%(sku)s”.") % {"sku": row.sku[:40]}))
            continue
        on_hand = variant.stock.on_hand if hasattr(variant, "stock") else 0
        change = _change(row, variant.pk)
        if words := _refusal(change.after(on_hand) - on_hand, on_hand, moves_as):
            faults.append(Fault(row.line, words))
        else:
            changes.append(change)
    return changes, faults


def _change(row: Row, variant_id: int) -> Change:
    if row.add is not None:
        return Change(variant_id, row.add)
    reach = row.reach or 0
    return Change(variant_id, reach, is_count=True) if row.was is None else Change(variant_id, reach - row.was)


def _refusal(difference: int, on_hand: int, moves_as: MoveAs) -> str:
    if on_hand + difference < 0:
        return _("There are only %(n)d on hand.") % {"n": on_hand}
    if on_hand + difference > MOST_ON_A_SHELF:
        return _("A shelf takes at most a million pieces.")
    if moves_as == MoveAs.RECEIVED and difference < 0:
        return _("A delivery only adds; this would take %(n)d away.") % {"n": -difference}
    if moves_as == MoveAs.DAMAGED and difference > 0:
        return _("Damage only takes away; this would add %(n)d.") % {"n": difference}
    return ""


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _rows(lines: list[tuple[int, list[str]]]) -> tuple[list[Row], list[Fault]]:
    (first, head), body = lines[0], lines[1:]
    names = [cell.strip().lower() for cell in head]
    if "sku" not in names or not ({"add", "set"} & set(names)):
        return [], [Fault(first, _("The first row names the columns: sku, and add or set (or both)."))]
    if doubled := next((name for name in COLUMNS if names.count(name) > 1), ""):
        return [], [Fault(first, _("The column “%(name)s” is there twice.") % {"name": doubled})]
    if not body:
        return [], [Fault(first, _("There is no row below the names of the columns."))]
    if len(body) > MOST_ROWS:
        return [], [Fault(0, _("More than %(n)d rows. Split the table.") % {"n": MOST_ROWS})]
    rows, faults, seen = [], [], dict[str, int]()
    for line, cells in body:
        row, words = _row(line, dict(zip(names, (cell.strip() for cell in cells), strict=False)))
        if row and row.sku in seen:
            words = _("“%(sku)s” stands in row %(n)d already.") % {"sku": row.sku[:40], "n": seen[row.sku]}
        elif row:
            seen[row.sku] = line
            rows.append(row)
        if words:
            faults.append(Fault(line, words))
    return rows, faults


def _row(line: int, cells: dict[str, str]) -> tuple[Row | None, str]:
    """The row, or what is wrong with it; neither for one that asks nothing."""
    sku, add, reach, was = (cells.get(name, "") for name in COLUMNS)
    if not sku:
        return None, _("The SKU is missing.")
    if not (add or reach):
        return None, "" if was else _("Neither “add” nor “set” has a number.")
    if add and reach:
        return None, _("Either “add” or “set”, not both.")
    if words := _wrong_number(add, least=-MOST_ON_A_SHELF) or _wrong_number(reach) or _wrong_number(was):
        return None, words
    if reach and reach == was:
        return None, ""
    return Row(line, sku, *(int(text) if text else None for text in (add, reach, was))), ""


def _wrong_number(text: str, *, least: int = 0) -> str:
    if not text:
        return ""
    digits = text.removeprefix("+") if least else text
    digits = digits.removeprefix("-") if least else digits
    if text.startswith("-") and not least:
        return _("“%(text)s”: a shelf cannot hold fewer than no pieces.") % {"text": text[:20]}
    if not (digits.isascii() and digits.isdigit()):
        return _("“%(text)s” is no whole number of pieces.") % {"text": text[:20]}
    return "" if len(digits) <= 7 and int(digits) <= MOST_ON_A_SHELF else _("A shelf takes at most a million pieces.")

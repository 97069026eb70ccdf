"""Why a shelf holds what it holds, with causes that lead somewhere and names for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kidspetite.faces.backoffice.names import names_of
from kidspetite.goods.inventory import queries as shelves
from kidspetite.goods.inventory.types import TimelineEntry

KINDS = {
    "received": gettext_lazy("received"),
    "sold": gettext_lazy("sold"),
    "returned": gettext_lazy("came back"),
    "adjusted": gettext_lazy("adjusted"),
    "damaged": gettext_lazy("damaged or lost"),
    "held": gettext_lazy("held"),
    "released": gettext_lazy("let go"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """What it was for, and where that is looked at; no path for what has no page."""

    words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One movement in staff's words. `moves` is false for what only changed a promise."""

    at: datetime
    what: str
    pieces: int
    moves: bool
    balance: int
    why: str
    cause: Cause | None
    who: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds pieces now, until when."""

    cause: Cause
    pieces: int
    until: datetime
    is_firm: bool


def story_of(sku: str, *, with_holds: bool) -> list[Told]:
    rows = shelves.timeline(sku, with_holds=with_holds)
    names = names_of({row.actor for row in rows})
    return [_told(row, names) for row in rows]


def holdings_of(sku: str) -> list[Holding]:
    return [
        Holding(cause_of(hold.holder) or Cause(hold.holder), hold.quantity, hold.expires_at, hold.is_firm)
        for hold in shelves.holds_on(sku)
    ]


def cause_of(text: str) -> Cause | None:
    """`order:KP-…` leads to the order, `sheet:3` to the sheet; a basket is a shopper's own and has no page."""
    kind, _colon, rest = text.partition(":")
    match kind:
        case "":
            return None
        case "order":
            return Cause(rest, f"/admin/orders/{rest}")
        case "sheet":
            return Cause(_("sheet %(number)s") % {"number": rest}, f"/admin/stock-sheets/{rest}")
        case "cart":
            return Cause(_("basket %(number)s") % {"number": rest})
        case "wait":
            return Cause(_("somebody who waited for it"))
        case _:
            return Cause(text)


def _told(row: TimelineEntry, names: dict[str, str]) -> Told:
    return Told(
        at=row.at, what=str(KINDS[row.kind]), pieces=row.quantity or row.promised, moves=bool(row.quantity),
        balance=row.balance, why=row.reason, cause=cause_of(row.cause), who=names.get(row.actor, ""),
    )  # fmt: skip

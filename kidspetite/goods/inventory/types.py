from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kidspetite.goods.catalog.types import VariantFacts


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What one holder has been promised of a variant. A firm hold belongs to an order that is being paid."""

    quantity: int
    expires_at: datetime
    is_firm: bool = False


@dataclass(frozen=True, slots=True)
class StockFacts:
    """A shelf as it is now: `reserved` counts living holds only, `available` is what anybody may still take."""

    sku: str
    on_hand: int
    reserved: int
    available: int
    variant_id: int


class MoveAs(StrEnum):
    """As what staff change a shelf."""

    RECEIVED = "received"
    RETURNED = "returned"
    ADJUSTED = "adjusted"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Change:
    """Pieces to add to a shelf (below nothing: to take from it), or with `is_count` how many it is to have."""

    variant_id: int
    pieces: int
    is_count: bool = False

    def after(self, on_hand: int) -> int:
        return self.pieces if self.is_count else on_hand + self.pieces


@dataclass(frozen=True, slots=True)
class HoldView:
    """A living hold on one shelf."""

    holder: str
    quantity: int
    expires_at: datetime
    is_firm: bool


@dataclass(frozen=True, slots=True)
class SheetLineView:
    """One shelf of a sheet. `books` is what they said when it was counted, `on_hand` what they say now."""

    variant_id: int
    sku: str
    name: str
    counted: int | None
    books: int | None
    difference: int
    on_hand: int

    @property
    def after(self) -> int:
        return self.on_hand + self.difference


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet and, where it was asked for alone, its lines."""

    id: int
    is_count: bool
    moves_as: MoveAs
    opened_by: str
    opened_at: datetime
    reason: str
    applied_by: str
    applied_at: datetime | None
    shelves: int
    lines: tuple[SheetLineView, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.applied_at is None

    @property
    def differing(self) -> tuple[SheetLineView, ...]:
        return tuple(line for line in self.lines if line.difference)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One movement, and the pieces that were on the shelf after it. Held and released move no piece: `promised` is
    by how many pieces the promises changed."""

    at: datetime
    kind: str
    quantity: int
    promised: int
    balance: int
    reason: str
    cause: str
    actor: str


class WaitState(StrEnum):
    """Where somebody stands who wants to hear when a piece is back."""

    ASKED = "asked"
    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class WaitView:
    """One who waits, as pages and letters show it. `until` is the end of the latest offer, `free` what anybody may
    have now, `key` the end of the links that lead here."""

    id: int
    key: str
    piece: VariantFacts
    address: str
    state: WaitState
    why: str
    since: datetime
    until: datetime | None
    taken_by: str
    free: int

    @property
    def is_open(self) -> bool:
        """Whether there is something to end."""
        return self.state in {WaitState.ASKED, WaitState.WAITING, WaitState.OFFERED}


class ShelfState(StrEnum):
    """Why staff should look at a shelf."""

    OUT = "out"
    LOW = "low"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class ShelfAlert:
    """One shelf as who buys in looks at it. `mark` is the number at which it runs low, `cover` how many days the pieces
    on hand last at the pace of the last 30 days, none where nothing was sold; `waiting` people wait for it."""

    variant_id: int
    sku: str
    name: str
    size: str
    colour: str
    on_hand: int
    held: int
    available: int
    mark: int
    state: ShelfState
    sold: int
    cover: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class StockSummary:
    """All shelves of what is on sale in a few numbers. `negative` is a promise of the database: never any."""

    low: int
    out: int
    negative: int
    in_baskets: int
    baskets: int
    being_paid: int
    waiting: int
    waited_for: int

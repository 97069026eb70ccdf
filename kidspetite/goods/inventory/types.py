from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True)
class Change:
    """Pieces to add to a shelf (below nothing: to take from it), or with `is_count` how many it is to have."""

    variant_id: int
    pieces: int
    is_count: bool = False

    def after(self, on_hand: int) -> int:
        return self.pieces if self.is_count else on_hand + self.pieces


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

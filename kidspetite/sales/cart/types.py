from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.catalog.types import VariantFacts


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as a basket shows it. `available` is the most this basket could have of it, what it holds included; none
    for a piece that is no longer for sale. `held` pieces are set aside; `hold_expires_at` is set while all are."""

    id: int
    sku: str
    variant: VariantFacts
    quantity: int
    unit_price: Money
    line_total: Money
    available: int
    held: int
    hold_expires_at: datetime | None

    @property
    def is_for_sale(self) -> bool:
        return self.variant.is_for_sale

    @property
    def is_held(self) -> bool:
        return self.hold_expires_at is not None

    @property
    def is_past_cap(self) -> bool:
        """The pieces are there, and some are not set aside: this basket, or its client, holds as many as it may. Looked
        at within a while after the basket was touched; a hold that lapsed looks alike until then."""
        return self.can_be_bought and not self.is_held

    @property
    def can_be_bought(self) -> bool:
        return self.is_for_sale and self.available >= self.quantity


class CapReason(StrEnum):
    """Why a line of the other basket came over with fewer pieces, or not at all."""

    MOST_PIECES = "most_pieces"
    MOST_LINES = "most_lines"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class MergedLine:
    """`added` pieces came over; `capped` did not, for the reason."""

    sku: str
    added: int
    capped: int = 0
    reason: CapReason | None = None


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What became of each line of the other basket."""

    lines: tuple[MergedLine, ...] = ()

    @property
    def added(self) -> tuple[MergedLine, ...]:
        return tuple(line for line in self.lines if line.added)

    @property
    def capped(self) -> tuple[MergedLine, ...]:
        return tuple(line for line in self.lines if line.capped)

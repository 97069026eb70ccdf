from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.catalog.types import VariantFacts


class Why(StrEnum):
    """How a round of reminders ended."""

    BOUGHT = "bought"
    UNWANTED = "unwanted"
    """Its person wants no letters of this kind any more, or cannot get any."""
    TOLD = "told"
    """The last letter of the round was written, or would have been."""
    LATE = "late"
    """Too long ago: a letter now would surprise more than help."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line that was left, as a reminder tells it. `pieces` is how many can be had of those that were wanted, none
    when it is gone; `is_last` says that these are all there are."""

    variant: VariantFacts
    pieces: int
    is_last: bool = False

    @property
    def is_there(self) -> bool:
        return self.pieces > 0

    @property
    def name(self) -> str:
        return self.variant.name

    @property
    def detail(self) -> str:
        return ", ".join(filter(None, (self.variant.size_label, self.variant.colour_name)))

    @property
    def amount(self) -> Money:
        return self.variant.price * self.pieces


@dataclass(frozen=True, slots=True)
class Left:
    """What one person left, in one basket or several: the basket they were at last comes first."""

    address: str
    customer_id: int | None
    cart_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one run of the job did: rounds that it began, letters that it wrote, people it left for the next run."""

    begun: int = 0
    written: int = 0
    failed: int = 0

    def __add__(self, other: Reminded) -> Reminded:
        return Reminded(self.begun + other.begun, self.written + other.written, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many people, so many bought."""

    people: int
    bought: int

    @property
    def share(self) -> float:
        return self.bought / self.people if self.people else 0.0

    @property
    def of_hundred(self) -> float:
        return 100 * self.share


@dataclass(frozen=True, slots=True)
class Figures:
    """What reminders did: rounds begun since a moment whose week is over, and how many still run."""

    since: datetime
    reminded: Tally
    held_out: Tally
    running: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What reminders change, in buyers of a hundred people: the difference that was seen, and between which two the
    true one lies, 19 times of 20."""

    seen: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether chance alone is an unlikely reason for the difference."""
        return self.low > 0 or self.high < 0

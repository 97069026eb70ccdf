"""Money in integer minor units (cents). No float ever enters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum: a programming mistake, never a shopper's."""


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """An amount in minor units of one currency: `Money(1800)` is $18.00."""

    minor: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"Money counts whole minor units, not {self.minor!r}")

    @classmethod
    def zero(cls, currency: str = "USD") -> Money:
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str = "USD") -> Money:
        """The sum; an empty one is zero of the given currency."""
        return sum(amounts, cls(0, currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            raise TypeError("Money is multiplied by whole numbers; use percent() or share() for parts")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        sign = "-" if self.minor < 0 else ""
        whole, part = divmod(abs(self.minor), 100)
        return f"{sign}{whole}.{part:02d} {self.currency}"

    def percent(self, rate: Decimal) -> Money:
        """`rate` per cent of this amount (8.875 for New York), rounded half up to a whole cent."""
        exact = Decimal(self.minor) * rate / 100
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def share(self, weights: Sequence[int]) -> list[Money]:
        """Split into parts in proportion to the weights, losing no cent (largest remainder, first come first served).

        With all weights zero, everything is split evenly. Raises ValueError for no or negative weights.
        """
        sign = -1 if self.minor < 0 else 1
        return [Money(sign * part, self.currency) for part in split(abs(self.minor), weights)]

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money) and other == 0:
            return 0
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other.minor

    def __radd__(self, other: object) -> Money:
        if other == 0:
            return self
        return NotImplemented


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """The same for bare minor units, for arithmetic in bulk. `whole` is not negative."""
    if not weights or min(weights) < 0:
        raise ValueError("share() needs at least one weight, and none below zero")
    total = sum(weights)
    if not total:
        weights, total = [1] * len(weights), len(weights)
    parts = [whole * weight // total for weight in weights]
    if left := whole - sum(parts):
        remainders = [whole * weight % total for weight in weights]
        for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left]:
            parts[index] += 1
    return parts

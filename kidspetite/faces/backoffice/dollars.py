"""Amounts as people type them: dollars and cents, with or without the sign and the commas."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from kidspetite.foundation.kernel.money import Money

MOST_DOLLARS = 10**7


def typed_amount(text: str, currency: str = "USD") -> Money | None:
    """What was typed, above zero and to the cent; None for anything else."""
    try:
        exact = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        return None
    if not exact.is_finite() or not 0 < exact <= MOST_DOLLARS or exact != exact.quantize(Decimal("0.01")):
        return None
    return Money(int(exact * 100), currency)

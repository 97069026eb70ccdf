"""What a quote is made from: small tables that read like the shop's own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing import rules
from kidspetite.goods.pricing.types import (
    BasketLine,
    ClothingTax,
    Destination,
    Method,
    Packing,
    Quote,
    RateBand,
    RateTable,
    TaxTable,
    Zone,
)

# A Wednesday morning in New York, before the cut-off.
WEDNESDAY = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)

STANDARD = Method(
    "standard",
    "Standard",
    may_be_free=True,
    bands=(
        RateBand(Zone.CONTIGUOUS, Money(5_95), 3, 5, up_to_g=2_000),
        RateBand(Zone.CONTIGUOUS, Money(8_95), 3, 5),
        RateBand(Zone.OUTLYING, Money(9_95), 6, 10, up_to_g=2_000),
        RateBand(Zone.OUTLYING, Money(14_95), 6, 10),
        RateBand(Zone.MILITARY, Money(5_95), 7, 14),
    ),
)
EXPRESS = Method(
    "express",
    "Express",
    may_be_free=False,
    bands=(RateBand(Zone.CONTIGUOUS, Money(14_95), 1, 2), RateBand(Zone.OUTLYING, Money(24_95), 2, 4)),
)
RATES = RateTable((STANDARD, EXPRESS))
TAX = TaxTable(
    (
        ClothingTax("NY", Decimal("4"), exempt_below=Money(110_00), taxes_shipping=True),
        ClothingTax("NJ", Decimal("6.625"), is_exempt=True, taxes_shipping=True),
        ClothingTax("PA", Decimal("6"), is_exempt=True, taxes_shipping=True),
        ClothingTax("MA", Decimal("6.25"), exempt_below=Money(175_00), taxes_excess_only=True),
        ClothingTax("CA", Decimal("7.25")),
        ClothingTax("TX", Decimal("6.25"), taxes_shipping=True),
    ),
    unknown=frozenset({"GU"}),
)
FREE_FROM = Money(60_00)


def a_line(price: int = 18_00, quantity: int = 1, *, sku: str = "BODY-3M", weight_g: int = 100) -> BasketLine:
    return BasketLine(
        variant_id=sum(sku.encode()), sku=sku, unit_price=Money(price), quantity=quantity, weight_g=weight_g
    )


def quote_of(*lines: BasketLine, state: str | None = "CA", method: str | None = None, **facts: Any) -> Quote:
    """A quote by the tables above; whatever matters to a test is given by name."""
    given: dict[str, Any] = {
        "rates": RATES, "tax": TAX, "free_from": FREE_FROM, "now": WEDNESDAY, "packing": Packing(), **facts,
    }  # fmt: skip
    return rules.quote(lines, Destination(state) if state else None, method, **given)

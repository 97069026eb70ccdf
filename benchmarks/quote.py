"""How long one quote takes: a basket of ten lines, two hundred live promotions of every kind.

    .shop/venv/bin/python -m benchmarks.quote

Pure arithmetic: no database, no server. Milliseconds of processor time, so that a busy machine does not show.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.rules import quote
from kidspetite.goods.pricing.types import (
    AmountOff,
    BasketLine,
    Benefit,
    BuyGet,
    ClothingTax,
    Conditions,
    Destination,
    FixedPrice,
    FreeShipping,
    Goods,
    Lane,
    Method,
    Packing,
    PercentOff,
    Promotion,
    RateBand,
    RateTable,
    Shopper,
    TaxTable,
    Zone,
)

LINES, PROMOTIONS, RUNS = 10, 200, 200
NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)
RATES = RateTable((Method("standard", "Standard", True, (RateBand(Zone.CONTIGUOUS, Money(5_95), 3, 5),)),))
TAX = TaxTable((ClothingTax("CA", Decimal("7.25")),))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quote", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args(arguments)
    lines, promotions = [_line(n) for n in range(LINES)], [_promotion(n) for n in range(PROMOTIONS)]
    times = sorted(_milliseconds(lines, promotions) for _run in range(RUNS))
    told = {
        "lines": LINES,
        "promotions": PROMOTIONS,
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[int(RUNS * 0.95)], 2),
        "best_ms": round(times[0], 2),
        "none_ms": round(min(_milliseconds(lines, []) for _run in range(RUNS)), 2),
    }
    print(json.dumps(told) if wanted.json else "  ".join(f"{name} {value}" for name, value in told.items()))
    return 0


def _milliseconds(lines: list[BasketLine], promotions: list[Promotion]) -> float:
    began = time.process_time()
    quote(
        lines, Destination("CA", "94107"), None, rates=RATES, tax=TAX, free_from=Money(500_00), now=NOW,
        packing=Packing(holidays=frozenset({date(2026, 11, 26)})), promotions=promotions, shopper=Shopper(),
    )  # fmt: skip
    return (time.process_time() - began) * 1000


def _line(number: int) -> BasketLine:
    return BasketLine(
        number, f"SKU-{number}", Money(1000 + 37 * number), 1 + number % 4, 100, product_id=number,
        categories=("bodysuits" if number % 2 else "hats",),
    )  # fmt: skip


def _promotion(number: int) -> Promotion:
    kinds: tuple[Benefit, ...] = (
        PercentOff(Decimal(5 + number % 20)), AmountOff(Money(300 + number)), BuyGet(2, 1), FixedPrice(Money(9_00)),
        FreeShipping(),
    )  # fmt: skip
    meant = (Goods(), Goods(categories=frozenset({"hats"})), Goods(products=frozenset(range(number % 7, 9))))
    benefit = kinds[number % len(kinds)]
    lane = Lane.SHIPPING if isinstance(benefit, FreeShipping) else (Lane.PRICES, Lane.BASKET)[number % 2]
    return Promotion(
        number + 1, f"Promotion {number}", benefit, lane=lane, is_exclusive=number % 10 == 0,
        conditions=Conditions(goods=meant[number % 3], minimum=Money(5_00)), floor_percent=30 if number % 4 == 0 else 0,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

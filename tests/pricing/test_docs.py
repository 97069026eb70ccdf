"""The worked examples of docs/pricing.md, run against what a new shop has."""

import dataclasses
import re
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.models import TaxRule
from kidspetite.goods.pricing.types import (
    AmountOff,
    BasketLine,
    Benefit,
    BuyGet,
    Conditions,
    FixedPrice,
    FreeShipping,
    Goods,
    Lane,
    Packing,
    PercentOff,
    Promotion,
    Quote,
)
from kidspetite.sales.shipping import queries as parcels
from tests.factories.pricing import a_line, quote_of

PAGE = (Path(__file__).parents[2] / "docs" / "pricing.md").read_text()
EXAMPLES = re.findall(r"^\*\*(\d+)\. .*?^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
NEW_YORK = ZoneInfo("America/New_York")
HOLIDAYS = frozenset({date(2026, 11, 26), date(2026, 11, 27)})


def quoted(example: dict[str, Any]) -> Quote:
    moment = datetime.fromisoformat(example.get("moment", "2026-11-18T09:00")).replace(tzinfo=NEW_YORK)
    lines = [_line(number, line) for number, line in enumerate(example["lines"])]
    states = TaxRule.objects.values_list("state", flat=True).distinct()
    return quote_of(
        *lines,
        state=example.get("state"),
        method=example.get("method"),
        now=moment,
        rates=parcels.rate_table(),
        tax=pricing.tax_table(moment.date(), states),
        packing=Packing(holidays=HOLIDAYS),
        promotions=[_promotion(number, one) for number, one in enumerate(example.get("promotions", []), start=1)],
    )


def _line(number: int, line: dict[str, Any]) -> BasketLine:
    plain = a_line(line["price"], line["pieces"], sku=f"SKU-{number}", weight_g=line.get("grams", 100))
    listed = Money(line["listed"]) if "listed" in line else None
    return dataclasses.replace(plain, categories=(line.get("category", "knits"),), list_price=listed)


def _promotion(number: int, one: dict[str, Any]) -> Promotion:
    goods = Goods(categories=frozenset({one["category"]})) if "category" in one else Goods()
    lane = Lane.SHIPPING if "free_shipping" in one else Lane[one.get("lane", "basket").upper()]
    return Promotion(
        number, one["name"], _benefit(one), lane=lane, code=one.get("code", ""), is_exclusive="exclusive" in one,
        cap=Money(one["cap"]) if "cap" in one else None, floor_percent=one.get("floor", 0),
        conditions=Conditions(goods=goods, minimum=Money(one["minimum"]) if "minimum" in one else None),
    )  # fmt: skip


def _benefit(one: dict[str, Any]) -> Benefit:
    if "buy" in one:
        return BuyGet(one["buy"], one["get"], Decimal(one.get("percent", 100)))
    if "percent" in one:
        return PercentOff(Decimal(one["percent"]))
    if "amount" in one:
        return AmountOff(Money(one["amount"]))
    return FixedPrice(Money(one["fixed"])) if "fixed" in one else FreeShipping()


def test_the_page_has_twenty_examples_and_twenty_of_promotions():
    assert [int(number) for number, _ in EXAMPLES] == list(range(1, 41))


@pytest.mark.django_db
@pytest.mark.parametrize("example", [pytest.param(tomllib.loads(text), id=number) for number, text in EXAMPLES])
def test_an_example_of_the_page_comes_true(example):
    quote = quoted(example)
    shown = ("subtotal", "shipping", "tax", "total") + (("discount",) if "promotions" in example else ())
    parts = {name: getattr(quote, name) for name in shown}
    assert {name: part.minor for name, part in parts.items() if part is not None} == example["expected"]
    if "arrives" in example:
        assert [str(quote.arrives_from), str(quote.arrives_to)] == example["arrives"]
    if "offered" in example:
        assert [rate.method_code for rate in quote.rates] == example["offered"]
    if "promotions" in example:
        assert [line.discount.minor for line in quote.lines] == example["shares"]
        assert pricing.explanations(quote) == example["says"]
    for note in example.get("notes", []):
        assert quote.note(note), quote.notes

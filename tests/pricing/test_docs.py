"""The worked examples of docs/pricing.md, run against what a new shop has."""

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.models import TaxRule
from kidspetite.goods.pricing.types import Packing, Quote
from kidspetite.sales.shipping import queries as parcels
from tests.factories.pricing import a_line, quote_of

PAGE = (Path(__file__).parents[2] / "docs" / "pricing.md").read_text()
EXAMPLES = re.findall(r"^\*\*(\d+)\. .*?^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
NEW_YORK = ZoneInfo("America/New_York")
HOLIDAYS = frozenset({date(2026, 11, 26), date(2026, 11, 27)})


def quoted(example: dict[str, Any]) -> Quote:
    moment = datetime.fromisoformat(example.get("moment", "2026-11-18T09:00")).replace(tzinfo=NEW_YORK)
    lines = [
        a_line(line["price"], line["pieces"], sku=f"SKU-{number}", weight_g=line.get("grams", 100))
        for number, line in enumerate(example["lines"])
    ]
    states = TaxRule.objects.values_list("state", flat=True).distinct()
    return quote_of(
        *lines,
        state=example.get("state"),
        method=example.get("method"),
        now=moment,
        rates=parcels.rate_table(),
        tax=pricing.tax_table(moment.date(), states),
        packing=Packing(holidays=HOLIDAYS),
    )


def test_the_page_has_twenty_examples_in_order():
    assert [int(number) for number, _ in EXAMPLES] == list(range(1, 21))


@pytest.mark.django_db
@pytest.mark.parametrize("example", [pytest.param(tomllib.loads(text), id=number) for number, text in EXAMPLES])
def test_an_example_of_the_page_comes_true(example):
    quote = quoted(example)
    parts = {name: getattr(quote, name) for name in ("subtotal", "shipping", "tax", "total")}
    assert {name: part.minor for name, part in parts.items() if part is not None} == example["expected"]
    if "arrives" in example:
        assert [str(quote.arrives_from), str(quote.arrives_to)] == example["arrives"]
    if "offered" in example:
        assert [rate.method_code for rate in quote.rates] == example["offered"]
    for note in example.get("notes", []):
        assert quote.note(note), quote.notes

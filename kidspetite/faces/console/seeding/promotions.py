"""Promotions and codes to try, one of each kind a shop begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog.models import Category
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing import queries as pricing_queries
from kidspetite.goods.pricing.models import Promotion

JOB = "job:seed"


@dataclass(frozen=True)
class DemoPromotion:
    """A promotion, the code that opens it (empty: it works by itself), the categories it is about, and the days until
    it begins."""

    fields: dict[str, Any]
    code: str = ""
    limit: int | None = None
    categories: tuple[str, ...] = ()
    begins_in_days: int = 0
    runs_days: int = 60


DEMO = (
    DemoPromotion(
        {
            "name": "10% from the tape", "kind": "percent", "percent": Decimal(10), "minimum_minor": 50_00,
            "cap_minor": 40_00, "floor_percent": 50, "sentence": "TAPE10 takes 10% off baskets of $50 and more.",
        },
        code="TAPE10",
    ),
    DemoPromotion(
        {"name": "First order", "kind": "percent", "percent": Decimal(15), "first_order_only": True}, code="FIRST15"
    ),
    DemoPromotion({"name": "Free shipping", "kind": "free_shipping", "lane": 30}, code="SHIPFREE", limit=500),
    DemoPromotion(
        {
            "name": "Bodysuits, three for two", "kind": "buy_get", "percent": Decimal(100), "buy": 2, "get": 1,
            "lane": 10, "sentence": "Bodysuits: of three, the cheapest is free.",
        },
        categories=("bodysuits",), begins_in_days=30,
    ),
)  # fmt: skip


@transaction.atomic
def make_promotions() -> int:
    """The demo's promotions, unless they are there, or their codes are the owner's; gives how many were made."""
    if Promotion.objects.filter(is_demo=True).exists():
        return 0
    now = clock.now()
    wanted = [demo for demo in DEMO if not (demo.code and pricing_queries.code_facts(demo.code))]
    for demo in wanted:
        begins = now + timedelta(days=demo.begins_in_days)
        row = Promotion(
            **demo.fields, needs_code=bool(demo.code), is_demo=True,
            begins_at=begins, ends_at=begins + timedelta(days=demo.runs_days),
        )  # fmt: skip
        pricing.save_promotion(row, by=JOB, categories=Category.objects.filter(slug__in=demo.categories))
        if demo.code:
            pricing.add_code(row, demo.code, limit=demo.limit, by=JOB)
    return len(wanted)

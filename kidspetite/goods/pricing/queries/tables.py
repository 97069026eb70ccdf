from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kidspetite.foundation.content import queries as content
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.models import TaxRule
from kidspetite.goods.pricing.types import ClothingTax, Packing, TaxTable


def tax_table(on: date, collects_in: Iterable[str]) -> TaxTable:
    """The rules that hold on a day in the states where the shop collects: the newest that has begun, of each."""
    states = frozenset(collects_in)
    rows = (
        TaxRule.objects.filter(state__in=states, valid_from__lte=on).order_by("state", "-valid_from").distinct("state")
    )
    rules = tuple(_rule(row) for row in rows) if states else ()
    return TaxTable(rules, unknown=states - {rule.state for rule in rules})


def packing() -> Packing:
    """When parcels leave, by the shop settings of now."""
    return packing_of(content.shop_settings())


def packing_of(shop: ShopSettings) -> Packing:
    """When parcels leave, by these settings."""
    return Packing.by(
        time_zone=shop.time_zone,
        cutoff_hour=shop.cutoff_hour,
        handling_days=shop.handling_days,
        holidays=shop.holidays,
    )


def _rule(row: TaxRule) -> ClothingTax:
    return ClothingTax(
        state=row.state,
        rate=row.rate,
        is_exempt=row.is_exempt,
        exempt_below=None if row.exempt_below_minor is None else Money(row.exempt_below_minor),
        taxes_excess_only=row.taxes_excess_only,
        taxes_shipping=row.taxes_shipping,
        since=row.valid_from,
    )

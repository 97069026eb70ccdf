"""Every amount a shopper sees is computed here, from frozen facts, in whole cents."""

from kidspetite.goods.pricing.rules.delivery import (
    arrival,
    leaving_day,
    leaving_day_holds_until,
    offered_rates,
    zone_of,
)
from kidspetite.goods.pricing.rules.quote import quote
from kidspetite.goods.pricing.rules.tax import line_tax, shipping_tax
from kidspetite.goods.pricing.rules.taxing import taxed_of

__all__ = [
    "arrival",
    "leaving_day",
    "leaving_day_holds_until",
    "line_tax",
    "offered_rates",
    "quote",
    "shipping_tax",
    "taxed_of",
    "zone_of",
]

"""What prices are made from, read from rows and given as frozen facts."""

from kidspetite.goods.pricing.queries.desk import (
    CodeFacts,
    PromotionRow,
    code_facts,
    promotion_codes,
    promotion_list,
    promotion_of_code,
    promotion_row,
    uses_by_day,
)
from kidspetite.goods.pricing.queries.promises import broken_promises
from kidspetite.goods.pricing.queries.promotions import (
    collections_of,
    live_promotions,
    next_change,
    sentences,
    trial_promotions,
    uses_by,
    uses_of,
)
from kidspetite.goods.pricing.queries.tables import packing, tax_table
from kidspetite.goods.pricing.queries.words import explanation, explanations, summary

__all__ = [
    "CodeFacts",
    "PromotionRow",
    "broken_promises",
    "code_facts",
    "collections_of",
    "explanation",
    "explanations",
    "live_promotions",
    "next_change",
    "packing",
    "promotion_codes",
    "promotion_list",
    "promotion_of_code",
    "promotion_row",
    "sentences",
    "summary",
    "tax_table",
    "trial_promotions",
    "uses_by",
    "uses_by_day",
    "uses_of",
]

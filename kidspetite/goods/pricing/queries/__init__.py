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
from kidspetite.goods.pricing.queries.tables import packing, packing_of, tax_table
from kidspetite.goods.pricing.queries.taxes import (
    GOOD_FOR,
    asks_tax_office,
    filings_to_send,
    is_answered,
    is_by_table,
    tax_answer,
    tax_offices,
    tax_question,
)
from kidspetite.goods.pricing.queries.words import explanation, explanations, summary

__all__ = [
    "GOOD_FOR",
    "CodeFacts",
    "PromotionRow",
    "asks_tax_office",
    "broken_promises",
    "code_facts",
    "collections_of",
    "explanation",
    "explanations",
    "filings_to_send",
    "is_answered",
    "is_by_table",
    "live_promotions",
    "next_change",
    "packing",
    "packing_of",
    "promotion_codes",
    "promotion_list",
    "promotion_of_code",
    "promotion_row",
    "sentences",
    "summary",
    "tax_answer",
    "tax_offices",
    "tax_question",
    "tax_table",
    "trial_promotions",
    "uses_by",
    "uses_by_day",
    "uses_of",
]

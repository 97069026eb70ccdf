"""What the catalogue answers: lists with their filters, product pages, the front page, pieces for sale."""

from kidspetite.goods.catalog.queries.keeper import fill_shelf, hear_change
from kidspetite.goods.catalog.queries.lists import (
    best_of,
    cards_of,
    chosen_ids,
    hanging_in,
    listing,
    listing_among,
    price_words,
    similar,
)
from kidspetite.goods.catalog.queries.pages import (
    home,
    product_page,
    sitemap_entries,
)
from kidspetite.goods.catalog.queries.pieces import variants_for_sale
from kidspetite.goods.catalog.queries.wording import (
    Matches,
    Words,
    carrying_all,
    carrying_some,
    no_matches,
    recall,
    strangers,
)
from kidspetite.goods.catalog.queries.words import (
    categories,
    category,
    category_tree,
    collection,
    collections,
    colours,
    sizes,
)

__all__ = [
    "Matches", "Words", "best_of", "cards_of", "carrying_all", "carrying_some", "categories", "category",
    "category_tree", "chosen_ids", "collection", "collections", "colours", "fill_shelf", "hanging_in", "hear_change",
    "home", "listing", "listing_among", "no_matches", "price_words", "product_page", "recall", "similar",
    "sitemap_entries", "sizes", "strangers", "variants_for_sale",
]  # fmt: skip

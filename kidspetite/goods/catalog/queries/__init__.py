"""What the catalogue answers: lists with their filters, product pages, the front page, pieces for sale."""

from kidspetite.goods.catalog.queries.lists import (
    cards_of,
    chosen_ids,
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
    "cards_of", "categories", "category", "category_tree", "chosen_ids", "collection", "collections", "colours", "home",
    "listing", "listing_among", "price_words", "product_page", "similar", "sitemap_entries", "sizes",
    "variants_for_sale",
]  # fmt: skip

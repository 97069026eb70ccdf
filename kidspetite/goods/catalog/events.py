from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogChanged:
    """Products look different to a shopper. The slugs name the pages that show them, for cache tags; a product's
    categories include the one above."""

    product_ids: tuple[int, ...]
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

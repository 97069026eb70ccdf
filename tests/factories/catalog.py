"""Goods to put on a shelf: plain functions that write rows as staff would and let the catalogue rank them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.media.models import Picture
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import (
    Band,
    Category,
    Collection,
    CollectionItem,
    Colour,
    Product,
    ProductPhoto,
    Size,
    Variant,
)

_numbers = count(1)

SIZES: dict[str, dict[str, Any]] = {
    "3m": {"label": "1–3 m", "age_from_months": 1, "age_to_months": 3, "height_cm": 62, "height_from_cm": 56,
           "height_to_cm": 62, "weight_from_g": 4700, "weight_to_g": 6200, "position": 30},
    "6m": {"label": "3–6 m", "age_from_months": 3, "age_to_months": 6, "height_cm": 68, "height_from_cm": 62,
           "height_to_cm": 68, "weight_from_g": 6200, "weight_to_g": 7900, "position": 40},
    "12m": {"label": "6–12 m", "age_from_months": 6, "age_to_months": 12, "height_cm": 74, "height_from_cm": 68,
            "height_to_cm": 74, "weight_from_g": 7900, "weight_to_g": 9500, "position": 50},
    "3t": {"label": "3T", "age_from_months": 36, "age_to_months": 48, "height_cm": 98, "height_from_cm": 92,
           "height_to_cm": 98, "weight_from_g": 13500, "weight_to_g": 15500, "position": 90},
}  # fmt: skip
COLOURS = {"clover": "#317a4a", "milk": "#f6f4eb", "rose": "#e9aab3", "night": "#2d3352"}


def a_size(key: str = "6m") -> Size:
    facts = SIZES.get(key) or {"label": key.upper(), "position": 200}
    return Size.objects.get_or_create(key=key, defaults=facts)[0]


def a_colour(slug: str = "clover") -> Colour:
    return Colour.objects.get_or_create(
        slug=slug, defaults={"name": slug.title(), "swatch": COLOURS.get(slug, "#888888")}
    )[0]


def a_category(slug: str = "bodysuits", *, parent: str | None = None) -> Category:
    above = a_category(parent) if parent else None
    return Category.objects.get_or_create(
        slug=slug, defaults={"name": slug.replace("-", " ").capitalize(), "parent": above}
    )[0]


def a_product(
    name: str = "Fern bodysuit",
    *,
    slug: str = "",
    category: str = "bodysuits",
    parent: str | None = None,
    sizes: tuple[str, ...] = ("3m", "6m"),
    colours: tuple[str, ...] = ("clover",),
    price: int = 1800,
    compare_at: int | None = None,
    weight_g: int = 100,
    band: Band = Band.IN_STOCK,
    status: Product.Status = Product.Status.ACTIVE,
    published_at: datetime | None = None,
    photo: Picture | None = None,
    **fields: Any,
) -> Product:
    """A style with a variant in every size and colour, on sale and ranked; the bands are said, not counted."""
    number = next(_numbers)
    product = Product.objects.create(
        name=name,
        slug=slug or f"{name.lower().replace(' ', '-')}-{number}",
        category=a_category(category, parent=parent),
        status=status,
        published_at=published_at or clock.now(),
        **fields,
    )
    for colour in colours:
        for size in sizes:
            Variant.objects.create(
                product=product, sku=f"T{number:04d}-{colour[:3].upper()}-{size.upper()}", size=a_size(size),
                colour=a_colour(colour), price_minor=price, compare_at_minor=compare_at, weight_g=weight_g, band=band,
            )  # fmt: skip
    if photo is not None:
        ProductPhoto.objects.create(product=product, picture=photo, view=ProductPhoto.View.FRONT)
    catalog.refresh_rank([product.pk])
    product.refresh_from_db()
    return product


def a_variant(
    *, size: str = "6m", colour: str = "clover", price: int = 1800, band: Band = Band.IN_STOCK, **product: Any
) -> Variant:
    """One piece that can be bought, of a style of its own. It has no stock level yet: inventory's factory gives it."""
    return a_product(sizes=(size,), colours=(colour,), price=price, band=band, **product).variants.get()


def a_collection(title: str = "First week home", products: tuple[Product, ...] = (), **fields: Any) -> Collection:
    collection = Collection.objects.create(
        **{"title": title, "slug": f"{title.lower().replace(' ', '-')}-{next(_numbers)}"} | fields
    )
    for position, product in enumerate(products):
        CollectionItem.objects.create(collection=collection, product=product, position=position)
    return collection

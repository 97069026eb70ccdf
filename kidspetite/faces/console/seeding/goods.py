"""The demo catalogue as rows: what is there already, by slug or SKU, stays as it is."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from kidspetite.faces.console.demo import wares
from kidspetite.faces.console.demo.catalogue import Catalogue
from kidspetite.faces.console.seeding.pictures import drawn, sheets_of
from kidspetite.faces.console.seeding.progress import Bars, Lines, Silence
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.media import operations as media
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import (
    Category,
    Collection,
    CollectionItem,
    Colour,
    Product,
    ProductPhoto,
    Size,
    Variant,
)
from kidspetite.goods.inventory import operations as inventory
from kidspetite.journeys.discovery import operations as discovery
from kidspetite.journeys.discovery.models import Synonym

BY = "job:seed"
OLDEST_DAYS, NEWEST_DAYS = 420, 9


def make_goods(demo: Catalogue, *, seed: int, teller: Bars | Lines | Silence) -> int:
    """Everything on the shelves; returns how many products are new."""
    with transaction.atomic():
        make_words(demo)
    known = set(Product.objects.values_list("slug", flat=True))
    new = [product for product in demo.products if product.slug not in known]
    if new:
        pictures = _pictures(demo, new, teller)
        with teller.step("Filling the shelves", len(new)) as advance, transaction.atomic():
            _make_products(demo, new, pictures, seed)
            advance(len(new))
    with transaction.atomic():
        _make_collections(demo)
    if new:
        discovery.count_words()
    return len(new)


def make_words(demo: Catalogue) -> None:
    """Sizes, colours and categories."""
    Size.objects.bulk_create([_size(size) for size in demo.sizes], ignore_conflicts=True)
    Colour.objects.bulk_create(
        [
            Colour(slug=colour.key, name=colour.name, swatch=colour.hex, position=place, is_demo=True)
            for place, colour in enumerate(demo.colours)
        ],
        ignore_conflicts=True,
    )
    Synonym.objects.bulk_create(
        [Synonym(word=word, means=colour.name, is_demo=True) for colour in demo.colours for word in colour.also],
        ignore_conflicts=True,
    )
    for place, category in enumerate(demo.categories):
        parent = Category.objects.get(slug=category.parent) if category.parent else None
        Category.objects.get_or_create(
            slug=category.slug,
            defaults={"name": category.name, "description": category.sentence, "parent": parent, "position": place,
                      "is_demo": True},
        )  # fmt: skip


def product_row(product: wares.Product, demo: Catalogue, category_id: int, published_at: datetime) -> Product:
    safety = {note.code: note.text for note in demo.safety}
    return Product(
        slug=product.slug, name=product.name, summary=product.summary, description=product.description,
        category_id=category_id, status=Product.Status.ACTIVE, published_at=published_at, announced_at=published_at,
        garment=product.garment.value, fabric=product.fabric.value, season=product.season.value,
        facts=list(product.facts),
        fibre=[{"material": part.material, "percent": part.percent} for part in product.fibre],
        care=list(product.care), safety=" ".join(safety[code] for code in product.safety), origin=product.origin,
        size_note=product.size_note, is_demo=True,
    )  # fmt: skip


def variant_rows(
    product: wares.Product, product_id: int, sizes: Mapping[str, int], colours: Mapping[str, int]
) -> list[Variant]:
    return [
        Variant(
            product_id=product_id, sku=piece.sku, size_id=sizes[piece.size], colour_id=colours[piece.colour],
            price_minor=product.price_cents, compare_at_minor=product.compare_at_cents, weight_g=piece.weight_g,
            is_demo=True,
        )
        for piece in product.variants
    ]  # fmt: skip


def ids_by(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict(rows)


def published(slug: str, seed: int) -> datetime:
    """Its first day on the shelf: up to a year ago, the same for one seed."""
    days = random.Random(f"{seed}:published:{slug}").triangular(NEWEST_DAYS, OLDEST_DAYS, 60)
    return clock.now() - timedelta(days=days)


def _size(size: wares.Size) -> Size:
    return Size(
        key=size.key, label=size.label, group=size.group.value, age_from_months=size.age_from_months,
        age_to_months=size.age_to_months, height_cm=size.height_cm, height_from_cm=size.height_from_cm,
        height_to_cm=size.height_to_cm, weight_from_g=size.weight_from_g, weight_to_g=size.weight_to_g,
        position=size.order, is_demo=True,
    )  # fmt: skip


def _pictures(
    demo: Catalogue, products: Iterable[wares.Product], teller: Bars | Lines | Silence
) -> dict[tuple[str, str, str], int]:
    """Picture ids by product, colour and view."""
    sizes = {size.key: size for size in demo.sizes}
    sheets = [sheet for product in products for sheet in sheets_of(product, sizes)]
    found = {}
    with teller.step("Drawing the pictures", len(sheets)) as advance:
        for batch in drawn(sheets):
            stored = media.store_drawings([drawing for _, drawing in batch], is_demo=True)
            for (sheet, _), picture in zip(batch, stored, strict=True):
                found[sheet.product, sheet.colour, sheet.view.value] = picture.pk
            advance(len(batch))
    return found


def _make_products(
    demo: Catalogue, products: list[wares.Product], pictures: Mapping[tuple[str, str, str], int], seed: int
) -> None:
    categories = ids_by(Category.objects.values_list("slug", "pk"))
    sizes, colours = ids_by(Size.objects.values_list("key", "pk")), ids_by(Colour.objects.values_list("slug", "pk"))
    rows = Product.objects.bulk_create(
        [product_row(p, demo, categories[p.category], published(p.slug, seed)) for p in products]
    )
    ids = {row.slug: row.pk for row in rows}
    pieces = Variant.objects.bulk_create(
        [row for product in products for row in variant_rows(product, ids[product.slug], sizes, colours)]
    )
    ProductPhoto.objects.bulk_create(
        ProductPhoto(product_id=ids[slug], colour_id=colours[colour], picture_id=picture, view=view, position=place)
        for place, ((slug, colour, view), picture) in enumerate(pictures.items())
    )
    stock = {piece.sku: piece.stock for product in products for piece in product.variants}
    by_sku = {row.sku: row.pk for row in pieces}
    inventory.receive_stock({by_sku[sku]: n for sku, n in stock.items() if n}, reason="Opening stock", by=BY)
    catalog.refresh_rank(ids.values())


def _make_collections(demo: Catalogue) -> None:
    products = ids_by(Product.objects.values_list("slug", "pk"))
    on_home = {collection.slug: collection.home_order or 0 for collection in demo.home_collections}
    for place, collection in enumerate(demo.collections):
        row, is_new = Collection.objects.get_or_create(
            slug=collection.slug,
            defaults={"title": collection.title, "description": collection.sentence, "is_demo": True,
                      "position": on_home.get(collection.slug, 100 + place), "is_on_home": collection.slug in on_home},
        )  # fmt: skip
        if is_new:
            CollectionItem.objects.bulk_create(
                CollectionItem(collection=row, product_id=products[slug], position=number)
                for number, slug in enumerate(collection.products)
                if slug in products
            )

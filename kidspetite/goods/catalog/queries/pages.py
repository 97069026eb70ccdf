"""Whole pages: one product with everything on it, the front page, the sitemap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.media import queries as media
from kidspetite.goods.catalog.models import Product, ProductPhoto, Variant
from kidspetite.goods.catalog.queries.keeper import Words, state
from kidspetite.goods.catalog.queries.lists import cards_of, chosen_ids
from kidspetite.goods.catalog.queries.words import category_tree, collections, sizes
from kidspetite.goods.catalog.types import (
    CategoryView,
    ColourView,
    Fibre,
    Filters,
    HomeView,
    PhotoView,
    PieceView,
    ProductView,
    SitemapEntry,
    SizeView,
)

ON_HOME, A_ROW = 4, 8


def on_sale() -> Q:
    """What shoppers may see: active, and its day has come."""
    return Q(status=Product.Status.ACTIVE) & (Q(published_at=None) | Q(published_at__lte=clock.now()))


def product_page(slug: str) -> ProductView | None:
    """One product with pieces, photos and facts, in three queries; None if there is none on sale by that name."""
    product = Product.objects.filter(on_sale(), slug=slug).select_related("category__parent").first()
    if product is None:
        return None
    variants = Variant.objects.filter(product=product, is_active=True).select_related("size", "colour")
    photos = ProductPhoto.objects.filter(product=product).select_related("picture", "colour")
    pieces = sorted(variants, key=lambda v: (v.colour.position, v.colour_id, v.size.position, v.size_id))
    return ProductView(
        id=product.pk, slug=product.slug, name=product.name, summary=product.summary, description=product.description,
        category=_category(product), facts=tuple(product.facts),
        fibre=tuple(Fibre(str(part.get("material", "")), int(part.get("percent", 0))) for part in product.fibre),
        care=tuple(product.care), safety=product.safety, origin=product.origin, size_note=product.size_note,
        garment=product.garment, fabric=product.fabric, season=product.season, price=product.price_from,
        price_to=Money(product.price_to_minor), is_available=product.is_available,
        compare_at=None if product.compare_at_minor is None else Money(product.compare_at_minor),
        pieces=tuple(_piece(variant) for variant in pieces),
        photos=tuple(_photo(photo) for photo in photos),
        updated_at=product.updated_at,
    )  # fmt: skip


def home() -> HomeView:
    """The front page's goods: one query for all its cards, beside the look at what has changed."""
    now = state()
    shown = [one for one in collections() if one.is_on_home and one.count][:ON_HOME]
    rows = {one.slug: chosen_ids(Filters(collection=one.slug), limit=A_ROW) for one in shown}
    newest = chosen_ids(Filters(sort="newest", in_stock=True), limit=A_ROW)
    bestselling = chosen_ids(Filters(sort="bestselling", in_stock=True), limit=A_ROW)
    wanted = dict.fromkeys([*newest, *bestselling, *(i for ids in rows.values() for i in ids)])
    cards = {int(card.key): card for card in cards_of(list(wanted))}

    def row(ids: list[int]) -> tuple[Any, ...]:
        return tuple(cards[i] for i in ids if i in cards)

    return HomeView(
        collections=tuple(_with_cards(one, row(rows[one.slug])) for one in shown),
        newest=row(newest),
        bestselling=row(bestselling),
        categories=category_tree(),
        sizes=sizes(),
        total=len(now.shelf),
    )


def sitemap_entries() -> list[SitemapEntry]:
    """Every page of goods a search engine should know, with when it last changed."""
    words: Words = state().words
    products = Product.objects.filter(on_sale()).order_by("pk").values_list("slug", "updated_at")
    entries = [SitemapEntry("/products")]
    entries += [SitemapEntry(category.url) for category in words.categories.values()]
    entries += [SitemapEntry(collection.url) for collection in words.collections.values()]
    return entries + [SitemapEntry(f"/products/{slug}", at) for slug, at in products.iterator(chunk_size=2000)]


def _with_cards(collection: Any, cards: tuple[Any, ...]) -> Any:
    return replace(collection, cards=cards)


def _category(product: Product) -> CategoryView:
    own, above = product.category, product.category.parent
    parent = CategoryView(above.pk, above.slug, above.name, above.description) if above else None
    return CategoryView(own.pk, own.slug, own.name, own.description, parent=parent)


def _piece(variant: Variant) -> PieceView:
    size, colour = variant.size, variant.colour
    return PieceView(
        id=variant.pk,
        sku=variant.sku,
        size=SizeView(
            size.pk, size.key, size.label, size.group, size.position, size.height_cm, size.age_from_months,
            size.age_to_months, size.height_from_cm, size.height_to_cm, size.weight_from_g, size.weight_to_g,
        ),
        colour=ColourView(colour.pk, colour.slug, colour.name, colour.swatch),
        price=variant.price,
        compare_at=variant.compare_at,
        band=variant.band,
        weight_g=variant.weight_g,
        barcode=variant.barcode,
    )  # fmt: skip


def _photo(photo: ProductPhoto) -> PhotoView:
    picture = media.sources_of(photo.picture)
    assert picture is not None
    return PhotoView(photo.view, photo.colour.slug if photo.colour else "", picture)

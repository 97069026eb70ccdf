"""Whole pages: one product with everything on it, the front page, the sitemap."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sys import getsizeof
from typing import Any, cast

from django.db.models import Q

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.media import queries as media
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.foundation.plumbing.remembered import Remembered
from kidspetite.foundation.plumbing.replica import read_aside, reads_aside
from kidspetite.foundation.ui.types import Card
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.catalog.queries.keeper import Words, keeper, state
from kidspetite.goods.catalog.queries.lists import cards_of, chosen_ids
from kidspetite.goods.catalog.queries.words import category_tree, collections, sizes
from kidspetite.goods.catalog.types import (
    CategoryView,
    CollectionView,
    Fibre,
    Filters,
    HomeView,
    PhotoView,
    PieceView,
    ProductView,
    SitemapEntry,
)

ON_HOME, A_ROW = 4, 8


def on_sale() -> Q:
    """What shoppers may see: active, and its day has come."""
    return Q(status=Product.Status.ACTIVE) & (Q(published_at=None) | Q(published_at__lte=clock.now()))


def product_page(slug: str) -> ProductView | None:
    """One product with pieces, photos and facts, in one statement; None if there is none on sale by that name.

    Whoever asks is given the same view for as long as the database says the same of it.
    """
    rows = read_aside(lambda database: ask_kept(_PRODUCT, [slug], using=database))
    if not rows and reads_aside():  # it may be younger than what the replica knows
        rows = ask_kept(_PRODUCT, [slug])
    if not rows:
        return None
    ((told,),) = rows
    try:
        return _view(told, state().words)
    except KeyError:  # it uses a size, a colour or a category that is younger than this process's words
        keeper.hear()
        return _view(told, state().words)


def home() -> HomeView:
    """The front page's goods: one query for all its cards, beside the look at what has changed."""
    front = _front()
    cards = {int(card.key): card for card in cards_of(front.wanted)}

    def row(ids: Sequence[int]) -> tuple[Card, ...]:
        return tuple([cards[i] for i in ids if i in cards])

    return HomeView(
        collections=tuple([replace(one, cards=row(ids)) for one, ids in front.collections]),
        newest=row(front.newest),
        bestselling=row(front.bestselling),
        categories=front.categories,
        sizes=sizes(),
        total=front.total,
    )


@dataclass(frozen=True, slots=True)
class _Front:
    """What stands on the front page, as long as nothing on the shelf changes; `wanted` are all its cards once."""

    collections: tuple[tuple[CollectionView, Sequence[int]], ...]
    newest: Sequence[int]
    bestselling: Sequence[int]
    categories: tuple[CategoryView, ...]
    total: int
    wanted: Sequence[int]


def _front() -> _Front:
    now = state()
    memo = now.memo
    if known := memo.get(_Front):
        return cast(_Front, known)
    shown = [one for one in collections() if one.is_on_home and one.count][:ON_HOME]
    rows = [(one, chosen_ids(Filters(collection=one.slug), limit=A_ROW)) for one in shown]
    newest = chosen_ids(Filters(sort="newest", in_stock=True), limit=A_ROW)
    bestselling = chosen_ids(Filters(sort="bestselling", in_stock=True), limit=A_ROW)
    wanted = list(dict.fromkeys([*newest, *bestselling, *(i for _one, ids in rows for i in ids)]))
    found = _Front(tuple(rows), newest, bestselling, category_tree(), len(now.shelf), wanted)
    memo[_Front] = found
    return found


def sitemap_entries() -> list[SitemapEntry]:
    """Every page of goods a search engine should know, with when it last changed."""
    words: Words = state().words
    products = read_aside(
        lambda database: list(
            Product.objects.using(database).filter(on_sale()).order_by("pk").values_list("slug", "updated_at")
        )
    )
    entries = [SitemapEntry("/products")]
    entries += [SitemapEntry(category.url) for category in words.categories.values()]
    entries += [SitemapEntry(collection.url) for collection in words.collections.values()]
    return entries + [SitemapEntry(f"/products/{slug}", at) for slug, at in products]


# As one text, which is told alike for as long as nothing in it has changed.
_PRODUCT = f"""
SELECT json_build_array(
         json_build_array(p.id, p.category_id, p.slug, p.name, p.summary, p.description, p.facts, p.fibre, p.care,
           p.safety, p.origin, p.size_note, p.garment, p.fabric, p.season, p.price_from_minor, p.price_to_minor,
           p.compare_at_minor, p.is_available, p.updated_at),
         (SELECT json_agg(json_build_array(v.size_id, v.colour_id, v.id, v.sku, v.price_minor, v.compare_at_minor,
                   v.band, v.weight_g, v.barcode) ORDER BY v.id)
            FROM catalog_variant AS v WHERE v.product_id = p.id AND v.is_active),
         (SELECT json_agg(json_build_array(f.view, f.colour_id, {media.COLUMNS}) ORDER BY f.position, f.id)
            FROM catalog_productphoto AS f JOIN media_picture AS m ON m.id = f.picture_id WHERE f.product_id = p.id)
       )::text
  FROM catalog_product AS p
 WHERE p.slug = %s AND p.status = 'active' AND (p.published_at IS NULL OR p.published_at <= statement_timestamp())
"""

# A view and the text that it is made of take some three times the room of the text alone.
_views = Remembered[tuple[str, Words], ProductView](4 << 20, lambda key, _view: 3 * getsizeof(key[0]))


def _view(told: str, words: Words) -> ProductView:
    """Raises KeyError where the words lack one."""
    return _views.get((told, words), lambda: _product(told, words))


def _product(told: str, words: Words) -> ProductView:
    product, pieces, photos = json.loads(told)
    (product_id, category_id, slug, name, summary, description, facts, fibre, care, safety, origin, size_note, garment,
     fabric, season, price, price_to, compare_at, is_available, updated_at) = product  # fmt: skip
    shown = sorted((_piece(piece, words) for piece in pieces or ()), key=words.piece_order)
    return ProductView(
        id=product_id,
        slug=slug,
        name=name,
        summary=summary,
        description=description,
        category=words.categories[category_id],
        facts=tuple(facts),
        fibre=tuple(Fibre(str(part.get("material", "")), int(part.get("percent", 0))) for part in fibre),
        care=tuple(care),
        safety=safety,
        origin=origin,
        size_note=size_note,
        garment=garment,
        fabric=fabric,
        season=season,
        price=Money(price),
        price_to=Money(price_to),
        compare_at=_money(compare_at),
        is_available=is_available,
        pieces=tuple(shown),
        photos=tuple(_photo(photo, words) for photo in photos or ()),
        updated_at=datetime.fromisoformat(updated_at),
        made_of=(told, words),
    )


def _piece(piece: Sequence[Any], words: Words) -> PieceView:
    size_id, colour_id, variant_id, sku, price, compare_at, band, weight_g, barcode = piece
    return PieceView(
        id=variant_id, sku=sku, size=words.sizes[size_id], colour=words.colours[colour_id], price=Money(price),
        compare_at=_money(compare_at), band=band, weight_g=weight_g, barcode=barcode,
    )  # fmt: skip


def _photo(photo: Sequence[Any], words: Words) -> PhotoView:
    view, colour_id, *picture = photo
    shown = media.picture_from(picture)
    assert shown is not None
    return PhotoView(view, words.colours[colour_id].slug if colour_id in words.colours else "", shown)


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)

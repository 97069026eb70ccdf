"""What a product's page says of its product: written once, for as long as nothing that it is made of has changed."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from sys import getsizeof
from typing import NamedTuple

from django.conf import settings
from django.template import engines
from django.utils.translation import get_language
from markupsafe import Markup

from kidspetite.faces.storefront import presenting, promoting
from kidspetite.faces.storefront.card_choice import gateway
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.remembered import Remembered
from kidspetite.foundation.plumbing.spending import spending
from kidspetite.goods.catalog.types import PieceView, ProductView


class Said(NamedTuple):
    """What the sheet says beside what the goods say themselves; sheets are found by it."""

    promo_words: str
    delivery: tuple[date, date] | None
    shop_name: str
    return_days: int
    free_from_minor: int | None
    takes_wallets: bool
    base_url: str
    language: str | None


class Sheet(NamedTuple):
    """The written parts: for the page's head, its middle, and its dialog of sizes."""

    data: Markup
    goods: Markup
    measures: Markup


class _Key(NamedTuple):
    product: tuple[Hashable, ...]
    piece: str
    named: str
    said: Said


def said_of(product: ProductView) -> Said:
    """What holds at this moment."""
    shop = content.shop_settings()
    return Said(
        promo_words=promoting.about(product),
        delivery=presenting.delivery() if product.is_available else None,
        shop_name=shop.name,
        return_days=shop.return_days,
        free_from_minor=shop.free_shipping_from_minor,
        takes_wallets=bool(gateway()),
        base_url=settings.BASE_URL,
        language=get_language(),
    )


def written(product: ProductView, piece: PieceView | None, named: PieceView | None, said: Said) -> Sheet:
    """The sheet that opens with a piece, or with none where nothing is sold; `named` is what the address asked for."""
    if engines["jinja2"].env.auto_reload:  # type: ignore[attr-defined]  # somebody is at work on the template
        return _write(product, piece, named, said)
    key = _Key(product.made_of, piece.sku if piece else "", named.sku if named else "", said)
    return _sheets.get(key, lambda: _write(product, piece, named, said))


def _weight(key: _Key, sheet: Sheet) -> int:
    return sum(map(getsizeof, (*sheet, *key.product)))


_sheets = Remembered(16 << 20, _weight)


def _write(product: ProductView, piece: PieceView | None, named: PieceView | None, said: Said) -> Sheet:
    colour = piece.colour.slug if piece else ""
    pieces = product.pieces_in(colour)
    data = presenting.product_data(
        product, base_url=said.base_url, shop_name=said.shop_name, return_days=said.return_days
    )
    facts = {
        "swatches": presenting.swatches(product, colour, named),
        "segments": presenting.picker(pieces, named),
        "pictures": [photo.picture for photo in product.photos_in(colour)],
        "trail": presenting.trail(product.category, product.name),
        "fits": presenting.fits(named.size) if named else "",
        "fibre": presenting.fibre_words(product),
        "care": presenting.care_symbols(product),
        "care_facts": presenting.care_facts(product),
        "few": sorted(piece.size.label for piece in pieces if piece.band == "few"),
        "promo_words": said.promo_words,
        "delivery": said.delivery,
        "free_from": None if said.free_from_minor is None else Money(said.free_from_minor),
        "return_days": said.return_days,
        "takes_wallets": said.takes_wallets,
    }
    with spending("render"):
        parts = engines["jinja2"].env.get_template("storefront/product_sheet.html").module  # type: ignore[attr-defined]
        return Sheet(parts.data(data), parts.goods(product, piece, named, **facts), parts.measures(product))

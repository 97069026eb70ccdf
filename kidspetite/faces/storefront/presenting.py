"""From the catalogue's words to what the components take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.briefly import briefly
from kidspetite.foundation.plumbing.shelf_life import holds_until
from kidspetite.foundation.ui.formats import length_in, money_short
from kidspetite.foundation.ui.types import CareSymbol, Link, Segment, Shared, Swatch
from kidspetite.goods.catalog.types import CategoryView, Filters, Listing, PieceView, ProductView, SizeView
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.rules import arrival, leaving_day, leaving_day_holds_until
from kidspetite.goods.pricing.types import Packing, Zone
from kidspetite.sales.shipping import queries as shipping

CARE = {
    "wash_30": ("wash-30", gettext_lazy("Wash at 86 °F (30 °C)")),
    "wash_40": ("wash-40", gettext_lazy("Wash at 104 °F (40 °C)")),
    "wash_60": ("wash-60", gettext_lazy("Wash at 140 °F (60 °C)")),
    "wash_hand": ("wash-hand", gettext_lazy("Wash by hand")),
    "no_bleach": ("bleach-no", gettext_lazy("No bleach")),
    "tumble_low": ("tumble-low", gettext_lazy("Tumble dry low")),
    "no_tumble": ("tumble-no", gettext_lazy("No dryer")),
    "line_dry": ("line-dry", gettext_lazy("Dry on a line")),
    "flat_dry": ("flat-dry", gettext_lazy("Dry flat")),
    "iron_low": ("iron-low", gettext_lazy("Iron low")),
    "iron_medium": ("iron-medium", gettext_lazy("Iron medium")),
    "no_iron": ("iron-no", gettext_lazy("No iron")),
    "no_dry_clean": ("dryclean-no", gettext_lazy("No dry cleaning")),
}


@lru_cache(maxsize=256)
def tape(
    sizes: tuple[SizeView, ...], *, path: str = "/products", filters: Filters | None = None
) -> tuple[Segment, ...]:
    """The sizes as ways into a list; the chosen ones are marked, and following one again takes it away."""
    base, segments = filters or Filters(), []
    for size in sizes:
        if size.group != "body":
            continue
        is_chosen = size.key in base.sizes
        kept = tuple(key for key in base.sizes if key != size.key) if is_chosen else (*base.sizes, size.key)
        segments.append(
            Segment(
                label=size.label,
                **_lengths(size),
                href=address(path, base.but(sizes=kept)),
                value=size.key,
                current=is_chosen,
            )
        )
    return Shared(segments)


def picker(pieces: Iterable[PieceView], chosen: PieceView | None) -> list[Segment]:
    """The sizes of one colour as a choice; sold-out ones stay, struck, and lead to being told."""
    return [
        Segment(
            label=piece.size.label,
            **_lengths(piece.size),
            value=piece.sku,
            price=money_short(piece.price),
            more=fits(piece.size),
            current=chosen is not None and piece.sku == chosen.sku,
            sold_out=not piece.is_available,
            held=piece.is_held,
        )
        for piece in pieces
    ]


def fits(size: SizeView) -> str:
    """Whom a size fits, in one line: "3–6 months · 24–26½ in · 12–16 lb"."""
    parts = []
    if size.age_from_months is not None and size.age_to_months is not None:
        parts.append(_age(size.age_from_months, size.age_to_months))
    if size.height_from_cm and size.height_to_cm:
        parts.append(f"{length_in(size.height_from_cm).removesuffix(' in')}–{length_in(size.height_to_cm)}")
    if size.weight_from_g and size.weight_to_g:
        parts.append(f"{pounds(size.weight_from_g)}–{pounds(size.weight_to_g)} lb")
    return " · ".join(parts)


def swatches(product: ProductView, colour: str, named: PieceView | None) -> list[Swatch]:
    """The colours as ways to the same page; a size that was asked for is kept where the other colour has it."""
    size = named.size.key if named else ""
    return [
        replace(swatch, href=f"{product.url}?{_piece_query(product, swatch.value, size)}")
        for swatch in product.swatches(colour)
    ]


def delivery() -> tuple[date, date] | None:
    """The days between which a parcel ordered now arrives by the plainest way, anywhere in the contiguous states."""
    if (days := _days_on_the_road()) is None:
        return None
    packing, now = pricing.packing(), clock.now()
    holds_until(leaving_day_holds_until(now, packing))
    return _arrivals(leaving_day(now, packing), *days, packing)


@briefly
def _days_on_the_road() -> tuple[int, int] | None:
    """Working days, the fewest and the most."""
    methods = shipping.rate_table().methods
    bands = [band for method in methods[:1] for band in method.bands if band.zone is Zone.CONTIGUOUS]
    return (min(band.days_from for band in bands), max(band.days_to for band in bands)) if bands else None


@lru_cache(maxsize=16)
def _arrivals(leaves: date, first: int, last: int, packing: Packing) -> tuple[date, date]:
    return arrival(leaves, days=first, packing=packing), arrival(leaves, days=last, packing=packing)


def pounds(grams: int) -> int:
    return round(grams / 453.592)


def address(path: str, filters: Filters, *, page: int = 1) -> str:
    query = filters.query(page=page)
    return f"{path}?{query}" if query else path


def page_address(path: str, filters: Filters) -> str:
    """The pattern `ui.pagination` fills in."""
    query = filters.query()
    return f"{path}?{query}&page={{page}}" if query else f"{path}?page={{page}}"


def chips(path: str, listing: Listing) -> list[Link]:
    return [Link(chip.label, f"{path}?{chip.query}" if chip.query else path) for chip in listing.chips]


SORTS = (
    ("featured", gettext_lazy("Our order")),
    ("newest", gettext_lazy("Newest")),
    ("price", gettext_lazy("Price, low first")),
    ("-price", gettext_lazy("Price, high first")),
    ("bestselling", gettext_lazy("Most bought")),
)


@lru_cache(maxsize=512)
def sorts(path: str, filters: Filters) -> tuple[Link, ...]:
    """The orders of a list, each as an address."""
    return tuple(
        Link(str(label), address(path, filters.but(sort=key)), current=filters.sort == key) for key, label in SORTS
    )


def trail(category: CategoryView | None, *last: str) -> list[Link]:
    """Breadcrumbs: home, the branches, and the page itself."""
    links = [Link(_("Home"), "/")]
    if category:
        links += [Link(branch.name, branch.url) for branch in category.path]
    return links + [Link(words) for words in last]


def care_symbols(product: ProductView) -> list[CareSymbol]:
    return [CareSymbol(CARE[code][0], str(CARE[code][1])) for code in product.care if code in CARE]


def care_facts(product: ProductView) -> list[tuple[str, str]]:
    rows = [(_("Safety"), product.safety), (_("Made in"), country(product.origin))]
    return [(name, words) for name, words in rows if words]


def country(code: str) -> str:
    """ "PT" → "Portugal"; what is no code of a country stays as it is."""
    return Locale.parse("en_US").territories.get(code, code)


def fibre_words(product: ProductView) -> str:
    return ", ".join(f"{fibre.percent}% {fibre.material}" for fibre in product.fibre)


def product_data(product: ProductView, *, base_url: str, shop_name: str, return_days: int) -> dict[str, Any]:
    """schema.org's ProductGroup with its variants and offers, equal to what the page says."""
    pictures = [urljoin(base_url, photo.picture.src) for photo in product.photos[:6]]
    return {
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "name": product.name,
        "description": product.summary or product.description,
        "url": base_url + product.url,
        "productGroupID": product.slug,
        "brand": {"@type": "Brand", "name": shop_name},
        "variesBy": ["https://schema.org/size", "https://schema.org/color"],
        "image": pictures,
        "hasVariant": [_variant_data(product, piece, base_url, return_days) for piece in product.pieces],
    }


def _variant_data(product: ProductView, piece: PieceView, base_url: str, return_days: int) -> dict[str, Any]:
    availability = "InStock" if piece.is_available else "OutOfStock"
    return {
        "@type": "Product",
        "sku": piece.sku,
        "name": f"{product.name}, {piece.size.label}, {piece.colour.name}",
        "size": piece.size.label,
        "color": piece.colour.name,
        "offers": {
            "@type": "Offer",
            "url": f"{base_url}{product.url}?variant={piece.sku}",
            "price": f"{piece.price.minor // 100}.{piece.price.minor % 100:02d}",
            "priceCurrency": piece.price.currency,
            "availability": f"https://schema.org/{availability}",
            "hasMerchantReturnPolicy": {
                "@type": "MerchantReturnPolicy",
                "applicableCountry": "US",
                "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
                "merchantReturnDays": return_days,
            },
        },
    }


def _lengths(size: SizeView) -> dict[str, Any]:
    if not size.height_from_cm or not size.height_to_cm:
        return {}
    low, high = size.height_from_cm, size.height_to_cm
    start = length_in(low).removesuffix(" in")
    return {
        "inches": f"{start}–{length_in(high)}",
        "cm": f"{low}–{high} cm",
        "from_in": start,
        "from_cm": str(low),
    }


def _piece_query(product: ProductView, colour: str, size: str) -> str:
    same = next((piece for piece in product.pieces_in(colour) if piece.size.key == size), None)
    return f"variant={same.sku}" if same else f"colour={colour}"


def _age(low: int, high: int) -> str:
    if low >= 24:
        return ngettext("%(n)s year", "%(n)s years", low // 12) % {"n": low // 12}
    if low == 0 and high > 36:
        return _("up to %(n)s years") % {"n": high // 12}
    return _("%(low)s–%(high)s months") % {"low": low, "high": high}

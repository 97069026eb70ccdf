from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui.types import Card, Picture, Swatch

SORTS = ("featured", "newest", "price", "-price", "bestselling")
SEASONS = ("spring", "summer", "fall", "winter")
MOST_VALUES, DEAREST = 60, 1_000_000_00
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}")
_DOLLARS = re.compile(r"\d{1,7}(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a shopper chose in a list. Sizes are keys, colours, category and collection slugs, prices cents.

    In addresses: `size`, `colour`, `season` (repeated or with commas), `category`, `collection`, `q`, `in_stock=1`,
    `sort`, and `price=15-25` in dollars, open at either end (or `price_from`, `price_to`).
    """

    category: str = ""
    collection: str = ""
    q: str = ""
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    in_stock: bool = False
    sort: str = "featured"

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Filters:
        """Read an address's parameters (a QueryDict, or a mapping to lists or strings); nonsense is dropped."""
        low, high = _price_of(_words(query, "price"))
        sort = _first(query, "sort")
        return cls(
            category=_key(_first(query, "category")),
            collection=_key(_first(query, "collection")),
            q=words_of(query),
            sizes=_keys(query, "size"),
            colours=_keys(query, "colour"),
            seasons=tuple(season for season in _keys(query, "season") if season in SEASONS),
            price_from=low if low is not None else _cents(_first(query, "price_from")),
            price_to=high if high is not None else _cents(_first(query, "price_to")),
            in_stock=_first(query, "in_stock") in {"1", "on", "true"},
            sort=sort if sort in SORTS else "featured",
        )

    def query(self, *, page: int = 1) -> str:
        """The canonical query string: fixed order, sorted values, defaults left out."""
        return joined(self.parts() | {"page": f"page={page}" if page > 1 else ""})

    def parts(self) -> dict[str, str]:
        """The pieces of the query string by name, in their order; empty ones are left out of it."""
        price = price_key(self.price_from, self.price_to)
        return {
            # Only the words may hold letters that an address has to escape.
            "q": f"q={quote_plus(self.q)}" if self.q else "",
            "category": f"category={self.category}" if self.category else "",
            "collection": f"collection={self.collection}" if self.collection else "",
            "size": f"size={','.join(sorted(self.sizes))}" if self.sizes else "",
            "colour": f"colour={','.join(sorted(self.colours))}" if self.colours else "",
            "season": f"season={','.join(sorted(self.seasons))}" if self.seasons else "",
            "price": f"price={price}" if price else "",
            "in_stock": "in_stock=1" if self.in_stock else "",
            "sort": f"sort={self.sort}" if self.sort != "featured" else "",
        }

    def but(self, **changes: Any) -> Filters:
        """The same choice with something changed."""
        return replace(self, **changes)

    @property
    def is_narrowed(self) -> bool:
        """Whether something beyond category, collection, words and order was chosen."""
        plain = Filters(category=self.category, collection=self.collection, q=self.q, sort=self.sort)
        return self != plain


def joined(parts: Mapping[str, str]) -> str:
    return "&".join(part for part in parts.values() if part)


def price_key(low: int | None, high: int | None) -> str:
    """Cents as an address says them: (1500, 2500) is `15-25`, (None, 1500) is `-15`."""
    return "" if low is None and high is None else f"{_dollars(low)}-{_dollars(high)}"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a filter. `count` is what choosing it (with everything else chosen) would show; `query` does it."""

    value: str
    label: str
    count: int = 0
    is_chosen: bool = False
    note: str = ""
    group: str = ""
    swatch: str = ""
    depth: int = 0
    query: str = ""

    @property
    def is_disabled(self) -> bool:
        return self.count == 0 and not self.is_chosen


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its name in addresses, its label, its values, and whether several may be chosen."""

    key: str
    label: str
    values: tuple[FacetValue, ...]
    takes_many: bool = True

    def counting(self, counts: Sequence[int]) -> Facet:
        """The same with these counts, one a value."""
        values = [
            FacetValue(
                one.value, one.label, count, one.is_chosen, one.note, one.group, one.swatch, one.depth, one.query
            )
            for one, count in zip(self.values, counts, strict=True)
        ]
        return Facet(self.key, self.label, tuple(values), self.takes_many)

    @property
    def chosen(self) -> tuple[FacetValue, ...]:
        return tuple(value for value in self.values if value.is_chosen)


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter as a word, and the address without it."""

    label: str
    query: str
    key: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. `filters` holds only what was understood; `chips` take one choice away each."""

    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    facets: tuple[Facet, ...]
    filters: Filters = field(default_factory=Filters)
    chips: tuple[Chip, ...] = ()
    product_ids: tuple[int, ...] = ()

    def facet(self, key: str) -> Facet | None:
        return next((facet for facet in self.facets if facet.key == key), None)


@dataclass(frozen=True, slots=True)
class SizeView:
    """A size as a page shows it: label, whom it fits, the number on the tape."""

    id: int
    key: str
    label: str
    group: str
    position: int
    height_cm: int | None = None
    age_from_months: int | None = None
    age_to_months: int | None = None
    height_from_cm: int | None = None
    height_to_cm: int | None = None
    weight_from_g: int | None = None
    weight_to_g: int | None = None


@dataclass(frozen=True, slots=True)
class ColourView:
    id: int
    slug: str
    name: str
    swatch: str


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A branch of the tree, with how many styles lie in it and below it, and its children."""

    id: int
    slug: str
    name: str
    description: str = ""
    parent: CategoryView | None = None
    count: int = 0
    children: tuple[CategoryView, ...] = ()

    @property
    def url(self) -> str:
        return f"/category/{self.slug}"

    @property
    def path(self) -> tuple[CategoryView, ...]:
        """From the root down to this one."""
        return (*self.parent.path, self) if self.parent else (self,)


@dataclass(frozen=True, slots=True)
class CollectionView:
    id: int
    slug: str
    title: str
    description: str = ""
    is_on_home: bool = False
    count: int = 0
    cards: tuple[Card, ...] = ()

    @property
    def url(self) -> str:
        return f"/collection/{self.slug}"


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the front page shows: the newest, the best loved, the collections chosen for it, and the drawers."""

    collections: tuple[CollectionView, ...]
    newest: tuple[Card, ...]
    bestselling: tuple[Card, ...]
    categories: tuple[CategoryView, ...]
    sizes: tuple[SizeView, ...]
    total: int


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What baskets, orders and mails need to know of one piece. Weight in grams."""

    id: int
    sku: str
    product_id: int
    product_slug: str
    name: str
    size_label: str
    colour_name: str
    price: Money
    compare_at: Money | None
    weight_g: int
    picture: Picture | None
    is_for_sale: bool
    category_slugs: tuple[str, ...] = ()
    size_key: str = ""
    colour_slug: str = ""
    band: str = ""

    @property
    def url(self) -> str:
        return f"/products/{self.product_slug}?variant={self.sku}"


@dataclass(frozen=True, slots=True)
class PieceView:
    """One size in one colour on a product page."""

    id: int
    sku: str
    size: SizeView
    colour: ColourView
    price: Money
    compare_at: Money | None
    band: str
    weight_g: int
    barcode: str = ""

    @property
    def is_available(self) -> bool:
        return self.band in {"in_stock", "few"}

    @property
    def is_held(self) -> bool:
        """Every piece is in somebody's basket, or being paid for, just now."""
        return self.band == "held"


@dataclass(frozen=True, slots=True)
class PhotoView:
    view: str
    colour_slug: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class Fibre:
    material: str
    percent: int


@dataclass(frozen=True, slots=True)
class ProductView:
    """Everything a product page says. `pieces` run colour by colour, small to large."""

    id: int
    slug: str
    name: str
    summary: str
    description: str
    category: CategoryView
    facts: tuple[str, ...]
    fibre: tuple[Fibre, ...]
    care: tuple[str, ...]
    safety: str
    origin: str
    size_note: str
    garment: str
    fabric: str
    season: str
    price: Money
    price_to: Money
    compare_at: Money | None
    is_available: bool
    pieces: tuple[PieceView, ...]
    photos: tuple[PhotoView, ...]
    updated_at: Any = None
    # All that the view was made of: two that have it alike say the same.
    made_of: tuple[Hashable, ...] = field(default=(), compare=False, repr=False)

    @property
    def url(self) -> str:
        return f"/products/{self.slug}"

    @property
    def is_held(self) -> bool:
        """Nothing of it is free just now, but some pieces are only in somebody's basket."""
        return not self.is_available and any(piece.is_held for piece in self.pieces)

    @property
    def colours(self) -> tuple[ColourView, ...]:
        """Every colour it comes in, sold out or not, each once."""
        return tuple({piece.colour.id: piece.colour for piece in self.pieces}.values())

    @property
    def sizes(self) -> tuple[SizeView, ...]:
        """Every size it comes in, small to large, each once."""
        sizes = {piece.size.id: piece.size for piece in self.pieces}
        return tuple(sorted(sizes.values(), key=lambda size: (size.position, size.id)))

    def pieces_in(self, colour: str) -> tuple[PieceView, ...]:
        """The sizes of one colour, small to large."""
        return tuple(piece for piece in self.pieces if piece.colour.slug == colour)

    def photos_in(self, colour: str) -> tuple[PhotoView, ...]:
        """The pictures of one colour, then those for all colours."""
        own = [photo for photo in self.photos if photo.colour_slug == colour]
        return tuple(own + [photo for photo in self.photos if not photo.colour_slug])

    def piece(self, sku: str) -> PieceView | None:
        return next((piece for piece in self.pieces if piece.sku == sku), None)

    def first_piece(self, colour: str = "") -> PieceView | None:
        """The piece a page opens with: the first one in stock, of one colour if one is named."""
        of_colour = [piece for piece in self.pieces if not colour or piece.colour.slug == colour]
        return next((piece for piece in of_colour if piece.is_available), next(iter(of_colour), None))

    def swatches(self, current: str = "") -> tuple[Swatch, ...]:
        """The colours for `ui.swatches`; a colour without any piece in stock is marked."""
        in_stock = {piece.colour.slug for piece in self.pieces if piece.is_available}
        return tuple(
            Swatch(
                name=colour.name, swatch=colour.swatch, value=colour.slug,
                href=f"{self.url}?variant={first.sku}" if (first := self.first_piece(colour.slug)) else self.url,
                current=colour.slug == current, sold_out=colour.slug not in in_stock,
            )
            for colour in self.colours
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    path: str
    changed_at: Any = None


def words_of(query: Mapping[str, Any]) -> str:
    """The words that an address's parameters ask for (`q`)."""
    return " ".join(_first(query, "q").replace("\0", " ").split())[:120]


def _first(query: Mapping[str, Any], name: str) -> str:
    return next(iter(_words(query, name)), "")


def _words(query: Mapping[str, Any], name: str) -> list[str]:
    values = query.getlist(name) if hasattr(query, "getlist") else query.get(name, [])
    values = [values] if isinstance(values, str) else values
    return [str(value).strip() for value in values if value is not None]


def _key(word: str) -> str:
    return word.lower() if _KEY.fullmatch(word.lower()) else ""


def _keys(query: Mapping[str, Any], name: str) -> tuple[str, ...]:
    words = (_key(part.strip()) for value in _words(query, name) for part in value.split(","))
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_VALUES]


def _price_of(words: Iterable[str]) -> tuple[int | None, int | None]:
    """Several ranges become the one that spans them."""
    ends = [(_cents(low), _cents(high)) for word in words for low, dash, high in [word.partition("-")] if dash]
    ends = [(low, high) for low, high in ends if low is not None or high is not None]
    if not ends:
        return None, None
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def _cents(word: str) -> int | None:
    if not _DOLLARS.fullmatch(word.strip().removeprefix("$")) or not word.isascii():
        return None
    whole, _, part = word.strip().removeprefix("$").partition(".")
    return min(int(whole) * 100 + int((part or "0").ljust(2, "0")), DEAREST)


def _dollars(cents: int | None) -> str:
    if cents is None:
        return ""
    return f"{cents // 100}" if cents % 100 == 0 else f"{cents // 100}.{cents % 100:02d}"


type CellKey = tuple[int, int]
"""Colour and size, by their ids."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a product's grid as staff want it: sold or not, its price and its earlier price in cents."""

    is_sold: bool
    price_minor: int | None = None
    compare_at_minor: int | None = None

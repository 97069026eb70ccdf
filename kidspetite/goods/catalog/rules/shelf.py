"""All products on sale as sets, one a filter value: what a choice leaves is an intersection, its size a bit count.

At 100,000 products a list with all its facet counts takes well under a millisecond, and the counts are exact.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, cast

from kidspetite.goods.catalog.rules.bits import Ladder, members_of, set_of

COLOUR_DIGITS = 20
# Price filters offered, in cents; the last is open.
PRICE_BANDS = ((None, 1500), (1500, 2500), (2500, 4000), (4000, 6000), (6000, None))

type Value = tuple[str, Hashable]
type Bounds = tuple[int | None, int | None]

NO_BOUNDS: Bounds = (None, None)
# Beyond so many changes at once, orders are made anew when next asked for.
RESORTED = 500


def piece_key(size_id: int, colour_id: int) -> int:
    """A size in a colour as one number, as `Product.piece_keys` holds it."""
    return size_id << COLOUR_DIGITS | colour_id


def size_and_colour(piece: int) -> tuple[int, int]:
    return piece >> COLOUR_DIGITS, piece & (1 << COLOUR_DIGITS) - 1


@dataclass(frozen=True, slots=True)
class Row:
    """What lists know of one product. `pieces` are the piece keys in stock, `published` seconds of the epoch,
    `collections` their ids with the place in each."""

    product_id: int
    category_id: int
    pieces: Sequence[int]
    season: str
    price: int
    is_available: bool
    sold: int
    published: float
    collections: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """Filters in ids. Empty means all. `categories` holds the chosen one and all below it."""

    categories: tuple[int, ...] = ()
    collection: int | None = None
    sizes: tuple[int, ...] = ()
    colours: tuple[int, ...] = ()
    seasons: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    in_stock: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many products each value would leave, everything else of the choice kept."""

    sizes: Mapping[int, int]
    colours: Mapping[int, int]
    categories: Mapping[int, int]
    seasons: Mapping[str, int]
    prices: tuple[int, ...]
    in_stock: int


@dataclass(frozen=True, slots=True)
class Stock:
    """All products at once, each by its place in the columns: how a shelf of 100,000 is filled in a moment. `members`
    are the places of those that have a value (of kind category, season, collection or piece); `places` their rank
    within a collection, in the same order; `available` the places of those that can be bought."""

    ids: array[int]
    price: array[int]
    sold: array[int]
    published: array[float]
    available: array[int]
    members: Mapping[Value, array[int]]
    places: Mapping[int, array[int]]


class Shelf:
    """The sets of all products on sale. Not safe for writing and reading at once; its keeper holds a lock."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._slot: dict[int, int] = {}
        self._ids, self._price, self._sold = array("q"), array("q"), array("q")
        self._published, self._in_stock = array("d"), bytearray()
        self._sets: defaultdict[Value, int] = defaultdict(int)
        self._ladder = Ladder()
        self._places: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._orders: dict[str, array[int]] = {}
        self._bands: list[int] = []
        self._on_sale = self._available = 0
        self.put(rows)

    @classmethod
    def filled(cls, stock: Stock) -> Shelf:
        """A new shelf that holds this stock."""
        shelf, size = cls(), len(stock.ids)
        shelf._slot = dict(zip(stock.ids, range(size), strict=True))
        shelf._ids, shelf._price, shelf._sold, shelf._published = stock.ids, stock.price, stock.sold, stock.published
        shelf._in_stock = bytearray(size)
        for slot in stock.available:
            shelf._in_stock[slot] = 1
        for (kind, key), slots in stock.members.items():
            if kind == "piece":
                shelf._enter_piece(cast(int, key), set_of(slots, size))
            elif key != "":
                shelf._sets[kind, key] = set_of(slots, size)
        for collection, places in stock.places.items():
            slots = stock.members["collection", collection]
            shelf._places[collection] = dict(zip(slots, places, strict=True))
        shelf._on_sale, shelf._available = (1 << size) - 1, set_of(stock.available, size)
        shelf._ladder.fill(stock.price)
        return shelf

    def __len__(self) -> int:
        return self._on_sale.bit_count()

    def __contains__(self, product_id: object) -> bool:
        """Whether it has a place here, on sale or no more."""
        return product_id in self._slot

    def sells(self, product_id: int) -> bool:
        """Whether it is on sale."""
        slot = self._slot.get(product_id)
        return slot is not None and bool(self._on_sale >> slot & 1)

    def put(self, rows: Iterable[Row], *, gone: Collection[int] = ()) -> None:
        """Set these products to what the rows say, and take the gone ones off."""
        rows = list(rows)
        old = {row.product_id for row in rows if row.product_id in self._slot} | {i for i in gone if i in self._slot}
        self._take_out([self._slot[row.product_id] for row in rows if row.product_id in self._slot])
        for row in rows:
            self._give_slot(row)
        self._clear([self._slot[product_id] for product_id in old])
        self._enter(rows)
        self._bands = []
        self._put_in([self._slot[row.product_id] for row in rows])

    def chosen(self, choice: Choice, among: int | None = None) -> int:
        """The set of products that a choice leaves."""
        return reduce(lambda one, other: one & other, self._parts(choice).values(), self._all(among))

    def tally(self, choice: Choice, among: int | None = None) -> Tally:
        """Counts for every value of every filter, each filter counted as if it had not been used itself."""
        parts, start = self._parts(choice), self._all(among)

        def without(*names: str) -> int:
            return reduce(lambda a, b: a & b, (part for name, part in parts.items() if name not in names), start)

        pieces = without("pieces")
        sizes = {s: self._of_size(s, choice.colours) for s in self._keys("size")}
        colours = {c: self._of_colour(c, choice.sizes) for c in self._keys("colour")}
        category, season, price = without("category"), without("season"), without("price")
        return Tally(
            sizes={key: (bits & pieces).bit_count() for key, bits in sizes.items()},
            colours={key: (bits & pieces).bit_count() for key, bits in colours.items()},
            categories={key: (self._sets["category", key] & category).bit_count() for key in self._keys("category")},
            seasons={key: (self._sets["season", key] & season).bit_count() for key in self._keys("season")},
            prices=tuple((band & price).bit_count() for band in self._price_bands()),
            in_stock=(without("stock") & self._available).bit_count(),
        )

    def page(
        self,
        bits: int,
        sort: str,
        *,
        offset: int,
        limit: int,
        collection: int | None = None,
        bounds: Bounds = NO_BOUNDS,
    ) -> list[int]:
        """The product ids of one stretch of a set, in an order: featured, newest, price, -price or bestselling.

        `bounds` are the lowest and the highest price in the set, where they are known: an order by price then begins
        there, and not at the far end.
        """
        if collection is not None and sort == "featured":
            places = self._places.get(collection, {})
            ordered = sorted(members_of(bits), key=lambda slot: (places.get(slot, 1 << 31), slot))
            return [self._ids[slot] for slot in ordered[offset : offset + limit]]
        found = bits.bit_count()
        if offset >= found:
            return []
        order = self._order(sort)
        steps = (offset + limit) * len(order) // found
        if found * 8 < steps:
            ranked = self._sorted(sort, members_of(bits))
            return [self._ids[slot] for slot in ranked[offset : offset + limit]]
        room = bits.to_bytes(len(order) // 8 + 8, "little")
        walk = islice(order, self._beginning(sort, bounds), None)
        hits = (slot for slot in walk if room[slot >> 3] >> (slot & 7) & 1)
        return [self._ids[slot] for slot in islice(hits, offset, offset + limit)]

    def ids(self, bits: int) -> list[int]:
        return [self._ids[slot] for slot in members_of(bits)]

    def set_of(self, product_ids: Iterable[int]) -> int:
        """These products as a set, also those that are on sale no more and may be again."""
        slots = self._slot
        return set_of([slots[i] for i in product_ids if i in slots], len(self._ids))

    def count(self, kind: str, key: Hashable) -> int:
        """How many products have one value: `count("category", 5)`."""
        return self._sets.get((kind, key), 0).bit_count()

    def make_orders(self) -> None:
        """Make every order now instead of when it is first asked for."""
        for sort in _KEYS:
            self._order(sort)

    # -- keeping the sets --

    def _give_slot(self, row: Row) -> None:
        slot = self._slot.get(row.product_id)
        if slot is None:
            self._slot[row.product_id] = len(self._ids)
            self._ids.append(row.product_id)
            self._price.append(row.price)
            self._sold.append(row.sold)
            self._published.append(row.published)
            self._in_stock.append(row.is_available)
        else:
            self._price[slot], self._sold[slot], self._published[slot] = row.price, row.sold, row.published
            self._in_stock[slot] = row.is_available

    def _clear(self, slots: list[int]) -> None:
        touched = set_of(slots, len(self._ids))
        if not touched:
            return
        kept = ~touched
        self._on_sale &= kept
        self._available &= kept
        for key in self._sets:
            self._sets[key] &= kept
        for places in self._places.values():
            for slot in slots:
                places.pop(slot, None)

    def _enter(self, rows: list[Row]) -> None:
        size = len(self._ids)
        members, pieces = defaultdict[Value, list[int]](list), defaultdict[int, list[int]](list)
        for row in rows:
            slot = self._slot[row.product_id]
            members["category", row.category_id].append(slot)
            if row.season:
                members["season", row.season].append(slot)
            for piece in row.pieces:
                pieces[piece].append(slot)
            for collection, place in row.collections.items():
                members["collection", collection].append(slot)
                self._places[collection][slot] = place
        for value, slots in members.items():
            self._sets[value] |= set_of(slots, size)
        for piece, slots in pieces.items():
            self._enter_piece(piece, set_of(slots, size))
        self._on_sale |= set_of([self._slot[row.product_id] for row in rows], size)
        self._available |= set_of([self._slot[row.product_id] for row in rows if row.is_available], size)
        self._ladder.put({self._slot[row.product_id]: max(row.price, 0) for row in rows}, size)

    def _enter_piece(self, piece: int, bits: int) -> None:
        """Having a piece is having its size and its colour."""
        size, colour = size_and_colour(piece)
        self._sets["piece", piece] |= bits
        self._sets["size", size] |= bits
        self._sets["colour", colour] |= bits

    def _take_out(self, slots: list[int]) -> None:
        """Take these out of every order while their old numbers still say where they stand in it."""
        if len(slots) > RESORTED:
            self._orders = {}
        for sort, order in self._orders.items():
            key = _KEYS[sort](self)
            for slot in slots:
                del order[bisect_left(order, key(slot), key=key)]

    def _put_in(self, slots: list[int]) -> None:
        if len(slots) > RESORTED:
            self._orders = {}
        for sort, order in self._orders.items():
            key = _KEYS[sort](self)
            for slot in slots:
                order.insert(bisect_left(order, key(slot), key=key), slot)

    def _order(self, sort: str) -> array[int]:
        if sort not in self._orders:
            self._orders[sort] = array("I", self._sorted(sort, range(len(self._ids))))
        return self._orders[sort]

    def _sorted(self, sort: str, among: Iterable[int]) -> list[int]:
        """As `_KEYS` says it, by one column after the other, the last first: sorting keeps what was sorted before."""
        slots = sorted(among, key=self._ids.__getitem__, reverse=True)
        columns: dict[str, Any] = {
            "in_stock": self._in_stock, "sold": self._sold, "published": self._published, "price": self._price
        }  # fmt: skip
        for name in reversed(_COLUMNS[sort]):
            slots.sort(key=columns[name.removeprefix("+")].__getitem__, reverse=not name.startswith("+"))
        return slots

    # -- cutting them --

    def _all(self, among: int | None) -> int:
        return self._on_sale if among is None else self._on_sale & among

    def _parts(self, choice: Choice) -> dict[str, int]:
        parts: dict[str, int] = {}
        if choice.categories:
            parts["category"] = self._any("category", choice.categories)
        if choice.collection is not None:
            parts["collection"] = self._any("collection", (choice.collection,))
        if choice.sizes and choice.colours:
            parts["pieces"] = reduce(or_, (self._of_size(size, choice.colours) for size in choice.sizes))
        elif choice.sizes or choice.colours:
            parts["pieces"] = self._any("size", choice.sizes) | self._any("colour", choice.colours)
        if choice.seasons:
            parts["season"] = self._any("season", choice.seasons)
        if choice.price_from is not None or choice.price_to is not None:
            parts["price"] = self._priced(choice.price_from, choice.price_to)
        if choice.in_stock:
            parts["stock"] = self._available
        return parts

    def _any(self, kind: str, keys: Iterable[Hashable]) -> int:
        return reduce(or_, (self._sets.get((kind, key), 0) for key in keys), 0)

    def _keys(self, kind: str) -> list:
        return [key for found, key in self._sets if found == kind]

    def _of_size(self, size: int, colours: tuple[int, ...]) -> int:
        """Products with this size in stock, in one of the colours if any are chosen."""
        if not colours:
            return self._sets.get(("size", size), 0)
        return self._any("piece", (piece_key(size, colour) for colour in colours))

    def _of_colour(self, colour: int, sizes: tuple[int, ...]) -> int:
        if not sizes:
            return self._sets.get(("colour", colour), 0)
        return self._any("piece", (piece_key(size, colour) for size in sizes))

    def _beginning(self, sort: str, bounds: Bounds) -> int:
        low, high = bounds
        if sort == "price" and low is not None:
            return bisect_left(self._order(sort), low, key=lambda slot: self._price[slot])
        if sort == "-price" and high is not None:
            return bisect_left(self._order(sort), -high, key=lambda slot: -self._price[slot])
        return 0

    def _price_bands(self) -> list[int]:
        self._bands = self._bands or [self._priced(low, high) for low, high in PRICE_BANDS]
        return self._bands

    def _priced(self, low: int | None, high: int | None) -> int:
        bits = self._on_sale if not low else self._ladder.at_least(low, self._on_sale)
        return bits if high is None else bits & ~self._ladder.at_least(high + 1, self._on_sale)


# What an order looks at, first things first; falling, but for those with a plus.
_COLUMNS = {
    "featured": ("in_stock", "sold", "published"),
    "newest": ("published",),
    "price": ("+price",),
    "-price": ("price",),
    "bestselling": ("sold", "published"),
}
# Every order ends with the id, so that pages neither repeat nor drop a product.
_KEYS = {
    "featured": lambda shelf: lambda slot: (
        -shelf._in_stock[slot], -shelf._sold[slot], -shelf._published[slot], -shelf._ids[slot]),
    "newest": lambda shelf: lambda slot: (-shelf._published[slot], -shelf._ids[slot]),
    "price": lambda shelf: lambda slot: (shelf._price[slot], -shelf._ids[slot]),
    "-price": lambda shelf: lambda slot: (-shelf._price[slot], -shelf._ids[slot]),
    "bestselling": lambda shelf: lambda slot: (-shelf._sold[slot], -shelf._published[slot], -shelf._ids[slot]),
}  # fmt: skip

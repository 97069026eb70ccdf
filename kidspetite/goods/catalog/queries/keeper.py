"""Keeps the shelf of this process true: one small question to the database at most every half second."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection

from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.foundation.ui.types import Card, Shared, Swatch
from kidspetite.goods.catalog.queries.rewording import MOST_REWORDED, reworded, said_of
from kidspetite.goods.catalog.queries.stocktaking import all_stock
from kidspetite.goods.catalog.rules.shelf import Row, Shelf
from kidspetite.goods.catalog.types import CategoryView, CollectionView, ColourView, Facet, Filters, SizeView

log = structlog.get_logger(__name__)

# Lists may lag this long behind a commit, and never at rest: the first question after it sees everything.
LAG_SECONDS = 0.5
# Beyond so many changes, or so long without a look, everything is read anew (notes are kept for an hour).
TOO_MANY, TOO_LONG = 5_000, 30 * 60
MOST_SETS = MOST_CARDS = 4_096
MOST_LETTERS = 4_000
"""Of a statement that is remembered."""
MOST_FACETS = 64


@dataclass(eq=False)
class Words:
    """The sizes, colours, categories and collections there are. They never change: when one does, there are others."""

    sizes: dict[int, SizeView] = field(default_factory=dict)
    colours: dict[int, ColourView] = field(default_factory=dict)
    categories: dict[int, CategoryView] = field(default_factory=dict)
    collections: dict[int, CollectionView] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.size_by_key = {size.key: size for size in self.sizes.values()}
        self.colour_by_slug = {colour.slug: colour for colour in self.colours.values()}
        self.category_by_slug = {category.slug: category for category in self.categories.values()}
        self.collection_by_slug = {collection.slug: collection for collection in self.collections.values()}
        self.below: defaultdict[int, list[int]] = defaultdict(list)
        for category in self.categories.values():
            for above in category.path:
                self.below[above.id].append(category.id)
        roots = [category for category in self.categories.values() if category.parent is None]
        # Roots, each before its children.
        self.branches = [
            one for root in roots for one in (root, *(c for c in self.categories.values() if c.parent == root))
        ]
        self._colour_place = {colour: place for place, colour in enumerate(self.colours)}
        self._size_place = {size: place for place, size in enumerate(self.sizes)}
        self._size_labels: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._swatches: dict[tuple[int, ...], tuple[Swatch, ...]] = {}
        # Along the tape, as one row.
        self.all_sizes = Shared(self.sizes.values())
        # Of a list with these filters, before they are counted.
        self.facets: dict[Filters, tuple[Facet, ...]] = {}
        # By all that a card says, as the database told it.
        self.cards: dict[tuple[Any, ...], Card] = {}

    def keep_facets(self, filters: Filters, blank: tuple[Facet, ...]) -> None:
        if len(self.facets) >= MOST_FACETS:
            self.facets = {}
        self.facets[filters] = blank

    def keep_card(self, row: tuple[Any, ...], card: Card) -> None:
        """Another thread may be reading what is kept, so a full memory is left to it."""
        if len(self.cards) >= MOST_CARDS:
            self.cards = {}
        self.cards[row] = card

    def size_labels(self, ids: Sequence[int]) -> tuple[str, ...]:
        """In the order of the tape. Few sets of sizes are many products'."""
        if (known := self._size_labels.get(key := tuple(ids))) is None:
            known = Shared([size.label for size_id, size in self.sizes.items() if size_id in key])
            _keep(self._size_labels, key, known)
        return known

    def swatches(self, ids: Sequence[int]) -> tuple[Swatch, ...]:
        """In the order of all colours."""
        if (known := self._swatches.get(key := tuple(ids))) is None:
            known = Shared(
                [Swatch(c.name, c.swatch, c.slug) for colour_id, c in self.colours.items() if colour_id in key]
            )
            _keep(self._swatches, key, known)
        return known

    def piece_order(self, piece: Any) -> tuple[int, int]:
        """Colour by colour, small to large."""
        return self._colour_place[piece.colour.id], self._size_place[piece.size.id]


def _keep[Told](memory: dict[tuple[int, ...], Told], key: tuple[int, ...], told: Told) -> None:
    if len(memory) >= MOST_SETS:
        memory.clear()
    memory[key] = told


class Carriers(NamedTuple):
    """Who carries a word, as sets of the shelf: in the name; in what they are; anywhere in what is said of them."""

    named: int
    being: int
    anywhere: int
    stem: str = ""

    @property
    def sets(self) -> tuple[int, int, int]:
        return self[:3]


@dataclass
class State:
    """A shelf with its words, and up to where the notes of changes are worked in."""

    shelf: Shelf
    words: Words
    words_key: str = ""
    horizon: int = 0
    seen: set[int] = field(default_factory=set)
    looked_at: float = 0.0
    until: Any = None
    database: int = 0
    memo: dict[Any, Any] = field(default_factory=dict)
    # By word, as true as the shelf is; `wording` counts how often the words of goods changed. Words that nobody carries
    # are kept apart.
    carriers: dict[str, Carriers] = field(default_factory=dict)
    strangers: dict[str, Carriers] = field(default_factory=dict)
    wording: int = 0
    # Held for a moment to read the sets or to change them, never while asking the database.
    lock: threading.Lock = field(default_factory=threading.Lock)


BLANK = State(Shelf(), Words(), horizon=2**62)


class Keeper:
    """The one shelf of a process, and beside it a private one for a transaction that has itself changed the goods."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: State | None = None
        self._private: tuple[Any, State] | None = None
        self._seen_within: tuple[Any, State] | None = None
        self._heard = threading.Event()

    def state(self) -> State:
        """A shelf as true as it has to be. Takes the lock only when it is time to look."""
        if connection.in_atomic_block:
            return self._within_transaction(connection.atomic_blocks[0])
        state = self._state
        if state and self._is_fresh(state):
            return state
        # While one thread looks, the others go on with what they have.
        if not self._lock.acquire(blocking=state is None):
            assert state is not None
            return state
        try:
            self._heard.clear()
            began = time.monotonic()
            self._state = _with_news(self._state, _news(self._state or BLANK), began)
            return self._state
        finally:
            self._lock.release()

    def hear(self) -> None:
        """Something changes the goods in this process: look before the next answer."""
        self._heard.set()

    def _is_fresh(self, state: State) -> bool:
        return not self._heard.is_set() and 0 <= time.monotonic() - state.looked_at < LAG_SECONDS

    def _within_transaction(self, block: object) -> State:
        """What this transaction sees. If it has itself changed products, that is not for other readers' eyes."""
        with self._lock:
            if self._seen_within and self._seen_within[0] is block and self._is_fresh(self._seen_within[1]):
                return self._seen_within[1]
            self._heard.clear()
            news, began = _news(self._state or BLANK), time.monotonic()
            if news.own is None:
                found = self._state = _with_news(self._state, news, began)
            elif self._private and self._private[0] == news.own and self._private[1].words_key == news.words_key:
                found = self._private[1]
                found.looked_at = began
            else:
                found = _read_anew(news, began)
                self._private = (news.own, found)
            self._seen_within = (block, found)
            return found


keeper = Keeper()


def state() -> State:
    return keeper.state()


def hear_change() -> None:
    """Something has changed the goods, here or elsewhere: look before the next answer."""
    keeper.hear()


def fill_shelf() -> None:
    """Read all that is on sale before the first visitor asks, with its orders. Where the database does not answer or
    has no tables yet, the first list reads it."""
    try:
        now = state()
        with now.lock:
            now.shelf.make_orders()
    except DatabaseError as error:
        log.warning("shelf_not_filled", reason=str(error))
    finally:
        connection.close()


def hear_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Runs around every statement of this process: who changes the goods, also by hand, sees lists change at once."""
    if isinstance(sql, str) and (_is_known_news if len(sql) <= MOST_LETTERS else _is_news)(sql):
        keeper.hear()
    return execute(sql, params, many, context)


def _is_news(sql: str) -> bool:
    sql = sql.lstrip()
    if sql.startswith("SELECT"):
        return False
    return sql.startswith("ROLLBACK") or ("catalog_" in sql and bool(_WRITES.search(sql)))


_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|TRUNCATE)\b", re.IGNORECASE)
# Looking through a statement takes as long as sending it, and most are asked again.
_is_known_news = lru_cache(maxsize=512)(_is_news)


@dataclass
class _News:
    horizon: int
    now: Any
    words_key: str
    words: Words
    # Which database answered: a restored or cloned one is another.
    database: int
    # This transaction and the last change it sees, if it has itself changed products.
    own: tuple[int, int] | None
    changed: list[tuple[int, int | None]]
    # Those of them that have other words.
    reworded: set[int | None]
    # Products whose moment of publication has come since the last look.
    due: list[int]


# One statement, so that what it says of notes, words and the clock belongs together. Its plan is kept, and walks the
# notes along their index whatever the horizon. The words are put together once, and told only where they are others.
_NEWS = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, statement_timestamp(), w.key,
       CASE WHEN w.key <> %(words_key)s THEN w.words END,
       (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),
       (SELECT ARRAY[o.transaction, (SELECT max(id) FROM catalog_shelfchange)] FROM catalog_shelfchange AS o
         WHERE o.transaction = pg_current_xact_id_if_assigned()::text::bigint LIMIT 1),
       (SELECT json_agg(json_build_array(c.id, c.product_id, c.is_wording)) FROM (
          SELECT id, product_id, is_wording FROM catalog_shelfchange
           WHERE transaction >= %(horizon)s::bigint AND id <> ALL(%(seen)s::bigint[])
           ORDER BY transaction LIMIT %(most)s) AS c),
       (SELECT array_agg(p.id) FROM catalog_product AS p
         WHERE p.status = 'active' AND p.published_at > %(until)s AND p.published_at <= statement_timestamp())
  FROM (SELECT words, md5(words) AS key FROM (SELECT json_build_object(
          'sizes', (SELECT json_agg(json_build_array(id, key, label, "group", position, height_cm, age_from_months,
                      age_to_months, height_from_cm, height_to_cm, weight_from_g, weight_to_g) ORDER BY position, id)
                      FROM catalog_size),
          'colours', (SELECT json_agg(json_build_array(id, slug, name, swatch) ORDER BY position, id)
                        FROM catalog_colour),
          'categories', (SELECT json_agg(json_build_array(id, slug, name, description, parent_id) ORDER BY position, id)
                           FROM catalog_category),
          'collections', (SELECT json_agg(json_build_array(id, slug, title, description, is_on_home)
                                          ORDER BY position, id) FROM catalog_collection))::text AS words
        OFFSET 0) AS once OFFSET 0) AS w
"""


def _news(state: State) -> _News:
    known = {"horizon": state.horizon, "seen": list(state.seen), "until": state.until, "most": TOO_MANY + 1}
    (row,) = ask_kept(_NEWS, known | {"words_key": state.words_key})
    horizon, now, words_key, told, database, own, changed, due = row
    words = state.words if told is None else _words(json.loads(told))
    noted = [(note, product) for note, product, _ in changed or []]
    others = {product for _, product, is_wording in changed or [] if is_wording}
    return _News(horizon, now, words_key, words, database, tuple(own) if own else None, noted, others, due or [])


def _with_news(state: State | None, news: _News, began: float) -> State:
    """The state after working in what has changed; a new one when there was none or too much has changed."""
    touched = {product for _, product in news.changed}
    if state is None or state.database != news.database or began - state.looked_at > TOO_LONG:
        return _read_anew(news, began)
    if None in touched or len(news.changed) > TOO_MANY:
        return _read_anew(news, began)
    if news.words_key != state.words_key:
        state.words, state.words_key, state.memo = news.words, news.words_key, {}
    ids = {product for product in touched if product is not None} | set(news.due)
    if ids:
        _put(state, ids, {product for product in news.reworded if product is not None})
    fresh = {note for note, _ in news.changed}
    state.seen = fresh if news.horizon > state.horizon else state.seen | fresh
    state.horizon, state.until, state.looked_at = news.horizon, news.now, began
    return state


def _put(state: State, ids: set[int], said_otherwise: set[int]) -> None:
    """Work these products in. Of those with other words, and those that come on sale, each word that is known is asked
    again; what another thread learns meanwhile is not kept, for it may be older."""
    rows = _rows(ids)
    on_sale = {row.product_id for row in rows}
    new = {product for product in said_otherwise if product in on_sale or product in state.shelf}
    new |= {product for product in on_sale if not state.shelf.sells(product)}
    with state.lock:
        known = {} if len(new) > MOST_REWORDED else state.carriers | state.strangers
    said = said_of(new, known) if new and known else {}
    with state.lock:
        state.shelf.put(rows, gone=ids - on_sale)
        state.memo = {}
        if new:
            state.wording += 1
            # What was learnt since we asked may be older than these words, and goes.
            still = [(form, who) for form, who in known.items() if form in state.carriers or form in state.strangers]
            found = reworded(state.shelf, still, new, said)
            state.carriers = {form: who for form, who in found.items() if who.anywhere}
            state.strangers = {form: who for form, who in found.items() if not who.anywhere}


def _read_anew(news: _News, began: float) -> State:
    """Everything from the start. What commits after `news` was asked is worked in again next time, harmlessly."""
    return State(
        Shelf.filled(all_stock()), news.words, words_key=news.words_key, horizon=news.horizon,
        seen={note for note, _ in news.changed}, looked_at=began, until=news.now, database=news.database,
    )  # fmt: skip


_ROWS = """
SELECT p.id, p.category_id, p.piece_keys, p.season, p.price_from_minor, p.is_available, p.sold,
       extract(epoch FROM coalesce(p.published_at, p.created_at))::float8, i.places
  FROM catalog_product AS p
  LEFT JOIN (SELECT product_id, json_object_agg(collection_id, position) AS places
               FROM catalog_collectionitem WHERE product_id = ANY(%(ids)s) GROUP BY product_id) AS i
         ON i.product_id = p.id
 WHERE p.status = 'active' AND (p.published_at IS NULL OR p.published_at <= statement_timestamp())
   AND p.id = ANY(%(ids)s)
"""


def _rows(ids: Iterable[int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"ids": list(ids)})
        return [
            Row(product, category, pieces, season, price, is_available, sold, published, _places(places))
            for product, category, pieces, season, price, is_available, sold, published, places in cursor
        ]


def _places(places: dict[str, int] | None) -> dict[int, int]:
    return {int(collection): place for collection, place in places.items()} if places else {}


def _words(found: dict[str, list[list[Any]] | None]) -> Words:
    categories: dict[int, CategoryView] = {}
    waiting = {row[0]: row for row in found["categories"] or []}

    def grown(row: list[Any], below: tuple[int, ...] = ()) -> CategoryView:
        """With its parents. A circle that somebody made by hand is cut where it closes."""
        key, slug, name, description, parent_id = row
        if key not in categories:
            above = waiting.get(parent_id) if parent_id not in below else None
            parent = grown(above, (*below, key)) if above else None
            categories[key] = CategoryView(key, slug, name, description, parent)
        return categories[key]

    return Words(
        sizes={row[0]: SizeView(*row) for row in found["sizes"] or []},
        colours={row[0]: ColourView(*row) for row in found["colours"] or []},
        categories={row[0]: grown(row) for row in waiting.values()},
        collections={row[0]: CollectionView(*row) for row in found["collections"] or []},
    )

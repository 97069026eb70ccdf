"""The kept pages of one process: bounded in bytes, found by key, dropped by tag."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from typing import NamedTuple

from kidspetite.faces.edge.pagecache.page import Packed, Page

EVERYTHING = "*"
# What a process itself remembers of goods, promotions and facts is at most two seconds old. A page made so soon after
# a purge may still show the old, so it is not kept beyond that.
SETTLING = 2.5
REMEMBERED_PURGES = 1_000
DEAF_AT_MOST = 60.0


class Start(NamedTuple):
    """Where the purges stood when a page began to be made."""

    generation: int
    at: float


class Purge(NamedTuple):
    generation: int
    at: float
    tags: frozenset[str]


class Store:
    """The least recently shown pages go when `limit` bytes are reached. Reading takes no lock."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.clock = clock
        self.bytes = 0
        self.purged = 0
        self.evicted = 0
        self.is_open = False
        self._shown_until = 0.0
        self._generation = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._keys: dict[str, set[str]] = {}
        self._purges: deque[Purge] = deque(maxlen=REMEMBERED_PURGES)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def open(self) -> None:
        """Every purge was heard until now, so pages may be kept. To be said again and again: whoever listens on a line
        that died without a word cannot say that it did."""
        self.is_open, self._shown_until = True, self.clock() + DEAF_AT_MOST

    def close(self) -> None:
        """Purges are not heard. Nothing is kept; what is there is shown a little longer: the database may restart."""
        self.is_open = False

    def get(self, key: str) -> Page | None:
        """The page, unless its time is over; being shown keeps it from being evicted."""
        page = self._pages.get(key)
        if page is None or (now := self.clock()) >= page.dies or now >= self._shown_until:
            return None
        try:
            self._pages.move_to_end(key)
        except KeyError:  # purged this very moment: what is shown now left before the news came
            return None
        return page

    def begin(self) -> Start:
        """Note where the purges stand; to be called before the first look at what the page shows."""
        with self._lock:
            return Start(self._generation, self.clock())

    def put(self, key: str, page: Page, *, begun: Start) -> bool:
        """Keep a page, unless one of its tags was purged while it was made: then it may show what was before."""
        with self._lock:
            if not self.takes(page) or not self._is_true(page, begun):
                return False
            self._drop(key)
            self._pages[key] = page
            self.bytes += page.bytes
            for tag in page.tags:
                self._keys.setdefault(tag, set()).add(key)
            self._make_room()
            return True

    def takes(self, page: Page) -> bool:
        """Whether pages may be kept now, and this one is not larger than all the room there is."""
        return self.is_open and page.bytes <= self.limit

    def pack(self, key: str, page: Page, encoding: str) -> Packed:
        """A further encoding of a kept page, counted where the page is still kept."""
        with self._lock:
            if found := page.packed.get(encoding):
                return found
            before = page.bytes
            packed = page.pack(encoding)
            if self._pages.get(key) is page:
                self.bytes += page.bytes - before
                self._make_room()
            return packed

    def purge(self, tags: Collection[str]) -> int:
        """Drop every page with one of these tags; `*` drops all. Pages being made now will not be kept."""
        with self._lock:
            self._generation += 1
            self._purges.append(Purge(self._generation, self.clock(), frozenset(tags)))
            if EVERYTHING in tags:
                gone = list(self._pages)
            else:
                gone = list(set().union(*(self._keys.get(tag, ()) for tag in tags)))
            for key in gone:
                self._drop(key)
            self.purged += len(gone)
            return len(gone)

    def drop(self, key: str) -> None:
        """Forget one page, as when it is no page any more."""
        with self._lock:
            self._drop(key)

    def _is_true(self, page: Page, begun: Start) -> bool:
        """Refuse a page that a purge met while it was made; shorten the life of one made right after a purge."""
        if (
            self._purges
            and len(self._purges) == REMEMBERED_PURGES
            and begun.generation < self._purges[0].generation - 1
        ):
            return False
        for purge in reversed(self._purges):
            if purge.at < begun.at - SETTLING:
                break
            if EVERYTHING not in purge.tags and page.tags.isdisjoint(purge.tags):
                continue
            if purge.generation > begun.generation:
                return False
            page.expires = page.dies = min(page.dies, purge.at + SETTLING)
            break
        return True

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is None:
            return
        self.bytes -= page.bytes
        for tag in page.tags:
            keys = self._keys[tag]
            keys.discard(key)
            if not keys:
                del self._keys[tag]

    def _make_room(self) -> None:
        while self.bytes > self.limit:
            self._drop(next(iter(self._pages)))
            self.evicted += 1

"""Where hits are counted: one store for all workers, and a tally in each worker that spares it most of the calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, cast

import structlog
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string

from kidspetite.faces.edge.models import RateCount
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import valkey

log = structlog.get_logger(__name__)

# One upsert: adds to a living window, or begins a new one where the old is over.
ADD = """
insert into edge_ratecount as row (key, hits, expires_at) values (%(key)s, %(hits)s, %(expires)s)
on conflict (key) do update set
    hits = case when row.expires_at <= %(now)s then excluded.hits else row.hits + excluded.hits end,
    expires_at = case when row.expires_at <= %(now)s then excluded.expires_at else row.expires_at end
returning hits, extract(epoch from expires_at)::float8
"""
STEPS = 50
RESTS_SECONDS = 2.0
MOST_TALLIES = 20_000


class PostgresStorage(Storage):
    """The storage of `limits` over the UNLOGGED table, on Django's own pooled connection: one statement a hit."""

    STORAGE_SCHEME = ["kidspetite"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = True, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._last = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return DatabaseFault

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count hits in the window of this key; `expiry` seconds is the length of a new one."""
        now = clock.now()
        facts: dict[str, Any] = {"key": key, "hits": amount, "now": now, "expires": now + timedelta(seconds=expiry)}
        with connection.cursor() as cursor:
            cursor.execute(ADD, facts)
            hits, ends = cursor.fetchone()
        self._last.window = (key, float(ends))
        return int(hits)

    def get(self, key: str) -> int:
        found = RateCount.objects.filter(key=key, expires_at__gt=clock.now()).values_list("hits", flat=True).first()
        return found or 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970. Right after `incr` this asks nobody."""
        last_key, ends = getattr(self._last, "window", ("", 0.0))
        if last_key == key:
            return float(ends)
        found = RateCount.objects.filter(key=key).values_list("expires_at", flat=True).first()
        return found.timestamp() if found else clock.now().timestamp()

    def check(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return True

    def reset(self) -> int | None:
        return RateCount.objects.all().delete()[0]

    def clear(self, key: str) -> None:
        RateCount.objects.filter(key=key).delete()


@dataclass(slots=True)
class Window:
    """What one worker knows of one client's window: hits seen by the store, hits not told yet, and its end."""

    stored: int
    pending: int
    ends: float

    @property
    def hits(self) -> int:
        return self.stored + self.pending


class Counter:
    """Counts hits of one item of `limits` for all workers.

    A worker tells the store every `count // 50` hits (at least every hit), and nothing once a client is over its
    limit. So a limit below 100 is exact, and a larger one lets each further worker pass 2 % more at most, for a
    twelfth of the round trips at 600. When the store is out of reach, the worker's own tally goes on alone, and the
    store is left alone for a moment: one that never answers must not keep every request waiting.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._windows: dict[str, Window] = {}
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def hit(self, item: RateLimitItemPerSecond, client: str) -> Window:
        """Count one hit; the answer's `hits` may be over the item's amount: that hit is one too many."""
        key, now = item.key_for(client), clock.now().timestamp()
        with self._lock:
            window = self._windows.get(key)
            if window is None or window.ends <= now:
                self._make_room(now)
                window = self._windows[key] = Window(0, 0, now + item.get_expiry())
            window.pending += 1
            is_over, is_early = window.stored > item.amount, window.pending < max(1, item.amount // STEPS)
            if is_over or is_early or now < self._rests_until:
                return Window(window.stored, window.pending, window.ends)
            told, window.pending = window.pending, 0
            window.stored += told
        try:
            stored = self._storage.incr(key, item.get_expiry(), told)
            ends = self._storage.get_expiry(key)
        except StorageError as fault:
            log.warning("rate_store_unreachable", cause=type(fault.__cause__ or fault).__name__)
            self._rests_until = now + RESTS_SECONDS
            return Window(window.stored, window.pending, window.ends)
        with self._lock:
            window.stored, window.ends = max(window.stored, stored), ends  # answers may overtake each other
            return Window(window.stored, window.pending, window.ends)

    def _make_room(self, now: float) -> None:
        if len(self._windows) < MOST_TALLIES:
            return
        self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
        if len(self._windows) >= MOST_TALLIES:
            self._windows.clear()


@cache
def counter() -> Counter:
    """This process's counter over the shared store: Redis where several nodes run, else PostgreSQL."""
    if settings.REDIS_URL:
        redis = storage_from_string(valkey.address(settings.REDIS_URL), wrap_exceptions=True, **valkey.options())
        return Counter(cast(Storage, redis))
    return Counter(PostgresStorage("kidspetite://"))

"""Reads that a replica of the database may answer: those of the catalogue, for whoever has not just changed something.

What such a read must see at least is a place in the primary's log (an LSN), and the replica is asked how far it has
come before it is asked anything else. So it never answers from before
- the last purge that this process heard of: a page that is made anew and kept is never older than its purge;
- what the primary had written `LAG_SECONDS` ago: a replica that lags longer is not asked.
Whatever it cannot answer, the primary answers. Nothing inside a transaction is ever read aside.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS as PRIMARY
from django.db import InterfaceError, OperationalError, connections

log = structlog.get_logger(__name__)

REPLICA = "replica"
# Looks at the primary's log are this old at least and at most where the lag is judged by them.
LAG_SECONDS, SLACK_SECONDS = 5.0, 2.0
LOOKS_EVERY = 1.0
# A replica that failed or lags is left alone for a moment, so that its trouble costs one request and not each.
RESTS_SECONDS = 2.0
# For so long a reader who has written stays with the primary: longer than any lag that is let pass.
WRITER_STAYS_SECONDS = 8

_chosen: ContextVar[str | None] = ContextVar("reads", default=PRIMARY)

WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"


class Router:
    """Django's own reads and writes all go to the primary; the replica gets no migrations."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool | None:
        return False if db == REPLICA else None


@contextmanager
def reading_aside() -> Iterator[None]:
    """Let the catalogue's reads inside go to the replica, if there is one and it has come far enough."""
    token = _chosen.set(None if REPLICA in settings.DATABASES else PRIMARY)
    try:
        yield
    finally:
        _chosen.reset(token)


def read_aside[Told](ask: Callable[[str], Told]) -> Told:
    """What `ask` finds in the database by the alias that it is given: the replica's where the caller may read aside,
    else the primary's. It may be called twice, so it only reads."""
    if _alias() == PRIMARY:
        return ask(PRIMARY)
    try:
        return ask(REPLICA)
    except (OperationalError, InterfaceError) as fault:
        _progress.leave_alone(type(fault.__cause__ or fault).__name__)
        _chosen.set(PRIMARY)
        return ask(PRIMARY)


def reads_aside() -> bool:
    """Whether what was just read came from the replica: what it does not know yet, the primary may."""
    return _chosen.get() == REPLICA


def hear_change() -> None:
    """Something was committed that this process is told of: from now on the replica must have come so far."""
    _progress.hear()


def _alias() -> str:
    """Chosen once for the whole block, so that one page is not put together from two places."""
    if connections[PRIMARY].in_atomic_block:
        return PRIMARY
    chosen = _chosen.get()
    if chosen is None:
        chosen = REPLICA if _progress.is_enough() else PRIMARY
        _chosen.set(chosen)
    return chosen


class Progress:
    """How far the replica must have come, as this process knows it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._has_news = threading.Event()
        self._has_news.set()  # what was committed before this process began is news to it
        self._floor = 0
        self._looks: deque[tuple[float, int]] = deque(maxlen=16)
        self._rests_until = 0.0

    def hear(self) -> None:
        self._has_news.set()

    def is_enough(self) -> bool:
        """Ask the replica how far it is. False where it lags, rests, fails, or is no replica."""
        if self._clock() < self._rests_until:
            return False
        try:
            needed, replayed = self.needed(), _asked(REPLICA, REPLAYED)
        except (OperationalError, InterfaceError) as fault:
            self.leave_alone(type(fault.__cause__ or fault).__name__)
            return False
        if replayed is None:
            self.leave_alone("DATABASE_REPLICA_URL names no replica")
            return False
        return replayed >= needed

    def needed(self) -> int:
        """The place that a read must be told from. All who ask wait for one look at the primary, for until then nobody
        knows how far the change goes that was heard of."""
        with self._lock:
            now = self._clock()
            fit = [place for at, place in self._looks if LAG_SECONDS <= now - at <= LAG_SECONDS + SLACK_SECONDS]
            has_news = self._has_news.is_set()
            if has_news or not fit or now - self._looks[-1][0] >= LOOKS_EVERY:
                self._has_news.clear()
                written = self._look(now)
                if has_news or not fit:
                    self._floor = written
            return max(self._floor, *fit) if fit else self._floor

    def _look(self, now: float) -> int:
        try:
            written = _asked(PRIMARY, WRITTEN) or 0
        except (OperationalError, InterfaceError):
            self._has_news.set()
            raise
        if self._looks and written < self._looks[-1][1]:
            self._looks.clear()  # another server took over and begins further back
            self._floor = written
        if not self._looks or now - self._looks[-1][0] >= LOOKS_EVERY:
            self._looks.append((now, written))
        return written

    def leave_alone(self, reason: str) -> None:
        self._rests_until = self._clock() + RESTS_SECONDS
        log.warning("replica_left_alone", reason=reason, seconds=RESTS_SECONDS)


_progress = Progress()


def _asked(alias: str, question: str) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])

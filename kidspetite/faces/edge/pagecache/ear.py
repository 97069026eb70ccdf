"""Hears of changes from every process and node, through PostgreSQL, the moment they are committed."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import structlog

from kidspetite.faces.edge.pagecache.purging import CHANNEL
from kidspetite.faces.edge.pagecache.store import EVERYTHING, Store
from kidspetite.foundation.plumbing.connections import direct_line
from kidspetite.foundation.plumbing.pulse import ListeningLine, Pulse

log = structlog.get_logger(__name__)

PING = "ping:"
# A line may die without a word, and a pooler may take LISTEN and never deliver: so the ear calls itself now and then.
CALLS_ITSELF = 10.0
HEARS_WITHIN = 5.0
AGAIN_AFTER = 0.5
# What waits to be taken by the other side, such as a call, knows no keepalive.
OWN = {"tcp_user_timeout": 10_000, "connect_timeout": 3, "application_name": "kidspetite-ear"}


class Deaf(Exception):
    """LISTEN was accepted, and nothing arrives."""


class Ear(threading.Thread):
    """Opens the store once it hears, purges what it is told, and closes the store while it hears nothing. It also
    feels the database's pulse: it has a line of its own, and asks on it twice a second.

    What was missed while deaf nobody knows, so on hearing again everything goes. `forget` are told before pages are
    dropped: what this process remembers of goods must not come back into a page. `emptied` is called when all pages
    went, `beat` about twice a second, `now_and_then` about every ten seconds; none may take long.
    """

    def __init__(
        self,
        store: Store,
        *,
        forget: Callable[[], None] = lambda: None,
        emptied: Callable[[], None] = lambda: None,
        beat: Callable[[], None] = lambda: None,
        now_and_then: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name="page-cache-ear", daemon=True)
        self._store = store
        self._forget = forget
        self._emptied = emptied
        self._beat = beat
        self._now_and_then = now_and_then
        self._pulse = Pulse()
        self._leaves = threading.Event()

    def run(self) -> None:
        while not self._leaves.is_set():
            try:
                with ListeningLine.connect(**{**direct_line(), **OWN}, autocommit=True) as line:
                    self._listen(line)
            except Deaf:
                log.error("page_cache_deaf", advice="set DATABASE_DIRECT_URL to an address past the connection pooler")
                self._leaves.wait(CALLS_ITSELF)
            except (psycopg.Error, OSError) as error:
                log.warning("page_cache_line_lost", reason=str(error)[:200])
                self._pulse.lost(error)
            finally:
                self._store.close()
                self._beat()
            self._leaves.wait(AGAIN_AFTER)

    def leave(self) -> None:
        """Stop listening; for tests. A worker's ear ends with its process."""
        self._leaves.set()
        self.join(5)

    def _listen(self, line: psycopg.Connection[Any]) -> None:
        line.execute(f"LISTEN {CHANNEL}")
        self._pulse.beats()
        self._call_itself(line)
        self._forget()
        self._store.purge([EVERYTHING])
        self._store.open()
        self._emptied()
        while not self._leaves.is_set():
            until = time.monotonic() + CALLS_ITSELF
            while not self._leaves.is_set() and time.monotonic() < until:
                for note in line.notifies(timeout=min(0.5, CALLS_ITSELF)):
                    self._hear(note.payload)
                self._beat()
                line.execute("SELECT 1")  # raises Silent
            self._call_itself(line)
            self._store.open()
            self._now_and_then()

    def _call_itself(self, line: psycopg.Connection[Any]) -> None:
        call = PING + secrets.token_hex(8)
        line.execute("SELECT pg_notify(%s, %s)", [CHANNEL, call])
        until = time.monotonic() + HEARS_WITHIN
        has_heard = False
        while not has_heard:
            if (left := until - time.monotonic()) <= 0:
                raise Deaf
            for note in line.notifies(timeout=left, stop_after=1):  # to the end: what came along is lost else
                self._hear(note.payload)
                has_heard |= note.payload == call

    def _hear(self, payload: str) -> None:
        if payload.startswith(PING):
            return
        self._forget()
        tags = payload.split(",")
        self._store.purge(tags)
        if EVERYTHING in tags:
            self._emptied()

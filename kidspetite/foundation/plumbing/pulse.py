"""Whether the database answers at all; while it does not, nobody waits for it.

A server that is stopped, or whose network swallows everything, closes no line: whoever asks it waits until it is back,
and a web process has few threads. So one line asks it again and again, on which nobody waits longer than
`PATIENCE_SECONDS`. Once an answer stays away, and a new line gets none either, the pool is closed and its lines are cut
under those who wait on them: they, and whoever comes after them, get an OperationalError at once, until the database
answers again. A machine that is out of breath for a moment cuts nothing.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import psycopg
import structlog
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import TransactionStatus

log = structlog.get_logger(__name__)

# The page cache's ear leaves half a second between two questions and as much before a new line, which it tries for
# three seconds: nobody waits longer than 6 s.
PATIENCE_SECONDS = 2.0
# libpq tells the system's own words.
NOBODY_THERE = tuple(os.strerror(number) for number in (errno.ECONNREFUSED, errno.ENOENT, errno.EHOSTUNREACH))
_lines: WeakSet[Line] = WeakSet()
_noting = threading.Lock()


class Line(psycopg.Connection[Any]):
    """A line of the pool, noted once when it is made, so that it can be cut."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        with _noting:
            _lines.add(self)


class Silent(psycopg.OperationalError):
    """The server has not answered in time."""


class ListeningLine(psycopg.Connection[Any]):
    """A line whose questions are answered within `PATIENCE_SECONDS`, or it is closed: raises Silent."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, PATIENCE_SECONDS)
        except psycopg.OperationalError:
            if self.info.transaction_status != TransactionStatus.ACTIVE:  # it said something, or closed the line
                raise
            self.close()
            raise Silent(f"no answer for {PATIENCE_SECONDS} s") from None


class Pulse:
    """What this process knows of the database. Told by the one thread that has a `ListeningLine`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_silent = False
        self._clock = clock
        self._lost_at: float | None = None

    def beats(self) -> None:
        """The database has answered on a new line: everybody may ask it again."""
        self._lost_at = None
        if self.is_silent:
            self.is_silent = False
            _open_pool()
            log.warning("database_answers_again")

    def lost(self, error: Exception) -> None:
        """The line is gone or has fallen silent, or there is none to be had. A server that is being started anew is
        waited for; one that is still not there after as long is not. One that says no, as for too many lines, is there.
        """
        if self._lost_at is None:
            self._lost_at = self._clock()
        is_overdue = self._clock() - self._lost_at >= PATIENCE_SECONDS
        if not self.is_silent and is_overdue and _is_nobody_there(error):
            self.is_silent = True
            log.error("database_silent", reason=str(error)[:200])
            _turn_away()


def _is_nobody_there(error: Exception) -> bool:
    return isinstance(error, psycopg.errors.ConnectionTimeout) or any(words in str(error) for words in NOBODY_THERE)


def _turn_away() -> None:
    """A closed pool refuses whoever asks it for a line or waits for one; lines in use are cut."""
    default: Any = connections[DEFAULT_DB_ALIAS]
    if default.pool:
        default.pool.close(timeout=0.05)
    with _noting:
        lines = list(_lines)
    for line in lines:
        _cut(line)


def _cut(line: Line) -> None:
    """What the kernel does when the other side dies: whoever waits on this line is told that it is closed.

    Its file may be closed meanwhile, and its number be another's: so it is taken first, and the line asked then.
    """
    try:
        with socket.socket(fileno=os.dup(line.fileno())) as end:
            if not line.closed:
                end.shutdown(socket.SHUT_RDWR)
    except (psycopg.OperationalError, OSError):
        pass  # closed before us


def _open_pool() -> None:
    """A closed pool cannot be opened again, so there is a new one in its place, put there in one step."""
    beside: Any = connections[DEFAULT_DB_ALIAS].copy(alias="beside")
    if beside.pool:
        beside._connection_pools[DEFAULT_DB_ALIAS] = beside._connection_pools.pop("beside")

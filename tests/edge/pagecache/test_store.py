"""Bounded in bytes, true to every purge."""

from __future__ import annotations

import random
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from kidspetite.faces.edge.pagecache.page import OVERHEAD, Page
from kidspetite.faces.edge.pagecache.store import DEAF_AT_MOST, REMEMBERED_PURGES, SETTLING, Start, Store
from tests.harness.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock) -> Store:
    store = Store(1_000_000, clock=clock)
    store.open()
    return store


def a_page(*tags: str, body: bytes = b"hello", made: float = 1000.0, life=(300, 30)) -> Page:
    return Page.of([("Content-Type", "text/html")], body, tags=frozenset(tags), made=made, life=life)


def test_a_kept_page_is_shown_until_it_dies(store, clock):
    assert store.put("/", a_page("catalog"), begun=store.begin())
    clock.now += 329
    store.open()
    assert store.get("/")
    clock.now += 1
    assert store.get("/") is None


def test_a_purge_drops_what_carries_the_tag_and_nothing_else(store):
    for key, tags in {"/a": ("x", "y"), "/b": ("y",), "/c": ("z",)}.items():
        store.put(key, a_page(*tags), begun=store.begin())
    assert store.purge(["y", "nobody"]) == 2
    assert [store.get(key) is not None for key in ("/a", "/b", "/c")] == [False, False, True]
    assert store.purge(["*"]) == 1
    assert (len(store), store.bytes, store._keys) == (0, 0, {})


def test_a_page_that_a_purge_met_while_it_was_made_is_thrown_away(store):
    begun = store.begin()
    store.purge(["product:7"])
    assert not store.put("/products/fern", a_page("product:7"), begun=begun)
    assert store.put("/products/moss", a_page("product:8"), begun=begun), "others are not touched by it"


def test_control_without_the_generation_an_old_page_would_be_kept(store, monkeypatch):
    monkeypatch.setattr(Store, "_is_true", lambda self, page, begun: True)
    begun = store.begin()
    store.purge(["product:7"])
    assert store.put("/products/fern", a_page("product:7"), begun=begun)


def test_more_purges_than_are_remembered_throw_every_slow_page_away(store):
    begun = store.begin()
    for number in range(REMEMBERED_PURGES + 1):
        store.purge([f"product:{number}"])
    assert not store.put("/pages/returns", a_page("page:returns"), begun=begun)


def test_a_page_made_right_after_a_purge_lives_until_all_memories_are_fresh(store, clock):
    """What a process remembers for two seconds may still be in it."""
    store.purge(["catalog"])
    clock.now += 0.5
    assert store.put("/", a_page("catalog", made=clock.now), begun=store.begin())
    clock.now += SETTLING - 0.6
    assert store.get("/")
    clock.now += 0.2
    assert store.get("/") is None
    assert store.put("/", a_page("catalog", made=clock.now), begun=store.begin())
    clock.now += 299
    store.open()
    assert store.get("/")


def test_memory_stays_within_its_bound_and_the_page_shown_last_stays(clock):
    store = Store(40 * OVERHEAD, clock=clock)
    store.open()
    noise = random.Random(5)
    store.put("/", a_page("catalog"), begun=store.begin())
    for number in range(400):
        page = a_page(f"product:{number}", body=noise.randbytes(2_000))
        store.put(f"/products/{number}", page, begun=store.begin())
        for encoding in ("br", "gzip", "identity"):
            store.pack(f"/products/{number}", page, encoding)
        assert store.get("/")
        assert store.bytes <= store.limit
    assert store.bytes == sum(page.bytes for page in store._pages.values())
    assert 5 < len(store) < 40
    assert store.evicted == 401 - len(store)
    assert set(store._keys) == {tag for page in store._pages.values() for tag in page.tags}


def test_one_page_larger_than_everything_is_not_kept(clock):
    store = Store(OVERHEAD + 100, clock=clock)
    store.open()
    assert not store.put("/", a_page(body=random.Random(1).randbytes(10_000)), begun=store.begin())


def test_while_deaf_nothing_is_kept_and_what_is_there_is_shown_a_little_longer(store, clock):
    store.put("/", a_page("catalog"), begun=store.begin())
    store.close()
    assert not store.put("/size-guide", a_page("catalog"), begun=store.begin())
    clock.now += DEAF_AT_MOST - 1
    assert store.get("/")
    clock.now += 1
    assert store.get("/") is None


def test_a_line_that_died_without_a_word_ends_it_too(store, clock):
    store.put("/", a_page("catalog"), begun=store.begin())
    for _ in range(20):
        clock.now += DEAF_AT_MOST / 6
        store.open()
    assert store.get("/")
    clock.now += DEAF_AT_MOST
    assert store.is_open, "nobody said that nothing is heard"
    assert store.get("/") is None


def test_fills_and_purges_at_once_never_leave_an_old_page(scale):
    """Writers change a number, then purge; makers read and keep it. At rest every kept page tells the last number."""
    store, facts = Store(10_000_000), {f"product:{number}": 0 for number in range(8)}
    store.open()

    def change(seed: int) -> None:
        some = random.Random(seed)
        for _ in range(rounds):
            tag = some.choice(list(facts))
            with writing:
                facts[tag] += 1
            store.purge([tag])

    def make(seed: int) -> None:
        some = random.Random(seed)
        for _ in range(rounds):
            tag = some.choice(list(facts))
            begun: Start = store.begin()
            seen = facts[tag]
            page = Page.of([], str(seen).encode(), tags=frozenset([tag]), made=begun.at, life=(300, 0))
            store.put(tag, page, begun=begun)

    rounds, writing = scale(2_000, 20_000), threading.Lock()
    with ThreadPoolExecutor(8) as crowd:
        jobs = [crowd.submit(job, seed) for seed in range(4) for job in (change, make)]
    for job in jobs:
        job.result()
    for tag, number in facts.items():
        if page := store.get(tag):
            assert page.pack("identity").body == [str(number).encode()]


def test_what_is_counted_is_what_is_held():
    """Libraries that pack hand out buffers with room to spare; a bound in bytes must know of it."""
    pages = []
    tracemalloc.start()
    try:
        before, _most = tracemalloc.get_traced_memory()
        for number in range(40):
            body = random.Random(number).randbytes(15_000).hex().encode()
            pages.append(a_page(body=body))
            for encoding in ("br", "gzip", "zstd"):
                pages[-1].pack(encoding)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert held <= 1.1 * sum(one.bytes for one in pages)

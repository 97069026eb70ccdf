"""The line on which a process hears of purges: it trusts nothing that it has not heard itself."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from kidspetite.faces.edge.pagecache.ear import Deaf, Ear
from kidspetite.faces.edge.pagecache.page import Page
from kidspetite.faces.edge.pagecache.store import Store


class Line:
    """A connection: what is notified is heard, unless a pooler swallows it. What came in one packet is told together,
    and is lost to whoever stops listening in the middle, as psycopg's is."""

    def __init__(self, *along: str, swallows: bool = False) -> None:
        self.waiting: list[str] = []
        self.along = along
        self.swallows = swallows

    def execute(self, statement: str, values: list[str] | None = None) -> None:
        if values and not self.swallows:
            self.waiting += [values[1], *self.along]

    def notifies(self, timeout: float, stop_after: int | None = None) -> Iterator[SimpleNamespace]:
        packet, self.waiting = self.waiting, []
        for payload in packet:
            yield SimpleNamespace(payload=payload)


@pytest.fixture
def store() -> Store:
    return Store(1_000_000)


def test_a_pooler_that_swallows_what_is_listened_to_is_found_out(store, monkeypatch):
    monkeypatch.setattr("kidspetite.faces.edge.pagecache.ear.HEARS_WITHIN", 0.05)
    with pytest.raises(Deaf):
        Ear(store)._listen(Line(swallows=True))
    assert not store.is_open


def test_a_purge_that_comes_along_with_its_own_call_is_heard(store, monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(store, "purge", heard.extend)
    ear = Ear(store)
    ear._leaves.set()
    ear._listen(Line("product:7"))
    assert heard == ["product:7", "*"]


def test_on_hearing_again_everything_goes_for_nobody_knows_what_was_missed(store):
    store.open()
    store.put(
        "/", Page.of([], b"old", tags=frozenset({"catalog"}), made=store.clock(), life=(300, 0)), begun=store.begin()
    )
    happened: list[str] = []
    ear = Ear(store, forget=lambda: happened.append(f"forget {len(store)}"), emptied=lambda: happened.append("emptied"))
    ear._leaves.set()
    ear._listen(Line())
    assert store.is_open
    assert len(store) == 0
    assert happened == ["forget 1", "emptied"], "what the process remembers goes first"


def test_a_purge_drops_pages_after_the_memories_and_only_a_star_drops_all(store):
    store.open()
    happened: list[str] = []
    ear = Ear(store, forget=lambda: happened.append("forget"), emptied=lambda: happened.append("emptied"))
    for tag in ("product:7", "product:8"):
        page = Page.of([], b"x", tags=frozenset({tag}), made=store.clock(), life=(300, 0))
        store.put(f"/{tag}", page, begun=store.begin())
    ear._hear("product:7,page:returns")
    assert (store.get("/product:7"), happened) == (None, ["forget"])
    assert store.get("/product:8")
    ear._hear("*")
    assert len(store) == 0
    assert happened == ["forget", "forget", "emptied"]


def test_it_says_so_each_time_that_it_has_heard_itself(store, monkeypatch):
    monkeypatch.setattr("kidspetite.faces.edge.pagecache.ear.CALLS_ITSELF", 0.01)
    said: list[float] = []
    ear = Ear(store, now_and_then=lambda: len(said) > 3 and ear._leaves.set())
    monkeypatch.setattr(store, "open", lambda: said.append(store.clock()))
    ear._listen(Line())
    assert len(said) == 4


def test_its_own_call_purges_nothing(store):
    store.open()
    before = store.begin().generation
    Ear(store)._hear("ping:0123456789abcdef")
    assert store.begin().generation == before

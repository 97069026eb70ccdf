"""What is answered from memory, what is asked of Django, and how often."""

from __future__ import annotations

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
import zstandard
from prometheus_client import REGISTRY

from kidspetite.faces.edge.pagecache.door import OWN_ASKING, PageCache
from kidspetite.faces.edge.pagecache.store import Store
from kidspetite.faces.edge.pagecache.tally import Tally
from kidspetite.faces.edge.pagecache.warming import Rebuilder, asking_for_ourselves
from tests.harness.clock import Clock
from tests.harness.wsgi import ask

SHARED = "public, max-age=0, s-maxage=300, stale-while-revalidate=30"
BODY = b"<!doctype html><title>Fern bodysuit</title>" + b"<p>soft cotton</p>" * 400


class Shop:
    """Django's part: counts what it is asked, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = "200 OK"
        self.body = BODY
        self.headers = {"Content-Type": "text/html", "Cache-Control": SHARED, "Cache-Tag": "catalog,product:7",
                        "X-Request-Id": "FROMDJANGO", "Vary": "Accept-Encoding"}  # fmt: skip
        self.takes = 0.0
        self.closed = 0

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        time.sleep(self.takes)
        start_response(self.status, [*self.headers.items(), ("Content-Length", str(len(self.body)))])
        return self

    def __iter__(self):
        return iter([self.body])

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(shop, clock) -> PageCache:
    store = Store(5_000_000, clock=clock)
    store.open()
    return PageCache(shop, store, Tally(store))


def test_the_second_visitor_is_answered_from_memory(door, shop, clock):
    first = ask(door, "/products")
    clock.now += 7
    second = ask(door, "/products?utm_source=letter")
    assert (first.status, first.body, first.cache) == (200, BODY, "fwd=miss; stored")
    assert (second.status, second.body, second.cache) == (200, BODY, "hit")
    assert second.headers["Age"] == "7"
    assert second.headers["Cache-Tag"] == "catalog,product:7"
    assert second.headers["Vary"] == "Accept-Encoding"
    assert first.headers["X-Request-Id"] == "FROMDJANGO", "the id that stands in the log"
    assert second.headers["X-Request-Id"] not in {"", "FROMDJANGO"}
    assert ask(door, "/products").headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert (len(shop.asked), shop.closed) == (1, 1)


def test_django_never_sees_who_asks(door, shop):
    ask(door, "/products?utm_source=x&page=2", cookie="session=s3cret; kp_hint=1", authorization="Bearer abc",
        accept_language="de", accept_encoding="br", if_none_match='"x"', user_agent="Mia", hx_request="true",
        x_forwarded_for="203.0.113.9")  # fmt: skip
    (environ,) = shop.asked
    headers = {name for name in environ if name.startswith("HTTP_")}
    assert headers == {"HTTP_HOST", "HTTP_X_FORWARDED_FOR"}
    assert environ["QUERY_STRING"] == "page=2"
    assert OWN_ASKING not in environ, "visitors' questions count in their limits"


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
def test_every_encoding_is_the_same_page_with_an_etag_of_its_own(door, encoding):
    unpack = {
        "identity": lambda body: body, "gzip": gzip.decompress, "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompress,
    }[encoding]  # fmt: skip
    for _visit in range(2):
        said = ask(door, "/products", accept_encoding=encoding)
        assert unpack(said.body) == BODY
        assert said.headers.get("Content-Encoding", "identity") == encoding
        assert said.headers["Content-Length"] == str(len(said.body))
    etags = {ask(door, "/products", accept_encoding=one).etag for one in ("identity", "gzip", "br", "zstd")}
    assert len(etags) == 4
    assert not any(etag.startswith("W/") for etag in etags)


def test_what_a_browser_has_is_not_sent_again(door, shop):
    had = ask(door, "/products", accept_encoding="br")
    again = ask(door, "/products", accept_encoding="br", if_none_match=f'"old", {had.etag}')
    assert (again.status, again.body, again.etag) == (304, b"", had.etag)
    assert again.headers["Cache-Control"] == SHARED
    assert "Content-Length" not in again.headers
    assert "Content-Type" not in again.headers
    other = ask(door, "/products", accept_encoding="gzip", if_none_match=had.etag)
    assert other.status == 200, "another encoding is another answer"
    shop.body = b"new price"
    door.store.purge(["product:7"])
    assert ask(door, "/products", accept_encoding="br", if_none_match=had.etag).status == 200


def test_head_says_the_same_without_a_body(door, shop):
    asked_first = ask(door, "/products", method="HEAD", accept_encoding="gzip")
    whole = ask(door, "/products", accept_encoding="gzip")
    later = ask(door, "/products", method="HEAD", accept_encoding="gzip")
    assert asked_first.body == later.body == b""
    assert asked_first.headers["Content-Length"] == later.headers["Content-Length"] == str(len(whole.body))
    assert asked_first.etag == later.etag == whole.etag
    assert len(shop.asked) == 1


def test_who_takes_none_of_our_encodings_is_told(door):
    assert ask(door, "/products", accept_encoding="identity;q=0").status == 406
    assert ask(door, "/products", accept_encoding="identity;q=0, gzip").status == 200


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", {}),
        ("302 Found", {"Location": "/products"}),
        ("500 Internal Server Error", {}),
        ("429 Too Many Requests", {}),
        ("200 OK", {"Set-Cookie": "session=1"}),
        ("200 OK", {"Cache-Control": "private, no-store"}),
        ("200 OK", {"Cache-Control": "public, s-maxage=0"}),
        ("200 OK", {"Vary": "Cookie"}),
        ("200 OK", {"Vary": "Accept-Encoding, HX-Request"}),
        ("200 OK", {"Content-Encoding": "gzip"}),
        ("200 OK", {"Content-Security-Policy": "script-src 'self' 'nonce-abc'"}),
    ],
)
def test_what_is_nobody_elses_is_not_kept(door, shop, status, headers):
    shop.status = status
    shop.headers |= headers
    for _visit in range(2):
        said = ask(door, "/products")
        assert (said.status, said.body, said.cache) == (int(status[:3]), BODY, "")
    assert len(shop.asked) == 2
    assert len(door.store) == 0


@pytest.mark.parametrize("address", ["/cart", "/search?q=fern", "/products?name=mia", "/products?q=fern", "/account"])
def test_what_has_no_key_goes_to_django_as_it_is(door, shop, address):
    said = ask(door, address, cookie="session=1")
    assert said.cache == ""
    assert shop.asked[0]["HTTP_COOKIE"] == "session=1"
    assert len(door.store) == 0


def test_other_methods_and_bodies_go_to_django(door, shop):
    ask(door, "/products")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(door, "/products", method=method).cache == ""
    assert len(shop.asked) == 5


def test_a_host_that_is_not_ours_poisons_nothing(door, shop, settings):
    settings.ALLOWED_HOSTS = ["testserver", "shop.example"]
    for host in ("evil.example", "", "testserver@evil.example", "testserver:80:80", "evil.example#testserver"):
        assert ask(door, "/products", host=host).cache == ""
    assert len(door.store) == 0, "Django turns them away itself"
    assert ask(door, "/products", host="shop.example:443").cache == "fwd=miss; stored"
    assert ask(door, "/products", host="testserver").cache == "hit"


def test_behind_tls_a_plain_request_is_left_to_django(door, shop, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert ask(door, "/products", x_forwarded_proto="http").cache == ""
    assert ask(door, "/products").cache == ""
    assert ask(door, "/products", x_forwarded_proto="https").cache == "fwd=miss; stored"


CROWD = 200


def all_at_once(door, count: int = CROWD, address: str = "/products") -> list:
    doors_open = threading.Barrier(count)

    def visit(number: int):
        doors_open.wait()
        return ask(door, address, accept_encoding=("br", "gzip", "zstd", "")[number % 4])

    with ThreadPoolExecutor(count) as crowd:
        return list(crowd.map(visit, range(count)))


def test_two_hundred_misses_at_once_are_one_question(door, shop):
    shop.takes = 0.2
    answers = all_at_once(door)
    assert len(shop.asked) == 1
    assert {answer.status for answer in answers} == {200}
    assert len({answer.etag for answer in answers}) == 4
    assert sum(answer.cache == "fwd=miss; stored" for answer in answers) == 1


def test_control_without_waiting_they_would_all_ask(door, shop, monkeypatch):
    from kidspetite.faces.edge.pagecache.door import Flight

    monkeypatch.setattr(PageCache, "_join", lambda self, key: (Flight(), True))
    shop.takes = 0.2
    all_at_once(door)
    assert len(shop.asked) > CROWD / 2


def test_who_waits_for_an_answer_that_nobody_may_share_is_not_kept_waiting_in_a_row(door, shop):
    shop.status, shop.takes = "404 Not Found", 0.1
    inside, at_once = [], []

    def watched(environ, start_response):
        inside.append(environ)
        at_once.append(len(inside))
        try:
            return shop(environ, start_response)
        finally:
            inside.pop()

    door.app = watched
    answers = all_at_once(door, 40)
    assert {answer.status for answer in answers} == {404}
    assert max(at_once) > 10, "one after the other it would be one at a time"


def test_who_comes_after_a_purge_does_not_get_the_page_from_before(door, shop):
    """The first asks; the price changes; the second comes while the first is still being answered."""
    first_has_read, second_waits = threading.Event(), threading.Event()

    def slow(environ, start_response):
        body = shop.body
        if not first_has_read.is_set():
            first_has_read.set()
            second_waits.wait(5)
        start_response("200 OK", list(shop.headers.items()))
        return [body]

    door.app = slow
    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(ask, door, "/products")
        first_has_read.wait(5)
        shop.body = b"new price"
        door.store.purge(["product:7"])
        second = crowd.submit(ask, door, "/products")
        time.sleep(0.05)
        second_waits.set()
        assert second.result().body == b"new price"
        first.result()
    assert ask(door, "/products").body == b"new price"


def test_a_page_past_its_time_is_shown_while_it_is_made_anew_once(door, shop, clock):
    wanted: list[str] = []
    door.rebuild = wanted.append
    ask(door, "/products")
    shop.body = b"the next one"
    clock.now += 301
    door.store.open()
    stale = ask(door, "/products")
    assert (stale.body, stale.cache, wanted) == (BODY, "hit; detail=stale", ["/products"])
    door.make_anew("/products", asking_for_ourselves())
    assert OWN_ASKING in shop.asked[-1]
    assert ask(door, "/products").body == b"the next one"
    assert len(shop.asked) == 2


def test_when_django_fails_the_old_page_stays_until_it_dies(door, shop, clock):
    ask(door, "/products")
    clock.now += 301
    door.store.open()
    shop.status = "503 Service Unavailable"
    door.make_anew("/products", asking_for_ourselves())
    assert ask(door, "/products").status == 200
    clock.now += 30
    assert ask(door, "/products").status == 503


def test_what_is_no_page_any_more_is_forgotten_at_once(door, shop, clock):
    ask(door, "/products/fern")
    clock.now += 301
    door.store.open()
    shop.status = "404 Not Found"
    door.make_anew("/products/fern", asking_for_ourselves())
    assert ask(door, "/products/fern").status == 404


def test_wanting_a_page_often_makes_it_once(door, shop):
    shop.takes = 0.05
    rebuilder = Rebuilder(door.make_anew)
    for _ in range(50):
        rebuilder.want("/products")
    rebuilder.start()
    until = time.monotonic() + 5
    while rebuilder._waiting and time.monotonic() < until:
        time.sleep(0.01)
    assert len(shop.asked) == 1
    assert ask(door, "/products").cache == "hit"


def test_while_purges_are_not_heard_django_answers_everybody(door, shop):
    door.store.close()
    door.store._shown_until = 0.0
    assert ask(door, "/products").cache == ""
    assert ask(door, "/products").cache == ""
    assert len(shop.asked) == 2


def test_what_is_remembered_of_addresses_and_headers_is_bounded(door, shop, monkeypatch):
    monkeypatch.setattr("kidspetite.faces.edge.pagecache.door.REMEMBERED", 50)
    for number in range(300):
        ask(door, f"/products?nobody={number}", accept_encoding=f"gzip;q=0.{number}")
    assert len(door._keys) <= 50
    assert len(door._encodings) <= 50


def test_long_addresses_names_and_headers_are_not_remembered(door, shop):
    for number in range(50):
        junk = f"{number}" + 9_000 * "x"
        ask(door, f"/products?nobody={junk}", host=junk)
        ask(door, "/products", accept_encoding=f"gzip, {junk}")
    assert len(door._encodings) == 50
    assert sum(len(part) for asked in door._keys for part in asked) < 2_000
    assert sum(map(len, door._encodings)) < 50 * 250


def test_the_tally_tells_how_often_memory_answered(door):
    for _ in range(4):
        had = ask(door, "/products")
    ask(door, "/products", if_none_match=had.etag)
    assert (door.tally.counts["hit"], door.tally.counts["miss"], door.tally.counts["not_modified"]) == (3, 1, 1)
    assert door.tally.news() == {"answers": 5, "pages": 1, "bytes": door.store.bytes}
    assert door.tally.news() == {}
    figure, seen = REGISTRY.get_sample_value, {"outcome": "hit"}
    before = figure("kidspetite_pages_total", seen)
    door.tally.tell()
    door.tally.tell()
    assert figure("kidspetite_pages_total", seen) == before + 3
    assert (figure("kidspetite_pages_kept"), figure("kidspetite_pages_open")) == (1, 1)

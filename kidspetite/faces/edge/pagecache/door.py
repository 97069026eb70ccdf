"""The door before Django: a kept page is answered here; another is asked for once, however many wait for it."""

from __future__ import annotations

import io
import itertools
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from kidspetite.faces.edge.pagecache.addresses import key_of
from kidspetite.faces.edge.pagecache.page import Header, Page, is_known, preferred
from kidspetite.faces.edge.pagecache.store import Store
from kidspetite.faces.edge.pagecache.tally import Tally
from kidspetite.foundation.kernel.ids import CROCKFORD

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type App = Callable[[Environ, StartResponse], Iterable[bytes]]

OWN_ASKING = "kidspetite.own"
"""In the environ of a page that the cache itself asks for. No header can put it there."""
# All that Django sees of a visitor who makes the cache ask: where the request came from, for counting and for TLS.
SEEN = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"})
BIGGEST_PAGE = 2_000_000
# Keys, and what they were worked out from: no more of them, and none of longer addresses and names.
REMEMBERED, LONGEST_ASKED, LONGEST_ACCEPTED = 20_000, 600, 200
PATIENCE = 10.0
LIFE = re.compile(r"\b(s-maxage|stale-while-revalidate)=(\d+)")
NOT_ACCEPTABLE = b"This page comes as br, zstd, gzip or plain text.\n"
type Asked = tuple[str, str, str, str, str]


class Answer(NamedTuple):
    """What Django said."""

    status: str
    headers: list[Header]
    body: bytes


class Flight:
    """One asking that several wait for. `page` is there when it was kept; `is_outdated` when a purge met it."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.page: Page | None = None
        self.is_outdated = False


class PageCache:
    """A WSGI application around Django's."""

    def __init__(
        self, app: App, store: Store, tally: Tally, *, rebuild: Callable[[str], None] = lambda key: None
    ) -> None:
        self.app = app
        self.store = store
        self.tally = tally
        self.rebuild = rebuild
        self._keys: dict[Asked, str | None] = {}
        self._encodings: dict[str, str | None] = {}
        self._flights: dict[str, Flight] = {}
        self._lock = threading.Lock()
        # Ids of kept answers must be cheap: one random beginning a process, then counted.
        self._id, self._numbers = "".join(secrets.choice(CROCKFORD) for _ in range(16)), itertools.count(1)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self.app(environ, start_response)
        key = self._key_of(environ)
        if key is None or environ.get("CONTENT_LENGTH", "0") not in {"", "0"}:
            return self.app(environ, start_response)
        page = self.store.get(key)
        if page is None:
            return self._fill(key, environ, start_response) if self.store.is_open else self.app(environ, start_response)
        if self.store.clock() < page.expires:
            return self._show(key, page, environ, start_response, "hit")
        self.rebuild(key)
        return self._show(key, page, environ, start_response, "stale")

    def make_anew(self, key: str, environ: Environ) -> None:
        """Ask Django for a page whose time is over, or that is wanted before anybody comes. What is no page any more is
        forgotten; when Django fails, the old page stays until it dies."""
        flight, is_first = self._join(key)
        if not is_first:
            return
        try:
            answer = self._ask(key, environ | {OWN_ASKING: True}, flight)
            if not (flight.page or flight.is_outdated) and not answer.status.startswith(("5", "429")):
                self.store.drop(key)
        finally:
            self._land(key, flight)

    def _fill(self, key: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Ask for the page, or wait for whoever asks already. A page that a purge met is not handed on to those who
        wait: they may have come after the change."""
        until = self.store.clock() + PATIENCE
        while True:
            flight, is_first = self._join(key)
            if is_first:
                break
            flight.landed.wait(max(0.0, until - self.store.clock()))
            if flight.page:
                return self._show(key, flight.page, environ, start_response, "waited")
            if not flight.is_outdated or self.store.clock() >= until:
                return self.app(environ, start_response)
        try:
            answer = self._ask(key, environ, flight)
        finally:
            self._land(key, flight)
        if flight.page:
            request_id = dict(answer.headers).get("X-Request-Id", "")  # that of the line in the log
            return self._show(key, flight.page, environ, start_response, "miss", request_id)
        self.tally.count("passed")
        start_response(answer.status, answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _ask(self, key: str, environ: Environ, flight: Flight) -> Answer:
        begun = self.store.begin()
        answer = self._answer_of(_as_nobody(key, environ))
        page = _page_of(answer, made=begun.at)
        if page and self.store.takes(page):
            is_kept = self.store.put(key, page, begun=begun)
            flight.page, flight.is_outdated = (page, False) if is_kept else (None, True)
        return answer

    def _answer_of(self, environ: Environ) -> Answer:
        said: list[tuple[str, list[Header]]] = []
        chunks = self.app(environ, lambda status, headers, error=None: said.append((status, headers)))
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        return Answer(*said[-1], body)

    def _show(
        self, key: str, page: Page, environ: Environ, start_response: StartResponse, outcome: str, request_id: str = ""
    ) -> Iterable[bytes]:
        encoding = self._encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding is None:
            self.tally.count("refused")
            start_response("406 Not Acceptable", [("Content-Type", "text/plain"), ("Cache-Control", "no-store"),
                                                  ("Content-Length", str(len(NOT_ACCEPTABLE)))])  # fmt: skip
            return [NOT_ACCEPTABLE]
        packed = page.packed.get(encoding) or self.store.pack(key, page, encoding)
        own = [
            ("Age", str(int(self.store.clock() - page.made))),
            ("X-Request-Id", request_id or f"{self._id}{next(self._numbers):010d}"),
            ("Cache-Status", STATUS[outcome]),
        ]
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and is_known(packed.etag, asked):
            self.tally.count("not_modified")
            start_response("304 Not Modified", packed.headers_304 + own)
            return []
        self.tally.count(outcome)
        start_response("200 OK", packed.headers + own)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else packed.body

    def _key_of(self, environ: Environ) -> str | None:
        asked = (
            environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_HOST", ""),
            environ.get("wsgi.url_scheme", ""), environ.get("HTTP_X_FORWARDED_PROTO", ""),
        )  # fmt: skip
        try:
            return self._keys[asked]
        except KeyError:
            pass
        key = key_of(asked[0], asked[1]) if is_our_door(*asked[2:]) else None
        if sum(map(len, asked)) <= LONGEST_ASKED:
            _remember(self._keys, asked, key)
        return key

    def _encoding_of(self, accepted: str) -> str | None:
        accepted = accepted[:LONGEST_ACCEPTED]
        try:
            return self._encodings[accepted]
        except KeyError:
            encoding = preferred(accepted)
            _remember(self._encodings, accepted, encoding)
            return encoding

    def _join(self, key: str) -> tuple[Flight, bool]:
        with self._lock:
            if flight := self._flights.get(key):
                return flight, False
            self._flights[key] = flight = Flight()
            return flight, True

    def _land(self, key: str, flight: Flight) -> None:
        with self._lock:
            self._flights.pop(key, None)
        flight.landed.set()


STATUS = {
    "hit": "pages; hit",
    "stale": "pages; hit; detail=stale",
    "miss": "pages; fwd=miss; stored",
    "waited": "pages; fwd=miss; collapsed",
}


def _remember[Key, Value](memory: dict[Key, Value], key: Key, value: Value) -> None:
    """Addresses and headers are the callers' choice, so what is remembered of them is bounded; begun anew when full."""
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value


def is_our_door(host: str, scheme: str, forwarded: str) -> bool:
    """Whether Django would take this host, and would not send the visitor to https first."""
    domain, _port = split_domain_port(host)
    if not (domain and validate_host(domain, settings.ALLOWED_HOSTS)):
        return False
    if not settings.SECURE_SSL_REDIRECT:
        return True
    return (forwarded if settings.SECURE_PROXY_SSL_HEADER else scheme) == "https"


def _as_nobody(key: str, environ: Environ) -> Environ:
    """The same question without the asker: no cookie, no token, no language, and the address in the key's own words.
    What Django cannot see it cannot put into the page."""
    path, _mark, query = key.partition("?")
    asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in SEEN}
    return asked | {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": "", "CONTENT_TYPE": "",
        "wsgi.input": io.BytesIO(),
    }  # fmt: skip


def _page_of(answer: Answer, *, made: float) -> Page | None:
    """The page to keep, or None: only a 200 that its view calls shared, that sets no cookie and carries no nonce."""
    headers = {name.lower(): value for name, value in answer.headers}
    life = dict(LIFE.findall(headers.get("cache-control", "")))
    fresh = int(life.get("s-maxage", 0))
    vary = {name.strip().lower() for name in headers.get("vary", "").split(",")} - {"", "accept-encoding"}
    is_ours_alone = (
        "set-cookie" in headers or "content-encoding" in headers or vary
        or "'nonce-" in headers.get("content-security-policy", "")
    )  # fmt: skip
    if not answer.status.startswith("200") or not fresh or is_ours_alone or len(answer.body) > BIGGEST_PAGE:
        return None
    tags = frozenset(tag.strip() for tag in headers.get("cache-tag", "").split(",") if tag.strip())
    return Page.of(
        answer.headers, answer.body, tags=tags, made=made, life=(fresh, int(life.get("stale-while-revalidate", 0)))
    )

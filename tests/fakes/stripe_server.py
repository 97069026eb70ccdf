"""A Stripe of our own: PaymentIntents, refunds and hosted pages over HTTP, with a ledger, and every bad mood it has."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import secrets
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.contract import Judge
from tests.fakes.serving import served
from tests.fakes.stripe_ledger import Ledger, Refused

KEY, WEBHOOK_SECRET = "sk_test_fake", "whsec_fake"
VERSION = "2026-10-28.endive"


@dataclass
class Mood:
    """How the next calls to a path go wrong: `silent` and `lost` never answer (the second does the work first), `500`
    fails and is kept under the key, `503` fails before anything, `429`, `garbage`."""

    kind: str
    path: str = r".*"
    method: str = r".*"
    times: int = 1

    def strikes(self, method: str, path: str) -> bool:
        """Whether it goes wrong for this call; one time less is left then."""
        does = bool(self.times and re.fullmatch(self.path, path) and re.fullmatch(self.method, method))
        self.times -= does
        return does


@dataclass
class Kept:
    """What an idempotency key was used for, and the answer it got; no answer while the call is at work."""

    said: str
    status: int = 0
    body: bytes = b""


@dataclass
class FakeStripe:
    """The server's inside, as tests see it."""

    ledger: Ledger = field(default_factory=Ledger)
    judge: Judge = field(default_factory=lambda: Judge("stripe"))
    moods: list[Mood] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    closing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def turn(self, kind: str, path: str = r".*", *, method: str = r".*", times: int = 1) -> None:
        self.moods.append(Mood(kind, path, method, times))

    def mood_for(self, method: str, path: str) -> str:
        with self.lock:
            return next((mood.kind for mood in self.moods if mood.strikes(method, path)), "")

    def answer(self, method: str, path: str, key: str, told: dict[str, Any]) -> tuple[int, dict[str, Any], bool]:
        """Status, body, and whether it is a replay. One key does one thing."""
        if method != "POST" or not key:
            return (*self._done(method, path, told), False)
        said = json.dumps([path, told], sort_keys=True)
        with self.lock:
            if known := self.kept.get(key):
                if known.said != said:
                    return 400, _error("idempotency_error", "Keys can only be used with the same parameters."), False
                if not known.status:
                    return 409, _error("invalid_request_error", "Another is in progress.", "lock_timeout"), False
                return known.status, json.loads(known.body), True
            self.kept[key] = Kept(said)
        status, body = self._done(method, path, told)
        with self.lock:
            if status == 400:
                del self.kept[key]  # it failed before anything was done
            else:
                self.kept[key] = Kept(said, status, json.dumps(body).encode())
        return status, body, False

    def _done(self, method: str, path: str, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            try:
                return 200, self.ledger.call(method, path, told, base=self.url)
            except Refused as refused:
                return refused.status, _error(refused.kind, refused.words, refused.code, **refused.facts)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeStripe

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fake, parts = self.fake, urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        fake.calls.append((self.command, parts.path))
        fake.judge.request(self.command, self.path, headers, body)
        if not _knows_the_key(headers):
            return self._send(401, _error("invalid_request_error", "Invalid API Key provided."))
        told = unbracketed(parse_qsl((body.decode() if body else parts.query), keep_blank_values=True))
        mood, key = fake.mood_for(self.command, parts.path), headers.get("idempotency-key", "")
        if mood == "silent":
            return self._never()
        if mood == "429":
            return self._send(429, _error("invalid_request_error", "Too many requests.", "rate_limit"))
        if mood == "503":
            return self._send(503, _error("api_error", "Unavailable."))
        if mood == "500":
            failed = json.dumps(_error("api_error", "Something went wrong.")).encode()
            fake.kept[key] = Kept(json.dumps([parts.path, told], sort_keys=True), 500, failed)
            return self._send(500, _error("api_error", "Something went wrong."), {"Stripe-Should-Retry": "false"})
        status, answer, is_replay = fake.answer(self.command, parts.path, key, told)
        if mood == "lost":
            return self._never()
        if mood == "garbage":
            return self._raw(200, b"<html>bad gateway</html>")
        if mood == "odd":
            return self._raw(200, b'{"object": "payment_intent", "status": "feeling fine"}')
        fake.judge.answer(self.command, self.path, status, {}, json.dumps(answer).encode())
        return self._send(status, answer, {"Idempotent-Replayed": "true"} if is_replay else {})

    def _never(self) -> None:
        self.fake.closing.wait(30)
        self.close_connection = True

    def _send(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(answer).encode(), headers)

    def _raw(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json", "Content-Length": str(len(body)), "Request-Id": _request_id(),
            "Stripe-Version": VERSION, **(headers or {}),
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet: tests look at `calls`."""


@contextmanager
def fake_stripe() -> Iterator[FakeStripe]:
    """A server on a free port until the block ends. Nothing may have been asked or answered against the contract."""
    fake = FakeStripe()
    with served(type("OneStripe", (Handler,), {"fake": fake})) as fake.url:
        try:
            yield fake
        finally:
            fake.closing.set()
    assert not fake.judge.problems, "\n".join(fake.judge.problems[:20])


def signed(event: dict[str, Any], *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> tuple[bytes, str]:
    """An event's bytes, and the header that Stripe would send with them."""
    raw = json.dumps(event).encode()
    moment = int(time.time() if at is None else at)
    told = hmac.new(secret.encode(), f"{moment}.".encode() + raw, hashlib.sha256).hexdigest()
    return raw, f"t={moment},v1={told}"


def unbracketed(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0]=1` → {"a": {"b": {"0": "1"}}}, which is all the ledger needs."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        *way, last = re.findall(r"[^\[\]]+", name)
        here = root
        for step in way:
            here = here.setdefault(step, {})
        here[last] = value
    return root


def _knows_the_key(headers: dict[str, str]) -> bool:
    scheme, _, told = headers.get("authorization", "").partition(" ")
    if scheme == "Basic":
        told = b64decode(told).decode().rstrip(":")
    return told == KEY and headers.get("stripe-version") == VERSION


def _error(kind: str, words: str, code: str = "", **facts: Any) -> dict[str, Any]:
    return {"error": {"type": kind, "message": words, **({"code": code} if code else {}), **facts}}


_numbers = itertools.count(1)


def _request_id() -> str:
    return f"req_{next(_numbers)}{secrets.token_hex(4)}"

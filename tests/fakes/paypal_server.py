"""A PayPal of our own: Orders and Payments v2 over HTTP, with a ledger, and every bad mood it has."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.contract import Judge
from tests.fakes.paypal_ledger import MISSING, SEMANTIC, Ledger, Refused
from tests.fakes.serving import served
from tests.fakes.stripe_server import Kept, Mood

CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID = "fakeclient", "fakesecret", "1JE4291016473214C"
CERT_URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-5edc0ebc"
SIGNING_KEY = b"only PayPal has this"
TOKEN, VERIFY = "/v1/oauth2/token", "/v1/notifications/verify-webhook-signature"
TOKEN_LIVES = 32400


@dataclass
class FakePayPal:
    """The server's inside, as tests see it."""

    ledger: Ledger = field(default_factory=Ledger)
    judge: Judge = field(default_factory=lambda: Judge("paypal"))
    moods: list[Mood] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    closing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def turn(self, kind: str, path: str = r".*", *, method: str = r".*", times: int = 1) -> None:
        """`silent` and `lost` never answer (the second does the work first); `500`, `503`, `429`, `garbage`, `odd`."""
        self.moods.append(Mood(kind, path, method, times))

    def mood_for(self, method: str, path: str) -> str:
        with self.lock:
            return next((mood.kind for mood in self.moods if mood.strikes(method, path)), "")

    def token(self) -> dict[str, Any]:
        token = secrets.token_urlsafe(24)
        self.tokens[token] = time.monotonic() + TOKEN_LIVES
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIVES, "scope": "", "app_id": "APP"}

    def answer(self, method: str, path: str, key: str, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body. One key does one thing, whatever else is asked with it."""
        if method != "POST" or not key:
            return self._done(method, path, told)
        name = f"{path} {key}"
        with self.lock:
            if known := self.kept.get(name):
                if not known.status:
                    return 409, _error("RESOURCE_CONFLICT", "", "PREVIOUS_REQUEST_IN_PROGRESS")
                return 200 if known.status == 201 and "/orders" in path else known.status, json.loads(known.body)
            self.kept[name] = Kept("")
        status, body = self._done(method, path, told)
        with self.lock:
            if status >= 300:
                del self.kept[name]  # nothing was done, so the key is still good
            else:
                self.kept[name] = Kept("", status, json.dumps(body).encode())
        return status, body

    def _done(self, method: str, path: str, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            try:
                status, body = self.ledger.call(method, path, told, base=self.url)
                return status, json.loads(json.dumps(body))
            except Refused as refused:
                if refused.status == 404:
                    return 404, _error("RESOURCE_NOT_FOUND", MISSING, refused.issue)
                return 422, _error("UNPROCESSABLE_ENTITY", SEMANTIC, refused.issue)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakePayPal

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fake, path = self.fake, urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        fake.calls.append((self.command, path))
        mood = fake.mood_for(self.command, path)
        if mood == "silent":
            return self._never()
        if mood == "503":
            return self._send(503, _error("SERVICE_UNAVAILABLE", "Service Unavailable."))
        if path == TOKEN:
            return self._token(headers)
        fake.judge.request(self.command, self.path, headers, body)
        if headers.get("authorization", "").removeprefix("Bearer ") not in fake.tokens:
            return self._send(401, _error("AUTHENTICATION_FAILURE", "Authentication failed."))
        if mood == "429":
            return self._send(429, _error("RATE_LIMIT_REACHED", "Too many requests."))
        if mood == "500":
            return self._send(500, _error("INTERNAL_SERVER_ERROR", "An internal server error occurred."))
        if path == VERIFY:
            status, answer = 200, {"verification_status": _verdict(body)}
        else:
            told = json.loads(body) if body else {}
            status, answer = fake.answer(self.command, path, headers.get("paypal-request-id", ""), told)
        if mood == "lost":
            return self._never()
        if mood == "garbage":
            return self._raw(200, b"<html>bad gateway</html>")
        if mood == "odd":
            return self._raw(200, b'{"id": "5O190127TN364715T", "status": "FEELING_FINE"}')
        fake.judge.answer(self.command, self.path, status, {}, json.dumps(answer).encode())
        return self._send(status, answer)

    def _token(self, headers: dict[str, str]) -> None:
        told = b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()
        if told != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return self._send(401, {"error": "invalid_client", "error_description": "Client Authentication failed"})
        return self._send(200, self.fake.token())

    def _never(self) -> None:
        self.fake.closing.wait(30)
        self.close_connection = True

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        self._raw(status, json.dumps(answer).encode())

    def _raw(self, status: int, body: bytes) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json", "Content-Length": str(len(body)),
            "Paypal-Debug-Id": secrets.token_hex(6),
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet: tests look at `calls`."""


@contextmanager
def fake_paypal() -> Iterator[FakePayPal]:
    """A server on a free port until the block ends. Nothing may have been asked or answered against the contract."""
    fake = FakePayPal()
    with served(type("OnePayPal", (Handler,), {"fake": fake})) as fake.url:
        try:
            yield fake
        finally:
            fake.closing.set()
    assert not fake.judge.problems, "\n".join(fake.judge.problems[:20])
    assert not fake.judge.beyond, fake.judge.beyond


def signed(
    event: dict[str, Any], *, webhook_id: str = WEBHOOK_ID, key: bytes = SIGNING_KEY
) -> tuple[bytes, dict[str, str]]:
    """An event's bytes, and the headers that PayPal would send with them."""
    raw = json.dumps(event, indent=1).encode()  # its own spacing: whoever writes it anew breaks the signature
    transmission, moment = secrets.token_hex(16) + "-t", "2026-11-22T10:00:00Z"
    return raw, {
        "PayPal-Transmission-Id": transmission,
        "PayPal-Transmission-Time": moment,
        "PayPal-Transmission-Sig": _signature(signed_string(transmission, moment, webhook_id, raw), key),
        "PayPal-Cert-Url": CERT_URL,
        "PayPal-Auth-Algo": "SHA256withRSA",
    }


def signed_string(transmission_id: str, moment: str, webhook_id: str, raw: bytes) -> str:
    """What PayPal signs."""
    return f"{transmission_id}|{moment}|{webhook_id}|{zlib.crc32(raw)}"


def _signature(told: str, key: bytes) -> str:
    return "s" + b64encode(hmac.new(key, told.encode(), hashlib.sha256).digest()).decode()


def _verdict(body: bytes) -> str:
    """Whether these are the bytes that were signed: found where they were spliced in, not written anew."""
    told = json.loads(body)
    mark = b'"webhook_event": '
    raw = body[body.index(mark) + len(mark) : -1]
    string = signed_string(told["transmission_id"], told["transmission_time"], WEBHOOK_ID, raw)
    is_theirs = told["webhook_id"] == WEBHOOK_ID and told["auth_algo"] == "SHA256withRSA"
    is_right = hmac.compare_digest(told["transmission_sig"], _signature(string, SIGNING_KEY))
    return "SUCCESS" if is_theirs and is_right else "FAILURE"


def _error(name: str, message: str, issue: str = "") -> dict[str, Any]:
    return {
        "name": name, "message": message, "debug_id": secrets.token_hex(6),
        **({"details": [{"issue": issue}]} if issue else {}),
    }  # fmt: skip

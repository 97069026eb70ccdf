"""A SendGrid of our own: v3 mail send over HTTP, its bad moods, and signed event deliveries."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.contract import Judge
from tests.fakes.serving import served

KEY = "SG.fake-key"
# What the specification tells of; the others are told by the documentation.
JUDGED = (200, 202, 400, 401, 403, 404, 405, 413, 500)
TURNED_AWAY = {"429": 429, "500": 500, "503": 503, "400": 400, "401": 401, "413": 413}


@dataclass
class FakeSendGrid:
    """The server's inside, as tests see it. `mood`: "", "slow", "lost" (takes the letter and says nothing), or one of
    the statuses of TURNED_AWAY."""

    judge: Judge = field(default_factory=lambda: Judge("sendgrid"))
    taken: list[dict[str, Any]] = field(default_factory=list)
    mood: str = ""
    url: str = ""

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> str:
        """As SendGrid's settings page shows it."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def event(self, kind: str, letter: str, *, to: str = "maya@home.example", **more: Any) -> dict[str, Any]:
        return {
            "event": kind, "letter": letter, "email": to, "timestamp": int(time.time()),
            "sg_event_id": f"{kind}-{letter}", "sg_message_id": "sent-1.recvd-x.0", **more,
        }  # fmt: skip

    def delivery(self, *events: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """The body of one webhook and its headers."""
        body = json.dumps(list(events)).encode() + b"\r\n"
        stamp = str(int(time.time()))
        signature = self._key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
        return body, {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        }


@contextmanager
def fake_sendgrid(*, slow_seconds: float = 1.0) -> Iterator[FakeSendGrid]:
    fake = FakeSendGrid()
    with served(_handler(fake, slow_seconds)) as fake.url:
        yield fake


def _handler(fake: FakeSendGrid, slow_seconds: float) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.judge.request("POST", self.path, headers, body)
            if fake.mood == "slow":
                time.sleep(slow_seconds)
            status, answer = _answer(fake, headers, json.loads(body))
            if fake.mood == "lost":
                self.close_connection = True
                return
            content = json.dumps(answer).encode() if answer else b""
            if content and status in JUDGED:
                fake.judge.answer("POST", self.path, status, {"content-type": "application/json"}, content)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Message-Id", f"sent-{len(fake.taken)}")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked has given up
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _answer(fake: FakeSendGrid, headers: dict[str, str], mail: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    if headers.get("authorization") != f"Bearer {KEY}":
        return 401, _error("The provided authorization grant is invalid, expired, or revoked", None)
    if status := TURNED_AWAY.get(fake.mood):
        return status, _error("Does not contain a valid address.", "personalizations.0.to.0.email")
    fake.taken.append(mail)
    return 202, {}


def _error(message: str, where: str | None) -> dict[str, Any]:
    return {"errors": [{"message": message, "field": where}]}

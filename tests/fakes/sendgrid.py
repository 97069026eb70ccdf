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
from urllib.parse import parse_qsl, urlsplit

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
    shelf: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Templates by id: name, and versions, of which the last is active."""

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

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.judge.request("GET", self.path, headers, b"")
            self._say(*_shelf_answer(fake, headers, self.path, {}))

        def _say(self, status: int, answer: dict[str, Any]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.judge.request("POST", self.path, headers, body)
            if self.path.startswith("/v3/templates"):
                return self._say(*_shelf_answer(fake, headers, self.path, json.loads(body)))
            if fake.mood == "slow":
                time.sleep(slow_seconds)
            status, answer = _answer(fake, headers, json.loads(body))
            if fake.mood == "lost":
                self.close_connection = True
                return None
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
            return None

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _answer(fake: FakeSendGrid, headers: dict[str, str], mail: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    if headers.get("authorization") != f"Bearer {KEY}":
        return 401, _error("The provided authorization grant is invalid, expired, or revoked", None)
    if status := TURNED_AWAY.get(fake.mood):
        return status, _error("Does not contain a valid address.", "personalizations.0.to.0.email")
    if "template_id" in mail and mail["template_id"] not in fake.shelf:
        return 400, _error("The template_id does not exist.", "template_id")
    fake.taken.append(mail)
    return 202, {}


def _shelf_answer(
    fake: FakeSendGrid, headers: dict[str, str], path: str, told: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    """Dynamic templates: their ids are `d-` and 32 digits, which the specification, older than they, does not know, so
    that answers are not judged; lists come two at a time."""
    if headers.get("authorization") != f"Bearer {KEY}":
        return 401, _error("authorization required", None)
    if status := TURNED_AWAY.get(fake.mood):
        return status, _error("not now", None)
    parts = urlsplit(path)
    match parts.path.split("/")[3:]:
        case [] if told:
            template_id = f"d-{len(fake.shelf) + 1:032x}"
            fake.shelf[template_id] = {"id": template_id, "name": told["name"], "generation": "dynamic", "versions": []}
            return 201, fake.shelf[template_id]
        case []:
            start = int(dict(parse_qsl(parts.query)).get("page_token", 0))
            page = list(fake.shelf.values())[start : start + 2]
            more = {"next": f"{fake.url}/v3/templates?page_token={start + 2}"} if start + 2 < len(fake.shelf) else {}
            return 200, {"result": page, "_metadata": {"count": len(page), **more}}
        case [template_id, *_] if template_id not in fake.shelf:
            return 404, _error("template not found", None)
        case [template_id, "versions"]:
            versions = fake.shelf[template_id]["versions"]
            for one in versions:
                one["active"] = 0
            versions.append({**told, "id": f"v{len(versions) + 1}", "template_id": template_id})
            return 201, versions[-1]
        case [template_id, "versions", version_id]:
            return 200, next(one for one in fake.shelf[template_id]["versions"] if one["id"] == version_id)
        case [template_id]:
            return 200, fake.shelf[template_id]
    return 404, _error("no such address", None)


def _error(message: str, where: str | None) -> dict[str, Any]:
    return {"errors": [{"message": message, "field": where}]}

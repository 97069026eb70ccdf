"""A Cloudflare of our own: the purge call of its zones API over HTTP, and its bad moods."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.contract import Judge
from tests.fakes.serving import served

TOKEN, ZONE = "cf-fake-token", "023e105f4ecef8ad9ca31a8372d0c353"
MOST_OPERATIONS = 100


@dataclass
class FakeCloudflare:
    """`purged` is what it was asked to drop, call by call. `mood`: "", "429", "500" or "lost" (no answer at all)."""

    judge: Judge = field(default_factory=lambda: Judge("cloudflare"))
    purged: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    mood: str = ""
    url: str = ""


@contextmanager
def fake_cloudflare() -> Iterator[FakeCloudflare]:
    fake = FakeCloudflare()
    with served(_handler(fake)) as address:
        fake.url = f"{address}/client/v4"
        yield fake


def _handler(fake: FakeCloudflare) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            fake.calls += 1
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.judge.request("POST", self.path, headers, body)
            if fake.mood == "lost":
                self.close_connection = True
                return
            status, told = _answer(fake, headers, self.path, json.loads(body))
            content = json.dumps(told).encode()
            if status == 200:  # the specification wants refusals to be successes and failures at once: nothing passes
                fake.judge.answer("POST", self.path, status, {"content-type": "application/json"}, content)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _answer(
    fake: FakeCloudflare, headers: dict[str, str], path: str, what: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    if headers.get("authorization") != f"Bearer {TOKEN}":
        return 403, _refusal(10000, "Authentication error")
    if path != f"/client/v4/zones/{ZONE}/purge_cache":
        return 404, _refusal(7003, "Could not route to that zone")
    if fake.mood:
        return int(fake.mood), _refusal(10013, "not now")
    if len(what) != 1 or len(what.get("tags", [])) > MOST_OPERATIONS:
        return 400, _refusal(1096, "One kind of purge in a call, and at most 100 operations")
    fake.purged.append(what)
    return 200, {"success": True, "errors": [], "messages": [], "result": {"id": ZONE}}


def _refusal(code: int, message: str) -> dict[str, Any]:
    return {"success": False, "errors": [{"code": code, "message": message}], "messages": [], "result": None}

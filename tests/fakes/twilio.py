"""A Twilio of our own: Messages over HTTP with a ledger of what it took, its bad moods, and signed callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fakes.contract import Judge
from tests.fakes.serving import served

ACCOUNT = "AC" + "5" * 32
TOKEN = "fake-auth-token"
SENDER = "+12025550100"
PHONE = "+12125550123"
# Twilio's own numbers for trials, and what it says of them.
MAGIC = {"+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610,
         "+15005550009": 21614}  # fmt: skip
STATUS_OF = {"429": 429, "500": 500, "503": 503}


@dataclass
class FakeTwilio:
    """The server's inside, as tests see it. `mood`: "", "slow", "lost" (takes the text and says nothing), a status of
    STATUS_OF, or a code such as "21610"."""

    judge: Judge = field(default_factory=lambda: Judge("twilio"))
    taken: list[dict[str, str]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    mood: str = ""
    url: str = ""

    def reset(self) -> None:
        self.mood = ""
        for kept in (self.taken, self.ledger, self.asked, self.judge.problems):
            kept.clear()

    def status(self, sid: str, status: str, *, url: str, **more: str) -> tuple[str, dict[str, str]]:
        """A status callback: its form and its headers."""
        told = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "To": PHONE, "From": SENDER, **more}
        return signed(url, {"AccountSid": ACCOUNT, **told})

    def answer(self, words: str, *, url: str, sid: str = "SM" + "a" * 32, **more: str) -> tuple[str, dict[str, str]]:
        """A text from a phone."""
        told = {"MessageSid": sid, "From": PHONE, "To": SENDER, "Body": words, "NumMedia": "0", **more}
        return signed(url, {"AccountSid": ACCOUNT, **told})


def signed(url: str, form: dict[str, str], *, token: str = TOKEN) -> tuple[str, dict[str, str]]:
    told = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()
    return urlencode(form), {"X-Twilio-Signature": base64.b64encode(digest).decode()}


@contextmanager
def fake_twilio(*, slow_seconds: float = 1.0) -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    with served(_handler(fake, slow_seconds)) as fake.url:
        yield fake


def _handler(fake: FakeTwilio, slow_seconds: float) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer("POST", body, lambda: _create(fake, dict(parse_qsl(body.decode(), keep_blank_values=True))))

        def do_GET(self) -> None:
            self.answer("GET", b"", lambda: _listed(fake, dict(parse_qsl(urlsplit(self.path).query))))

        def answer(self, method: str, body: bytes, work: Any) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.judge.request(method, self.path, headers, body)
            fake.asked.append(method)
            if fake.mood == "slow":
                time.sleep(slow_seconds)
            status, told = _refusal(fake, headers, method) or work()
            if fake.mood == "lost" and method == "POST":
                self.close_connection = True
                return
            content = json.dumps(told).encode()
            if status in (200, 201):
                fake.judge.answer(method, self.path, status, {"content-type": "application/json"}, content)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status == 429:
                self.send_header("Retry-After", "90")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked has given up
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _refusal(fake: FakeTwilio, headers: dict[str, str], method: str) -> tuple[int, dict[str, Any]] | None:
    basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if headers.get("authorization") != f"Basic {basic}":
        return 401, _error(401, 20003)
    if status := STATUS_OF.get(fake.mood):
        return status, _error(status, 20429 if status == 429 else 20500)
    if fake.mood.isdecimal() and method == "POST":
        return 400, _error(400, int(fake.mood))
    return None


def _create(fake: FakeTwilio, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    if code := MAGIC.get(form["To"]):
        return 400, _error(400, code)
    fake.taken.append(form)
    sid = f"SM{len(fake.ledger) + 1:032x}"
    row = {
        "sid": sid, "account_sid": ACCOUNT, "to": form["To"], "from": form.get("From"), "body": form["Body"],
        "messaging_service_sid": form.get("MessagingServiceSid"), "status": "queued", "direction": "outbound-api",
        "num_segments": "1", "num_media": "0", "price": None, "price_unit": "USD", "error_code": None,
        "error_message": None, "api_version": "2010-04-01", "date_created": formatdate(usegmt=True), "date_sent": None,
        "date_updated": formatdate(usegmt=True), "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media.json"},
    }  # fmt: skip
    fake.ledger.append(row)
    return 201, row


def _listed(fake: FakeTwilio, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
    rows = [row for row in reversed(fake.ledger) if row["to"] == query["To"]]
    here = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return 200, {
        "messages": rows[: int(query["PageSize"])], "page": 0, "page_size": int(query["PageSize"]), "start": 0,
        "end": max(len(rows) - 1, 0), "uri": here, "first_page_uri": here, "next_page_uri": None,
        "previous_page_uri": None,
    }  # fmt: skip


def _error(status: int, code: int) -> dict[str, Any]:
    return {"code": code, "message": "Refused.", "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status}  # fmt: skip

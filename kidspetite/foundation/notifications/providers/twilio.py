from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit, urlunsplit

import structlog

from kidspetite.foundation.kernel.phone import phone_number
from kidspetite.foundation.notifications.errors import (
    NewsRefused,
    NumberGetsNoTexts,
    NumberStopped,
    TextRefused,
    TextUnanswered,
)
from kidspetite.foundation.notifications.rules import said
from kidspetite.foundation.notifications.types import News, PostNote, Said, Text, TextAnswer
from kidspetite.foundation.plumbing import http

log = structlog.get_logger(__name__)

CREATED = 201
MOST_FIELDS = 100
# A text that a carrier could not hand over within this time is old news, and the night may have come.
VALID_SECONDS = 3600
CLOCKS_DIFFER = timedelta(minutes=2)
STOPPED = 21610
NO_SUCH_PHONE = frozenset({21211, 21614})
QUEUE_FULL = 21611
OURS_TO_MEND = frozenset({20003, 21212, 21606, 21660})
NEVER_ARRIVES = frozenset({30005, 30006})
NEWS = {
    "accepted": News.ACCEPTED,
    "scheduled": News.ACCEPTED,
    "queued": News.ACCEPTED,
    "sending": News.ACCEPTED,
    "sent": News.ACCEPTED,
    "delivered": News.DELIVERED,
    "read": News.DELIVERED,
    "undelivered": News.REFUSED,
    "failed": News.REFUSED,
    "canceled": News.REFUSED,
}
OPT_OUT_TYPES = {"STOP": Said.STOP, "START": Said.YES, "HELP": Said.HELP}


class TwilioTexter:
    """The Texter port over Twilio's Messages, its status callbacks and what phones answer.

    Sending is not idempotent there. An answer that was lost is looked up before a second try, by number, words and
    time; and a callback that names our key says that the text has left.
    """

    code = "twilio"

    def __init__(
        self, *, account: str, token: str, sender: str, api_base: str, callback: str = "", timeout: float = 10.0
    ) -> None:
        basic = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._http = http.client(api_base, timeout=timeout, headers={"Authorization": f"Basic {basic}"})
        self._account, self._token, self._callback = account, token, callback
        self._path = f"/2010-04-01/Accounts/{account}/Messages.json"
        self._sender = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}

    def deliver(self, text: Text) -> str:
        form = {"To": text.to, "Body": text.words, "ValidityPeriod": str(VALID_SECONDS), **self._sender}
        if self._callback:
            form["StatusCallback"] = f"{self._callback}?text={quote(text.key, safe='')}"
        answer = self._asked("POST", data=form)
        if answer.status_code == CREATED:
            return str(_told(answer).get("sid") or "")
        raise _refusal(answer)

    def taken(self, text: Text, *, since: datetime) -> str | None:
        answer = self._asked("GET", params={"To": text.to, "PageSize": "50"})
        if answer.status_code != http.OK:
            raise _refusal(answer)
        rows = _told(answer).get("messages")
        mine = [row for row in rows if _is_this(row, text, since)] if isinstance(rows, list) else []
        return str(mine[0]["sid"]) if mine else None

    def opened(self, raw: bytes, headers: Mapping[str, str], *, url: str) -> PostNote | TextAnswer:
        """The status of a text, or an answer to one, once its signature is found right. Raises NewsRefused."""
        check_signature(self._token, url, raw, headers.get("X-Twilio-Signature", ""))
        told = dict(_fields(raw))
        sid, number = told.get("MessageSid", ""), told.get("From", "")
        if told.get("AccountSid") != self._account or not sid.isalnum() or len(sid) > 64:
            raise NewsRefused()
        if "MessageStatus" in told:
            return _note(told, sid, key=parse_qs(urlsplit(url).query).get("text", [""])[0])
        if "Body" not in told or phone_number(number) != number:
            raise NewsRefused()
        meant = OPT_OUT_TYPES.get(told.get("OptOutType", "").upper()) or said(told["Body"])
        return TextAnswer(sid, number, meant, _printable(told["Body"])[:200])

    def _asked(self, method: str, **what: Any) -> Any:
        try:
            return self._http.request(method, self._path, **what)
        except http.Failed as fault:
            # Not chained: the address of a call may hold a phone number, and traces of handlers are logged.
            raise TextUnanswered(answer=type(fault).__name__) from None


def check_signature(token: str, url: str, raw: bytes, signature: str) -> None:
    """Whether Twilio signed this body for this address: a form with its fields sorted, anything else by the hash that
    the address carries. The port may be written or left out. Raises NewsRefused."""
    given = parse_qs(urlsplit(url).query).get("bodySHA256")
    if given:
        if not hmac.compare_digest(hashlib.sha256(raw).hexdigest().encode(), given[0].lower().encode()):
            raise NewsRefused()
        signed = ""
    else:
        fields = sorted(set(_fields(raw)))
        signed = "".join(name + value for name, value in fields)
    right = [hmac.new(token.encode(), (address + signed).encode(), hashlib.sha1).digest() for address in _written(url)]
    if not any(hmac.compare_digest(base64.b64encode(digest), signature.encode()) for digest in right):
        raise NewsRefused()


def _fields(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as fault:
        raise NewsRefused() from fault


def _written(url: str) -> tuple[str, str]:
    """An address with its port and without."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return urlunsplit(parts._replace(netloc=host)), urlunsplit(parts._replace(netloc=f"{host}:{port}"))


def _note(told: Mapping[str, str], sid: str, *, key: str) -> PostNote:
    status, code = told["MessageStatus"], told.get("ErrorCode", "")
    news = NEWS.get(status)
    if news is None:
        raise NewsRefused()
    if news is News.REFUSED and code.isdecimal():
        news = News.BOUNCED if int(code) in NEVER_ARRIVES else News.UNSUBSCRIBED if int(code) == STOPPED else news
    words = f"{status} {code}".strip() if code else status
    return PostNote(f"{sid}:{status}", news, told.get("To", ""), key[:160], sid, words[:200])


def _refusal(answer: Any) -> TextUnanswered | TextRefused:
    """What an answer that is no success means: for who reads, for us, or for later."""
    code = _told(answer).get("code")
    told = f"Twilio {answer.status_code} {code or ''}".strip()
    if answer.status_code in (401, 403) or code in OURS_TO_MEND:
        log.error("twilio_refuses_us", status=answer.status_code, code=code)
        return TextUnanswered(answer=told)
    if answer.status_code == 429 or answer.status_code >= 500 or code == QUEUE_FULL:
        return TextUnanswered(answer=told, again_in=_seconds(answer.headers.get("Retry-After", "")))
    if code == STOPPED:
        return NumberStopped(answer=told)
    return NumberGetsNoTexts(answer=told) if code in NO_SUCH_PHONE else TextRefused(answer=told)


def _is_this(row: Any, text: Text, since: datetime) -> bool:
    """A trial account writes a line of its own before the words."""
    try:
        made = parsedate_to_datetime(row["date_created"])
        made = made if made.tzinfo else made.replace(tzinfo=UTC)  # "-0000" is read as no zone at all
        is_same = str(row["body"]).endswith(text.words) and row["to"] == text.to
        return is_same and row["direction"] != "inbound" and made >= since - CLOCKS_DIFFER
    except (KeyError, TypeError, ValueError):
        return False


def _told(answer: Any) -> dict[str, Any]:
    try:
        told = json.loads(answer.text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(text: str) -> int:
    return min(int(text), 3600) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _printable(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words).strip()

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kidspetite.foundation.notifications.errors import NewsRefused, PostRefused, PostUnreachable
from kidspetite.foundation.notifications.types import Letter, News, PostNote
from kidspetite.foundation.plumbing import http

log = structlog.get_logger(__name__)

ACCEPTED = 202
TOO_LARGE, BAD = 413, 400
NEWS = {
    "processed": News.ACCEPTED,
    "delivered": News.DELIVERED,
    "deferred": News.DELAYED,
    "dropped": News.REFUSED,
    "bounce": News.BOUNCED,
    "spamreport": News.COMPLAINED,
    "unsubscribe": News.UNSUBSCRIBED,
    "group_unsubscribe": News.UNSUBSCRIBED,
}
# A mailbox that is full or a server that said "not now" may take the next letter.
BLOCKED = "blocked"


class SendGridPostman:
    """The Postman port over SendGrid's v3 mail send, and its delivery events.

    Sending is not idempotent there: every letter carries its key, and an event that names the key tells us that a
    letter whose answer we lost has left all the same.

    A kind of letter with a template (`templates`: ids by kind) is drawn there; when that template is refused, it
    leaves on our own paper.
    """

    code = "sendgrid"

    def __init__(
        self, *, key: str, api_base: str, sender: str, public_key: str = "", timeout: float = 10.0,
        templates: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._http = http.client(api_base, timeout=timeout, headers={"Authorization": f"Bearer {key}"})
        name, address = parseaddr(sender)
        self._sender = {"email": address, "name": name} if name else {"email": address}
        self._public_key = public_key
        self._templates = templates or {}

    def deliver(self, letter: Letter) -> str:
        template = self._templates.get(letter.kind, "") if letter.fields else ""
        answer = self._posted(letter, template)
        if template and answer.status_code == BAD:
            log.error("sendgrid_template_refused", kind=letter.kind, answer=first_error(answer.text))
            answer = self._posted(letter, "")
        if answer.status_code == ACCEPTED:
            return str(answer.headers.get("X-Message-Id", ""))
        told = f"SendGrid {answer.status_code}"
        if answer.status_code in (BAD, TOO_LARGE):
            raise PostRefused(answer=f"{told} {first_error(answer.text)}".strip())
        if answer.status_code in (401, 403):
            log.error("sendgrid_refuses_us", status=answer.status_code)
        raise PostUnreachable(answer=told)

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> tuple[PostNote, ...]:
        """The events of one delivery, once its signature is found right for these very bytes. Raises NewsRefused."""
        stamp = headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
        signature = headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
        _check_signature(self._public_key, stamp.encode() + raw, signature)
        try:
            events = json.loads(raw)
        except ValueError as fault:
            raise NewsRefused() from fault
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise NewsRefused()
        return tuple(note for event in events if (note := _note(event)))

    def _posted(self, letter: Letter, template: str) -> Any:
        try:
            return self._http.post("/v3/mail/send", json=self._mail(letter, template))
        except http.Failed as fault:
            raise PostUnreachable(answer=type(fault).__name__) from fault

    def _mail(self, letter: Letter, template: str) -> dict[str, Any]:
        content = [{"type": "text/plain", "value": letter.text}]
        if letter.html:
            content.append({"type": "text/html", "value": letter.html})
        mail: dict[str, Any] = {
            "personalizations": [{"to": [{"email": letter.to}], "custom_args": {"letter": letter.key}}],
            "from": self._sender,
            "categories": [letter.kind],
            # Links lead where they say, and nobody is told when a letter is opened.
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
            },
        }
        if template:
            mail["template_id"] = template
            mail["personalizations"][0]["dynamic_template_data"] = dict(letter.fields) | {"subject": letter.subject}
        else:
            mail |= {"subject": letter.subject, "content": content}
        if letter.unsubscribe_url:
            mail["headers"] = {
                "List-Unsubscribe": f"<{letter.unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        return mail


def _check_signature(public_key: str, signed: bytes, signature: str) -> None:
    try:
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise NewsRefused()
        key.verify(base64.b64decode(signature), signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as fault:
        raise NewsRefused() from fault


def _note(event: dict[str, Any]) -> PostNote | None:
    """What one event says, or None for opens, clicks and whatever is invented later."""
    news = NEWS.get(str(event.get("event")))
    if news is None or not event.get("sg_event_id"):
        return None
    if news is News.BOUNCED and event.get("type") == BLOCKED:
        news = News.REFUSED
    return PostNote(
        external_id=str(event["sg_event_id"]),
        news=news,
        to=str(event.get("email", "")),
        letter_key=str(event.get("letter", "")),
        provider_id=str(event.get("sg_message_id", "")).partition(".")[0],
        words=str(event.get("reason") or event.get("response") or "")[:200],
        at=_moment(event.get("timestamp")),
    )


def _moment(stamp: Any) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int) and 0 < stamp < 2**33 else None


def first_error(text: str) -> str:
    """What SendGrid says is wrong; empty when it says nothing that we can read."""
    try:
        return str(json.loads(text)["errors"][0]["message"])[:200]
    except (ValueError, LookupError, TypeError):
        return ""

"""What the fake Stripe tells by itself, and its list of all it has told."""

from __future__ import annotations

import time
from typing import Any

CLOSED = ("won", "lost", "warning_closed", "prevented")


def event_of(event_id: str, kind: str, about: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": event_id, "object": "event", "type": kind, "livemode": False, "api_version": "2026-10-28.endive",
        "created": int(time.time()), "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None},
        "data": {"object": dict(about)},
    }  # fmt: skip


def dispute_of(intent: dict[str, Any], status: str, *, is_known: bool) -> tuple[str, dict[str, Any]]:
    """The kind of news that this state of a dispute is, and the dispute."""
    kind = "closed" if status in CLOSED else "updated" if is_known else "created"
    return f"charge.dispute.{kind}", {
        "id": f"dp_{intent['id'][3:]}", "object": "dispute", "amount": intent["amount_received"], "currency": "usd",
        "reason": "fraudulent", "status": status, "payment_intent": intent["id"], "charge": intent["latest_charge"],
        "metadata": {}, "livemode": False, "created": int(time.time()),
    }  # fmt: skip


def listed(events: list[dict[str, Any]], told: dict[str, Any]) -> dict[str, Any]:
    """`GET /v1/events`: of some kinds and some time, the newest first, page by page."""
    created, kinds = told.get("created", {}), set(dict(told.get("types", {})).values())
    since, until = int(created.get("gte", 0)), int(created.get("lt", 2**40))
    found = [each for each in events if since <= each["created"] < until and (not kinds or each["type"] in kinds)][::-1]
    if after := told.get("starting_after"):
        found = found[[each["id"] for each in found].index(after) + 1 :]
    size = int(told.get("limit", 10))
    return {"object": "list", "data": found[:size], "has_more": len(found) > size, "url": "/v1/events"}

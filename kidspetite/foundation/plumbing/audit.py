"""Audit rows: who did what, written in the same transaction as the change."""

from __future__ import annotations

from typing import Any

import structlog

from kidspetite.foundation.plumbing.models import AuditEntry


def record(*, actor: str, verb: str, subject: str, **facts: Any) -> None:
    """Add one row. `actor` is `user:ID`, `job:NAME` or `shopper`; facts are JSON-able and hold no personal data."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    AuditEntry.objects.create(actor=actor, verb=verb, subject=subject, facts=facts, request_id=request_id)

"""The webhook inbox: stored once, answered at once, acted upon in a job."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kidspetite.foundation.plumbing.events import WebhookReceived
from kidspetite.foundation.plumbing.models import InboxEntry
from kidspetite.foundation.plumbing.publishing import publish


@transaction.atomic
def receive(*, provider: str, external_id: str, kind: str, body: dict[str, Any]) -> bool:
    """Store one verified webhook; False for a second delivery of the same event id, which changes nothing."""
    row, is_new = InboxEntry.objects.get_or_create(
        provider=provider, external_id=external_id, defaults={"kind": kind, "body": body}
    )
    if is_new:
        publish(WebhookReceived(row.pk, provider, kind))
    return is_new


def entry(entry_id: int) -> InboxEntry:
    return InboxEntry.objects.get(pk=entry_id)

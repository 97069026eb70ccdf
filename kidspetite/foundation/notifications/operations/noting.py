"""What became of a message in a worker's hand, written into its row."""

from __future__ import annotations

from datetime import datetime

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.errors import PostRefused, PostUnreachable
from kidspetite.foundation.notifications.models import Message


def note(message: Message, *, status: str, error: str, not_before: datetime | None = None) -> None:
    """It has not left. What became of it meanwhile, such as a withdrawal, stands."""
    still_ours = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
    still_ours.update(status=status, error=error[:300], claimed_at=None, not_before=not_before)


def note_sent(message: Message, *, provider: str, provider_id: str) -> None:
    """It has left, whatever became of it meanwhile."""
    Message.objects.filter(pk=message.pk).update(
        status=Message.Status.SENT, sent_at=clock.now(), claimed_at=None, not_before=None, provider=provider,
        provider_id=provider_id[:120], error="",
    )  # fmt: skip


def words_of(fault: PostUnreachable | PostRefused) -> str:
    return f"{fault.message} {fault.facts.get('answer', '')}".strip()[:300]

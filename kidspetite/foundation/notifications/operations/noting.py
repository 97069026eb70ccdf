"""What became of a message in a worker's hand, written into its row."""

from __future__ import annotations

from datetime import datetime

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.errors import PostRefused, PostUnreachable
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing.recipes import save_kept


def note(message: Message, *, status: str, error: str, not_before: datetime | None = None) -> None:
    """It has not left. What became of it meanwhile, such as a withdrawal, stands."""
    still_ours = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
    still_ours.update(status=status, error=error[:300], claimed_at=None, not_before=not_before)


def note_sent(message: Message, *, provider: str, provider_id: str) -> None:
    """It has left, whatever became of it meanwhile."""
    message.status, message.sent_at, message.claimed_at, message.not_before = (
        Message.Status.SENT, clock.now(), None, None,
    )  # fmt: skip
    message.provider, message.provider_id, message.error = provider, provider_id[:120], ""
    save_kept(message, "status", "sent_at", "claimed_at", "not_before", "provider", "provider_id", "error")


def words_of(fault: PostUnreachable | PostRefused) -> str:
    return f"{fault.message} {fault.facts.get('answer', '')}".strip()[:300]

from __future__ import annotations

from datetime import datetime

from kidspetite.foundation.notifications.models import Message, Suppression
from kidspetite.foundation.notifications.types import PostNote
from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken

MOST = 100


def latest_messages(count: int = MOST) -> list[Message]:
    """The newest letters, for the outbox page and the back office."""
    return list(Message.objects.order_by("-created_at", "-pk")[:count])


def message(message_id: int) -> Message | None:
    return Message.objects.filter(pk=message_id).first()


def messages_about(subject_key: str) -> list[Message]:
    """All letters about one thing, such as `order:KP-…`, the newest first."""
    return list(Message.objects.filter(subject_key=subject_key).order_by("-created_at", "-pk"))


def waiting_messages(*, since: datetime) -> list[int]:
    """Letters that have waited since before a moment: their job is gone, or gave up."""
    waiting = Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=since)
    return list(waiting.order_by("created_at").values_list("pk", flat=True)[:500])


def message_told_of(note: PostNote) -> Message | None:
    """The letter that a provider's note is about: by our key, else by the provider's id. None for another shop's."""
    if note.letter_key:
        return Message.objects.filter(key=note.letter_key).first()
    return Message.objects.filter(provider_id=note.provider_id).first() if note.provider_id else None


def has_bounced(address: str) -> bool:
    return Suppression.objects.filter(address=address.lower(), cause=Suppression.Cause.BOUNCED).exists()


def broken_promises() -> list[Broken]:
    return broken(PROMISES)


PROMISES = (
    Promise(
        "sent_letters_know_when",
        "A letter is called sent without a moment, or has one without being sent.",
        "select key from notifications_message where (status = 'sent') <> (sent_at is not null)",
    ),
)

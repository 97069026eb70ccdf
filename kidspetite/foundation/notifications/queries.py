from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.models import Consent, Message, Suppression
from kidspetite.foundation.notifications.types import PostNote, Topic, Wish
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


def is_welcome(wish: Wish) -> bool:
    """Whether letters about a topic may go to an address: it said yes, and never called one of ours spam."""
    address = wish.address.lower()
    if Suppression.objects.filter(address=address).exists():
        return False
    return Consent.objects.filter(address=address, topic=wish.topic, status=Consent.Status.GIVEN).exists()


def wanted_by(address: str) -> set[Topic]:
    """The topics that somebody said yes to."""
    given = Consent.objects.filter(address=address.lower(), status=Consent.Status.GIVEN)
    return {Topic(topic) for topic in given.values_list("topic", flat=True)}


def subscribers(topic: Topic) -> QuerySet[Consent]:
    """Who may be written to about a topic, the newest last."""
    gone = Suppression.objects.values("address")
    return (
        Consent.objects.filter(topic=topic, status=Consent.Status.GIVEN).exclude(address__in=gone).order_by("given_at")
    )


def has_answered(wish: Wish) -> bool:
    """Whether somebody ever said yes or no to letters about a topic, or was taken to have said yes."""
    return answers(wish.topic).filter(address=wish.address.lower()).exists()


def answers(topic: Topic) -> QuerySet[Consent]:
    """Everybody who ever said yes or no to letters about a topic."""
    return Consent.objects.filter(topic=topic)


def unsubscribe_url(wish: Wish) -> str:
    """The page, and the door for one click, that ends letters about a topic."""
    return f"{settings.BASE_URL}/unsubscribe/{rules.ending_token(Wish(wish.address.lower(), wish.topic))}"


def examples() -> dict[str, rules.Drawing]:
    """How each kind of letter is drawn for a sample, by its kind."""
    autodiscover_modules("messages.examples")
    return rules.drawings()


def broken_promises() -> list[Broken]:
    return broken(PROMISES)


PROMISES = (
    Promise(
        "sent_letters_know_when",
        "A letter is called sent without a moment, or has one without being sent.",
        "select key from notifications_message where (status = 'sent') <> (sent_at is not null)",
    ),
)

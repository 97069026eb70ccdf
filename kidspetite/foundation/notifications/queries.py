from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import autodiscover_modules

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.phone import phone_number
from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.models import Consent, Message, Suppression
from kidspetite.foundation.notifications.types import PostNote, TextLimits, TextState, Topic, Wish
from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken
from kidspetite.foundation.plumbing.recipes import Given, Recipe

MOST = 100
QUESTION = "texts_question"
"""The guard of the text that asks a phone whether it wants texts; its subject is `texts:` and the consent's number."""

_BOUNCED = Recipe(
    lambda: Suppression.objects.filter(address=Given("address"), cause=Suppression.Cause.BOUNCED).values_list("pk")
)


def latest_messages(count: int = MOST) -> list[Message]:
    """The newest letters, for the outbox page and the back office."""
    return list(Message.objects.order_by("-created_at", "-pk")[:count])


def message(message_id: int) -> Message | None:
    return Message.objects.filter(pk=message_id).first()


def messages_about(subject_key: str) -> list[Message]:
    """All letters about one thing, such as `order:KP-…`, the newest first."""
    return list(Message.objects.filter(subject_key=subject_key).order_by("-created_at", "-pk"))


def waiting_messages(*, since: datetime, until: datetime) -> list[tuple[int, str]]:
    """Letters that have waited since before a moment, their job is gone, or gave up; and texts whose time has come. One
    that says to be written after another moment was written by a clock that ran ahead."""
    odd = Q(created_at__lt=since) | Q(created_at__gt=until)
    due = Q(odd, not_before__isnull=True) | Q(not_before__lte=clock.now())
    waiting = Message.objects.filter(due, status=Message.Status.QUEUED)
    return list(waiting.order_by("created_at").values_list("pk", "channel")[:500])


def message_told_of(note: PostNote) -> Message | None:
    """The letter that a provider's note is about: by our key, else by the provider's id. None for another shop's."""
    if note.letter_key:
        return Message.objects.filter(key=note.letter_key).first()
    return Message.objects.filter(provider_id=note.provider_id).first() if note.provider_id else None


def has_bounced(address: str) -> bool:
    return bool(_BOUNCED.rows(address=address.lower()))


def closed_because(number: str) -> str:
    """Why no text goes to a number at all; empty when one may."""
    row = Suppression.objects.filter(address=number).first()
    return str(row.get_cause_display()) if row else ""


def texts_consent(number: str) -> Consent | None:
    return Consent.objects.filter(address=number, topic=Topic.ORDER_TEXTS).first()


def is_unanswered(subject_key: str) -> bool:
    asked = Consent.objects.filter(pk=int(subject_key.removeprefix("texts:")), status=Consent.Status.ASKED)
    return asked.exists()


def consent(consent_id: int) -> Consent:
    return Consent.objects.get(pk=consent_id)


def text_state(number: str) -> TextState:
    """Where a number stands with our texts; NONE also for what is no number."""
    kept = phone_number(number)
    row = Suppression.objects.filter(address=kept).first() if kept else None
    if row:
        return TextState.STOPPED if row.cause == Suppression.Cause.STOPPED else TextState.NO_TEXTS
    consent = texts_consent(kept) if kept else None
    if consent is None or consent.status == Consent.Status.ENDED:
        return TextState.NONE
    return TextState.GIVEN if consent.status == Consent.Status.GIVEN else TextState.ASKED


def text_limits() -> TextLimits:
    falls, breaks = (time.fromisoformat(part) for part in settings.SMS_QUIET_HOURS.split("-"))
    return TextLimits(
        settings.SMS_DAILY_PER_NUMBER, settings.SMS_COUNTRIES, settings.SMS_DAILY_SEGMENTS, (falls, breaks)
    )


def is_welcome(wish: Wish) -> bool:
    """Whether letters about a topic may go to an address: it said yes, and never called one of ours spam."""
    address = wish.address.lower()
    if Suppression.objects.filter(address=address).exists():
        return False
    return Consent.objects.filter(address=address, topic=wish.topic, status=Consent.Status.GIVEN).exists()


def welcome_among(addresses: Iterable[str], topic: Topic) -> set[str]:
    """Those of the addresses, in small letters, to which letters about a topic may go."""
    wanted = {address.lower() for address in addresses}
    gone = Suppression.objects.filter(address__in=wanted).values("address")
    given = Consent.objects.filter(address__in=wanted, topic=topic, status=Consent.Status.GIVEN)
    return set(given.exclude(address__in=gone).values_list("address", flat=True))


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
    Promise(
        "texts_go_to_those_who_said_yes",
        "A text about an order left for a phone whose owner never said yes.",
        "select key from notifications_message m where channel = 'text' and topic <> 'service' and status = 'sent'"
        " and not exists (select 1 from notifications_consent c where c.address = m.to and c.topic = m.topic"
        " and c.given_at is not null)",
    ),
)

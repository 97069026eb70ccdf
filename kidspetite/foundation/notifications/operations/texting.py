"""A text leaves: by day, within the day's limits, to a phone whose owner said yes, and once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.phone import country_of, gets_texts, phone_number, zones_of
from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.errors import (
    NotAPhone,
    NumberGetsNoTexts,
    NumberStopped,
    TextRefused,
    TextUnanswered,
)
from kidspetite.foundation.notifications.models import Consent, Message, Suppression, TextDay
from kidspetite.foundation.notifications.operations.noting import note, note_sent, words_of
from kidspetite.foundation.notifications.operations.queueing import queue
from kidspetite.foundation.notifications.queries import closed_because, text_limits, texts_consent
from kidspetite.foundation.notifications.types import Channel, Text, Topic
from kidspetite.foundation.plumbing import wiring

log = structlog.get_logger(__name__)

LONGEST = 1600
# Nobody is told on Friday that a parcel left on Wednesday; and whoever has not said yes within a day will not.
STALE = timedelta(days=1)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Hurdle:
    """Why a text does not leave now; `until` is when to look again, None when it never leaves."""

    why: str
    until: datetime | None = None


@transaction.atomic
def send_text(text: Text) -> Message:
    """Write a text in the caller's transaction; a job sends it after the commit, unless it is night there.

    The same key a second time changes nothing and gives back the first. Raises NotAPhone.
    """
    assert not text.guard or rules.is_known(text.guard), text.guard
    number = textable(text.to)
    return queue(
        Message(
            key=text.key, kind=text.kind, channel=Channel.TEXT, to=number,
            text=rules.plain_text(text.words)[:LONGEST], subject_key=text.subject_key, guard=text.guard,
            topic=text.topic, place=text.place[:10], created_at=clock.now(), segments=0,
        )
    )  # fmt: skip


def textable(number: str) -> str:
    """A number as it is kept, if a text from us may go there. Raises NotAPhone."""
    kept = phone_number(number)
    if kept is None or not gets_texts(kept) or not text_limits().segments_by_country.get(country_of(kept)):
        raise NotAPhone()
    return kept


def hand_over(message: Message) -> None:
    """Hand a claimed text to its provider, outside any transaction. Raises TextUnanswered, so that the job is tried
    again; before a second try the provider is asked whether it has the text already."""
    texter, text = wiring.provider("texts"), _text(message)
    try:
        # Counting it is the note of the intent: whatever was counted may have left, and then nothing else matters.
        known = texter.taken(text, since=message.created_at) if message.segments else None
        if not known and not _clears(message):
            return
        provider_id = known or texter.deliver(text)
    except TextUnanswered as fault:
        again_in = int(fault.facts.get("again_in") or 0)
        later = clock.now() + timedelta(seconds=again_in) if again_in else None
        note(message, status=Message.Status.QUEUED, error=words_of(fault), not_before=later)
        raise
    except TextRefused as fault:
        log.warning("text_refused", message_id=message.pk, kind=message.kind)
        _close(message.to, fault)
        note(message, status=Message.Status.FAILED, error=words_of(fault))
        return
    note_sent(message, provider=texter.code, provider_id=provider_id)


@transaction.atomic
def book(message: Message) -> Hurdle | None:
    """Count a text against the limits of its number, its country and the day, before it leaves; all of them or none.
    Twice is once. The rows are taken in this order by everybody."""
    if Message.objects.filter(pk=message.pk, segments__gt=0).exists():
        return None
    limits, today = text_limits(), clock.now().date()
    parts, country = rules.segments(message.text), country_of(message.to)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), clock.now().tzinfo)
    counts = (
        (message.to, 1, limits.messages_a_number, Hurdle(gettext("This number has had enough texts for one day."))),
        (
            country, parts, limits.segments_by_country.get(country, 0),
            Hurdle(gettext("That country has had enough texts for one day.")),
        ),
        (ALL, parts, limits.segments, Hurdle(gettext("The day's budget for texts is spent."), tomorrow)),
    )  # fmt: skip
    TextDay.objects.bulk_create([TextDay(day=today, scope=count[0]) for count in counts], ignore_conflicts=True)
    for scope, more, most, hurdle in counts:
        if not _take(today, scope, more, most):
            transaction.set_rollback(True)
            return hurdle
    Message.objects.filter(pk=message.pk).update(segments=parts)
    return None


def _take(day: date, scope: str, more: int, most: int) -> bool:
    """Count so much more, if there is room for it: one statement, so that nobody counts on what another has taken."""
    room = TextDay.objects.filter(day=day, scope=scope, used__lte=most - more) if most >= more else None
    return bool(room is not None and room.update(used=F("used") + more))


def _clears(message: Message) -> bool:
    """Whether nothing stands in its way, and the day's limits have room for it; otherwise its row says why."""
    hurdle = _hurdle(message)
    if hurdle is None and (hurdle := book(message)):
        log.warning("texts_limit_reached", message_id=message.pk)
    if hurdle:
        status = Message.Status.QUEUED if hurdle.until else Message.Status.WITHDRAWN
        note(message, status=status, error=hurdle.why, not_before=hurdle.until)
    return hurdle is None


def _hurdle(message: Message) -> Hurdle | None:
    """What stands in a text's way at the moment of sending, the lasting reasons first."""
    now = clock.now()
    if why := closed_because(message.to):
        return Hurdle(why)
    if now >= message.created_at + STALE:
        return Hurdle(gettext("Too old to be news."))
    if not rules.is_still_wanted(message.guard, message.subject_key):
        return Hurdle(gettext("No longer wanted."))
    if message.topic != Topic.SERVICE:
        consent = texts_consent(message.to)
        if consent is None or consent.status == Consent.Status.ENDED:
            return Hurdle(gettext("Not wanted: no texts about this go there."))
        if consent.status == Consent.Status.ASKED:
            return Hurdle(gettext("Waits until the phone answers YES."), message.created_at + STALE)
    zones = rules.zones_at(message.place) or zones_of(message.to) or rules.ANYWHERE
    if until := rules.awake_at(now, zones, text_limits().night):
        return Hurdle(gettext("It is night there."), until)
    return None


def _close(number: str, fault: TextRefused) -> None:
    """What the provider knows of a phone is known here from now on."""
    Cause = Suppression.Cause
    if isinstance(fault, NumberStopped | NumberGetsNoTexts):
        cause = Cause.STOPPED if isinstance(fault, NumberStopped) else Cause.NO_TEXTS
        close_number(number, cause=cause, words=str(fault.facts.get("answer", "")))


def close_number(number: str, *, cause: str, words: str = "") -> None:
    """No more texts there. STOP outweighs a number that merely gets none, for only START ends it."""
    row, is_new = Suppression.objects.get_or_create(
        address=number, defaults={"cause": cause, "words": words[:200], "at": clock.now()}
    )
    if not is_new and cause == Suppression.Cause.STOPPED:
        Suppression.objects.filter(pk=row.pk).update(cause=cause, words=words[:200], at=clock.now())


def _text(message: Message) -> Text:
    return Text(
        key=message.key, kind=message.kind, to=message.to, words=message.text, subject_key=message.subject_key,
        guard=message.guard, topic=Topic(message.topic), place=message.place,
    )  # fmt: skip

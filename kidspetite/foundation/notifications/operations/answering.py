"""Texts are asked about, answered, ended: what people say to them, and what their provider tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.phone import phone_number
from kidspetite.foundation.notifications.errors import NewsRefused, TooManyNumbers
from kidspetite.foundation.notifications.events import MessageQueued, TextsConfirmed
from kidspetite.foundation.notifications.models import Answer, Consent, Message, PostEvent, Suppression
from kidspetite.foundation.notifications.operations.consenting import end_wish, give_wish
from kidspetite.foundation.notifications.operations.hearing import HAS_LEFT, note_that_it_left, packed, unpacked
from kidspetite.foundation.notifications.operations.texting import close_number, textable
from kidspetite.foundation.notifications.ports import TextNews
from kidspetite.foundation.notifications.queries import message_told_of, text_state, texts_consent
from kidspetite.foundation.notifications.types import Channel, News, PostNote, Said, TextAnswer, TextState, Topic, Wish
from kidspetite.foundation.plumbing import inbox, wiring
from kidspetite.foundation.plumbing.publishing import publish

log = structlog.get_logger(__name__)

NUMBERS_A_DAY = 5
ANSWER = "answer"


@transaction.atomic
def ask_texts(number: str, *, source: str) -> tuple[TextState, Consent | None]:
    """Note that somebody, perhaps the owner of the phone, wants texts about orders. Gives where the number stands now,
    and the consent to be confirmed by a text when that is ASKED. A phone that answered STOP is not asked again.
    Raises NotAPhone, TooManyNumbers (one `source` such as `user:7` in a day).
    """
    to = textable(number)
    state = text_state(to)
    if state in (TextState.GIVEN, TextState.STOPPED, TextState.NO_TEXTS):
        return state, None
    now = clock.now()
    if ":" in source:
        asked = Consent.objects.filter(source=source, asked_at__gt=now - timedelta(days=1)).exclude(address=to)
        if asked.count() >= NUMBERS_A_DAY:
            raise TooManyNumbers()
    told = {"status": Consent.Status.ASKED, "source": source, "asked_at": now}
    consent, _is_new = Consent.objects.update_or_create(address=to, topic=Topic.ORDER_TEXTS, defaults=told)
    return TextState.ASKED, consent


@transaction.atomic
def end_texts(number: str, *, source: str) -> None:
    """No more texts there, as somebody chose in their settings. They may be asked for again."""
    if to := phone_number(number):
        end_wish(Wish(to, Topic.ORDER_TEXTS), source=source)
        _take_back(to)


def take_text_news(provider: str, raw: bytes, headers: Mapping[str, str], *, url: str) -> None:
    """Keep what a provider of texts tells, once it is proved to come from it. A second telling changes nothing. Raises
    NewsRefused, and then nothing of it is kept or logged."""
    if provider not in wiring.codes("texts"):
        raise NewsRefused()
    texter: TextNews = wiring.provider("texts", provider)
    told = texter.opened(raw, headers, url=url)
    if isinstance(told, TextAnswer):
        inbox.receive(provider=provider, external_id=told.provider_id, kind=ANSWER, body=asdict(told))
    else:
        inbox.receive(provider=provider, external_id=told.external_id, kind=told.news, body=packed(told))


@transaction.atomic
def hear_text_news(entry_id: int) -> None:
    """Act on one kept message: an answer, or the status of a text, in whatever order they come."""
    entry = inbox.entry(entry_id)
    if entry.kind == ANSWER:
        hear_answer(TextAnswer(**{**entry.body, "said": Said(entry.body["said"])}))
    else:
        _hear_status(unpacked(entry.body), provider=entry.provider, at=entry.received_at)


@transaction.atomic
def hear_answer(answer: TextAnswer) -> None:
    """STOP ends texts to this phone, YES and START begin them, and both are kept as proof. The same answer a second
    time, however late, changes nothing."""
    _row, is_new = Answer.objects.get_or_create(
        provider_id=answer.provider_id,
        defaults={"address": answer.number, "said": answer.said, "words": answer.words, "at": clock.now()},
    )
    if not is_new:
        return
    if answer.said is Said.STOP:
        _stop(answer.number)
    elif answer.said is Said.YES:
        _start(answer.number)


def _stop(number: str) -> None:
    close_number(number, cause=Suppression.Cause.STOPPED)
    end_wish(Wish(number, Topic.ORDER_TEXTS), source="phone")
    _take_back(number)


def _start(number: str) -> None:
    """A yes counts for who was asked, or stopped; whoever merely writes us "yes" is not signed up for anything."""
    Suppression.objects.filter(address=number, cause=Suppression.Cause.STOPPED).delete()
    consent = texts_consent(number)
    if consent is None or consent.status == Consent.Status.GIVEN:
        return
    give_wish(Wish(number, Topic.ORDER_TEXTS), source="phone")
    publish(TextsConfirmed(consent.pk))
    waiting = Message.objects.filter(channel=Channel.TEXT, to=number, status=Message.Status.QUEUED)
    waiting.update(not_before=None)
    for message_id in waiting.exclude(topic=Topic.SERVICE).order_by("pk").values_list("pk", flat=True):
        publish(MessageQueued(message_id))


def _take_back(number: str) -> None:
    waiting = Message.objects.filter(channel=Channel.TEXT, to=number, status=Message.Status.QUEUED)
    waiting.update(
        status=Message.Status.WITHDRAWN, error=gettext("Not wanted: no texts about this go there."), not_before=None
    )


def _hear_status(note: PostNote, *, provider: str, at: datetime) -> None:
    message = message_told_of(note)
    if message is None or message.channel != Channel.TEXT:
        return
    PostEvent.objects.create(message=message, news=note.news, words=note.words, at=at)
    if note.news in HAS_LEFT:
        note_that_it_left(message, note, provider=provider, at=at)
    causes: dict[News, Any] = {
        News.BOUNCED: Suppression.Cause.NO_TEXTS,
        News.UNSUBSCRIBED: Suppression.Cause.STOPPED,
    }
    if cause := causes.get(note.news):
        close_number(message.to, cause=cause, words=note.words)

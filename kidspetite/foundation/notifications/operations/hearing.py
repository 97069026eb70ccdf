"""What mail providers tell of our letters: kept first, acted upon in a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.notifications.errors import NewsRefused
from kidspetite.foundation.notifications.models import Message, PostEvent, Suppression
from kidspetite.foundation.notifications.ports import PostNews
from kidspetite.foundation.notifications.queries import message_told_of
from kidspetite.foundation.notifications.types import News, PostNote
from kidspetite.foundation.plumbing import inbox, wiring

SUPPRESSES = {News.BOUNCED: Suppression.Cause.BOUNCED, News.COMPLAINED: Suppression.Cause.COMPLAINED}
HAS_LEFT = frozenset({News.ACCEPTED, News.DELIVERED, News.DELAYED})


def take_news(provider: str, raw: bytes, headers: Mapping[str, str]) -> int:
    """Keep what a provider tells, once it is proved to come from it; returns how many notes it holds. A second telling
    changes nothing. Raises NewsRefused, and then nothing of it is kept or logged."""
    if provider not in wiring.codes("mail"):
        raise NewsRefused()
    postman: PostNews = wiring.provider("mail", provider)
    notes = postman.opened(raw, headers)
    with transaction.atomic():
        for note in notes:
            inbox.receive(provider=provider, external_id=note.external_id, kind=note.news, body=packed(note))
    return len(notes)


@transaction.atomic
def hear_news(entry_id: int) -> None:
    """Act on one kept note: it stands in the history of its letter; an address that bounced gets no more letters; and
    a letter whose answer was lost, but which has left, is not sent again."""
    entry = inbox.entry(entry_id)
    note = unpacked(entry.body)
    at = note.at or entry.received_at
    if message := message_told_of(note):
        PostEvent.objects.create(message=message, news=note.news, words=note.words, at=at)
        if note.news in HAS_LEFT:
            note_that_it_left(message, note, provider=entry.provider, at=at)
    cause = SUPPRESSES.get(note.news)
    if cause and (address := mail_address(note.to)):
        Suppression.objects.get_or_create(
            address=address.lower(), defaults={"cause": cause, "words": note.words, "at": clock.now()}
        )


def note_that_it_left(message: Message, note: PostNote, *, provider: str, at: datetime) -> None:
    waiting = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
    waiting.update(
        status=Message.Status.SENT, sent_at=at, claimed_at=None, error="", provider=provider,
        provider_id=note.provider_id[:120],
    )  # fmt: skip


def packed(note: PostNote) -> dict[str, str]:
    return {**asdict(note), "at": note.at.isoformat() if note.at else ""}


def unpacked(body: dict[str, str]) -> PostNote:
    at = datetime.fromisoformat(body["at"]) if body["at"] else None
    return PostNote(**{**body, "news": News(body["news"]), "at": at})  # type: ignore[arg-type]  # mypy reads str only

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.errors import NotAnAddress, NotSentYet, PostRefused, PostUnreachable
from kidspetite.foundation.notifications.events import MessageQueued
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.operations import texting
from kidspetite.foundation.notifications.operations.noting import note, note_sent, words_of
from kidspetite.foundation.notifications.operations.queueing import queue
from kidspetite.foundation.notifications.queries import has_bounced, is_welcome, unsubscribe_url, waiting_messages
from kidspetite.foundation.notifications.types import Channel, Letter, Text, Topic, Wish
from kidspetite.foundation.plumbing import wiring
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import Given, Recipe, ask_kept
from kidspetite.foundation.plumbing.transactions import one_transaction

log = structlog.get_logger(__name__)

IN_HAND = timedelta(minutes=3)
PATIENCE = timedelta(minutes=10)
GIVEN_UP = timedelta(days=3)
LONGEST_KEY = 160

# In hand since a time to come: a clock was wrong. A little of that is two machines that differ.
CLAIM = """
update notifications_message set claimed_at = %(now)s, attempts = attempts + 1
where id = %(message)s and status = 'queued' and (not_before is null or not_before <= %(now)s)
  and (claimed_at is null or claimed_at < %(before)s or claimed_at > %(after)s)
returning id
"""
_WITH_ID = Recipe(lambda: Message.objects.filter(pk=Given("message")))


@one_transaction()
def send_message(message: Letter | Text) -> Message:
    """Write a letter or a text in the caller's transaction; a job sends it after the commit.

    The same key a second time changes nothing and gives back the first. Raises NotAnAddress, NotAPhone.
    """
    return texting.send_text(message) if isinstance(message, Text) else _send_letter(message)


def _send_letter(letter: Letter) -> Message:
    assert not letter.guard or rules.is_known(letter.guard), letter.guard
    to = mail_address(letter.to)
    if to is None:
        raise NotAnAddress(kind=letter.kind)
    return queue(
        Message(
            key=letter.key, kind=letter.kind, to=to, subject=_one_line(letter.subject)[:200], text=letter.text,
            html=letter.html, fields=letter.fields, subject_key=letter.subject_key, guard=letter.guard,
            topic=letter.topic, channel=Channel.MAIL, created_at=clock.now(), place="", segments=0,
        )
    )  # fmt: skip


def deliver(message_id: int) -> None:
    """Hand one waiting message to the post, outside any transaction. One that is put off, sent, withdrawn or in another
    worker's hand is left alone; one that nobody wants or can get any more is kept back. Raises PostUnreachable, so that
    the job is tried again."""
    message = _claim(message_id)
    if message is None:
        return
    (texting.hand_over if message.channel == Channel.TEXT else _hand_over)(message)


def _hand_over(message: Message) -> None:
    if why := _kept_back(message):
        note(message, status=Message.Status.WITHDRAWN, error=why)
        return
    postman = wiring.provider("mail")
    try:
        provider_id = postman.deliver(_letter(message))
    except PostUnreachable as fault:
        note(message, status=Message.Status.QUEUED, error=words_of(fault))
        raise
    except PostRefused as fault:
        log.warning("letter_refused", message_id=message.pk, kind=message.kind)
        note(message, status=Message.Status.FAILED, error=words_of(fault))
        return
    note_sent(message, provider=postman.code, provider_id=provider_id)


def deliver_waiting() -> int:
    """Send what its own job has not sent within ten minutes, and texts whose time has come; give up what was tried for
    three days. A provider that does not answer is left alone until the next time; the others are not."""
    now = clock.now()
    Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=now - GIVEN_UP, attempts__gt=0).update(
        status=Message.Status.FAILED, claimed_at=None
    )
    waiting = waiting_messages(since=now - PATIENCE, until=now + PATIENCE)
    silent = set()
    for message_id, channel in waiting:
        if channel in silent:
            continue
        try:
            deliver(message_id)
        except PostUnreachable:
            log.info("post_still_unreachable", channel=channel, waiting=len(waiting))
            silent.add(channel)
    return len(waiting)


@transaction.atomic
def withdraw_messages(*, subject: str) -> int:
    """Take back every letter about this subject that has not left yet; returns how many."""
    waiting = Message.objects.filter(subject_key=subject, status=Message.Status.QUEUED)
    return waiting.update(status=Message.Status.WITHDRAWN)


@transaction.atomic
def send_again(message_id: int) -> None:
    """Put a letter that failed back into the post; one that was sent is not sent twice."""
    failed = Message.objects.filter(pk=message_id, status=Message.Status.FAILED)
    if failed.update(status=Message.Status.QUEUED, created_at=clock.now(), error="", claimed_at=None, not_before=None):
        publish(MessageQueued(message_id))


@transaction.atomic
def send_copy(message_id: int, *, key: str) -> Message:
    """Send a letter that has left once more, word for word, as when it was lost; the same key is one copy. Raises
    NotSentYet for one that waits, failed, or was kept back, and for a text."""
    sent = Message.objects.filter(pk=message_id, status=Message.Status.SENT, channel=Channel.MAIL).first()
    if sent is None:
        raise NotSentYet()
    return send_message(replace(_letter(sent), key=f"copy:{message_id}:{key}"[:LONGEST_KEY]))


@transaction.atomic
def send_sample(letter: Letter, *, to: str, key: str) -> Message:
    """Send a sample of a letter to whoever wants to look at it; the same key is one sample. Raises NotAnAddress."""
    return send_message(
        replace(
            letter, key=f"sample:{letter.kind}:{key}"[:LONGEST_KEY], to=to, subject_key=f"sample:{letter.kind}",
            subject=gettext("Sample: %(subject)s") % {"subject": letter.subject}, topic=Topic.SERVICE, guard="",
        )
    )  # fmt: skip


def _claim(message_id: int) -> Message | None:
    now = clock.now()
    told = {"message": message_id, "now": now, "before": now - IN_HAND, "after": now + IN_HAND}
    return _WITH_ID.row(message=message_id) if ask_kept(CLAIM, told) else None


def _kept_back(message: Message) -> str:
    """Why it must not leave; empty when it may."""
    if has_bounced(message.to):
        return gettext("There is no such mailbox: an earlier letter bounced.")
    if message.topic != Topic.SERVICE and not is_welcome(_wish(message)):
        return gettext("Not wanted: no letters about this go there.")
    if not rules.is_still_wanted(message.guard, message.subject_key):
        return gettext("No longer wanted.")
    return ""


def _letter(message: Message) -> Letter:
    return Letter(
        key=message.key,
        kind=message.kind,
        to=message.to,
        subject=message.subject,
        text=message.text,
        html=message.html,
        fields=message.fields,
        subject_key=message.subject_key,
        guard=message.guard,
        topic=Topic(message.topic),
        unsubscribe_url=unsubscribe_url(_wish(message)) if message.topic != Topic.SERVICE else "",
    )


def _wish(message: Message) -> Wish:
    return Wish(message.to, Topic(message.topic))


def _one_line(text: str) -> str:
    """No line break ever reaches a header."""
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip()

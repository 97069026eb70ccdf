from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.notifications.types import Channel, News, Said, Topic


class Message(models.Model):
    """One letter or text to one person, written in the transaction that caused it and sent by a job.

    `key` is unique, so telling the same thing twice is impossible; `subject_key` lets rooms withdraw it.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=60)
    channel = models.CharField(
        max_length=4, choices=[(each.value, each.value) for each in Channel], default=Channel.MAIL.value,
        db_default=Channel.MAIL.value,
    )  # fmt: skip
    to = models.CharField(max_length=254, help_text="a mail address, or a phone number such as +12125550123")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    fields = models.JSONField(default=dict, blank=True, help_text="the same words, for templates that a provider keeps")
    subject_key = models.CharField(max_length=120, blank=True, db_index=True)
    topic = models.CharField(max_length=20, default=Topic.SERVICE.value)
    guard = models.CharField(max_length=60, blank=True, help_text="who is asked, at sending, whether it is wanted")
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="put off till then: it is night, or the day's budget is spent"
    )
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="a worker has it in hand since then")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=30, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="why it waits, failed, or was kept back")
    place = models.CharField(
        max_length=10, blank=True, db_default="", help_text="ZIP or state, for a text: when it is night there"
    )
    segments = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="parts of a text, counted against the day's limits before it left"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel="text") | Q(to__startswith="+"), name="notifications_texts_go_to_numbers"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(status="queued"), name="notifications_waiting"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="notifications_told_of"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

    @property
    def headline(self) -> str:
        """A letter's subject; a text has none, and begins with its words."""
        return self.subject or Truncator(self.text).chars(80)

    @property
    def is_text(self) -> bool:
        return self.channel == Channel.TEXT


class PostEvent(models.Model):
    """Something that a provider told of a letter, in the order in which it came."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="events")
    news = models.CharField(max_length=12, choices=[(each.value, each.value) for each in News])
    words = models.CharField(max_length=200, blank=True, help_text="in the provider's words")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.news} {self.at}"


class Suppression(models.Model):
    """An address or a number to which nothing goes any more, and why."""

    class Cause(models.TextChoices):
        BOUNCED = "bounced", _("there is no such mailbox")
        COMPLAINED = "complained", _("marked a letter of ours as spam")
        STOPPED = "stopped", _("answered STOP to a text")
        NO_TEXTS = "no_texts", _("this number gets no texts")

    address = models.CharField(max_length=254, unique=True, help_text="in small letters, or a phone number")
    cause = models.CharField(max_length=12, choices=Cause)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.address} {self.cause}"


class Consent(models.Model):
    """Whether somebody wants messages about a topic: asked for once, confirmed from the mailbox or the phone, ended at
    any time."""

    class Status(models.TextChoices):
        ASKED = "asked", _("not confirmed yet")
        GIVEN = "given", _("wants letters")
        ENDED = "ended", _("wants none")

    address = models.CharField(max_length=254, help_text="in small letters, or a phone number")
    topic = models.CharField(max_length=20)
    status = models.CharField(max_length=8, choices=Status)
    source = models.CharField(max_length=40, help_text="where it was given: footer, settings")
    asked_at = models.DateTimeField(db_default=Now())
    given_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "topic"], name="notifications_one_wish_a_topic"),
            models.CheckConstraint(
                condition=~Q(status="given") | Q(given_at__isnull=False), name="notifications_given_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.topic} {self.status}"


class Answer(models.Model):
    """What somebody answered to a text. Kept for good: it proves consent and its end, and no answer counts twice."""

    provider_id = models.CharField(max_length=120, unique=True)
    address = models.CharField(max_length=20, db_index=True, help_text="the phone number")
    said = models.CharField(
        max_length=5,
        choices=[
            (Said.YES.value, _("yes, or start")), (Said.STOP.value, _("stop")), (Said.HELP.value, _("help")),
            (Said.OTHER.value, _("something else")),
        ],
    )  # fmt: skip
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.said} {self.at:%Y-%m-%d}"


class TextDay(models.Model):
    """Segments of texts in one day, counted before they leave: of all, of a country, or messages to one number."""

    day = models.DateField()
    scope = models.CharField(max_length=20, help_text="all, a country such as US, or a phone number")
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "scope"], name="notifications_one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.used}"

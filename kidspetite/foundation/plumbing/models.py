from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class HandledEvent(models.Model):
    """One handler has dealt with one event; the row makes a second delivery harmless."""

    event_id = models.UUIDField()
    handler = models.CharField(max_length=200)
    done = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="plumbing_handle_an_event_once")]

    def __str__(self) -> str:
        return f"{self.handler} {self.event_id}"


class IdempotencyRecord(models.Model):
    """What was answered to one client, path and key; kept 24 hours."""

    scope = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    holder = models.CharField(max_length=120, blank=True, help_text="host:pid:start of the process at work, or empty")
    started_at = models.DateTimeField()
    subject = models.CharField(max_length=80, blank=True, help_text="what this key opened, such as an order number")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.BinaryField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "path", "key"], name="plumbing_one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"


class InboxEntry(models.Model):
    """A webhook as it came, stored before any effect; unique on (provider, event id)."""

    provider = models.CharField(max_length=30)
    external_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=120)
    body = models.JSONField()
    received_at = models.DateTimeField(db_default=Now())
    handled_at = models.DateTimeField(
        null=True, blank=True, help_text="when all that follows from it had happened; empty while its job is not done"
    )

    class Meta:
        verbose_name_plural = "inbox entries"
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="plumbing_receive_once")]
        indexes = [
            models.Index(fields=["received_at"], name="plumbing_unhandled", condition=models.Q(handled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.external_id}"


class AuditEntry(models.Model):
    """Who did what to which thing, when. Rows are only ever added."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    actor = models.CharField(max_length=120, help_text="user:12, job:…, or shopper")
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, db_index=True)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Message(models.Model):
    """One letter to one person, written in the transaction that caused it and sent by a job.

    `key` is unique, so telling the same thing twice is impossible; `subject_key` lets rooms withdraw it.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=60)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    subject_key = models.CharField(max_length=120, blank=True, db_index=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="a worker has it in hand since then")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=30, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(status="queued"), name="notifications_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

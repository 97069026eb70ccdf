"""What the sandbox bank remembers. Not part of the shop's books."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from kidspetite.sales.payments.models.tenders import CAPTURES
from kidspetite.sales.payments.types import Capture


class SandboxCard(models.Model):
    """A card that the sandbox bank was asked to keep; its own memory, not part of the shop's books."""

    class Status(models.TextChoices):
        ASKING = "asking"
        KEPT = "kept"
        REFUSED = "refused"
        FORGOTTEN = "forgotten"

    key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=60, unique=True)
    payer = models.CharField(max_length=60)
    token = models.CharField(max_length=40)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=60, blank=True)
    return_url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class SandboxCharge(models.Model):
    """The sandbox gateway's own ledger: what it would say when asked. Not part of the shop's books."""

    key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=60, unique=True)
    token = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=60, blank=True)
    capture = models.CharField(max_length=12, choices=CAPTURES, default=Capture.AT_ONCE)
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    refunds = models.JSONField(default=list, blank=True, help_text="made: id, amount_minor, key")
    return_url = models.CharField(max_length=400, blank=True)
    cancel_url = models.CharField(max_length=400, blank=True)
    settles_at = models.DateTimeField(null=True, blank=True, help_text="when a late charge is decided")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"

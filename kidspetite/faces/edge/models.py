from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class RateCount(models.Model):
    """Hits of one client in one window. The table is UNLOGGED: a crash of the database forgets them, and may."""

    key = models.CharField(max_length=120, primary_key=True)
    hits = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.hits}"


class CdnNote(models.Model):
    """Tags whose pages the network before the shop must drop. Gone once it has; taken by one job at a time."""

    tags = ArrayField(models.CharField(max_length=200))
    noted_at = models.DateTimeField(db_default=Now())
    taken_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return ", ".join(self.tags)

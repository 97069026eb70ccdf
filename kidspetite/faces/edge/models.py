from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """Hits of one client in one window. The table is UNLOGGED: a crash of the database forgets them, and may."""

    key = models.CharField(max_length=120, primary_key=True)
    hits = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.hits}"

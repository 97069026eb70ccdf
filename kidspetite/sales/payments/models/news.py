"""How far we have read what a provider tells."""

from __future__ import annotations

from django.db import models


class NewsRead(models.Model):
    """Until when a provider's own list of its messages has been read. What it told before is in the inbox, or was."""

    provider = models.CharField(max_length=20, unique=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "news read"

    def __str__(self) -> str:
        return f"{self.provider} until {self.until:%Y-%m-%d %H:%M}"

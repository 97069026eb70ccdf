from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LowMark(models.Model):
    """At how many pieces on hand a variant runs low, where that is not the shop's own number."""

    variant = models.OneToOneField("catalog.Variant", models.CASCADE, related_name="low_mark")
    pieces = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.variant_id} at {self.pieces}"


class LowStock(models.Model):
    """A variant fell to its mark: one crossing, until it is above it again. At most one stands open for a variant."""

    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="crossings")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant"], condition=Q(ended_at=None), name="inventory_one_open_crossing")
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} since {self.since:%Y-%m-%d}"


class LowStockChoice(models.Model):
    """How somebody of the team hears of what runs low, and how far they were told. Unchosen, their role decides."""

    class How(models.TextChoices):
        EACH = "each", _("as it happens")
        DAILY = "daily", _("one letter a day")
        OFF = "off", _("none")

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="low_stock_news")
    how = models.CharField(max_length=8, choices=How, blank=True, default="")
    told = models.BigIntegerField(default=0, help_text="the latest crossing they were told of")
    told_at = models.DateTimeField(null=True, blank=True, help_text="the morning up to which a daily letter told")

    def __str__(self) -> str:
        return f"{self.user} {self.how}"

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.vitals.types import Device, PageKind, Vital


def _choices(words: type[Vital] | type[PageKind] | type[Device]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class VitalCount(models.Model):
    """How many visits of a day fell into one bucket. There is no row for a visit."""

    day = models.DateField(help_text="by the shop's clock, when it was written down")
    page = models.CharField(max_length=8, choices=_choices(PageKind))
    device = models.CharField(max_length=7, choices=_choices(Device))
    vital = models.CharField(max_length=4, choices=_choices(Vital))
    upto = models.PositiveIntegerField(help_text="the bucket's upper edge: milliseconds, for CLS thousandths")
    visits = models.PositiveBigIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = _("count of visits"), _("counts of visits")
        constraints = [
            models.UniqueConstraint(fields=["day", "page", "device", "vital", "upto"], name="vitals_one_row_a_bucket"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.page} {self.device} {self.vital} ≤ {self.upto}: {self.visits}"


class SlowSpell(models.Model):
    """A kind of page became slower than it should be, until it no longer is. At most one stands open for each vital."""

    page = models.CharField(max_length=8, choices=_choices(PageKind))
    vital = models.CharField(max_length=4, choices=_choices(Vital))
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "vital"], condition=Q(ended_at=None), name="vitals_one_open_spell")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.vital} since {self.since:%Y-%m-%d}"


class SpeedNews(models.Model):
    """Whether somebody of the team hears of slow pages, and how far they were told. Unchosen, their role decides."""

    class How(models.TextChoices):
        DAILY = "daily", _("one letter a day at most")
        OFF = "off", _("none")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="speed_news")
    how = models.CharField(max_length=8, choices=How, blank=True, default="")
    told = models.BigIntegerField(default=0, help_text="the latest spell they were told of")
    told_on = models.DateField(null=True, blank=True, help_text="the day of their latest letter, by the shop's clock")

    def __str__(self) -> str:
        return f"{self.user} {self.how}"

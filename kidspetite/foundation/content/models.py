from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.money import Money


class Page(models.Model):
    """A page of the owner's words, in Markdown; `{{shop.email}}` and its like are filled from the shop settings."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    updated_at = models.DateTimeField(db_default=Now())
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.title


class ShopSettings(models.Model):
    """The facts of the shop, dated: every change is a new row, and the newest that has begun holds."""

    valid_from = models.DateTimeField(unique=True)
    changed_by = models.CharField(max_length=120, blank=True, editable=False)
    name = models.CharField(_("shop name"), max_length=80, default="Kids Petite")
    email = models.EmailField(_("mail for customers"), blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="America/New_York")
    return_days = models.PositiveSmallIntegerField(_("return window, days"), default=60)
    free_shipping_from_minor = models.PositiveIntegerField(_("free shipping from, cents"), null=True, blank=True)
    collects_tax_in = ArrayField(
        models.CharField(max_length=2), verbose_name=_("collects tax in"), default=list, blank=True
    )
    holidays = ArrayField(models.DateField(), verbose_name=_("days without shipping"), default=list, blank=True)
    handling_days = models.PositiveSmallIntegerField(_("working days to pack"), default=1)
    cutoff_hour = models.PositiveSmallIntegerField(
        _("orders before this hour leave the same day"), default=14, validators=[MinValueValidator(0)]
    )
    low_stock_at = models.PositiveSmallIntegerField(_("runs low at, pieces"), default=5)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "shop settings"
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.name}, from {self.valid_from:%Y-%m-%d %H:%M}"

    @property
    def free_shipping_from(self) -> Money | None:
        return None if self.free_shipping_from_minor is None else Money(self.free_shipping_from_minor)

    @property
    def address_lines(self) -> list[str]:
        return [line.strip() for line in self.postal_address.splitlines() if line.strip()]

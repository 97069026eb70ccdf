from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ShippingMethod(models.Model):
    """A way to send: what it costs by zone, and how many working days it takes."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)
    may_be_free = models.BooleanField(default=False, help_text="free from the shop's threshold on")
    position = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ShippingRate(models.Model):
    """The price of a method in a zone, up to a weight (grams; null: any), for goods of a value from a sum on (cents;
    null: any). Zones: contiguous, outlying, military."""

    class Zone(models.TextChoices):
        CONTIGUOUS = "contiguous", _("48 states and DC")
        OUTLYING = "outlying", _("Alaska, Hawaii and the territories")
        MILITARY = "military", _("APO, FPO, DPO")

    method = models.ForeignKey(ShippingMethod, models.CASCADE, related_name="rates")
    zone = models.CharField(max_length=12, choices=Zone)
    up_to_g = models.PositiveIntegerField(null=True, blank=True)
    goods_from_minor = models.PositiveIntegerField(_("goods from, cents"), null=True, blank=True)
    price_minor = models.PositiveIntegerField()
    days_from = models.PositiveSmallIntegerField()
    days_to = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["method", "zone", "up_to_g", "goods_from_minor"],
                nulls_distinct=False,
                name="shipping_one_rate_a_band",
            ),
            models.CheckConstraint(condition=Q(days_to__gte=models.F("days_from")), name="shipping_days_rise"),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} {self.zone}"


class Shipment(models.Model):
    """A parcel of an order. States go forward only: a row is shipped when made, then delivered."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=20)
    tracking_number = models.CharField(max_length=60)
    shipped_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "tracking_number"], name="shipping_one_parcel_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"

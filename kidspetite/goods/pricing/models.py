from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TaxRule(models.Model):
    """What a state takes on clothes, from a day on. Rates in per cent; thresholds in cents per piece.

    Clothing below `exempt_below_minor` is free of it (null: taxed from the first cent; `is_exempt`: never taxed). A
    piece at or above that is taxed whole, or only on what lies above, where `taxes_excess_only`.
    """

    state = models.CharField(max_length=2)
    rate = models.DecimalField(_("rate, per cent"), max_digits=6, decimal_places=3)
    is_exempt = models.BooleanField(_("clothes are exempt"), default=False)
    exempt_below_minor = models.PositiveIntegerField(_("exempt below, cents a piece"), null=True, blank=True)
    taxes_excess_only = models.BooleanField(_("only the excess is taxed"), default=False)
    taxes_shipping = models.BooleanField(_("shipping is taxed"), default=False)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["state", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["state", "valid_from"], name="pricing_one_rule_a_state_and_day"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=30), name="pricing_rate_is_believable"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.rate} %"

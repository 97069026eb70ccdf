from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.decorators import display

from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.raw_rows import RawRows, money
from kidspetite.goods.pricing.models import TaxRule


@admin.register(TaxRule)
class TaxRules(RawRows):
    """What each state takes on clothes, from a day on. Add a new row for a new rate; old ones stay for old orders."""

    list_display = ("state", "rate", "is_exempt", "below", "taxes_shipping", "valid_from", "source")
    list_filter = ("state", "is_exempt")
    search_fields = ("state", "source")

    @display(description="exempt below", ordering="exempt_below_minor")
    def below(self, rule: TaxRule) -> str:
        return money(rule.exempt_below_minor)

    def save_model(self, request: HttpRequest, obj: TaxRule, form: ModelForm[Any], change: Any) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            actor=self.actor(request), verb="pricing.save_tax_rule", subject=f"tax:{obj.state}:{obj.valid_from}",
            rate=str(obj.rate), fields=form.changed_data,
        )  # fmt: skip

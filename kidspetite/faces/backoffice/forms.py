from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.content.rules import STATES
from kidspetite.foundation.content.types import ShopFacts

US_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico",
)  # fmt: skip
HOURS = [(hour, f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}") for hour in range(24)]


class SettingsForm(forms.Form):
    """The facts of the shop as they are typed; what they must be is decided by the content room."""

    name = forms.CharField(label=_("Shop name"), max_length=80)
    email = forms.CharField(label=_("Mail for customers"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    postal_address = forms.CharField(
        label=_("Postal address"), widget=forms.Textarea(attrs={"rows": 4}), max_length=500, required=False
    )
    return_days = forms.IntegerField(label=_("Return window, days"), min_value=0, max_value=365)
    free_shipping_from = forms.DecimalField(
        label=_("Free shipping from, dollars"), min_value=0, max_digits=8, decimal_places=2, required=False
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    handling_days = forms.IntegerField(label=_("Working days to pack"), min_value=0, max_value=30)
    cutoff_hour = forms.TypedChoiceField(
        label=_("Orders before this hour leave the same day"), coerce=int, choices=HOURS
    )
    low_stock_at = forms.IntegerField(label=_("A size runs low at, pieces"), min_value=0, max_value=1000)
    collects_tax_in = forms.MultipleChoiceField(
        label=_("Collects tax in"), choices=list(STATES.items()), required=False
    )
    holidays = forms.CharField(
        label=_("Days without shipping"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=4000
    )
    begins = forms.ChoiceField(
        label=_("Holds"), choices=[("now", _("from now")), ("later", _("from a day to come"))], initial="now"
    )
    begins_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = sorted(available_timezones() - set(US_ZONES))
        self.fields["time_zone"].choices = [(zone, zone) for zone in (*US_ZONES, *rest)]  # type: ignore[attr-defined]
        for name in ("return_days", "handling_days", "low_stock_at"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields["free_shipping_from"].widget = forms.TextInput(attrs={"inputmode": "decimal"})

    @staticmethod
    def initial_of(shop: ShopSettings) -> dict[str, Any]:
        free_from = shop.free_shipping_from_minor
        return {
            "name": shop.name, "email": shop.email, "phone": shop.phone, "postal_address": shop.postal_address,
            "return_days": shop.return_days, "time_zone": shop.time_zone, "handling_days": shop.handling_days,
            "cutoff_hour": shop.cutoff_hour, "low_stock_at": shop.low_stock_at, "collects_tax_in": shop.collects_tax_in,
            "free_shipping_from": "" if free_from is None else f"{free_from // 100}.{free_from % 100:02d}",
            "holidays": "\n".join(day.isoformat() for day in shop.holidays), "begins": "now",
        }  # fmt: skip

    def clean_holidays(self) -> list[date]:
        days = set()
        for line in self.cleaned_data["holidays"].split():
            try:
                days.add(date.fromisoformat(line))
            except ValueError:
                raise forms.ValidationError(_("One day a line, as 2026-12-25.")) from None
        return sorted(days)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("begins") == "later" and not data.get("begins_on") and "begins_on" not in self.errors:
            self.add_error("begins_on", _("From which day?"))
        return data

    def facts(self) -> ShopFacts:
        data = self.cleaned_data
        free_from = data["free_shipping_from"]
        return ShopFacts(
            name=data["name"].strip(), email=data["email"].strip(), phone=data["phone"].strip(),
            postal_address=data["postal_address"].replace("\r\n", "\n").strip(), time_zone=data["time_zone"],
            return_days=data["return_days"], handling_days=data["handling_days"], cutoff_hour=data["cutoff_hour"],
            low_stock_at=data["low_stock_at"],
            free_shipping_from_minor=None if free_from is None else int(free_from * 100),
            collects_tax_in=data["collects_tax_in"], holidays=data["holidays"],
        )  # fmt: skip

    def valid_from(self) -> datetime | None:
        """The first moment of the chosen day in the shop's zone; None for now."""
        if self.cleaned_data["begins"] == "now":
            return None
        day = self.cleaned_data["begins_on"]
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.cleaned_data["time_zone"]))


class PageForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("One sentence for search engines"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}), strip=False
    )

    @staticmethod
    def initial_of(page: Page) -> dict[str, Any]:
        return {"title": page.title, "description": page.description, "body": page.body}


class NewPageForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.CharField(label=_("Address, after /pages/"), max_length=50)

"""The forms of promotions: dollars and local times as they are typed, rows and cents as they are kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kidspetite.goods.catalog.models import Category, Collection, Product
from kidspetite.goods.pricing.models import Promotion

MOMENT = "%Y-%m-%dT%H:%M"
MONEY = {"amount": "amount_minor", "minimum": "minimum_minor", "cap": "cap_minor"}
PLAIN = (
    "name", "kind", "percent", "buy", "get", "lane", "is_exclusive", "floor_percent", "min_pieces", "first_order_only",
    "signed_in_only", "channel", "begins_at", "ends_at", "needs_code", "limit_per_customer", "sentence",
)  # fmt: skip


def _dollars(label: Any) -> forms.DecimalField:
    typed = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(label=label, min_value=0, max_digits=9, decimal_places=2, required=False, widget=typed)


def _number(label: Any, *, most: int = 10_000) -> forms.IntegerField:
    typed = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, widget=typed)


def _moment(label: Any) -> forms.DateTimeField:
    typed = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=False, widget=typed, input_formats=[MOMENT])


class PromotionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    sentence = forms.CharField(label=_("One sentence for shoppers"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("It gives"), choices=Promotion.Kind.choices)
    percent = forms.DecimalField(
        label=_("Per cent"), required=False, max_digits=5, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    amount = _dollars(_("Dollars"))
    buy = _number(_("Buy"), most=100)
    get = _number(_("Get"), most=100)
    products = forms.ModelMultipleChoiceField(label=_("Products"), queryset=Product.objects.none(), required=False)
    categories = forms.ModelMultipleChoiceField(label=_("Categories"), queryset=Category.objects.all(), required=False)
    collections = forms.ModelMultipleChoiceField(
        label=_("Collections"), queryset=Collection.objects.all(), required=False
    )
    minimum = _dollars(_("Basket from, dollars"))
    min_pieces = _number(_("Pieces at least"))
    first_order_only = forms.BooleanField(label=_("On a first order only"), required=False)
    signed_in_only = forms.BooleanField(label=_("For signed-in customers only"), required=False)
    people = forms.CharField(
        label=_("Only for these people"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=20_000
    )
    channel = forms.ChoiceField(
        label=_("Shoppers from"), choices=[("", _("anywhere")), *Promotion.Channel.choices], required=False
    )
    needs_code = forms.BooleanField(label=_("Needs a code"), required=False)
    limit_per_customer = _number(_("Times a customer"))
    begins_at = _moment(_("Begins"))
    ends_at = _moment(_("Ends"))
    lane = forms.TypedChoiceField(label=_("Lane"), choices=Promotion.Lane.choices, coerce=int)
    is_exclusive = forms.BooleanField(label=_("Goes with no other promotion"), required=False)
    cap = _dollars(_("At most, dollars an order"))
    floor_percent = _number(_("No piece below, % of its list price"), most=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Products by name, those on sale; a shop of thousands names categories and collections instead.
        self.fields["products"].queryset = Product.objects.filter(status="active").order_by("name")[:500]  # type: ignore[attr-defined]
        chosen = self.data.getlist("products") if self.is_bound else []  # type: ignore[attr-defined]
        if self.is_bound:
            wanted = [pk for pk in chosen if pk.isdecimal()]
            self.fields["products"].queryset = Product.objects.filter(pk__in=wanted)  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: Promotion) -> dict[str, Any]:
        typed: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
        for name, column in MONEY.items():
            cents = getattr(row, column)
            typed[name] = None if cents is None else Decimal(cents) / 100
        if row.percent is not None:
            typed["percent"] = f"{row.percent.normalize():f}"
        if row.pk:
            for name in ("products", "categories", "collections"):
                typed[name] = list(getattr(row, name).all())
        return typed | {"people": "\n".join(row.people)}

    def written(self, row: Promotion) -> Promotion:
        """The row with what was typed, unsaved."""
        data = self.cleaned_data
        for name in PLAIN:
            setattr(row, name, data[name] if data[name] is not None else _nothing(name))
        for name, column in MONEY.items():
            setattr(row, column, None if data[name] is None else int(data[name] * 100))
        row.people = data["people"].replace(",", " ").split()
        return row

    def goods(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("products", "categories", "collections")}


def _nothing(name: str) -> int | None:
    return 0 if name in ("floor_percent", "min_pieces") else None


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    limit = _number(_("Uses in all"), most=1_000_000)
    only_for = forms.EmailField(label=_("Only for"), required=False, max_length=254)


class BatchForm(forms.Form):
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=10_000, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    begins = forms.CharField(label=_("They begin with"), max_length=20, required=False)
    batch = forms.CharField(label=_("Name of the batch"), max_length=40)

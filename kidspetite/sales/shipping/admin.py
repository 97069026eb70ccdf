from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.decorators import display

from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.raw_rows import RawRows, ReadOnlyRows
from kidspetite.sales.shipping.events import RatesChanged
from kidspetite.sales.shipping.models import Shipment, ShippingMethod, ShippingRate


class Rates(TabularInline):
    model = ShippingRate
    extra = 0


@admin.register(ShippingMethod)
class ShippingMethods(RawRows):
    """Ways to send, with their prices in cents by zone, weight and value."""

    list_display = ("name", "code", "is_active", "may_be_free", "position")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    inlines = (Rates,)

    def save_model(self, request: HttpRequest, obj: ShippingMethod, form: ModelForm[Any], change: Any) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            actor=self.actor(request), verb="shipping.save_method", subject=f"method:{obj.code}",
            fields=form.changed_data,
        )  # fmt: skip

    def save_related(self, request: HttpRequest, form: ModelForm[Any], formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        publish(RatesChanged((form.instance.code,)))

    def delete_model(self, request: HttpRequest, obj: ShippingMethod) -> None:
        publish(RatesChanged((obj.code,)))
        super().delete_model(request, obj)


@admin.register(Shipment)
class Shipments(ReadOnlyRows):
    """Parcels that have left."""

    list_display = ("shipped_at", "order_page", "carrier", "tracking_number", "delivered_at")
    list_select_related = ("order",)
    list_filter = ("carrier", ("delivered_at", admin.EmptyFieldListFilter))
    search_fields = ("tracking_number", "order__number")
    ordering = ("-shipped_at", "-pk")

    @display(description="order", ordering="order__number")
    def order_page(self, parcel: Shipment) -> SafeString:
        return format_html('<a href="/admin/orders/{0}">{0}</a>', parcel.order.number)

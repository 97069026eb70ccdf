from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.decorators import display

from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows, money
from kidspetite.sales.payments.models import Payment, Refund


class Refunds(TabularInline):
    model = Refund
    extra = 0
    can_delete = False
    fields = ("created_at", "amount_minor", "status", "reason", "actor", "reference")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Payment | None = None) -> bool:
        return False


@admin.register(Payment)
class Payments(ReadOnlyRows):
    """Money as the gateways reported it. It moves on the order's page only."""

    list_display = ("created_at", "order_page", "provider", "label", "amount_", "refunded", "status", "reason")
    list_select_related = ("order",)
    list_filter = ("status", "provider", "reason")
    search_fields = ("order__number", "reference", "key")
    ordering = ("-created_at", "-pk")
    exclude = ("method", "next_action_url")  # a provider's token is nobody's reading
    inlines = (Refunds,)

    @display(description="order", ordering="order__number")
    def order_page(self, payment: Payment) -> SafeString:
        return format_html('<a href="/admin/orders/{0}">{0}</a>', payment.order.number)

    @display(description="amount", ordering="amount_minor")
    def amount_(self, payment: Payment) -> str:
        return money(payment.amount_minor)

    @display(description="refunded", ordering="refunded_minor")
    def refunded(self, payment: Payment) -> str:
        return money(payment.refunded_minor) if payment.refunded_minor else ""

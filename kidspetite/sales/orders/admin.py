from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.decorators import display

from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows, money
from kidspetite.sales.orders.models import Order, OrderEvent, OrderLine


class Lines(TabularInline):
    model = OrderLine
    extra = 0
    can_delete = False
    fields = ("sku", "name", "size_label", "colour_name", "quantity", "unit_price_minor", "discount_minor", "tax_minor")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False


class Marks(TabularInline):
    model = OrderEvent
    extra = 0
    can_delete = False
    fields = ("at", "kind", "text", "actor")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False


@admin.register(Order)
class Orders(ReadOnlyRows):
    """Orders as rows. What is done with them is done on the order's own page, /admin/orders/{number}."""

    list_display = ("page", "placed_at", "status", "email", "total_", "refunded", "shipping_label")
    list_display_links = None
    list_filter = ("status", "shipping_method", "is_demo")
    search_fields = ("number", "email", "lines__sku")
    date_hierarchy = "placed_at"
    ordering = ("-placed_at", "-pk")
    exclude = ("token", "basket_print", "cart_id_was", "is_demo")
    inlines = (Lines, Marks)

    @display(description="order", ordering="number")
    def page(self, order: Order) -> SafeString:
        return format_html('<a href="/admin/orders/{0}">{0}</a>', order.number)

    @display(description="total", ordering="total_minor")
    def total_(self, order: Order) -> str:
        return money(order.total_minor)

    @display(description="refunded", ordering="refunded_minor")
    def refunded(self, order: Order) -> str:
        return money(order.refunded_minor) if order.refunded_minor else ""

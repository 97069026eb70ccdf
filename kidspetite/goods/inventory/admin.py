from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel


@admin.register(StockLevel)
class StockLevels(ReadOnlyRows):
    """Shelves as they are. Counting and receiving happen on the stock page, where every change has a reason."""

    list_display = ("page", "product", "on_hand", "reserved", "available_")
    list_display_links = None
    list_select_related = ("variant__product", "variant__size", "variant__colour")
    list_filter = ("variant__band",)
    search_fields = ("variant__sku", "variant__product__name")
    ordering = ("variant__sku",)

    @display(description="SKU", ordering="variant__sku")
    def page(self, level: StockLevel) -> SafeString:
        return format_html('<a href="/admin/stock/{0}">{0}</a>', level.variant.sku)

    @display(description="piece", ordering="variant__product__name")
    def product(self, level: StockLevel) -> str:
        return f"{level.variant.product.name}, {level.variant.colour.name}, {level.variant.size.label}"

    @display(description="available")
    def available_(self, level: StockLevel) -> int:
        return level.available


@admin.register(Movement)
class Movements(ReadOnlyRows):
    """Why a shelf holds what it holds."""

    list_display = ("at", "sku", "kind", "quantity", "promised", "reason", "cause", "actor")
    list_select_related = ("level__variant",)
    list_filter = ("kind",)
    search_fields = ("level__variant__sku", "cause", "reason")
    ordering = ("-at", "-pk")

    @display(description="SKU", ordering="level__variant__sku")
    def sku(self, movement: Movement) -> str:
        return movement.level.variant.sku


@admin.register(Hold)
class Holds(ReadOnlyRows):
    """Pieces promised to baskets and to orders being paid."""

    list_display = ("sku", "holder", "quantity", "kind", "expires_at")
    list_select_related = ("level__variant",)
    list_filter = ("kind",)
    search_fields = ("level__variant__sku", "holder")
    ordering = ("expires_at", "pk")

    @display(description="SKU", ordering="level__variant__sku")
    def sku(self, hold: Hold) -> str:
        return hold.level.variant.sku

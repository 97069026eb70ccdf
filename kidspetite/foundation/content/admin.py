from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows


@admin.register(Page)
class Pages(ReadOnlyRows):
    """The owner's pages as rows. They are written under Pages in the desk."""

    list_display = ("page", "slug", "updated_at")
    list_display_links = None
    search_fields = ("title", "slug", "body")
    ordering = ("title",)

    @display(description="page", ordering="title")
    def page(self, page: Page) -> SafeString:
        return format_html('<a href="/admin/pages/{}">{}</a>', page.slug, page.title)


@admin.register(ShopSettings)
class Settings(ReadOnlyRows):
    """Every change of the shop's facts, the latest first. They are changed under Shop settings in the desk."""

    list_display = ("valid_from", "changed_by", "name", "email", "return_days")
    ordering = ("-valid_from",)

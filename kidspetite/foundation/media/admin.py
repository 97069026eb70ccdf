from __future__ import annotations

from django.contrib import admin

from kidspetite.foundation.media.models import Picture
from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows


@admin.register(Picture)
class Pictures(ReadOnlyRows):
    """Stored pictures, by content. They are added and described on a product's pictures page."""

    list_display = ("id", "kind", "alt", "width", "height", "created_at")
    list_filter = ("kind", "wash")
    search_fields = ("alt", "digest")
    ordering = ("-created_at", "-pk")

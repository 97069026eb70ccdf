"""How rows are shown raw in the back office: every room's `admin.py` builds on one of these two."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin


class RawRows(ModelAdmin):
    """Rows that staff may edit as they are. Deleting needs the permission, as everything does."""

    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = True
    actions = None  # a tick in the wrong box must not delete a hundred rows

    def actor(self, request: HttpRequest) -> str:
        return f"user:{request.user.pk}"


class ReadOnlyRows(RawRows):
    """Rows that only commands change: to be looked at, searched and filtered."""

    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def money(minor: int | None) -> str:
    """Cents as staff read them in a table: 1800 → $18.00."""
    return "" if minor is None else f"${minor / 100:,.2f}"


def as_json(value: Any) -> SafeString:
    """A JSON column, readable."""
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False, default=str))

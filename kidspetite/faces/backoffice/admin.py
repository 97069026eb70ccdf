"""Rows of the packages we stand on are not shown: each belongs to a person alone, or is changed elsewhere."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin

for model, shown in list(admin.site._registry.items()):
    if not isinstance(shown, ModelAdmin):
        admin.site.unregister(model)

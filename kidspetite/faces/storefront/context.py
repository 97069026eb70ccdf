from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kidspetite.foundation.content.queries import shop_settings


def shop(request: HttpRequest) -> dict[str, Any]:
    """The shop's facts, read once and only when a template asks."""
    return {"shop": SimpleLazyObject(shop_settings)}

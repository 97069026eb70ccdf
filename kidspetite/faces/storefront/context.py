from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kidspetite.faces.storefront import presenting
from kidspetite.foundation.content.queries import shop_settings
from kidspetite.goods.catalog import queries as catalog


def shop(request: HttpRequest) -> dict[str, Any]:
    """The shop's facts and the tape in the head of every page, read once and only when a template asks."""
    return {"shop": SimpleLazyObject(shop_settings), "size_row": SimpleLazyObject(_size_row)}


def _size_row() -> list[Any]:
    return presenting.tape(catalog.sizes())

"""Pages tell the time of the shop, not of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kidspetite.foundation.content import queries as content

LOOKED_AT_EVERY = 30.0  # seconds; the zone of a shop hardly ever changes


class ShopTime:
    """Makes the shop's time zone the active one for the request. Without a database it is UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._zone, self._looked_at = ZoneInfo("UTC"), float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(self._current()):
            return self.get_response(request)

    def _current(self) -> ZoneInfo:
        if time.monotonic() - self._looked_at > LOOKED_AT_EVERY:
            try:
                self._zone = ZoneInfo(content.shop_settings().time_zone)
            except (DatabaseError, KeyError, ValueError):
                return self._zone
            self._looked_at = time.monotonic()
        return self._zone

"""Shared pages travel packed. Personal ones do not: packed together with a secret, their size could tell of it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from kidspetite.faces.edge.caching import is_shared


class PackShared(GZipMiddleware):
    """gzip for answers that are the same for everybody; they hold no token and no secret."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return super().process_response(request, response) if is_shared(response) else response

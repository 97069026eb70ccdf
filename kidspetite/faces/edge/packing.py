"""Shared pages travel packed. Personal ones do not: packed together with a secret, their size could tell of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from kidspetite.faces.edge.caching import is_shared

LEAST_BYTES = 200
# These pages are made for one visitor: packing takes two thirds of the time that the usual level does, and the page
# weighs 8 % more. What is kept for many the page cache packs with more care.
LEVEL = 3


class PackShared:
    """gzip for answers that are the same for everybody; they hold no token and no secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_shared(response) or response.streaming or response.has_header("Content-Encoding"):
            return response
        if len(response.content) < LEAST_BYTES:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            response.content = gzip.compress(response.content, compresslevel=LEVEL, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response

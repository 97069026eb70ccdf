"""Pages travel packed. What is packed together with a secret tells of it by its size, if a stranger may choose a part
of it and ask again and again (BREACH); so a personal page is packed only for those whom no other site has sent."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

from kidspetite.faces.edge.caching import is_shared

LEAST_BYTES = 200
# These pages are made for one visitor: packing takes two thirds of the time that the usual level does, and the page
# weighs 8 % more. What is kept for many the page cache packs with more care.
LEVEL = 3
MOST_RANDOM_BYTES = 100


class PackPages:
    """gzip for answers that are the same for everybody, for they hold no token and no secret; and for personal pages
    that are asked for from our own pages or by the person alone (`Sec-Fetch-Site`), with some random bytes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding") or len(response.content) < LEAST_BYTES:
            return response
        is_for_all = is_shared(response)
        if is_for_all:
            patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "") and (is_for_all or _is_safe(request, response)):
            response.content = _packed(response.content, is_for_all=is_for_all)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _packed(content: bytes, *, is_for_all: bool) -> bytes:
    if is_for_all:  # the same bytes from every process, for its ETag
        return gzip.compress(content, compresslevel=LEVEL, mtime=0)
    return compress_string(content, max_random_bytes=MOST_RANDOM_BYTES)


def _is_safe(request: HttpRequest, response: HttpResponse) -> bool:
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return is_page and request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}

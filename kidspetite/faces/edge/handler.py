"""Django's WSGI handler, which looks for the view of an address once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler
from django.urls import ResolverMatch, get_resolver

REMEMBERED, LONGEST = 512, 200


class ShopHandler(WSGIHandler):
    """Some hundred patterns stand before the last one, and most visitors ask for the same few hundred addresses. What
    leads nowhere is looked for each time, so nobody can push the others out with it."""

    def resolve_request(self, request: Any) -> ResolverMatch:
        find = _found if len(request.path_info) <= LONGEST else _find
        request.resolver_match = match = find(request.path_info)
        return match


def shop_application() -> ShopHandler:
    """What `django.core.wsgi.get_wsgi_application` gives, with our handler."""
    django.setup(set_prefix=False)
    return ShopHandler()


def _find(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


_found = lru_cache(maxsize=REMEMBERED)(_find)

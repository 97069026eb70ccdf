"""Which permission opens which of our own pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kidspetite.faces.backoffice.navigation import sections
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content

type View = Callable[..., HttpResponse]

SAFE = ("GET", "HEAD", "OPTIONS")
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{20,40}")
"""What a form that moves money carries, so that a double click moves it once."""


class AtWork(HttpRequest):
    """A request of somebody who works here."""

    user: User


def allowed(to_see: str, *, to_change: str = "") -> Callable[[View], View]:
    """Open a page to those who hold a permission, and its changes (unsafe methods) to those who hold another."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            needed = to_see if request.method in SAFE else to_change or to_see
            if not request.user.has_perm(needed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.to_see, guarded.to_change = to_see, to_change or to_see  # type: ignore[attr-defined]
        return guarded

    return guard


def actor(request: HttpRequest) -> str:
    """How the audit names whoever is asking."""
    return f"user:{request.user.pk}"


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """One of the desk's pages, with its ways and the shop's facts."""
    frame = {"sections": sections(request.user), "shop": content.shop_settings(), "path": request.path}
    return render(request, f"desk/{template}", {**frame, **context}, status=status, using="django")

"""Which answers may be shared between visitors. Nothing may, unless its view says so with `@cacheable`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csp import get_nonce

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.shelf_life import Life, watched

log = structlog.get_logger(__name__)

STALE_SECONDS = 30
PRIVATE = "private, no-store"

type View = Callable[..., HttpResponse]


class PersonalPage(RuntimeError):
    """A view that says it is the same for everybody has looked at who is asking."""


def cacheable(*, tags: Sequence[str], s_maxage: int) -> Callable[[View], View]:
    """Declare that a view answers everybody with the same bytes, for `s_maxage` seconds or until a tag is purged.

    The view may name further tags in its answer's `Cache-Tag` header (`product:12`). What it reads may say until when
    it holds (`plumbing.shelf_life`): the page lives no longer. Browsers ask about it every time (`max-age=0`, answered
    by a 304), so that nobody looks at an old price for long. A view that touches the session, makes a CSRF token,
    spends a nonce or sets a cookie is refused: PersonalPage in tests and development, an answer for this visitor only
    in production.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def shared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with watched() as life:
                response = view(request, *args, **kwargs)
                if getattr(response, "is_rendered", True) is False:
                    response.render()  # type: ignore[attr-defined]  # what the template touches counts too
            if response.status_code != 200 or request.method not in {"GET", "HEAD"}:
                response.headers.pop("Cache-Tag", None)
                return response
            if trace := _personal_trace(request, response):
                if settings.STRICT_CACHING:
                    raise PersonalPage(f"{view.__module__}.{view.__name__} {trace}")
                log.error("cacheable_page_was_personal", view=view.__name__, trace=trace)
                return response
            named = [tag.strip() for tag in response.get("Cache-Tag", "").split(",") if tag.strip()]
            response["Cache-Tag"] = ",".join(dict.fromkeys([*tags, *named]))
            fresh, stale = _seconds(s_maxage, life)
            response["Cache-Control"] = f"public, max-age=0, s-maxage={fresh}{stale}"
            response["CDN-Cache-Control"] = f"public, max-age={fresh}{stale}"
            response.is_shared = True  # type: ignore[attr-defined]
            return response

        shared.is_cacheable = True  # type: ignore[attr-defined]
        return shared

    return declare


def _seconds(most: int, life: Life) -> tuple[int, str]:
    """How long the page is fresh, and how much longer it may be shown while it is made anew. Where the clock makes it
    untrue at a known moment, both end there."""
    left = int((life.until - clock.now()).total_seconds()) if life.until else most + STALE_SECONDS
    fresh = max(0, min(most, left))
    stale = max(0, min(STALE_SECONDS, left - fresh))
    return fresh, f", stale-while-revalidate={stale}" if stale else ""


def is_shared(response: HttpResponseBase) -> bool:
    return getattr(response, "is_shared", False)


def seal(response: HttpResponse) -> None:
    """The outermost word on caching. Other middleware may have looked at the session after the view was done: that
    changes no byte of a shared page, so its `Vary: Cookie` goes; but a page that sets a cookie is shared with nobody.
    """
    if not is_shared(response):
        response.headers.setdefault("Cache-Control", PRIVATE)
        return
    if response.cookies:
        response.is_shared = False  # type: ignore[attr-defined]
        response["Cache-Control"] = PRIVATE
        del response["Cache-Tag"]
        del response["CDN-Cache-Control"]
        return
    vary = [name.strip() for name in response.get("Vary", "").split(",")]
    kept = [name for name in vary if name and name.lower() != "cookie"]
    if kept:
        response["Vary"] = ", ".join(kept)
    else:
        del response["Vary"]


def _personal_trace(request: HttpRequest, response: HttpResponse) -> str:
    session = getattr(request, "session", None)
    if session is not None and session.accessed:
        return "touched the session"
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return "made a CSRF token"
    if get_nonce(request):
        return "spent a nonce"
    return "set a cookie" if response.cookies else ""

"""Forged requests are refused by where they come from; Django's token is the answer for browsers that do not say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest
from django.template.loader import get_template

from kidspetite.faces.edge.answers import answer, route_of
from kidspetite.faces.edge.errors import CrossSite

log = structlog.get_logger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
WEBHOOKS = "/api/webhooks/"
VITALS = "/api/vitals"
UNSUBSCRIBE = "/unsubscribe/"
# The forms on pages that are the same for everybody.
ON_KEPT_PAGES = frozenset({"/cart/items", "/newsletter", "/back-in-stock"})
MOST_FIELDS, LONGEST_FIELD = 12, 300
# Browsers add these by themselves once a person has typed a password, so they say nothing about who wrote the page.
SENT_BY_BROWSERS = ("basic", "digest", "negotiate", "ntlm")


class SameOriginCsrf(CsrfViewMiddleware):
    """An unsafe request passes

    1. when `Sec-Fetch-Site` is `same-origin`, or
    2. without that header, when `Origin` is ours, or
    3. when neither says anything, with Django's token; a form of a kept page, which has none, is shown once more with
       one, to be confirmed;

    and a token that is sent must be right in every case. What is exempt stands in `is_exempt` and nowhere else: the
    `csrf_exempt` mark on a view has no effect.
    """

    def process_view(  # type: ignore[override]  # the stubs lack what Django calls here
        self, request: HttpRequest, callback: Callable[..., Any], callback_args: Any, callback_kwargs: Any
    ) -> HttpResponse | None:
        if getattr(request, "csrf_processing_done", False) or request.method in SAFE_METHODS:
            return self._accept(request)  # type: ignore[attr-defined]
        is_trial = getattr(request, "_dont_enforce_csrf_checks", False)  # Django's test client says so
        if is_trial or is_exempt(request):
            return self._accept(request)  # type: ignore[attr-defined]
        try:
            if self._needs_token(request) or _sends_token(request):
                self._check_token(request)  # type: ignore[attr-defined]
        except RejectRequest as refusal:
            if fields := _to_confirm(request):
                return _confirmation(request, fields)
            return self._reject(request, refusal.reason)
        return self._accept(request)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django sends the cookie with every form, to put its end off. Who has it keeps it for its year: a browser
        keeps no page for the way back whose answer changes cookies."""
        if request.COOKIES.get(settings.CSRF_COOKIE_NAME) == request.META.get("CSRF_COOKIE"):
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
        return super().process_response(request, response)

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        log.warning("cross_site_refused", reason=reason, route=route_of(request), method=request.method)
        return failure(request, reason)

    def _needs_token(self, request: HttpRequest) -> bool:
        """Whether the request's origin is unknown. Raises RejectRequest when it is known and not ours."""
        site = request.headers.get("Sec-Fetch-Site")
        if site == "same-origin":
            return False
        if site not in {None, "none"}:
            raise RejectRequest("Sec-Fetch-Site is not same-origin.")
        if "HTTP_ORIGIN" not in request.META:
            return True
        if not self._origin_verified(request):  # type: ignore[attr-defined]
            raise RejectRequest("Origin is not ours.")
        return site == "none"  # typed or restored by the person: no page sent it, so the token must tell


def is_exempt(request: HttpRequest) -> bool:
    """What no forger gains from: nothing in these requests is sent by a browser on its own."""
    if request.path.startswith(WEBHOOKS):  # each checks its provider's signature
        return True
    if request.path == VITALS and request.method == "POST":  # counts numbers, knows nobody
        return True
    if request.path.startswith(UNSUBSCRIBE):  # posted by mail programs (RFC 8058); the link itself is the proof
        return True
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    if scheme and scheme not in SENT_BY_BROWSERS:  # another site cannot add it without our consent (CORS)
        return True
    return request.path.startswith("/api/") and settings.SESSION_COOKIE_NAME not in request.COOKIES


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW in the shop's words; the reason goes to the log only."""
    return answer(request, CrossSite())


def _sends_token(request: HttpRequest) -> bool:
    if settings.CSRF_HEADER_NAME in request.META:
        return True
    return request.method == "POST" and "csrfmiddlewaretoken" in request.POST


def _to_confirm(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form of a kept page sends, when the browser says nothing about where it comes from: those pages carry no
    token. Empty for everything else."""
    says_something = {"HTTP_SEC_FETCH_SITE", "HTTP_ORIGIN"} & request.META.keys()
    if request.method != "POST" or request.path not in ON_KEPT_PAGES or says_something or _sends_token(request):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    is_ours = len(fields) <= MOST_FIELDS and all(len(value) <= LONGEST_FIELD for _name, value in fields)
    return fields if is_ours and not request.FILES else []


def _confirmation(request: HttpRequest, fields: list[tuple[str, str]]) -> HttpResponse:
    """The same form once more, with a token: whoever reads it and presses the button means it."""
    body = get_template("ui/confirm.html", using="jinja2").render({"fields": fields, "action": request.path}, request)
    return HttpResponse(body, status=403, headers={"Cache-Control": "private, no-store"})

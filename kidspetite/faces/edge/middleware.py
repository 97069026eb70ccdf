"""The layers around every request. Their order is in config/settings.py and explained in docs/security.md."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _

from kidspetite.faces.edge import errors
from kidspetite.faces.edge.access import note
from kidspetite.faces.edge.answers import answer, is_for_machines, route_of, translated
from kidspetite.faces.edge.caching import seal
from kidspetite.faces.edge.csrf import VITALS
from kidspetite.foundation.kernel.errors import DomainError, FieldError, Invalid
from kidspetite.foundation.kernel.ids import CROCKFORD
from kidspetite.foundation.plumbing.spending import begin_spending

type Next = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(self), publickey-credentials-get=(self), usb=()"
)
# Unfold evaluates Alpine expressions and writes style attributes; it gets that much and nothing more. Its addresses
# end in a slash and ours do not; home is the one exception.
STAFF_SCREENS = "/admin/"
OWN_STAFF_PAGES = ("/admin/",)
UPLOAD_PAGES = ("/admin/",)
NO_UPLOAD_PAGES = ("/admin/login/",)
# Django has put the bytes of a path that are no UTF-8 back into percent signs by the time we see it.
BROKEN_BYTE = re.compile(r"%[89A-F][0-9A-F]")
SHIFTS = range(125, -5, -5)
PROBES = ("/healthz", "/readyz", "/metrics")
MOST_OF_A_VISIT = 2_000
"""Bytes that tell how a page felt."""


class RequestContext:
    """Outermost: gives the request its id, writes one line about it, tells where its time went, and has the last word
    on headers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id, spent = _new_request_id(), begin_spending()
        # The only one that is ever bound in a request, so nothing of an earlier one is left.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        seal(response)
        headers = response.headers
        headers["X-Request-Id"] = request_id
        # These two are about documents; a style sheet or a font says the less, the sooner it is there.
        if request.path.startswith(settings.STATIC_URL):
            headers.pop("Cross-Origin-Opener-Policy", None)
        else:
            headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Pictures are also shown in mails and feeds; pages and data belong to our own pages alone.
        is_media = request.path.startswith(settings.MEDIA_URL)
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_media else "same-origin")
        if not request.path.startswith((settings.STATIC_URL, *PROBES)):
            spent["total"] = time.perf_counter() - began
            took, status = round(spent["total"] * 1000, 1), response.status_code
            headers["Server-Timing"] = ", ".join([f"{part};dur={1000 * s:.1f}" for part, s in sorted(spent.items())])
            note(method=request.method, route=route_of(request), status=status, ms=took, request_id=request_id)
        return response


class PolicyByPath:
    """Just below Django's CSP middleware: the staff screens of Unfold get a policy of their own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_unfold(request.path):
            policy = settings.SECURE_CSP | {
                "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
                "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
            }
            response.headers.setdefault(str(CSP.HEADER_ENFORCE), build_policy(policy, get_nonce(request)))
        return response


class BodyRules:
    """Turns away what no view should have to think about: foreign hosts, too much, broken text, NULs."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in PROBES:
            request.get_host()  # raises DisallowedHost for a name that is not ours: 400
        fault = _fault_of_address(request) or _fault_of_cookies(request) or _fault_of_body(request)
        return answer(request, fault) if fault else self.get_response(request)


class CalmErrors:
    """Innermost: what a view raises or refuses becomes an answer in the shop's look, or problem+json."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.headers["Content-Type"].startswith("application/problem"):
            allowed = response.headers.get("Allow", "")
            response = answer(request, errors.WrongMethod(allowed=allowed))
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        error = translated(exception)
        if error is not None and (error.status < 500 or isinstance(exception, DomainError)):
            return answer(request, error)
        return None  # an outage or a mistake: answers.server_error logs it and answers


def _new_request_id() -> str:
    """26 Crockford characters: 48 bits of milliseconds, so ids sort by time, and 80 random bits. Always ours: an id
    that a caller sends could carry anything into the log."""
    number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return "".join([CROCKFORD[(number >> shift) & 31] for shift in SHIFTS])


def is_unfold(path: str) -> bool:
    """Whether an address is one of the raw screens and not a page of our own."""
    return path.startswith(STAFF_SCREENS) and path.endswith("/") and path not in OWN_STAFF_PAGES


def _fault_of_address(request: HttpRequest) -> DomainError | None:
    path, query = request.path_info, unquote_to_bytes(request.META.get("QUERY_STRING", ""))
    if "\0" in path or BROKEN_BYTE.search(path) or not _is_text(query):
        return errors.Unreadable(_("The address holds characters that we cannot read."))
    return None


def _fault_of_cookies(request: HttpRequest) -> DomainError | None:
    """A quoted cookie may spell a NUL in octal, and a session's key is looked up in the database."""
    if any("\0" in value for value in request.COOKIES.values()):
        return errors.Unreadable(_("A cookie holds characters that we cannot read. Clear this site's cookies."))
    return None


def _fault_of_body(request: HttpRequest) -> DomainError | None:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return errors.LengthMissing() if "HTTP_TRANSFER_ENCODING" in request.META else None
    if not length.isdecimal() or int(length) > _most_bytes(request.path):
        return errors.BodyTooLarge(_most_words(_most_bytes(request.path)))
    if request.content_type == "application/x-www-form-urlencoded":
        if not _is_text(unquote_to_bytes(request.body.replace(b"+", b" ")), may_hold_nul=True):
            return errors.Unreadable()
        return _fault_of_fields(request)
    if request.content_type == "multipart/form-data" and request.method == "POST":
        return _fault_of_fields(request)
    if is_for_machines(request) and not _is_text(request.body):
        return errors.Unreadable()
    return None


def _fault_of_fields(request: HttpRequest) -> DomainError | None:
    """A NUL cannot be stored, so the field is named; U+FFFD is what Django makes of broken text in a multipart."""
    found = [name for name, values in request.POST.lists() if "\0" in name or any("\0" in value for value in values)]
    if found:
        words = _("This holds a character that we cannot store. Type it again.")
        return Invalid(errors=tuple(FieldError(name.replace("\0", ""), words) for name in found))
    if any("\ufffd" in value for values in request.POST.lists() for value in values[1]):
        return errors.Unreadable()
    return None


def _most_bytes(path: str) -> int:
    if path == VITALS:
        return MOST_OF_A_VISIT - 1
    if path.startswith(UPLOAD_PAGES) and path not in NO_UPLOAD_PAGES:
        return 4 * settings.MAX_PICTURE_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 1


def _most_words(most: int) -> str:
    bound = f"{round(most / 1e6)} MB" if most > 500_000 else f"{round(most / 1e3)} KB"
    return _("That is more than we can take at once. Send less than {bound}.").format(bound=bound)


def _is_text(data: bytes, *, may_hold_nul: bool = False) -> bool:
    if b"\0" in data and not may_hold_nul:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

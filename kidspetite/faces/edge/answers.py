"""How an error is answered: problem+json under /api, a calm page everywhere else. Mapped here and nowhere else."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from kidspetite.faces.edge import errors
from kidspetite.faces.edge.problem import problem, request_id
from kidspetite.foundation.kernel.errors import DomainError, Unavailable

log = structlog.get_logger(__name__)

WAITED_TOO_LONG = (pg.LockNotAvailable, pg.DeadlockDetected, pg.QueryCanceled, pg.SerializationFailure)


def is_for_machines(request: HttpRequest) -> bool:
    """Whether the caller reads JSON: everything under /api but its handbook."""
    return request.path.startswith("/api/") and request.path.rstrip("/") != "/api/docs"


def answer(request: HttpRequest, error: DomainError, *, retry_at: datetime | None = None) -> HttpResponse:
    """The response to an error, in the form this caller reads."""
    response = problem(error) if is_for_machines(request) else _page(request, error, retry_at)
    if wait := errors.seconds_to_wait(error):
        response["Retry-After"] = str(wait)
    response["Cache-Control"] = "private, no-store"
    return response


def translated(error: BaseException | None) -> DomainError | None:
    """An exception in our words, or None when it is a mistake of ours that must fail loudly."""
    match error:
        case DomainError():
            return error
        case Http404():
            return errors.NotHere()
        case PermissionDenied():
            return errors.NotYours()
        case RequestDataTooBig():
            return errors.BodyTooLarge()
        case UnreadablePostError():
            return errors.Unreadable()
        case OperationalError() if isinstance(error.__cause__, WAITED_TOO_LONG):
            return errors.Busy()
        case PoolTimeout():
            return errors.Busy()
        case OperationalError():
            return Unavailable()
    return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, translated(exception) or errors.Unreadable())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, errors.NotYours())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, errors.NotHere())


def server_error(request: HttpRequest) -> HttpResponse:
    """The last stop: an outage becomes 503, a mistake of ours 500. Both are logged with the request's id."""
    cause = sys.exc_info()[1]
    known = translated(cause)
    if known is None:
        log.error("request_failed", route=route_of(request), exc_info=cause)
    elif known.status >= 500:
        log.warning("request_unavailable", route=route_of(request), code=known.code, cause=repr(cause)[:300])
    response = answer(request, known or errors.Broken())
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own line would print the whole path
    return response


def route_of(request: HttpRequest) -> str:
    """The template of the path, such as `orders/<token>`: a path itself may carry a secret."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "unmatched"


def _page(request: HttpRequest, error: DomainError, retry_at: datetime | None) -> HttpResponse:
    context = {
        "status": error.status,
        "code": error.code,
        "heading": errors.title_of(error),
        "text": str(error.message),
        "errors": error.errors,
        "request_id": request_id() if error.status >= 500 else "",
        "retry_at": retry_at,
    }
    try:
        # When something is down, the page must not ask the database for the shop's facts: no request, no processors.
        body = get_template("ui/error.html", using="jinja2").render(context, request if error.status < 500 else None)
    except Exception as fault:  # whatever is broken, this page must still come
        if not isinstance(fault, DatabaseError):
            log.error("error_page_failed", exc_info=fault)
        body = _bare(context)
    return HttpResponse(body, status=error.status)


def _bare(context: dict[str, Any]) -> str:
    """The page when nothing else works: no template, no database, no style."""
    code = format_html("<p>{}: <code>{}</code></p>", _("Say this number when you write to us"), context["request_id"])
    return format_html(
        '<!doctype html><html lang="en-US"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>'
        '<body><main><h1>{title}</h1><p>{message}</p>{code}<form action="/search"><label>{search} '
        '<input type="search" name="q"></label> <button>{go}</button></form>'
        '<p><a href="/">{home}</a> · <a href="/contact">{contact}</a></p></main></body></html>',
        title=context["heading"], message=context["text"], code=code if context["request_id"] else "",
        search=_("Search the shop"), go=_("Search"), home=_("Kids Petite"), contact=_("Contact"),
    )  # fmt: skip

"""The short way of a visit: what is right is counted before Django; the rest goes on, to be told what is wrong.

Every page view sends them, also those that the page cache answers, so they must not cost what a page costs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from django.db import close_old_connections
from django.http import HttpRequest
from pydantic import ValidationError

from kidspetite.faces.edge.csrf import VITALS
from kidspetite.faces.edge.felt import VitalsIn, count
from kidspetite.faces.edge.limits import lets_in
from kidspetite.faces.edge.middleware import MOST_OF_A_VISIT
from kidspetite.faces.edge.pagecache.door import is_our_door
from kidspetite.foundation.vitals.types import Visit

type Environ = dict[str, Any]
type App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

HEADERS = [("Cache-Control", "private, no-store"), ("X-Content-Type-Options", "nosniff")]


def with_short_way(app: App) -> App:
    """The application, with `POST /api/vitals` answered before it where there is nothing to say about it."""

    def door(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != VITALS or environ["REQUEST_METHOD"] != "POST":
            return app(environ, start_response)
        visit = _visit_of(environ)
        if visit is None or not _comes_in(environ):
            return app(environ, start_response)
        count(visit, environ)
        start_response("204 No Content", list(HEADERS))
        return []

    return door


def _visit_of(environ: Environ) -> Visit | None:
    """What was sent, where it is a measurement; its bytes are there for the next reader too."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal() and int(length) < MOST_OF_A_VISIT):
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        return VitalsIn.model_validate_json(body).visit
    except ValidationError:
        return None


def _comes_in(environ: Environ) -> bool:
    """Whether it came to a name of ours, over TLS where the shop lives there, and its client is within its limit."""
    where = (
        environ.get("HTTP_HOST", ""),
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
    )
    if not is_our_door(*where):
        return False
    request = HttpRequest()
    request.META, request.path = environ, VITALS
    try:
        return lets_in(request)
    finally:
        close_old_connections()  # no request begins or ends here, so nobody else would

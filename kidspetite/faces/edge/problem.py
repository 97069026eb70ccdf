"""problem+json (RFC 9457): one shape for everything that the API refuses."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpResponse, JsonResponse

from kidspetite.faces.edge.errors import title_of
from kidspetite.foundation.kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def request_id() -> str:
    """The id of the request being answered; empty outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def problem_of(error: DomainError) -> dict[str, Any]:
    """An error as the members of a problem document. `type` leads to the code's entry in the API's own pages."""
    return {
        "type": f"{settings.BASE_URL}/api/docs#{error.code}",
        "title": title_of(error),
        "status": error.status,
        "code": error.code,
        "detail": str(error.message),
        "facts": dict(error.facts),
        "errors": [{"field": found.field, "message": str(found.message)} for found in error.errors],
        "request_id": request_id(),
    }


def problem(error: DomainError) -> HttpResponse:
    return JsonResponse(problem_of(error), status=error.status, content_type=CONTENT_TYPE)

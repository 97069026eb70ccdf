from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from kidspetite import __version__
from kidspetite.foundation.plumbing import health


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the shop can take an order: database, migrations and durability. Warnings do not make it unready."""
    try:
        checks, warnings = health.readiness()
    except DatabaseError:
        checks, warnings = {"database": False, "migrations": False, "durability": False}, []
    is_ready = all(checks.values())
    return JsonResponse(
        {
            "status": "ready" if is_ready else "not ready",
            "checks": checks,
            "warnings": [{"name": warning.name, "detail": warning.detail} for warning in warnings],
        },
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def version(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"version": __version__})

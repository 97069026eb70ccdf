from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from kidspetite import __version__
from kidspetite.faces.edge import figures
from kidspetite.faces.edge.client import client_address
from kidspetite.faces.edge.leaving import is_leaving
from kidspetite.faces.edge.schedule import bears_secret
from kidspetite.faces.edge.shopper import bearer_token
from kidspetite.foundation.plumbing import health


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the shop can take an order: database, migrations and durability. Warnings do not make it unready. A node
    that was asked to stop says 503 and `leaving`, so that nobody sends it anything more."""
    try:
        checks, warnings = health.readiness()
    except DatabaseError:
        checks, warnings = {"database": False, "migrations": False, "durability": False}, []
    is_ready = all(checks.values()) and not is_leaving()
    return JsonResponse(
        {
            "status": "ready" if is_ready else "leaving" if is_leaving() else "not ready",
            "checks": checks,
            "warnings": [{"name": warning.name, "detail": warning.detail} for warning in warnings],
        },
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def version(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"version": __version__})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text: what the web processes of this node counted, the state of the jobs, how fast pages felt. For
    callers with the cron secret, and in development for those on this machine; to anybody else there is no such page.
    """
    if not _may_measure(request):
        raise Http404
    return HttpResponse(figures.written_out(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may_measure(request: HttpRequest) -> bool:
    if settings.CRON_SECRET and bearer_token(request):
        return bears_secret(request)
    return not settings.IS_PRODUCTION and client_address(request) in {"127.0.0.1", "::1"}

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.refusals import refusals
from kidspetite.faces.edge.schedule import check_secret, job_names, run_job

router = Router(tags=["Scheduled calls"])

Job = Annotated[str, Path(..., description=f"one of {', '.join(job_names())}")]


@router.post("cron/{job}", response={200: shapes.JobOut, **refusals(401, 404)}, summary="Run a scheduled job")
def run_scheduled(request: HttpRequest, job: Job) -> Any:
    """Does at once what the worker does by its own clock, all that is due. Needs `Authorization: Bearer $CRON_SECRET`.
    Twice, late, or while the worker is at it too, it does nothing twice."""
    return _run(request, job)


@router.get(
    "cron/{job}",
    response={200: shapes.JobOut, **refusals(401, 404)},
    summary="Run a scheduled job, for schedulers that only GET",
)
def call_scheduled(request: HttpRequest, job: Job) -> Any:
    """The same, as Vercel's cron calls it."""
    return _run(request, job)


def _run(request: HttpRequest, job: str) -> Any:
    check_secret(request)
    run_job(job)
    return {"job": job, "ran": True}

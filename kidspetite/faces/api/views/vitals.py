from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from prometheus_client import Histogram

from kidspetite.faces.api import shapes
from kidspetite.faces.api.refusals import refusals

router = Router(tags=["Measurements"])

MILLISECONDS = (50, 100, 200, 400, 800, 1200, 1600, 2500, 4000, 10_000)
SECONDS = Histogram("kp_web_vital_ms", "How fast pages felt to visitors.", ["name"], buckets=MILLISECONDS)
SHIFT = Histogram("kp_web_vital_cls", "How much pages moved while loading.", buckets=(0.01, 0.05, 0.1, 0.25, 1))


@router.post("vitals", response={204: None, **refusals(422)}, summary="Report how fast a page felt")
def report(request: HttpRequest, vitals: shapes.VitalsIn) -> Any:
    """Numbers only; nothing in them names a visitor, and nothing is kept but counts."""
    for metric in vitals.metrics:
        if metric.name == "CLS":
            SHIFT.observe(metric.value)
        else:
            SECONDS.labels(metric.name).observe(metric.value)
    return 204, None

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from kidspetite.faces.api.refusals import refusals
from kidspetite.faces.edge import felt

router = Router(tags=["Measurements"])


@router.post("vitals", response={204: None, **refusals(422)}, summary="Report how fast a page felt")
def report(request: HttpRequest, vitals: felt.VitalsIn) -> Any:
    """Each metric once for each page view, when it is left. Takes JSON as `application/json` or, as
    `navigator.sendBeacon` sends text, `text/plain`; 2 KB at most.

    Numbers only: nothing in them names a visitor, nothing is kept but counts, and what a browser adds by itself
    (cookie, referrer) is not read. From whoever sends `Sec-GPC: 1` or `DNT: 1` nothing is counted.
    """
    felt.count(vitals.visit, request.META)
    return 204, None

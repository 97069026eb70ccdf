from __future__ import annotations

from typing import Annotated, Any, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Query, Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.clients import see_that_staff_may
from kidspetite.faces.api.documents import alert_document
from kidspetite.faces.api.refusals import refusals
from kidspetite.goods.inventory.queries import alerts

router = Router(tags=["Stock"])

PER_PAGE = 100
State = Annotated[Literal["", "low", "out"], Query("", description="only these; else both")]
Page = Annotated[int, Query(1, ge=1, le=10_000)]


@router.get("inventory/alerts", response={200: shapes.AlertList, **refusals(401, 422)}, summary="What runs low")
def list_alerts(request: HttpRequest, state: State, page: Page) -> Any:
    """For the team: each size on sale that is out, or at the number at which it runs low, the emptiest first. Asks for
    a signed-in member of the team whose role may see stock."""
    see_that_staff_may(request, alerts.SEES_STOCK)
    pages = Paginator(alerts.watched(state), PER_PAGE)
    found = pages.get_page(page)
    items = [alert_document(alert) for alert in alerts.alerts_of(found.object_list)]
    return {"items": items, "total": pages.count, "page": found.number, "pages": pages.num_pages}

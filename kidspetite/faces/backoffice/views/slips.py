"""What lies in the parcel. A packing slip tells pieces and words, never prices, so that it is right for gifts too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kidspetite.faces.backoffice.access import allowed, page
from kidspetite.sales.orders import queries as orders


@require_GET
@allowed("orders.view_order")
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """One order's packing slip, for the printer: who gets it, what is in it, the gift message, how to send it back."""
    row = orders.order_by_number(number)
    if row is None:
        raise Http404
    return page(request, "slip.html", {"order": orders.order_view(row)})

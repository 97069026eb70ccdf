"""What runs low, what is out, and what people wait for; and at how many pieces one wants to know."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.queries import alerts

PER_PAGE = 20
VIEWS = (
    ("", gettext_lazy("Needs you")),
    ("out", gettext_lazy("Out")),
    ("low", gettext_lazy("Low")),
    ("held", gettext_lazy("In baskets")),
    ("waited", gettext_lazy("Waited for")),
)


@require_GET
@allowed("inventory.view_stocklevel")
def alert_list(request: HttpRequest) -> HttpResponse:
    """All shelves in a few numbers, then those that need somebody, the emptiest first."""
    view = request.GET.get("view", "")
    view = view if view in dict(VIEWS) else ""
    rows = Paginator(alerts.watched(view), PER_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "summary": alerts.stock_summary(),
        "rows": rows,
        "shelves": alerts.alerts_of(rows.object_list),
        "view": view,
        "views": VIEWS,
        "default_mark": alerts.default_mark(),
    }
    return page(request, "stock_alerts.html", context)


@require_POST
@allowed("inventory.change_stocklevel")
def set_mark(request: HttpRequest, sku: str) -> HttpResponse:
    """At how many pieces this size runs low; empty gives it back to the shop's own number."""
    variant = Variant.objects.filter(sku=sku).first()
    if variant is None:
        raise UnknownSku(sku=sku)
    typed = request.POST.get("low_at", "").strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= 6):
        messages.warning(request, _("Runs low at: a whole number of pieces, such as 5, or nothing."))
    else:
        inventory.set_low_mark(variant.pk, int(typed) if typed else None, by=actor(request))
        messages.success(request, _("Saved. We tell you when it falls to that."))
    return redirect("desk:shelf", sku)

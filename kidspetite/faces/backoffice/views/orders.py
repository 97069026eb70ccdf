from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.order_page import facts_of, order_named
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries
from kidspetite.sales.shipping import operations as shipping

PER_PAGE = 50
VIEWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "to-ship": (gettext_lazy("To ship"), ("paid",)),
    "awaiting": (gettext_lazy("Awaiting payment"), ("awaiting_payment", "requires_action")),
    "unknown": (gettext_lazy("Payment unknown"), ("payment_unknown",)),
    "under-way": (gettext_lazy("Under way"), ("shipped",)),
    "disputed": (gettext_lazy("Disputed"), ()),
    "ended": (gettext_lazy("Ended"), ("delivered", "cancelled", "refunded")),
    "all": (gettext_lazy("All"), ()),
}


@require_GET
@allowed("orders.view_order")
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders by what is to be done with them; the oldest first where somebody waits."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "all" if request.GET.get("q") else "to-ship"
    words = request.GET.get("q", "").strip()[:120]
    rows = _found(view, words)
    pages = Paginator(rows, PER_PAGE)
    counts = {name: _found(name, "").count() for name in ("to-ship", "awaiting", "unknown", "under-way")}
    context = {
        "orders": pages.get_page(request.GET.get("page", "1")),
        "view": view, "views": [(name, label, counts.get(name)) for name, (label, _s) in VIEWS.items()],
        "words": words,
    }  # fmt: skip
    return page(request, "orders.html", context)


@require_GET
@allowed("orders.view_order")
def order(request: HttpRequest, number: str) -> HttpResponse:
    return _order_page(request, order_named(number))


@require_POST
@allowed("shipping.add_shipment")
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """The parcel has left: told once, however often the button is pressed."""
    row = order_named(number)
    carrier, tracking = request.POST.get("carrier", ""), request.POST.get("tracking_number", "")
    try:
        shipping.ship_order(row.pk, carrier=carrier, tracking_number=tracking, by=actor(request))
    except DomainError as error:
        return _order_page(request, row, error=error, typed={"carrier": carrier, "tracking_number": tracking})
    messages.success(request, _("Order %(number)s is on its way; the customer gets a letter.") % {"number": row.number})
    return redirect("desk:order", row.number)


@require_POST
@allowed("shipping.change_shipment")
def deliver(request: HttpRequest, number: str) -> HttpResponse:
    row = order_named(number)
    parcel = request.POST.get("parcel", "")
    theirs = {str(each.pk) for each in row.shipments.all()}
    if parcel not in theirs:
        raise Http404
    shipping.mark_delivered(int(parcel), by=actor(request))
    messages.success(request, _("Noted as delivered."))
    return redirect("desk:order", row.number)


@require_POST
@allowed("orders.change_order")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the provider now what became of the payment."""
    row = order_named(number)
    status = payments.ask_about_order(row.pk)
    label = dict(Order.Status.choices).get(status, status)
    messages.info(request, _("The provider was asked. The order stands at: %(status)s.") % {"status": label})
    return redirect("desk:order", row.number)


@require_POST
@allowed("orders.change_order")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A word among staff on the timeline."""
    row = order_named(number)
    if text := " ".join(request.POST.get("text", "").split())[:300]:
        orders.add_note(row.pk, text=text, by=actor(request))
    return redirect("desk:order", row.number)


def _found(view: str, words: str) -> QuerySet[Order]:
    statuses = VIEWS[view][1]
    rows = Order.objects.filter(status__in=statuses) if statuses else Order.objects.all()
    if view == "disputed":
        rows = rows.filter(pk__in=payment_queries.disputed_orders())
    if words:
        rows = rows.filter(
            Q(number__icontains=words) | Q(email__icontains=words) | Q(shipping_address__name__icontains=words)
        )
    return rows.order_by("paid_at", "pk") if view == "to-ship" else rows.order_by("-placed_at", "-pk")


def _order_page(
    request: HttpRequest, row: Order, *, error: DomainError | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    row.refresh_from_db()
    context = facts_of(row) | {
        "error": error,
        "field_errors": {fault.field: fault.message for fault in error.errors} if error else {},
        "typed": typed or {},
        "here": "/admin/orders",
    }
    return page(request, "order.html", context, status=error.status if error else 200)

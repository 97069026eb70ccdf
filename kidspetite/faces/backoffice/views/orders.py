from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kidspetite.faces.backoffice import refunds
from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.order_page import facts_of
from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.types import Giving
from kidspetite.sales.shipping import operations as shipping

PER_PAGE = 50
VIEWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "to-ship": (gettext_lazy("To ship"), ("paid",)),
    "awaiting": (gettext_lazy("Awaiting payment"), ("awaiting_payment", "requires_action")),
    "unknown": (gettext_lazy("Payment unknown"), ("payment_unknown",)),
    "under-way": (gettext_lazy("Under way"), ("shipped",)),
    "ended": (gettext_lazy("Ended"), ("delivered", "cancelled", "refunded")),
    "all": (gettext_lazy("All"), ()),
}
CANCEL_REASONS = (
    ("customer", gettext_lazy("the customer asked")),
    ("stock", gettext_lazy("a piece is missing or damaged")),
    ("fraud", gettext_lazy("it looks like fraud")),
    ("address", gettext_lazy("it cannot be delivered")),
    ("other", gettext_lazy("other")),
)
REFUND_KEY = re.compile(r"[A-Za-z0-9_-]{20,40}")


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
    return _order_page(request, _order(number))


@require_POST
@allowed("shipping.add_shipment")
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """The parcel has left: told once, however often the button is pressed."""
    row = _order(number)
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
    row = _order(number)
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
    row = _order(number)
    status = payments.ask_about_order(row.pk)
    label = dict(Order.Status.choices).get(status, status)
    messages.info(request, _("The provider was asked. The order stands at: %(status)s.") % {"status": label})
    return redirect("desk:order", row.number)


@require_POST
@allowed("orders.change_order")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A word among staff on the timeline."""
    row = _order(number)
    if text := " ".join(request.POST.get("text", "").split())[:300]:
        orders.add_note(row.pk, text=text, by=actor(request))
    return redirect("desk:order", row.number)


@require_http_methods(["GET", "POST"])
@allowed("orders.change_order")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """What cancelling would do, then doing it. An open payment is ended at the provider first."""
    row = _order(number)
    if request.method == "GET":
        return _cancel_page(request, row)
    reason = dict(CANCEL_REASONS).get(request.POST.get("reason", ""))
    if reason is None:
        return _cancel_page(request, row, fault=_("Say why, for whoever reads this later."))
    try:
        if row.status in rules.OPEN:
            status = payments.abandon_order(row.pk, by=actor(request), reason=str(reason))
        else:
            status = orders.cancel_order(row.pk, by=actor(request), reason=str(reason)).status
    except DomainError as error:
        return _cancel_page(request, row, fault=str(error.message), status=error.status)
    if status == Order.Status.CANCELLED:
        messages.success(request, _("Order %(number)s is cancelled.") % {"number": row.number})
    else:
        messages.warning(
            request,
            _("It was not cancelled: the payment came through, or the provider does not answer. Have another look."),
        )
    return redirect("desk:order", row.number)


@require_POST
@allowed("payments.add_refund")
def capture(request: HttpRequest, number: str) -> HttpResponse:
    """Take what the bank holds now, before the parcel leaves."""
    row = _order(number)
    try:
        done = payments.capture_order(row.pk, by=actor(request))
    except DomainError as error:
        return _order_page(request, row, error=error)
    if done.payment == "captured":
        messages.success(request, _("%(amount)s is taken.") % {"amount": formats.money(row.total)})
    else:
        messages.info(request, _("The provider has not answered yet; we go on asking once the parcel has left."))
    return redirect("desk:order", row.number)


@require_http_methods(["GET", "POST"])
@allowed("payments.add_refund")
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what goes back, see what that does, confirm. The key of the preview makes a double click harmless."""
    row = _order(number)
    facts = facts_of(row)
    if request.method == "GET":
        return _refund_page(request, facts)
    try:
        intended = refunds.read(request.POST.dict(), facts["order"], facts["box"])
    except DomainError as error:
        return _refund_page(request, facts, error=error)
    key = request.POST.get("key", "")
    if request.POST.get("step") != "confirm" or not REFUND_KEY.fullmatch(key):
        return _refund_page(request, facts, intended=intended, key=ids.token())
    if request.POST.get("amount_shown") != str(intended.amount.minor):
        return _refund_page(request, facts, intended=intended, key=ids.token())
    return _send_refund(request, row, intended, key)


def _send_refund(request: HttpRequest, row: Order, intended: refunds.Intended, key: str) -> HttpResponse:
    try:
        wanted, action = Giving(amount=intended.amount), f"desk:{row.number}:{key}"
        done = payments.refund_order(row.pk, wanted, key=action, by=actor(request), reason=intended.reason)
    except DomainError as error:
        return _refund_page(request, facts_of(row), error=error)
    amount = formats.money(done.amount)
    if done.status == "refused":
        messages.error(request, _("The provider refused to give %(amount)s back.") % {"amount": amount})
    elif done.status == "done":
        messages.success(request, _("%(amount)s went back; the customer gets a letter.") % {"amount": amount})
    else:
        messages.info(
            request,
            _("%(amount)s is on its way: the provider has not answered yet, we go on asking.") % {"amount": amount},
        )
    return redirect("desk:order", row.number)


def _order(number: str) -> Order:
    found = order_queries.order_by_number(number)
    if found is None:
        raise Http404
    return found


def _found(view: str, words: str) -> QuerySet[Order]:
    statuses = VIEWS[view][1]
    rows = Order.objects.filter(status__in=statuses) if statuses else Order.objects.all()
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


def _cancel_page(request: HttpRequest, row: Order, *, fault: str = "", status: int = 422) -> HttpResponse:
    context = facts_of(row) | {"reasons": CANCEL_REASONS, "fault": fault, "here": "/admin/orders"}
    return page(request, "cancel.html", context, status=status if fault else 200)


def _refund_page(
    request: HttpRequest,
    facts: dict[str, Any],
    *,
    error: DomainError | None = None,
    intended: refunds.Intended | None = None,
    key: str = "",
) -> HttpResponse:
    view = facts["order"]
    typed = request.POST.dict() if request.method == "POST" else {"how": "all", "reason": "returned"}
    context = facts | {
        "typed": typed,
        "lines": [(line, typed.get(f"line-{line.sku}", "0")) for line in view.lines],
        "rest": refunds.rest_of(view),
        "reasons": refunds.REASONS,
        "error": error,
        "field_errors": {fault.field: fault.message for fault in error.errors} if error else {},
        "intended": intended,
        "left_after": facts["box"].left - intended.amount if intended else None,
        "key": key,
        "here": "/admin/orders",
    }
    return page(request, "refund.html", context, status=error.status if error else 200)

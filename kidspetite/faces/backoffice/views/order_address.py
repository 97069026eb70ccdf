"""Correcting where a paid order goes, on behalf of its customer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.order_page import order_named
from kidspetite.foundation.accounts.types import STATES
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.types import AddressQuestion
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.models import Order

FIELDS = (
    ("name", gettext_lazy("Full name")),
    ("line1", gettext_lazy("Street and number")),
    ("line2", gettext_lazy("Apartment, suite")),
    ("city", gettext_lazy("City")),
    ("postal_code", gettext_lazy("ZIP")),
    ("phone", gettext_lazy("Phone")),
)


@require_http_methods(["GET", "POST"])
@allowed("orders.change_order")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The address is checked as in checkout; tax and shipping have to stay as they were paid."""
    row = order_named(number)
    if request.method == "GET":
        return _show(request, row, row.shipping_address)
    typed = {name: request.POST.get(name, "") for name in (*dict(FIELDS), "state")}
    try:
        question = checkout.readdress(
            row.pk, typed, by=actor(request), answer=request.POST.get("address_choice", ""),
            asked=request.POST.get("address_asked", ""),
        )  # fmt: skip
    except DomainError as error:
        return _show(request, row, typed, error=error)
    if question:
        return _show(request, row, typed, question=question)
    messages.success(request, _("The address is corrected; the customer gets a letter."))
    return redirect("desk:order", row.number)


def _show(
    request: HttpRequest,
    row: Order,
    typed: dict[str, str],
    *,
    error: DomainError | None = None,
    question: AddressQuestion | None = None,
) -> HttpResponse:
    faults = {fault.field.removeprefix("shipping_address."): fault.message for fault in error.errors} if error else {}
    context = {
        "order": orders.order_view(row),
        "fields": [(name, label, typed.get(name, ""), faults.get(name)) for name, label in FIELDS],
        "state": typed.get("state", ""),
        "states": STATES,
        "error": error,
        "state_fault": faults.get("state"),
        "question": question,
        "here": "/admin/orders",
    }
    return page(request, "order_address.html", context, status=error.status if error else 200)

"""What its owner may still change about an order: end it, or correct where it goes, until it has left. Whoever holds
the order's token is its owner; an account's pages lead here with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.accounts.types import STATES
from kidspetite.foundation.kernel.errors import Conflict, Invalid
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries

FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "phone")
REASON = "the customer asked"


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """What cancelling does, then doing it."""
    order = _order(token)
    view = order_queries.order_view(order)
    if not view.can_be_cancelled:
        messages.warning(request, _("This order cannot be cancelled any more. Write to us, and we look for a way."))
        return redirect("order", token=token)
    if request.method == "GET":
        is_held = payment_queries.is_only_held(order.pk)
        return render(request, "storefront/order_cancel.html", {"order": view, "is_held": is_held})
    try:
        status = payments.end_order(order.pk, by=orders.SHOPPER, reason=REASON)
    except Conflict as error:
        messages.warning(request, str(error.message))
        return redirect("order", token=token)
    if status == Order.Status.CANCELLED:
        messages.success(request, _("The order is cancelled."))
    else:
        messages.warning(
            request, _("Your payment came through, or your bank has not answered yet, so the order stands. Try again.")
        )
    return redirect("order", token=token)


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, token: str) -> HttpResponse:
    """Correct where a paid order goes."""
    order = _order(token)
    view = order_queries.order_view(order)
    if not view.can_be_readdressed:
        messages.warning(request, _("The address of this order stays as it is. Write to us, and we look for a way."))
        return redirect("order", token=token)
    if request.method == "GET":
        return _address_page(request, view, Typed({name: order.shipping_address.get(name, "") for name in FIELDS}))
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        question = checkout.readdress(
            order.pk, typed, by=orders.SHOPPER, answer=request.POST.get("address_choice", ""),
            asked=request.POST.get("address_asked", ""),
        )  # fmt: skip
    except Invalid as error:
        return _address_page(request, view, Typed(typed, error.errors), status=422)
    except Conflict as error:
        return _address_page(request, view, Typed(typed), refusal=str(error.message), status=error.status)
    if question:
        return _address_page(request, view, Typed(typed), question=question)
    messages.success(request, _("It goes to the new address. A mail tells you so, too."))
    return redirect("order", token=token)


def _order(token: str) -> Order:
    found = order_queries.order_by_token(token)
    if found is None:
        raise Http404
    return found


def _address_page(request: HttpRequest, view: Any, form: Typed, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"order": view, "form": form, "states": STATES, "question": None, "refusal": "", **more}
    return render(request, "storefront/order_address.html", context, status=status)

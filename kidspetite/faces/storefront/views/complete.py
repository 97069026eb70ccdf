"""After paying: what became of it, and an account for whoever bought as a guest."""

from __future__ import annotations

from allauth.account.forms import SignupForm
from allauth.account.internal import flows
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from kidspetite.faces.edge.shopper import leave_hint
from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.types import TextState
from kidspetite.sales.orders import operations as order_commands
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries

NO_FAULTS = Typed({})


@require_safe
def complete(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it: paid, being checked, waiting for the bank, or not to be."""
    order = _order(token)
    if order.status in order_rules.OPEN:
        payments.ask_about_order(order.pk)
        order.refresh_from_db()
    return _page(request, order)


@require_POST
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Open an account for the order's mail address, with its address in the book and the order in its list.

    Whoever has an account already is told so by mail, and the order stays a guest's.
    """
    order = _order(token)
    if not _can_join(request, order):
        return redirect("checkout-complete", token=token)
    form = SignupForm({"email": order.email, "password1": request.POST.get("password", "")})
    if not form.is_valid():
        return _page(request, order, join=Typed({}, tuple(_faults(form))), status=422)
    user, told_by_mail = form.try_save(request)
    if told_by_mail:
        return told_by_mail
    order_commands.give_to_customer(order.pk, customer_id=user.pk)
    people.save_address(user, order.shipping_address)
    try:
        flows.signup.complete_signup(request, user=user, redirect_url="/account/orders", by_passkey=False)
    except ImmediateHttpResponse as answer:
        return answer.response
    messages.success(request, _("Your account is open, and this order is in it."))
    return leave_hint(request, redirect("account-orders"))


def _order(token: str) -> Order:
    order = orders.order_by_token(token)
    if order is None:
        raise Http404
    return order


def _can_join(request: HttpRequest, order: Order) -> bool:
    is_settled = order.status not in order_rules.OPEN
    return is_settled and order.customer_id is None and not request.user.is_authenticated


def _page(request: HttpRequest, order: Order, *, join: Typed = NO_FAULTS, status: int = 200) -> HttpResponse:
    asked_at = payment_queries.asked_at(order.pk) if order.status == Order.Status.REQUIRES_ACTION else ""
    context = {
        "order": orders.order_view(order), "can_join": _can_join(request, order), "join": join, "asked_at": asked_at,
        "asks_phone": order.texts_to and letters.text_state(order.texts_to) is TextState.ASKED,
    }  # fmt: skip
    return leave_hint(request, render(request, "storefront/checkout/complete.html", context, status=status))


def _faults(form: SignupForm) -> list[FieldError]:
    """The address was good enough for the order, so what is wrong is the password."""
    return [FieldError("password", words) for faults in form.errors.values() for words in faults]

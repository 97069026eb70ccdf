"""The money of an order, as staff move it: taken, given back, or the order ended. Each shows what it does first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kidspetite.faces.backoffice import refunds
from kidspetite.faces.backoffice.access import FORM_KEY, actor, allowed, page
from kidspetite.faces.backoffice.dollars import typed_amount
from kidspetite.faces.backoffice.order_page import facts_of, order_named
from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.errors import DomainError, FieldError
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import NothingHeld
from kidspetite.sales.payments.queries.refunds import is_begun

CANCEL_REASONS = (
    ("customer", gettext_lazy("the customer asked")),
    ("stock", gettext_lazy("a piece is missing or damaged")),
    ("fraud", gettext_lazy("it looks like fraud")),
    ("address", gettext_lazy("it cannot be delivered")),
    ("other", gettext_lazy("other")),
)
TAKE_REASONS = (
    ("sent", gettext_lazy("it has been sent")),
    ("ends", gettext_lazy("the bank’s hold ends soon")),
    ("part", gettext_lazy("only a part of it is sent")),
    ("other", gettext_lazy("other")),
)


@require_http_methods(["GET", "POST"])
@allowed("orders.change_order")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """What cancelling would do, then doing it. An open payment is ended at the provider first, and what the bank holds
    is let go."""
    row = order_named(number)
    if request.method == "GET":
        return _cancel_page(request, row)
    reason = dict(CANCEL_REASONS).get(request.POST.get("reason", ""))
    if reason is None:
        return _cancel_page(request, row, fault=_("Say why, for whoever reads this later."))
    try:
        status = payments.end_order(row.pk, by=actor(request), reason=str(reason))
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


@require_http_methods(["GET", "POST"])
@allowed("payments.add_refund")
def capture(request: HttpRequest, number: str) -> HttpResponse:
    """Take what the bank holds now, whole or in part, before the parcel leaves."""
    row = order_named(number)
    facts = facts_of(row)
    if request.method == "GET":
        return _capture_page(request, facts)
    try:
        reason = refunds.reason_typed(request.POST.dict(), TAKE_REASONS)
        amount = _amount_to_take(request, facts["box"].held)
        if request.POST.get("step") != "confirm":
            return _capture_page(request, facts, intended=amount, reason=reason)
        done = payments.capture_order(row.pk, amount, by=actor(request), reason=reason)
    except DomainError as error:
        return _capture_page(request, facts, error=error)
    if done.payment == "captured":
        messages.success(request, _("%(amount)s is taken.") % {"amount": formats.money(amount)})
    else:
        messages.info(request, _("The provider has not answered yet; we go on asking once the parcel has left."))
    return redirect("desk:order", row.number)


@require_http_methods(["GET", "POST"])
@allowed("payments.add_refund")
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what goes back, see what that does, confirm. The key of the preview makes a double click harmless."""
    row = order_named(number)
    if request.method == "GET":
        return _refund_page(request, row)
    key = request.POST.get("key", "")
    confirmed = request.POST.get("step") == "confirm" and FORM_KEY.fullmatch(key)
    action = f"desk:{row.number}:{key}"
    if confirmed and is_begun(action):
        return redirect("desk:order", row.number)
    try:
        intended = refunds.read(request.POST.dict(), row)
    except DomainError as error:
        return _refund_page(request, row, error=error)
    if not confirmed or request.POST.get("amount_shown") != str(intended.plan.amount.minor):
        return _refund_page(request, row, intended=intended, key=ids.token())
    return _send_refund(request, row, intended, action)


def _send_refund(request: HttpRequest, row: Order, intended: refunds.Intended, action: str) -> HttpResponse:
    try:
        done = payments.refund_order(
            row.pk, intended.giving, key=action, by=actor(request), reason=intended.reason, shown=intended.plan.amount
        )
    except DomainError as error:
        return _refund_page(request, row, error=error)
    amount = {"amount": formats.money(done.amount)}
    if done.status == "refused":
        refused = Money.total(one.amount for one in done.refunds if one.status == "refused")
        words = _("The provider refused to give %(amount)s back. What it did not refuse went back.")
        messages.error(request, words % {"amount": formats.money(refused)})
    elif done.status == "done":
        messages.success(request, _("%(amount)s went back; the customer gets a letter.") % amount)
    else:
        messages.info(
            request, _("%(amount)s is on its way: the provider has not answered yet, we go on asking.") % amount
        )
    return redirect("desk:order", row.number)


def _amount_to_take(request: HttpRequest, held: Money) -> Money:
    if not held:
        raise NothingHeld()
    amount = typed_amount(request.POST.get("amount", ""), held.currency)
    if amount is None or amount > held:
        words = _("An amount of up to %(held)s, such as 12.50.") % {"held": formats.money(held)}
        raise refunds.RefundUnclear(_("Nothing was taken."), errors=(FieldError("amount", words),))
    return amount


def _cancel_page(request: HttpRequest, row: Order, *, fault: str = "", status: int = 422) -> HttpResponse:
    context = facts_of(row) | {"reasons": CANCEL_REASONS, "fault": fault, "here": "/admin/orders"}
    return page(request, "cancel.html", context, status=status if fault else 200)


def _capture_page(
    request: HttpRequest,
    facts: dict[str, Any],
    *,
    error: DomainError | None = None,
    intended: Money | None = None,
    reason: str = "",
) -> HttpResponse:
    held = facts["box"].held
    typed = request.POST.dict() if request.method == "POST" else {"amount": str(held).split()[0], "reason": "sent"}
    context = facts | _fault_words(error) | {
        "typed": typed, "reasons": TAKE_REASONS, "intended": intended, "reason": reason,
        "let_go": held - intended if intended else None, "here": "/admin/orders",
    }  # fmt: skip
    return page(request, "capture.html", context, status=error.status if error else 200)


def _refund_page(
    request: HttpRequest,
    row: Order,
    *,
    error: DomainError | None = None,
    intended: refunds.Intended | None = None,
    key: str = "",
) -> HttpResponse:
    facts = facts_of(row)
    typed = request.POST.dict() if request.method == "POST" else {"how": "all", "reason": "returned", "to": "same_way"}
    context = facts | _fault_words(error) | {
        "typed": typed, "lines": refunds.lines_left(row, typed), "rest": refunds.sending_left(row),
        "reasons": refunds.REASONS, "intended": intended, "key": key,
        "left_after": facts["box"].left - intended.plan.amount if intended else None, "here": "/admin/orders",
    }  # fmt: skip
    return page(request, "refund.html", context, status=error.status if error else 200)


def _fault_words(error: DomainError | None) -> dict[str, Any]:
    return {
        "error": error,
        "field_errors": {fault.field: fault.message for fault in error.errors} if error else {},
    }

"""Taking what the bank holds: when the parcel leaves, or when staff say so."""

from __future__ import annotations

import structlog

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import audit
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import CaptureTooLarge, GatewayRefused, GatewayUnreachable, NothingHeld
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.operations.recording import record_outcome
from kidspetite.sales.payments.queries import gateway_of, paid_of
from kidspetite.sales.payments.types import Paid, Result

log = structlog.get_logger(__name__)

REFUSED = "capture_refused"


def capture_order(order_id: int, amount: Money | None = None, *, by: str, reason: str = "") -> Paid:
    """Take what the bank holds for an order, or a part of it; the rest is let go for good.

    Calls the provider: never inside a transaction. Without an answer, or a free line, it stays held, and reconcile
    asks again once the order has shipped. Raises NothingHeld, CaptureTooLarge, and GatewayRefused when the provider
    will not.
    """
    held = Payment.objects.filter(order_id=order_id, status="authorised", account=None)
    payment = held.select_related("order").first()
    if payment is None:
        raise NothingHeld(order_id=order_id)
    wanted = payment.amount if amount is None else amount
    if not rules.may_capture(wanted.minor, held=payment.amount_minor):
        raise CaptureTooLarge(order=payment.order.number, held_cents=payment.amount_minor)
    with a_line(PATIENCE_OF_A_SHOPPER) as is_free:
        if not is_free:
            return paid_of(payment)
        try:
            outcome = gateway_of(payment).capture(payment.known, wanted, key=f"capture:{payment.pk}")
        except GatewayUnreachable:
            log.warning("capture_unanswered", payment_id=payment.pk)
            return paid_of(payment)
        except GatewayRefused:
            _note_refusal(payment, by=by)
            raise
    if outcome.result is Result.CAPTURED:
        audit.record(
            actor=by, verb="payments.capture", subject=payment.order.number, amount_cents=wanted.minor, of=payment.pk,
            reason=reason,
        )  # fmt: skip
    return record_outcome(payment.pk, outcome)


def capture_shipped(order_id: int, *, by: str = "job:payments") -> int:
    """The parcel has left: take what the bank holds for it, if it holds anything. Gives how many were taken."""
    held = Payment.objects.filter(order_id=order_id, status="authorised", account=None)
    if not held.exclude(reason=REFUSED).exists():
        return 0
    try:
        return int(capture_order(order_id, by=by).payment == "captured")
    except GatewayRefused:
        log.exception("capture_refused", order_id=order_id)
        return 0


def _note_refusal(payment: Payment, *, by: str) -> None:
    """Staff have to look: the hold may have run out. The job does not ask a second time; staff may."""
    Payment.objects.filter(pk=payment.pk).update(reason=REFUSED)
    orders.add_note(payment.order_id, text="The provider refused to take the money it held.", by=by)

"""Money on its way back: written down first, then sent, then noted. Never more than was paid."""

from __future__ import annotations

import structlog
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, NothingPaid, RefundTooLarge
from kidspetite.sales.payments.events import RefundIntended
from kidspetite.sales.payments.models import Payment, Refund
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.queries import gateway_of

log = structlog.get_logger(__name__)

PAID = (Payment.Status.CAPTURED, Payment.Status.SURPLUS)


@transaction.atomic
def intend_refund(payment_id: int, amount: Money, *, key: str, by: str, reason: str) -> Refund:
    """Write down that money is to go back; a job sends it. The same key again gives back the first refund.

    Raises NothingPaid, or RefundTooLarge when more was asked for than is left. Locks order and payment.
    """
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = orders.lock_order(order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if known := Refund.objects.filter(key=key).first():
        return known
    if payment.status not in PAID:
        raise NothingPaid(order=order.number)
    if not rules.may_refund(amount.minor, paid=payment.captured_minor, refunded=payment.refunded_minor):
        left = rules.left_to_refund(paid=payment.captured_minor, refunded=payment.refunded_minor)
        raise RefundTooLarge(order=order.number, left_cents=left)
    payment.refunded_minor += amount.minor
    payment.save(update_fields=["refunded_minor"])
    refund = Refund.objects.create(
        payment=payment, key=key, amount_minor=amount.minor, reason=reason[:200], actor=by, created_at=clock.now()
    )
    audit.record(
        actor=by, verb="payments.refund", subject=order.number, amount_cents=amount.minor, reason=reason, key=key
    )
    publish(RefundIntended(refund.pk))
    return refund


def refund_payment(order_id: int, amount: Money, *, key: str, by: str, reason: str) -> Refund:
    """Give back part or all of what an order was paid with, now. Calls the provider: never inside a transaction.

    Without an answer the refund stays intended, and a job sends it. Raises NothingPaid, RefundTooLarge.
    """
    payment_id = _captured_of(order_id)
    if payment_id is None:
        raise NothingPaid(order=order_id)
    refund = intend_refund(payment_id, amount, key=key, by=by, reason=reason)
    return send_refund(refund.pk, patience=PATIENCE_OF_A_SHOPPER)


def send_refund(refund_id: int, *, patience: float = PATIENCE_OF_A_JOB) -> Refund:
    """Send an intended refund to the provider under its key, and note the answer. Sending twice gives back once; with
    no line to the provider free within `patience` seconds it stays intended, for a job."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != Refund.Status.INTENDED:
        return refund
    with a_line(patience) as is_free:
        if not is_free:
            return refund
        try:
            reference = gateway_of(refund.payment).refund(refund.payment.known, refund.amount, key=refund.key)
        except GatewayUnreachable:
            log.warning("refund_unanswered", refund_id=refund_id)
            return refund
        except GatewayRefused:
            log.exception("refund_refused", refund_id=refund_id)
            return _settle(refund_id, Refund.Status.REFUSED, "")
    return _settle(refund_id, Refund.Status.DONE, reference)


@transaction.atomic
def refund_cancelled(order_id: int) -> None:
    """An order was cancelled: what was paid on it and has not gone back yet goes back."""
    payment = Payment.objects.filter(order_id=order_id, status=Payment.Status.CAPTURED).first()
    if payment is None:
        return
    left = rules.left_to_refund(paid=payment.captured_minor, refunded=payment.refunded_minor)
    if left:
        amount = Money(left, payment.currency)
        intend_refund(payment.pk, amount, key=f"cancelled:{payment.pk}", by="job:payments", reason="order cancelled")


@transaction.atomic
def _settle(refund_id: int, status: Refund.Status, reference: str) -> Refund:
    payment_id, order_id = Refund.objects.values_list("payment_id", "payment__order_id").get(pk=refund_id)
    orders.lock_order(order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.status != Refund.Status.INTENDED:
        return refund
    refund.status, refund.reference, refund.settled_at = status, reference, clock.now()
    refund.save(update_fields=["status", "reference", "settled_at"])
    if status == Refund.Status.REFUSED:
        payment.refunded_minor -= refund.amount_minor
        payment.save(update_fields=["refunded_minor"])
    elif payment.status == Payment.Status.CAPTURED:
        orders.note_refund(order_id, Money(refund.amount_minor, payment.currency), by=refund.actor)
    return refund


def _captured_of(order_id: int) -> int | None:
    paid = Payment.objects.filter(order_id=order_id, status=Payment.Status.CAPTURED)
    return paid.values_list("pk", flat=True).first()

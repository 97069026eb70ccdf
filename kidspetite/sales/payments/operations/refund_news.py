"""What providers tell by themselves of money going back: refunds made at their own desk, and refunds that failed."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Q

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import audit
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import GatewayUnreachable
from kidspetite.sales.payments.models import Payment, Refund
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, a_line
from kidspetite.sales.payments.operations.refunding import PAID, settle
from kidspetite.sales.payments.queries import gateway_of
from kidspetite.sales.payments.types import RefundTold

log = structlog.get_logger(__name__)

PROVIDER = "provider"


def hear_refunds(payment_id: int) -> None:
    """Ask the provider what went back of a payment, and bring our books to it. Hearing it again changes nothing.

    Calls the provider: never inside a transaction. Raises GatewayUnreachable, so that the job is tried again.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.status not in PAID or payment.account_id:
        return
    with a_line(PATIENCE_OF_A_JOB) as is_free:
        if not is_free:
            raise GatewayUnreachable(payment=payment_id)
        told = gateway_of(payment).refunds_of(payment.known)
    for one in told:
        book_refund(payment_id, one)


@transaction.atomic
def book_refund(payment_id: int, told: RefundTold) -> None:
    """Write down how a refund stands at the provider: one that we asked for, or one of theirs, with "provider" for its
    actor. Never more than was paid; what would be more is logged and left. Locks the order, then the payment."""
    order = orders.lock_order(Payment.objects.values_list("order_id", flat=True).get(pk=payment_id))
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    ours = Q(reference=told.reference) | (Q(key=told.key) if told.key else Q(pk__in=[]))
    refund = Refund.objects.filter(ours, payment=payment).first()
    if refund is None:
        if not told.has_failed:
            _book_theirs(order, payment, told)
    elif refund.status == Refund.Status.INTENDED:
        settle(refund.pk, Refund.Status.REFUSED if told.has_failed else Refund.Status.DONE, told.reference)
    elif refund.status == Refund.Status.DONE and told.has_failed:
        _take_back(order, payment, refund)


def _book_theirs(order: Order, payment: Payment, told: RefundTold) -> None:
    if not rules.may_refund(told.amount.minor, paid=payment.captured_minor, refunded=payment.refunded_minor):
        log.error("refund_beyond_paid", payment_id=payment.pk, told=told.amount.minor, reference=told.reference)
        return
    payment.refunded_minor += told.amount.minor
    payment.save(update_fields=["refunded_minor"])
    key = f"{PROVIDER}:{payment.pk}:{told.reference}"[:80]
    refund = Refund.objects.create(
        payment=payment, key=key, action=key, amount_minor=told.amount.minor, actor=PROVIDER,
        reason="made at the provider", created_at=clock.now(),
    )  # fmt: skip
    audit.record(
        actor=PROVIDER, verb="payments.refund", subject=order.number, amount_cents=told.amount.minor,
        reason=refund.reason, key=key,
    )  # fmt: skip
    settle(refund.pk, Refund.Status.DONE, told.reference)


def _take_back(order: Order, payment: Payment, refund: Refund) -> None:
    """The bank sent it back: it counts as paid again, the order says so, and staff are told."""
    refund.status, refund.settled_at = Refund.Status.REFUSED, clock.now()
    refund.save(update_fields=["status", "settled_at"])
    payment.refunded_minor -= refund.amount_minor
    payment.save(update_fields=["refunded_minor"])
    audit.record(
        actor=PROVIDER, verb="payments.refund_failed", subject=order.number, amount_cents=refund.amount_minor,
        key=refund.key,
    )  # fmt: skip
    if payment.status == Payment.Status.CAPTURED:
        orders.note_refund_failed(order.pk, refund.amount, by=PROVIDER)
    else:
        orders.add_note(order.pk, text="A refund of money paid twice came back; give it back anew.", by=PROVIDER)

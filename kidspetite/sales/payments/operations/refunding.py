"""Money on its way back: written down first, then sent, then noted. Never more than was paid, tender by tender."""

from __future__ import annotations

import structlog
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.types import WayBack
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import (
    GatewayRefused,
    GatewayUnreachable,
    NoCreditHere,
    NothingPaid,
    RefundMoved,
    RefundTooLarge,
)
from kidspetite.sales.payments.events import RefundIntended, RefundRefused
from kidspetite.sales.payments.models import CreditAccount, CreditEntry, Payment, Refund, RefundedPieces
from kidspetite.sales.payments.operations.companions import held_credit, return_credit
from kidspetite.sales.payments.operations.credit import lock_credit_of, open_account, write_entry
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.queries import gateway_of
from kidspetite.sales.payments.queries.refunds import given_back, refund_plan, tenders_of
from kidspetite.sales.payments.types import GivenBack, Giving, RefundPlan, RefundTo

log = structlog.get_logger(__name__)

PAID = (Payment.Status.CAPTURED, Payment.Status.SURPLUS)
JOB = "job:payments"


def refund_order(
    order_id: int, giving: Giving, *, key: str, by: str, reason: str, shown: Money | None = None
) -> GivenBack:
    """Give back part or all of what an order was paid with, now, tender by tender. Calls providers: never inside a
    transaction. The same key again gives back once.

    Without an answer a refund stays intended, and a job sends it. Raises NothingPaid, RefundTooLarge, RefundUnfit,
    NoCreditHere, and RefundMoved when it comes to another sum than was `shown`.
    """
    intend_refund_of_order(order_id, giving, key=key, by=by, reason=reason, shown=shown)
    for refund_id in Refund.objects.filter(action=key, status=Refund.Status.INTENDED).values_list("pk", flat=True):
        send_refund(refund_id, patience=PATIENCE_OF_A_SHOPPER)
    return given_back(key)


@transaction.atomic
def intend_refund_of_order(
    order_id: int, giving: Giving, *, key: str, by: str, reason: str, shown: Money | None = None
) -> None:
    """Write down what goes back by which tender; what goes into store credit is there at once. Locks account, order
    and payments."""
    known = order_queries.order_by_id(order_id)
    into = _account_for(known, giving)
    lock_credit_of(known)
    order = orders.lock_order(order_id)
    if Refund.objects.filter(action=key).exists():
        return
    tenders = _locked_tenders(order_id)
    plan = refund_plan(order, giving, tenders)
    if shown is not None and plan.amount != shown:
        raise RefundMoved(order=order.number, amount_cents=plan.amount.minor)
    _write_pieces(order, plan, key)
    rows = {row.pk: row for row in tenders}
    for share in plan.shares:
        row = rows[share.payment_id]
        own = f"{key}:{row.pk}"
        _write_refund(row, share.amount, key=own, action=key, by=by, reason=reason, into=into or row.account)


@transaction.atomic
def intend_refund(payment_id: int, amount: Money, *, key: str, by: str, reason: str) -> Refund:
    """Write down that money of one tender is to go back the way it came; a job sends it. The same key again gives back
    the first refund.

    Raises NothingPaid, or RefundTooLarge when more was asked for than is left. Locks account, order and payment.
    """
    known = Payment.objects.select_related("order").get(pk=payment_id)
    if known.account_id:
        lock_credit_of(known.order)
    order = orders.lock_order(known.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).select_related("account").get(pk=payment_id)
    payment.order = order
    if done := Refund.objects.filter(key=key).first():
        return done
    if payment.status not in PAID:
        raise NothingPaid(order=order.number)
    if not rules.may_refund(amount.minor, paid=payment.captured_minor, refunded=payment.refunded_minor):
        left = rules.left_to_refund(paid=payment.captured_minor, refunded=payment.refunded_minor)
        raise RefundTooLarge(order=order.number, left_cents=left)
    return _write_refund(payment, amount, key=key, action=key, by=by, reason=reason, into=payment.account)


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
            return settle(refund_id, Refund.Status.REFUSED, "")
    return settle(refund_id, Refund.Status.DONE, reference)


@transaction.atomic
def refund_cancelled(order_id: int) -> None:
    """An order was cancelled: what was paid on it and has not gone back yet goes back, by every tender, and credit
    that was set aside for it is free again. Locks account, order and payments."""
    known = order_queries.order_by_id(order_id)
    lock_credit_of(known)
    orders.lock_order(order_id)
    for tender in held_credit(order_id):
        return_credit(tender)
    for tender in tenders_of(order_id):
        if left := rules.left_to_refund(paid=tender.captured_minor, refunded=tender.refunded_minor):
            amount = Money(left, tender.currency)
            intend_refund(tender.pk, amount, key=f"cancelled:{tender.pk}", by=JOB, reason="order cancelled")


def _locked_tenders(order_id: int) -> list[Payment]:
    """What an order was paid with, each locked after its order, by key, and read under that lock."""
    rows = Payment.objects.select_for_update().filter(order_id=order_id).order_by("pk")
    list(rows.values_list("pk"))
    return tenders_of(order_id)


def _account_for(order: Order, giving: Giving) -> CreditAccount | None:
    """The account that staff chose to give back into, locked; None where everything goes back the way it came."""
    if giving.to is RefundTo.SAME_WAY:
        return None
    if order.customer_id is None:
        raise NoCreditHere(order=order.number)
    return open_account(order.customer_id)


def _write_refund(
    payment: Payment, amount: Money, *, key: str, action: str, by: str, reason: str, into: CreditAccount | None
) -> Refund:
    payment.refunded_minor += amount.minor
    payment.save(update_fields=["refunded_minor"])
    refund = Refund.objects.create(
        payment=payment, account=into, key=key, action=action, amount_minor=amount.minor, reason=reason[:200],
        actor=by, created_at=clock.now(),
    )  # fmt: skip
    audit.record(
        actor=by, verb="payments.refund", subject=payment.order.number, amount_cents=amount.minor, reason=reason,
        key=key, to=str(RefundTo.STORE_CREDIT if into else RefundTo.SAME_WAY),
    )  # fmt: skip
    if into is None:
        publish(RefundIntended(refund.pk))
        return refund
    return _put_into_credit(refund, into)


def _put_into_credit(refund: Refund, account: CreditAccount) -> Refund:
    """No provider is called: the credit is there in the same transaction."""
    locked = CreditAccount.objects.select_for_update().get(pk=account.pk)
    write_entry(
        locked, refund.amount, cause=CreditEntry.Cause.REFUNDED, key=f"refund:{refund.pk}", by=refund.actor,
        subject=refund.payment.order.number, reason=refund.reason,
    )  # fmt: skip
    return settle(refund.pk, Refund.Status.DONE, f"credit:{refund.pk}")


def _write_pieces(order: Order, plan: RefundPlan, action: str) -> None:
    RefundedPieces.objects.bulk_create(
        RefundedPieces(order=order, action=action, sku=part.sku, pieces=part.pieces) for part in plan.parts
    )


@transaction.atomic
def settle(refund_id: int, status: Refund.Status, reference: str) -> Refund:
    """Write down how a refund ended that was under way; one that ended before stays as it is. One that was refused is
    looked into: it may have been made at the provider's desk already. Locks the order, then the payment."""
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
        publish(RefundRefused(payment.pk))
    elif payment.status == Payment.Status.CAPTURED:
        way = WayBack.STORE_CREDIT if refund.account_id else WayBack.SAME_WAY
        orders.note_refund(order_id, Money(refund.amount_minor, payment.currency), by=refund.actor, way=way)
    return refund

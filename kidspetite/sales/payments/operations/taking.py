from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import wiring
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, UnknownMethod
from kidspetite.sales.payments.events import PaymentPutOff
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.operations.recording import record_outcome
from kidspetite.sales.payments.queries import gateway_of, is_accepted, paid_of
from kidspetite.sales.payments.types import Capture, Charge, Outcome, Paid, Result

log = structlog.get_logger(__name__)


def check_method(provider: str, method: str) -> None:
    """Refuse a provider that is off, or a token that cannot be its own, before anything is opened."""
    if provider not in wiring.codes("payments"):
        raise UnknownMethod("payment.provider")
    if not is_accepted(provider, method):
        raise UnknownMethod("payment.token")


@transaction.atomic
def intend(order: Order, *, provider: str, method: str, key: str, traces: Sequence[str] = ()) -> Payment:
    """Write down, in the caller's transaction, that this order is about to be paid; `key` is what the provider gets
    as its idempotency key, `traces` are digests of who tries. Expects the order locked or new."""
    return Payment.objects.create(
        order=order,
        provider=provider,
        method=method,
        key=key,
        amount_minor=order.total_minor,
        currency=order.currency,
        traces=list(traces),
        capture=settings.PAYMENT_CAPTURE,
        created_at=clock.now(),
    )


def authorise(payment_id: int) -> Paid:
    """Send an intended charge and record what became of it. Calls the provider: never inside a transaction.

    Two calls at once per process; with both lines taken the answer is "unknown", and a job sends the charge. Where
    promotions leave nothing to pay, no provider is called.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status not in (Payment.Status.INTENDED, Payment.Status.UNKNOWN):
        return paid_of(payment)
    if not payment.amount:
        return record_outcome(payment_id, Outcome(Result.CAPTURED, label=_("nothing to pay")))
    with a_line(PATIENCE_OF_A_SHOPPER) as is_free:
        if not is_free:
            return _put_off(payment)
        outcome = _charged(payment)
    return record_outcome(payment_id, outcome)


def take_put_off(payment_id: int) -> Paid:
    """The same for a job, which has time to wait for a line; an answer still owed is left to reconcile."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status not in (Payment.Status.INTENDED, Payment.Status.UNKNOWN):
        return paid_of(payment)
    with a_line(PATIENCE_OF_A_JOB) as is_free:
        if not is_free:
            raise GatewayUnreachable(payment=payment_id)
        outcome = _charged(payment)
    return record_outcome(payment_id, outcome)


def take_approved(payment_id: int, *, patience: float) -> Paid:
    """The shopper has agreed at the provider: take it, unless the attempt has ended here meanwhile. Calls the
    provider; without a free line nothing changes, and whoever asks next takes it."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status not in rules.UNSETTLED:
        return paid_of(payment)
    with a_line(patience) as is_free:
        if not is_free:
            return paid_of(payment)
        outcome = _charged(payment)
    return record_outcome(payment_id, outcome)


def _charged(payment: Payment) -> Outcome:
    order = payment.order
    try:
        outcome = gateway_of(payment).charge(
            Charge(
                key=payment.key,
                amount=payment.amount,
                method=payment.method,
                order_number=order.number,
                return_url=f"{settings.BASE_URL}/checkout/complete/{order.token}",
                cancel_url=f"{settings.BASE_URL}/checkout/unpaid/{order.token}",
                reference=payment.reference,
                capture=Capture(payment.capture),
            )
        )
    except GatewayUnreachable:
        log.warning("gateway_unreachable", provider=payment.provider, payment_id=payment.pk)
        return Outcome(Result.UNKNOWN)
    except GatewayRefused:
        log.exception("gateway_refused", provider=payment.provider, payment_id=payment.pk)
        return Outcome(Result.DECLINED, reason="gateway_refused")
    return outcome


@transaction.atomic
def _put_off(payment: Payment) -> Paid:
    if payment.status in rules.UNSETTLED:
        payment.order = orders.mark_payment_unknown(payment.order_id)
        publish(PaymentPutOff(payment.pk))
    return paid_of(payment)

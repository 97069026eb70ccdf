from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import wiring
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import write_kept
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, UnknownMethod
from kidspetite.sales.payments.events import PaymentPutOff
from kidspetite.sales.payments.models import Payer, Payment
from kidspetite.sales.payments.operations.cards import payer_of
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.operations.recording import record_outcome
from kidspetite.sales.payments.queries import gateway_of, is_accepted, paid_of, payment_and_order
from kidspetite.sales.payments.queries.cards import is_saved, keeps_cards, saved_card_for
from kidspetite.sales.payments.types import Capture, Charge, Outcome, Paid, Result

log = structlog.get_logger(__name__)


def check_method(provider: str, method: str, *, customer_id: int | None = None) -> None:
    """Refuse a provider that is off, a token that cannot be its own, or a saved card that is not this customer's,
    before anything is opened."""
    if provider not in wiring.codes("payments"):
        raise UnknownMethod("payment.provider")
    is_there = saved_card_for(customer_id, provider, method) if is_saved(method) else is_accepted(provider, method)
    if not is_there:
        raise UnknownMethod("payment.token")


@one_transaction()
def intend(
    order: Order, *, provider: str, method: str, key: str, traces: Sequence[str] = (), keeps_card: bool = False
) -> Payment:
    """Write down, in the caller's transaction, that this order is about to be paid; `key` is what the provider gets
    as its idempotency key, `traces` are digests of who tries, `keeps_card` that a signed-in shopper wants to pay with
    this card again. Expects the order locked or new. Raises UnknownMethod for a saved card of somebody else."""
    card = saved_card_for(order.customer_id, provider, method)
    if card is None and is_saved(method):
        raise UnknownMethod("payment.token")
    payment = Payment(
        order=order,
        provider=provider,
        method=card.reference if card else method,
        payer=card.payer if card else None,
        keeps_card=keeps_card and card is None and order.customer_id is not None,
        key=key,
        amount_minor=order.total_minor,
        currency=order.currency,
        traces=list(traces),
        capture=settings.PAYMENT_CAPTURE,
        created_at=clock.now(),
    )
    write_kept(payment)
    return payment


def authorise(payment_id: int, *, known: Payment | None = None) -> Paid:
    """Send an intended charge and record what became of it. Calls the provider: never inside a transaction. `known` is
    the payment as `intend` has just given it.

    Two calls at once per process; with both lines taken the answer is "unknown", and a job sends the charge. Where
    promotions leave nothing to pay, no provider is called.
    """
    payment = known or payment_and_order(payment_id)
    if payment.status not in (Payment.Status.INTENDED, Payment.Status.UNKNOWN):
        return paid_of(payment)
    if not payment.amount:
        nothing = Outcome(Result.CAPTURED, label=_("nothing to pay"))
        return record_outcome(payment_id, nothing, known=payment)
    with a_line(PATIENCE_OF_A_SHOPPER) as is_free:
        if not is_free:
            return _put_off(payment)
        outcome = _charged(payment)
    return record_outcome(payment_id, outcome, known=payment)


def take_put_off(payment_id: int) -> Paid:
    """The same for a job, which has time to wait for a line; an answer still owed is left to reconcile."""
    payment = payment_and_order(payment_id)
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
    payment = payment_and_order(payment_id)
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
        payer = _payer_of(payment)
        outcome = gateway_of(payment).charge(
            Charge(
                payer=payer.reference if payer else "",
                keeps_card=payment.keeps_card,
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


def _payer_of(payment: Payment) -> Payer | None:
    """Whose saved card pays, or whose this card becomes; somebody new to the provider is made known to it first."""
    if payment.payer is None and payment.keeps_card and payment.order.customer is not None:
        if not keeps_cards(payment.provider):
            return None
        payment.payer = payer_of(payment.order.customer, payment.provider)
        payment.save(update_fields=["payer"])
    return payment.payer


@transaction.atomic
def _put_off(payment: Payment) -> Paid:
    if payment.status in rules.UNSETTLED:
        payment.order = orders.mark_payment_unknown(payment.order_id)
        publish(PaymentPutOff(payment.pk))
    return paid_of(payment)

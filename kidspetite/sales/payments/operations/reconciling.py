from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from kidspetite.foundation.kernel import clock
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.payments import queries, rules
from kidspetite.sales.payments.errors import GatewayUnreachable
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.operations.asking import abandon_order, ask, give_up
from kidspetite.sales.payments.operations.capturing import capture_shipped
from kidspetite.sales.payments.operations.cards import settle_card
from kidspetite.sales.payments.operations.hearing import catch_up
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB
from kidspetite.sales.payments.operations.refunding import send_refund
from kidspetite.sales.payments.queries import cards
from kidspetite.sales.payments.types import Reconciled

log = structlog.get_logger(__name__)

JOB = "job:reconcile"


def reconcile() -> Reconciled:
    """Ask the providers about everything that has been open for longer than PAYMENT_RECONCILE_SECONDS.

    What was captured finishes its order or goes back; what nobody finished within half an hour is given up and its
    pieces come free; what was given back at a provider's own desk is booked. What fails is logged, and tried again in
    the next round. Calls providers: never inside a transaction. Running it twice, or late, is harmless.
    """
    now = clock.now()
    before = now - timedelta(seconds=settings.PAYMENT_RECONCILE_SECONDS)
    return _round(before=before, looked_over_before=now - rules.LOOKED_OVER_EVERY)


def reconcile_now() -> Reconciled:
    """The same at once, however young the payments are."""
    now = clock.now()
    return _round(before=now, looked_over_before=now)


def _round(*, before: datetime, looked_over_before: datetime) -> Reconciled:
    done = Reconciled()
    for payment_id in queries.payments_to_ask(before=before):
        done += _tried(_settle, payment_id)
    for order_id in queries.abandoned_orders(before=clock.now() - rules.ABANDONED_AFTER):
        done += _tried(_abandon, order_id)
    for order_id in queries.left_unpaid(before=clock.now() - rules.AWAY_AFTER):
        done += _tried(_tell_unpaid, order_id)
    for payment_id in queries.holds_to_end():
        done += _tried(_let_go, payment_id)
    for order_id in queries.orders_to_capture():
        done += _tried(_capture, order_id)
    for wish_id in cards.wishes_to_settle(before=before):
        done += _tried(_settle_wish, wish_id)
    for refund_id in queries.refunds_to_send(before=before):
        done += _tried(_send, refund_id)
    for provider in queries.providers():
        done += _tried(_catch_up, provider, until=before, asked_before=looked_over_before)
    if done != Reconciled():
        log.info("reconciled", asked=done.asked, finished=done.finished, given_up=done.given_up, heard=done.heard)
    return done


def _tried(step: Callable[..., Reconciled], about: int | str, **moments: datetime) -> Reconciled:
    """One row, or one provider, that cannot be dealt with must not keep the money of all others waiting."""
    try:
        return step(about, **moments)
    except GatewayUnreachable as fault:
        log.warning("reconcile_unanswered", step=step.__name__.strip("_"), about=about, **fault.facts)
        return Reconciled()
    except Exception:
        log.exception("reconcile_failed", step=step.__name__.strip("_"), about=about)
        return Reconciled()


def _abandon(order_id: int) -> Reconciled:
    return Reconciled(given_up=int(abandon_order(order_id, by=JOB, reason="abandoned") == "cancelled"))


def _tell_unpaid(order_id: int) -> Reconciled:
    orders.note_left_unpaid(order_id)
    return Reconciled()


def _let_go(payment_id: int) -> Reconciled:
    return Reconciled(given_up=int(give_up(payment_id).payment == "voided"))


def _capture(order_id: int) -> Reconciled:
    return Reconciled(captured=capture_shipped(order_id))


def _send(refund_id: int) -> Reconciled:
    sent = send_refund(refund_id)
    return Reconciled(refunds_sent=int(sent.status != sent.Status.INTENDED))


def _catch_up(provider: str, *, until: datetime, asked_before: datetime) -> Reconciled:
    return Reconciled(heard=catch_up(provider, until=until, asked_before=asked_before))


def _settle_wish(wish_id: int) -> Reconciled:
    return Reconciled(asked=1, finished=int(settle_card(wish_id) not in rules.OPEN_WISHES))


def _settle(payment_id: int) -> Reconciled:
    found = ask(payment_id, patience=PATIENCE_OF_A_JOB)
    if found.payment not in rules.UNSETTLED:
        return Reconciled(asked=1, finished=1)
    if _is_abandoned(payment_id):
        status = abandon_order(found.order_id, by=JOB, reason="payment never finished")
        return Reconciled(asked=1, given_up=int(status == "cancelled"))
    return Reconciled(asked=1)


def _is_abandoned(payment_id: int) -> bool:
    payment = Payment.objects.get(pk=payment_id)
    return clock.now() - payment.created_at >= rules.ABANDONED_AFTER

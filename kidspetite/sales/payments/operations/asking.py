"""Finding out: what became of an attempt, by asking the provider, and ending attempts that lead nowhere."""

from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import inbox, wiring
from kidspetite.goods.inventory import operations as inventory
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.operations.disputes import record_dispute
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.operations.recording import record_outcome, record_void
from kidspetite.sales.payments.operations.refund_news import hear_refunds
from kidspetite.sales.payments.operations.taking import authorise, take_approved
from kidspetite.sales.payments.ports import ProviderNews
from kidspetite.sales.payments.queries import gateway_of, paid_of, payment_named, unsettled_of
from kidspetite.sales.payments.types import Paid, Result


def ask(payment_id: int, *, patience: float = PATIENCE_OF_A_SHOPPER) -> Paid:
    """Ask the provider what became of an attempt, and record it. Without an answer, or without a line to the provider
    within `patience` seconds, nothing changes.

    One that was put off, or whose charge never arrived, is sent again under its key while the shopper is waiting; one
    that the shopper has approved at the provider is taken.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status not in rules.UNSETTLED:
        return paid_of(payment)
    if not payment.amount:
        return authorise(payment_id)
    with a_line(patience) as is_free:
        if not is_free:
            return paid_of(payment)
        Payment.objects.filter(pk=payment_id).update(asked_at=clock.now())
        try:
            found = gateway_of(payment).outcome_of(payment.known)
        except (GatewayUnreachable, GatewayRefused):
            return paid_of(payment)
    if found is not None and found.result is Result.APPROVED:
        return take_approved(payment_id, patience=patience)
    if found is not None:
        return record_outcome(payment_id, found)
    is_promised = payment.order.status == "payment_unknown"
    return authorise(payment_id) if is_promised and not _is_old(payment) else paid_of(payment)


def ask_about_order(order_id: int) -> str:
    """What the page does when a shopper comes back from their bank: settle what is open; gives the order's status."""
    for payment_id in unsettled_of(order_id):
        ask(payment_id)
    return order_queries.order_by_id(order_id).status


def hear(entry_id: int) -> None:
    """A provider's message came. It is a hint only: the provider is asked what is true now, so that order and
    number of messages do not matter."""
    entry = inbox.entry(entry_id)
    if entry.provider not in wiring.codes("payments"):
        return
    news: ProviderNews = wiring.provider("payments", entry.provider)
    name = news.named_in(entry.body)
    payment_id = name and payment_named(entry.provider, name)
    if not payment_id:
        return
    if dispute := news.dispute_in(entry.body):
        record_dispute(payment_id, dispute)
    elif news.is_about_refund(entry.body):
        hear_refunds(payment_id)
    else:
        _ask_again(payment_id)


def give_up(payment_id: int) -> Paid:
    """End an attempt, or let go what the bank holds, so that it can never be captured; if it was captured already, that
    is recorded. Without an answer, or a free line to the provider, nothing changes."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status not in rules.CAN_END:
        return paid_of(payment)
    if not payment.amount:
        return record_void(payment_id)
    with a_line(PATIENCE_OF_A_SHOPPER) as is_free:
        if not is_free:
            return paid_of(payment)
        try:
            final = gateway_of(payment).give_up(payment.known)
        except (GatewayUnreachable, GatewayRefused):
            return paid_of(payment)
    if final is None or final.result is Result.DECLINED:
        return record_void(payment_id)
    return record_outcome(payment_id, final)


def turn_back(order_id: int) -> str:
    """The shopper came back from their bank's page, or PayPal's, without paying: what is open is given up, so that they
    may pay in another way; gives the order's status. What was paid after all is recorded."""
    if not unsettled_of(order_id):
        return order_queries.order_by_id(order_id).status
    for payment_id in unsettled_of(order_id):
        give_up(payment_id)
    orders.note_turned_back(order_id)
    return order_queries.order_by_id(order_id).status


def abandon_order(order_id: int, *, by: str, reason: str) -> str:
    """Give up every open attempt on an order, then cancel it if no money came; gives its status.

    An attempt that its provider will not tell of keeps the order open for a day. Then the order ends all the same: the
    provider is asked on, and money that comes after all goes back.
    """
    for payment_id in unsettled_of(order_id):
        give_up(payment_id)
    with transaction.atomic():
        inventory.lock_stock(order_queries.pieces_of(order_id))
        order = orders.lock_order(order_id)
        if order.status in order_rules.OPEN and not unsettled_of(order_id, since=clock.now() - rules.SILENT_FOR):
            order = orders.cancel_order(order_id, by=by, reason=reason)
    return order.status


def _ask_again(payment_id: int) -> None:
    """A message may also tell of an attempt that we had closed: money taken after all."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status in rules.UNSETTLED:
        ask(payment_id, patience=PATIENCE_OF_A_JOB)
    elif rules.MOVES[payment.status]:
        found = gateway_of(payment).outcome_of(payment.known)
        if found is not None and found.result in (Result.CAPTURED, Result.AUTHORISED):
            record_outcome(payment_id, found)


def _is_old(payment: Payment) -> bool:
    return clock.now() - payment.created_at >= rules.ABANDONED_AFTER

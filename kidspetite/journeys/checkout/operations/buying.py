from __future__ import annotations

import structlog
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import Busy
from kidspetite.foundation.plumbing.idempotency import Ticket
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.errors import OrderEnded, PaymentRunning, SoldOutWhilePaying
from kidspetite.journeys.checkout.operations.drafting import renew_attempt
from kidspetite.journeys.checkout.operations.placing import AttemptInTheWay, Placed, place_order
from kidspetite.journeys.checkout.operations.settling_tax import settle_tax
from kidspetite.journeys.checkout.types import Bought, Purchase
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders.types import SOLD_OUT
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries
from kidspetite.sales.payments.errors import PaymentDeclined
from kidspetite.sales.payments.types import Paid

log = structlog.get_logger(__name__)

TRIES = 3


def buy(cart: Cart, purchase: Purchase, *, key: str, ticket: Ticket | None = None) -> Bought:
    """Turn a basket into an order and pay it: the only thing a face calls. Never inside a transaction.

    The same key continues what it began, however often it comes. Raises what place_order raises, PaymentDeclined
    (the basket stays open, its pieces held), PaymentRunning while another attempt has no answer, SoldOutWhilePaying or
    OrderEnded when the money came too late and goes back. An order that has moved on since is told as it is.
    """
    if not purchase.pays_nothing:
        payments.check_method(purchase.provider, purchase.token, customer_id=purchase.customer_id)
    attempt = rules.attempt_key(cart.pk, key)
    if payments.watches_pace(purchase.traces) and payment_queries.attempt(attempt) is None:
        payments.check_pace(purchase.traces)
    settle_tax(cart, purchase)
    placed = _placed(cart, purchase, attempt, ticket)
    return _answer(cart, payments.authorise(placed.payment_id, known=placed.payment))


def _placed(cart: Cart, purchase: Purchase, attempt: str, ticket: Ticket | None) -> Placed:
    """Place the order; a crowd at the same shelf, or an earlier attempt without an answer, is worth another try."""
    for tried in range(1, TRIES + 1):
        try:
            return place_order(cart.pk, purchase, key=attempt, ticket=ticket)
        except Busy:
            if tried == TRIES or transaction.get_connection().in_atomic_block:
                raise
            log.info("place_order_again", cart=cart.pk, tried=tried)
        except AttemptInTheWay as other:
            if paid := _settle(other):
                return paid
    raise PaymentRunning()


def _settle(other: AttemptInTheWay) -> Placed | None:
    """Find out about an earlier attempt, and end it if it has no answer, so that only one of the two can be charged.

    If it was paid after all, and for the same purchase, that is the answer to this one too.
    """
    for payment_id in other.payment_ids:
        if not payment_queries.is_at_rest(payment_id, now=clock.now()):
            raise PaymentRunning(order_number=other.order.number)
        found = payments.ask(payment_id)
        if found.payment in payment_queries.UNSETTLED:
            found = payments.give_up(payment_id)
        if found.payment in payment_queries.UNSETTLED:
            raise PaymentRunning(order_number=other.order.number)
        if found.order == "paid" and other.is_same:
            return Placed(payment_id, other.order.number)
    return None


def _refuse_unless_bought(paid: Paid) -> None:
    """An order that was cancelled or refunded after it was paid has been bought, and that is still the answer."""
    order = order_queries.order_by_id(paid.order_id)
    if order.paid_at is None:
        ended = order_queries.cancellation_of(order)
        why = SoldOutWhilePaying if ended and ended.reason == SOLD_OUT else OrderEnded
        raise why(order_number=paid.order_number)


def _answer(cart: Cart, paid: Paid) -> Bought:
    if paid.payment in ("declined", "voided"):
        renew_attempt(cart.pk)
        raise PaymentDeclined(reason=paid.reason or "given_up", order_number=paid.order_number)
    if paid.order in ("cancelled", "refunded"):
        _refuse_unless_bought(paid)
    return Bought(
        order_number=paid.order_number,
        token=paid.order_token,
        status=paid.order,
        total=paid.total,
        next_action_url=paid.next_action_url,
    )

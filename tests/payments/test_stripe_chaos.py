"""Webhooks that come once or five times, out of order, late or never, and a Stripe in every mood: the books agree."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.errors import PaymentRunning
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import PaymentDeclined
from kidspetite.sales.payments.models import Payment
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.fakes.stripe_server import FakeStripe

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CARDS = ["visa"] * 6 + ["processing"] * 3 + ["authenticationRequired"] * 3 + ["chargeDeclined"] * 2
MOODS = [""] * 8 + ["lost", "500", "429", "garbage", "odd", "503"]


def shop_in_chaos(stripe: FakeStripe, dice: random.Random, orders: int) -> None:
    """So many shoppers, each with a card of its own kind, while Stripe has its moods."""
    shirt = a_stocked_variant(orders * 2)
    for number in range(orders):
        card, mood = dice.choice(CARDS), dice.choice(MOODS)
        if mood:
            stripe.turn(mood, "/v1/payment_intents", method="POST", times=3 if mood == "503" else 1)
        with contextlib.suppress(PaymentDeclined, PaymentRunning):
            checkout.buy(
                a_basket(shirt),
                a_purchase(payment={"provider": "stripe", "token": f"pm_card_{card}"}, email=f"{number}@home.example"),
                key=f"try {number}",
            )
        stripe.moods.clear()


def answer_the_banks(stripe: FakeStripe, dice: random.Random) -> None:
    """Shoppers say yes or no to their banks, some never do; what was processing comes through."""
    for intent in list(stripe.ledger.intents.values()):
        if intent["status"] == "requires_action" and (answer := dice.choice(["approve", "approve", "refuse", ""])):
            getattr(stripe.ledger, answer)(intent["id"])
        elif intent["status"] == "processing":
            stripe.ledger.settle(intent["id"])


def post_of(stripe: FakeStripe, dice: random.Random) -> list[dict[str, Any]]:
    """Every message one to five times, one in five never, in no order at all."""
    bag = [event for event in stripe.ledger.events if dice.random() > 0.2 for _ in range(dice.randint(1, 5))]
    dice.shuffle(bag)
    return bag


def test_after_reconcile_the_books_are_the_banks(
    stripe: FakeStripe, deliver: Any, run_waiting_jobs: Callable[[], int], scale: Callable[[int, int], int]
):
    a_selling_shop()
    dice, orders = random.Random(4210), scale(24, 300)
    shop_in_chaos(stripe, dice, orders)
    answer_the_banks(stripe, dice)
    for event in post_of(stripe, dice):
        assert deliver(event).status_code == 200
        if dice.random() < 0.3:
            run_waiting_jobs()
    run_waiting_jobs()
    for minutes in (1, 5, 31, 33):
        answer_the_banks(stripe, dice)  # also those that reconcile has sent only now
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
            payments.reconcile()
            run_waiting_jobs()
    agree(stripe)
    for event in post_of(stripe, dice):  # the post comes once more, long after everything is settled
        deliver(event)
    run_waiting_jobs()
    agree(stripe)
    statuses = Counter(Order.objects.values_list("status", flat=True))
    assert statuses["paid"] >= orders // 3
    assert set(statuses) <= {"paid", "cancelled", "refunded"}


def agree(stripe: FakeStripe) -> None:
    for payment in Payment.objects.select_related("order"):
        assert stripe.ledger.captures(payment.key) <= 1, "charged twice"
        kept = stripe.ledger.taken(payment.key)
        assert kept == payment.captured_minor - payment.refunded_minor, (payment, payment.order.status)
        assert kept in (0, payment.order.total_minor)
    for order in Order.objects.all():
        kept = sum(stripe.ledger.taken(payment.key) for payment in order.payments.all())
        assert kept == (order.total_minor if order.status == "paid" else 0), order
    letters = Counter(Message.objects.filter(kind="order-confirmation").values_list("subject", flat=True))
    assert set(letters.values()) <= {1}
    assert sum(letters.values()) == Order.objects.filter(paid_at__isnull=False).count()
    assert audit() == []

"""PayPal in every mood, its messages once or five times, out of order, late or never: the books agree."""

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
from tests.fakes.paypal_server import VERIFY, FakePayPal

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOODS = [""] * 6 + ["lost", "500", "429", "garbage", "odd", "503"]
ANSWERS = [""] * 6 + ["INSTRUMENT_DECLINED", "DECLINED", "PENDING"]
STEPS = ("/v2/checkout/orders", "/v2/checkout/orders/.*/capture", "/v2/checkout/orders/.*", VERIFY)


def shop_in_chaos(paypal: FakePayPal, dice: random.Random, orders: int) -> None:
    """So many shoppers, while PayPal has its moods. Three of four say yes there."""
    shirt = a_stocked_variant(orders * 2)
    for number in range(orders):
        purchase = a_purchase(payment={"provider": "paypal", "token": "paypal"}, email=f"{number}@home.example")
        upset(paypal, dice)
        with contextlib.suppress(PaymentDeclined, PaymentRunning):
            checkout.buy(a_basket(shirt), purchase, key=f"try {number}")
        paypal.moods.clear()


def upset(paypal: FakePayPal, dice: random.Random) -> None:
    if mood := dice.choice(MOODS):
        paypal.turn(mood, dice.choice(STEPS), times=3 if mood in ("503", "500", "garbage") else 1)


def answer_on_paypals_page(paypal: FakePayPal, dice: random.Random) -> None:
    """Shoppers say yes, some never do; what was pending comes through."""
    for order in list(paypal.ledger.orders.values()):
        if order["status"] == "PAYER_ACTION_REQUIRED" and dice.random() < 0.75:
            paypal.ledger.approve(order["id"], dice.choice(ANSWERS))
        elif any(took["status"] == "PENDING" for took in captures(order)):
            paypal.ledger.settle(order["id"])


def captures(order: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = order["purchase_units"][0].get("payments", {}).get("captures", [])
    return found


def post_of(paypal: FakePayPal, dice: random.Random) -> list[dict[str, Any]]:
    """Every message one to five times, one in five never, in no order at all."""
    bag = [event for event in paypal.ledger.events if dice.random() > 0.2 for _ in range(dice.randint(1, 5))]
    dice.shuffle(bag)
    return bag


def test_after_reconcile_the_books_are_paypals(
    paypal: FakePayPal, deliver: Any, run_waiting_jobs: Callable[[], int], scale: Callable[[int, int], int]
):
    a_selling_shop()
    dice, orders = random.Random(4210), scale(20, 300)
    shop_in_chaos(paypal, dice, orders)
    answer_on_paypals_page(paypal, dice)
    for event in post_of(paypal, dice):
        upset(paypal, dice)
        assert deliver(event).status_code in (200, 503), "503 asks PayPal to send it again"
        if dice.random() < 0.3:
            with contextlib.suppress(Exception):  # a job that met a mood is tried again by the worker
                run_waiting_jobs()
        paypal.moods.clear()
    run_waiting_jobs()
    for minutes in (1, 5, 20, 31, 33):
        answer_on_paypals_page(paypal, dice)
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
            payments.reconcile()
            run_waiting_jobs()
    agree(paypal)
    for event in post_of(paypal, dice):  # the post comes once more, long after everything is settled
        assert deliver(event).status_code == 200
    run_waiting_jobs()
    agree(paypal)
    statuses = Counter(Order.objects.values_list("status", flat=True))
    assert statuses["paid"] >= orders // 4
    assert set(statuses) <= {"paid", "cancelled", "refunded"}
    assert ("POST", VERIFY) in paypal.calls


def agree(paypal: FakePayPal) -> None:
    for payment in Payment.objects.select_related("order"):
        assert paypal.ledger.captures(payment.key) <= 1, "charged twice"
        kept = paypal.ledger.taken(payment.key)
        assert kept == payment.captured_minor - payment.refunded_minor, (payment, payment.order.status)
    for order in Order.objects.all():
        kept = sum(paypal.ledger.taken(payment.key) for payment in order.payments.all())
        assert kept == (order.total_minor if order.status == "paid" else 0), order
    letters = Counter(Message.objects.filter(kind="order-confirmation").values_list("subject", flat=True))
    assert set(letters.values()) <= {1}
    assert sum(letters.values()) == Order.objects.filter(paid_at__isnull=False).count()
    assert audit() == []

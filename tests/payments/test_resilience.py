"""One test for each payment cell of docs/resilience.md: what breaks, what the shopper sees, how it heals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kidspetite.faces.console.audit import audit
from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing import wiring
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import Payment, Refund
from kidspetite.sales.payments.types import Giving
from tests.factories.checkout import ADDRESS, a_basket, a_purchase, a_selling_shop
from tests.fakes.stripe_server import FakeStripe
from tests.fakes.wired import stripe_gateway, use_stripe

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

INTENTS = "/v1/payment_intents"


@pytest.fixture
def shopper(stripe: FakeStripe, client: Client) -> Client:
    """Somebody before the pay button."""
    a_selling_shop()
    cart = a_basket()
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    checkout.save_draft(
        cart, email="maya@home.example", address=address, shipping_method="standard",
        payment={"provider": "stripe", "token": "pm_card_visa"},
    )  # fmt: skip
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def press_pay(shopper: Client) -> str:
    """The page after the button."""
    attempt = Cart.objects.get().draft.attempt_key
    return shopper.post("/checkout/review", {"attempt": attempt}, follow=True).text


def heal(run_waiting_jobs: Callable[[], int], *minutes: int) -> None:
    for later in minutes:
        with time_machine.travel(clock.now() + timedelta(minutes=later), tick=True):
            payments.reconcile()
            run_waiting_jobs()


def the_payment() -> Payment:
    return Payment.objects.select_related("order").get()


@pytest.mark.parametrize(
    ("mood", "times"),
    [("silent", 1), ("lost", 1), ("503", 3), ("429", 1), ("garbage", 3), ("odd", 1)],
)
def test_a_charge_without_a_sound_answer_is_told_truly_and_finished_by_reconcile(
    mood: str, times: int, stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    stripe.turn(mood, INTENTS, method="POST", times=times)
    stripe.turn("503", INTENTS, method="GET", times=3)  # nor can the page find out at once
    assert "We are asking your bank" in press_pay(shopper)
    assert Order.objects.get().status == "payment_unknown"
    heal(run_waiting_jobs, 2)
    payment = the_payment()
    assert (payment.status, payment.order.status) == ("captured", "paid")
    assert stripe.ledger.captures(payment.key) == 1
    assert Message.objects.filter(kind="order-confirmation").count() == 1
    assert audit() == []


@pytest.mark.parametrize("mood", ["503", "garbage"])
def test_a_quick_stumble_is_tried_again_before_the_shopper_notices(mood: str, stripe: FakeStripe, shopper: Client):
    stripe.turn(mood, INTENTS, method="POST", times=2)
    assert "Thank you" in press_pay(shopper)
    assert stripe.ledger.captures(the_payment().key) == 1


def test_a_failure_that_stripe_keeps_under_the_key_ends_without_a_charge(
    stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    stripe.turn("500", INTENTS, method="POST")
    assert "We are asking your bank" in press_pay(shopper)
    heal(run_waiting_jobs, 2, 31)
    payment = the_payment()
    assert payment.order.status == "cancelled"
    assert stripe.ledger.taken(payment.key) == 0
    assert [letter.kind for letter in Message.objects.all()] == ["order-cancelled"]
    assert audit() == []


def test_stripe_down_for_an_hour_is_told_truly_and_ends_well(
    stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    stripe.turn("silent", ".*", times=1)
    stripe.turn("503", ".*", times=500)
    assert "We are asking your bank" in press_pay(shopper)
    heal(run_waiting_jobs, 2, 10)
    assert Order.objects.get().status == "payment_unknown"
    stripe.moods.clear()
    heal(run_waiting_jobs, 15)
    assert Order.objects.get().status == "paid"
    assert stripe.ledger.captures(the_payment().key) == 1


@pytest.mark.slow
def test_with_the_shops_own_patience_the_page_is_there_within_ten_seconds(
    stripe: FakeStripe, shopper: Client, monkeypatch: pytest.MonkeyPatch
):
    use_stripe(monkeypatch, stripe_gateway(stripe, timeout=10.0))
    stripe.turn("silent", ".*", times=9)
    attempt = Cart.objects.get().draft.attempt_key
    asked = len(stripe.calls)
    answer = shopper.post("/checkout/review", {"attempt": attempt})
    assert len(stripe.calls) == asked + 1, "what keeps us waiting is asked once: seven of the ten seconds"
    assert "/checkout/complete/" in answer["Location"]


def test_keys_that_stripe_refuses_charge_nothing_and_say_so(
    stripe: FakeStripe, shopper: Client, monkeypatch: pytest.MonkeyPatch
):
    use_stripe(monkeypatch, stripe_gateway(stripe, secret_key="sk_test_revoked"))
    assert "We cannot take cards for a moment; nothing was charged" in press_pay(shopper)
    assert Order.objects.get().status == "awaiting_payment"
    assert not stripe.ledger.intents


def test_a_token_that_has_expired_is_said_so(stripe: FakeStripe, shopper: Client):
    checkout.save_draft(Cart.objects.get(), payment={"provider": "stripe", "token": "ctoken_expired"})
    assert "has expired; nothing was charged" in press_pay(shopper)


@pytest.mark.parametrize("mood", ["silent", "503", "429", "garbage"])
def test_a_refund_without_an_answer_is_sent_again_and_goes_back_once(
    mood: str, stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    press_pay(shopper)
    order = Order.objects.get()
    stripe.turn(mood, "/v1/refunds", times=3)
    payments.refund_order(order.pk, Giving(amount=Money(500)), key="r", by="user:1", reason="a torn seam")
    assert Refund.objects.get().status == "intended"
    stripe.moods.clear()
    heal(run_waiting_jobs, 2)
    assert Refund.objects.get().status == "done"
    assert stripe.ledger.taken(the_payment().key) == order.total_minor - 500
    assert audit() == []


def test_a_refund_whose_answer_was_lost_goes_back_once_even_after_stripe_forgot_the_key(
    stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    press_pay(shopper)
    order = Order.objects.get()
    stripe.turn("lost", "/v1/refunds", method="POST")
    payments.refund_order(order.pk, Giving(amount=Money(500)), key="r", by="user:1", reason="a torn seam")
    stripe.kept.clear()
    with time_machine.travel(clock.now() + timedelta(hours=30), tick=True):
        payments.reconcile()
    assert Refund.objects.get().status == "done"
    assert stripe.ledger.taken(the_payment().key) == order.total_minor - 500


def test_what_cannot_be_given_up_now_is_given_up_later(
    stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    checkout.save_draft(Cart.objects.get(), payment={"provider": "stripe", "token": "pm_card_authenticationRequired"})
    press_pay(shopper)
    stripe.turn("503", f"{INTENTS}/.*/cancel", times=3)
    heal(run_waiting_jobs, 31)
    assert Order.objects.get().status in ("requires_action", "payment_unknown")
    heal(run_waiting_jobs, 33)
    payment = the_payment()
    assert (payment.order.status, stripe.ledger.intents[payment.reference]["status"]) == ("cancelled", "canceled")


def test_paid_there_while_the_order_ended_here_goes_back_with_a_letter(
    stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    checkout.save_draft(Cart.objects.get(), payment={"provider": "stripe", "token": "pm_card_processing"})
    press_pay(shopper)
    payment = the_payment()
    orders.cancel_order(payment.order_id, by="user:1", reason="asked to")
    stripe.ledger.settle(payment.reference)
    heal(run_waiting_jobs, 2)
    assert (Order.objects.get().status, stripe.ledger.taken(payment.key)) == ("refunded", 0)
    assert Message.objects.exists()
    assert audit() == []


def test_no_message_at_all_is_healed_by_asking(
    stripe: FakeStripe, shopper: Client, run_waiting_jobs: Callable[[], int]
):
    checkout.save_draft(Cart.objects.get(), payment={"provider": "stripe", "token": "pm_card_processing"})
    press_pay(shopper)
    stripe.ledger.settle(the_payment().reference)
    heal(run_waiting_jobs, 2)
    assert Order.objects.get().status == "paid"


def test_the_message_before_the_browser_and_the_browser_before_the_message(
    stripe: FakeStripe, shopper: Client, deliver: Any, run_waiting_jobs: Callable[[], int]
):
    stripe.turn("lost", INTENTS, method="POST")
    stripe.turn("503", INTENTS, method="GET", times=3)
    press_pay(shopper)
    order = Order.objects.get()
    deliver(stripe.ledger.events[-1])
    run_waiting_jobs()
    assert Order.objects.get().status == "paid"
    assert "Thank you" in shopper.get(f"/checkout/complete/{order.token}").text
    deliver(stripe.ledger.events[-1])
    run_waiting_jobs()
    assert order.events.filter(kind="paid").count() == 1


def test_a_provider_switched_off_with_payments_open_stops_nobody_else(
    stripe: FakeStripe, shopper: Client, monkeypatch: pytest.MonkeyPatch, run_waiting_jobs: Callable[[], int]
):
    stripe.turn("silent", ".*", times=1)
    stripe.turn("503", ".*", times=3)
    press_pay(shopper)
    checkout.buy(a_basket(), a_purchase("tok_timeout"), key="sandbox")
    was = wiring.provider

    def without_stripe(need: str, code: str | None = None) -> Any:
        if code == "stripe":
            raise LookupError(code)
        return was(need, code)

    monkeypatch.setattr(wiring, "provider", without_stripe)
    heal(run_waiting_jobs, 2)
    assert set(Order.objects.values_list("status", flat=True)) == {"payment_unknown", "paid"}

"""One test for each PayPal cell of docs/resilience.md: what breaks, what the shopper sees, how it heals."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import GatewayUnreachable
from kidspetite.sales.payments.models import Payment, Refund
from kidspetite.sales.payments.providers.paypal import PayPalGateway
from tests.fakes.paypal_server import TOKEN, FakePayPal, signed
from tests.fakes.wired import paypal_gateway, use_paypal

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ORDERS = "/v2/checkout/orders"
TAKING = f"{ORDERS}/.*/capture"
REFUNDS = "/v2/payments/captures/.*/refund"

JobRunner = Callable[[], int]
Presser = Callable[[], str]


def heal(run_waiting_jobs: JobRunner, *minutes: int) -> None:
    for later in minutes:
        with time_machine.travel(clock.now() + timedelta(minutes=later), tick=True):
            payments.reconcile()
            run_waiting_jobs()


def the_payment() -> Payment:
    return Payment.objects.select_related("order").get()


def come_back(shopper: Client) -> str:
    return shopper.get(f"/checkout/complete/{Order.objects.get().token}").text


def pay_in_full(shopper: Client, paypal: FakePayPal, press_pay: Presser) -> Payment:
    press_pay()
    paypal.ledger.approve(the_payment().reference)
    come_back(shopper)
    return the_payment()


class TestWhileTheOrderIsMade:
    """Before the shopper was shown the way to PayPal: no money can have moved."""

    @pytest.mark.parametrize(
        ("mood", "times"),
        [("silent", 2), ("lost", 2), ("503", 6), ("500", 6), ("429", 2), ("garbage", 6), ("odd", 2)],
    )
    def test_it_is_told_truly_and_the_way_is_shown_once_paypal_answers(
        self, mood: str, times: int, paypal: FakePayPal, shopper: Client, press_pay: Presser
    ):
        paypal.turn(mood, ORDERS, method="POST", times=times)
        assert "We are asking your bank" in press_pay()
        assert Order.objects.get().status == "payment_unknown"
        paypal.moods.clear()
        assert "waiting for your yes" in come_back(shopper)
        payment = the_payment()
        assert len(paypal.ledger.orders) == 1
        paypal.ledger.approve(payment.reference)
        assert "Thank you" in come_back(shopper)
        assert paypal.ledger.captures(payment.key) == 1
        assert audit() == []

    @pytest.mark.parametrize("mood", ["503", "500", "garbage"])
    def test_a_quick_stumble_is_tried_again_before_the_shopper_notices(
        self, mood: str, paypal: FakePayPal, press_pay: Presser
    ):
        paypal.turn(mood, ORDERS, method="POST", times=2)
        assert "One step left" in press_pay()

    def test_keys_that_paypal_refuses_charge_nothing_and_say_so(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser, monkeypatch: pytest.MonkeyPatch
    ):
        use_paypal(monkeypatch, paypal_gateway(paypal, client_secret="revoked"))
        assert "nothing was charged" in press_pay()
        assert Order.objects.get().status == "awaiting_payment"
        assert not paypal.ledger.orders


class TestWhileItIsTaken:
    """After the shopper said yes on PayPal's page."""

    @pytest.mark.parametrize(
        ("mood", "times"),
        [("silent", 1), ("lost", 1), ("503", 3), ("500", 3), ("429", 1), ("garbage", 3), ("odd", 1)],
    )
    def test_it_is_told_truly_and_finished_by_reconcile(
        self,
        mood: str,
        times: int,
        paypal: FakePayPal,
        shopper: Client,
        press_pay: Presser,
        run_waiting_jobs: JobRunner,
    ):
        press_pay()
        payment = the_payment()
        paypal.ledger.approve(payment.reference)
        paypal.turn(mood, TAKING, times=times)
        assert "We are asking your bank" in come_back(shopper)
        assert Order.objects.get().status == "payment_unknown"
        heal(run_waiting_jobs, 2)
        assert Order.objects.get().status == "paid"
        assert paypal.ledger.captures(payment.key) == 1
        assert Message.objects.filter(kind="order-confirmation").count() == 1
        assert audit() == []

    def test_paypal_cannot_pay_and_says_so_later_again(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        press_pay()
        paypal.ledger.approve(the_payment().reference, "INSTRUMENT_DECLINED")
        assert "Not paid yet" in come_back(shopper)
        assert (the_payment().reason, Order.objects.get().status) == ("paypal_declined", "awaiting_payment")
        there = paypal.ledger.order_of(the_payment().key)
        assert there["status"] == "APPROVED", "it lies there untaken, and lapses"
        heal(run_waiting_jobs, 2)
        assert paypal.ledger.taken(the_payment().key) == 0

    def test_money_that_is_pending_there_is_unknown_here_until_it_comes(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        press_pay()
        payment = the_payment()
        paypal.ledger.approve(payment.reference, "PENDING")
        come_back(shopper)
        heal(run_waiting_jobs, 31)
        assert Order.objects.get().status == "payment_unknown", "what may still come is not given up"
        paypal.ledger.settle(payment.reference)
        heal(run_waiting_jobs, 35)
        assert Order.objects.get().status == "paid"

    def test_a_token_that_has_ended_is_renewed_once(self, paypal: FakePayPal, shopper: Client, press_pay: Presser):
        press_pay()
        paypal.ledger.approve(the_payment().reference)
        paypal.tokens.clear()
        assert "Thank you" in come_back(shopper)
        assert paypal.calls.count(("POST", TOKEN)) == 2

    def test_a_token_is_kept_from_call_to_call(self, paypal: FakePayPal, shopper: Client, press_pay: Presser):
        pay_in_full(shopper, paypal, press_pay)
        assert paypal.calls.count(("POST", TOKEN)) == 1

    def test_paypal_down_for_an_hour_is_told_truly_and_ends_well(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        press_pay()
        payment = the_payment()
        paypal.ledger.approve(payment.reference)
        paypal.turn("503", ".*", times=500)
        assert "waiting for your yes" in come_back(shopper)
        heal(run_waiting_jobs, 10, 40)
        assert Order.objects.get().status in ("requires_action", "payment_unknown"), "no answer is no no"
        paypal.moods.clear()
        heal(run_waiting_jobs, 60)
        assert (Order.objects.get().status, paypal.ledger.captures(payment.key)) == ("paid", 1)


class TestTheShopper:
    def test_who_approves_and_never_comes_back_is_found_by_reconcile(
        self, paypal: FakePayPal, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        press_pay()
        paypal.ledger.approve(the_payment().reference)
        heal(run_waiting_jobs, 2)
        assert Order.objects.get().status == "paid"

    def test_who_never_approves_is_given_up_and_a_late_yes_takes_nothing(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        press_pay()
        payment = the_payment()
        heal(run_waiting_jobs, 31)
        assert Order.objects.get().status == "cancelled"
        assert [letter.kind for letter in Message.objects.all()] == ["order-cancelled"]
        paypal.ledger.approve(payment.reference)
        assert "cancelled" in come_back(shopper)
        heal(run_waiting_jobs, 33)
        assert paypal.ledger.taken(payment.key) == 0
        assert audit() == []

    def test_whose_order_paypal_has_forgotten_may_pay_anew(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser
    ):
        press_pay()
        paypal.ledger.orders.clear()
        assert "Not paid yet" in come_back(shopper)

    def test_who_comes_back_twice_at_once_pays_once(self, paypal: FakePayPal, shopper: Client, press_pay: Presser):
        payment = pay_in_full(shopper, paypal, press_pay)
        gateway = paypal_gateway(paypal)
        again = gateway.outcome_of(payment.known)
        assert again is not None
        assert again.result == "captured"
        assert paypal.ledger.captures(payment.key) == 1


class TestMoneyBack:
    @pytest.mark.parametrize("mood", ["silent", "lost", "503", "500", "429", "garbage"])
    def test_a_refund_without_an_answer_is_sent_again_and_goes_back_once(
        self, mood: str, paypal: FakePayPal, shopper: Client, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        payment = pay_in_full(shopper, paypal, press_pay)
        paypal.turn(mood, REFUNDS, times=3)
        refund = payments.intend_refund(payment.pk, Money(500), key="r", by="user:1", reason="a torn seam")
        assert payments.send_refund(refund.pk).status == "intended"
        paypal.moods.clear()
        heal(run_waiting_jobs, 2)
        assert Refund.objects.get().status == "done"
        assert paypal.ledger.taken(payment.key) == payment.amount_minor - 500
        assert audit() == []

    def test_it_goes_back_once_even_after_paypal_forgot_our_key(
        self, paypal: FakePayPal, shopper: Client, press_pay: Presser, run_waiting_jobs: JobRunner
    ):
        payment = pay_in_full(shopper, paypal, press_pay)
        paypal.turn("lost", REFUNDS)
        refund = payments.intend_refund(payment.pk, Money(500), key="r", by="user:1", reason="a torn seam")
        payments.send_refund(refund.pk)
        paypal.kept.clear()
        heal(run_waiting_jobs, 2)
        assert Refund.objects.get().status == "done"
        assert paypal.ledger.taken(payment.key) == payment.amount_minor - 500


def test_with_the_shops_own_patience_the_page_is_there_within_ten_seconds(
    paypal: FakePayPal, shopper: Client, press_pay: Presser, monkeypatch: pytest.MonkeyPatch
):
    use_paypal(monkeypatch, paypal_gateway(paypal, timeout=10.0))
    press_pay()
    paypal.ledger.approve(the_payment().reference)
    paypal.turn("silent", TAKING, times=9)
    asked = len(paypal.calls)
    assert "We are asking your bank" in come_back(shopper)
    takings = [path for _method, path in paypal.calls[asked:] if re.search(TAKING, path)]
    assert len(takings) == 1, "what keeps us waiting is asked once, and a call has less than ten seconds"


def test_one_message_is_checked_at_a_time_so_that_a_flood_takes_no_more(paypal: FakePayPal):
    gateway: PayPalGateway = paypal_gateway(paypal)
    event = {"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": "X"}}
    raw, headers = signed(event)
    with gateway._door, pytest.raises(GatewayUnreachable):
        gateway.opened(raw, headers)
    assert gateway.opened(raw, headers).external_id == "WH-1"


def test_the_basket_is_still_there_after_a_decline(paypal: FakePayPal, shopper: Client, press_pay: Presser):
    press_pay()
    paypal.ledger.approve(the_payment().reference, "PAYER_CANNOT_PAY")
    come_back(shopper)
    assert Cart.objects.get().status == Cart.Status.OPEN

"""Refunds and disputes whose message never arrived: reconcile finds them, and ends in the same rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.models import InboxEntry
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import Dispute, NewsRead, Payment, Refund
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop
from tests.fakes.paypal_server import FakePayPal, fake_paypal
from tests.fakes.stripe_server import FakeStripe
from tests.fakes.wired import paypal_gateway, use_paypal

pytestmark = pytest.mark.django_db

JobRunner = Callable[[], int]
EVENTS = ("GET", "/v1/events")


@pytest.fixture
def paid(stripe: FakeStripe) -> Payment:
    a_selling_shop()
    checkout.buy(a_basket(), a_purchase(payment={"provider": "stripe", "token": "pm_card_visa"}), key="k")
    NewsRead.objects.create(provider="stripe", until=clock.now())
    return Payment.objects.select_related("order").get()


@pytest.fixture
def later(run_waiting_jobs: JobRunner) -> Callable[..., None]:
    """So much later reconcile comes by, and its jobs are done."""

    def come(**after: float) -> None:
        with time_machine.travel(clock.now() + timedelta(**after), tick=True):
            payments.reconcile()
            run_waiting_jobs()

    return come


def books(payment: Payment) -> tuple[int, int, str]:
    """What payment and order say went back, and how the order stands."""
    payment.refresh_from_db()
    order = Order.objects.get(pk=payment.order_id)
    return payment.refunded_minor, order.refunded_minor, order.status


class TestAtStripe:
    def test_a_refund_made_at_its_desk_is_found_and_booked_once(
        self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]
    ):
        stripe.ledger.refund_outside(paid.reference, 500)
        for minutes in (2, 3, 8):
            later(minutes=minutes)
        assert books(paid) == (500, 500, "paid")
        assert (Refund.objects.get().actor, Refund.objects.get().status) == ("provider", "done")
        assert audit() == []

    def test_the_same_rows_come_of_message_and_list_in_any_order(
        self, paid: Payment, stripe: FakeStripe, deliver: Any, run_waiting_jobs: JobRunner, later: Callable[..., None]
    ):
        dice = random.Random(11)
        made = stripe.ledger.refund_outside(paid.reference, 500)
        stripe.ledger.refund_outside(paid.reference, 700)
        stripe.ledger.fail_refund(made["id"])
        late = [each for each in stripe.ledger.events if dice.random() < 0.7] * 2
        dice.shuffle(late)
        for number, event in enumerate(late):
            assert deliver(event).status_code == 200
            if number == len(late) // 2:
                later(minutes=2)
            run_waiting_jobs()
        assert books(paid) == (700, 700, "paid")
        assert sorted(Refund.objects.values_list("amount_minor", "status")) == [(700, "done")]
        assert InboxEntry.objects.count() == len({each.external_id for each in InboxEntry.objects.all()})
        assert audit() == []

    def test_one_that_the_bank_sent_back_is_found_too(
        self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]
    ):
        made = stripe.ledger.refund_outside(paid.reference, 500)
        later(minutes=2)
        stripe.ledger.fail_refund(made["id"])
        later(minutes=4)
        assert books(paid) == (0, 0, "paid")
        assert Refund.objects.get().status == "refused"
        assert audit() == []

    def test_so_is_a_dispute_and_how_it_ended(self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]):
        for status in ("needs_response", "lost"):
            stripe.ledger.dispute(paid.reference, status)
        later(minutes=2)
        dispute = Dispute.objects.get()
        assert (dispute.status, dispute.amount_minor) == ("lost", paid.amount_minor)
        assert dispute.closed_at is not None

    def test_a_shop_that_was_away_for_days_reads_on_from_where_it_was(
        self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]
    ):
        stripe.ledger.refund_outside(paid.reference, 500)
        NewsRead.objects.update(until=clock.now() - timedelta(hours=20))
        for _ in range(3):
            later(minutes=2)
            assert books(paid)[0] == 0, "the list is read in slices, the oldest first"
        later(minutes=2)
        assert books(paid)[0] == 500

    def test_without_an_answer_it_is_read_in_the_next_round(
        self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]
    ):
        stripe.ledger.refund_outside(paid.reference, 500)
        was_read = NewsRead.objects.get().until
        for mood in ("429", "garbage", "odd"):
            stripe.turn(mood, "/v1/events", times=3)
            later(minutes=2)
            stripe.moods.clear()
            assert (books(paid)[0], NewsRead.objects.get(provider="stripe").until) == (0, was_read)
        later(minutes=2)
        assert books(paid)[0] == 500

    def test_one_that_cannot_be_read_hides_no_other(
        self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]
    ):
        stripe.ledger.refund_outside(paid.reference, 500)
        odd = stripe.ledger.events[-1] | {"id": "evt_odd", "data": {"object": {"id": "re_odd", "metadata": 5}}}
        stripe.ledger.events.append(odd)
        later(minutes=2)
        assert books(paid)[0] == 500

    def test_many_pages_are_read_to_their_end(self, paid: Payment, stripe: FakeStripe, later: Callable[..., None]):
        stripe.ledger.refund_outside(paid.reference, 500)
        told = stripe.ledger.events[-1]
        elsewhere = {"object": told["data"]["object"] | {"payment_intent": "pi_of_another_shop"}}
        for number in range(100):
            stripe.ledger.events.append(told | {"id": f"evt_elsewhere{number}", "data": elsewhere})
        later(minutes=2)
        assert books(paid)[0] == 500, "it stands on the second page"
        assert stripe.calls.count(EVENTS) == 2


@pytest.fixture
def paypal(monkeypatch: pytest.MonkeyPatch) -> Any:
    with fake_paypal() as fake:
        use_paypal(monkeypatch, paypal_gateway(fake))
        yield fake


class TestAtPayPal:
    """It lists nothing, so its charges are looked at in turn."""

    @pytest.fixture
    def paid(self, paypal: FakePayPal) -> Payment:
        a_selling_shop()
        checkout.buy(a_basket(), a_purchase(payment={"provider": "paypal", "token": "paypal"}), key="k")
        payment = Payment.objects.select_related("order").get()
        paypal.ledger.approve(payment.reference)
        payments.ask(payment.pk)
        payment.refresh_from_db()
        return payment

    def test_a_refund_made_at_its_desk_is_found_within_a_day_and_booked_once(
        self, paid: Payment, paypal: FakePayPal, later: Callable[..., None]
    ):
        paypal.ledger.refund_outside(paid.reference, 500)
        for hours in (1, 25, 50):
            later(hours=hours)
        assert books(paid) == (500, 500, "paid")
        assert Refund.objects.get().actor == "provider"
        assert audit() == []

    def test_one_that_failed_later_counts_as_paid_again(
        self, paid: Payment, paypal: FakePayPal, later: Callable[..., None]
    ):
        made = paypal.ledger.refund_outside(paid.reference, 500)
        later(hours=25)
        paypal.ledger.fail_refund(made["id"])
        later(hours=50)
        assert books(paid) == (0, 0, "paid")
        assert audit() == []

    def test_each_is_looked_at_once_a_day_for_half_a_year(
        self, paid: Payment, paypal: FakePayPal, later: Callable[..., None]
    ):
        def looks(**after: float) -> int:
            before = len(paypal.calls)
            later(**after)
            return len(paypal.calls) - before

        assert [looks(hours=hours) for hours in (1, 25, 26, 50)] == [0, 1, 0, 1]
        assert looks(days=181) == 0

    def test_staff_need_not_wait(self, paid: Payment, paypal: FakePayPal):
        paypal.ledger.refund_outside(paid.reference, 500)
        assert payments.reconcile_now().heard == 1
        assert books(paid)[0] == 500

    def test_without_an_answer_it_is_looked_at_again(
        self, paid: Payment, paypal: FakePayPal, later: Callable[..., None]
    ):
        paypal.ledger.refund_outside(paid.reference, 500)
        paypal.turn("503", times=3)
        later(hours=25)
        assert books(paid)[0] == 0
        later(hours=25)
        assert books(paid)[0] == 500

    def test_one_that_paypal_knows_no_more_keeps_no_other_waiting(
        self, paid: Payment, paypal: FakePayPal, later: Callable[..., None]
    ):
        lost = Payment.objects.get()
        lost.pk, lost.key, lost.reference, lost.status = None, "lost", "FORGOTTEN1", "surplus"
        lost.asked_at = lost.created_at
        lost.save()
        paypal.ledger.refund_outside(paid.reference, 500)
        later(hours=25)
        assert books(paid)[0] == 500

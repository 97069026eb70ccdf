"""What providers tell by themselves of money going back: made at their desk, or sent back by the shopper's bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import Payment, Refund
from kidspetite.sales.payments.types import RefundTold
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop
from tests.factories.orders import a_paid_order
from tests.fakes.stripe_server import FakeStripe
from tests.harness.crowd import must_go_wrong, together, without_locks

JobRunner = Callable[[], int]


@pytest.fixture
def paid(stripe: FakeStripe) -> Payment:
    a_selling_shop()
    checkout.buy(a_basket(), a_purchase(payment={"provider": "stripe", "token": "pm_card_visa"}), key="k")
    return Payment.objects.select_related("order").get()


@pytest.fixture
def post(stripe: FakeStripe, deliver: Any, run_waiting_jobs: JobRunner) -> Callable[[], None]:
    """Everything that Stripe has told so far arrives, and is acted upon."""

    def arrive() -> None:
        for event in stripe.ledger.events:
            assert deliver(event).status_code == 200
        run_waiting_jobs()

    return arrive


def give_back(payment: Payment, cents: int, key: str = "r") -> Refund:
    refund = payments.intend_refund(payment.pk, Money(cents), key=key, by="user:1", reason="a torn seam")
    return payments.send_refund(refund.pk)


def books(payment: Payment) -> tuple[int, int, str]:
    """What payment and order say went back, and how the order stands."""
    payment.refresh_from_db()
    order = Order.objects.get(pk=payment.order_id)
    return payment.refunded_minor, order.refunded_minor, order.status


@pytest.mark.django_db
class TestMadeAtTheProvider:
    def test_it_is_booked_once_and_the_order_and_its_letter_tell_it(
        self, paid: Payment, stripe: FakeStripe, post: Callable[[], None]
    ):
        stripe.ledger.refund_outside(paid.reference, 500)
        for _ in range(3):
            post()
        assert books(paid) == (500, 500, "paid")
        refund = Refund.objects.get()
        assert (refund.actor, refund.status, refund.amount_minor) == ("provider", "done", 500)
        assert [letter.kind for letter in Message.objects.filter(kind="order-refunded")] == ["order-refunded"]
        assert audit() == []

    def test_all_of_it_makes_the_order_refunded(self, paid: Payment, stripe: FakeStripe, post: Callable[[], None]):
        stripe.ledger.refund_outside(paid.reference, 500)
        stripe.ledger.refund_outside(paid.reference, paid.amount_minor - 500)
        post()
        assert books(paid) == (paid.amount_minor, paid.amount_minor, "refunded")
        assert audit() == []

    def test_ours_is_not_booked_twice_though_its_message_comes_before_its_answer(
        self, paid: Payment, stripe: FakeStripe, post: Callable[[], None]
    ):
        stripe.turn("lost", "/v1/refunds", method="POST")
        assert give_back(paid, 500).status == "intended"
        post()
        assert books(paid) == (500, 500, "paid")
        assert Refund.objects.get().status == "done"
        assert give_back(paid, 500).pk == Refund.objects.get().pk
        assert stripe.ledger.taken(paid.key) == paid.amount_minor - 500

    def test_what_was_given_back_there_before_ours_is_found_when_ours_is_refused(
        self, paid: Payment, stripe: FakeStripe, run_waiting_jobs: JobRunner
    ):
        stripe.ledger.refund_outside(paid.reference, paid.amount_minor)
        assert give_back(paid, 500).status == "refused"
        run_waiting_jobs()
        assert books(paid) == (paid.amount_minor, paid.amount_minor, "refunded")
        assert audit() == []

    def test_more_than_was_paid_is_never_booked(self, paid: Payment):
        told = RefundTold("re_lie", Money(paid.amount_minor + 1), has_failed=False)
        payments.book_refund(paid.pk, told)
        assert books(paid) == (0, 0, "paid")


@pytest.mark.django_db
class TestSentBack:
    """The bank refuses a refund days later."""

    def test_it_counts_as_paid_again_and_staff_are_told(
        self, paid: Payment, stripe: FakeStripe, post: Callable[[], None]
    ):
        ShopSettings.objects.update(email="hello@kidspetite.example")
        refund = give_back(paid, 500)
        stripe.ledger.fail_refund(refund.reference)
        for _ in range(2):
            post()
        assert books(paid) == (0, 0, "paid")
        assert Refund.objects.get().status == "refused"
        letter = Message.objects.get(kind="refund-failed")
        assert letter.to == "hello@kidspetite.example"
        assert "$5.00" in letter.text
        assert paid.order.events.filter(kind="refund_failed", is_public=True).count() == 1
        assert audit() == []

    def test_it_can_be_given_back_anew(self, paid: Payment, stripe: FakeStripe, post: Callable[[], None]):
        stripe.ledger.fail_refund(give_back(paid, paid.amount_minor).reference)
        assert books(paid)[2] == "refunded"
        post()
        assert books(paid) == (0, 0, "paid")
        assert give_back(paid, paid.amount_minor, key="again").status == "done"
        post()
        assert books(paid) == (paid.amount_minor, paid.amount_minor, "refunded")
        assert audit() == []

    def test_a_cancelled_order_stays_cancelled_and_its_money_is_known_to_be_here(
        self, paid: Payment, stripe: FakeStripe, post: Callable[[], None], run_waiting_jobs: JobRunner
    ):
        orders.cancel_order(paid.order_id, by="user:1", reason="changed their mind")
        run_waiting_jobs()
        assert books(paid)[2] == "refunded"
        stripe.ledger.fail_refund(Refund.objects.get().reference)
        post()
        assert books(paid) == (0, 0, "cancelled")
        assert audit() == []

    def test_one_made_at_the_provider_may_come_back_too(
        self, paid: Payment, stripe: FakeStripe, post: Callable[[], None]
    ):
        made = stripe.ledger.refund_outside(paid.reference, 500)
        post()
        stripe.ledger.fail_refund(made["id"])
        post()
        assert books(paid) == (0, 0, "paid")
        assert audit() == []


def told_to_many(order: Order) -> bool:
    """Eight workers hear of one refund at one moment; whether none of them ran into a guard."""
    payment_id = Payment.objects.get(order=order).pk
    told = RefundTold(f"re_{order.number}", Money(order.total_minor // 3), has_failed=False)

    def worker(_: int) -> bool:
        try:
            payments.book_refund(payment_id, told)
        except (DatabaseError, DomainError):
            return False
        return True

    return all(together(8, worker))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_refund_told_to_many_workers_at_once_is_booked_once():
    order = a_paid_order()
    assert told_to_many(order)
    order.refresh_from_db()
    assert order.refunded_minor == order.total_minor // 3 == Payment.objects.get(order=order).refunded_minor
    assert Refund.objects.filter(status="done").count() == 1
    assert audit() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_control_without_locks_breaks_the_promise(monkeypatch: pytest.MonkeyPatch):
    """Without its row locks the same code books it twice, or one of the workers runs into the last guard."""

    def breaks_it(_: int) -> bool:
        order = a_paid_order()
        with without_locks(monkeypatch):
            broke = not told_to_many(order)
        return broke or bool(audit())

    must_go_wrong(breaks_it)

"""A bank that wants money back is noted on the order, once, and never as anything earlier than it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import Dispute, Payment
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop
from tests.fakes.stripe_server import FakeStripe

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(stripe: FakeStripe) -> Payment:
    a_selling_shop()
    checkout.buy(a_basket(), a_purchase(payment={"provider": "stripe", "token": "pm_card_visa"}), key="k")
    return Payment.objects.select_related("order").get()


def told(payment: Payment, kind: str, status: str) -> dict[str, Any]:
    return {
        "id": f"evt_{kind}_{status}", "object": "event", "type": f"charge.dispute.{kind}", "livemode": False,
        "data": {"object": {
            "id": "dp_1", "object": "dispute", "amount": payment.amount_minor, "reason": "fraudulent",
            "status": status, "payment_intent": payment.reference, "metadata": {},
        }},
    }  # fmt: skip


def notes(order: Order) -> list[str]:
    return list(order.events.filter(kind="note").values_list("text", flat=True))


def test_it_is_noted_for_staff_and_closed_when_it_ends(
    paid: Payment, deliver: Any, run_waiting_jobs: Callable[[], int]
):
    for kind, status in (("created", "needs_response"), ("updated", "under_review"), ("closed", "lost")):
        assert deliver(told(paid, kind, status)).status_code == 200
        run_waiting_jobs()
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.reason, dispute.amount_minor) == ("lost", "fraudulent", paid.amount_minor)
    assert dispute.closed_at is not None
    assert [note.rpartition(": ")[2] for note in notes(paid.order)] == ["needs response", "under review", "lost"]


def test_late_and_repeated_news_changes_nothing(paid: Payment, deliver: Any, run_waiting_jobs: Callable[[], int]):
    for kind, status in (("closed", "won"), ("created", "needs_response"), ("closed", "won")):
        deliver(told(paid, kind, status))
        run_waiting_jobs()
    assert Dispute.objects.get().status == "won"
    assert len(notes(paid.order)) == 1


def test_steps_that_come_in_the_wrong_order_end_at_the_last(
    paid: Payment, deliver: Any, run_waiting_jobs: Callable[[], int]
):
    steps = [("created", "needs_response", 1), ("updated", "under_review", 2), ("updated", "needs_response", 3)]
    for kind, status, moment in (steps[1], steps[0], steps[2], steps[1], steps[0]):
        deliver(
            told(paid, kind, status) | {"id": f"evt_{moment}{secrets.token_hex(2)}", "created": 1_790_000_000 + moment}
        )
        run_waiting_jobs()
    assert Dispute.objects.get().status == "needs_response"
    assert [note.rpartition(": ")[2] for note in notes(paid.order)] == ["under review", "needs response"]


def test_a_dispute_about_somebody_elses_charge_is_left(
    paid: Payment, deliver: Any, run_waiting_jobs: Callable[[], int]
):
    event = told(paid, "created", "needs_response")
    event["data"]["object"]["payment_intent"] = "pi_of_another_shop"
    assert deliver(event).status_code == 200
    run_waiting_jobs()
    assert not Dispute.objects.exists()

"""The door for PayPal's messages: PayPal is asked whether it signed these bytes, and then what is true."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.models import InboxEntry
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import Dispute, Payment, Refund
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop
from tests.fakes.contract import SPECS
from tests.fakes.paypal_server import VERIFY, FakePayPal, signed, signed_string

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

JobRunner = Callable[[], int]


@pytest.fixture
def waiting(paypal: FakePayPal) -> Payment:
    """A payment that waits for its shopper on PayPal's page."""
    a_selling_shop()
    checkout.buy(a_basket(), a_purchase(payment={"provider": "paypal", "token": "paypal"}), key="waits")
    return Payment.objects.select_related("order").get()


@pytest.fixture
def approved(paypal: FakePayPal, waiting: Payment) -> dict[str, Any]:
    """The shopper has said yes there, and never came back; gives the event that tells so."""
    paypal.ledger.approve(waiting.reference)
    return paypal.ledger.events[-1]


@pytest.fixture
def paid(approved: dict[str, Any], waiting: Payment) -> Payment:
    payments.ask(waiting.pk)
    waiting.refresh_from_db()
    return waiting


def status() -> str:
    return Order.objects.get().status


def test_a_signed_message_is_kept_and_a_job_takes_what_was_approved(
    deliver: Any, approved: dict[str, Any], paypal: FakePayPal, waiting: Payment, run_waiting_jobs: JobRunner
):
    assert deliver(approved).status_code == 200
    assert (InboxEntry.objects.count(), status()) == (1, "requires_action"), "kept, and not acted upon in the request"
    run_waiting_jobs()
    assert (status(), paypal.ledger.captures(waiting.key)) == ("paid", 1)


def test_the_same_message_five_times_is_one_entry_and_one_charge(
    deliver: Any, approved: dict[str, Any], paypal: FakePayPal, waiting: Payment, run_waiting_jobs: JobRunner
):
    for _ in range(5):
        assert deliver(approved).status_code == 200
        run_waiting_jobs()
    assert InboxEntry.objects.count() == 1
    assert paypal.ledger.captures(waiting.key) == 1


@pytest.mark.parametrize(
    "how", [{"webhook_id": "another"}, {"key": b"forged"}], ids=["another shop's webhook", "another key"]
)
def test_what_paypal_did_not_sign_for_us_is_refused(
    how: dict[str, Any], deliver: Any, approved: dict[str, Any], run_waiting_jobs: JobRunner
):
    answer = deliver(approved, **how)
    run_waiting_jobs()
    assert (answer.status_code, answer.json()["code"]) == (400, "payments.message_refused")
    assert (InboxEntry.objects.count(), status()) == (0, "requires_action")


def test_one_changed_byte_breaks_the_signature(deliver: Any, approved: dict[str, Any]):
    raw, headers = signed(approved)
    assert deliver.raw(raw.replace(b"APPROVED", b"APPROVEE", 1), headers).status_code == 400
    assert deliver.raw(json.dumps(json.loads(raw)).encode(), headers).status_code == 400, "its spacing is signed too"


@pytest.mark.parametrize(
    "wrong",
    [
        {"PayPal-Transmission-Sig": ""}, {"PayPal-Transmission-Id": "12345"}, {"PayPal-Auth-Algo": "no such/algo"},
        {"PayPal-Cert-Url": "https://paypal.com.evil.example/cert"}, {"PayPal-Cert-Url": "http://api.paypal.com/cert"},
        {"PayPal-Transmission-Time": "yesterday"}, {"PayPal-Transmission-Sig": "s" * 501},
    ],
)  # fmt: skip
def test_what_cannot_be_a_signature_is_refused_without_asking(
    wrong: dict[str, str], deliver: Any, approved: dict[str, Any], paypal: FakePayPal
):
    raw, headers = signed(approved)
    assert deliver.raw(raw, headers | wrong).status_code == 400
    assert ("POST", VERIFY) not in paypal.calls


@pytest.mark.parametrize("mood", ["503", "garbage", "429", "odd"])
def test_while_paypal_does_not_answer_the_message_may_come_again(
    mood: str, deliver: Any, approved: dict[str, Any], paypal: FakePayPal
):
    paypal.turn(mood, VERIFY, times=3)
    assert deliver(approved).status_code == 503
    assert not InboxEntry.objects.exists()
    paypal.moods.clear()
    assert deliver(approved).status_code == 200


@pytest.mark.parametrize(
    "lie", [{"status": "VOIDED"}, {"purchase_units": [{"custom_id": "k", "amount": {"value": "1"}}]}]
)
def test_what_a_message_says_beyond_its_charge_changes_nothing(
    lie: dict[str, Any], deliver: Any, approved: dict[str, Any], run_waiting_jobs: JobRunner
):
    assert deliver(approved | {"resource": approved["resource"] | lie}).status_code == 200
    run_waiting_jobs()
    assert status() == "paid"
    assert Payment.objects.get().captured_minor == Order.objects.get().total_minor


def test_an_order_of_another_amount_pays_for_nothing(
    deliver: Any, approved: dict[str, Any], paypal: FakePayPal, waiting: Payment, run_waiting_jobs: JobRunner
):
    paypal.ledger.orders[waiting.reference]["purchase_units"][0]["amount"]["value"] = "0.50"
    deliver(approved)
    run_waiting_jobs()
    assert status() != "paid"


@pytest.mark.parametrize("kind", ["BILLING.PLAN.CREATED", "CATALOG.PRODUCT.CREATED", "SOMETHING.NEW"])
def test_news_of_other_things_is_taken_and_left(kind: str, deliver: Any, approved: dict[str, Any]):
    assert deliver(approved | {"event_type": kind}).status_code == 200
    assert not InboxEntry.objects.exists()


@pytest.mark.parametrize("resource", [None, [], 5, {}, {"links": 7}, {"supplementary_data": 3}])
def test_signed_nonsense_breaks_nothing(resource: Any, deliver: Any, approved: dict[str, Any]):
    event = approved | {"event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": resource}
    assert deliver(event).status_code in (200, 400)
    assert not InboxEntry.objects.exists()


def test_ten_megabytes_are_refused_before_they_are_read(deliver: Any, waiting: Payment, paypal: FakePayPal):
    assert deliver.raw(b'{"x": "' + b"a" * 10_000_000 + b'"}', {}).status_code == 413


def test_the_inbox_keeps_nothing_of_the_shopper(deliver: Any, approved: dict[str, Any]):
    deliver(approved | {"resource": approved["resource"] | {"payer": {"email_address": "maya@home.example"}}})
    assert "maya@" not in json.dumps(InboxEntry.objects.get().body)


def test_paypal_is_not_heard_while_it_is_off(deliver: Any, db: None):
    assert deliver({"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {}}).status_code == 400


def test_the_fake_signs_what_paypal_signs():
    vectors = SPECS / "signature_vectors.json"
    if not vectors.exists():
        pytest.skip("the providers' specifications do not lie beside this project")
    known = json.loads(vectors.read_text())["paypal_signed_string"]
    told = signed_string(
        known["transmission_id"], known["transmission_time"], known["webhook_id"], known["raw_body"].encode()
    )
    assert told == known["signed_string"]


def test_a_yes_after_the_attempt_was_given_up_takes_nothing(
    deliver: Any, waiting: Payment, paypal: FakePayPal, run_waiting_jobs: JobRunner
):
    payments.turn_back(waiting.order_id)
    paypal.ledger.approve(waiting.reference)
    assert deliver(paypal.ledger.events[-1]).status_code == 200
    run_waiting_jobs()
    assert (paypal.ledger.taken(waiting.key), status()) == (0, "awaiting_payment")


class TestMoneyBack:
    def test_a_refund_made_at_paypal_is_booked_once(
        self, paid: Payment, deliver: Any, paypal: FakePayPal, run_waiting_jobs: JobRunner
    ):
        paypal.ledger.refund_outside(paid.reference, 500)
        for _ in range(2):
            assert deliver(paypal.ledger.events[-1]).status_code == 200
            run_waiting_jobs()
        assert (Refund.objects.get().actor, Order.objects.get().refunded_minor) == ("provider", 500)
        assert audit() == []

    def test_one_that_failed_later_counts_as_paid_again(
        self, paid: Payment, deliver: Any, paypal: FakePayPal, run_waiting_jobs: JobRunner
    ):
        refund = payments.intend_refund(paid.pk, Money(500), key="r", by="user:1", reason="a torn seam")
        refund = payments.send_refund(refund.pk)
        paypal.ledger.fail_refund(refund.reference)
        for event in paypal.ledger.events:
            deliver(event)
        run_waiting_jobs()
        assert (Refund.objects.get().status, Order.objects.get().refunded_minor) == ("refused", 0)
        assert audit() == []


def test_a_dispute_is_noted_and_closed(paid: Payment, deliver: Any, paypal: FakePayPal, run_waiting_jobs: JobRunner):
    for told in (("OPEN",), ("WAITING_FOR_SELLER_RESPONSE",), ("RESOLVED", "RESOLVED_BUYER_FAVOUR"), ("OPEN",)):
        paypal.ledger.dispute(paid.reference, *told)
        assert deliver(paypal.ledger.events[-1]).status_code == 200
        run_waiting_jobs()
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.amount_minor, bool(dispute.closed_at)) == ("lost", paid.amount_minor, True)
    assert paid.order.events.filter(kind="note", text__startswith="Dispute").count() == 3


def test_money_of_another_shop_is_left(paid: Payment, deliver: Any, paypal: FakePayPal, run_waiting_jobs: JobRunner):
    paypal.ledger.dispute(paid.reference, "OPEN")
    event = paypal.ledger.events[-1]
    event["resource"]["disputed_transactions"] = [{"seller_transaction_id": "ANOTHER"}]
    assert deliver(event).status_code == 200
    run_waiting_jobs()
    assert not Dispute.objects.exists()

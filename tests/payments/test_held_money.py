"""Charged when the parcel leaves: the bank holds the money, then it is taken whole or in part, or let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing.models import AuditEntry
from kidspetite.goods.inventory.models import StockLevel
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import (
    CaptureTooLarge,
    GatewayRefused,
    GatewayUnreachable,
    NothingHeld,
    NothingPaid,
    RefundTooLarge,
)
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.types import Giving
from kidspetite.sales.shipping import operations as shipping
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, bought
from tests.factories.payments import reloaded
from tests.fakes.stripe_server import FakeStripe

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def held(settings: Any) -> Order:
    settings.PAYMENT_CAPTURE = "at_shipping"
    a_selling_shop()
    return Order.objects.get(number=bought().order_number)


def the_payment() -> Payment:
    return Payment.objects.select_related("order").get()


def ship(order: Order) -> None:
    shipping.ship_order(order.pk, carrier="usps", tracking_number="9400111899560000000001", by="user:1")


def test_a_held_order_is_sold_and_confirmed_and_nothing_is_taken(held: Order, run_waiting_jobs: Callable[[], int]):
    run_waiting_jobs()
    payment = the_payment()
    assert (payment.status, payment.captured_minor, reloaded(held).status) == ("authorised", 0, "paid")
    assert StockLevel.objects.get().on_hand == 9
    assert Message.objects.get().kind == "order-confirmation"
    assert audit() == []


def test_it_is_taken_when_the_parcel_leaves(held: Order, run_waiting_jobs: Callable[[], int]):
    ship(held)
    run_waiting_jobs()
    payment = the_payment()
    assert (payment.status, payment.captured_minor) == ("captured", held.total_minor)
    assert reloaded(held).status == "shipped"
    assert AuditEntry.objects.filter(verb="payments.capture").count() == 1
    assert audit() == []


def test_cancelled_before_that_it_is_let_go_and_no_refund_is_made(held: Order, run_waiting_jobs: Callable[[], int]):
    orders.cancel_order(held.pk, by="user:1", reason="changed their mind")
    run_waiting_jobs()
    assert (the_payment().status, reloaded(held).status) == ("voided", "cancelled")
    assert not the_payment().refunds.exists()
    assert StockLevel.objects.get().on_hand == 10
    assert audit() == []


def test_a_part_is_taken_and_the_rest_counts_as_given_back(held: Order, run_waiting_jobs: Callable[[], int]):
    payments.capture_order(held.pk, Money(1000), by="user:1")
    run_waiting_jobs()
    assert (the_payment().captured_minor, reloaded(held).refunded_minor) == (1000, held.total_minor - 1000)
    with pytest.raises(RefundTooLarge) as refused:
        payments.refund_order(held.pk, Giving(amount=Money(1001)), key="more", by="user:1", reason="x")
    assert refused.value.facts["left_cents"] == 1000
    payments.refund_order(held.pk, Giving(amount=Money(1000)), key="all", by="user:1", reason="x")
    assert reloaded(held).status == "refunded"
    assert audit() == []


@pytest.mark.parametrize("cents", [0, -1, 10**6])
def test_nothing_and_more_than_is_held_is_refused(held: Order, cents: int):
    with pytest.raises(CaptureTooLarge):
        payments.capture_order(held.pk, Money(cents), by="user:1")
    assert the_payment().status == "authorised"


def test_what_is_not_held_cannot_be_taken(held: Order):
    payments.capture_order(held.pk, by="user:1")
    with pytest.raises(NothingHeld):
        payments.capture_order(held.pk, by="user:1")


def test_what_was_not_taken_cannot_go_back(held: Order):
    with pytest.raises(NothingPaid):
        payments.refund_order(held.pk, Giving(amount=Money(100)), key="k", by="user:1", reason="x")


def test_without_an_answer_it_stays_held_and_reconcile_takes_it(
    held: Order, monkeypatch: pytest.MonkeyPatch, run_waiting_jobs: Callable[[], int]
):
    def silence(*_: object, **__: object) -> None:
        raise GatewayUnreachable()

    with monkeypatch.context() as patch:
        patch.setattr(SandboxGateway, "capture", silence)
        ship(held)
        run_waiting_jobs()
    assert the_payment().status == "authorised"
    assert payments.reconcile_now().captured == 1
    assert (the_payment().status, audit()) == ("captured", [])


def test_a_hold_that_ran_out_is_told_to_staff_and_not_asked_for_ever(
    held: Order, monkeypatch: pytest.MonkeyPatch, run_waiting_jobs: Callable[[], int]
):
    calls: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        calls.append(1)
        raise GatewayRefused()

    monkeypatch.setattr(SandboxGateway, "capture", refuse)
    ship(held)
    run_waiting_jobs()
    payments.reconcile_now()
    assert len(calls) == 1
    assert held.events.filter(kind="note", text__contains="refused to take").exists()


def test_a_hold_for_an_order_that_ended_meanwhile_is_let_go(
    settings: Any, stripe: FakeStripe, run_waiting_jobs: Callable[[], int]
):
    settings.PAYMENT_CAPTURE = "at_shipping"
    a_selling_shop()
    pay = {"provider": "stripe", "token": "pm_card_processing"}
    checkout.buy(a_basket(), a_purchase(payment=pay), key="late")
    payment = the_payment()
    orders.cancel_order(payment.order_id, by="user:1", reason="asked to")
    stripe.ledger.settle(payment.reference)
    payments.reconcile_now()
    run_waiting_jobs()
    assert stripe.ledger.intents[payment.reference]["status"] == "canceled"
    assert (the_payment().status, audit()) == ("voided", [])


def test_through_stripe_from_hold_to_parcel(settings: Any, stripe: FakeStripe, run_waiting_jobs: Callable[[], int]):
    settings.PAYMENT_CAPTURE = "at_shipping"
    a_selling_shop()
    checkout.buy(a_basket(), a_purchase(payment={"provider": "stripe", "token": "pm_card_visa"}), key="k")
    payment = the_payment()
    assert (payment.status, stripe.ledger.taken(payment.key)) == ("authorised", 0)
    ship(payment.order)
    run_waiting_jobs()
    assert stripe.ledger.taken(payment.key) == payment.amount_minor == the_payment().captured_minor


def test_staff_take_it_from_the_orders_page(held: Order, admin_client: Client):
    page = admin_client.get(f"/admin/orders/{held.number}")
    assert f"/admin/orders/{held.number}/capture" in page.text
    typed = {"amount": f"{held.total_minor / 100:.2f}", "reason": "sent", "step": "confirm"}
    assert admin_client.post(f"/admin/orders/{held.number}/capture", typed).status_code == 302
    assert the_payment().status == "captured"
    assert AuditEntry.objects.get(verb="payments.capture").actor.startswith("user:")
    again = admin_client.post(f"/admin/orders/{held.number}/capture", typed)
    assert again.status_code == 409
    assert "nothing to take" in again.text

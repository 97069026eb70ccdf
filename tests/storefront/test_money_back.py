"""The order's page says what went back and where to: to the card, into store credit, or never taken at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import GatewayUnreachable
from kidspetite.sales.payments.models import Payment, Refund
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.types import Giving, RefundTo, RefundTold
from tests.factories.credit import a_customer, an_order_by_credit
from tests.factories.orders import a_paid_order

pytestmark = pytest.mark.django_db

JobRunner = Callable[[], int]
TO_CARD = "went back to Sandbox card ending 4242."
TO_CREDIT = "went back into your store credit."


def give_back(order: Order, cents: int, to: RefundTo = RefundTo.SAME_WAY) -> None:
    payments.refund_order(
        order.pk, Giving(amount=Money(cents), to=to), key=f"r{cents}", by="user:1", reason="a torn seam"
    )


def page_of(client: Client, order: Order) -> str:
    return client.get(f"/orders/{order.token}").text


def test_each_sum_is_told_with_the_way_it_went(client: Client):
    order = a_paid_order()
    give_back(order, 500)
    give_back(order, 250)
    page = page_of(client, order)
    assert f"$7.50 {TO_CARD}" in page
    assert (page.count("$5.00</p>"), page.count("$2.50</p>")) == (1, 1), "and each on its day"
    assert TO_CREDIT not in page


def test_what_went_into_store_credit_is_not_said_to_be_at_the_bank(client: Client):
    order = an_order_by_credit(a_customer(1000))
    give_back(order, 300, RefundTo.STORE_CREDIT)
    assert f"$3.00 {TO_CREDIT}" in page_of(client, order)
    give_back(order, 200)
    assert f"$2.00 {TO_CARD}" in page_of(client, order)


def test_what_was_held_and_never_taken_did_not_go_back(client: Client, settings: Any, run_waiting_jobs: JobRunner):
    settings.PAYMENT_CAPTURE = "at_shipping"
    order = a_paid_order()
    payments.capture_order(order.pk, Money(1000), by="user:1")
    run_waiting_jobs()
    page = page_of(client, order)
    assert f"{formats.money(Money(order.total_minor - 1000))} was held by your bank and never taken." in page
    assert "went back" not in page
    letter = Message.objects.get(kind="order-refunded")
    assert "We took less than your bank held." in letter.text
    assert "back" not in letter.subject


def test_an_order_that_is_only_held_is_not_said_to_be_paid_back(client: Client, settings: Any):
    settings.PAYMENT_CAPTURE = "at_shipping"
    order = a_paid_order()
    page = client.get(f"/orders/{order.token}/cancellation").text
    assert "was held and never taken" in page
    assert "goes back" not in page.replace("Your pieces go back", "")


def test_nothing_is_said_before_it_is_true_nor_after(client: Client, monkeypatch: pytest.MonkeyPatch):
    def silent(*_: Any, **__: Any) -> str:
        raise GatewayUnreachable

    order = a_paid_order()
    with monkeypatch.context() as patch:
        patch.setattr(SandboxGateway, "refund", silent)
        give_back(order, 500)
    assert "went back" not in page_of(client, order)
    payments.reconcile_now()
    assert f"$5.00 {TO_CARD}" in page_of(client, order)
    payment, refund = Payment.objects.get(), Refund.objects.get()
    payments.book_refund(payment.pk, RefundTold(refund.reference, Money(500), has_failed=True))
    page = page_of(client, order)
    assert "went back" not in page
    assert "A refund came back to us" in page

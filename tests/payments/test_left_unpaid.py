"""A payment that fails while its shopper is away: one letter, and a way to pay from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kidspetite.faces.console.audit import audit
from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.types import Decision
from tests.factories.payments import a_payment, reloaded

pytestmark = pytest.mark.django_db

JobRunner = Callable[[], int]


def after(run_waiting_jobs: JobRunner, *minutes: float) -> None:
    """So many minutes from now, each time: what the clock starts, and the worker."""
    for later in minutes:
        with time_machine.travel(clock.now() + timedelta(minutes=later), tick=True):
            payments.settle_late()
            run_waiting_jobs()
            payments.reconcile()
            run_waiting_jobs()


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def the_letter() -> Message:
    return Message.objects.get(kind="payment-failed")


class TestDeclinedLater:
    """The bank took its time, and then said no."""

    def test_one_letter_tells_it_with_the_way_to_pay(self, run_waiting_jobs: JobRunner):
        order = a_payment("tok_late_decline").order
        after(run_waiting_jobs, 1, 8, 9)
        assert letters() == ["payment-failed"]
        letter = the_letter()
        assert letter.to == order.email
        assert f"/orders/{order.token}" in letter.text
        assert "Nothing was charged" in letter.text
        assert reloaded(order).status == "awaiting_payment"

    def test_a_shopper_who_is_still_here_is_not_written_to(self, run_waiting_jobs: JobRunner):
        a_payment("tok_late_decline")
        after(run_waiting_jobs, 1)
        with time_machine.travel(clock.now() + timedelta(minutes=8), tick=True):
            carts.touch_cart(Cart.objects.get())
            payments.reconcile()
            run_waiting_jobs()
        assert letters() == []

    def test_it_is_paid_from_the_letter(self, run_waiting_jobs: JobRunner, client: Client):
        order = a_payment("tok_late_decline").order
        after(run_waiting_jobs, 1, 8)
        page = client.get(f"/orders/{order.token}").text
        assert "Pay this order" in page
        assert client.post(f"/orders/{order.token}/payment")["Location"] == "/checkout/payment"
        assert client.session[CART_KEY] == Cart.objects.get().token

    def test_when_the_order_ends_it_has_been_told_already(self, run_waiting_jobs: JobRunner, client: Client):
        order = a_payment("tok_late_decline").order
        after(run_waiting_jobs, 1, 8, 35)
        assert (letters(), reloaded(order).status) == (["payment-failed"], "cancelled")
        assert "Back to its basket" in client.get(f"/orders/{order.token}").text
        assert client.post(f"/orders/{order.token}/payment")["Location"] == "/checkout/payment"
        assert audit() == []


class TestNeverAnswered:
    """The bank, or PayPal, asked, and nobody said yes."""

    @pytest.mark.parametrize("token", ["tok_3ds", "tok_paypal"])
    def test_the_letter_about_the_end_leads_back_to_the_basket(
        self, token: str, run_waiting_jobs: JobRunner, client: Client
    ):
        order = a_payment(token).order
        after(run_waiting_jobs, 8, 31, 33)
        assert (letters(), reloaded(order).status) == (["order-cancelled"], "cancelled")
        letter = Message.objects.get()
        assert "No money was taken" in letter.text
        assert f"/orders/{order.token}" in letter.text
        assert client.post(f"/orders/{order.token}/payment")["Location"] == "/checkout/payment"

    def test_refused_at_the_bank_and_gone_one_letter_tells_it(self, run_waiting_jobs: JobRunner):
        payment = a_payment("tok_3ds")
        payments.decide(payment.reference, Decision.REFUSE)
        after(run_waiting_jobs, 1, 8)
        assert letters() == ["payment-failed"]

    def test_who_turned_back_knows_and_gets_no_letter(self, run_waiting_jobs: JobRunner, client: Client):
        order = a_payment("tok_paypal").order
        client.get(f"/checkout/unpaid/{order.token}")
        after(run_waiting_jobs, 8, 31)
        assert (letters(), reloaded(order).status) == ([], "cancelled")


class TestNoLetter:
    def test_for_a_decline_that_was_seen_on_the_spot(self, run_waiting_jobs: JobRunner):
        with pytest.raises(Exception, match="Your bank said no"):
            a_payment("tok_declined")
        after(run_waiting_jobs, 8, 35)
        assert letters() == []

    def test_for_an_order_that_its_owner_ended(self, run_waiting_jobs: JobRunner):
        order = a_payment("tok_3ds").order
        orders.cancel_order(order.pk, by="shopper", reason="changed their mind")
        after(run_waiting_jobs, 8, 35)
        assert letters() == []

    def test_for_an_order_that_is_paid_meanwhile(self, run_waiting_jobs: JobRunner):
        payment = a_payment("tok_3ds")
        payments.decide(payment.reference, Decision.APPROVE)
        after(run_waiting_jobs, 1, 8)
        assert letters() == ["order-confirmation"]
        assert Order.objects.get().status == "paid"

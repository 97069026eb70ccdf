"""Store credit is a tender with a ledger: spent once, given back once, never below zero."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing.models import AuditEntry
from kidspetite.goods.inventory import operations as inventory
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.errors import CreditChanged, PurchaseInvalid
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import BadCredit, NotEnoughCredit, PaymentDeclined
from kidspetite.sales.payments.models import CreditEntry, Payment, SandboxCharge
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.queries.credit import credit_history, credit_of
from kidspetite.sales.payments.types import Giving, Outcome, Result
from tests.factories.checkout import a_basket, a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer, an_order_by_credit, bought_by_credit, by_credit, grant
from tests.factories.payments import reloaded

pytestmark = pytest.mark.django_db

TOTAL = 2460  # a shirt of 18.00 with the tax of New York, and 5.00 to send it


def tenders(order: Order) -> list[tuple[str, str, int]]:
    rows = Payment.objects.filter(order=order).order_by("pk")
    return [(row.provider, row.status, row.amount_minor) for row in rows]


class TestTheLedger:
    def test_what_is_granted_is_there_with_its_reason_and_on_record(self):
        user = a_customer()
        grant(user, 1240, reason="a late parcel")
        (mark,) = credit_history(user.pk)
        assert credit_of(user.pk) == mark.amount == Money(1240)
        assert (mark.cause, mark.reason) == ("granted", "a late parcel")
        assert AuditEntry.objects.get(verb="payments.grant_credit").facts["amount_cents"] == 1240

    def test_the_same_key_gives_once(self):
        user = a_customer()
        for _ in range(2):
            payments.grant_credit(user.pk, Money(500), key="desk:1", by="user:1", reason="kind")
        assert credit_of(user.pk) == Money(500)
        assert CreditEntry.objects.count() == 1

    def test_no_more_is_taken_back_than_there_is(self):
        user = a_customer(500)
        with pytest.raises(NotEnoughCredit) as refused:
            payments.take_credit_back(user.pk, Money(501), key="k", by="user:1", reason="a slip")
        assert refused.value.facts == {"left_cents": 500}
        payments.take_credit_back(user.pk, Money(500), key="k", by="user:1", reason="a slip")
        assert not credit_of(user.pk)
        assert audit() == []

    @pytest.mark.parametrize(("cents", "reason"), [(0, "kind"), (-5, "kind"), (100_001, "kind"), (500, " ")])
    def test_an_amount_that_cannot_be_or_no_reason_is_refused(self, cents, reason):
        user = a_customer()
        with pytest.raises(BadCredit):
            payments.grant_credit(user.pk, Money(cents), key="k", by="user:1", reason=reason)
        assert not CreditEntry.objects.exists()


class TestPaying:
    def test_credit_pays_its_part_and_the_card_the_rest(self, run_waiting_jobs):
        user = a_customer(1000)
        order = an_order_by_credit(user)
        assert tenders(order) == [("sandbox", "captured", TOTAL - 1000), ("store_credit", "captured", 1000)]
        assert order.tenders == [
            {"provider": "sandbox", "label": "Sandbox card ending 4242", "amount_minor": TOTAL - 1000},
            {"provider": "store_credit", "label": "Store credit", "amount_minor": 1000},
        ]
        assert SandboxCharge.objects.get().captured_minor == TOTAL - 1000
        assert not credit_of(user.pk)
        run_waiting_jobs()
        assert "Store credit" in Message.objects.get(kind="order-confirmation").text
        assert audit() == []

    def test_credit_that_pays_all_calls_no_gateway(self, monkeypatch):
        monkeypatch.setattr(SandboxGateway, "charge", lambda *_: pytest.fail("a gateway was called"))
        user = a_customer(5000)
        order = an_order_by_credit(user)
        assert (order.status, order.tenders) == (
            "paid", [{"provider": "store_credit", "label": "Store credit", "amount_minor": TOTAL}],
        )  # fmt: skip
        assert credit_of(user.pk) == Money(5000 - TOTAL)
        assert audit() == []

    def test_no_way_to_pay_the_rest_opens_no_order(self):
        user = a_customer(1000)
        a_selling_shop()
        with pytest.raises(PurchaseInvalid):
            checkout.buy(a_basket(), by_credit(user, provider="none", token="none"), key="k")
        assert credit_of(user.pk) == Money(1000)
        assert not Order.objects.exists()

    def test_other_credit_than_was_shown_charges_nothing(self):
        user = a_customer(1000)
        a_selling_shop()
        with pytest.raises(CreditChanged) as refused:
            checkout.buy(a_basket(), by_credit(user, expected_credit_cents=1500), key="k")
        assert refused.value.facts == {"credit_cents": 1000, "expected_credit_cents": 1500}
        assert not SandboxCharge.objects.exists()
        assert credit_of(user.pk) == Money(1000)

    def test_without_any_credit_the_card_pays_as_ever(self):
        order = an_order_by_credit(a_customer())
        assert tenders(order) == [("sandbox", "captured", TOTAL)]

    def test_while_the_bank_asks_the_credit_is_out_of_reach(self):
        user = a_customer(1000)
        order = an_order_by_credit(user, token="tok_3ds")
        assert order.status == "requires_action"
        assert not credit_of(user.pk)
        with pytest.raises(NotEnoughCredit):
            payments.take_credit_back(user.pk, Money(1), key="k", by="user:1", reason="a slip")
        assert audit() == []


class TestGivenBack:
    def test_a_declined_card_gives_the_credit_back_and_another_card_takes_it_again(self):
        user = a_customer(1000)
        a_selling_shop()
        cart = a_basket()
        for number in range(2):
            with pytest.raises(PaymentDeclined):
                checkout.buy(cart, by_credit(user, "tok_declined"), key=f"no {number}")
            assert credit_of(user.pk) == Money(1000)
        assert checkout.buy(cart, by_credit(user), key="yes").status == "paid"
        assert not credit_of(user.pk)
        assert [mark.cause for mark in credit_history(user.pk)] == [
            "spent", "returned", "spent", "returned", "spent", "granted",
        ]  # fmt: skip
        assert audit() == []

    def test_told_many_times_it_comes_back_once(self):
        user = a_customer(1000)
        order = an_order_by_credit(user, token="tok_3ds")
        lead = order.payments.get(account=None)
        for _ in range(3):
            payments.record_outcome(lead.pk, Outcome(Result.DECLINED, reason="card_declined"))
            payments.record_void(lead.pk)
        assert credit_of(user.pk) == Money(1000)

    def test_an_attempt_nobody_finishes_gives_it_back(self):
        user = a_customer(1000)
        order = an_order_by_credit(user, token="tok_3ds")
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            payments.reconcile_now()
        assert reloaded(order).status == "cancelled"
        assert credit_of(user.pk) == Money(1000)
        assert audit() == []

    def test_sold_out_while_the_bank_asked_everything_goes_back(self, run_waiting_jobs):
        user, shirt = a_customer(1000), a_stocked_variant(1)
        order = an_order_by_credit(user, shirt, token="tok_3ds")
        lead = order.payments.get(account=None)
        inventory.release_holds(holder=order.holder)
        inventory.set_stock(shirt.pk, on_hand=0, reason="eaten by moths", by="staff:1")
        SandboxCharge.objects.update(status="captured", captured_minor=lead.amount_minor)
        payments.ask(lead.pk)
        run_waiting_jobs()
        assert credit_of(user.pk) == Money(1000)
        assert SandboxCharge.objects.get().refunded_minor == TOTAL - 1000
        assert audit() == []

    def test_cancelled_after_it_was_paid_both_tenders_give_back(self, run_waiting_jobs):
        user = a_customer(1000)
        order = an_order_by_credit(user)
        orders.cancel_order(order.pk, by="user:1", reason="changed their mind")
        run_waiting_jobs()
        order = reloaded(order)
        assert (order.status, order.refunded_minor) == ("refunded", TOTAL)
        assert credit_of(user.pk) == Money(1000)
        assert SandboxCharge.objects.get().refunded_minor == TOTAL - 1000
        letter = Message.objects.get(kind="order-cancelled").text
        assert "$10.00 into your store credit" in letter
        assert "$14.60" in letter
        assert audit() == []

    def test_an_order_ended_by_its_silence_frees_the_credit_at_once(self, run_waiting_jobs):
        user = a_customer(1000)
        order = an_order_by_credit(user, token="tok_timeout")
        SandboxCharge.objects.update(status="processing", token="tok_late_webhook", settles_at=None)
        orders.cancel_order(order.pk, by="user:1", reason="changed their mind")
        run_waiting_jobs()
        assert credit_of(user.pk) == Money(1000)
        assert audit() == []


class TestMoneyThatComesAfterAll:
    """The provider took what we had given up; money is the truth."""

    def given_up(self, user) -> Payment:
        order = an_order_by_credit(user, token="tok_3ds")
        lead = order.payments.get(account=None)
        payments.record_void(lead.pk)
        assert credit_of(user.pk) == Money(1000)
        SandboxCharge.objects.update(status="captured", captured_minor=lead.amount_minor)
        return lead

    def captured(self, lead: Payment) -> None:
        charge = SandboxCharge.objects.get(key=lead.key)
        payments.record_outcome(lead.pk, Outcome(Result.CAPTURED, charge.reference, amount=lead.amount))

    def test_with_the_credit_still_there_the_order_is_paid(self):
        user = a_customer(1000)
        lead = self.given_up(user)
        self.captured(lead)
        assert reloaded(lead.order).status == "paid"
        assert not credit_of(user.pk)
        assert audit() == []

    def test_with_the_credit_gone_elsewhere_the_money_goes_back(self, run_waiting_jobs):
        user = a_customer(1000)
        lead = self.given_up(user)
        payments.take_credit_back(user.pk, Money(1), key="k", by="user:1", reason="a slip")
        self.captured(lead)
        run_waiting_jobs()
        assert reloaded(lead.order).status == "awaiting_payment"
        assert SandboxCharge.objects.get().refunded_minor == TOTAL - 1000
        assert reloaded(lead.order).refunded_minor == 0
        assert credit_of(user.pk) == Money(999)
        assert audit() == []

    def test_the_order_was_paid_otherwise_meanwhile(self, run_waiting_jobs):
        user = a_customer(1000)
        lead = self.given_up(user)
        cart_id = lead.order.cart_id_was
        assert checkout.buy(Cart.objects.get(pk=cart_id), by_credit(user), key="again").status == "paid"
        self.captured(lead)
        run_waiting_jobs()
        assert Payment.objects.get(pk=lead.pk).status == "surplus"
        assert reloaded(lead.order).refunded_minor == 0
        assert not credit_of(user.pk)
        assert audit() == []


def test_a_purchase_in_two_tenders_is_told_by_the_command(capsys):
    order = an_order_by_credit(a_customer(1000))
    call_command("order", order.number)
    told = capsys.readouterr().out
    assert "store_credit" in told
    assert bought_by_credit(a_customer()).status == "paid"


def test_taking_the_demo_away_takes_its_credit_along():
    user = a_customer(5000)
    order = an_order_by_credit(user)
    payments.refund_order(order.pk, Giving(), key="r", by="user:1", reason="x")
    Order.objects.update(is_demo=True)
    user.is_demo = True
    user.save()
    payments.forget_demo_payments()
    orders.forget_demo_orders()
    user.delete()
    assert not CreditEntry.objects.exists()
    assert not Payment.objects.exists()

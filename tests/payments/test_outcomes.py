"""What becomes of a payment, whoever tells it, in whatever order and however often."""

import threading
from datetime import timedelta

import pytest
import time_machine

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.queries import messages_about
from kidspetite.foundation.plumbing import inbox, lines
from kidspetite.foundation.plumbing.models import InboxEntry
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.errors import SoldOutWhilePaying
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import GatewayUnreachable, NoSuchChallenge, PaymentDeclined
from kidspetite.sales.payments.models import Payment, Refund, SandboxCharge
from kidspetite.sales.payments.operations import taking
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.types import Decision, KnownCharge, Outcome, Result
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.factories.payments import a_payment, charges, reloaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    a_selling_shop()


def later(**much: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(**much), tick=True)


def letters_about(order: Order) -> list[Message]:
    return messages_about(f"order:{order.number}")


def the_payment() -> Payment:
    return Payment.objects.select_related("order").get()


class TestTimeout:
    """The charge happened, the answer was lost."""

    def test_the_shopper_is_told_that_we_are_checking(self):
        payment = a_payment("tok_timeout")
        assert (payment.status, payment.order.status) == ("unknown", "payment_unknown")
        assert len(charges()) == 1
        assert Hold.objects.get().kind == "firm"

    def test_reconcile_finds_the_charge_and_finishes_the_order(self, run_waiting_jobs, settings):
        payment = a_payment("tok_timeout")
        assert payments.reconcile().asked == 0, "too young to be asked about"
        with later(seconds=settings.PAYMENT_RECONCILE_SECONDS + 1):
            assert payments.reconcile().finished == 1
            assert payments.reconcile().asked == 0
        payment.refresh_from_db()
        assert (payment.status, reloaded(payment.order).status) == ("captured", "paid")
        assert Cart.objects.get().status == Cart.Status.ORDERED
        assert Movement.objects.filter(kind="sold").count() == 1
        assert len(charges()) == 1

    def test_a_provider_that_does_not_answer_changes_nothing(self, monkeypatch):
        payment = a_payment("tok_timeout")

        def silence(*_: object, **__: object) -> None:
            raise GatewayUnreachable()

        monkeypatch.setattr(SandboxGateway, "outcome_of", silence)
        assert payments.reconcile_now().finished == 0
        assert reloaded(payment.order).status == "payment_unknown"

    def test_a_charge_that_never_arrived_is_sent_again_under_its_key(self, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(SandboxGateway, "charge", lambda *_, **__: (_ for _ in ()).throw(GatewayUnreachable()))
            payment = a_payment("tok_visa")
        assert payment.order.status == "payment_unknown"
        assert not charges()
        payments.reconcile_now()
        assert reloaded(payment.order).status == "paid"
        assert [charge.key for charge in charges()] == [payment.key]


class TestLateWebhook:
    def test_the_webhook_finishes_the_order(self, run_waiting_jobs):
        payment = a_payment("tok_late_webhook")
        assert payment.order.status == "payment_unknown"
        assert payments.settle_late() == 0, "the bank takes its time"
        with later(seconds=4):
            assert payments.settle_late() == 1
            run_waiting_jobs()
        assert reloaded(payment.order).status == "paid"

    def test_delivered_five_times_and_after_reconcile_it_changes_nothing_more(self, run_waiting_jobs):
        payment = a_payment("tok_late_webhook")
        with later(seconds=4):
            payments.reconcile_now()
            assert reloaded(payment.order).status == "paid"
            body = {"type": "charge.captured", "key": payment.key}
            for number in range(5):
                inbox.receive(provider="sandbox", external_id="evt_1", kind="charge.captured", body=body)
                inbox.receive(provider="sandbox", external_id=f"evt_{number}", kind="charge.captured", body=body)
            run_waiting_jobs()
        assert InboxEntry.objects.count() == 5
        assert Movement.objects.filter(kind="sold").count() == 1
        assert reloaded(payment.order).events.filter(kind="paid").count() == 1

    def test_a_message_is_a_hint_only_and_cannot_make_an_order_paid(self, run_waiting_jobs):
        payment = a_payment("tok_late_webhook")
        for kind in ("charge.captured", "charge.declined"):
            body = {"type": kind, "key": payment.key, "reference": "ch_forged"}
            inbox.receive(provider="sandbox", external_id=f"evt_{kind}", kind=kind, body=body)
        run_waiting_jobs()
        assert reloaded(payment.order).status == "payment_unknown"

    @pytest.mark.parametrize("body", [{}, {"type": "charge.captured"}, {"type": 5, "key": None}, {"type": "dispute.x"}])
    def test_news_of_other_things_is_taken_and_left(self, body, run_waiting_jobs):
        a_payment("tok_late_webhook")
        inbox.receive(provider="sandbox", external_id="evt", kind="x", body=body)
        inbox.receive(provider="house", external_id="evt", kind="x", body=body)
        run_waiting_jobs()
        assert the_payment().status == "unknown"


class TestChallenge:
    """3-D Secure: the bank wants to see the shopper first."""

    def test_the_way_to_the_bank_and_back(self, settings):
        payment = a_payment("tok_3ds")
        assert payment.order.status == "requires_action"
        assert payment.next_action_url == f"{settings.BASE_URL}/sandbox/3ds/{payment.reference}"
        asked = payments.challenge(payment.reference)
        assert (asked.amount, asked.is_open) == (payment.amount, True)
        back = payments.decide(payment.reference, Decision.APPROVE)
        assert back == f"{settings.BASE_URL}/checkout/complete/{payment.order.token}"
        assert payments.challenge(payment.reference).is_open is False

    def test_approved_the_page_settles_it_before_the_webhook_comes(self, run_waiting_jobs):
        payment = a_payment("tok_3ds")
        payments.decide(payment.reference, Decision.APPROVE)
        assert payments.ask_about_order(payment.order_id) == "paid"
        run_waiting_jobs()
        assert reloaded(payment.order).events.filter(kind="paid").count() == 1

    def test_approved_and_the_shopper_never_comes_back(self, run_waiting_jobs):
        payment = a_payment("tok_3ds")
        payments.decide(payment.reference, Decision.APPROVE)
        run_waiting_jobs()
        assert reloaded(payment.order).status == "paid"

    def test_refused_the_basket_is_open_and_holds_its_pieces(self):
        payment = a_payment("tok_3ds")
        payments.decide(payment.reference, Decision.REFUSE)
        assert payments.ask_about_order(payment.order_id) == "awaiting_payment"
        cart = Cart.objects.get()
        assert cart.status == Cart.Status.OPEN
        assert (Hold.objects.get().holder, Hold.objects.get().kind) == (cart.holder, "soft")
        assert the_payment().reason == "authentication_failed"
        again = checkout.buy(cart, a_purchase(), key="another try")
        assert (again.order_number, again.status) == (payment.order.number, "paid")

    def test_the_first_answer_counts(self):
        payment = a_payment("tok_3ds")
        payments.decide(payment.reference, Decision.REFUSE)
        payments.decide(payment.reference, Decision.APPROVE)
        assert payments.ask_about_order(payment.order_id) == "awaiting_payment"
        assert not charges()

    def test_never_answered_it_is_given_up_after_half_an_hour(self, run_waiting_jobs):
        payment = a_payment("tok_3ds")
        with later(minutes=29):
            payments.reconcile()
        assert reloaded(payment.order).status == "requires_action"
        with later(minutes=31):
            assert payments.reconcile().given_up == 1
            run_waiting_jobs()
        payment.refresh_from_db()
        assert (payment.status, reloaded(payment.order).status) == ("voided", "cancelled")
        assert not Hold.objects.filter(kind="firm").exists()
        payments.decide(payment.reference, Decision.APPROVE)
        assert not charges(), "what was given up can never be captured"

    def test_an_unknown_challenge_is_not_found(self):
        with pytest.raises(NoSuchChallenge):
            payments.decide("ch_nobody", Decision.APPROVE)


class TestPaidButImpossible:
    """The money came after the pieces went: an order, or all of it back, and a letter."""

    def sold_elsewhere(self) -> Payment:
        shirt = a_stocked_variant(1)
        slow = a_basket(shirt)
        checkout.buy(slow, a_purchase("tok_timeout"), key="slow")
        payment = the_payment()
        Hold.objects.all().update(expires_at=clock.now() - timedelta(seconds=1))
        checkout.buy(a_basket(shirt), a_purchase(), key="quick")
        return payment

    def test_the_money_goes_back_and_the_customer_is_told(self, run_waiting_jobs):
        payment = self.sold_elsewhere()
        payments.reconcile_now()
        run_waiting_jobs()
        payment.refresh_from_db()
        order = reloaded(payment.order)
        assert (order.status, order.refunded_minor) == ("refunded", order.total_minor)
        assert Refund.objects.get().status == "done"
        assert SandboxCharge.objects.get(key=payment.key).refunded_minor == payment.amount_minor
        level = StockLevel.objects.get()
        assert (level.on_hand, level.reserved) == (0, 0)
        letters = list(letters_about(order))
        assert [letter.kind for letter in letters] == ["order-cancelled"]
        assert "last pieces went before your payment came through" in letters[0].text

    def test_the_page_hears_it_in_words(self):
        self.sold_elsewhere()
        payments.reconcile_now()
        slow = Cart.objects.get(status=Cart.Status.OPEN)
        with pytest.raises(SoldOutWhilePaying):
            checkout.buy(slow, a_purchase("tok_timeout"), key="slow")

    def test_with_stock_left_a_lapsed_hold_is_no_reason_to_refuse(self):
        payment = a_payment("tok_timeout")
        Hold.objects.all().delete()
        StockLevel.objects.update(reserved=0)
        payments.reconcile_now()
        assert reloaded(payment.order).status == "paid"
        assert StockLevel.objects.get().on_hand == 9

    def test_money_for_an_order_cancelled_meanwhile_goes_back(self, run_waiting_jobs):
        payment = a_payment("tok_late_webhook")
        orders.cancel_order(payment.order_id, by="user:1", reason="asked to")
        with later(seconds=4):
            payments.settle_late()
            run_waiting_jobs()
        order = reloaded(payment.order)
        bank = SandboxCharge.objects.get()
        assert bank.status == "voided" or bank.refunded_minor == bank.amount_minor
        assert order.status in ("cancelled", "refunded")
        assert StockLevel.objects.get().on_hand == 10

    def test_money_captured_twice_for_one_order_goes_back_once(self, run_waiting_jobs):
        payment = a_payment("tok_visa")
        second = payments.intend(payment.order, provider="sandbox", method="tok_visa", key="by mistake")
        payments.authorise(second.pk)
        run_waiting_jobs()
        second.refresh_from_db()
        order = reloaded(payment.order)
        assert (second.status, second.refunded_minor) == ("surplus", second.amount_minor)
        assert (order.status, order.refunded_minor) == ("paid", 0)
        assert sum(charge.amount_minor - charge.refunded_minor for charge in charges()) == order.total_minor


class TestLinesToProviders:
    def test_with_both_lines_taken_the_answer_is_unknown_and_a_job_sends_it(self, monkeypatch, run_waiting_jobs):
        monkeypatch.setattr(taking, "PATIENCE_OF_A_SHOPPER", 0.01)
        with taking.a_line(1), taking.a_line(1):
            payment = a_payment("tok_visa")
        assert (payment.status, payment.order.status) == ("intended", "payment_unknown")
        assert not charges()
        run_waiting_jobs()
        assert reloaded(payment.order).status == "paid"
        assert len(charges()) == 1

    def test_reconcile_sends_it_when_the_job_was_lost(self, monkeypatch):
        monkeypatch.setattr(taking, "PATIENCE_OF_A_SHOPPER", 0.01)
        with taking.a_line(1), taking.a_line(1):
            payment = a_payment("tok_visa")
        payments.reconcile_now()
        assert reloaded(payment.order).status == "paid"


class TestAbandoned:
    def test_an_attempt_whose_process_died_is_given_up_and_its_pieces_come_free(self, run_waiting_jobs):
        cart = a_basket()
        checkout.place_order(cart.pk, a_purchase(), key="died")
        payments.reconcile_now()
        assert Order.objects.get().status == "awaiting_payment", "the client may still repeat its call"
        with later(minutes=31):
            payments.reconcile()
            run_waiting_jobs()
            assert Order.objects.get().status == "cancelled"
            assert not Hold.objects.filter(holder__startswith="order:").exists()

    def test_an_order_left_after_a_decline_is_cancelled_without_a_letter(self, run_waiting_jobs):
        with pytest.raises(PaymentDeclined):
            checkout.buy(a_basket(), a_purchase("tok_declined"), key="k")
        with later(minutes=31):
            payments.reconcile()
            run_waiting_jobs()
        order = Order.objects.get()
        assert order.status == "cancelled"
        assert not letters_about(order)

    def test_a_payment_we_promised_to_check_ends_with_a_letter(self, monkeypatch, run_waiting_jobs):
        monkeypatch.setattr(SandboxGateway, "charge", lambda *_, **__: Outcome(Result.UNKNOWN))
        payment = a_payment("tok_visa")
        with later(minutes=31):
            payments.reconcile()
            run_waiting_jobs()
        order = reloaded(payment.order)
        assert order.status == "cancelled"
        assert [letter.kind for letter in letters_about(order)] == ["order-cancelled"]
        assert "No money was taken" in letters_about(order)[0].text


def test_one_payment_that_breaks_keeps_no_other_waiting(monkeypatch):
    broken = a_payment("tok_timeout")
    checkout.buy(a_basket(), a_purchase("tok_timeout"), key="second")
    sound = Payment.objects.exclude(pk=broken.pk).get()
    ask = SandboxGateway.outcome_of

    def choke(self, known: KnownCharge):
        if known.key == broken.key:
            raise RuntimeError("an answer nobody expected")
        return ask(self, known)

    monkeypatch.setattr(SandboxGateway, "outcome_of", choke)
    assert payments.reconcile_now().finished == 1
    assert reloaded(sound.order).status == "paid"
    assert reloaded(broken.order).status == "payment_unknown"


@pytest.mark.parametrize(("ordered", "now"), [(3, 1), (1, 3), (2, 0)])
def test_after_a_decline_the_basket_holds_what_lies_in_it_now(ordered, now):
    cart = a_basket(a_stocked_variant(10), quantity=ordered)
    checkout.buy(cart, a_purchase("tok_3ds"), key="k")
    carts.change_quantity(cart, line_id=cart.lines.get().pk, quantity=now)
    payments.decide(the_payment().reference, Decision.REFUSE)
    payments.ask_about_order(the_payment().order_id)
    assert reloaded(the_payment().order).status == "awaiting_payment"
    assert dict(Hold.objects.values_list("holder", "quantity")) == ({cart.holder: now} if now else {})


def test_a_page_that_asks_again_waits_for_no_line(monkeypatch):
    payment = a_payment("tok_timeout")
    monkeypatch.setattr(lines, "_lines", threading.BoundedSemaphore(1))
    lines._lines.acquire()
    assert payments.ask_about_order(payment.order_id) == "payment_unknown"
    lines._lines.release()
    assert payments.ask_about_order(payment.order_id) == "paid"

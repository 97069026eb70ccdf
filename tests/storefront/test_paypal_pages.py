"""PayPal on our pages: a form of ours, a way there and back, with no script and none of PayPal's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import Payment
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop
from tests.fakes.paypal_server import FakePayPal, fake_paypal
from tests.fakes.wired import paypal_gateway, use, use_paypal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart() -> Cart:
    a_selling_shop()
    cart = a_basket()
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    checkout.save_draft(cart, email="maya@home.example", address=address, shipping_method="standard")
    return cart


@pytest.fixture
def shopper(client: Client, cart: Cart) -> Client:
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def press_paypal(shopper: Client) -> Any:
    shown = re.search(r'action="/checkout/paypal".*?value="(\d+)"', shopper.get("/checkout/payment").text, re.S)
    assert shown
    return shopper.post("/checkout/paypal", {"expected_total_cents": shown[1]})


class TestTrial:
    """The sandbox in PayPal's place."""

    def test_agreed_there_it_is_paid_here(self, shopper: Client):
        there = press_paypal(shopper)["Location"]
        payment = Payment.objects.get()
        assert there.endswith(f"/sandbox/paypal/{payment.reference}")
        page = shopper.get(f"/sandbox/paypal/{payment.reference}").text
        assert "Trial page, not PayPal" in page
        back = shopper.post(f"/sandbox/paypal/{payment.reference}", {"decision": "approve"})["Location"]
        assert "Thank you" in shopper.get(back).text
        payment.refresh_from_db()
        assert (payment.label, Order.objects.get().status) == ("Sandbox PayPal", "paid")

    def test_turned_back_the_payment_step_says_so_and_the_order_is_paid_otherwise(self, shopper: Client, cart: Cart):
        press_paypal(shopper)
        order = Order.objects.get()
        page = shopper.get(f"/sandbox/paypal/{Payment.objects.get().reference}").text
        assert f"/checkout/unpaid/{order.token}" in page
        back = shopper.get(f"/checkout/unpaid/{order.token}", follow=True)
        assert back.request["PATH_INFO"] == "/checkout/payment"
        assert "Nothing was charged, and your basket is safe" in back.text
        assert Payment.objects.get().status == "voided"
        checkout.save_draft(cart, payment={"provider": "sandbox", "token": "tok_visa"})
        cart.draft.refresh_from_db()
        shopper.post("/checkout/review", {"attempt": cart.draft.attempt_key})
        assert (Order.objects.count(), Order.objects.get().status) == (1, "paid")

    def test_turned_back_on_another_phone_the_basket_comes_along(self, shopper: Client, cart: Cart):
        press_paypal(shopper)
        other = Client()
        answer = other.get(f"/checkout/unpaid/{Order.objects.get().token}")
        assert answer["Location"] == "/checkout/payment"
        assert other.session[CART_KEY] == cart.token

    def test_turning_back_from_what_was_paid_shows_the_order(self, shopper: Client):
        press_paypal(shopper)
        order, payment = Order.objects.get(), Payment.objects.get()
        shopper.post(f"/sandbox/paypal/{payment.reference}", {"decision": "approve"})
        answer = shopper.get(f"/checkout/unpaid/{order.token}")
        assert answer["Location"] == f"/checkout/complete/{order.token}"
        assert Order.objects.get().status == "paid"

    def test_while_paypal_waits_the_page_says_who_is_waiting(self, shopper: Client):
        press_paypal(shopper)
        page = shopper.get(f"/checkout/complete/{Order.objects.get().token}").text
        assert "Sandbox PayPal is waiting for your yes" in page

    def test_another_total_than_was_shown_is_not_paid(self, shopper: Client):
        answer = shopper.post("/checkout/paypal", {"expected_total_cents": "1"})
        assert answer["Location"] == "/checkout/review"
        assert not Order.objects.exists()

    def test_without_a_basket_or_an_address_it_leads_to_where_that_is_given(self, client: Client, db: None):
        assert client.post("/checkout/paypal")["Location"] == "/cart"
        session = client.session
        a_selling_shop()
        session[CART_KEY] = a_basket().token
        session.save()
        assert client.post("/checkout/paypal")["Location"] == "/checkout/shipping"

    def test_unknown_orders_and_questions_are_not_found(self, client: Client, db: None):
        assert client.get("/checkout/unpaid/nobody").status_code == 404
        assert client.get("/sandbox/paypal/nobody").status_code == 404


class TestReal:
    @pytest.fixture
    def paypal(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        with fake_paypal() as fake:
            use_paypal(monkeypatch, paypal_gateway(fake))
            yield fake

    def test_the_way_there_goes_over_a_page_of_ours_that_no_policy_stops(self, paypal: FakePayPal, shopper: Client):
        answer = press_paypal(shopper)
        order, payment = Order.objects.get(), Payment.objects.get()
        assert answer["Location"] == f"/checkout/bank/{order.token}"
        page = shopper.get(answer["Location"])
        assert f'content="0;url={paypal.url}/checkoutnow?token={payment.reference}"' in page.text
        told = paypal.ledger.orders[payment.reference]["purchase_units"][0]
        assert (told["custom_id"], told["invoice_id"]) == (payment.key, f"{order.number}-{payment.key[:8]}")

    def test_no_page_of_ours_carries_paypals_script(self, paypal: FakePayPal, shopper: Client):
        page = shopper.get("/checkout/payment")
        assert "paypal.com" not in page.text + page["Content-Security-Policy"]

    def test_back_with_a_yes_it_is_taken_and_paid(self, paypal: FakePayPal, shopper: Client):
        press_paypal(shopper)
        order, payment = Order.objects.get(), Payment.objects.get()
        paypal.ledger.approve(payment.reference)
        assert "Thank you" in shopper.get(f"/checkout/complete/{order.token}?token=EC-1&PayerID=X").text
        payment.refresh_from_db()
        assert (payment.label, paypal.ledger.taken(payment.key)) == ("PayPal", order.total_minor)

    def test_a_shop_with_paypal_alone_asks_for_no_card(
        self, paypal: FakePayPal, shopper: Client, monkeypatch: pytest.MonkeyPatch
    ):
        use(monkeypatch, "payments", {"paypal": paypal_gateway(paypal)})
        use(monkeypatch, "cards", {})
        page = shopper.get("/checkout/payment").text
        assert "with PayPal" in page
        assert "card_number" not in page

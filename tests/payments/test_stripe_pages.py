"""The payment step where Stripe is on: elements with script, Stripe's own page without, and no card comes to us."""

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
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop, a_stocked_variant
from tests.fakes.stripe_server import FakeStripe

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart(stripe: FakeStripe, settings: Any) -> Cart:
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_fake"
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


def pay(shopper: Client, token: str, **more: str) -> Any:
    """Choose, look, and press Pay; gives the last answer."""
    chosen = shopper.post("/checkout/payment", {"token": token, **more})
    assert chosen["Location"] == "/checkout/review", chosen.text
    return shopper.post("/checkout/review", {"attempt": Cart.objects.get().draft.attempt_key})


def the_order() -> Order:
    return Order.objects.latest("pk")


def test_the_step_carries_stripes_script_and_its_policy_and_no_other_page_does(shopper: Client):
    page = shopper.get("/checkout/payment")
    policy = page["Content-Security-Policy"]
    assert "https://js.stripe.com/" in page.text
    assert 'data-key="pk_test_fake"' in page.text
    assert "frame-src https://js.stripe.com" in policy
    assert "connect-src 'self' https://api.stripe.com" in policy
    assert "unsafe" not in policy
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert 'payment=(self "https://js.stripe.com")' in page["Permissions-Policy"]
    for path in ("/", "/cart", "/checkout/shipping"):
        other = shopper.get(path)
        assert "stripe.com" not in other.text + other["Content-Security-Policy"], path
        assert other["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_field_of_ours_takes_a_card_number(shopper: Client):
    page = shopper.get("/checkout/payment").text
    assert "card_number" not in page
    assert "cc-number" not in page


def test_a_token_of_the_elements_pays_the_order(shopper: Client, stripe: FakeStripe):
    answer = pay(shopper, "ctoken_card_visa", label="visa 4242")
    assert (the_order().status, Payment.objects.get().label) == ("paid", "Visa ending 4242")
    assert answer["Location"] == f"/checkout/complete/{the_order().token}"
    assert "Thank you" in shopper.get(answer["Location"]).text
    assert stripe.ledger.taken(Payment.objects.get().key) == the_order().total_minor


def test_the_last_look_names_the_card_that_the_shopper_chose(shopper: Client):
    shopper.post("/checkout/payment", {"token": "ctoken_card_visa", "label": "visa 4242<b>"})
    assert "visa 4242&lt;b&gt;" in shopper.get("/checkout/review").text


def test_a_wallet_goes_straight_to_the_confirmation(shopper: Client, cart: Cart):
    shown = re.search(r'data-amount="(\d+)"', shopper.get("/checkout/payment").text)
    assert shown
    told = {"token": "ctoken_card_visa", "how": "wallet", "expected_total_cents": shown[1]}
    answer = shopper.post("/checkout/payment", told)
    assert answer["Location"] == f"/checkout/complete/{the_order().token}"
    assert the_order().status == "paid"


def test_a_wallet_that_saw_another_total_pays_nothing(shopper: Client):
    told = {"token": "ctoken_card_visa", "how": "wallet", "expected_total_cents": "1"}
    assert shopper.post("/checkout/payment", told)["Location"] == "/checkout/review"
    assert not Order.objects.exists()


@pytest.mark.parametrize("token", ["", "4242424242424242", "tok_visa", "pm_", "<script>"])
def test_what_is_no_token_is_refused_on_the_spot(shopper: Client, token: str, cart: Cart):
    answer = shopper.post("/checkout/payment", {"token": token})
    assert answer.status_code == 422
    assert "nothing was charged" in answer.text
    cart.draft.refresh_from_db()
    assert cart.draft.payment == {}


def test_a_declined_card_says_why_and_another_one_pays(shopper: Client):
    answer = pay(shopper, "pm_card_chargeDeclinedInsufficientFunds")
    assert answer["Location"] == "/checkout/payment"
    assert "has not enough on it" in shopper.get("/checkout/payment").text
    pay(shopper, "pm_card_visa")
    assert (Order.objects.count(), the_order().status) == (1, "paid")


def test_the_way_to_the_bank_and_back(shopper: Client, stripe: FakeStripe):
    answer = pay(shopper, "ctoken_card_authenticationRequired")
    order, payment = the_order(), Payment.objects.get()
    assert answer["Location"] == f"/checkout/bank/{order.token}"
    page = shopper.get(answer["Location"]).text
    assert f'content="0;url={stripe.url}/bank/{payment.reference}"' in page
    assert f"/checkout/bank/{order.token}" in shopper.get(f"/checkout/complete/{order.token}").text
    stripe.ledger.approve(payment.reference)
    assert "Thank you" in shopper.get(f"/checkout/complete/{order.token}").text
    assert shopper.get(f"/checkout/bank/{order.token}")["Location"] == f"/checkout/complete/{order.token}"


def test_without_script_stripes_own_page_takes_the_card(shopper: Client, stripe: FakeStripe):
    answer = pay(shopper, "hosted")
    order, payment = the_order(), Payment.objects.get()
    assert payment.reference.startswith("cs_")
    assert f"{stripe.url}/pay/{payment.reference}" in shopper.get(answer["Location"]).text
    intent = stripe.ledger.pay_page(payment.reference)
    assert "Thank you" in shopper.get(f"/checkout/complete/{order.token}").text
    payment.refresh_from_db()
    assert (payment.reference, payment.status) == (intent, "captured")


def test_a_hosted_page_that_was_left_can_be_paid_anew(shopper: Client, stripe: FakeStripe):
    pay(shopper, "hosted")
    first = Payment.objects.get()
    answer = pay(shopper, "pm_card_visa")
    assert "complete" in answer["Location"]
    assert stripe.ledger.pages[first.reference]["status"] == "expired", "nobody can pay it twice"
    assert (Order.objects.count(), the_order().status) == (1, "paid")


def test_a_failed_payment_is_tried_again_from_the_orders_page(shopper: Client, stripe: FakeStripe, cart: Cart):
    pay(shopper, "pm_card_authenticationRequired")
    order = the_order()
    stripe.ledger.refuse(Payment.objects.get().reference)
    assert "Not paid yet" in shopper.get(f"/checkout/complete/{order.token}").text
    other_phone = Client()
    assert f"/orders/{order.token}/payment" in other_phone.get(f"/orders/{order.token}").text
    assert other_phone.post(f"/orders/{order.token}/payment")["Location"] == "/checkout/payment"
    pay(other_phone, "pm_card_visa")
    assert (Order.objects.count(), the_order().status) == (1, "paid")
    assert shopper.post(f"/orders/{order.token}/payment")["Location"] == f"/orders/{order.token}"


def test_paying_anew_never_takes_another_basket_away(client: Client, stripe: FakeStripe, shopper: Client, cart: Cart):
    pay(shopper, "pm_card_chargeDeclined")
    order, other = the_order(), a_basket(a_stocked_variant())
    session = client.session
    session[CART_KEY] = other.token
    session.save()
    assert client.post(f"/orders/{order.token}/payment")["Location"] == "/cart"
    assert client.session[CART_KEY] == other.token


def test_unknown_orders_are_not_found(client: Client, stripe: FakeStripe):
    assert client.get("/checkout/bank/nobody").status_code == 404
    assert client.post("/orders/nobody/payment").status_code == 404

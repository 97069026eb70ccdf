"""The pay button, pressed twice, late, or on a page that is out of date."""

from __future__ import annotations

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart() -> Cart:
    a_selling_shop()
    cart = a_basket()
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    checkout.save_draft(
        cart, email="maya@home.example", address=address, shipping_method="standard",
        payment={"provider": "sandbox", "token": "tok_visa"},
    )  # fmt: skip
    return cart


@pytest.fixture
def shopper(client: Client, cart: Cart) -> Client:
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def test_a_second_click_after_all_is_tidied_up_leads_to_the_order(shopper: Client, cart: Cart):
    attempt = {"attempt": cart.draft.attempt_key}
    first = shopper.post("/checkout/review", attempt)
    checkout.forget_draft(cart.pk)
    second = shopper.post("/checkout/review", attempt)
    assert first["Location"] == second["Location"] == f"/checkout/complete/{Order.objects.get().token}"


def test_a_page_older_than_the_details_buys_nothing(shopper: Client, cart: Cart):
    attempt = {"attempt": cart.draft.attempt_key}
    checkout.save_draft(cart, address={**ADDRESS, "line1": "7 Other Street"})
    answer = shopper.post("/checkout/review", attempt)
    assert answer.status_code == 409
    assert "another tab" in answer.text
    assert not Order.objects.exists()


def test_a_tampered_total_is_refused(shopper: Client, cart: Cart):
    answer = shopper.post("/checkout/review", {"attempt": cart.draft.attempt_key, "expected_total_cents": "-1"})
    assert answer.status_code == 422
    assert not Order.objects.exists()

"""The box for the newsletter at checkout: never ticked for anybody, asked about by mail once somebody buys."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries
from kidspetite.foundation.notifications.models import Consent, Message
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.payments.errors import PaymentDeclined
from tests.factories.checkout import ADDRESS, a_basket, a_purchase, a_selling_shop

pytestmark = pytest.mark.django_db

MAYA = "maya@home.example"
TYPED = {"email": MAYA, **{name: text for name, text in ADDRESS.items() if name != "country"}}
CARD = {"card_number": "4242424242424242", "card_expiry": "08/30", "card_code": "123"}


@pytest.fixture
def cart() -> Cart:
    a_selling_shop()
    return a_basket()


@pytest.fixture
def shopper(client: Client, cart: Cart) -> Client:
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def box(shopper: Client) -> str:
    found = re.search(r"<input[^>]*name=\"wants_news\"[^>]*>", shopper.get("/checkout/shipping").text)
    return found.group() if found else ""


def test_it_is_there_and_not_ticked(shopper: Client):
    assert box(shopper)
    assert "checked" not in box(shopper)


def test_ticked_it_stays_ticked_and_the_mailbox_is_asked_once_the_order_stands(shopper: Client):
    shopper.post("/checkout/shipping", TYPED | {"wants_news": "on"})
    assert "checked" in box(shopper)
    assert not Message.objects.exists(), "a step forward is no purchase: the address may still be corrected"
    shopper.post("/checkout/payment", CARD)
    attempt = re.search(r'name="attempt" value="([^"]+)"', shopper.get("/checkout/review").text)[1]
    shopper.post("/checkout/review", {"attempt": attempt})
    assert Consent.objects.get().status == Consent.Status.ASKED
    assert Consent.objects.get().source == "checkout"
    assert Message.objects.filter(kind="newsletter-confirmation", to=MAYA).count() == 1
    assert not queries.is_welcome(Wish(MAYA, Topic.NEWSLETTER))


def test_not_ticked_nobody_is_asked(cart: Cart):
    checkout.buy(cart, a_purchase(), key="unticked")
    assert not Consent.objects.exists()


def test_two_attempts_to_pay_ask_once(cart: Cart):
    with pytest.raises(PaymentDeclined):
        checkout.buy(cart, a_purchase("tok_declined", wants_news=True), key="first")
    checkout.buy(cart, a_purchase(wants_news=True), key="second")
    assert Message.objects.filter(kind="newsletter-confirmation").count() == 1


def test_whoever_gets_our_letters_is_not_asked_again(shopper: Client):
    user = User.objects.create_user(MAYA, name="Maya Alvarez")
    notifications.set_consent(Wish(MAYA, Topic.NEWSLETTER), wanted=True, source="settings")
    cart = shopper.session[CART_KEY]
    shopper.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = shopper.session
    session[CART_KEY] = cart
    session.save()
    assert shopper.get("/checkout/shipping").status_code == 200
    assert box(shopper) == ""

"""A gift: words with it and no prices in the parcel, from the first step to the slip that is printed."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.notifications.models import Message
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop

pytestmark = pytest.mark.django_db

WORDS = "For Ada, who is new here.\nWith love"
GIFT = {"gift_message": WORDS, "gift_receipt": "on"}
TYPED = {"email": "maya@home.example", **{name: text for name, text in ADDRESS.items() if name != "country"}}


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


@pytest.fixture
def owner(admin_user: User) -> Client:
    admin_user.groups.add(Group.objects.get(name=Role.OWNER.value))
    signed_in = Client()
    signed_in.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


def buy(shopper: Client, **besides: str) -> Order:
    assert shopper.post("/checkout/shipping", TYPED | besides)["Location"] == "/checkout/payment"
    card = {"card_number": "4242424242424242", "card_expiry": "08/30", "card_code": "123"}
    assert shopper.post("/checkout/payment", card)["Location"] == "/checkout/review"
    review = shopper.get("/checkout/review").text
    for words in besides.values():
        assert words.split("\n")[0] in review or words == "on"
    attempt = re.search(r'name="attempt" value="([^"]+)"', review)[1]
    assert shopper.post("/checkout/review", {"attempt": attempt})["Location"].startswith("/checkout/complete/")
    return Order.objects.get()


def test_words_and_receipt_go_the_whole_way(shopper: Client, owner, run_waiting_jobs):
    order = buy(shopper, **GIFT)
    assert (order.gift_message, order.gift_receipt) == (WORDS, True)
    run_waiting_jobs()
    pages = (
        shopper.get(f"/checkout/complete/{order.token}").text,
        shopper.get(f"/orders/{order.token}").text,
        owner.get(f"/admin/orders/{order.number}").text,
        owner.get(f"/admin/orders/{order.number}/slip").text,
        Message.objects.get(kind="order-confirmation").text,
    )
    assert all("For Ada, who is new here." in page for page in pages)


def test_the_review_says_that_the_parcel_has_no_prices(shopper: Client):
    shopper.post("/checkout/shipping", TYPED | GIFT)
    shopper.post("/checkout/payment", {"card_number": "4242424242424242", "card_expiry": "08/30", "card_code": "123"})
    assert "The paper in the parcel shows no prices." in shopper.get("/checkout/review").text


def test_the_receipt_that_is_taken_back_is_none(shopper: Client):
    shopper.post("/checkout/shipping", TYPED | GIFT)
    page = shopper.get("/checkout/shipping").text
    assert re.search(r'name="gift_receipt"[^>]* checked', page)
    assert not buy(shopper, gift_message=WORDS).gift_receipt


def test_the_order_page_of_a_gift_is_printed_without_prices(shopper: Client):
    assert "order-sheet-gift" in shopper.get(f"/orders/{buy(shopper, **GIFT).token}").text


def test_a_message_too_long_keeps_every_word_and_says_how_much_room_there_is(shopper: Client):
    answer = shopper.post("/checkout/shipping", TYPED | {"gift_message": "x" * 301})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'href="#id_gift_message"' in answer.text
    assert "x" * 300 in answer.text


def test_the_message_is_typed_under_a_counter(shopper: Client):
    page = shopper.get("/checkout/shipping").text
    assert re.search(r'name="gift_message"[^>]*maxlength="300"[^>]*data-count=', page)

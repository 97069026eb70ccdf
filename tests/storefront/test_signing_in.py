"""Signing in with two baskets: pieces and words both come along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries
from kidspetite.journeys.checkout.models import Draft
from kidspetite.sales.cart.models import Cart
from tests.factories.cart import a_cart
from tests.factories.checkout import ADDRESS, a_selling_shop
from tests.factories.inventory import stock_of

pytestmark = pytest.mark.django_db

OLD = {"line1": "1 Old Lane", "state": "NY"}


@pytest.fixture
def maya() -> User:
    a_selling_shop()
    return User.objects.create_user("maya@home.example", "seven-odd-buttons")


def sign_in(guest: Cart) -> Client:
    client = Client()
    session = client.session
    session[CART_KEY] = guest.token
    session.save()
    answer = client.post("/sign-in", {"login": "maya@home.example", "password": "seven-odd-buttons"})
    assert answer.status_code == 302
    return client


def test_what_the_guest_typed_comes_along(maya: User):
    own, guest = a_cart(stock_of(3), customer=maya), a_cart(stock_of(3))
    checkout.save_draft(guest, email="maya@home.example", address=ADDRESS, gift_message="For Leo")
    client = sign_in(guest)
    draft = queries.draft_of(own)
    assert (draft.email, draft.gift_message) == ("maya@home.example", "For Leo")
    assert draft.address["line1"] == "12 Fern Street"
    assert "12 Fern Street" in client.get("/checkout/shipping").content.decode()
    assert not Draft.objects.filter(cart=guest).exists()


def test_the_newer_words_win_and_the_older_fill_what_they_leave_open(maya: User):
    own, guest = a_cart(stock_of(3), customer=maya), a_cart(stock_of(3))
    old = checkout.save_draft(
        own, email="old@home.example", address=OLD, gift_message="For Mia", payment={"token": "tok_visa"}
    )
    Draft.objects.filter(pk=old.pk).update(updated_at=old.updated_at - timedelta(days=1))
    checkout.save_draft(guest, email="maya@home.example", address=ADDRESS)
    sign_in(guest)
    draft = queries.draft_of(own)
    assert (draft.email, draft.gift_message) == ("maya@home.example", "For Mia")
    assert draft.address["line1"] == "12 Fern Street"
    assert draft.payment == {}  # chosen for another purchase
    assert draft.attempt_key != old.attempt_key


def test_a_guest_who_typed_earlier_loses_to_what_the_customer_typed_since(maya: User):
    own, guest = a_cart(stock_of(3), customer=maya), a_cart(stock_of(3))
    typed = checkout.save_draft(guest, email="guest@home.example", gift_message="For Leo")
    Draft.objects.filter(pk=typed.pk).update(updated_at=typed.updated_at - timedelta(days=1))
    checkout.save_draft(own, email="maya@home.example")
    sign_in(guest)
    draft = queries.draft_of(own)
    assert (draft.email, draft.gift_message) == ("maya@home.example", "For Leo")


def test_a_basket_without_words_leaves_the_draft_as_it_is(maya: User):
    own, guest = a_cart(stock_of(3), customer=maya), a_cart(stock_of(3))
    key = checkout.save_draft(own, email="maya@home.example").attempt_key
    sign_in(guest)
    assert queries.draft_of(own).attempt_key == key


def test_who_has_just_signed_in_is_not_asked_once_more_and_who_did_so_long_ago_is(maya: User):
    client = Client()
    client.post("/sign-in", {"login": "maya@home.example", "password": "seven-odd-buttons"})
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    asked = client.get("/account/2fa/totp/activate/")
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/account/reauthenticate")

"""The pages of saved cards: the account's list, and the choice at checkout."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import Payment, SavedCard
from tests.factories.cards import ANOTHER_CARD, a_saved_card, a_shopper, an_expired_card
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop

pytestmark = pytest.mark.django_db

TYPED = {"card_number": "4242 4242 4242 4242", "card_expiry": "08/30", "card_code": "123"}


@pytest.fixture
def maya(client: Client) -> User:
    user = a_shopper()
    client.force_login(user)
    return user


@pytest.fixture
def cart(client: Client) -> Cart:
    a_selling_shop()
    cart = a_basket()
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    checkout.save_draft(cart, email="maya@home.example", address=address, shipping_method="standard")
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return cart


def pay(client: Client) -> Any:
    return client.post("/checkout/review", {"attempt": Cart.objects.get().draft.attempt_key})


class TestAccount:
    def test_strangers_are_asked_to_sign_in(self, client: Client):
        for path in ("", "/new", "/wishes/x", "/wishes/x/bank"):
            assert "/sign-in" in client.get(f"/account/payments{path}")["Location"]
        for path in ("/x/default", "/x/removal"):
            assert "/sign-in" in client.post(f"/account/payments{path}")["Location"]

    def test_an_empty_list_helps(self, client: Client, maya: User):
        page = client.get("/account/payments").text
        assert "No card yet." in page
        assert "/account/payments/new" in page

    def test_a_card_is_added_with_test_numbers(self, client: Client, maya: User):
        assert client.post("/account/payments/new", TYPED)["Location"] == "/account/payments"
        page = client.get("/account/payments").text
        assert "Visa ending 4242" in page
        assert "Good until 08/2030" in page

    def test_what_is_wrong_with_a_card_is_said_beside_its_fields(self, client: Client, maya: User):
        page = client.post("/account/payments/new", TYPED | {"card_expiry": "01/20", "card_code": ""})
        assert page.status_code == 422
        assert "That date has passed" in page.text
        assert not SavedCard.objects.exists()

    def test_a_refused_card_keeps_the_page(self, client: Client, maya: User):
        page = client.post("/account/payments/new", TYPED | {"card_number": "4000000000009995"})
        assert page.status_code == 402
        assert "has not enough on it" in page.text

    def test_the_banks_question_and_the_way_back(self, client: Client, maya: User):
        asked = client.post("/account/payments/new", TYPED | {"card_number": "4000002760003184"})["Location"]
        bank = asked.replace("http://testserver", "")
        assert "keep this card" in client.get(bank).text
        back = client.post(bank, {"decision": "approve"})["Location"]
        assert client.get(back)["Location"] == "/account/payments"
        assert "ending 3184" in client.get("/account/payments").text

    def test_first_and_removed(self, client: Client, maya: User):
        first, second = a_saved_card(maya), a_saved_card(maya, ANOTHER_CARD)
        client.post(f"/account/payments/{second.name}/default")
        second.refresh_from_db()
        assert second.is_default
        client.post(f"/account/payments/{first.name}/removal")
        assert list(SavedCard.objects.all()) == [second]

    @pytest.mark.parametrize("act", ["default", "removal"])
    def test_another_customers_card_is_not_there(self, client: Client, maya: User, act: str):
        theirs = a_saved_card(a_shopper())
        assert client.post(f"/account/payments/{theirs.name}/{act}").status_code == 404
        assert SavedCard.objects.filter(pk=theirs.pk, is_default=True).exists()
        assert theirs.last4 not in client.get("/account/payments").text

    def test_an_expired_card_is_shown_as_such(self, client: Client, maya: User):
        an_expired_card(maya)
        page = client.get("/account/payments").text
        assert "Expired in" in page
        assert "Use first" not in page

    def test_the_list_asks_as_much_for_one_card_as_for_many(
        self, client: Client, maya: User, django_assert_max_num_queries: Any
    ):
        for method in ("tok_visa", ANOTHER_CARD, "tok_late_webhook"):
            a_saved_card(maya, method)
        client.get("/account/payments")
        with django_assert_max_num_queries(8):
            client.get("/account/payments")


class TestCheckout:
    def test_the_default_is_ticked_and_pays(self, client: Client, maya: User, cart: Cart):
        a_saved_card(maya, ANOTHER_CARD)
        card = a_saved_card(maya)
        client.post(f"/account/payments/{card.name}/default")
        page = client.get("/checkout/payment").text
        assert f'value="{card.name}" id="id_card" checked' in page
        assert client.post("/checkout/payment", {"card": card.name})["Location"] == "/checkout/review"
        assert "Visa ending 4242" in client.get("/checkout/review").text
        assert "complete" in pay(client)["Location"]
        assert Payment.objects.get().method == card.reference

    def test_an_expired_card_is_neither_ticked_nor_taken(self, client: Client, maya: User, cart: Cart):
        card = an_expired_card(maya)
        page = client.get("/checkout/payment").text
        assert "disabled" in page.split(card.name)[1][:80]
        assert 'value="another" checked' in page
        answer = client.post("/checkout/payment", {"card": card.name})
        assert answer.status_code == 422
        assert "has expired" in answer.text

    def test_somebody_elses_card_is_not_taken(self, client: Client, maya: User, cart: Cart):
        theirs = a_saved_card(a_shopper())
        assert client.post("/checkout/payment", {"card": theirs.name}).status_code == 422
        assert theirs.name not in client.get("/checkout/payment").text

    def test_guests_see_no_tick_and_no_cards(self, client: Client, cart: Cart):
        page = client.get("/checkout/payment").text
        assert "keep_card" not in page
        assert 'type="radio" name="card"' not in page
        client.post("/checkout/payment", TYPED | {"keep_card": "on"})
        assert "complete" in pay(client)["Location"]
        assert not SavedCard.objects.exists()

    def test_the_tick_is_empty_at_first_and_keeps_the_card_once_it_paid(self, client: Client, maya: User, cart: Cart):
        page = client.get("/checkout/payment").text
        assert "checked" not in page.split('name="keep_card"')[1].split(">")[0]
        client.post("/checkout/payment", TYPED | {"keep_card": "on"})
        assert not SavedCard.objects.exists()
        pay(client)
        assert SavedCard.objects.get().customer == maya

    def test_after_a_decline_the_step_stands_with_every_other_way(self, client: Client, maya: User, cart: Cart):
        a_saved_card(maya)
        client.post("/checkout/payment", TYPED | {"card": "another", "card_number": "4000000000000002"})
        assert pay(client)["Location"] == "/checkout/payment"
        page = client.get("/checkout/payment").text
        for words in ("nothing was charged", "Visa ending 4242", "trial wallet", "Card number"):
            assert words in page, words

    def test_the_trial_wallet_pays_from_the_step(self, client: Client, cart: Cart):
        page = client.get("/checkout/payment").text
        total = page.split('name="expected_total_cents" value="')[1].split('"')[0]
        told = {"how": "wallet", "token": "tok_wallet", "label": "Trial wallet", "expected_total_cents": total}
        assert client.post("/checkout/payment", told)["Location"] == f"/checkout/complete/{Order.objects.get().token}"
        assert Payment.objects.get().label.startswith("Trial wallet")

    def test_how_many_questions_the_step_asks(
        self, client: Client, maya: User, cart: Cart, django_assert_max_num_queries: Any
    ):
        for method in ("tok_visa", ANOTHER_CARD, "tok_late_webhook"):
            a_saved_card(maya, method)
        client.get("/checkout/payment")
        with django_assert_max_num_queries(26):
            client.get("/checkout/payment")

"""GET, POST and DELETE /api/user/payment-methods, and the quote that wallets ask for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kidspetite.foundation.accounts.models import User
from kidspetite.sales.payments.models import SavedCard
from tests.factories.cards import ANOTHER_CARD, a_saved_card, a_shopper
from tests.factories.checkout import a_basket, a_selling_shop, a_stocked_variant, told

pytestmark = pytest.mark.django_db

PATH = "/api/user/payment-methods"


@pytest.fixture
def maya(client: Client) -> User:
    user = a_shopper()
    client.force_login(user)
    return user


def save(client: Client, **given: Any) -> Any:
    body = {"provider": "sandbox", "token": "tok_visa:0830"} | given
    return client.post(PATH, body, content_type="application/json", headers={"Sec-Fetch-Site": "same-origin"})


def delete(client: Client, name: str) -> Any:
    return client.delete(f"{PATH}?id={name}", headers={"Sec-Fetch-Site": "same-origin"})


def test_nobody_is_told_anything_without_a_session(client: Client):
    bearer = {"Authorization": f"Bearer {a_basket().token}"}
    for answer in (client.get(PATH), client.get(PATH, headers=bearer), save(client), delete(client, "x")):
        assert (answer.status_code, answer.json()["code"]) == (401, "api.not_signed_in")


def test_saved_listed_and_deleted(client: Client, maya: User):
    made = save(client)
    assert made.status_code == 201
    card = made.json()["card"]
    assert card == {
        "id": card["id"], "provider": "sandbox", "token": f"saved_{card['id']}", "brand": "visa", "last4": "4242",
        "exp_month": 8, "exp_year": 2030, "label": "Visa ending 4242", "expired": False, "default": True,
    }  # fmt: skip
    assert client.get(PATH).json() == {"items": [card]}
    assert delete(client, card["id"]).status_code == 204
    assert client.get(PATH).json() == {"items": []}
    assert delete(client, card["id"]).status_code == 404


def test_the_same_card_again_is_the_same_card(client: Client, maya: User):
    assert save(client).json()["card"]["id"] == save(client).json()["card"]["id"]


def test_a_new_one_may_stand_first(client: Client, maya: User):
    save(client)
    second = save(client, token=ANOTHER_CARD, default=True).json()["card"]
    assert second["default"]
    assert [card["default"] for card in client.get(PATH).json()["items"]] == [True, False]


def test_a_bank_that_asks_and_a_bank_that_refuses(client: Client, maya: User):
    asked = save(client, token="tok_3ds")
    assert asked.status_code == 202
    assert "/sandbox/3ds/" in asked.json()["next_action"]["url"]
    refused = save(client, token="tok_expired")
    assert (refused.status_code, refused.json()["code"]) == (402, "payments.card_refused")
    assert refused.json()["facts"]["reason"] == "expired_card"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"token": "4242424242424242"}, "token"), ({"provider": "nobody"}, "provider"), ({"number": "4242"}, "number")],
)
def test_what_is_no_token_is_named(client: Client, maya: User, given: dict[str, str], field: str):
    answer = save(client, **given)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_other_peoples_cards_are_not_there(client: Client, maya: User):
    theirs = a_saved_card(a_shopper())
    assert client.get(PATH).json() == {"items": []}
    assert delete(client, theirs.name).status_code == 404
    assert SavedCard.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("mine", [True, False])
def test_a_saved_card_pays_a_checkout_of_its_owner_only(client: Client, maya: User, mine: bool):
    a_selling_shop()
    variant = a_stocked_variant()
    card = a_saved_card(maya if mine else a_shopper())
    same = {"Sec-Fetch-Site": "same-origin"}
    client.post("/api/cart/items", {"sku": variant.sku}, content_type="application/json", headers=same)
    body = told(payment={"provider": "sandbox", "token": f"saved_{card.name}"})
    headers = same | {"Idempotency-Key": "a-key-of-sixteen-characters"}
    answer = client.post("/api/checkout", body, content_type="application/json", headers=headers)
    assert answer.status_code == (201 if mine else 422), answer.json()


class TestQuote:
    def test_of_one_piece_it_adds_up(self, client: Client):
        a_selling_shop()
        variant = a_stocked_variant()
        answer = client.get("/api/checkout/quote", {"sku": variant.sku, "state": "NY", "postal_code": "11201"}).json()
        assert answer["total_cents"] == sum(line["amount_cents"] for line in answer["lines"]) + answer["shipping_cents"]
        assert [rate["method"] for rate in answer["rates"]] == ["standard", "express"]
        assert answer["shipping_method"] == "standard"

    def test_a_wallets_long_name_of_a_state_is_understood(self, client: Client):
        a_selling_shop()
        told = {"sku": a_stocked_variant().sku, "state": "New York", "postal_code": "11201"}
        dearer = client.get("/api/checkout/quote", told | {"shipping_method": "express"}).json()
        assert dearer["total_cents"] > client.get("/api/checkout/quote", told).json()["total_cents"]

    def test_of_nowhere_it_has_no_total(self, client: Client):
        a_selling_shop()
        assert client.get("/api/checkout/quote", {"sku": a_stocked_variant().sku}).json()["total_cents"] is None

    def test_of_nothing_it_is_not_found(self, client: Client):
        assert client.get("/api/checkout/quote", {"sku": "no-such"}).status_code == 404
        assert client.get("/api/checkout/quote").status_code == 404

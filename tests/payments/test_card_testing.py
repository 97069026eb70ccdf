"""Whoever tries out cards is slowed down, by page and API alike; whoever mistypes waits a minute at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.kernel import clock
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.models import Payment
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop, a_stocked_variant, told
from tests.fakes.stripe_server import FakeStripe

pytestmark = pytest.mark.slow

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", rules.DECLINES_ALLOWED)
def test_a_wait_begins_after_what_is_allowed_and_doubles_to_its_longest(kind: str):
    allowed = rules.DECLINES_ALLOWED[kind]
    assert rules.waits_until(kind, [NOON] * (allowed - 1)) is None
    waits = [rules.waits_until(kind, [NOON] * (allowed + more)) for more in range(8)]
    minutes = [(until - NOON).total_seconds() / 60 for until in waits if until]
    assert minutes == [1, 2, 4, 8, 16, 30, 30, 30]


class Caller:
    """Somebody who tries cards through the API, with as many baskets as it takes."""

    def __init__(self, address: str = "203.0.113.9") -> None:
        self.http, self.address, self.tries = Client(REMOTE_ADDR=address), address, 0
        self.shirt = a_stocked_variant(200)

    def opens(self) -> str:
        token = self.http.post("/api/cart", headers={}).json()["token"]
        item = {"sku": self.shirt.sku, "quantity": 1}
        self.http.post("/api/cart/items", item, content_type="application/json", headers=self._bearer(token))
        return str(token)

    def pays(self, token: str, card: str = "pm_card_chargeDeclined") -> Any:
        self.tries += 1
        body = told() | {"payment": {"provider": "stripe", "token": card}}
        headers = self._bearer(token) | {"Idempotency-Key": f"{self.address} {self.tries}"}
        return self.http.post("/api/checkout", body, content_type="application/json", headers=headers)

    def _bearer(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def guarded(stripe: FakeStripe, settings: Any, db: None) -> FakeStripe:
    from kidspetite.config.env import Rate

    settings.RATE_LIMITS_ON = True
    settings.RATES = {name: Rate(10_000, 60) for name in settings.RATES}
    a_selling_shop()
    return stripe


def declines() -> int:
    return Payment.objects.filter(status="declined").count()


def test_one_session_is_asked_to_wait_and_may_go_on_after_it(guarded: FakeStripe):
    caller = Caller()
    basket = caller.opens()
    cards = [f"pm_card_chargeDeclined{kind}" for kind in ("", "InsufficientFunds", "ExpiredCard", "IncorrectCvc", "")]
    assert [caller.pays(basket, card).status_code for card in cards] == [402] * 5
    refused = caller.pays(basket, "pm_card_visa")
    assert (refused.status_code, refused.json()["code"]) == (429, "payments.too_many_declines")
    assert 0 < int(refused["Retry-After"]) <= 61
    assert declines() == 5, "nothing was sent to the bank"
    with time_machine.travel(clock.now() + timedelta(seconds=62), tick=True):
        assert caller.pays(basket, "pm_card_visa").status_code == 201


def test_one_card_in_many_sessions_waits_by_its_fingerprint(guarded: FakeStripe):
    callers = [Caller(f"203.0.113.{number}") for number in range(4)]
    baskets = [caller.opens() for caller in callers]
    for caller, basket in zip(callers, baskets, strict=True):
        assert caller.pays(basket).status_code == 402
    assert callers[0].pays(baskets[0]).status_code == 429


def test_one_address_with_a_new_basket_each_time_waits(guarded: FakeStripe, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "DECLINES_ALLOWED", {**rules.DECLINES_ALLOWED, "client": 6, "card": 99})
    caller = Caller()
    answers = [caller.pays(caller.opens()).status_code for _ in range(8)]
    assert answers == [402] * 6 + [429] * 2
    assert Caller("198.51.100.7").pays(caller.opens(), "pm_card_visa").status_code == 201, "others are not kept waiting"


def test_page_and_api_share_the_count(guarded: FakeStripe, client: Client):
    cart = a_basket(a_stocked_variant(20))
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    checkout.save_draft(cart, email="maya@home.example", address=address, shipping_method="standard")
    for kind in ("", "InsufficientFunds", "ExpiredCard", "IncorrectCvc", "ProcessingError"):
        client.post("/checkout/payment", {"token": f"pm_card_chargeDeclined{kind}"})
        cart.draft.refresh_from_db()
        assert client.post("/checkout/review", {"attempt": cart.draft.attempt_key})["Location"] == "/checkout/payment"
    client.post("/checkout/payment", {"token": "pm_card_visa"})
    cart.draft.refresh_from_db()
    page = client.post("/checkout/review", {"attempt": cart.draft.attempt_key})
    assert page.status_code == 429
    assert "your basket is safe" in page.text
    body = told() | {"payment": {"provider": "stripe", "token": "pm_card_visa"}}
    through_the_api = client.post(
        "/api/checkout", body, content_type="application/json", headers={"Idempotency-Key": "round the back"}
    )
    assert through_the_api.status_code == 429
    assert not Order.objects.filter(status="paid").exists()


def test_a_repeated_call_gets_its_answer_and_not_the_wait(guarded: FakeStripe):
    caller = Caller()
    basket = caller.opens()
    for _ in range(4):
        caller.pays(basket)
    assert caller.pays(basket).status_code == 429
    caller.tries -= 2
    assert caller.pays(basket).status_code == 402


def test_an_honest_shopper_with_three_wrong_cards_never_waits(guarded: FakeStripe):
    caller = Caller()
    basket = caller.opens()
    for kind in ("", "IncorrectCvc", "InsufficientFunds"):
        assert caller.pays(basket, f"pm_card_chargeDeclined{kind}").status_code == 402
    assert caller.pays(basket, "pm_card_visa").status_code == 201

"""One list of promises for whoever keeps cards: the sandbox in the house, and Stripe over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable
from kidspetite.sales.payments.models import SandboxCard
from kidspetite.sales.payments.ports import CardVault, PaymentGateway
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.providers.sandbox_vault import SandboxVault
from kidspetite.sales.payments.types import CARD_GONE, CardWish, Charge, Decision, Keeping, Result
from tests.fakes.stripe_server import FakeStripe, fake_stripe
from tests.fakes.wired import stripe_gateway, stripe_vault

pytestmark = pytest.mark.django_db


@dataclass
class Bench:
    """A vault and the gateway beside it, its words for cards, and a look at what the bank really keeps."""

    vault: CardVault
    gateway: PaymentGateway
    good: str
    declined: str
    asks: str
    answer: Callable[[str, bool], Any]
    kept_by: Callable[[str], int]

    def payer(self) -> str:
        return self.vault.open_payer(7, email="maya@home.example", key=f"payer:{secrets.token_hex(8)}")

    def wish(self, payer: str, method: str = "") -> CardWish:
        return CardWish(f"card:{secrets.token_hex(8)}", payer, method or self.good, "http://testserver/back")

    def charge(self, method: str, payer: str = "", **changes: Any) -> Charge:
        wanted = Charge(secrets.token_hex(8), Money(4210), method, "KP-00000001", "http://testserver/back", payer=payer)
        return replace(wanted, **changes)


@pytest.fixture(params=["sandbox", "stripe"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "sandbox":
        yield sandbox()
        return
    with fake_stripe() as fake:
        yield over_http(fake)
        assert not fake.judge.beyond


def over_http(fake: FakeStripe) -> Bench:
    vault = fake.ledger.vault

    def answer(reference: str, says_yes: bool) -> None:
        (vault.approve if says_yes else vault.refuse)(reference)

    return Bench(
        stripe_vault(fake), stripe_gateway(fake), "ctoken_card_visa", "ctoken_card_chargeDeclined",
        "ctoken_card_authenticationRequired", answer, lambda payer: len(vault.cards_of(payer)),
    )  # fmt: skip


def sandbox() -> Bench:
    vault = SandboxVault()

    def answer(reference: str, says_yes: bool) -> None:
        vault.decide(reference, Decision.APPROVE if says_yes else Decision.REFUSE)

    return Bench(
        vault, SandboxGateway(), "tok_visa:0830", "tok_declined", "tok_3ds", answer,
        lambda payer: SandboxCard.objects.filter(payer=payer, status="kept").count(),
    )  # fmt: skip


def test_a_customer_is_opened_once_however_often_it_is_asked(bench: Bench):
    told = {"email": "a@b.example", "key": "payer:7:1"}
    assert bench.vault.open_payer(7, **told) == bench.vault.open_payer(7, **told)
    assert bench.payer() != bench.payer()


def test_a_good_card_is_kept_once_a_key_and_told_without_its_number(bench: Bench):
    wish = bench.wish(bench.payer())
    first, second = bench.vault.keep(wish), bench.vault.keep(wish)
    assert first == second
    assert first.result is Keeping.KEPT
    assert first.card is not None
    assert (first.card.brand, first.card.last4, first.card.exp_month, first.card.exp_year) == ("visa", "4242", 8, 2030)
    assert first.card.card_print
    assert "42424242" not in repr(first)
    assert bench.kept_by(wish.payer) == 1


def test_the_same_card_has_the_same_print_under_another_key(bench: Bench):
    payer = bench.payer()
    first, second = (bench.vault.keep(bench.wish(payer)).card for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.reference != second.reference
    assert first.card_print == second.card_print


def test_a_card_that_the_bank_refuses_is_not_kept(bench: Bench):
    wish = bench.wish(bench.payer(), bench.declined)
    answer = bench.vault.keep(wish)
    assert (answer.result, answer.reason, answer.card) == (Keeping.REFUSED, "card_declined", None)
    assert bench.kept_by(wish.payer) == 0


@pytest.mark.parametrize(("says_yes", "result"), [(True, Keeping.KEPT), (False, Keeping.REFUSED)])
def test_the_bank_asks_first_and_the_shopper_answers(bench: Bench, says_yes: bool, result: Keeping):
    wish = bench.wish(bench.payer(), bench.asks)
    asked = bench.vault.keep(wish)
    assert asked.result is Keeping.REQUIRES_ACTION
    assert asked.next_action_url.startswith("http")
    assert bench.kept_by(wish.payer) == 0
    assert bench.vault.answer_to(asked.reference, payer=wish.payer).result is Keeping.REQUIRES_ACTION
    bench.answer(asked.reference, says_yes)
    told = bench.vault.answer_to(asked.reference, payer=wish.payer)
    assert told.result is result
    assert (told.reason == "authentication_failed") is not says_yes
    assert bench.kept_by(wish.payer) == int(says_yes)


def test_a_kept_card_pays_for_its_own_payer_only(bench: Bench):
    payer, stranger = bench.payer(), bench.payer()
    card = bench.vault.keep(bench.wish(payer)).card
    assert card is not None
    paid = bench.gateway.charge(bench.charge(card.reference, payer))
    assert (paid.result, paid.captured) == (Result.CAPTURED, Money(4210))
    for other in (stranger, ""):
        try:
            outcome = bench.gateway.charge(bench.charge(card.reference, other))
        except (GatewayRefused, GatewayUnreachable):
            continue
        assert outcome.result is Result.DECLINED


def test_a_forgotten_card_pays_no_more_and_is_forgotten_twice_without_a_word(bench: Bench):
    payer = bench.payer()
    card = bench.vault.keep(bench.wish(payer)).card
    assert card is not None
    for _ in range(2):
        bench.vault.forget(card.reference)
    assert bench.kept_by(payer) == 0
    outcome = bench.gateway.charge(bench.charge(card.reference, payer))
    assert (outcome.result, outcome.reason) == (Result.DECLINED, CARD_GONE)


def test_a_card_is_kept_with_a_purchase_when_that_was_asked_for(bench: Bench):
    payer = bench.payer()
    bench.gateway.charge(bench.charge(bench.good, payer))
    assert bench.kept_by(payer) == 0, "nobody asked"
    outcome = bench.gateway.charge(bench.charge(bench.good, payer, keeps_card=True))
    assert outcome.result is Result.CAPTURED
    assert outcome.card is not None
    assert outcome.card.last4 == "4242"
    assert bench.kept_by(payer) == 1
    again = bench.gateway.charge(bench.charge(outcome.card.reference, payer))
    assert again.result is Result.CAPTURED


def test_a_declined_purchase_keeps_no_card(bench: Bench):
    payer = bench.payer()
    outcome = bench.gateway.charge(bench.charge(bench.declined, payer, keeps_card=True))
    assert (outcome.result, outcome.card, bench.kept_by(payer)) == (Result.DECLINED, None, 0)

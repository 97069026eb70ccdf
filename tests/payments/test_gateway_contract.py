"""One list of promises, and every gateway keeps it: the sandbox in the house, and Stripe over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable
from kidspetite.sales.payments.models import SandboxCharge
from kidspetite.sales.payments.ports import PaymentGateway
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.types import Capture, Charge, Decision, KnownCharge, Outcome, Result
from tests.fakes.stripe_server import fake_stripe
from tests.fakes.wired import stripe_gateway

pytestmark = pytest.mark.django_db

AMOUNT = Money(4210)


@dataclass
class Bench:
    """A gateway, its words for what a shopper may hold, and a look into the bank's own books."""

    gateway: PaymentGateway
    pays: str
    declines: dict[str, str]
    asks: str
    approve: Callable[[str], Any]
    refuse: Callable[[str], Any]
    taken: Callable[[str], int]
    lose_the_answer: Callable[[], str]

    def charge(self, method: str = "", **changes: Any) -> Charge:
        wanted = Charge(secrets.token_hex(8), AMOUNT, method or self.pays, "KP-00000001", "http://testserver/back")
        return replace(wanted, **changes)


@pytest.fixture(params=["sandbox", "stripe"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "sandbox":
        yield sandbox()
        return
    with fake_stripe() as fake:

        def lose() -> str:
            fake.turn("lost", "/v1/payment_intents", method="POST")
            return "pm_card_visa"

        yield Bench(
            stripe_gateway(fake), "pm_card_visa",
            {"pm_card_chargeDeclined": "card_declined",
             "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
             "ctoken_card_chargeDeclinedExpiredCard": "expired_card"},
            "ctoken_card_authenticationRequired", fake.ledger.approve, fake.ledger.refuse, fake.ledger.taken, lose,
        )  # fmt: skip
        assert not fake.judge.beyond


def sandbox() -> Bench:
    gateway = SandboxGateway()

    def taken(key: str) -> int:
        row = SandboxCharge.objects.filter(key=key).first()
        return row.captured_minor - row.refunded_minor if row else 0

    return Bench(
        gateway, "tok_visa",
        {"tok_declined": "card_declined", "tok_insufficient_funds": "insufficient_funds",
         "tok_expired": "expired_card"},
        "tok_3ds", lambda reference: gateway.decide(reference, Decision.APPROVE),
        lambda reference: gateway.decide(reference, Decision.REFUSE), taken, lambda: "tok_timeout",
    )  # fmt: skip


def known(charge: Charge, outcome: Outcome | None = None) -> KnownCharge:
    return KnownCharge(charge.key, outcome.reference if outcome else "", charge.amount, clock.now())


def test_a_good_card_is_charged_once_however_often_it_is_asked(bench: Bench):
    charge = bench.charge()
    first, second = bench.gateway.charge(charge), bench.gateway.charge(charge)
    assert (first.result, first.captured, first.amount) == (Result.CAPTURED, AMOUNT, AMOUNT)
    assert second.reference == first.reference != ""
    assert "4242" in first.label
    assert bench.taken(charge.key) == AMOUNT.minor


def test_a_key_is_for_one_amount_only(bench: Bench):
    charge = bench.charge()
    bench.gateway.charge(charge)
    with pytest.raises((GatewayRefused, GatewayUnreachable)):
        bench.gateway.charge(replace(charge, amount=Money(99999)))
    assert bench.taken(charge.key) == AMOUNT.minor


def test_every_decline_says_why_and_takes_nothing(bench: Bench):
    for method, reason in bench.declines.items():
        charge = bench.charge(method)
        outcome = bench.gateway.charge(charge)
        assert (outcome.result, outcome.reason) == (Result.DECLINED, reason)
        assert bench.taken(charge.key) == 0


@pytest.mark.parametrize(
    ("answer", "result", "reason", "cents"),
    [("approve", Result.CAPTURED, "", 4210), ("refuse", Result.DECLINED, "authentication_failed", 0)],
)
def test_the_bank_asks_and_the_shopper_answers(bench: Bench, answer: str, result: Result, reason: str, cents: int):
    charge = bench.charge(bench.asks)
    asked = bench.gateway.charge(charge)
    assert asked.result is Result.REQUIRES_ACTION
    assert asked.next_action_url.startswith("http")
    assert bench.taken(charge.key) == 0
    (bench.approve if answer == "approve" else bench.refuse)(asked.reference)
    found = bench.gateway.outcome_of(known(charge, asked))
    assert found is not None
    assert (found.result, found.reason, bench.taken(charge.key)) == (result, reason, cents)


def test_a_lost_answer_is_unreachable_and_found_again_by_our_key_alone(bench: Bench):
    charge = bench.charge(bench.lose_the_answer())
    with pytest.raises(GatewayUnreachable):
        bench.gateway.charge(charge)
    found = bench.gateway.outcome_of(known(charge))
    assert found is not None
    assert (found.result, bench.taken(charge.key)) == (Result.CAPTURED, AMOUNT.minor)


def test_what_was_never_sent_is_not_known(bench: Bench):
    assert bench.gateway.outcome_of(known(bench.charge())) is None


def test_given_up_before_it_came_it_can_never_be_charged(bench: Bench):
    charge = bench.charge()
    ended = bench.gateway.give_up(known(charge))
    assert ended is None or ended.result is Result.DECLINED
    try:
        late = bench.gateway.charge(charge)
    except (GatewayRefused, GatewayUnreachable):
        pass
    else:
        assert late.result is Result.DECLINED
    assert bench.taken(charge.key) == 0


def test_given_up_while_the_bank_asks_it_can_not_be_approved(bench: Bench):
    charge = bench.charge(bench.asks)
    asked = bench.gateway.charge(charge)
    ended = bench.gateway.give_up(known(charge, asked))
    assert ended is not None
    assert (ended.result, ended.reason) == (Result.DECLINED, "given_up")


def test_giving_up_what_was_paid_tells_so(bench: Bench):
    charge = bench.charge()
    paid = bench.gateway.charge(charge)
    ended = bench.gateway.give_up(known(charge, paid))
    assert ended is not None
    assert (ended.result, bench.taken(charge.key)) == (Result.CAPTURED, AMOUNT.minor)


@pytest.mark.parametrize("cents", [4210, 1000])
def test_held_then_taken_whole_or_in_part(bench: Bench, cents: int):
    charge = bench.charge(capture=Capture.AT_SHIPPING)
    held = bench.gateway.charge(charge)
    assert (held.result, bench.taken(charge.key)) == (Result.AUTHORISED, 0)
    for _ in range(2):
        took = bench.gateway.capture(known(charge, held), Money(cents), key="capture:1")
        assert (took.result, took.captured, took.amount) == (Result.CAPTURED, Money(cents), AMOUNT)
    assert bench.taken(charge.key) == cents
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(known(charge, held), Money(cents + 1), key="too much")


def test_held_then_let_go_nothing_is_taken(bench: Bench):
    charge = bench.charge(capture=Capture.AT_SHIPPING)
    held = bench.gateway.charge(charge)
    ended = bench.gateway.give_up(known(charge, held))
    assert ended is not None
    assert ended.result is Result.DECLINED
    assert bench.taken(charge.key) == 0


def test_more_than_is_held_is_refused(bench: Bench):
    charge = bench.charge(capture=Capture.AT_SHIPPING)
    held = bench.gateway.charge(charge)
    with pytest.raises(GatewayRefused):
        bench.gateway.capture(known(charge, held), Money(AMOUNT.minor + 1), key="capture:1")
    assert bench.taken(charge.key) == 0


def test_refunds_go_back_once_a_key_and_never_beyond_what_was_taken(bench: Bench):
    charge = bench.charge()
    paid = known(charge, bench.gateway.charge(charge))
    first = bench.gateway.refund(paid, Money(1000), key="a")
    assert bench.gateway.refund(paid, Money(1000), key="a") == first
    assert bench.taken(charge.key) == 3210
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(paid, Money(3211), key="b")
    assert bench.gateway.refund(paid, Money(3210), key="c") != first
    assert bench.taken(charge.key) == 0
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(paid, Money(1), key="d")


@pytest.mark.parametrize("word", ["", "tok_", "card", "pm_<script>", "x" * 200, "cus_123", "ctoken_", "pm_"])
def test_what_cannot_be_a_token_is_not_accepted(bench: Bench, word: str):
    assert not bench.gateway.accepts(word)


def test_its_own_tokens_are_accepted(bench: Bench):
    assert all(bench.gateway.accepts(word) for word in (bench.pays, bench.asks, *bench.declines))

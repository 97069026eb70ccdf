"""One list of promises, and every gateway keeps it: the sandbox in the house, Stripe and PayPal over HTTP."""

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
from kidspetite.sales.payments.types import Capture, Charge, Decision, KnownCharge, Outcome, RefundTold, Result
from tests.fakes.paypal_server import fake_paypal
from tests.fakes.stripe_server import fake_stripe
from tests.fakes.wired import paypal_gateway, stripe_gateway

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
    label: str = "4242"
    refusal: str = "authentication_failed"

    @property
    def tokens(self) -> tuple[str, ...]:
        return (self.pays, self.asks, *self.declines)

    def charge(self, method: str = "", **changes: Any) -> Charge:
        wanted = Charge(secrets.token_hex(8), AMOUNT, method or self.pays, "KP-00000001", "http://testserver/back")
        return replace(wanted, **changes)

    def buy(self, charge: Charge) -> Outcome:
        """All that a willing shopper does; gives the last answer."""
        return self.gateway.charge(charge)


class PayPalBench(Bench):
    """A willing shopper approves on PayPal's page, and then the charge is sent once more. What their PayPal account is
    good for shows only then; `declines` are the issues that come of it."""

    @property
    def tokens(self) -> tuple[str, ...]:
        return (self.pays,)

    def charge(self, method: str = "", **changes: Any) -> Charge:
        return replace(super().charge(self.pays, **changes), order_number=method or "KP-00000001")

    def buy(self, charge: Charge) -> Outcome:
        asked = self.gateway.charge(charge)
        if asked.result is not Result.REQUIRES_ACTION:
            return asked
        self.approve(asked.reference, charge.order_number if charge.order_number in self.declines else "")
        found = self.gateway.outcome_of(known(charge, asked))
        assert found is not None
        assert (found.result, self.taken(charge.key)) == (Result.APPROVED, 0)
        return self.gateway.charge(replace(charge, reference=asked.reference))


@pytest.fixture(params=["sandbox", "stripe", "paypal"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "sandbox":
        yield sandbox()
        return
    if request.param == "paypal":
        yield from paypal()
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


def paypal() -> Iterator[Bench]:
    with fake_paypal() as fake:

        def lose() -> str:
            fake.turn("lost", "/v2/checkout/orders", method="POST")
            return "paypal"

        refusals = ("INSTRUMENT_DECLINED", "TRANSACTION_REFUSED", "PAYER_CANNOT_PAY", "DECLINED")
        ledger = fake.ledger
        yield PayPalBench(
            paypal_gateway(fake), "paypal", dict.fromkeys(refusals, "paypal_declined"), "paypal", ledger.approve,
            lambda reference: ledger.approve(reference, "INSTRUMENT_DECLINED"), ledger.taken, lose,
            label="PayPal", refusal="paypal_declined",
        )  # fmt: skip


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


def found_out(bench: Bench, charge: Charge, outcome: Outcome | None = None) -> Outcome | None:
    """As the shop does: it asks, and takes what was approved."""
    found = bench.gateway.outcome_of(known(charge, outcome))
    if found and found.result is Result.APPROVED:
        return bench.gateway.charge(replace(charge, reference=found.reference))
    return found


def test_a_good_card_is_charged_once_however_often_it_is_asked(bench: Bench):
    charge = bench.charge()
    first = bench.buy(charge)
    second = bench.gateway.charge(replace(charge, reference=first.reference))
    assert (first.result, first.captured, first.amount) == (Result.CAPTURED, AMOUNT, AMOUNT)
    assert second.reference == first.reference != ""
    assert bench.label in first.label
    assert bench.taken(charge.key) == AMOUNT.minor


def test_a_key_is_for_one_amount_only(bench: Bench):
    charge = bench.charge()
    bench.buy(charge)
    with pytest.raises((GatewayRefused, GatewayUnreachable)):
        bench.gateway.charge(replace(charge, amount=Money(99999)))
    assert bench.taken(charge.key) == AMOUNT.minor


def test_every_decline_says_why_and_takes_nothing(bench: Bench):
    for method, reason in bench.declines.items():
        charge = bench.charge(method)
        outcome = bench.buy(charge)
        assert (outcome.result, outcome.reason) == (Result.DECLINED, reason)
        assert bench.taken(charge.key) == 0


@pytest.mark.parametrize(
    ("answer", "result", "cents"),
    [("approve", Result.CAPTURED, 4210), ("refuse", Result.DECLINED, 0)],
)
def test_the_bank_asks_and_the_shopper_answers(bench: Bench, answer: str, result: Result, cents: int):
    charge = bench.charge(bench.asks)
    asked = bench.gateway.charge(charge)
    assert asked.result is Result.REQUIRES_ACTION
    assert asked.next_action_url.startswith("http")
    assert bench.taken(charge.key) == 0
    (bench.approve if answer == "approve" else bench.refuse)(asked.reference)
    found = found_out(bench, charge, asked)
    assert found is not None
    assert (found.result, bench.taken(charge.key)) == (result, cents)
    assert found.reason == (bench.refusal if answer == "refuse" else "")


def test_a_lost_answer_is_unreachable_and_found_again_by_our_key_alone(bench: Bench):
    charge = bench.charge(bench.lose_the_answer())
    with pytest.raises(GatewayUnreachable):
        bench.gateway.charge(charge)
    found = found_out(bench, charge) or bench.buy(charge)  # what is not known is sent again, under its key
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
        assert late.result in (Result.DECLINED, Result.REQUIRES_ACTION)
        if late.result is Result.REQUIRES_ACTION:
            bench.approve(late.reference)  # a page may still open, but without us nothing comes of it
    assert bench.taken(charge.key) == 0


def test_given_up_while_the_bank_asks_it_can_not_be_approved(bench: Bench):
    charge = bench.charge(bench.asks)
    asked = bench.gateway.charge(charge)
    ended = bench.gateway.give_up(known(charge, asked))
    assert ended is not None
    assert (ended.result, ended.reason) == (Result.DECLINED, "given_up")


def test_giving_up_what_was_paid_tells_so(bench: Bench):
    charge = bench.charge()
    paid = bench.buy(charge)
    ended = bench.gateway.give_up(known(charge, paid))
    assert ended is not None
    assert (ended.result, bench.taken(charge.key)) == (Result.CAPTURED, AMOUNT.minor)


@pytest.mark.parametrize("cents", [4210, 1000])
def test_held_then_taken_whole_or_in_part(bench: Bench, cents: int):
    charge = bench.charge(capture=Capture.AT_SHIPPING)
    held = bench.buy(charge)
    assert (held.result, bench.taken(charge.key)) == (Result.AUTHORISED, 0)
    for _ in range(2):
        took = bench.gateway.capture(known(charge, held), Money(cents), key="capture:1")
        assert (took.result, took.captured, took.amount) == (Result.CAPTURED, Money(cents), AMOUNT)
    assert bench.taken(charge.key) == cents
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(known(charge, held), Money(cents + 1), key="too much")


def test_held_then_let_go_nothing_is_taken(bench: Bench):
    charge = bench.charge(capture=Capture.AT_SHIPPING)
    held = bench.buy(charge)
    ended = bench.gateway.give_up(known(charge, held))
    assert ended is not None
    assert ended.result is Result.DECLINED
    assert bench.taken(charge.key) == 0


def test_more_than_is_held_is_refused(bench: Bench):
    charge = bench.charge(capture=Capture.AT_SHIPPING)
    held = bench.buy(charge)
    with pytest.raises(GatewayRefused):
        bench.gateway.capture(known(charge, held), Money(AMOUNT.minor + 1), key="capture:1")
    assert bench.taken(charge.key) == 0


def test_refunds_go_back_once_a_key_and_never_beyond_what_was_taken(bench: Bench):
    charge = bench.charge()
    paid = known(charge, bench.buy(charge))
    first = bench.gateway.refund(paid, Money(1000), key="a")
    assert bench.gateway.refund(paid, Money(1000), key="a") == first
    assert bench.taken(charge.key) == 3210
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(paid, Money(3211), key="b")
    assert bench.gateway.refund(paid, Money(3210), key="c") != first
    assert bench.taken(charge.key) == 0
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(paid, Money(1), key="d")


def test_what_went_back_is_told_under_our_key(bench: Bench):
    charge = bench.charge()
    paid = known(charge, bench.buy(charge))
    assert bench.gateway.refunds_of(paid) == ()
    first, second = (bench.gateway.refund(paid, Money(cents), key=f"refund:{cents}") for cents in (1000, 500))
    found = {told.key: told for told in bench.gateway.refunds_of(paid)}
    assert found["refund:1000"] == RefundTold(first, Money(1000), has_failed=False, key="refund:1000")
    assert found["refund:500"].reference == second


@pytest.mark.parametrize("word", ["", "tok_", "card", "pm_<script>", "x" * 200, "cus_123", "ctoken_", "pm_"])
def test_what_cannot_be_a_token_is_not_accepted(bench: Bench, word: str):
    assert not bench.gateway.accepts(word)


def test_its_own_tokens_are_accepted(bench: Bench):
    assert all(bench.gateway.accepts(word) for word in bench.tokens)

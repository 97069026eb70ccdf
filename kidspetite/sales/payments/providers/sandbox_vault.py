"""The sandbox bank's own memory of cards: what it was asked to keep, for whom, and whether it does."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from django.conf import settings

from kidspetite.foundation.kernel import clock
from kidspetite.sales.payments.errors import NoSuchChallenge
from kidspetite.sales.payments.models import SandboxCard
from kidspetite.sales.payments.types import (
    CardAnswer,
    CardFacts,
    CardWish,
    Challenge,
    Charge,
    Decision,
    Keeping,
    Outcome,
    Result,
)

LAST4 = {
    "tok_visa": "4242",
    "tok_declined": "0002",
    "tok_insufficient_funds": "9995",
    "tok_expired": "0069",
    "tok_3ds": "3184",
    "tok_timeout": "0119",
    "tok_late_webhook": "7726",
    "tok_late_decline": "0341",
}
NEVER_KEPT = {
    "tok_declined": "card_declined",
    "tok_insufficient_funds": "insufficient_funds",
    "tok_expired": "expired_card",
}
METHOD = re.compile(r"(tok_[a-z0-9_]{2,30})(?::(0[1-9]|1[0-2])([0-9]{2}))?")
GOOD_FOR_YEARS = 3
Status = SandboxCard.Status


class SandboxVault:
    """The CardVault port over a table. A wish's method is one of the sandbox's tokens, with the month and year that the
    card is good until, such as `tok_visa:0828`."""

    code = "sandbox"

    def open_payer(self, customer_id: int, *, email: str, key: str) -> str:
        return f"payer_{_digest(key)}"

    def keep(self, wish: CardWish) -> CardAnswer:
        token, month, year = read_method(wish.method)
        if token in NEVER_KEPT:
            return CardAnswer(Keeping.REFUSED, reason=NEVER_KEPT[token])
        if token not in LAST4:
            return CardAnswer(Keeping.REFUSED, reason="token_gone")
        row, _is_new = SandboxCard.objects.get_or_create(
            key=wish.key,
            defaults={
                "reference": f"card_{_digest(wish.key)}", "payer": wish.payer, "token": token, "exp_month": month,
                "exp_year": year, "status": Status.ASKING if token == "tok_3ds" else Status.KEPT,
                "return_url": wish.return_url, "created_at": clock.now(),
            },
        )  # fmt: skip
        return _answer(row)

    def answer_to(self, reference: str, *, payer: str) -> CardAnswer:
        row = SandboxCard.objects.filter(reference=reference, payer=payer).first()
        return _answer(row) if row else CardAnswer(Keeping.REFUSED, reference, reason="given_up")

    def forget(self, card: str) -> None:
        SandboxCard.objects.filter(reference=card).update(status=Status.FORGOTTEN)

    def challenge(self, reference: str) -> Challenge:
        """What the bank's page asks before it keeps a card. Raises NoSuchChallenge."""
        row = SandboxCard.objects.filter(reference=reference, token="tok_3ds").exclude(return_url="").first()
        if row is None:
            raise NoSuchChallenge()
        return Challenge(reference, None, is_open=row.status == Status.ASKING, return_url=row.return_url)

    def decide(self, reference: str, decision: Decision) -> str:
        """Take the shopper's answer; gives the address to go back to. Answering twice changes nothing."""
        asked = self.challenge(reference)
        now = Status.KEPT if decision is Decision.APPROVE else Status.REFUSED
        SandboxCard.objects.filter(reference=reference, status=Status.ASKING).update(
            status=now, reason="" if now == Status.KEPT else "authentication_failed"
        )
        return asked.return_url


def read_method(method: str) -> tuple[str, int, int]:
    """The token in a method, and until when its card is good; an empty token for what is none."""
    found = METHOD.fullmatch(method)
    if found is None:
        return "", 0, 0
    token, month, year = found.groups()
    return token, int(month or 12), 2000 + int(year) if year else clock.now().year + GOOD_FOR_YEARS


def paying_token(charge: Charge) -> str:
    """The token that decides what becomes of a charge: its own, or that of the card kept for its payer; empty where
    that card is kept no more."""
    if token := read_method(charge.method)[0]:
        return token
    kept = SandboxCard.objects.filter(reference=charge.method, payer=charge.payer, status=Status.KEPT)
    return kept.values_list("token", flat=True).first() or ""


def offer_card(charge: Charge) -> None:
    """The shopper wants this card kept once it has paid."""
    token, month, year = read_method(charge.method)
    if token in LAST4:
        SandboxCard.objects.get_or_create(
            key=_with(charge.key),
            defaults={
                "reference": f"card_{_digest(_with(charge.key))}", "payer": charge.payer, "token": token,
                "exp_month": month, "exp_year": year, "status": Status.ASKING, "created_at": clock.now(),
            },
        )  # fmt: skip


def with_card(outcome: Outcome, key: str) -> Outcome:
    """The outcome of a charge, with the card that is kept by it, if one was offered and has paid."""
    if outcome.result not in (Result.CAPTURED, Result.AUTHORISED):
        return outcome
    row = SandboxCard.objects.filter(key=_with(key)).exclude(status=Status.FORGOTTEN).first()
    if row is None:
        return outcome
    SandboxCard.objects.filter(pk=row.pk, status=Status.ASKING).update(status=Status.KEPT)
    return replace(outcome, card=_facts(row))


def _answer(row: SandboxCard) -> CardAnswer:
    if row.status == Status.KEPT:
        return CardAnswer(Keeping.KEPT, row.reference, card=_facts(row))
    if row.status == Status.ASKING:
        url = f"{settings.BASE_URL}/sandbox/3ds/{row.reference}"
        return CardAnswer(Keeping.REQUIRES_ACTION, row.reference, next_action_url=url)
    return CardAnswer(Keeping.REFUSED, row.reference, reason=row.reason or "given_up")


def _facts(row: SandboxCard) -> CardFacts:
    return CardFacts(
        row.reference, "visa", LAST4[row.token], row.exp_month, row.exp_year, card_print=_digest(f"card:{row.token}")
    )


def _with(charge_key: str) -> str:
    return f"with:{charge_key}"[:80]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

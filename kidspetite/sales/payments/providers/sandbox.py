"""A bank of our own for development, demo and tests. It decides by token, keeps a ledger, and can be slow or silent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import inbox
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, NoSuchChallenge
from kidspetite.sales.payments.models import SandboxCharge
from kidspetite.sales.payments.types import Challenge, Charge, ChargeName, Decision, Outcome, Result

CAPTURED, ASKING, PROCESSING, DECLINED, VOIDED = "captured", "requires_action", "processing", "declined", "voided"
TOKENS = {
    "tok_visa": CAPTURED,
    "tok_timeout": CAPTURED,
    "tok_3ds": ASKING,
    "tok_late_webhook": PROCESSING,
    "tok_declined": DECLINED,
    "tok_insufficient_funds": DECLINED,
    "tok_expired": DECLINED,
}
REASONS = {
    "tok_declined": "card_declined",
    "tok_insufficient_funds": "insufficient_funds",
    "tok_expired": "expired_card",
}
LATE_BY = timedelta(seconds=3)

OPEN_ONCE = """
insert into payments_sandboxcharge as charge
    (key, reference, token, amount_minor, currency, status, reason, refunded_minor, refunds, return_url, settles_at,
     created_at)
values (%(key)s, %(reference)s, %(token)s, %(amount)s, %(currency)s, %(status)s, %(reason)s, 0, '[]', %(return_url)s,
        %(settles_at)s, %(now)s)
on conflict (key) do update set key = charge.key
returning charge.*
"""


class SandboxGateway:
    """The PaymentGateway port over a table. Every call is a commit of its own, as with a bank across the street."""

    code = "sandbox"

    def accepts(self, method: str) -> bool:
        return method in TOKENS

    def charge(self, charge: Charge) -> Outcome:
        row = _opened_once(charge)
        if row.status != VOIDED and (row.amount_minor, row.currency) != (charge.amount.minor, charge.amount.currency):
            raise GatewayRefused(key=charge.key, why="the key was used for another amount")
        if row.token == "tok_timeout":
            raise GatewayUnreachable(key=charge.key)
        return _outcome(row)

    def outcome_of(self, *, key: str, reference: str) -> Outcome | None:
        row = _found(key, reference)
        return _outcome(_settled(row)) if row else None

    def refund(self, reference: str, amount: Money, *, key: str) -> str:
        refund_reference = f"re_{_digest(key)}"
        with transaction.atomic():
            row = SandboxCharge.objects.select_for_update().get(reference=reference)
            if refund_reference not in row.refunds:
                if row.status != CAPTURED or row.refunded_minor + amount.minor > row.amount_minor:
                    raise GatewayRefused(reference=reference, why="more than is left of the charge")
                row.refunds = [*row.refunds, refund_reference]
                row.refunded_minor += amount.minor
                row.save(update_fields=["refunds", "refunded_minor"])
        return refund_reference

    def give_up(self, *, key: str, reference: str) -> Outcome | None:
        tombstone = SandboxCharge(
            key=key, reference=f"ch_{_digest(key)}", token="", amount_minor=0, currency="USD", status=VOIDED
        )
        SandboxCharge.objects.bulk_create([tombstone], ignore_conflicts=True)
        row = _settled(SandboxCharge.objects.get(key=key))
        SandboxCharge.objects.filter(pk=row.pk, status__in=(ASKING, PROCESSING)).update(
            status=VOIDED, reason="given_up"
        )
        row.refresh_from_db()
        return _outcome(row)

    def named_in(self, message: Mapping[str, Any]) -> ChargeName | None:
        if not str(message.get("type", "")).startswith("charge."):
            return None
        return ChargeName(key=str(message.get("key", "")), reference=str(message.get("reference", "")))

    def challenge(self, reference: str) -> Challenge:
        """What the bank's page asks. Raises NoSuchChallenge."""
        row = SandboxCharge.objects.filter(reference=reference, token="tok_3ds").first()
        if row is None:
            raise NoSuchChallenge()
        return Challenge(
            reference, Money(row.amount_minor, row.currency), is_open=row.status == ASKING, return_url=row.return_url
        )

    @transaction.atomic
    def decide(self, reference: str, decision: Decision) -> str:
        """Take the shopper's answer and send the webhook; gives the address to go back to. Answering twice changes
        nothing. Raises NoSuchChallenge."""
        asked = self.challenge(reference)
        status, reason = (CAPTURED, "") if decision is Decision.APPROVE else (DECLINED, "authentication_failed")
        changed = SandboxCharge.objects.filter(reference=reference, status=ASKING).update(status=status, reason=reason)
        if changed:
            _send_webhook(SandboxCharge.objects.get(reference=reference))
        return asked.return_url

    def settle_late(self) -> int:
        """Decide the late charges whose time has come, and send their webhooks, each in a commit of its own."""
        due = SandboxCharge.objects.filter(status=PROCESSING, settles_at__lte=clock.now())
        references = list(due.values_list("reference", flat=True)[:200])
        for reference in references:
            with transaction.atomic():
                row = SandboxCharge.objects.select_for_update().get(reference=reference)
                _send_webhook(_settled(row))
        return len(references)


def _opened_once(charge: Charge) -> SandboxCharge:
    """The charge of this key, opened now if it is new; one statement, as the shopper is waiting."""
    now = clock.now()
    status = TOKENS.get(charge.method, DECLINED)
    return SandboxCharge.objects.raw(
        OPEN_ONCE,
        {
            "key": charge.key,
            "reference": f"ch_{_digest(charge.key)}",
            "token": charge.method,
            "amount": charge.amount.minor,
            "currency": charge.amount.currency,
            "status": status,
            "reason": REASONS.get(charge.method, "card_declined") if status == DECLINED else "",
            "return_url": charge.return_url,
            "settles_at": now + LATE_BY if status == PROCESSING else None,
            "now": now,
        },
    )[0]


def _settled(row: SandboxCharge) -> SandboxCharge:
    """A late charge is decided once its time has come, whoever asks first."""
    if _is_due(row, clock.now()):
        SandboxCharge.objects.filter(pk=row.pk, status=PROCESSING).update(status=CAPTURED)
        row.refresh_from_db()
    return row


def _is_due(row: SandboxCharge, now: datetime) -> bool:
    return row.status == PROCESSING and row.settles_at is not None and row.settles_at <= now


def _outcome(row: SandboxCharge) -> Outcome:
    if row.status == CAPTURED:
        return Outcome(Result.CAPTURED, row.reference, label="Sandbox card ending 4242")
    if row.status == ASKING:
        url = f"{settings.BASE_URL}/sandbox/3ds/{row.reference}"
        return Outcome(Result.REQUIRES_ACTION, row.reference, next_action_url=url)
    if row.status == PROCESSING:
        return Outcome(Result.UNKNOWN, row.reference)
    return Outcome(Result.DECLINED, row.reference, reason=row.reason or "given_up")


def _found(key: str, reference: str) -> SandboxCharge | None:
    return SandboxCharge.objects.filter(key=key).first() or (
        SandboxCharge.objects.filter(reference=reference).first() if reference else None
    )


def _send_webhook(row: SandboxCharge) -> None:
    body = {"id": f"evt_{row.reference}_{row.status}", "type": f"charge.{row.status}", "key": row.key}
    inbox.receive(
        provider=SandboxGateway.code,
        external_id=body["id"],
        kind=body["type"],
        body={**body, "reference": row.reference},
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

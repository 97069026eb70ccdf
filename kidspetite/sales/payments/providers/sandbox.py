"""A bank of our own for development, demo and tests. It decides by token, keeps a ledger, and can be slow or silent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import inbox
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, MessageRefused, NoSuchChallenge
from kidspetite.sales.payments.models import SandboxCharge
from kidspetite.sales.payments.providers.sandbox_vault import LAST4, offer_card, paying_token, read_method, with_card
from kidspetite.sales.payments.types import (
    CARD_GONE,
    Capture,
    Challenge,
    Charge,
    ChargeName,
    Decision,
    DisputeTold,
    KnownCharge,
    Outcome,
    ProviderMessage,
    RefundTold,
    Result,
)

CAPTURED, ASKING, PROCESSING, DECLINED, VOIDED = "captured", "requires_action", "processing", "declined", "voided"
HELD = "authorised"
TOKENS = {
    "tok_visa": CAPTURED,
    "tok_wallet": CAPTURED,
    "tok_timeout": CAPTURED,
    "tok_3ds": ASKING,
    "tok_paypal": ASKING,
    "tok_late_webhook": PROCESSING,
    "tok_late_decline": PROCESSING,
    "tok_declined": DECLINED,
    "tok_insufficient_funds": DECLINED,
    "tok_expired": DECLINED,
}
REASONS = {
    "tok_declined": "card_declined",
    "tok_insufficient_funds": "insufficient_funds",
    "tok_expired": "expired_card",
}
PAGES = {"tok_3ds": "3ds", "tok_paypal": "paypal"}
"""Where the shopper is asked, by token: the bank's own page, or the stand-in for PayPal's."""
LABELS = {"tok_paypal": "Sandbox PayPal", "tok_wallet": "Trial wallet, card ending 4242"}
LATE_BY = timedelta(seconds=3)

_TOLD = [field.attname for field in SandboxCharge._meta.concrete_fields if field.attname != "refunds"]
# It waits for no disk: what the shop commits of it takes it along, and a charge that a crash loses never was.
OPEN_ONCE = f"""
insert into payments_sandboxcharge as charge
    (key, reference, token, amount_minor, currency, status, reason, capture, captured_minor, refunded_minor, refunds,
     return_url, cancel_url, settles_at, created_at)
values (%(key)s, %(reference)s, %(token)s, %(amount)s, %(currency)s, %(status)s, %(reason)s, %(capture)s, %(captured)s,
        0, '[]', %(return_url)s, %(cancel_url)s, %(settles_at)s, %(now)s)
on conflict (key) do update set key = charge.key
returning set_config('synchronous_commit', 'off', true), {", ".join(f"charge.{name}" for name in _TOLD)}
"""


class SandboxGateway:
    """The PaymentGateway port over a table. Every call is a commit of its own, as with a bank across the street."""

    code = "sandbox"

    def accepts(self, method: str) -> bool:
        return read_method(method)[0] in TOKENS

    def charge(self, charge: Charge) -> Outcome:
        token = paying_token(charge)
        if not token:
            return Outcome(Result.DECLINED, reason=CARD_GONE)
        if charge.keeps_card and charge.payer:
            offer_card(charge)
        row = _opened_once(replace(charge, method=token))
        if row.status != VOIDED and (row.amount_minor, row.currency) != (charge.amount.minor, charge.amount.currency):
            raise GatewayRefused(key=charge.key, why="the key was used for another amount")
        if row.token == "tok_timeout":
            raise GatewayUnreachable(key=charge.key)
        return with_card(_outcome(row), row.key) if charge.keeps_card else _outcome(row)

    def outcome_of(self, known: KnownCharge) -> Outcome | None:
        row = _found(known)
        return with_card(_outcome(_settled(row)), row.key) if row else None

    @transaction.atomic
    def capture(self, known: KnownCharge, amount: Money, *, key: str) -> Outcome:
        row = SandboxCharge.objects.select_for_update().get(reference=known.reference)
        if row.status == HELD and 0 < amount.minor <= row.amount_minor:
            row.status, row.captured_minor = CAPTURED, amount.minor
            row.save(update_fields=["status", "captured_minor"])
        elif (row.status, row.captured_minor) != (CAPTURED, amount.minor):
            raise GatewayRefused(key=key, why="it holds no such amount")
        return _outcome(row)

    def refund(self, known: KnownCharge, amount: Money, *, key: str) -> str:
        refund_reference = f"re_{_digest(key)}"
        with transaction.atomic():
            row = SandboxCharge.objects.select_for_update().get(reference=known.reference)
            if refund_reference not in [made["id"] for made in row.refunds]:
                if row.status != CAPTURED or row.refunded_minor + amount.minor > row.captured_minor:
                    raise GatewayRefused(key=key, why="more than is left of the charge")
                row.refunds = [*row.refunds, {"id": refund_reference, "amount_minor": amount.minor, "key": key}]
                row.refunded_minor += amount.minor
                row.save(update_fields=["refunds", "refunded_minor"])
        return refund_reference

    def refunds_of(self, known: KnownCharge) -> tuple[RefundTold, ...]:
        row = _found(known)
        if row is None:
            return ()
        return tuple(
            RefundTold(made["id"], Money(made["amount_minor"], row.currency), has_failed=False, key=made["key"])
            for made in row.refunds
        )

    def give_up(self, known: KnownCharge) -> Outcome | None:
        tombstone = SandboxCharge(
            key=known.key, reference=f"ch_{_digest(known.key)}", token="", amount_minor=0, currency="USD", status=VOIDED
        )
        SandboxCharge.objects.bulk_create([tombstone], ignore_conflicts=True)
        row = _settled(SandboxCharge.objects.get(key=known.key))
        SandboxCharge.objects.filter(pk=row.pk, status__in=(ASKING, PROCESSING, HELD)).update(
            status=VOIDED, reason="given_up"
        )
        row.refresh_from_db()
        return _outcome(row)

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> ProviderMessage:
        raise MessageRefused()  # this bank is in the house, and writes into the inbox itself

    def named_in(self, message: Mapping[str, Any]) -> ChargeName | None:
        if not str(message.get("type", "")).startswith("charge."):
            return None
        return ChargeName(key=str(message.get("key", "")), reference=str(message.get("reference", "")))

    def dispute_in(self, message: Mapping[str, Any]) -> DisputeTold | None:
        return None

    def is_about_refund(self, message: Mapping[str, Any]) -> bool:
        return False  # money goes back only when we ask for it

    def told_between(self, since: datetime, until: datetime) -> tuple[ProviderMessage, ...]:
        return ()  # it writes into the inbox itself, so that nothing of it is ever lost

    def challenge(self, reference: str) -> Challenge:
        """What the bank's page asks, or the stand-in for PayPal's. Raises NoSuchChallenge."""
        row = SandboxCharge.objects.filter(reference=reference, token__in=PAGES).first()
        if row is None:
            raise NoSuchChallenge()
        return Challenge(
            reference, Money(row.amount_minor, row.currency), is_open=row.status == ASKING, return_url=row.return_url,
            cancel_url=row.cancel_url,
        )  # fmt: skip

    @transaction.atomic
    def decide(self, reference: str, decision: Decision) -> str:
        """Take the shopper's answer and send the webhook; gives the address to go back to. Answering twice changes
        nothing. Raises NoSuchChallenge."""
        asked = self.challenge(reference)
        asking = SandboxCharge.objects.filter(reference=reference, status=ASKING)
        if decision is Decision.APPROVE:
            changed = _taken(asking)
        else:
            changed = asking.update(status=DECLINED, reason="authentication_failed")
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
    status = _begins_as(charge)
    told = {
        "key": charge.key,
        "reference": f"ch_{_digest(charge.key)}",
        "token": charge.method,
        "amount": charge.amount.minor,
        "currency": charge.amount.currency,
        "status": status,
        "reason": REASONS.get(charge.method, "card_declined") if status == DECLINED else "",
        "capture": str(charge.capture),
        "captured": charge.amount.minor if status == CAPTURED else 0,
        "return_url": charge.return_url,
        "cancel_url": charge.cancel_url,
        "settles_at": now + LATE_BY if status == PROCESSING else None,
        "now": now,
    }
    ((_, *row),) = ask_kept(OPEN_ONCE, told)
    return SandboxCharge.from_db(DEFAULT_DB_ALIAS, _TOLD, row)


def _begins_as(charge: Charge) -> str:
    status = TOKENS.get(charge.method, DECLINED)
    return HELD if status == CAPTURED and charge.capture is Capture.AT_SHIPPING else status


def _taken(rows: QuerySet[SandboxCharge]) -> int:
    """Take the money of these, or hold it where that was asked for."""
    is_held = Q(capture=Capture.AT_SHIPPING)
    return rows.update(
        status=Case(When(is_held, then=Value(HELD)), default=Value(CAPTURED)),
        captured_minor=Case(When(is_held, then=0), default=F("amount_minor"), output_field=BigIntegerField()),
    )


def _settled(row: SandboxCharge) -> SandboxCharge:
    """A late charge is decided once its time has come, whoever asks first."""
    if _is_due(row, clock.now()):
        waiting = SandboxCharge.objects.filter(pk=row.pk, status=PROCESSING)
        if row.token == "tok_late_decline":
            waiting.update(status=DECLINED, reason="card_declined")
        else:
            _taken(waiting)
        row.refresh_from_db()
    return row


def _is_due(row: SandboxCharge, now: datetime) -> bool:
    return row.status == PROCESSING and row.settles_at is not None and row.settles_at <= now


def _outcome(row: SandboxCharge) -> Outcome:
    amount, taken = Money(row.amount_minor, row.currency), Money(row.captured_minor, row.currency)
    if row.status in (CAPTURED, HELD):
        result = Result.CAPTURED if row.status == CAPTURED else Result.AUTHORISED
        label = LABELS.get(row.token) or f"Sandbox card ending {LAST4.get(row.token, '4242')}"
        return Outcome(result, row.reference, label=label, amount=amount, captured=taken)
    if row.status == ASKING:
        url = f"{settings.BASE_URL}/sandbox/{PAGES[row.token]}/{row.reference}"
        label = LABELS.get(row.token, "")
        return Outcome(Result.REQUIRES_ACTION, row.reference, next_action_url=url, label=label)
    if row.status == PROCESSING:
        return Outcome(Result.UNKNOWN, row.reference)
    return Outcome(Result.DECLINED, row.reference, reason=row.reason or "given_up")


def _found(known: KnownCharge) -> SandboxCharge | None:
    return SandboxCharge.objects.filter(key=known.key).first() or (
        SandboxCharge.objects.filter(reference=known.reference).first() if known.reference else None
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

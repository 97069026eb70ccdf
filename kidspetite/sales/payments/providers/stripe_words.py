"""What Stripe's objects mean in our words: plain dictionaries in, outcomes out, no call to anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.queries.cards import card_words
from kidspetite.sales.payments.types import (
    CardAnswer,
    CardFacts,
    ChargeName,
    DisputeTold,
    Keeping,
    Outcome,
    ProviderMessage,
    RefundTold,
    Result,
)

type Facts = dict[str, Any]

STANDS = {
    "succeeded": Result.CAPTURED,
    "requires_capture": Result.AUTHORISED,
    "requires_action": Result.REQUIRES_ACTION,
    "processing": Result.UNKNOWN,
    "requires_confirmation": Result.UNKNOWN,
    "requires_payment_method": Result.DECLINED,
    "canceled": Result.DECLINED,
}
REASONS = {
    "insufficient_funds", "expired_card", "incorrect_cvc", "incorrect_number", "processing_error",
    "card_velocity_exceeded",
}  # fmt: skip
SAME_AS = {
    "invalid_cvc": "incorrect_cvc",
    "invalid_number": "incorrect_number",
    "invalid_expiry_month": "expired_card",
    "invalid_expiry_year": "expired_card",
    "payment_intent_authentication_failure": "authentication_failed",
    "authentication_required": "authentication_failed",
}
WALLETS = {"apple_pay": "Apple Pay", "google_pay": "Google Pay", "link": "Link"}
KINDS = ("payment_intent.", "charge.", "refund.", "checkout.session.")
ABOUT_REFUNDS = ("refund.", "charge.refund")
MOVES_MONEY = (
    "payment_intent.succeeded", "payment_intent.amount_capturable_updated", "checkout.session.completed",
    "refund.created", "refund.updated", "refund.failed",
    "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
)  # fmt: skip
"""What is read again in Stripe's own list, should its message never have come."""
KEPT = ("id", "object", "status", "payment_intent", "metadata", "amount", "reason", "failure_reason", "livemode")


def outcome(facts: Facts) -> Outcome:
    """What an intent, or a hosted page with its intent, says. Raises KeyError for what is neither."""
    if facts["object"] == "checkout.session":
        return outcome_of_page(facts)
    result, amount = STANDS[facts["status"]], _money(facts["amount"], facts["currency"])
    reason = ""
    if facts["status"] == "canceled":
        reason = "given_up"
    elif result is Result.DECLINED:
        reason = _reason(facts.get("last_payment_error") or {})
    return Outcome(
        result,
        str(facts["id"]),
        reason=reason,
        next_action_url=_way_to_the_bank(facts) if result is Result.REQUIRES_ACTION else "",
        label=_label(facts),
        amount=amount,
        captured=_money(facts["amount_received"], facts["currency"]) if result is Result.CAPTURED else None,
        card_print=card_print(facts),
        card=_kept_with(facts),
    )


def outcome_of_page(facts: Facts) -> Outcome:
    """A hosted page is open, expired, or leads to the intent that it made."""
    intent = facts.get("payment_intent")
    if isinstance(intent, dict) and intent["status"] != "requires_payment_method":
        return outcome(intent)
    if facts["status"] == "open":
        amount = _money(facts["amount_total"], facts["currency"])
        return Outcome(Result.REQUIRES_ACTION, str(facts["id"]), next_action_url=str(facts["url"]), amount=amount)
    if facts["status"] == "expired":
        return Outcome(Result.DECLINED, str(facts["id"]), reason="given_up")
    return Outcome(Result.UNKNOWN, str(facts["id"]))


def outcome_of_decline(body: Mapping[str, Any]) -> Outcome:
    """A 402: the card was refused. Its intent, where Stripe tells it, names the charge."""
    error = dict(body.get("error") or {})
    intent = dict(error.get("payment_intent") or {})
    return Outcome(
        Result.DECLINED, str(intent.get("id", "")), reason=_reason(error), card_print=card_print(intent | {"e": error})
    )


def kept_card(facts: Mapping[str, Any]) -> CardFacts:
    """A payment method that Stripe keeps. Raises KeyError for one that is no card."""
    return _card_facts(str(facts["id"]), facts["card"])


def answer_of(facts: Facts) -> CardAnswer:
    """What a SetupIntent, or a hosted page with its SetupIntent, says."""
    if facts["object"] == "checkout.session":
        return _answer_of_page(facts)
    reference, status = str(facts["id"]), facts["status"]
    if status == "succeeded":
        return CardAnswer(Keeping.KEPT, reference, card=kept_card(facts["payment_method"]))
    if status == "requires_action":
        return CardAnswer(Keeping.REQUIRES_ACTION, reference, next_action_url=_way_to_the_bank(facts))
    if status == "processing":
        return CardAnswer(Keeping.UNKNOWN, reference)
    if status == "canceled":
        return CardAnswer(Keeping.REFUSED, reference, reason="given_up")
    return answer_of_decline({"error": facts.get("last_setup_error") or {}}, reference)


def answer_of_decline(body: Mapping[str, Any], reference: str = "") -> CardAnswer:
    """The bank does not let this card be kept."""
    error = dict(body.get("error") or {})
    intent = dict(error.get("setup_intent") or {})
    reference = reference or str(intent.get("id", ""))
    return CardAnswer(Keeping.REFUSED, reference, reason=_reason(error), card_print=card_print({"e": error}))


def _answer_of_page(facts: Facts) -> CardAnswer:
    intent = facts.get("setup_intent")
    if isinstance(intent, dict) and intent["status"] == "succeeded":
        return answer_of(intent)
    if facts["status"] == "open":
        return CardAnswer(Keeping.REQUIRES_ACTION, str(facts["id"]), next_action_url=str(facts["url"]))
    if facts["status"] == "expired":
        return CardAnswer(Keeping.REFUSED, str(facts["id"]), reason="given_up")
    return CardAnswer(Keeping.UNKNOWN, str(facts["id"]))


def named_in(message: Mapping[str, Any]) -> ChargeName | None:
    """Which charge a message is about: by our key in the metadata, by the intent's id, or both."""
    if not str(message.get("type", "")).startswith(KINDS):
        return None
    data = message.get("data")
    about = data.get("object") if isinstance(data, Mapping) else None
    if not isinstance(about, Mapping):
        return None
    metadata = about.get("metadata")
    key = metadata.get("payment") if isinstance(metadata, Mapping) else ""
    intent = about.get("id") if about.get("object") == "payment_intent" else about.get("payment_intent")
    name = ChargeName(key=key if isinstance(key, str) else "", reference=intent if isinstance(intent, str) else "")
    return name if name != ChargeName() else None


def dispute_in(message: Mapping[str, Any]) -> DisputeTold | None:
    """What a message about a dispute tells; None for anything else."""
    about = message["data"]["object"]
    if not str(message.get("type", "")).startswith("charge.dispute.") or about.get("object") != "dispute":
        return None
    told = message.get("created")
    return DisputeTold(
        str(about["id"]), int(about["amount"]), str(about.get("reason", ""))[:60], str(about.get("status", ""))[:40],
        datetime.fromtimestamp(told, UTC) if isinstance(told, int) else None,
    )  # fmt: skip


def refund_told(refund: Facts) -> RefundTold:
    """What a refund says. It carries our key in its metadata where we asked for it."""
    metadata = dict(refund.get("metadata") or {})
    return RefundTold(
        str(refund["id"]), _money(refund["amount"], refund["currency"]),
        has_failed=refund["status"] in ("failed", "canceled"), key=str(metadata.get("refund", "")),
    )  # fmt: skip


def is_about_refund(message: Mapping[str, Any]) -> bool:
    return str(message.get("type", "")).startswith(ABOUT_REFUNDS)


def message_of(body: Mapping[str, Any]) -> ProviderMessage:
    """An event in our words. Raises KeyError or TypeError for what is none."""
    return ProviderMessage(str(body["id"]), str(body["type"]), kept_of(body))


def kept_of(body: Mapping[str, Any]) -> Facts:
    """What the inbox keeps of a message: who and what, and nothing of the shopper or the card."""
    about = dict(body["data"]["object"])
    kept = {name: about[name] for name in KEPT if name in about}
    if isinstance(kept.get("payment_intent"), dict):
        kept["payment_intent"] = kept["payment_intent"].get("id")
    return {"id": body["id"], "type": body["type"], "created": body.get("created"), "data": {"object": kept}}


def card_print(facts: Mapping[str, Any]) -> str:
    """A name for the card that is not its number, the same for every attempt with it; empty when Stripe gave none."""
    error = facts.get("e") or facts.get("last_payment_error") or {}
    for holder in (_charge(facts).get("payment_method_details"), error.get("payment_method")):
        card = holder.get("card") if isinstance(holder, dict) else None
        if isinstance(card, dict) and (told := _print(card)):
            return told
    return ""


def _kept_with(facts: Facts) -> CardFacts | None:
    """The card that Stripe keeps after this purchase; None when none was to be kept, or what paid is no card."""
    details = _charge(facts).get("payment_method_details")
    card = details.get("card") if isinstance(details, dict) else None
    if not (facts.get("customer") and facts.get("setup_future_usage") and isinstance(card, dict)):
        return None
    method = facts.get("payment_method")
    reference = method.get("id") if isinstance(method, dict) else method
    return _card_facts(str(reference), card) if reference else None


def _card_facts(reference: str, card: Mapping[str, Any]) -> CardFacts:
    return CardFacts(
        reference,
        brand=str(card["brand"]),
        last4=str(card["last4"]),
        exp_month=int(card["exp_month"]),
        exp_year=int(card["exp_year"]),
        card_print=_print(card),
    )


def _print(card: Mapping[str, Any]) -> str:
    return hashlib.sha256(str(card["fingerprint"]).encode()).hexdigest()[:32] if card.get("fingerprint") else ""


def _reason(error: Mapping[str, Any]) -> str:
    told = str(error.get("decline_code") or error.get("code") or "")
    told = SAME_AS.get(told, told)
    return told if told in REASONS or told in SAME_AS.values() else "card_declined"


def _way_to_the_bank(facts: Facts) -> str:
    action = facts["next_action"]
    return str(action["redirect_to_url"]["url"])


def _label(facts: Facts) -> str:
    details = _charge(facts).get("payment_method_details")
    card = details.get("card") if isinstance(details, dict) else None
    if not isinstance(card, dict) or not card.get("last4"):
        return ""
    wallet = (card.get("wallet") or {}).get("type", "") if isinstance(card.get("wallet"), dict) else ""
    name = card_words(str(card.get("brand") or "card"), str(card["last4"]))
    return f"{WALLETS[wallet]}, {name}" if wallet in WALLETS else name


def _charge(facts: Mapping[str, Any]) -> Facts:
    charge = facts.get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _money(minor: Any, currency: Any) -> Money:
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise TypeError("no amount")
    return Money(minor, str(currency).upper())

"""Stripe through its own SDK. No Stripe object, word or exception leaves this module."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import stripe
import structlog

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, MessageRefused
from kidspetite.sales.payments.providers import stripe_words as words
from kidspetite.sales.payments.providers.stripe_line import StripeLine, body_of, facts_of, in_our_words, once
from kidspetite.sales.payments.providers.stripe_words import Facts
from kidspetite.sales.payments.types import (
    CARD_GONE,
    HOSTED,
    PAYER_GONE,
    Capture,
    Charge,
    ChargeName,
    DisputeTold,
    KnownCharge,
    Outcome,
    ProviderMessage,
    RefundTold,
    Result,
)

log = structlog.get_logger(__name__)

METHOD = re.compile(r"(pm|ctoken)_[A-Za-z0-9_]{3,100}")
SIGNED_WITHIN = 300
MOST_LISTED = 2000
TWICE_SENT = 300
WITH_CARD = ["latest_charge"]
FOR_LATER = "off_session"


class StripeGateway:
    """The PaymentGateway port over PaymentIntents, and ProviderNews over Stripe's webhooks.

    A method is a payment method (`pm_…`), a confirmation token of the Payment or Express Checkout Element (`ctoken_…`),
    or `hosted`: Stripe's own page, for shoppers without JavaScript.
    """

    code = "stripe"

    def __init__(self, *, secret_key: str, api_base: str, webhook_secret: str = "", timeout: float = 10.0) -> None:
        self._webhook_secret = webhook_secret
        self._is_live = secret_key.startswith(("sk_live_", "rk_live_"))
        self._line = StripeLine(secret_key=secret_key, api_base=api_base, timeout=timeout)
        self._client = self._line.client

    def accepts(self, method: str) -> bool:
        return method == HOSTED or METHOD.fullmatch(method) is not None

    def charge(self, charge: Charge) -> Outcome:
        if charge.method == HOSTED:
            return self._hosted_page(charge)
        name = "confirmation_token" if charge.method.startswith("ctoken_") else "payment_method"
        asked: Any = {
            "amount": charge.amount.minor,
            "currency": charge.amount.currency.lower(),
            "confirm": True,
            name: charge.method,
            "automatic_payment_methods": {"enabled": True},
            "capture_method": _capture_method(charge),
            "description": f"Order {charge.order_number}",
            "return_url": charge.return_url,
            "metadata": _metadata(charge),
            "expand": WITH_CARD,
            **_for_payer(charge),
        }
        with in_our_words(charge.key):
            try:
                intent = self._line.tried(lambda: self._client.payment_intents.create(asked, once(charge.key)))
            except stripe.CardError as error:
                return words.outcome_of_decline(body_of(error))
            except stripe.InvalidRequestError as error:
                if reason := _what_is_gone(error, name, charge):
                    return Outcome(Result.DECLINED, reason=reason)
                raise
            return words.outcome(facts_of(intent))

    def outcome_of(self, known: KnownCharge) -> Outcome | None:
        with in_our_words(known.key):
            found = self._found(known)
        return words.outcome(found) if found else None

    def capture(self, known: KnownCharge, amount: Money, *, key: str) -> Outcome:
        asked: Any = {"amount_to_capture": amount.minor, "expand": WITH_CARD}
        intents = self._client.payment_intents
        with in_our_words(key):
            return words.outcome(
                self._moved(
                    known.reference, lambda: intents.capture(known.reference, asked, once(f"{key}:{amount.minor}"))
                )
            )

    def give_up(self, known: KnownCharge) -> Outcome | None:
        """A charge that Stripe never heard of gets a tombstone: its key is used up by an intent that nobody can pay,
        so that the call that was lost cannot arrive after all."""
        with in_our_words(known.key):
            found = self._found(known) or self._tombstone(known)
            return words.outcome(self._ended(found, known)) if found else None

    def refund(self, known: KnownCharge, amount: Money, *, key: str) -> str:
        # Looked for before it is made, because Stripe forgets our keys after a day and we do not.
        asked: Any = {"payment_intent": known.reference, "amount": amount.minor, "metadata": {"refund": key}}
        with in_our_words(key):
            made = self._refund_made(known, key) or facts_of(
                self._line.tried(lambda: self._client.refunds.create(asked, once(key)))
            )
        if made["status"] in ("failed", "canceled"):
            raise GatewayRefused(key=key, why=str(made.get("failure_reason") or made["status"]))
        return str(made["id"])

    def refunds_of(self, known: KnownCharge) -> tuple[RefundTold, ...]:
        with in_our_words(known.key):
            return tuple(words.refund_told(each) for each in self._refunds(known))

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> ProviderMessage:
        try:
            event = stripe.Webhook.construct_event(
                raw, headers.get("Stripe-Signature", ""), self._webhook_secret, tolerance=SIGNED_WITHIN
            )
            body = facts_of(event)
            message = words.message_of(body)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise MessageRefused(why=type(fault).__name__) from fault
        if body.get("account") or bool(body.get("livemode")) is not self._is_live:
            raise MessageRefused(why="another account or mode")
        return message

    def named_in(self, message: Mapping[str, Any]) -> ChargeName | None:
        return words.named_in(message)

    def dispute_in(self, message: Mapping[str, Any]) -> DisputeTold | None:
        return words.dispute_in(message)

    def is_about_refund(self, message: Mapping[str, Any]) -> bool:
        return words.is_about_refund(message)

    def told_between(self, since: datetime, until: datetime) -> list[ProviderMessage]:
        asked: Any = {
            "types": list(words.MOVES_MONEY),
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "limit": 100,
        }
        with in_our_words("news"):
            page = self._line.tried(lambda: self._client.events.list(asked))
            found = [message for event in page.auto_paging_iter() if (message := _readable(facts_of(event)))]
            return found[::-1]

    def register_domain(self, domain: str) -> dict[str, str]:
        """Tell Stripe that wallets may be shown on this domain; gives how each of them stands. Beyond the port."""
        asked: Any = {"domain_name": domain, "enabled": True}
        with in_our_words(domain):
            domains = self._client.payment_method_domains
            made = facts_of(self._line.tried(lambda: domains.create(asked, once(f"domain:{domain}"))))
            return {name: str(dict(made.get(name) or {}).get("status", "")) for name in words.WALLETS}

    def _hosted_page(self, charge: Charge) -> Outcome:
        item: Any = {
            "quantity": 1,
            "price_data": {
                "currency": charge.amount.currency.lower(),
                "unit_amount": charge.amount.minor,
                "product_data": {"name": f"Order {charge.order_number}"},
            },
        }
        asked: Any = {
            "mode": "payment",
            "line_items": [item],
            "client_reference_id": charge.order_number,
            "success_url": charge.return_url,
            "cancel_url": charge.return_url,
            "metadata": _metadata(charge),
            "payment_intent_data": {"metadata": _metadata(charge), "capture_method": _capture_method(charge)},
        }
        if charge.payer:
            asked["customer"] = charge.payer
            if charge.keeps_card:
                asked["payment_intent_data"]["setup_future_usage"] = FOR_LATER
        with in_our_words(charge.key):
            page = self._line.tried(lambda: self._client.checkout.sessions.create(asked, once(charge.key)))
            return words.outcome_of_page(facts_of(page))

    def _found(self, known: KnownCharge) -> Facts | None:
        """The intent or hosted page as it stands now. Without a reference it is looked for among those of its hour,
        because Stripe's search lags behind, and a list does not."""
        if known.reference.startswith("cs_"):
            sessions = self._client.checkout.sessions
            expand = ["payment_intent", "payment_intent.latest_charge"]
            return _ours(
                facts_of(self._line.tried(lambda: sessions.retrieve(known.reference, {"expand": expand}))), known
            )
        if known.reference:
            intents = self._client.payment_intents
            return _ours(
                facts_of(self._line.tried(lambda: intents.retrieve(known.reference, {"expand": WITH_CARD}))), known
            )
        return self._listed(known)

    def _listed(self, known: KnownCharge) -> Facts | None:
        begun = int(known.begun_at.timestamp())
        asked: Any = {
            "created": {"gte": begun - 60, "lte": begun + 3600},
            "limit": 100,
            "expand": ["data.latest_charge"],
        }
        page = self._line.tried(lambda: self._client.payment_intents.list(asked))
        for number, intent in enumerate(page.auto_paging_iter()):
            if dict(facts_of(intent).get("metadata") or {}).get("payment") == known.key:
                return facts_of(intent)
            if number >= MOST_LISTED:
                break
        return None

    def _tombstone(self, known: KnownCharge) -> Facts | None:
        asked: Any = {
            "amount": known.amount.minor,
            "currency": known.amount.currency.lower(),
            "description": "Given up before it arrived",
            "metadata": {"payment": known.key},
        }
        try:
            return facts_of(self._line.tried(lambda: self._client.payment_intents.create(asked, once(known.key))))
        except stripe.IdempotencyError as error:
            if found := self._listed(known):
                return found
            if (clock.now() - known.begun_at).total_seconds() < TWICE_SENT:
                raise GatewayUnreachable(key=known.key) from error
            return None  # the key was spent on a call that made nothing, and can make nothing any more

    def _ended(self, found: Facts, known: KnownCharge) -> Facts:
        if found["object"] == "checkout.session":
            if found["status"] != "open":
                return found
            page = self._client.checkout.sessions
            return facts_of(self._line.tried(lambda: page.expire(found["id"], {}, once(f"expire:{known.key}"))))
        if found["status"] in ("succeeded", "canceled"):
            return found
        intents = self._client.payment_intents
        return self._moved(found["id"], lambda: intents.cancel(found["id"], {}, once(f"cancel:{known.key}")))

    def _moved(self, reference: str, call: Callable[[], Any]) -> Facts:
        """What an intent looks like after a step; where it had taken another one before us, how it stands now."""
        try:
            return facts_of(self._line.tried(call))
        except stripe.InvalidRequestError as error:
            if error.code != "payment_intent_unexpected_state":
                raise
            intents = self._client.payment_intents
            return facts_of(self._line.tried(lambda: intents.retrieve(reference, {"expand": WITH_CARD})))

    def _refund_made(self, known: KnownCharge, key: str) -> Facts | None:
        return next((each for each in self._refunds(known) if words.refund_told(each).key == key), None)

    def _refunds(self, known: KnownCharge) -> list[Facts]:
        made = self._line.tried(lambda: self._client.refunds.list({"payment_intent": known.reference, "limit": 100}))
        return [facts_of(each) for each in made.auto_paging_iter()]


def _ours(found: Facts, known: KnownCharge) -> Facts:
    """A reference that leads to somebody else's charge is our mistake, not news."""
    if dict(found.get("metadata") or {}).get("payment") != known.key:
        raise GatewayUnreachable(key=known.key, why="the reference names another charge")
    return found


def _readable(event: Facts) -> ProviderMessage | None:
    """One event that nobody understands must not hide all that come after it."""
    try:
        return words.message_of(event)
    except (KeyError, TypeError, ValueError):
        log.warning("event_unreadable", event=str(event.get("id", ""))[:60])
        return None


def _for_payer(charge: Charge) -> dict[str, str]:
    if not charge.payer:
        return {}
    return {"customer": charge.payer} | ({"setup_future_usage": FOR_LATER} if charge.keeps_card else {})


def _what_is_gone(error: stripe.InvalidRequestError, name: str, charge: Charge) -> str:
    """What Stripe knows no more: the token that was typed, a card it kept, or the payer; empty for other faults."""
    if error.code == "resource_missing" and error.param == "customer":
        return PAYER_GONE
    if error.code in ("resource_missing", "payment_intent_unexpected_state") and error.param == name:
        return CARD_GONE if charge.payer and name == "payment_method" else "token_gone"
    return ""


def _capture_method(charge: Charge) -> str:
    return "manual" if charge.capture is Capture.AT_SHIPPING else "automatic"


def _metadata(charge: Charge) -> dict[str, str]:
    return {"order": charge.order_number, "payment": charge.key}

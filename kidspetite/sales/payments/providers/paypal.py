"""PayPal's Orders v2 behind the PaymentGateway port. No PayPal word or exception leaves this module."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, MessageRefused
from kidspetite.sales.payments.providers import paypal_words as words
from kidspetite.sales.payments.providers.paypal_line import Facts, PayPalLine, Refusal, in_our_words
from kidspetite.sales.payments.types import (
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

METHOD = "paypal"
ORDERS, PAYMENTS = "/v2/checkout/orders", "/v2/payments"
VERIFY = "/v1/notifications/verify-webhook-signature"
ORDER_ID = re.compile(r"[A-Z0-9]{1,36}")
SIGNED = re.compile(r"(?!\d+$)\w\S+")
SIGNATURE = {
    "transmission_id": ("PayPal-Transmission-Id", 50),
    "transmission_time": ("PayPal-Transmission-Time", 100),
    "transmission_sig": ("PayPal-Transmission-Sig", 500),
    "cert_url": ("PayPal-Cert-Url", 500),
    "auth_algo": ("PayPal-Auth-Algo", 100),
}


class PayPalGateway:
    """The PaymentGateway port over PayPal's orders, and ProviderNews over its webhooks.

    A charge is an order that the shopper approves on PayPal's page. Nothing moves until we take it, so an approved
    order that is not ours to take any more is simply left, and lapses there.
    """

    code = "paypal"

    def __init__(
        self, *, client_id: str, client_secret: str, api_base: str, webhook_id: str = "", timeout: float = 10.0
    ) -> None:
        self._line = PayPalLine(client_id=client_id, client_secret=client_secret, api_base=api_base, timeout=timeout)
        self._webhook_id = webhook_id
        self._door = threading.BoundedSemaphore(1)

    def accepts(self, method: str) -> bool:
        return method == METHOD

    def charge(self, charge: Charge) -> Outcome:
        with in_our_words(charge.key):
            if charge.reference:
                return self._taken(charge.reference, charge)
            order = self._line.step(ORDERS, words.order_request(charge), once=charge.key)
            found = words.outcome(order)
            if found.amount != charge.amount:
                raise GatewayUnreachable(key=charge.key, why="the key was used for another amount")
            return self._taken(found.reference, charge) if found.result is Result.APPROVED else found

    def outcome_of(self, known: KnownCharge) -> Outcome | None:
        """An order that we never heard the name of cannot have been approved: nobody was shown the way there."""
        if not known.reference:
            return None
        with in_our_words(known.key):
            order = self._order(known)
            return words.outcome(order) if order else _ended(known)

    def capture(self, known: KnownCharge, amount: Money, *, key: str) -> Outcome:
        # Looked at before it is taken: PayPal would take a little more than it holds, and we never want that.
        with in_our_words(key):
            order = self._needed_order(known)
            if words.capture_of(order):
                return _same_again(words.outcome(order), amount, key)
            hold = words.hold_of(order)
            if hold is None or amount > words.money(hold["amount"]):
                raise GatewayRefused(key=key, why="it holds no such amount")
            told = {"amount": words.amount_of(amount), "final_capture": True}
            try:
                self._line.step(
                    f"{PAYMENTS}/authorizations/{hold['id']}/capture", told, once=f"{known.key}:take:{amount.minor}"
                )
            except Refusal as refusal:
                if refusal.issue not in words.MOVED_ON:
                    raise
            return words.outcome(self._needed_order(known))

    def give_up(self, known: KnownCharge) -> Outcome | None:
        if not known.reference:
            return None
        with in_our_words(known.key):
            order = self._order(known)
            if order and (hold := words.hold_of(order)):
                try:
                    self._line.step(f"{PAYMENTS}/authorizations/{hold['id']}/void")
                except Refusal as refusal:
                    if refusal.issue not in words.MOVED_ON:
                        raise
                order = self._order(known)
            found = words.outcome(order) if order else _ended(known)
            return found if found.result in (Result.CAPTURED, Result.AUTHORISED, Result.UNKNOWN) else _ended(known)

    def refund(self, known: KnownCharge, amount: Money, *, key: str) -> str:
        # Looked for before it is made, because PayPal forgets our keys after 45 days and we do not.
        with in_our_words(key):
            order = self._needed_order(known)
            number = f"{_ours(known)}{key}"
            made = next((each for each in words.refunds_of(order, _ours(known)) if each.key == key), None)
            if made:
                has_failed, reference = made.has_failed, made.reference
            else:
                took = words.capture_of(order)
                if took is None:
                    raise GatewayRefused(key=key, why="nothing was taken")
                told = {"amount": words.amount_of(amount), "invoice_id": number}
                answer = self._line.step(f"{PAYMENTS}/captures/{took['id']}/refund", told, once=number)
                has_failed, reference = words.has_failed(answer), str(answer["id"])
        if has_failed:
            raise GatewayRefused(key=key, why="the refund failed")
        return reference

    def refunds_of(self, known: KnownCharge) -> tuple[RefundTold, ...]:
        with in_our_words(known.key):
            return words.refunds_of(self._needed_order(known), _ours(known))

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> ProviderMessage:
        """PayPal is asked whether it signed these very bytes: one message at a time, the others may come again."""
        signature = _signature_in(headers)
        try:
            body = json.loads(raw)
            message = ProviderMessage(str(body["id"]), str(body["event_type"]), words.kept_of(body))
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise MessageRefused(why=type(fault).__name__) from fault
        told = json.dumps({**signature, "webhook_id": self._webhook_id})
        if not self._door.acquire(blocking=False):
            raise GatewayUnreachable(why="another message is being checked")
        try:
            with in_our_words(message.external_id):
                answer = self._line.step_raw(VERIFY, f'{told[:-1]}, "webhook_event": '.encode() + raw + b"}")
        except GatewayRefused as refusal:
            raise MessageRefused(why=str(refusal.facts.get("why"))) from refusal
        finally:
            self._door.release()
        if answer.get("verification_status") == "FAILURE":
            raise MessageRefused(why="not signed by PayPal for us")
        if answer.get("verification_status") != "SUCCESS":
            raise GatewayUnreachable(why="no verdict")
        return message

    def named_in(self, message: Mapping[str, Any]) -> ChargeName | None:
        return words.named_in(message)

    def dispute_in(self, message: Mapping[str, Any]) -> DisputeTold | None:
        return words.dispute_in(message)

    def is_about_refund(self, message: Mapping[str, Any]) -> bool:
        return words.is_about_refund(message)

    def told_between(self, since: datetime, until: datetime) -> None:
        return None  # its orders tell what became of them, and nothing lists those of a day at once

    def _taken(self, reference: str, charge: Charge) -> Outcome:
        """Take what the shopper approved, or have it held. What was taken before is told as it is."""
        step = "authorize" if charge.capture is Capture.AT_SHIPPING else "capture"
        try:
            order = self._line.step(f"{ORDERS}/{_id(reference)}/{step}", {}, once=f"{charge.key}:{step}")
        except Refusal as refusal:
            if refusal.issue in words.DECLINES:
                return Outcome(Result.DECLINED, reference, reason=words.DECLINED)
            if refusal.issue not in words.MOVED_ON:
                raise
            order = self._line.look(f"{ORDERS}/{_id(reference)}")
        return words.outcome(order)

    def _order(self, known: KnownCharge) -> Facts | None:
        """The order as it stands now; None for one that PayPal has forgotten, as it does with those never approved."""
        try:
            order = self._line.look(f"{ORDERS}/{_id(known.reference)}")
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise
        if words.unit_of(order).get("custom_id") != known.key:
            raise GatewayUnreachable(key=known.key, why="the reference names another charge")
        return order

    def _needed_order(self, known: KnownCharge) -> Facts:
        order = self._order(known) if known.reference else None
        if order is None:
            raise GatewayRefused(key=known.key, why="PayPal knows no such order")
        return order


def _ended(known: KnownCharge) -> Outcome:
    return Outcome(Result.DECLINED, known.reference, reason=words.GIVEN_UP)


def _same_again(found: Outcome, amount: Money, key: str) -> Outcome:
    if found.captured != amount:
        raise GatewayRefused(key=key, why="another amount was taken")
    return found


def _ours(known: KnownCharge) -> str:
    """How invoice numbers of refunds begin that we asked for: theirs is a shop's whole account, so ours must be told
    apart even from those of a trial shop beside it."""
    return f"{known.key[:16]}:"


def _id(reference: str) -> str:
    """Only what can be a name of PayPal's becomes part of an address."""
    if not ORDER_ID.fullmatch(reference):
        raise ValueError(reference)
    return reference


def _signature_in(headers: Mapping[str, str]) -> dict[str, str]:
    """What PayPal signed with. Raises MessageRefused for what cannot be a signature, without asking anybody."""
    told = {name: headers.get(header, "") for name, (header, _) in SIGNATURE.items()}
    cert = urlsplit(told["cert_url"])
    is_whole = all(0 < len(told[name]) <= longest for name, (_, longest) in SIGNATURE.items())
    is_shaped = SIGNED.fullmatch(told["transmission_id"]) and SIGNED.fullmatch(told["transmission_sig"])
    is_theirs = cert.scheme == "https" and (cert.hostname or "").endswith(".paypal.com")
    if not (is_whole and is_shaped and is_theirs and told["auth_algo"].isalnum() and _is_moment(told)):
        raise MessageRefused(why="no signature")
    return told


def _is_moment(told: dict[str, str]) -> bool:
    try:
        return datetime.fromisoformat(told["transmission_time"]).tzinfo is not None
    except ValueError:
        return False

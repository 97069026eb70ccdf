"""The part of the fake Stripe that keeps cards: customers, payment methods, and the intents that set them up."""

from __future__ import annotations

import itertools
import secrets
import time
import zlib
from typing import Any

from tests.fakes.stripe_errors import ASKS, DECLINES, OF_THE_CARD, Refused

BRANDS = {"mastercard": ("mastercard", "4444"), "amex": ("amex", "8431")}


class Vault:
    """Whose cards are kept. Tests believe this, not the shop."""

    def __init__(self) -> None:
        self.customers: dict[str, dict[str, Any]] = {}
        self.methods: dict[str, dict[str, Any]] = {}
        self.wishes: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self._kinds: dict[str, str] = {}
        self._count = itertools.count(1)
        self._salt = secrets.token_hex(4)

    # --- What tests ask and do

    def cards_of(self, customer_id: str) -> list[str]:
        return [each["id"] for each in self.methods.values() if each["customer"] == customer_id]

    def approve(self, wish_id: str) -> None:
        """The shopper said yes on the bank's page."""
        self._keep(self.wishes[wish_id])

    def refuse(self, wish_id: str) -> None:
        error = _error_of("payment_intent_authentication_failure")
        error["code"] = "setup_intent_authentication_failure"
        self.wishes[wish_id].update(status="requires_payment_method", next_action=None, last_setup_error=error)

    def fill_page(self, page_id: str, card: str = "visa") -> None:
        """The shopper types a card on the hosted page."""
        page = self.pages[page_id]
        wish = self._wish({"customer": page["customer"], "metadata": page["metadata"]}, card)
        self._keep(wish)
        page.update(status="complete", setup_intent=wish["id"])

    def lose_customer(self, customer_id: str) -> None:
        """Somebody deleted the customer in Stripe's dashboard."""
        del self.customers[customer_id]
        self.methods = {key: each for key, each in self.methods.items() if each["customer"] != customer_id}

    # --- What the shop calls

    def call(self, method: str, path: str, told: dict[str, Any], *, base: str) -> dict[str, Any]:
        match (method, *path.strip("/").split("/")[1:]):
            case ("POST", "customers"):
                return self._open_customer(told)
            case ("GET", "customers", customer_id, "payment_methods"):
                found = [self.methods[each] for each in self.cards_of(self._customer(customer_id)["id"])]
                return {"object": "list", "data": found, "has_more": False, "url": path}
            case ("POST", "setup_intents"):
                return self._set_up(told, base)
            case ("GET", "setup_intents", wish_id):
                return self._shown(self.wishes[wish_id])
            case ("POST", "payment_methods", card_id, "detach"):
                return self._detach(card_id)
        raise Refused(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")

    def paying_with(self, told: dict[str, Any], method: str) -> str:
        """What a charge is paid with: a kept card stands for the token it was made of, for its own customer only."""
        if told.get("customer"):
            self._customer(told["customer"])
        kept = self.methods.get(method)
        if kept is None:
            return method
        if kept["customer"] != told.get("customer"):
            words = "The provided PaymentMethod belongs to a Customer. Include it in the `customer` parameter."
            raise Refused(400, "invalid_request_error", words, "resource_missing", param="payment_method")
        return f"pm_card_{self._kinds[method]}"

    def used_for(self, intent: dict[str, Any], method: str) -> str | None:
        """The payment method of a charge that came through; kept, when that was asked for."""
        if not (intent["customer"] and intent["setup_future_usage"]):
            return None
        return self._attached(intent["customer"], method.rpartition("card_")[2])

    def open_page(self, told: dict[str, Any], base: str) -> dict[str, Any]:
        """A hosted page that only takes a card."""
        page_id = f"cs_test_{self._salt}s{next(self._count):05}"
        self.pages[page_id] = {
            "id": page_id, "object": "checkout.session", "mode": "setup", "status": "open", "setup_intent": None,
            "customer": self._customer(told["customer"])["id"], "metadata": told["metadata"], "livemode": False,
            "url": f"{base}/pay/{page_id}",
        }  # fmt: skip
        return dict(self.pages[page_id])

    def page(self, page_id: str) -> dict[str, Any]:
        page = dict(self.pages[page_id])
        return page | {"setup_intent": self._shown(self.wishes[page["setup_intent"]]) if page["setup_intent"] else None}

    def _open_customer(self, told: dict[str, Any]) -> dict[str, Any]:
        customer = {
            "id": f"cus_{self._salt}{next(self._count):06}", "object": "customer", "created": int(time.time()),
            "livemode": False, "email": told.get("email"), "metadata": told.get("metadata", {}),
        }  # fmt: skip
        self.customers[customer["id"]] = customer
        return customer

    def _set_up(self, told: dict[str, Any], base: str) -> dict[str, Any]:
        if "payment_method_types" in told:
            raise Refused(400, "invalid_request_error", "No longer.", "payment_method_types_no_longer_supported")
        self._customer(told["customer"])
        name = "confirmation_token" if "confirmation_token" in told else "payment_method"
        method = told.get(name, "")
        if "card_" not in method:
            raise Refused(400, "invalid_request_error", f"No such {name}.", "resource_missing", param=name)
        card = method.rpartition("card_")[2]
        wish = self._wish(told, card)
        if card in DECLINES:
            error = _error_of(DECLINES[card]) | {"payment_method": self._method(None, card)}
            wish.update(status="requires_payment_method", last_setup_error=error)
            kind, words, code = error["type"], error["message"], error["code"]
            facts = {name: error[name] for name in ("decline_code", "payment_method") if name in error}
            raise Refused(402, kind, words, code, setup_intent=dict(wish), **facts)
        if card in ASKS:
            url = {"url": f"{base}/bank/{wish['id']}", "return_url": told.get("return_url")}
            wish.update(status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": url})
        else:
            self._keep(wish)
        return self._shown(wish)

    def _wish(self, told: dict[str, Any], card: str) -> dict[str, Any]:
        wish_id = f"seti_{self._salt}{next(self._count):06}"
        self.wishes[wish_id] = {
            "id": wish_id, "object": "setup_intent", "created": int(time.time()), "livemode": False,
            "customer": told["customer"], "metadata": told.get("metadata", {}), "payment_method": None,
            "payment_method_types": ["card"], "status": "requires_confirmation", "usage": "off_session",
            "next_action": None, "last_setup_error": None,
        }  # fmt: skip
        self._kinds[wish_id] = card
        return self.wishes[wish_id]

    def _keep(self, wish: dict[str, Any]) -> None:
        card_id = self._attached(wish["customer"], self._kinds[wish["id"]])
        wish.update(status="succeeded", next_action=None, payment_method=card_id)

    def _attached(self, customer_id: str, card: str) -> str:
        kept = self._method(customer_id, card)
        self.methods[kept["id"]] = kept
        self._kinds[kept["id"]] = card
        return kept["id"]

    def _method(self, customer_id: str | None, card: str) -> dict[str, Any]:
        return {
            "id": f"pm_{self._salt}{next(self._count):06}", "object": "payment_method", "type": "card",
            "created": int(time.time()), "livemode": False, "billing_details": {}, "customer": customer_id,
            "card": card_of(card),
        }  # fmt: skip

    def _detach(self, card_id: str) -> dict[str, Any]:
        if card_id not in self.methods:
            words = "The payment method you provided is not attached to a customer so detachment is impossible."
            raise Refused(400, "invalid_request_error", words)
        return self.methods.pop(card_id) | {"customer": None}

    def _shown(self, wish: dict[str, Any]) -> dict[str, Any]:
        return wish | {"payment_method": self.methods.get(wish["payment_method"] or "")}

    def _customer(self, customer_id: str) -> dict[str, Any]:
        if customer_id not in self.customers:
            words = f"No such customer: '{customer_id}'"
            raise Refused(400, "invalid_request_error", words, "resource_missing", param="customer")
        return self.customers[customer_id]


def card_of(kind: str) -> dict[str, Any]:
    """A card by the end of its token. Its print is the same for every token of it."""
    brand, last4 = BRANDS.get(kind, ("visa", "4242"))
    return {
        "brand": brand, "last4": last4, "exp_month": 8, "exp_year": 2024 if kind == "old" else 2030, "wallet": None,
        "funding": "credit", "country": "US", "fingerprint": f"fp{zlib.crc32(kind.encode())}",
    }  # fmt: skip


def _error_of(reason: str) -> dict[str, Any]:
    code = reason if reason in OF_THE_CARD else "card_declined"
    return {"type": "card_error", "code": code, "decline_code": reason, "message": "Your card was declined."}

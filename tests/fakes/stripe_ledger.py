"""What the fake Stripe knows and does, without HTTP: intents, refunds, hosted pages, events."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import Any

from tests.fakes.stripe_errors import ASKS, DECLINES, OF_THE_CARD, Refused
from tests.fakes.stripe_events import dispute_of, event_of, listed
from tests.fakes.stripe_vault import Vault, card_of

SLOW = "processing"


class Ledger:
    """Who was charged, and what went back. Tests believe this, not the shop."""

    def __init__(self) -> None:
        self.intents: dict[str, dict[str, Any]] = {}
        self.cards: dict[str, str] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.vault = Vault()
        self.events: list[dict[str, Any]] = []
        self._count = itertools.count(1)
        self._salt = secrets.token_hex(4)

    # --- What tests ask and do

    def taken(self, key: str) -> int:
        """Cents taken under a key of ours and not given back."""
        return sum(
            intent["amount_received"] - self._refunded(intent["id"])
            for intent in self.intents.values()
            if intent["metadata"].get("payment") == key
        )

    def captures(self, key: str) -> int:
        """How many times money was taken for a payment; more than one is a double charge."""
        return sum(
            intent["status"] == "succeeded" and intent["metadata"].get("payment") == key
            for intent in self.intents.values()
        )

    def approve(self, intent_id: str) -> None:
        """The shopper said yes on the bank's page."""
        self._take(self.intents[intent_id])

    def refuse(self, intent_id: str) -> None:
        intent = self.intents[intent_id]
        self._decline(intent, "payment_intent_authentication_failure")

    def settle(self, intent_id: str) -> None:
        """What was processing has come through."""
        self._take(self.intents[intent_id])

    def pay_page(self, page_id: str, card: str = "visa") -> str:
        """The shopper pays on the hosted page; gives the intent's id."""
        page = self.pages[page_id]
        assert page["status"] == "open", page["status"]
        told = page["told"]
        data = told["payment_intent_data"]
        intent = self._open(
            {"amount": page["amount_total"], "currency": page["currency"], "metadata": data["metadata"],
             "capture_method": data["capture_method"], "customer": told.get("customer"),
             "setup_future_usage": data.get("setup_future_usage")}, f"pm_card_{card}",
        )  # fmt: skip
        self._take(intent)
        page.update(status="complete", payment_status="paid", payment_intent=intent["id"])
        self._tell("checkout.session.completed", _shown_page(page))
        return intent["id"]

    def refund_outside(self, intent_id: str, amount: int) -> dict[str, Any]:
        """Somebody pressed Refund in Stripe's dashboard."""
        return self._refund({"payment_intent": intent_id, "amount": amount, "metadata": {}})

    def fail_refund(self, refund_id: str) -> None:
        """The shopper's bank sent a refund back."""
        self.refunds[refund_id].update(status="failed", failure_reason="expired_or_canceled_card")
        self._tell("refund.failed", self.refunds[refund_id])

    def dispute(self, intent_id: str, status: str) -> None:
        """The shopper's bank wants it back; or that dispute stands so now."""
        is_known = any(each["data"]["object"]["id"] == f"dp_{intent_id[3:]}" for each in self.events)
        self._tell(*dispute_of(self.intents[intent_id], status, is_known=is_known))

    # --- What the shop calls

    def call(self, method: str, path: str, told: dict[str, Any], *, base: str) -> dict[str, Any]:
        match (method, *path.strip("/").split("/")[1:]):
            case ("POST", "payment_intents"):
                return self._create(told, base)
            case ("GET", "payment_intents"):
                return self._list(told)
            case ("GET", "payment_intents", intent_id):
                return self._shown(self._known(intent_id), told)
            case ("POST", "payment_intents", intent_id, "capture"):
                return self._capture(self._known(intent_id), told)
            case ("POST", "payment_intents", intent_id, "cancel"):
                return self._cancel(self._known(intent_id))
            case ("POST", "refunds"):
                return self._refund(told)
            case ("GET", "refunds"):
                found = [each for each in self.refunds.values() if each["payment_intent"] == told.get("payment_intent")]
                return {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}
            case (_, "customers" | "setup_intents" | "payment_methods", *_):
                return self.vault.call(method, path, told, base=base)
            case ("GET", "events"):
                return listed(self.events, told)
            case ("POST", "payment_method_domains"):
                return _domain(told["domain_name"])
            case ("POST", "checkout", "sessions"):
                return self._open_page(told, base)
            case ("GET", "checkout", "sessions", page_id):
                return self._page(page_id, told)
            case ("POST", "checkout", "sessions", page_id, "expire"):
                return self._expire(page_id)
        raise Refused(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")

    def _create(self, told: dict[str, Any], base: str) -> dict[str, Any]:
        if "payment_method_types" in told:
            raise Refused(400, "invalid_request_error", "No longer.", "payment_method_types_no_longer_supported")
        if int(told["amount"]) < 50:
            raise Refused(400, "invalid_request_error", "Amount must be at least 50 cents.", "amount_too_small")
        name = "confirmation_token" if "confirmation_token" in told else "payment_method"
        method = told.get(name, "")
        method = self.vault.paying_with(told, method)
        if told.get("confirm") == "true" and "card_" not in method:
            raise Refused(400, "invalid_request_error", f"No such {name}.", "resource_missing", param=name)
        intent = self._open(told, method)
        if told.get("confirm") == "true":
            self._confirm(intent, method.rpartition("card_")[2], told, base)
        return self._shown(intent, told)

    def _open(self, told: dict[str, Any], method: str) -> dict[str, Any]:
        number = next(self._count)
        intent = {
            "id": f"pi_{self._salt}{number:06}", "object": "payment_intent", "amount": int(told["amount"]),
            "amount_capturable": 0, "amount_received": 0, "automatic_payment_methods": {"enabled": True},
            "capture_method": told.get("capture_method", "automatic"), "confirmation_method": "automatic",
            "client_secret": f"pi_{number}_secret_{secrets.token_hex(8)}", "created": int(time.time()),
            "currency": told["currency"], "customer": told.get("customer"),
            "setup_future_usage": told.get("setup_future_usage"), "description": told.get("description"),
            "last_payment_error": None, "latest_charge": None, "livemode": False, "metadata": told.get("metadata", {}),
            "next_action": None, "payment_method": None, "payment_method_types": ["card", "link"],
            "status": "requires_payment_method", "cancellation_reason": None, "canceled_at": None,
        }  # fmt: skip
        self.intents[intent["id"]] = intent
        self.cards[intent["id"]] = method
        return intent

    def _confirm(self, intent: dict[str, Any], card: str, told: dict[str, Any], base: str) -> None:
        if card in DECLINES:
            self._decline(intent, DECLINES[card])
            error = dict(intent["last_payment_error"])
            kind, words = error.pop("type"), error.pop("message")
            raise Refused(402, kind, words, error.pop("code"), payment_intent=dict(intent), **error)
        if card in ASKS:
            url = f"{base}/bank/{intent['id']}"
            intent["status"] = "requires_action"
            intent["next_action"] = {
                "type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": told.get("return_url")},
            }  # fmt: skip
            self._tell("payment_intent.requires_action", intent)
        elif card == SLOW:
            intent["status"] = "processing"
            self._tell("payment_intent.processing", intent)
        else:
            self._take(intent)

    def _take(self, intent: dict[str, Any]) -> None:
        intent["next_action"] = None
        intent["payment_method"] = self.vault.used_for(intent, self.cards[intent["id"]])
        intent["latest_charge"] = f"ch_{intent['id'][3:]}"
        if intent["capture_method"] == "manual":
            intent.update(status="requires_capture", amount_capturable=intent["amount"])
            self._tell("payment_intent.amount_capturable_updated", intent)
        else:
            intent.update(status="succeeded", amount_received=intent["amount"])
            self._tell("payment_intent.succeeded", intent)

    def _decline(self, intent: dict[str, Any], reason: str) -> None:
        code = reason if reason in OF_THE_CARD or reason.startswith("payment_intent") else "card_declined"
        intent["status"], intent["next_action"] = "requires_payment_method", None
        intent["last_payment_error"] = {
            "type": "card_error", "code": code, "decline_code": reason, "message": "Your card was declined.",
            "payment_method": {
                "id": "pm_1", "object": "payment_method", "type": "card", "livemode": False, "created": 1,
                "billing_details": {}, "card": self._card(intent),
            },
        }  # fmt: skip
        if reason.startswith("payment_intent"):
            del intent["last_payment_error"]["decline_code"]
        self._tell("payment_intent.payment_failed", intent)

    def _capture(self, intent: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        if intent["status"] != "requires_capture":
            raise _unexpected(intent, "captured")
        wanted = int(told.get("amount_to_capture", intent["amount"]))
        if wanted > intent["amount"]:
            raise Refused(400, "invalid_request_error", "More than is held.", "amount_too_large")
        intent.update(status="succeeded", amount_received=wanted, amount_capturable=0)
        self._tell("payment_intent.succeeded", intent)
        return self._shown(intent, told)

    def _cancel(self, intent: dict[str, Any]) -> dict[str, Any]:
        if intent["status"] in ("succeeded", "canceled", "processing"):
            raise _unexpected(intent, "canceled")
        intent.update(status="canceled", canceled_at=int(time.time()), amount_capturable=0, next_action=None)
        self._tell("payment_intent.canceled", intent)
        return dict(intent)

    def _refund(self, told: dict[str, Any]) -> dict[str, Any]:
        intent = self._known(told["payment_intent"])
        left = intent["amount_received"] - self._refunded(intent["id"])
        wanted = int(told.get("amount", left))
        if not left:
            raise Refused(400, "invalid_request_error", "Charge was refunded.", "charge_already_refunded")
        if wanted > left or wanted <= 0:
            raise Refused(400, "invalid_request_error", "Refund amount is greater than unrefunded amount.")
        refund = {
            "id": f"re_{self._salt}{next(self._count):06}", "object": "refund", "amount": wanted, "currency": "usd",
            "created": int(time.time()), "payment_intent": intent["id"], "charge": intent["latest_charge"],
            "status": "succeeded", "metadata": told.get("metadata", {}), "reason": None, "balance_transaction": None,
        }  # fmt: skip
        self.refunds[refund["id"]] = refund
        self._tell("refund.created", refund)
        return refund

    def _refunded(self, intent_id: str) -> int:
        made = [each for each in self.refunds.values() if each["payment_intent"] == intent_id]
        return sum(each["amount"] for each in made if each["status"] != "failed")

    def _list(self, told: dict[str, Any]) -> dict[str, Any]:
        created = told.get("created", {})
        since, until = int(created.get("gte", 0)), int(created.get("lte", 2**40))
        found = [each for each in self.intents.values() if since <= each["created"] <= until]
        found.sort(key=lambda each: each["id"], reverse=True)
        if after := told.get("starting_after"):
            found = found[[each["id"] for each in found].index(after) + 1 :]
        size = int(told.get("limit", 10))
        shown = [self._shown(each, {"expand": {"0": "latest_charge"}}) for each in found[:size]]
        return {"object": "list", "data": shown, "has_more": len(found) > size, "url": "/v1/payment_intents"}

    def _open_page(self, told: dict[str, Any], base: str) -> dict[str, Any]:
        if told["mode"] == "setup":
            return self.vault.open_page(told, base)
        item = told["line_items"]["0"]
        total = int(item["price_data"]["unit_amount"]) * int(item["quantity"])
        page_id = f"cs_test_{self._salt}{next(self._count):06}"
        self.pages[page_id] = {
            "id": page_id, "object": "checkout.session", "status": "open", "payment_status": "unpaid",
            "amount_total": total, "currency": item["price_data"]["currency"], "metadata": told["metadata"],
            "payment_intent": None, "url": f"{base}/pay/{page_id}", "livemode": False, "told": told,
        }  # fmt: skip
        return _shown_page(self.pages[page_id])

    def _page(self, page_id: str, told: dict[str, Any]) -> dict[str, Any]:
        if page_id in self.vault.pages:
            return self.vault.page(page_id)
        page = _shown_page(self.pages[page_id])
        if page["payment_intent"]:
            page["payment_intent"] = self._shown(
                self.intents[page["payment_intent"]], {"expand": {"0": "latest_charge"}}
            )
        return page

    def _expire(self, page_id: str) -> dict[str, Any]:
        page = self.pages[page_id]
        if page["status"] != "open":
            raise Refused(400, "invalid_request_error", "Only open sessions can be expired.")
        page["status"] = "expired"
        return _shown_page(page)

    def _known(self, intent_id: str) -> dict[str, Any]:
        if intent_id not in self.intents:
            raise Refused(404, "invalid_request_error", "No such payment_intent.", "resource_missing", param="intent")
        return self.intents[intent_id]

    def _shown(self, intent: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        shown = dict(intent)
        if shown["latest_charge"] and "latest_charge" in dict(told.get("expand", {})).values():
            shown["latest_charge"] = self._charge(intent)
        return shown

    def _charge(self, intent: dict[str, Any]) -> dict[str, Any]:
        back = self._refunded(intent["id"])
        return {
            "id": intent["latest_charge"], "object": "charge", "amount": intent["amount"],
            "amount_captured": intent["amount_received"], "amount_refunded": back, "billing_details": {},
            "captured": intent["status"] == "succeeded", "created": intent["created"], "currency": intent["currency"],
            "disputed": False, "livemode": False, "metadata": intent["metadata"], "paid": True,
            "payment_intent": intent["id"], "refunded": bool(back) and back == intent["amount_received"],
            "status": "succeeded", "payment_method_details": {"type": "card", "card": self._card(intent)},
        }  # fmt: skip

    def _card(self, intent: dict[str, Any]) -> dict[str, Any]:
        return card_of(self.cards.get(intent["id"], "").rpartition("card_")[2])

    def _tell(self, kind: str, about: dict[str, Any]) -> None:
        self.events.append(event_of(f"evt_{self._salt}{next(self._count):06}", kind, about))


def _domain(name: str) -> dict[str, Any]:
    wallets = {
        kind: {"status": "active"} for kind in ("amazon_pay", "apple_pay", "google_pay", "klarna", "link", "paypal")
    }
    return {
        "id": "pmd_1", "object": "payment_method_domain", "created": int(time.time()), "domain_name": name,
        "enabled": True, "livemode": False, **wallets,
    }  # fmt: skip


def _shown_page(page: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in page.items() if name != "told"}


def _unexpected(intent: dict[str, Any], what: str) -> Refused:
    words = f"This PaymentIntent could not be {what} because it has a status of {intent['status']}."
    return Refused(400, "invalid_request_error", words, "payment_intent_unexpected_state", payment_intent=dict(intent))

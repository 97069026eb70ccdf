"""What the fake PayPal knows and does, without HTTP: orders, what was taken and held of them, refunds, events."""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

type Facts = dict[str, Any]

SEMANTIC = "The requested action could not be performed, semantically incorrect, or failed business validation."
MISSING = "The specified resource does not exist."
MAY_OVERCAPTURE = Decimal("1.15")


class Refused(Exception):
    """An answer that is an error, in PayPal's words."""

    def __init__(self, status: int, issue: str) -> None:
        super().__init__(issue)
        self.status, self.issue = status, issue


class Ledger:
    """Who paid, and what went back. Tests believe this, not the shop."""

    def __init__(self) -> None:
        self.orders: dict[str, Facts] = {}
        self.refusals: dict[str, str] = {}
        self.events: list[Facts] = []
        self._count = itertools.count(1)
        self._salt = secrets.token_hex(4).upper()

    # --- What tests ask and do

    def order_of(self, key: str) -> Facts:
        """The one order that carries a key of ours."""
        (found,) = [order for order in self.orders.values() if order["purchase_units"][0]["custom_id"] == key]
        return found

    def taken(self, key: str) -> int:
        """Cents taken under a key of ours and not given back."""
        return sum(
            _cents(took) - self._refunded(took)
            for order in self.orders.values()
            if order["purchase_units"][0]["custom_id"] == key
            for took in _all(order, "captures")
            if took["status"] not in ("DECLINED", "PENDING")
        )

    def captures(self, key: str) -> int:
        """How many times money was taken for a payment; more than one is a double charge."""
        return sum(
            took["status"] not in ("DECLINED", "PENDING")
            for order in self.orders.values()
            if order["purchase_units"][0]["custom_id"] == key
            for took in _all(order, "captures")
        )

    def approve(self, order_id: str, refusal: str = "") -> None:
        """The shopper agrees on PayPal's page. `refusal` is what happens when it is taken: an issue such as
        INSTRUMENT_DECLINED, or a status of the capture, DECLINED or PENDING."""
        order = self.orders[order_id]
        assert order["status"] == "PAYER_ACTION_REQUIRED", order["status"]
        order["status"] = "APPROVED"
        order["links"] = [link for link in order["links"] if link["rel"] != "payer-action"]
        self.refusals[order_id] = refusal
        self._tell("CHECKOUT.ORDER.APPROVED", "checkout-order", order)

    def settle(self, order_id: str) -> None:
        """What was pending has come through."""
        (took,) = _all(self.orders[order_id], "captures")
        took["status"] = "COMPLETED"
        self._tell("PAYMENT.CAPTURE.COMPLETED", "capture", self._shown_capture(took, order_id))

    def refund_outside(self, order_id: str, cents: int) -> Facts:
        """Somebody pressed Refund on PayPal's own desk."""
        (took,) = [each for each in _all(self.orders[order_id], "captures") if each["status"] != "DECLINED"]
        return self._refund(took["id"], {"amount": _money(cents)})

    def fail_refund(self, refund_id: str) -> None:
        """The shopper's bank sent a refund back."""
        order, refund = self._found("refunds", refund_id)
        refund["status"] = "FAILED"
        for took in _all(order, "captures"):
            self._restate(took)
        self._tell("PAYMENT.REFUND.FAILED", "refund", refund)

    def dispute(self, order_id: str, status: str, outcome: str = "") -> None:
        (took,) = _all(self.orders[order_id], "captures")
        about: Facts = {
            "dispute_id": f"PP-D-{order_id[-6:]}", "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED", "status": status,
            "dispute_amount": took["amount"], "disputed_transactions": [{"seller_transaction_id": took["id"]}],
        }  # fmt: skip
        if outcome:
            about["dispute_outcome"] = {"outcome_code": outcome}
        kind = "RESOLVED" if status == "RESOLVED" else "CREATED" if status == "OPEN" else "UPDATED"
        self._tell(f"CUSTOMER.DISPUTE.{kind}", "dispute", about)

    # --- What the shop calls

    def call(self, method: str, path: str, told: Facts, *, base: str) -> tuple[int, Facts]:
        match (method, *path.strip("/").split("/")):
            case ("POST", "v2", "checkout", "orders"):
                return 201, self._create(told, base)
            case ("GET", "v2", "checkout", "orders", order_id):
                return 200, self._order(order_id)
            case ("POST", "v2", "checkout", "orders", order_id, "capture"):
                return 201, self._take(self._order(order_id), "captures")
            case ("POST", "v2", "checkout", "orders", order_id, "authorize"):
                return 201, self._take(self._order(order_id), "authorizations")
            case ("POST", "v2", "payments", "authorizations", hold_id, "capture"):
                return 201, self._capture_held(hold_id, told)
            case ("POST", "v2", "payments", "authorizations", hold_id, "void"):
                return 200, self._void(hold_id)
            case ("POST", "v2", "payments", "captures", capture_id, "refund"):
                return 201, self._refund(capture_id, told)
        raise Refused(404, "INVALID_RESOURCE_ID")

    def _create(self, told: Facts, base: str) -> Facts:
        (unit,) = told["purchase_units"]
        if _cents(unit) <= 0:
            raise Refused(422, "CANNOT_BE_ZERO_OR_NEGATIVE")
        order_id = f"{self._salt}{next(self._count):09}"
        links = [
            ("self", f"{base}/v2/checkout/orders/{order_id}"),
            ("payer-action", f"{base}/checkoutnow?token={order_id}"),
        ]
        self.orders[order_id] = {
            "id": order_id, "intent": told["intent"], "status": "PAYER_ACTION_REQUIRED", "create_time": _now(),
            "payment_source": {"paypal": {}},
            "links": [{"rel": rel, "href": href, "method": "GET"} for rel, href in links],
            "purchase_units": [{"reference_id": "default", **unit}],
        }  # fmt: skip
        return self.orders[order_id]

    def _take(self, order: Facts, kind: str) -> Facts:
        if order["status"] == "COMPLETED":
            raise Refused(422, "ORDER_ALREADY_CAPTURED" if kind == "captures" else "ORDER_ALREADY_AUTHORIZED")
        if order["status"] != "APPROVED":
            raise Refused(422, "ORDER_NOT_APPROVED")
        refusal = self.refusals.get(order["id"], "")
        if refusal not in ("", "DECLINED", "PENDING"):
            raise Refused(422, refusal)
        unit = order["purchase_units"][0]
        row = self._row(unit["amount"], unit)
        if kind == "captures":
            row |= {"status": refusal or "COMPLETED", "final_capture": True}
        else:
            row |= {"status": {"DECLINED": "DENIED"}.get(refusal, refusal) or "CREATED"}
        unit.setdefault("payments", {}).setdefault(kind, []).append(row)
        order["status"] = "COMPLETED"
        self._tell_of(row, kind, order["id"])
        return order

    def _capture_held(self, hold_id: str, told: Facts) -> Facts:
        order, hold = self._found("authorizations", hold_id)
        if hold["status"] == "VOIDED":
            raise Refused(422, "AUTHORIZATION_VOIDED")
        if hold["status"] != "CREATED":
            raise Refused(422, "AUTHORIZATION_ALREADY_CAPTURED")
        if _cents(told) > _cents(hold) * MAY_OVERCAPTURE:
            raise Refused(422, "MAX_CAPTURE_AMOUNT_EXCEEDED")
        unit = order["purchase_units"][0]
        row = self._row(told["amount"], unit) | {"status": "COMPLETED", "final_capture": told["final_capture"]}
        unit["payments"].setdefault("captures", []).append(row)
        hold["status"] = "CAPTURED" if _cents(told) >= _cents(hold) else "PARTIALLY_CAPTURED"
        self._tell_of(row, "captures", order["id"])
        return self._shown_capture(row, order["id"])

    def _void(self, hold_id: str) -> Facts:
        _, hold = self._found("authorizations", hold_id)
        if hold["status"] == "VOIDED":
            raise Refused(422, "PREVIOUSLY_VOIDED")
        if hold["status"] != "CREATED":
            raise Refused(422, "PREVIOUSLY_CAPTURED")
        hold["status"] = "VOIDED"
        self._tell("PAYMENT.AUTHORIZATION.VOIDED", "authorization", hold)
        return hold

    def _refund(self, capture_id: str, told: Facts) -> Facts:
        order, took = self._found("captures", capture_id)
        left = _cents(took) - self._refunded(took)
        wanted = _cents(told) if "amount" in told else left
        if not left:
            raise Refused(422, "CAPTURE_FULLY_REFUNDED")
        if wanted > left or wanted <= 0:
            raise Refused(422, "REFUND_AMOUNT_EXCEEDED")
        refund_id = f"RF{self._salt}{next(self._count):06}"
        above = f"https://api-m.paypal.com/v2/payments/captures/{capture_id}"
        refund = {
            "id": refund_id, "status": "COMPLETED", "amount": _money(wanted), "create_time": _now(),
            "links": [{"rel": "up", "href": above, "method": "GET"}],
        }  # fmt: skip
        if "invoice_id" in told:
            refund["invoice_id"] = told["invoice_id"]
        order["purchase_units"][0]["payments"].setdefault("refunds", []).append(refund)
        self._restate(took)
        self._tell("PAYMENT.CAPTURE.REFUNDED", "refund", refund)
        return refund

    def _order(self, order_id: str) -> Facts:
        if order_id not in self.orders:
            raise Refused(404, "INVALID_RESOURCE_ID")
        return self.orders[order_id]

    def _found(self, kind: str, row_id: str) -> tuple[Facts, Facts]:
        for order in self.orders.values():
            for row in _all(order, kind):
                if row["id"] == row_id:
                    return order, row
        raise Refused(404, "INVALID_RESOURCE_ID")

    def _row(self, amount: Facts, unit: Facts) -> Facts:
        told = {name: unit[name] for name in ("custom_id", "invoice_id") if name in unit}
        asked = {"currency_code": amount["currency_code"], "value": amount["value"]}
        return {"id": f"TX{self._salt}{next(self._count):07}", "amount": asked, "create_time": _now(), **told}

    def _refunded(self, took: Facts) -> int:
        for order in self.orders.values():
            if took in _all(order, "captures"):
                back = [each for each in _all(order, "refunds") if each["status"] != "FAILED"]
                return sum(_cents(each) for each in back if each["links"][0]["href"].endswith(took["id"]))
        return 0

    def _restate(self, took: Facts) -> None:
        back = self._refunded(took)
        took["status"] = "REFUNDED" if back == _cents(took) else "PARTIALLY_REFUNDED" if back else "COMPLETED"

    def _shown_capture(self, took: Facts, order_id: str) -> Facts:
        return {**took, "supplementary_data": {"related_ids": {"order_id": order_id}}}

    def _tell_of(self, row: Facts, kind: str, order_id: str) -> None:
        told = {"COMPLETED": "COMPLETED", "DECLINED": "DENIED", "PENDING": "PENDING", "CREATED": "CREATED"}
        name = "CAPTURE" if kind == "captures" else "AUTHORIZATION"
        self._tell(
            f"PAYMENT.{name}.{told.get(row['status'], 'DENIED')}", name.lower(), self._shown_capture(row, order_id)
        )

    def _tell(self, kind: str, what: str, about: Facts) -> None:
        self.events.append(
            {
                "id": f"WH-{self._salt}-{next(self._count)}", "event_version": "1.0", "create_time": _now(),
                "resource_type": what, "resource_version": "2.0", "event_type": kind, "summary": kind.title(),
                "resource": {**about}, "links": [],
            }
        )  # fmt: skip


def _all(order: Facts, kind: str) -> list[Facts]:
    rows: list[Facts] = order["purchase_units"][0].get("payments", {}).get(kind, [])
    return rows


def _cents(holder: Facts) -> int:
    return int(Decimal(holder["amount"]["value"]) * 100)


def _money(cents: int) -> Facts:
    return {"currency_code": "USD", "value": f"{cents // 100}.{cents % 100:02}"}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

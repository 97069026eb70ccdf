"""Stripe Tax beside the fake Stripe: calculations, bookings and what went back, judged by the SDK's own types."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.fakes.sdk_types import faults_of
from tests.fakes.stripe_ledger import Ledger, Refused
from tests.fakes.stripe_server import FakeStripe, fake_stripe

type Facts = dict[str, Any]

# State, county, city: what a ZIP takes together. A state that is not here is one where the shop has not registered.
RATES: dict[str, tuple[tuple[str, str], ...]] = {
    "11201": (("state", "4"), ("city", "4.5"), ("district", "0.375")),
    "12207": (("state", "4"), ("county", "4")),
    "10001": (("state", "4"), ("city", "4.5"), ("district", "0.375")),
    "94107": (("state", "6"), ("county", "0.25"), ("district", "2.375")),
}
UNKNOWN = "99999"
CODES = {"txcd_30011000", "txcd_92010001"}
OF_BOTH = (
    "amount", "amount_tax", "livemode", "metadata", "product", "quantity", "reference", "tax_behavior", "tax_code",
)  # fmt: skip


class TaxLedger(Ledger):
    """The ledger of the fake Stripe, which can do taxes too."""

    def __init__(self) -> None:
        super().__init__()
        self.calculations: dict[str, Facts] = {}
        self.bookings: dict[str, Facts] = {}
        self.flat_fee = 0
        self.problems: list[str] = []
        self._numbers = itertools.count(1)

    # --- What tests ask

    def booked(self, reference: str) -> int:
        """Cents of an order's sales, less what is booked as returned of them."""
        sales = [each for each in self.bookings.values() if each["type"] == "transaction"]
        theirs = [each for each in sales if each["reference"].partition(":anew")[0] == reference]
        assert theirs, reference
        return sum(self._left(each) for each in theirs)

    # --- What the shop calls

    def call(self, method: str, path: str, told: Facts, *, base: str) -> Facts:
        match (method, *path.strip("/").split("/")[1:]):
            case ("POST", "tax", "calculations"):
                return self._judged("CalculationCreateParams", "Calculation", told, self._calculate)
            case ("POST", "tax", "transactions", "create_from_calculation"):
                return self._judged("TransactionCreateFromCalculationParams", "Transaction", told, self._book)
            case ("POST", "tax", "transactions", "create_reversal"):
                return self._judged("TransactionCreateReversalParams", "Transaction", told, self._reverse)
            case ("GET", "tax", "transactions", booking):
                return self._judged("TransactionRetrieveParams", "Transaction", told, lambda _: self._booking(booking))
        return super().call(method, path, told, base=base)

    def _judged(self, asked: str, answered: str, told: Facts, do: Any) -> Facts:
        self.problems += faults_of(f"stripe.params.tax.{asked}", told)
        answer: Facts = do(told)
        self.problems += faults_of(f"stripe.tax.{answered}", answer)
        return answer

    def _calculate(self, told: Facts) -> Facts:
        there = told["customer_details"]["address"]
        if there.get("postal_code") == UNKNOWN:
            words = "We could not determine the customer's tax location."
            raise Refused(400, "invalid_request_error", words, "customer_tax_location_invalid")
        rates = RATES.get(there.get("postal_code", "")[:5], ())
        lines = [self._line(each, rates, there["state"]) for each in _listed(told["line_items"])]
        shipping = self._shipping(told.get("shipping_cost"), rates)
        tax = sum(each["amount_tax"] for each in lines) + (shipping["amount_tax"] if shipping else 0) + self.flat_fee
        whole = sum(each["amount"] for each in lines) + (shipping["amount"] if shipping else 0)
        number = next(self._numbers)
        kept = {
            "id": f"taxcalc_{number}", "object": "tax.calculation", "amount_total": whole + tax,
            "currency": told["currency"], "customer": None, "customer_details": {
                "address": {"line1": None, "line2": None, "city": None, **there}, "address_source": "shipping",
                "ip_address": None, "tax_ids": [], "taxability_override": "none",
            },
            "expires_at": int(time.time()) + 90 * 86400, "livemode": False, "ship_from_details": None,
            "shipping_cost": shipping, "tax_amount_exclusive": tax, "tax_amount_inclusive": 0,
            "tax_breakdown": self._fees(there["state"]), "tax_date": int(time.time()),
            "line_items": {"object": "list", "data": lines, "has_more": False, "url": f"/v1/tax/calculations/{number}"},
        }  # fmt: skip
        self.calculations[kept["id"]] = kept
        return kept

    def _line(self, told: Facts, rates: tuple[tuple[str, str], ...], state: str) -> Facts:
        if told["tax_code"] not in CODES:
            raise Refused(400, "invalid_request_error", "No such tax code.", "resource_missing", param="tax_code")
        amount = int(told["amount"])
        if amount <= 0:
            raise Refused(400, "invalid_request_error", "Amount must be positive.", "parameter_invalid_integer")
        return {
            "id": f"tax_li_{next(self._numbers)}", "object": "tax.calculation_line_item", "amount": amount,
            "amount_tax": _tax(amount, rates), "livemode": False, "metadata": None, "performance_location": None,
            "product": None, "quantity": int(told.get("quantity", 1)), "reference": told["reference"],
            "tax_behavior": "exclusive", "tax_code": told["tax_code"],
            "tax_breakdown": [_level(*each, amount, state) for each in rates] or [_not_there(amount, state)],
        }  # fmt: skip

    def _shipping(self, told: Facts | None, rates: tuple[tuple[str, str], ...]) -> Facts | None:
        if told is None:
            return None
        return {
            "amount": int(told["amount"]), "amount_tax": _tax(int(told["amount"]), rates), "shipping_rate": None,
            "tax_behavior": "exclusive", "tax_breakdown": None, "tax_code": told["tax_code"],
        }  # fmt: skip

    def _fees(self, state: str) -> list[Facts]:
        if not self.flat_fee:
            return []
        details = {
            "country": "US", "state": state, "percentage_decimal": "0.0", "rate_type": "flat_amount",
            "flat_amount": {"amount": self.flat_fee, "currency": "usd"}, "tax_type": "retail_delivery_fee",
        }  # fmt: skip
        return [
            {
                "amount": self.flat_fee, "inclusive": False, "tax_rate_details": details,
                "taxability_reason": "standard_rated", "taxable_amount": 0,
            }
        ]  # fmt: skip

    def _book(self, told: Facts) -> Facts:
        self._once(told["reference"])
        made = self.calculations.get(told["calculation"])
        if made is None:
            raise Refused(400, "invalid_request_error", "No such calculation.", "resource_missing", param="calculation")
        lines = [self._booked_line(each) for each in made["line_items"]["data"]]
        return self._kept(told["reference"], made, lines, made["shipping_cost"], reversal=None)

    def _reverse(self, told: Facts) -> Facts:
        self._once(told["reference"])
        sale = self.bookings[told["original_transaction"]]
        if sale["type"] != "transaction":
            raise Refused(400, "invalid_request_error", "A reversal cannot be reversed.", "parameter_invalid")
        left = self._left(sale)
        back = left if told["mode"] == "full" else -int(told["flat_amount"])
        if not 0 < back <= left:
            raise Refused(400, "invalid_request_error", "More than is left of the transaction.", "amount_too_large")
        line = dict(sale["line_items"]["data"][0], amount=-back, amount_tax=0, type="reversal")
        line["reversal"] = {"original_line_item": line["id"]}
        return self._kept(told["reference"], sale, [line], None, reversal={"original_transaction": sale["id"]})

    def _booking(self, booking: str) -> Facts:
        if booking not in self.bookings:
            raise Refused(404, "invalid_request_error", "No such transaction.", "resource_missing", param="transaction")
        return self.bookings[booking]

    def _left(self, sale: Facts) -> int:
        back = [each for each in self.bookings.values() if each["reversal"] == {"original_transaction": sale["id"]}]
        return _worth(sale) + sum(_worth(each) for each in back)

    def _once(self, reference: str) -> None:
        if any(each["reference"] == reference for each in self.bookings.values()):
            raise Refused(
                400, "invalid_request_error", "The reference is taken.", "resource_already_exists", param="reference"
            )

    def _booked_line(self, line: Facts) -> Facts:
        return {name: line[name] for name in OF_BOTH} | {
            "id": f"tax_txn_li_{next(self._numbers)}", "object": "tax.transaction_line_item", "reversal": None,
            "type": "transaction",
        }  # fmt: skip

    def _kept(self, reference: str, made: Facts, lines: list[Facts], shipping: Facts | None, *, reversal: Any) -> Facts:
        number, now = next(self._numbers), int(time.time())
        row = {
            "id": f"tax_{number}", "object": "tax.transaction", "created": now, "currency": made["currency"],
            "customer": None, "customer_details": made["customer_details"], "livemode": False, "metadata": {},
            "posted_at": now, "reference": reference, "reversal": reversal, "ship_from_details": None,
            "shipping_cost": shipping, "tax_date": now, "type": "reversal" if reversal else "transaction",
            "line_items": {"object": "list", "data": lines, "has_more": False, "url": f"/v1/tax/transactions/{number}"},
        }  # fmt: skip
        self.bookings[row["id"]] = row
        return row


@contextmanager
def fake_stripe_with_tax() -> Iterator[tuple[FakeStripe, TaxLedger]]:
    """A fake Stripe whose tax calls are judged by the SDK's types, because the specification beside us lacks them."""
    with fake_stripe() as fake:
        fake.ledger = ledger = TaxLedger()
        yield fake, ledger
    assert not ledger.problems, "\n".join(ledger.problems[:20])


def _listed(told: Any) -> list[Facts]:
    return [told[key] for key in sorted(told, key=int)] if isinstance(told, dict) else list(told)


def _tax(amount: int, rates: tuple[tuple[str, str], ...]) -> int:
    whole = sum((Decimal(rate) for _level, rate in rates), Decimal(0))
    return int((Decimal(amount) * whole / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _level(level: str, rate: str, amount: int, state: str) -> Facts:
    return {
        "amount": _tax(amount, ((level, rate),)), "sourcing": "destination", "taxability_reason": "standard_rated",
        "taxable_amount": amount,
        "jurisdiction": {"country": "US", "display_name": level.title(), "level": level, "state": state},
        "tax_rate_details": {"display_name": "Sales tax", "percentage_decimal": rate, "tax_type": "sales_tax"},
    }  # fmt: skip


def _not_there(amount: int, state: str) -> Facts:
    return {
        "amount": 0, "sourcing": "destination", "taxability_reason": "not_collecting", "taxable_amount": 0,
        "jurisdiction": {"country": "US", "display_name": state, "level": "state", "state": state},
        "tax_rate_details": None,
    }  # fmt: skip


def _worth(booking: Facts) -> int:
    shipping = booking["shipping_cost"]
    lines = sum(each["amount"] + each["amount_tax"] for each in booking["line_items"]["data"])
    return lines + (shipping["amount"] + shipping["amount_tax"] if shipping else 0)

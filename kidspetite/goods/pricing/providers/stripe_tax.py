"""Stripe Tax through Stripe's own SDK. No Stripe object, word or exception leaves this module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import stripe
import structlog

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.errors import TaxRefused, TaxUnavailable
from kidspetite.goods.pricing.types import Destination, Taxed, TaxTold

log = structlog.get_logger(__name__)

API_VERSION = "2026-10-28.endive"
SECONDS_TO_ASK, SECONDS_TO_FILE = 2.0, 10.0
SHIPPING = "txcd_92010001"
NOWHERE = frozenset({"customer_tax_location_invalid", "shipping_address_invalid"})

stripe.enable_telemetry = False

type Facts = dict[str, Any]


class StripeTax:
    """The TaxOffice port over Stripe's calculations and tax transactions.

    Nobody asks twice while a shopper waits; bookings are made by jobs, which come again under the same key.
    """

    code = "stripe"

    def __init__(self, *, secret_key: str, api_base: str, tax_code: str, timeout: float = SECONDS_TO_ASK) -> None:
        self._tax_code = tax_code
        self._asking = _client(secret_key, api_base, timeout)
        self._filing = _client(secret_key, api_base, max(timeout, SECONDS_TO_FILE))

    def calculate(self, taxed: Taxed) -> TaxTold | None:
        asked: Any = {
            "currency": taxed.shipping.currency.lower(),
            "customer_details": {"address": _address(taxed.destination), "address_source": "shipping"},
            "line_items": [
                {
                    "amount": line.net.minor,
                    "quantity": line.quantity,
                    "reference": _name(place),
                    "tax_behavior": "exclusive",
                    "tax_code": self._tax_code,
                }
                for place, line in enumerate(taxed.lines)
                if line.net
            ],
            "expand": ["line_items.data.tax_breakdown"],
        }
        if taxed.shipping:
            asked["shipping_cost"] = {
                "amount": taxed.shipping.minor, "tax_behavior": "exclusive", "tax_code": SHIPPING,
            }  # fmt: skip
        with _in_our_words():
            try:
                found = self._asking.calculations.create(asked)
            except stripe.InvalidRequestError as error:
                if error.code not in NOWHERE:
                    raise
                log.info("tax_place_unknown", why=error.code, request=error.request_id)
                return None
            rows = [row.to_dict() for row in found.line_items.auto_paging_iter()] if found.line_items else []
            return _told(found.to_dict(), rows, taxed)

    def file_sale(self, calculation: str, *, reference: str) -> str:
        asked = {"calculation": calculation, "reference": reference}
        return _booked(self._filing.transactions.create_from_calculation, asked)

    def file_return(self, booking: str, amount: Money, *, reference: str) -> str:
        asked = {
            "mode": "partial", "original_transaction": booking, "reference": reference, "flat_amount": -amount.minor,
        }  # fmt: skip
        return _booked(self._filing.transactions.create_reversal, asked)

    def file_whole_return(self, booking: str, *, reference: str) -> str:
        asked = {"mode": "full", "original_transaction": booking, "reference": reference}
        return _booked(self._filing.transactions.create_reversal, asked)

    def file_anew(self, booking: str, amount: Money, *, reference: str) -> str:
        """Stripe takes no return out of its books, and a calculation may be long gone: what was sold is calculated once
        more, to the same sum or not at all."""
        with _once_and_for_all():
            sale = self._filing.transactions.retrieve(booking, {"expand": ["line_items"]})
            asked = _same_again(sale.to_dict(), [row.to_dict() for row in sale.line_items.auto_paging_iter()])
            key = {"idempotency_key": f"tax:{reference}:calculation"}
            made = self._filing.calculations.create(asked, key).to_dict()
        if made["amount_total"] != amount.minor:
            raise TaxRefused(why="it comes to another sum now", reference=reference)
        return self.file_sale(str(made["id"]), reference=reference)


def _booked(call: Callable[..., Any], asked: Facts) -> str:
    with _once_and_for_all():
        return str(call(asked, {"idempotency_key": f"tax:{asked['reference']}"}).to_dict()["id"])


def _same_again(sale: Facts, rows: list[Facts]) -> Facts:
    """What was asked when this sale was calculated."""
    details, shipping = sale["customer_details"], sale["shipping_cost"]
    asked: Facts = {
        "currency": sale["currency"],
        "customer_details": {
            "address": {name: value for name, value in details["address"].items() if value},
            "address_source": details["address_source"],
        },
        "line_items": [
            {name: row[name] for name in ("amount", "quantity", "reference", "tax_behavior", "tax_code")}
            for row in rows
        ],
    }
    if shipping:
        asked["shipping_cost"] = {name: shipping[name] for name in ("amount", "tax_behavior", "tax_code")}
    return asked


def _client(secret_key: str, api_base: str, seconds: float) -> Any:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        stripe_version=API_VERSION,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(seconds * 0.3, seconds * 0.7)),
    ).v1.tax


def _told(found: Facts, rows: list[Facts], taxed: Taxed) -> TaxTold | None:
    """Every cent is accounted for, or the answer is not used (ValueError)."""
    if _is_not_registered(rows):
        log.warning("tax_not_registered", state=taxed.destination.state)
        return None
    by_line = {row["reference"]: _cents(row["amount_tax"]) for row in rows}
    if set(by_line) != {_name(place) for place, line in enumerate(taxed.lines) if line.net}:
        raise ValueError("other lines than were asked about")
    shipping = dict(found.get("shipping_cost") or {})
    on_shipping = _cents(shipping.get("amount_tax", 0)) + _flat_fees(found)
    if sum(by_line.values()) + on_shipping != _cents(found["tax_amount_exclusive"]):
        raise ValueError("the parts are not the whole")
    lines = tuple(Money(by_line.get(_name(place), 0)) for place in range(len(taxed.lines)))
    rate = max((_rate(row) for row in rows), default=Decimal(0))
    return TaxTold(lines, Money(on_shipping), rate, str(found["id"]))


def _is_not_registered(rows: list[Facts]) -> bool:
    """The owner has switched a state on here, and not at Stripe."""
    reasons = [part["taxability_reason"] for row in rows for part in row.get("tax_breakdown") or []]
    return bool(reasons) and all(reason == "not_collecting" for reason in reasons)


def _flat_fees(found: Facts) -> int:
    """What some states take for every delivery, whatever is in it; it goes with the shipping."""
    parts = found.get("tax_breakdown") or []
    return sum(_cents(part["amount"]) for part in parts if part["tax_rate_details"].get("rate_type") == "flat_amount")


def _rate(row: Facts) -> Decimal:
    """State, county, city and district together."""
    parts = [part for part in row.get("tax_breakdown") or [] if part["amount"] and part.get("tax_rate_details")]
    return sum((Decimal(part["tax_rate_details"]["percentage_decimal"]) for part in parts), Decimal(0))


def _cents(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("no amount")
    return value


def _address(there: Destination) -> Facts:
    known = {
        "line1": there.line1, "city": there.city, "state": there.state, "postal_code": there.postal_code,
        "country": there.country,
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}


def _name(place: int) -> str:
    return f"L{place + 1}"


@contextmanager
def _once_and_for_all() -> Iterator[None]:
    """A booking that is refused now is refused tomorrow."""
    with _in_our_words():
        try:
            yield
        except stripe.InvalidRequestError as error:
            if error.http_status in (409, 429):
                raise
            raise TaxRefused(why=str(error.code or error.param), request=error.request_id) from error


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        raise TaxUnavailable(why=type(error).__name__, request=error.request_id) from error
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:  # none of Stripe's answers
        raise TaxUnavailable(why=f"garbage: {type(error).__name__}") from error

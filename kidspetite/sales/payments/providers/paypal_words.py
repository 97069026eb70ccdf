"""What PayPal's orders mean in our words: plain dictionaries in, outcomes out, no call to anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.types import Capture, Charge, ChargeName, DisputeTold, Outcome, RefundTold, Result

type Facts = dict[str, Any]

LABEL = "PayPal"
STANDS = {
    "CREATED": Result.REQUIRES_ACTION,
    "SAVED": Result.REQUIRES_ACTION,
    "PAYER_ACTION_REQUIRED": Result.REQUIRES_ACTION,
    "APPROVED": Result.APPROVED,
    "COMPLETED": Result.UNKNOWN,  # what became of the money stands in its captures and authorizations
    "VOIDED": Result.DECLINED,
}
TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
HELD = ("CREATED",)
# PayPal's words for "the shopper cannot pay like this"; they may choose another way, and nothing was taken.
DECLINES = {
    "INSTRUMENT_DECLINED", "TRANSACTION_REFUSED", "PAYER_CANNOT_PAY", "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
    "PAYER_ACCOUNT_RESTRICTED", "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", "TRANSACTION_LIMIT_EXCEEDED",
    "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "COMPLIANCE_VIOLATION", "ORDER_EXPIRED",
}  # fmt: skip
# The order has moved on, or not as far as we thought: how it stands is asked.
MOVED_ON = {
    "ORDER_NOT_APPROVED", "ORDER_ALREADY_CAPTURED", "ORDER_ALREADY_AUTHORIZED", "ORDER_COMPLETED_OR_VOIDED",
    "ORDER_COMPLETION_IN_PROGRESS", "AUTHORIZATION_ALREADY_CAPTURED", "AUTHORIZATION_VOIDED", "PAYER_ACTION_REQUIRED",
    "PREVIOUSLY_CAPTURED", "PREVIOUSLY_VOIDED",
}  # fmt: skip
DECLINED, GIVEN_UP = "paypal_declined", "given_up"
ABOUT_ORDERS, ABOUT_CAPTURES, ABOUT_DISPUTES = "CHECKOUT.ORDER.", "PAYMENT.CAPTURE.", "CUSTOMER.DISPUTE."
ABOUT_REFUNDS = ("PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED", "PAYMENT.REFUND.")
KINDS = (ABOUT_ORDERS, ABOUT_CAPTURES, "PAYMENT.AUTHORIZATION.", "PAYMENT.REFUND.", ABOUT_DISPUTES)
KEPT = (
    "id", "status", "custom_id", "amount", "supplementary_data", "links", "dispute_id", "dispute_amount", "reason",
    "dispute_outcome",
)  # fmt: skip
ENDED = {"RESOLVED_SELLER_FAVOUR": "won", "RESOLVED_BUYER_FAVOUR": "lost"}


def order_request(charge: Charge) -> Facts:
    """An order for the whole amount. It is ours by our key; its number is for the merchant's eyes at PayPal."""
    way_back = {
        "return_url": charge.return_url,
        "cancel_url": charge.cancel_url or charge.return_url,
        "shipping_preference": "NO_SHIPPING",
        "user_action": "PAY_NOW",
        "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
    }
    return {
        "intent": "AUTHORIZE" if charge.capture is Capture.AT_SHIPPING else "CAPTURE",
        "purchase_units": [
            {
                "custom_id": charge.key,
                "invoice_id": f"{charge.order_number}-{charge.key[:8]}",
                "description": f"Order {charge.order_number}",
                "amount": amount_of(charge.amount),
            }
        ],
        "payment_source": {"paypal": {"experience_context": way_back}},
    }


def outcome(order: Facts) -> Outcome:
    """What an order says. Raises KeyError for what is none."""
    unit, reference = unit_of(order), str(order["id"])
    amount = money(unit["amount"])
    if took := capture_of(order):
        return Outcome(
            Result.CAPTURED, reference, label=LABEL, amount=amount, captured=money(took["amount"]),
            taken_as=str(took["id"]),
        )  # fmt: skip
    if hold_of(order):
        return Outcome(Result.AUTHORISED, reference, label=LABEL, amount=amount)
    steps = _steps(unit)
    if any(step["status"] == "PENDING" for step in steps):
        return Outcome(Result.UNKNOWN, reference, label=LABEL, amount=amount)
    if any(step["status"] == "VOIDED" for step in steps):
        return Outcome(Result.DECLINED, reference, reason=GIVEN_UP)
    if steps:
        return Outcome(Result.DECLINED, reference, reason=DECLINED)
    result = STANDS[order["status"]]
    return Outcome(
        result, reference, amount=amount, label=LABEL,
        reason=GIVEN_UP if result is Result.DECLINED else "",
        next_action_url=_way_to_paypal(order) if result is Result.REQUIRES_ACTION else "",
    )  # fmt: skip


def unit_of(order: Facts) -> Facts:
    unit: Facts = order["purchase_units"][0]
    return unit


def capture_of(order: Facts) -> Facts | None:
    """The money that was taken, if it was."""
    return next((each for each in _payments(order, "captures") if each["status"] in TAKEN), None)


def hold_of(order: Facts) -> Facts | None:
    """The money that PayPal holds for us, if it does."""
    return next((each for each in _payments(order, "authorizations") if each["status"] in HELD), None)


def refunds_of(order: Facts, ours: str) -> tuple[RefundTold, ...]:
    """What went back of an order. `ours` begins the invoice number of a refund that we asked for."""
    return tuple(
        RefundTold(
            str(each["id"]), money(each["amount"]), has_failed=has_failed(each),
            key=number.removeprefix(ours) if (number := str(each.get("invoice_id") or "")).startswith(ours) else "",
        )
        for each in _payments(order, "refunds")
    )  # fmt: skip


def has_failed(refund: Facts) -> bool:
    return refund["status"] in ("FAILED", "CANCELLED")


def named_in(message: Mapping[str, Any]) -> ChargeName | None:
    """Which charge a message is about: by our key, by PayPal's order, or by what the money was taken as."""
    kind, about = str(message.get("event_type", "")), message.get("resource")
    if not kind.startswith(KINDS) or not isinstance(about, dict):
        return None
    reference = _group(_group(about, "supplementary_data"), "related_ids").get("order_id", "")
    if kind.startswith(ABOUT_ORDERS):
        reference = about.get("id", "")
    elif kind.startswith(ABOUT_DISPUTES):
        reference = _first(about, "disputed_transactions").get("seller_transaction_id", "")
    elif not reference:
        reference = _capture_above(about) or about.get("id", "")
    name = ChargeName(key=_text(about.get("custom_id")), reference=_text(reference))
    return name if name != ChargeName() else None


def dispute_in(message: Mapping[str, Any]) -> DisputeTold | None:
    """What a message about a dispute tells; None for anything else."""
    about = message["resource"]
    if not str(message.get("event_type", "")).startswith(ABOUT_DISPUTES) or not about.get("dispute_id"):
        return None
    status = str(about.get("status", ""))
    if status == "RESOLVED":
        status = ENDED.get(str(_group(about, "dispute_outcome").get("outcome_code")), "resolved")
    sum_asked = money(about["dispute_amount"])
    return DisputeTold(
        str(about["dispute_id"]), sum_asked.minor, str(about.get("reason", "")).lower()[:60], status.lower()[:40],
        _moment(message.get("create_time")),
    )  # fmt: skip


def is_about_refund(message: Mapping[str, Any]) -> bool:
    return str(message.get("event_type", "")).startswith(ABOUT_REFUNDS)


def kept_of(body: Mapping[str, Any]) -> Facts:
    """What the inbox keeps of a message: who and what, and nothing of the shopper. Raises TypeError for one that is
    about nothing."""
    about = body["resource"]
    if not isinstance(about, dict):
        raise TypeError("no resource")
    kept = {name: about[name] for name in KEPT if name in about}
    if unit := _first(about, "purchase_units"):
        kept["custom_id"] = unit.get("custom_id")
    if deal := _first(about, "disputed_transactions"):
        kept["disputed_transactions"] = [{"seller_transaction_id": deal.get("seller_transaction_id")}]
    told = {"id": body["id"], "event_type": body["event_type"], "resource": kept}
    return told | {name: body[name] for name in ("create_time",) if isinstance(body.get(name), str)}


def amount_of(amount: Money) -> Facts:
    """`Money(2599)` is "25.99"; dollars only, as elsewhere in the shop."""
    if amount.currency != "USD":
        raise ValueError(amount.currency)
    return {"currency_code": amount.currency, "value": f"{amount.minor // 100}.{amount.minor % 100:02}"}


def money(told: Mapping[str, Any]) -> Money:
    """Raises ValueError for another currency than ours, or for parts of a cent."""
    exact = Decimal(str(told["value"])) * 100
    if told["currency_code"] != "USD" or exact != exact.to_integral_value():
        raise ValueError(told)
    return Money(int(exact), "USD")


def _payments(order: Facts, kind: str) -> list[Facts]:
    return list(dict(unit_of(order).get("payments") or {}).get(kind) or ())


def _steps(unit: Facts) -> list[Facts]:
    payments = dict(unit.get("payments") or {})
    return [*(payments.get("captures") or ()), *(payments.get("authorizations") or ())]


def _way_to_paypal(order: Facts) -> str:
    return next(str(link["href"]) for link in order["links"] if link["rel"] in ("payer-action", "approve"))


def _capture_above(refund: Mapping[str, Any]) -> str:
    """A refund names the capture it came from by a link only."""
    links = refund.get("links")
    ways = [each for each in links if isinstance(each, dict)] if isinstance(links, list) else []
    way = next((str(each.get("href", "")) for each in ways if each.get("rel") == "up"), "")
    return way.rpartition("/")[2] if "/captures/" in way else ""


def _group(holder: Mapping[str, Any], name: str) -> Facts:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def _first(holder: Mapping[str, Any], name: str) -> Facts:
    found = holder.get(name)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

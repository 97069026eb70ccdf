from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kidspetite.foundation.kernel.money import Money


class Result(StrEnum):
    """What a gateway says of a charge. APPROVED: the shopper has agreed at the provider, and nothing moved yet; sending
    the charge once more takes it."""

    APPROVED = "approved"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    REQUIRES_ACTION = "requires_action"
    UNKNOWN = "unknown"
    DECLINED = "declined"


class Capture(StrEnum):
    """When the money is taken: with the order, or held by the bank until the parcel leaves."""

    AT_ONCE = "at_once"
    AT_SHIPPING = "at_shipping"


class Decision(StrEnum):
    """What the shopper told the sandbox bank."""

    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a gateway is asked to take. `key` makes asking twice harmless; `method` is its own token. `reference` is the
    provider's id of it, once there is one; `cancel_url` is for a shopper who turns back at the provider."""

    key: str
    amount: Money
    method: str
    order_number: str
    return_url: str
    capture: Capture = Capture.AT_ONCE
    reference: str = ""
    cancel_url: str = ""


@dataclass(frozen=True, slots=True)
class KnownCharge:
    """A charge that was sent, or was about to be: by our key, and by the provider's reference once there is one."""

    key: str
    reference: str
    amount: Money
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class ProviderMessage:
    """A webhook whose sender has been proved. `external_id` makes a second delivery harmless."""

    external_id: str
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChargeName:
    """By what a provider's message names a charge: our key, its reference, or both."""

    key: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """A shopper's bank wants money back: what the provider told of it, and how it stands in the provider's words."""

    reference: str
    amount_minor: int
    reason: str
    status: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gateway says about a charge. `reason` only with DECLINED, `next_action_url` only with REQUIRES_ACTION.

    `amount` is what the provider says it is for; a charge of another amount is not ours. `captured` is what was taken
    of it, where that is told. `card_print` names a card without being its number. `taken_as` is the provider's name for
    the money taken, where it has one beside that of the charge.
    """

    result: Result
    reference: str = ""
    reason: str = ""
    next_action_url: str = ""
    label: str = ""
    amount: Money | None = None
    captured: Money | None = None
    card_print: str = ""
    taken_as: str = ""


@dataclass(frozen=True, slots=True)
class RefundTold:
    """A refund as the provider tells of it. `key` is ours where we asked for it, and empty where somebody gave it back
    at the provider's own desk."""

    reference: str
    amount: Money
    has_failed: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """How an order stands after an attempt to pay it: the state of the `order`, and that of the `payment`."""

    order_id: int
    order_number: str
    order_token: str
    order: str
    payment: str
    total: Money
    reason: str = ""
    next_action_url: str = ""


@dataclass(frozen=True, slots=True)
class RefundView:
    id: int
    amount: Money
    status: str
    reason: str
    actor: str
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A tender of an order, as staff see it."""

    id: int
    provider: str
    label: str
    amount: Money
    captured: Money
    refunded: Money
    status: str
    reason: str
    reference: str
    at: datetime
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, slots=True)
class Challenge:
    """The sandbox bank's question to the shopper. `is_open` is False once it has been answered."""

    reference: str
    amount: Money
    is_open: bool
    return_url: str
    cancel_url: str = ""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one round of asking the providers found."""

    asked: int = 0
    finished: int = 0
    given_up: int = 0
    captured: int = 0
    refunds_sent: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(
            self.asked + other.asked,
            self.finished + other.finished,
            self.given_up + other.given_up,
            self.captured + other.captured,
            self.refunds_sent + other.refunds_sent,
        )

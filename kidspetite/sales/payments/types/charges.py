"""A charge, what a provider says of it, and how its order stands then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.types.cards import CardFacts

HOSTED = "hosted"
"""The token of a provider's own page: for shoppers without JavaScript, or where its script does not load."""

STORE_CREDIT = "store_credit"
"""How a tender of store credit is named where others name their gateway."""


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


CARD_GONE, PAYER_GONE = "card_gone", "payer_gone"
"""Why a charge was declined: the provider keeps that card, or that payer, no more."""


class Decision(StrEnum):
    """What the shopper told the sandbox bank."""

    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a gateway is asked to take. `key` makes asking twice harmless; `method` is its own token. `reference` is the
    provider's id of it, once there is one; `payer` is who it keeps cards for, where one of theirs pays or this one is
    to be kept; `cancel_url` is for a shopper who turns back at the provider."""

    key: str
    amount: Money
    method: str
    order_number: str
    return_url: str
    capture: Capture = Capture.AT_ONCE
    payer: str = ""
    keeps_card: bool = False
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
    card: CardFacts | None = None
    taken_as: str = ""


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
class Challenge:
    """The sandbox bank's question to the shopper: may it pay so much, or, without an amount, may the shop keep the
    card? `is_open` is False once it has been answered."""

    reference: str
    amount: Money | None
    is_open: bool
    return_url: str
    cancel_url: str = ""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one round of asking the providers found; `heard` are messages that had never come, and charges that were
    looked over for what was given back."""

    asked: int = 0
    finished: int = 0
    given_up: int = 0
    captured: int = 0
    refunds_sent: int = 0
    heard: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(
            self.asked + other.asked,
            self.finished + other.finished,
            self.given_up + other.given_up,
            self.captured + other.captured,
            self.refunds_sent + other.refunds_sent,
            self.heard + other.heard,
        )

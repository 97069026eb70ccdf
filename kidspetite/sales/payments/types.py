from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kidspetite.foundation.kernel.money import Money

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


class Keeping(StrEnum):
    """What became of a wish to keep a card. `sent` is the wish itself, before any answer."""

    SENT = "sent"
    REQUIRES_ACTION = "requires_action"
    UNKNOWN = "unknown"
    KEPT = "kept"
    REFUSED = "refused"


CARD_GONE, PAYER_GONE = "card_gone", "payer_gone"
"""Why a charge was declined: the provider keeps that card, or that payer, no more."""


class Decision(StrEnum):
    """What the shopper told the sandbox bank."""

    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A card that a provider keeps: its id there, and what may be shown of it. `card_print` is the same for every
    token of the same card."""

    reference: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    card_print: str = ""


@dataclass(frozen=True, slots=True)
class CardWish:
    """A card that a vault is asked to keep for a payer. `key` makes asking twice harmless."""

    key: str
    payer: str
    method: str
    return_url: str


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What a vault says to a wish. `card` only with KEPT, `reason` only with REFUSED, `next_action_url` only with
    REQUIRES_ACTION; `reference` names the wish there."""

    result: Keeping
    reference: str = ""
    card: CardFacts | None = None
    reason: str = ""
    next_action_url: str = ""
    card_print: str = ""


SAVED = "saved_"
"""What the token of a saved card begins with; the rest is its name."""


@dataclass(frozen=True, slots=True)
class SavedCardView:
    """A customer's card as they see it. `name` is ours; `token` is what a purchase calls it."""

    name: str
    provider: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    label: str
    is_default: bool
    is_expired: bool

    @property
    def token(self) -> str:
        return f"{SAVED}{self.name}"


@dataclass(frozen=True, slots=True)
class WishView:
    """How a wish to keep a card stands, as its owner sees it. `card` once it is kept."""

    name: str
    status: str
    reason: str = ""
    next_action_url: str = ""
    card: SavedCardView | None = None


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
    card: CardFacts | None = None
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
    to_credit: bool = False
    """Whether it goes into store credit, and not back the way it came."""


class RefundTo(StrEnum):
    """Where staff send money back to."""

    SAME_WAY = "same_way"
    STORE_CREDIT = "store_credit"


@dataclass(frozen=True, slots=True)
class Giving:
    """What is to go back of an order: pieces by SKU and the sending, or an amount; all that is left when neither."""

    pieces: tuple[tuple[str, int], ...] = ()
    shipping: bool = False
    amount: Money | None = None
    to: RefundTo = RefundTo.SAME_WAY

    @property
    def is_everything(self) -> bool:
        return self.amount is None and not self.pieces and not self.shipping


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What a refund is made of: pieces of a line, or the sending where `sku` is empty. `worth` is with discount and
    tax."""

    sku: str
    pieces: int
    worth: Money


@dataclass(frozen=True, slots=True)
class RefundShare:
    """What of a refund goes back by one tender."""

    payment_id: int
    label: str
    amount: Money
    to_credit: bool


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """A refund before it is sent: the sum, what it is made of, and how it is shared out among the tenders.

    `before` is what the parts are worth beyond the sum, because it went back earlier.
    """

    amount: Money
    parts: tuple[RefundPart, ...]
    shares: tuple[RefundShare, ...]
    before: Money


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of a refund: `done` when every tender has given its share, `intended` while a provider owes an
    answer, `refused` when one would not."""

    amount: Money
    status: str
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, slots=True)
class CreditMark:
    """A line in the history of somebody's store credit."""

    amount: Money
    cause: str
    words: str
    order_number: str
    reason: str
    actor: str
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

    status_words: str

    @property
    def is_credit(self) -> bool:
        return self.provider == STORE_CREDIT

    @property
    def left(self) -> Money:
        """What of it may still go back."""
        return self.captured - self.refunded


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

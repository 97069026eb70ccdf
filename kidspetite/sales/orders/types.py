from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kidspetite.foundation.kernel.money import Money

SOLD_OUT = "sold out before the payment came through"


class WayBack(StrEnum):
    """How money goes back: to whatever it was paid with, or into the customer's store credit; or it was only held, and
    let go before it came."""

    SAME_WAY = "same_way"
    STORE_CREDIT = "store_credit"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True)
class Tender:
    """What an order was paid with, as it was called then: one of a list that makes its total."""

    provider: str
    label: str
    amount: Money

    @property
    def is_credit(self) -> bool:
        return self.provider == WayBack.STORE_CREDIT


@dataclass(frozen=True, slots=True)
class Labels:
    """What a line was called when it was sold; the variant may be renamed or go, these words stay."""

    name: str
    product_slug: str
    size: str
    colour: str


@dataclass(frozen=True, slots=True)
class LineSold:
    sku: str
    name: str
    product_slug: str
    size: str
    colour: str
    quantity: int
    unit_price: Money
    line_total: Money
    discount: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class DiscountGiven:
    """A promotion as it was called when it was given. `amount` came off the goods; zero where it paid the sending."""

    name: str
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class TaxedBy:
    """By what an order's tax was computed: "table" (the state's rule) or a provider; the rate in per cent."""

    source: str
    rate: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class ShipTo:
    """Where an order goes. `note` says what we could not verify, such as `zip_state_mismatch`."""

    name: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str = ""
    note: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """As it is written on a parcel."""
        last = f"{self.city}, {self.state} {self.postal_code}"
        return tuple(line for line in (self.name, self.line1, self.line2, last) if line)


@dataclass(frozen=True, slots=True)
class Mark:
    """One pencil mark on the order's timeline."""

    kind: str
    text: str
    at: datetime
    actor: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def amount(self) -> Money | None:
        """How much it is about, where it is about money."""
        return Money(int(self.facts["amount_cents"])) if "amount_cents" in self.facts else None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as far as the shopper needs to know."""

    carrier: str
    tracking_number: str
    tracking_url: str = ""
    carrier_name: str = ""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """From which state an order ended, by whom, whether money is on its way back, and what its shopper knows: that we
    were checking, that a bank or PayPal was waiting for them, or, by letter, that it was not paid."""

    was: str
    reason: str
    money_comes_back: bool
    was_being_checked: bool
    by: str = ""
    was_waiting: bool = False
    was_told: bool = False

    @property
    def leaves_a_question(self) -> bool:
        """Whether the shopper would otherwise not know what became of it."""
        return (self.was_being_checked or (self.was_waiting and self.by.startswith("job:"))) and not self.was_told


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as pages, API and letters show it."""

    id: int
    number: str
    token: str
    status: str
    status_label: str
    email: str
    placed_at: datetime
    paid_at: datetime | None
    lines: tuple[LineSold, ...]
    ship_to: ShipTo
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    refunded: Money
    shipping_method: str
    shipping_label: str
    arrives_from: date | None
    arrives_to: date | None
    gift_message: str
    marks: tuple[Mark, ...]
    parcels: tuple[Parcel, ...]
    can_be_cancelled: bool
    discounts: tuple[DiscountGiven, ...]
    tenders: tuple[Tender, ...]
    can_be_readdressed: bool
    gift_receipt: bool
    taxed_by: TaxedBy | None
    is_settled: bool
    """False while the payment is still open: the page asks again, the API's client polls."""

    @property
    def ways_back(self) -> Mapping[WayBack, Money]:
        """What of the order went back, by which way; a refund that the bank sent back did not."""
        found: dict[WayBack, Money] = defaultdict(Money.zero)
        for mark in self.marks:
            if mark.kind == "refunded" and mark.amount:
                found[WayBack(mark.facts.get("way", WayBack.SAME_WAY))] += mark.amount
            elif mark.kind == "refund_failed" and mark.amount:
                found[WayBack.SAME_WAY] -= mark.amount
        return {way: amount for way, amount in found.items() if amount.minor > 0}

    @property
    def paid_by_gateway(self) -> str:
        """What the gateway's tender is called, such as "Visa ending 4242"; empty where credit or nothing paid."""
        return next((tender.label for tender in self.tenders if not tender.is_credit), "")

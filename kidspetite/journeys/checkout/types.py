from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kidspetite.foundation.accounts.types import PostalAddress
from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types import QUIET, Destination, Quote, QuotedLine, Verdict
from kidspetite.sales.cart.types import LineView
from kidspetite.sales.orders.types import ShipTo

NO_PAYMENT = "none"


@dataclass(frozen=True, slots=True)
class Purchase:
    """Everything a shopper says when buying, checked. `expected_total_cents` is the total they saw, or None."""

    email: str
    ship_to: ShipTo
    shipping_method: str
    provider: str
    token: str
    gift_message: str = ""
    gift_receipt: bool = False
    promo_code: str = ""
    expected_total_cents: int | None = None
    use_store_credit: bool = False
    expected_credit_cents: int | None = None
    """What of the total the shopper saw to be paid by store credit, or None."""
    customer_id: int | None = None
    wants_news: bool = False
    wants_texts: bool = False
    """Whether the box for the newsletter was ticked: the mailbox is asked, and nothing follows from silence."""
    keeps_card: bool = False
    """Whether a signed-in shopper ticked to save the card for next time."""
    traces: tuple[str, ...] = ()
    """Digests of who tries, such as `session:…`; declines are counted by them."""

    @property
    def texts_to(self) -> str:
        """The phone that is told how the order fares; empty for none."""
        return self.ship_to.phone if self.wants_texts else ""

    @property
    def pays_nothing(self) -> bool:
        """Whether the shopper names no way to pay, because promotions or store credit leave nothing to pay."""
        return self.provider == self.token == NO_PAYMENT

    def codes(self, in_basket: Iterable[str]) -> tuple[str, ...]:
        """The codes of the basket, and the one that was sent along."""
        return (*in_basket, self.promo_code) if self.promo_code else tuple(in_basket)

    @property
    def destination(self) -> Destination:
        there = self.ship_to
        return Destination(there.state, there.postal_code, there.country, city=there.city, line1=there.line1)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as far as a price depends on it, and the codes they hold. What the order `holder` has redeemed is
    theirs already and does not count against them."""

    customer_id: int | None = None
    email: str = ""
    codes: tuple[str, ...] = ()
    holder: str = ""


@dataclass(frozen=True, slots=True)
class TrialLine:
    """Pieces of a SKU in a cart that staff imagine."""

    sku: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A promotion tried on a cart: the quote, the names of its lines, and SKUs that are not for sale."""

    quote: Quote
    names: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def lines(self) -> tuple[tuple[str, QuotedLine], ...]:
        return tuple(zip(self.names, self.quote.lines, strict=True))


@dataclass(frozen=True, slots=True)
class Bought:
    """What became of a purchase. `status` is that of the order; `next_action_url` only with requires_action."""

    order_number: str
    token: str
    status: str
    total: Money
    next_action_url: str = ""


@dataclass(frozen=True, slots=True)
class AddressQuestion:
    """Which of two to send to. `about` names the address that it was asked for, so that a changed one is asked anew."""

    typed: PostalAddress
    better: PostalAddress
    about: str


@dataclass(frozen=True, slots=True)
class SettledAddress:
    """Where it goes after all, and what the packer should know of it, as `AddressNote`s between commas."""

    place: PostalAddress
    note: str = ""


@dataclass(frozen=True, slots=True)
class CreditOffer:
    """Store credit at the payment step: what there is, what of it this purchase could use, what it uses, and what is
    left to pay."""

    balance: Money
    usable: Money
    used: Money
    to_pay: Money | None

    @property
    def pays_all(self) -> bool:
        """Whether nothing is left to pay with anything else."""
        return bool(self.used) and self.to_pay is not None and not self.to_pay


@dataclass(frozen=True, slots=True)
class DraftView:
    """What has been typed so far. `attempt_key` belongs into the pay form, hidden."""

    email: str = ""
    address: dict[str, Any] = field(default_factory=dict)
    shipping_method: str = ""
    gift_message: str = ""
    gift_receipt: bool = False
    wants_news: bool = False
    wants_texts: bool = False
    payment: dict[str, Any] = field(default_factory=dict)
    attempt_key: str = ""
    keeps_credit: bool = False


@dataclass(frozen=True, slots=True)
class BasketView:
    """A basket as pages and the API show it."""

    token: str
    lines: tuple[LineView, ...]
    quote: Quote
    draft: DraftView
    destination: Destination | None = None
    promo_codes: tuple[str, ...] = ()

    def sold(self, line: LineView) -> QuotedLine | None:
        """What a line costs after promotions; None for one that is not for sale."""
        return next((sold for sold in self.quote.lines if sold.variant_id == line.variant.id), None)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What a shopper is told of promotions: those that count, and what became of the codes they hold."""
        return tuple(one for one in self.quote.verdicts if one.is_applied or (one.code and one.reason not in QUIET))

    @property
    def dead_codes(self) -> tuple[str, ...]:
        """Codes in the basket that do not work for it any more; why is not told."""
        told = {verdict.code for verdict in self.quote.verdicts if verdict.reason not in QUIET}
        return tuple(code for code in self.promo_codes if code not in told)

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def can_be_bought(self) -> bool:
        """Whether every line is still sold and there."""
        return bool(self.lines) and all(line.can_be_bought for line in self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines

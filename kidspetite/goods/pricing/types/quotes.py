from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types.promotions import Applied, Verdict


class Zone(StrEnum):
    """Where in the United States a parcel goes, as far as its price is concerned."""

    CONTIGUOUS = "contiguous"
    OUTLYING = "outlying"
    MILITARY = "military"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """What is asked for, at today's price. Weight in grams a piece. `list_price` is the price before a reduction,
    None where there is none."""

    variant_id: int
    sku: str
    unit_price: Money
    quantity: int
    weight_g: int = 0
    product_id: int = 0
    categories: tuple[str, ...] = ()
    collections: frozenset[int] = frozenset()
    list_price: Money | None = None

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Destination:
    """As much of an address as a price depends on. `state` is two capital letters, AA, AE and AP among them; city and
    street are empty until an address is known, and only a provider of local tax rates looks at them."""

    state: str
    postal_code: str = ""
    country: str = "US"
    city: str = ""
    line1: str = ""


@dataclass(frozen=True, slots=True)
class RateBand:
    """A method's price in one zone, and its working days on the road: up to a weight (grams, inclusive; None: any), for
    goods worth `goods_from` or more (None: any)."""

    zone: Zone
    price: Money
    days_from: int
    days_to: int
    up_to_g: int | None = None
    goods_from: Money | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A way to send, with its prices. Only one that `may_be_free` becomes free from the shop's threshold on."""

    code: str
    label: str
    may_be_free: bool
    bands: tuple[RateBand, ...]


@dataclass(frozen=True, slots=True)
class RateTable:
    """All ways to send, in the order in which they are offered."""

    methods: tuple[Method, ...] = ()


@dataclass(frozen=True, slots=True)
class ClothingTax:
    """What one state takes on clothes. `rate` in per cent.

    A piece below `exempt_below` is free of tax. One at or above it is taxed on its whole price, or, where
    `taxes_excess_only`, on what lies above.
    """

    state: str
    rate: Decimal
    is_exempt: bool = False
    exempt_below: Money | None = None
    taxes_excess_only: bool = False
    taxes_shipping: bool = False
    since: date | None = None


@dataclass(frozen=True, slots=True)
class TaxTable:
    """The states in which the shop collects, and their rules. `unknown` are those that have no rule on that day."""

    rules: tuple[ClothingTax, ...] = ()
    unknown: frozenset[str] = frozenset()

    def rule_of(self, state: str) -> ClothingTax | None:
        return next((rule for rule in self.rules if rule.state == state), None)


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """One line as a provider of tax rates is asked about it: what is paid for all its pieces, after discounts."""

    sku: str
    net: Money
    quantity: int


@dataclass(frozen=True, slots=True)
class Taxed:
    """All that a tax depends on. `print` is the same for two baskets exactly when their tax is."""

    lines: tuple[TaxedLine, ...]
    shipping: Money
    destination: Destination

    @property
    def print(self) -> str:
        rows = [f"{line.sku} {line.net.minor} {line.quantity}" for line in self.lines]
        there = self.destination
        place = [there.line1, there.city, there.state, there.postal_code, there.country]
        told = "\n".join([*rows, f"{self.shipping.minor} {self.shipping.currency}", *place])
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TaxTold:
    """What a provider of local rates says: the tax of each line, in order, and of the shipping. `rate` is that of all
    its levels together, in per cent; `reference` is the provider's id of its calculation."""

    lines: tuple[Money, ...]
    shipping: Money
    rate: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """What `source` told of exactly one `Taxed`, by its print. For any other basket `otherwise` holds."""

    print: str
    source: str
    told: TaxTold
    otherwise: TaxTable = field(default_factory=TaxTable)


@dataclass(frozen=True, slots=True)
class TaxBasis:
    """By what a tax was computed: `source` is "table", or a provider's code; `rate` in per cent; `reference` the
    state and day of the rule, or the provider's id of its calculation."""

    source: str
    rate: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class Packing:
    """When parcels leave. An order before the cut-off hour counts that day as its first working day of packing."""

    time_zone: str = "America/New_York"
    cutoff_hour: int = 14
    handling_days: int = 1
    holidays: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def by(
        cls,
        *,
        time_zone: str,
        cutoff_hour: int,
        handling_days: int,
        holidays: Iterable[date],
    ) -> Packing:
        return cls(time_zone, cutoff_hour, handling_days, frozenset(holidays))

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.time_zone))


@dataclass(frozen=True, slots=True)
class Rate:
    """A way to send this basket there: its price, working days on the road, and the days between which it arrives.

    `is_free_reason` is empty, or why the price is zero: "threshold" or "promotion".
    """

    method_code: str
    label: str
    price: Money
    days_from: int
    days_to: int
    is_free_reason: str = ""
    arrives_from: date | None = None
    arrives_to: date | None = None


class NoteCode(StrEnum):
    """What a quote has to say about itself; faces find the words."""

    UNTIL_FREE_SHIPPING = "until_free_shipping"
    FREE_SHIPPING = "free_shipping"
    CLOTHES_UNTAXED = "clothes_untaxed"
    TAX_IS_ESTIMATED = "tax_is_estimated"
    TAX_RULE_MISSING = "tax_rule_missing"
    NOT_DELIVERED_THERE = "not_delivered_there"


@dataclass(frozen=True, slots=True)
class Note:
    """`amount` is what the note is about, such as the sum that is missing for free shipping."""

    code: NoteCode
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line with its shares: what the shopper pays for it is `line_total - discount + tax`."""

    variant_id: int
    sku: str
    quantity: int
    unit_price: Money
    line_total: Money
    discount: Money
    tax: Money

    @property
    def net(self) -> Money:
        return self.line_total - self.discount


@dataclass(frozen=True, slots=True)
class Quote:
    """What a basket costs. `total = subtotal - discount + shipping + tax`, and `tax` = Σ line taxes + `shipping_tax`.

    Without a destination (or for one we do not deliver to, or an empty basket) shipping, tax and total are None.
    `applied` are the promotions that count, in the order in which they were worked out: their amounts add up to
    `discount`. `verdicts` say of every promotion that was looked at what became of it. `tax_basis` is None where the
    shop collects no tax.
    """

    lines: tuple[QuotedLine, ...]
    subtotal: Money
    discount: Money
    shipping: Money | None
    tax: Money | None
    total: Money | None
    shipping_tax: Money | None = None
    method: str | None = None
    rates: tuple[Rate, ...] = ()
    arrives_from: date | None = None
    arrives_to: date | None = None
    notes: tuple[Note, ...] = ()
    applied: tuple[Applied, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    tax_basis: TaxBasis | None = None

    @property
    def tax_is_estimate(self) -> bool:
        """Whether local taxes may come on top, which nobody has asked about."""
        return self.note(NoteCode.TAX_IS_ESTIMATED) is not None

    @property
    def rate(self) -> Rate | None:
        """The chosen way to send."""
        return next((rate for rate in self.rates if rate.method_code == self.method), None)

    def note(self, code: NoteCode) -> Note | None:
        return next((note for note in self.notes if note.code == code), None)

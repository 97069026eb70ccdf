from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from kidspetite.foundation.kernel.money import Money


class Lane(IntEnum):
    """Where in the order a promotion is worked out. One lane lets its best promotion through; the next one works on
    what is left."""

    PRICES = 10
    BASKET = 20
    SHIPPING = 30


class Channel(StrEnum):
    """The way on which a shopper came."""

    SHOP = "shop"
    REGISTRY = "registry"
    REFERRAL = "referral"


class Kind(StrEnum):
    """What a promotion gives, as it is kept in a row."""

    PERCENT = "percent"
    AMOUNT = "amount"
    FIXED_PRICE = "fixed_price"
    BUY_GET = "buy_get"
    FREE_SHIPPING = "free_shipping"


@dataclass(frozen=True, slots=True)
class PercentOff:
    """So many per cent (at most two decimals) of what the goods still cost."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class AmountOff:
    """A sum off the goods together, shared among them in proportion to what they cost."""

    amount: Money


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Every piece costs this, unless it costs less already."""

    price: Money


@dataclass(frozen=True, slots=True)
class BuyGet:
    """Of every `buy + get` pieces the cheapest `get` are so many per cent off; as often as the pieces allow."""

    buy: int
    get: int
    percent: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class FreeShipping:
    """The methods that may be free are."""


type Benefit = PercentOff | AmountOff | FixedPrice | BuyGet | FreeShipping


@dataclass(frozen=True, slots=True)
class Goods:
    """Which goods are meant: those that are named in any of the ways; with nothing named, all."""

    products: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    collections: frozenset[int] = frozenset()

    @property
    def are_all(self) -> bool:
        return not (self.products or self.categories or self.collections)


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a promotion may. What is empty, zero or None asks for nothing.

    `minimum` is compared with the whole basket at today's prices, before promotions; `pieces` counts the goods that
    are meant. `people` are normalised mail addresses. `uses_each` is how often one customer may, `uses_left` how
    often anybody still may.
    """

    goods: Goods = field(default_factory=Goods)
    minimum: Money | None = None
    pieces: int = 0
    is_first_order: bool = False
    is_signed_in: bool = False
    people: frozenset[str] = frozenset()
    channel: Channel | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    uses_each: int | None = None
    uses_left: int | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion, and the code that opened it (empty for one that needs none).

    It takes no more than `cap` off an order, and brings no piece below `floor_percent` of its list price. An
    exclusive one goes with no other.
    """

    id: int
    name: str
    benefit: Benefit
    lane: Lane = Lane.BASKET
    conditions: Conditions = field(default_factory=Conditions)
    is_exclusive: bool = False
    cap: Money | None = None
    floor_percent: int = 0
    code: str = ""
    code_id: int | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who is asking, as far as a price depends on it. `orders_before` is None while nobody knows; `uses` counts
    the orders in which this customer had a promotion, by its id."""

    customer_id: int | None = None
    email: str = ""
    orders_before: int | None = None
    channel: Channel = Channel.SHOP
    uses: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_signed_in(self) -> bool:
        return self.customer_id is not None


class Reason(StrEnum):
    """Why a promotion changes nothing here."""

    NOT_RUNNING = "not_running"
    OTHER_PEOPLE = "other_people"
    OTHER_CHANNEL = "other_channel"
    USED_UP = "used_up"
    USED_BEFORE = "used_before"
    NOT_FIRST_ORDER = "not_first_order"
    SIGN_IN = "sign_in"
    NO_GOODS = "no_goods"
    PIECES = "pieces"
    MINIMUM = "minimum"
    NOTHING_LEFT = "nothing_left"
    BEATEN = "beaten"
    EXCLUSIVE = "exclusive"
    ADDRESS = "address"


QUIET = frozenset({Reason.NOT_RUNNING, Reason.OTHER_PEOPLE, Reason.OTHER_CHANNEL, Reason.USED_UP, Reason.USED_BEFORE})
"""Reasons a shopper is not told, so that nobody learns by guessing which codes there are, and whose."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one promotion. Without a reason it was applied, and `saves` is what it took off.

    `amount` is what is missing (MINIMUM), or how much more the `winner` saves (BEATEN, EXCLUSIVE); `pieces` how many
    are missing (PIECES).
    """

    promotion_id: int
    name: str
    code: str
    reason: Reason | None
    saves: Money
    amount: Money | None = None
    pieces: int = 0
    winner: str = ""

    @property
    def is_applied(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Applied:
    """A promotion that counts: `amount` off the goods (Σ `shares`, one for each line), `shipping` off the sending."""

    promotion_id: int
    name: str
    code: str
    code_id: int | None
    amount: Money
    shipping: Money
    shares: tuple[Money, ...]
    uses_each: int | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that the shop says while a promotion is live, and the goods it is about."""

    promotion_id: int
    words: str
    goods: Goods
    ends: datetime | None = None

"""The shapes of the API, as its description shows them. Amounts are integer cents, moments ISO 8601 in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Cents = Annotated[int, Field(ge=0, description="whole cents")]
Currency = Annotated[str, Field(min_length=3, max_length=3)]
MOST_CENTS = 10**12


class Given(BaseModel):
    """What a client sends: unknown fields are refused, and nothing is converted from another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Shape(BaseModel):
    """What we answer."""


# --- Problems


class FieldProblem(Shape):
    field: str
    message: str


class Problem(Shape):
    """RFC 9457. `code` is stable and listed in the handbook; `facts` belong to the code."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any]
    errors: list[FieldProblem]
    request_id: str


# --- Goods


class PictureOut(Shape):
    src: str
    alt: str
    width: int
    height: int
    colour: str | None = None
    view: str | None = None


class ProductItem(Shape):
    slug: str
    name: str
    url: str
    price_cents: Cents
    compare_at_cents: Cents | None
    currency: Currency
    available: bool
    sizes: list[str]
    colours: list[str]
    picture: PictureOut | None


class ProductList(Shape):
    items: list[ProductItem]
    total: int
    page: int
    pages: int


class VariantOut(Shape):
    sku: str
    size: str
    colour: str
    price_cents: Cents
    compare_at_cents: Cents | None
    available: Annotated[int, Field(ge=0, description="pieces that can be put into a basket now")]


class CategoryOut(Shape):
    slug: str
    name: str


class FibreOut(Shape):
    material: str
    percent: int


class ProductOut(Shape):
    slug: str
    name: str
    url: str
    summary: str
    description: str
    category: CategoryOut
    price_cents: Cents
    compare_at_cents: Cents | None
    currency: Currency
    available: bool
    facts: list[str]
    fibre: list[FibreOut]
    care: list[str]
    safety: str
    origin: str
    size_note: str
    pictures: list[PictureOut]
    variants: list[VariantOut]


class CollectionItem(Shape):
    slug: str
    title: str
    description: str
    url: str
    count: int


class CollectionList(Shape):
    items: list[CollectionItem]


class CollectionOut(CollectionItem):
    products: ProductList


class SuggestedProduct(Shape):
    slug: str
    name: str
    url: str
    price_cents: Cents
    currency: Currency


class SuggestedCategory(CategoryOut):
    url: str


class Suggestions(Shape):
    queries: list[str]
    categories: list[SuggestedCategory]
    products: list[SuggestedProduct]


# --- Addresses


class PlaceIn(Given):
    """Lengths and forms are judged field by field, so that every fault is told at once."""

    line1: str
    line2: str = ""
    city: str
    state: str
    postal_code: str


class PlaceOut(Shape):
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str


class AddressOut(Shape):
    outcome: Literal["verified", "suggested", "unverified"]
    address: Annotated[PlaceOut, Field(description="as you sent it, tidied")]
    suggestion: Annotated[PlaceOut | None, Field(description="what we would write; only with `suggested`")]
    notes: Annotated[list[str], Field(description="such as `po_box`, `apartment_missing`, `zip_state_mismatch`")]
    checked_by: str


class PlaceGuessOut(Shape):
    id: str
    text: str
    detail: str
    address: PlaceOut | None


class PlaceGuesses(Shape):
    items: list[PlaceGuessOut]


# --- Baskets


class ItemIn(Given):
    sku: Annotated[str, Field(min_length=1, max_length=80)]
    quantity: Annotated[int, Field(ge=1, le=99)] = 1


class QuantityIn(Given):
    quantity: Annotated[int, Field(ge=0, le=99, description="0 removes the line")]


class CodeIn(Given):
    code: Annotated[str, Field(min_length=1, max_length=60, description="as typed; spaces, hyphens, case are ignored")]


class PromotionOut(Shape):
    """What became of a promotion in a basket. `code` is null for one that needs none."""

    code: str | None
    name: str
    applied: bool
    saves_cents: Cents
    explanation: str


class CodeOut(PromotionOut):
    valid: Literal[True] = True


class ItemOut(Shape):
    id: int
    sku: str
    name: str
    quantity: int
    unit_price_cents: Cents
    line_total_cents: Cents
    available: int
    held: Annotated[int, Field(description="pieces set aside for this basket until `hold_expires_at`")]
    hold_expires_at: Annotated[datetime | None, Field(description="null while not all pieces of the line are held")]
    hold_note: Annotated[str | None, Field(description="why pieces that are there are not set aside")]


class CartOut(Shape):
    token: str
    items: list[ItemOut]
    promo_codes: list[str]
    promotions: Annotated[list[PromotionOut], Field(description="those that count, and those of the codes given")]
    subtotal_cents: Cents
    discount_cents: Cents
    shipping_cents: Cents | None
    tax_cents: Cents | None
    tax_is_estimate: bool
    total_cents: Cents | None
    currency: Currency


class RateOut(Shape):
    method: str
    label: str
    price_cents: Cents
    days_from: int
    days_to: int
    arrives_from: date | None
    arrives_to: date | None
    is_free_reason: str


class QuoteLine(Shape):
    name: str
    amount_cents: Annotated[int, Field(description="whole cents; negative for what a promotion takes off")]


class QuoteOut(Shape):
    """What buying costs: the lines and the shipping make the total. Shipping and total are null for nowhere."""

    lines: list[QuoteLine]
    rates: list[RateOut]
    shipping_method: str | None
    shipping_cents: Cents | None
    total_cents: Cents | None
    currency: Currency


class RateList(Shape):
    rates: list[RateOut]
    currency: Currency


# --- Buying


class AddressIn(Given):
    name: str
    line1: str
    line2: str | None = None
    city: str
    state: str
    postal_code: str
    country: str | None = "US"
    phone: str | None = None


class PaymentIn(Given):
    provider: str
    token: Annotated[str, Field(description="the provider's own, or `saved_…` for a card of the signed-in customer")]
    save: Annotated[bool, Field(description="save this card for next time; signed-in customers only")] = False


class CheckoutIn(Given):
    email: str
    shipping_address: AddressIn
    shipping_method: str
    payment: PaymentIn
    gift_message: str | None = None
    gift_receipt: bool = False
    wants_news: Annotated[bool, Field(description="a box that was ticked: the mailbox is asked first")] = False
    wants_texts: Annotated[
        bool, Field(description="a box that was ticked: the phone of the address is asked first, by a text")
    ] = False
    promo_code: str | None = None
    expected_total_cents: Annotated[int, Field(ge=0, le=MOST_CENTS)] | None = None
    use_store_credit: Annotated[bool, Field(description="of whoever is signed in; the payment is for the rest")] = False


class NextAction(Shape):
    url: str


class CheckoutOut(Shape):
    order_number: str
    token: str
    status: str
    total_cents: Cents
    currency: Currency
    next_action: NextAction | None


OrderStatus = Literal[
    "awaiting_payment", "requires_action", "payment_unknown", "paid", "shipped", "delivered", "cancelled", "refunded"
]


class SoldItem(Shape):
    sku: str
    name: str
    size: str
    colour: str
    quantity: int
    unit_price_cents: Cents
    line_total_cents: Cents
    discount_cents: Cents
    tax_cents: Cents


class TrackingOut(Shape):
    carrier: str
    number: str


class TimelineMark(Shape):
    kind: str
    text: str
    at: datetime


class DiscountOut(Shape):
    name: str
    code: str | None
    amount_cents: Cents


class TenderOut(Shape):
    """One of what an order was paid with; together they are its total. `provider` may be `store_credit`."""

    provider: str
    label: str
    amount_cents: Cents


class OrderOut(Shape):
    order_number: str
    token: str
    status: OrderStatus
    email: str
    placed_at: datetime
    items: list[SoldItem]
    subtotal_cents: Cents
    discount_cents: Cents
    discounts: list[DiscountOut]
    shipping_cents: Cents
    tax_cents: Cents
    total_cents: Cents
    tenders: Annotated[list[TenderOut], Field(description="empty until it is paid")]
    refunded_cents: Cents
    currency: Currency
    shipping_method: str
    arrives_from: date | None
    arrives_to: date | None
    gift_message: str | None
    gift_receipt: bool
    tracking: list[TrackingOut]
    timeline: list[TimelineMark]


# --- Saved cards


class AlertOut(Shape):
    sku: str
    name: str
    size: str
    colour: str
    state: Annotated[Literal["low", "out"], Field(description="`out`: none on hand")]
    on_hand: int
    held: Annotated[int, Field(description="in baskets and being paid for")]
    available: int
    low_at: Annotated[int, Field(description="its own number, else the shop's")]
    sold_30_days: int
    days_of_cover: Annotated[int | None, Field(description="whole days the pieces on hand last at that pace")]
    waiting: Annotated[int, Field(description="people who want to be told when it is back")]


class AlertList(Shape):
    items: list[AlertOut]
    total: int
    page: int
    pages: int


class CardOut(Shape):
    """A card that the payment provider keeps for a customer. `token` pays with it: `{"provider": …, "token": …}`."""

    id: str
    provider: str
    token: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    label: str
    expired: bool
    default: bool


class CardList(Shape):
    items: list[CardOut]


class CardIn(Given):
    provider: Annotated[str, Field(max_length=20)]
    token: Annotated[str, Field(max_length=120, description="of the provider's own elements; never a card number")]
    default: Annotated[bool, Field(description="make it the one that stands first at checkout")] = False


class WishOut(Shape):
    """`kept`: `card` is there. `requires_action`: the bank wants to be asked at `next_action.url`. `unknown`: no answer
    yet; the card appears in the list once there is one."""

    status: Literal["kept", "requires_action", "unknown"]
    card: CardOut | None
    next_action: NextAction | None


# --- Scheduled calls


class JobOut(Shape):
    job: str
    ran: Annotated[bool, Field(description="true: what was due is done, or was already")]

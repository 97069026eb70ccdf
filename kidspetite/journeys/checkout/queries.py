from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.briefly import briefly
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory import queries as inventory
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.goods.pricing.models import Promotion as PromotionModel
from kidspetite.goods.pricing.rules import quote
from kidspetite.goods.pricing.rules.codes import normal_email
from kidspetite.goods.pricing.types import (
    BasketLine,
    Destination,
    Packing,
    Promotion,
    Quote,
    RateTable,
    Shopper,
    TaxTable,
)
from kidspetite.journeys.checkout.rules import attempt_key, state_code
from kidspetite.journeys.checkout.types import BasketView, Buyer, CreditOffer, DraftView, Trial, TrialLine
from kidspetite.sales.cart import queries as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.types import LineView
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.payments import queries as payments
from kidspetite.sales.payments.queries import credit
from kidspetite.sales.shipping import queries as shipping

ANYBODY = Buyer()

_DRAFT = """draft.email, draft.address::text, draft.shipping_method, draft.gift_message, draft.gift_receipt,
       draft.wants_news, draft.wants_texts, draft.payment::text, draft.attempt_key, draft.keeps_credit"""
_TYPED = f"SELECT {_DRAFT} FROM checkout_draft AS draft WHERE cart_id = %s"
_BASKET = carts.lines_statement(f"{_DRAFT}, ", "LEFT JOIN checkout_draft AS draft ON draft.cart_id = wanted.cart_id")
_TYPED_FIELDS = 10


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a price depends on and no shopper changes."""

    packing: Packing
    free_from: Money | None
    rates: RateTable
    taxes: TaxTable


@dataclass(frozen=True, slots=True)
class Piece:
    """What a quote needs to know of a line."""

    facts: VariantFacts
    quantity: int


def quote_of(
    pieces: Sequence[Piece], destination: Destination | None, method: str | None, buyer: Buyer = ANYBODY
) -> Quote:
    """What these pieces cost, sent there that way, by today's settings, rates, taxes and promotions.

    Raises MethodNotOffered for a way to send that does not go there.
    """
    now = clock.now()
    asked = pieces or buyer.codes  # of an empty basket without codes there is nothing to say
    promotions = pricing.live_promotions(buyer.codes, at=now, apart_from=buyer.holder) if asked else []
    return _priced(pieces, destination, method, at=now, promotions=promotions, shopper=_shopper(buyer, promotions))


def _priced(
    pieces: Sequence[Piece],
    destination: Destination | None,
    method: str | None,
    *,
    at: datetime,
    promotions: Sequence[Promotion],
    shopper: Shopper,
) -> Quote:
    facts = _shop_facts()
    priced = partial(
        quote,
        _basket_lines(pieces, promotions),
        destination,
        method,
        rates=facts.rates,
        free_from=facts.free_from,
        now=at,
        packing=facts.packing,
        promotions=promotions,
        shopper=shopper,
    )
    price = priced(tax=facts.taxes)
    answer = pricing.tax_answer(price, destination, facts.taxes)
    return priced(tax=answer) if answer else price


@briefly
def _shop_facts() -> ShopFacts:
    shop = content.shop_settings()
    packing = pricing.packing_of(shop)
    today = packing.local(clock.now()).date()
    taxes = pricing.tax_table(today, shop.collects_tax_in)
    return ShopFacts(packing, shop.free_shipping_from, shipping.rate_table(), taxes)


def trial(row: PromotionModel, lines: Sequence[TrialLine], *, state: str, is_first_order: bool) -> Trial | None:
    """What a cart would cost with a promotion whose days had come and whose code was in the cart, beside those that
    run now. None for an empty cart; keeps nothing."""
    known = {facts.sku: facts for facts in catalog.variants_for_sale([line.sku for line in lines]).values()}
    wanted = {line.sku: min(line.pieces, 99) for line in lines if line.sku in known}
    if not wanted:
        return None
    now, pieces = clock.now(), [Piece(known[sku], count) for sku, count in wanted.items()]
    shopper = Shopper(orders_before=0 if is_first_order else 1)
    price = _priced(
        pieces, destination_of(DraftView(address={"state": state})), None, at=now, shopper=shopper,
        promotions=pricing.trial_promotions(row, at=now),
    )  # fmt: skip
    names = tuple(f"{piece.facts.name}, {piece.facts.size_label}, {piece.facts.colour_name}" for piece in pieces)
    return Trial(price, names, tuple(line.sku for line in lines if line.sku not in known))


def buyer_of(cart: Cart, *, email: str = "") -> Buyer:
    """Who this basket belongs to, as far as is known."""
    open_order = orders.open_order_of(cart.pk) if cart.promo_codes or cart.customer_id or email else None
    return Buyer(
        customer_id=cart.customer_id,
        email=email,
        codes=tuple(cart.promo_codes),
        holder=open_order.holder if open_order else "",
    )


def basket_view(cart: Cart, destination: Destination | None = None, method: str | None = None) -> BasketView:
    """A basket with its price. Without a destination the one typed in checkout so far is taken; a way to send that
    does not go there is replaced by the first that does."""
    lines, draft = _lines_and_draft(cart)
    destination = destination or destination_of(draft)
    pieces = _for_sale(lines)
    buyer = buyer_of(cart, email=draft.email)
    try:
        price = quote_of(pieces, destination, method or draft.shipping_method or None, buyer)
    except MethodNotOffered:
        price = quote_of(pieces, destination, None, buyer)
    return BasketView(
        token=cart.token,
        lines=tuple(lines),
        quote=price,
        draft=draft,
        destination=destination,
        promo_codes=buyer.codes,
    )


def piece_view(
    sku: str, destination: Destination | None = None, method: str | None = None, *, buyer: Buyer = ANYBODY
) -> BasketView | None:
    """One piece as if it lay in a basket of its own: nothing is held, nothing is kept. None for an unknown SKU."""
    facts = next(iter(catalog.variants_for_sale([sku]).values()), None) if sku.isprintable() else None
    if facts is None:
        return None
    free = inventory.available_pieces([facts.id])[facts.id] if facts.is_for_sale else 0
    line = LineView(0, facts.sku, facts, 1, facts.price, facts.price, max(free, 0), 0, None)
    pieces = _for_sale([line])
    try:
        price = quote_of(pieces, destination, method, buyer)
    except MethodNotOffered:
        price = quote_of(pieces, destination, None, buyer)
    return BasketView("", (line,), price, DraftView(), destination)


def wanted_pieces(cart: Cart) -> list[Piece]:
    """What of a basket can be bought, in its order."""
    return _for_sale(carts.lines_of(cart))


def draft_of(cart: Cart) -> DraftView:
    """What has been typed so far; all empty at the start."""
    return next((_draft(row) for row in ask_kept(_TYPED, [cart.pk])), DraftView())


def credit_offer(basket: BasketView, customer_id: int | None) -> CreditOffer:
    """What a signed-in customer's store credit would pay of this basket, unless they keep it for another time."""
    balance, total = credit.credit_of(customer_id), basket.quote.total
    nothing = Money.zero(balance.currency)
    if total is None:
        return CreditOffer(balance, nothing, nothing, None)
    usable = min(balance, total, key=lambda one: one.minor)
    used = nothing if basket.draft.keeps_credit else usable
    return CreditOffer(balance, usable, used, total - used)


def is_begun(cart: Cart, key: str) -> bool:
    """Whether buying this basket under this key was tried already, so that the same key gives its answer."""
    return payments.attempt(attempt_key(cart.pk, key)) is not None


def destination_of(draft: DraftView) -> Destination | None:
    """Where the address typed so far lies, when it says as much."""
    said = {name: str(draft.address.get(name) or "") for name in ("state", "postal_code", "city", "line1")}
    state = state_code(said["state"])
    return Destination(state, said["postal_code"], city=said["city"], line1=said["line1"]) if state else None


def _lines_and_draft(cart: Cart) -> tuple[list[LineView], DraftView]:
    """In one statement, but for a basket without lines."""
    rows = ask_kept(_BASKET, carts.told_of(cart))
    draft = _draft(rows[0][:_TYPED_FIELDS]) if rows else draft_of(cart)
    return carts.lines_from([row[_TYPED_FIELDS:] for row in rows]), draft


def _draft(values: Sequence[Any]) -> DraftView:
    if values[0] is None:
        return DraftView()
    email, address, method, message, receipt, news, texts, payment, key, keeps_credit = values
    return DraftView(
        email=email,
        address=json.loads(address),
        shipping_method=method,
        gift_message=message,
        gift_receipt=receipt,
        wants_news=news,
        wants_texts=texts,
        payment=json.loads(payment),
        attempt_key=key,
        keeps_credit=keeps_credit,
    )


def _for_sale(lines: Iterable[LineView]) -> list[Piece]:
    return [Piece(line.variant, line.quantity) for line in lines if line.is_for_sale]


def _basket_lines(pieces: Sequence[Piece], promotions: Sequence[Promotion]) -> list[BasketLine]:
    """Which collections they are in is only asked when a promotion wants to know."""
    matters = any(one.conditions.goods.collections for one in promotions)
    collections = pricing.collections_of({piece.facts.product_id for piece in pieces}) if matters else {}
    return [
        BasketLine(
            variant_id=piece.facts.id,
            sku=piece.facts.sku,
            unit_price=piece.facts.price,
            quantity=piece.quantity,
            weight_g=piece.facts.weight_g,
            product_id=piece.facts.product_id,
            categories=piece.facts.category_slugs,
            collections=collections.get(piece.facts.product_id, frozenset()),
            list_price=piece.facts.compare_at,
        )
        for piece in pieces
    ]


def _shopper(buyer: Buyer, promotions: Sequence[Promotion]) -> Shopper:
    """What the promotions at hand want to know of the buyer, and no more is asked for."""
    email = buyer.email
    if promotions and not email and buyer.customer_id:
        email = people.email_of(buyer.customer_id)
    is_first = any(one.conditions.is_first_order for one in promotions)
    limited = [one.id for one in promotions if one.conditions.uses_each is not None]
    before = orders.orders_before(customer_id=buyer.customer_id, email=email) if is_first else None
    uses = pricing.uses_by(buyer.customer_id, email, of=limited, apart_from=buyer.holder)
    return Shopper(buyer.customer_id, normal_email(email) if email else "", before, uses=uses)

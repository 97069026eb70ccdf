from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.goods.pricing.rules import quote
from kidspetite.goods.pricing.types import BasketLine, Destination, Packing, Quote
from kidspetite.journeys.checkout.models import Draft
from kidspetite.journeys.checkout.rules import attempt_key, state_code
from kidspetite.journeys.checkout.types import BasketView, DraftView
from kidspetite.sales.cart import queries as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.payments import queries as payments
from kidspetite.sales.shipping import queries as shipping


@dataclass(frozen=True, slots=True)
class Piece:
    """What a quote needs to know of a line."""

    facts: VariantFacts
    quantity: int


def quote_of(pieces: Sequence[Piece], destination: Destination | None, method: str | None) -> Quote:
    """What these pieces cost, sent there that way, by today's settings, rates and taxes.

    Raises MethodNotOffered for a way to send that does not go there.
    """
    shop, now = content.shop_settings(), clock.now()
    packing = Packing.by(
        time_zone=shop.time_zone,
        cutoff_hour=shop.cutoff_hour,
        handling_days=shop.handling_days,
        holidays=shop.holidays,
    )
    return quote(
        [_basket_line(piece) for piece in pieces],
        destination,
        method,
        rates=shipping.rate_table(),
        tax=pricing.tax_table(packing.local(now).date(), shop.collects_tax_in),
        free_from=shop.free_shipping_from,
        now=now,
        packing=packing,
    )


def basket_view(cart: Cart, destination: Destination | None = None, method: str | None = None) -> BasketView:
    """A basket with its price. Without a destination the one typed in checkout so far is taken; a way to send that
    does not go there is replaced by the first that does."""
    lines, draft = carts.lines_of(cart), draft_of(cart)
    destination = destination or destination_of(draft)
    pieces = [Piece(line.variant, line.quantity) for line in lines if line.is_for_sale]
    try:
        price = quote_of(pieces, destination, method or draft.shipping_method or None)
    except MethodNotOffered:
        price = quote_of(pieces, destination, None)
    return BasketView(token=cart.token, lines=tuple(lines), quote=price, draft=draft, destination=destination)


def draft_of(cart: Cart) -> DraftView:
    """What has been typed so far; all empty at the start."""
    row = Draft.objects.filter(cart=cart).first()
    if row is None:
        return DraftView()
    return DraftView(
        email=row.email,
        address=row.address,
        shipping_method=row.shipping_method,
        gift_message=row.gift_message,
        payment=row.payment,
        attempt_key=row.attempt_key,
    )


def is_begun(cart: Cart, key: str) -> bool:
    """Whether buying this basket under this key was tried already, so that the same key gives its answer."""
    return payments.attempt(attempt_key(cart.pk, key)) is not None


def destination_of(draft: DraftView) -> Destination | None:
    """Where the address typed so far lies, when it says as much."""
    state = state_code(str(draft.address.get("state") or ""))
    return Destination(state, str(draft.address.get("postal_code") or "")) if state else None


def _basket_line(piece: Piece) -> BasketLine:
    facts = piece.facts
    return BasketLine(facts.id, facts.sku, facts.price, piece.quantity, facts.weight_g)

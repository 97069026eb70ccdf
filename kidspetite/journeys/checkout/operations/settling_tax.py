"""Local tax rates come from outside, so they are asked for before a basket is shown or bought, never while it is."""

from __future__ import annotations

from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing import queries as prices
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.goods.pricing.types import Destination
from kidspetite.journeys.checkout.queries import basket_view, piece_view, quote_of, wanted_pieces
from kidspetite.journeys.checkout.types import BasketView, Buyer, Purchase
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import queries as orders


def priced_basket(cart: Cart, destination: Destination | None = None, method: str | None = None) -> BasketView:
    """A basket with its price, local taxes asked for where a provider knows them; up to two seconds of network.

    Without one it is `queries.basket_view`. Never inside a transaction.
    """
    basket = basket_view(cart, destination, method)
    if pricing.ask_tax(basket.quote, basket.destination):
        return basket_view(cart, destination, method)
    return basket


def priced_piece(
    sku: str, destination: Destination | None = None, method: str | None = None, *, customer_id: int | None = None
) -> BasketView | None:
    """The same for one piece alone, before it lies in any basket. None for an unknown SKU."""
    buyer = Buyer(customer_id)
    found = piece_view(sku, destination, method, buyer=buyer)
    if found and pricing.ask_tax(found.quote, destination):
        return piece_view(sku, destination, method, buyer=buyer)
    return found


def settle_tax(cart: Cart, purchase: Purchase) -> None:
    """Have the local rates of a purchase at hand before its order is opened. A total that the shopper saw, and that
    still holds, is not asked about again: they pay what they saw."""
    if not prices.asks_tax_office():
        return
    waiting = orders.open_order_of(cart.pk)
    buyer = Buyer(
        purchase.customer_id, purchase.email, purchase.codes(cart.promo_codes), waiting.holder if waiting else ""
    )
    try:
        price = quote_of(wanted_pieces(cart), purchase.destination, purchase.shipping_method, buyer)
    except MethodNotOffered:
        return  # place_order says so
    if price.total is None or price.total.minor != purchase.expected_total_cents:
        pricing.ask_tax(price, purchase.destination)

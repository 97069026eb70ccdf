"""From basket to order in one durable step: all of it happens, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.kernel import clock, ids
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.plumbing import idempotency
from kidspetite.foundation.plumbing.idempotency import Ticket
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing.errors import CodeUnknown
from kidspetite.goods.pricing.rules.codes import code_key
from kidspetite.goods.pricing.types import QUIET, Quote, Reason
from kidspetite.journeys.checkout.errors import (
    NEEDED,
    CartClosed,
    CreditChanged,
    EmptyCart,
    PriceChanged,
    PurchaseInvalid,
)
from kidspetite.journeys.checkout.queries import Piece, quote_of
from kidspetite.journeys.checkout.types import Buyer, Purchase
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.errors import NotForSale
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.queries import wanted_in
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.types import Labels
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries
from kidspetite.sales.payments.rules import HELD_WHILE_PAYING

HARMLESS = frozenset({None, Reason.BEATEN, Reason.EXCLUSIVE, Reason.NOTHING_LEFT})


@dataclass(frozen=True, slots=True)
class Placed:
    """An order is open, its pieces are held, and its payment is written down but not sent. `payment` is that row, where
    it was written just now and has not changed since."""

    payment_id: int
    order_number: str
    payment: Any = None


class AttemptInTheWay(Exception):
    """Another attempt to pay this basket is open; it has to be settled first, which takes a call outside."""

    def __init__(self, order: Order, payment_ids: list[int], *, is_same: bool) -> None:
        super().__init__(order.number)
        self.order, self.payment_ids, self.is_same = order, payment_ids, is_same


def place_order(cart_id: int, purchase: Purchase, *, key: str, ticket: Ticket | None = None) -> Placed:
    """Lock the basket, quote it again, compare with the total the shopper saw, hold every piece firmly, open the
    order and write down the payment. The same key again gives what it gave first.

    Store credit is set aside here, in the same step, so that it cannot be spent twice.

    Raises CartClosed, EmptyCart, NotForSale, MethodNotOffered, PriceChanged, CodeUnknown, OutOfStock, CreditChanged;
    then nothing has changed.
    """
    with transaction.atomic(durable=True):
        cart = carts.lock_cart(cart_id)
        if cart is None:
            raise Cart.DoesNotExist(cart_id)
        known, waiting_id = payment_queries.begun(key, cart_id)
        if known:
            return Placed(known, payment_queries.standing(known).order_number)
        if cart.status != Cart.Status.OPEN:
            raise CartClosed(**_order_of(cart))
        pieces = _pieces(cart)
        waiting = order_queries.order_by_id(waiting_id) if waiting_id else None
        buyer = _buyer(cart, purchase, waiting)
        price = quote_of(pieces, purchase.destination, purchase.shipping_method, buyer)
        _compare(price, purchase.expected_total_cents)
        _check_codes(price, purchase, buyer)
        order = _order(cart, purchase, pieces, price, waiting)
        payment = payments.intend(
            order, provider=purchase.provider, method=purchase.token, key=key, traces=purchase.traces,
            keeps_card=purchase.keeps_card,
        )  # fmt: skip
        _use_credit(payment.pk, order, purchase)
        if purchase.wants_news:
            accounts.ask_for_newsletter(purchase.email, source="checkout")
        if ticket:
            idempotency.note_subject(ticket, order.number)
        # Where store credit pays a part, the row has changed meanwhile.
        return Placed(payment.pk, order.number, None if purchase.use_store_credit else payment)


def _pieces(cart: Cart) -> list[Piece]:
    pieces = [Piece(facts, quantity) for facts, quantity in wanted_in(cart)]
    if not pieces:
        raise EmptyCart()
    for piece in pieces:
        if not piece.facts.is_for_sale:
            raise NotForSale(sku=piece.facts.sku)
    return pieces


def _compare(price: Quote, expected_cents: int | None) -> None:
    """The last guard: nobody is charged another total than the one they saw."""
    assert price.total is not None
    if expected_cents is not None and price.total.minor != expected_cents:
        raise PriceChanged(total_cents=price.total.minor, expected_total_cents=expected_cents)


def _buyer(cart: Cart, purchase: Purchase, known: Order | None) -> Buyer:
    return Buyer(purchase.customer_id, purchase.email, purchase.codes(cart.promo_codes), known.holder if known else "")


def _check_codes(price: Quote, purchase: Purchase, buyer: Buyer) -> None:
    """A code that was sent along must work; so must those in the basket, unless the shopper has seen what it costs
    without them. One that only loses to something better works."""
    told = {code_key(verdict.code): verdict.reason for verdict in price.verdicts if verdict.code}
    if purchase.promo_code and told.get(code_key(purchase.promo_code), Reason.NOT_RUNNING) not in HARMLESS:
        raise CodeUnknown()
    if purchase.expected_total_cents is None and any(
        told.get(code_key(code), Reason.NOT_RUNNING) in QUIET for code in buyer.codes
    ):
        raise CodeUnknown()


def _order(cart: Cart, purchase: Purchase, pieces: list[Piece], price: Quote, known: Order | None) -> Order:
    wanted = {piece.facts.id: piece.quantity for piece in pieces}
    if known and (order := _taken_up(known, cart, purchase, wanted, price)):
        return order
    number = ids.order_number()
    _hold(cart, wanted, holder=f"order:{number}")
    pricing.redeem(price.applied, holder=f"order:{number}", customer_id=purchase.customer_id, email=purchase.email)
    _lock_credit(purchase)
    return orders.open_order(
        price,
        number=number,
        cart_id=cart.pk,
        email=purchase.email,
        customer_id=purchase.customer_id,
        ship_to=purchase.ship_to,
        labels={piece.facts.id: _labels(piece) for piece in pieces},
        gift_message=purchase.gift_message,
        gift_receipt=purchase.gift_receipt,
        texts_to=purchase.texts_to,
    )


def _taken_up(known: Order, cart: Cart, purchase: Purchase, wanted: dict[int, int], price: Quote) -> Order | None:
    """The order that an earlier attempt opened, if it is still the same purchase; otherwise it is cancelled."""
    is_same = _is_same(known, purchase, wanted, price)
    if unsettled := payment_queries.unsettled_of(known.pk):
        raise AttemptInTheWay(known, unsettled, is_same=is_same)
    inventory.lock_stock({**order_queries.pieces_of(known.pk), **wanted})
    _lock_credit(purchase)
    order = orders.lock_order(known.pk)
    if order.status not in order_rules.OPEN:
        return None
    if is_same:
        _hold(cart, wanted, holder=order.holder)
        return order
    orders.cancel_order(order.pk, by=orders.SHOPPER, reason="the basket changed")
    return None


def _lock_credit(purchase: Purchase) -> None:
    """Whoever pays with store credit locks it before the order, as everybody does who moves it."""
    if purchase.use_store_credit:
        payments.lock_credit(purchase.customer_id)


def _use_credit(payment_id: int, order: Order, purchase: Purchase) -> None:
    """Set store credit aside for what it can pay. Nobody is charged more by card than they saw: other credit than was
    shown is refused, and so is a rest without a way to pay it."""
    used = payments.cover_with_credit(payment_id, purchase.customer_id).minor if purchase.use_store_credit else 0
    if purchase.expected_credit_cents not in (None, used):
        raise CreditChanged(credit_cents=used, expected_credit_cents=purchase.expected_credit_cents)
    if purchase.pays_nothing and used != order.total_minor:
        raise PurchaseInvalid(errors=(FieldError("payment", NEEDED["payment"]),))


def _is_same(order: Order, purchase: Purchase, wanted: dict[int, int], price: Quote) -> bool:
    printed = orders.basket_print(wanted, purchase.ship_to, purchase.shipping_method)
    told = (order.basket_print, order.total, order.email, order.customer_id, order.discounts)
    gift = (order.gift_message, order.gift_receipt) == (purchase.gift_message, purchase.gift_receipt)
    given = orders.discounts_of(price.applied)
    return (
        gift
        and order.texts_to == purchase.texts_to
        and told == (printed, price.total, purchase.email, purchase.customer_id, given)
    )


def _hold(cart: Cart, wanted: dict[int, int], *, holder: str) -> None:
    until = clock.now() + HELD_WHILE_PAYING
    inventory.make_firm(wanted, from_holder=cart.holder, holder=holder, until=until)


def _labels(piece: Piece) -> Labels:
    facts = piece.facts
    return Labels(name=facts.name, product_slug=facts.product_slug, size=facts.size_label, colour=facts.colour_name)


def _order_of(cart: Cart) -> dict[str, Any]:
    order = order_queries.order_bought_from(cart.pk)
    return {"order_number": order.number} if order else {}

"""Demo orders, bought by the same commands as everybody's, then moved into the past."""

from __future__ import annotations

import dataclasses
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from kidspetite.faces.console.demo.shopkeeping import Customer, People
from kidspetite.faces.console.seeding.progress import Bars, Lines, Silence
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import wiring
from kidspetite.goods.catalog.models import Band, Variant
from kidspetite.goods.inventory import queries as stock
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.types import Purchase
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order, OrderEvent
from kidspetite.sales.orders.types import ShipTo
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import PaymentDeclined
from kidspetite.sales.payments.types import Giving, RefundTo
from kidspetite.sales.shipping import operations as shipping
from kidspetite.sales.shipping.models import Shipment

BY = "job:seed"
# One after the other until there are enough: every state an order can be in, most of them good news.
FATES = (
    "delivered", "paid", "shipped", "requires_action", "delivered", "cancelled", "payment_unknown", "delivered",
    "refunded", "awaiting_payment", "paid", "delivered", "shipped", "delivered", "partly_refunded", "delivered",
    "by_credit", "credit_refunded",
)  # fmt: skip
TOKENS = {"requires_action": "tok_3ds", "payment_unknown": "tok_timeout", "awaiting_payment": "tok_insufficient_funds"}
WITH_CREDIT = ("by_credit", "credit_refunded")
CREDIT = Money(15_00)
"""Store credit that such an order is paid with, beside a card; the first customer keeps as much for another time."""
NOTES = (
    "",
    "",
    "",
    "For the smallest of you.",
    "Happy first week at home.",
    "It grows with you. Or the other way round.",
)
# How long after the order each mark of its timeline was made.
LATER = {
    "placed": timedelta(0), "paid": timedelta(seconds=40), "shipped": timedelta(hours=20),
    "delivered": timedelta(days=4), "cancelled": timedelta(hours=3), "refunded": timedelta(days=9),
}  # fmt: skip
DAYS_AGO = {"paid": (0, 1), "shipped": (1, 4), "cancelled": (2, 60), "delivered": (6, 120)}
ALMOST_GONE = 6


@dataclass(frozen=True, slots=True)
class Shopper:
    customer: Customer
    user_id: int | None


def make_orders(people: People, *, count: int, seed: int, teller: Bars | Lines | Silence) -> int:
    """Orders up to `count`, those that are there counted; returns how many are new. None without the sandbox bank."""
    there = Order.objects.filter(is_demo=True).count()
    shelf = _in_stock()
    if "sandbox" not in wiring.codes("payments") or there >= count or not shelf:
        return 0
    users = dict(User.objects.filter(is_demo=True, is_staff=False).values_list("email", "pk"))
    shoppers = [Shopper(customer, users.get(customer.email)) for customer in people.customer]
    # A bank that does not answer is one of the fates, not news for the log.
    if first := shoppers[0].user_id:
        payments.grant_credit(first, CREDIT, key="seed:welcome", by=BY, reason="A parcel that came late")
        _date_credit(clock.now() - timedelta(days=180), key="seed:welcome")
    with teller.step("Placing orders", count - there) as advance, _quiet_log():
        for number in range(there, count):
            _make_order(number, random.Random(f"{seed}:order:{number}"), shoppers, shelf)
            advance(1)
    return count - there


@contextmanager
def _quiet_log() -> Iterator[None]:
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _in_stock() -> list[tuple[int, str]]:
    """Pieces of which a demo order may take some without emptying the shelf."""
    pieces = Variant.objects.filter(is_demo=True, band=Band.IN_STOCK, product__status="active").order_by("sku")
    found = list(pieces.values_list("pk", "sku")[:5000])
    free = stock.available_pieces([variant_id for variant_id, _ in found])
    return [(variant_id, sku) for variant_id, sku in found if free.get(variant_id, 0) > ALMOST_GONE]


def _make_order(number: int, chance: random.Random, shoppers: Sequence[Shopper], shelf: list[tuple[int, str]]) -> None:
    fate = FATES[number % len(FATES)]
    shopper = shoppers[0] if number % 5 == 0 else chance.choice(shoppers)
    if fate in WITH_CREDIT and shopper.user_id:
        payments.grant_credit(shopper.user_id, CREDIT, key=f"seed:{number}", by=BY, reason="A snap was loose")
    cart = carts.open_cart(customer=User.objects.get(pk=shopper.user_id) if shopper.user_id else None)
    for _, sku in chance.sample(shelf, k=min(len(shelf), chance.choices((1, 2, 3, 4), (4, 4, 2, 1))[0])):
        carts.add_to_cart(cart, sku=sku, quantity=chance.choices((1, 2), (5, 1))[0])
    order = _bought(cart, shopper, fate, chance)
    placed_at = _placed_at(fate, chance)
    follow_up = FOLLOW_UPS.get(fate)
    if follow_up:
        follow_up(order, chance)
    Cart.objects.filter(pk=cart.pk).update(is_demo=True)
    _move_into_the_past(order, placed_at)
    if fate in WITH_CREDIT:
        _date_credit(placed_at - timedelta(days=2), key=f"seed:{number}")
        _date_credit(placed_at + LATER["paid"], order=order.number)


def _bought(cart: Cart, shopper: Shopper, fate: str, chance: random.Random) -> Order:
    address = shopper.customer.addresses[0]
    purchase = Purchase(
        email=shopper.customer.email,
        ship_to=ShipTo(**dataclasses.asdict(address), country="US", phone=shopper.customer.phone or ""),
        shipping_method="standard",
        provider="sandbox",
        token=TOKENS.get(fate, "tok_visa"),
        gift_message=chance.choice(NOTES),
        customer_id=shopper.user_id,
        use_store_credit=fate in WITH_CREDIT and shopper.user_id is not None,
    )
    with suppress(PaymentDeclined):  # that is this order's fate: it waits for another card
        checkout.buy(cart, purchase, key="seed")
    return Order.objects.filter(cart_id_was=cart.pk).latest("pk")


def _ship(order: Order, chance: random.Random) -> Shipment:
    number = "9400" + "".join(str(chance.randrange(10)) for _ in range(18))
    return shipping.ship_order(order.pk, carrier="usps", tracking_number=number, by=BY)


def _deliver(order: Order, chance: random.Random) -> None:
    shipping.mark_delivered(_ship(order, chance).pk, by=BY)


def _cancel(order: Order, chance: random.Random) -> None:
    orders.cancel_order(order.pk, by=BY, reason="Ordered twice")


def _refund(order: Order, chance: random.Random) -> None:
    _deliver(order, chance)
    payments.refund_order(order.pk, Giving(), key=f"seed:{order.number}", by=BY, reason="Too small already")


def _refund_both(order: Order, chance: random.Random) -> None:
    """By card and into store credit: a part goes by choice into the credit, the rest the way it came."""
    _deliver(order, chance)
    into_credit = Giving(amount=Money(5_00), to=RefundTo.STORE_CREDIT if order.customer_id else RefundTo.SAME_WAY)
    payments.refund_order(order.pk, into_credit, key=f"seed:{order.number}:1", by=BY, reason="A snap was loose")
    payments.refund_order(order.pk, Giving(), key=f"seed:{order.number}:2", by=BY, reason="Too small already")


def _refund_partly(order: Order, chance: random.Random) -> None:
    _deliver(order, chance)
    line = order.lines.first()
    assert line is not None
    goodwill = Giving(amount=line.unit_price)
    payments.refund_order(order.pk, goodwill, key=f"seed:{order.number}", by=BY, reason="A snap was loose")


FOLLOW_UPS: dict[str, Callable[[Order, random.Random], object]] = {
    "shipped": _ship, "delivered": _deliver, "cancelled": _cancel, "refunded": _refund,
    "partly_refunded": _refund_partly, "by_credit": _deliver, "credit_refunded": _refund_both,
}  # fmt: skip


def _placed_at(fate: str, chance: random.Random) -> datetime:
    """Open orders are of this minute: the shop itself ends those that nobody pays."""
    if fate in TOKENS:
        return clock.now()
    first, last = DAYS_AGO.get(fate, (12, 150))
    return clock.now() - timedelta(days=chance.uniform(first, last) if last > 1 else 0, hours=chance.uniform(1, 22))


def _move_into_the_past(order: Order, placed_at: datetime) -> None:
    """Date everything this order left behind as if it had been bought then."""
    back = clock.now() - placed_at
    Order.objects.filter(pk=order.pk).update(
        is_demo=True, placed_at=placed_at,
        arrives_from=F("arrives_from") - timedelta(days=back.days),
        arrives_to=F("arrives_to") - timedelta(days=back.days),
    )  # fmt: skip
    if back < timedelta(minutes=1):
        return
    Order.objects.filter(pk=order.pk).exclude(paid_at=None).update(paid_at=placed_at + LATER["paid"])
    now = clock.now()
    for event in OrderEvent.objects.filter(order=order):
        at = min(placed_at + LATER.get(event.kind, timedelta(minutes=2)), now)
        OrderEvent.objects.filter(pk=event.pk).update(at=at)
    order.shipments.update(shipped_at=min(placed_at + LATER["shipped"], now))
    order.shipments.exclude(delivered_at=None).update(delivered_at=min(placed_at + LATER["delivered"], now))
    order.payments.update(created_at=placed_at, settled_at=F("settled_at") - back)
    with connection.cursor() as cursor:  # the ledger of the shelves belongs to its room; only its dates move
        cursor.execute(
            "UPDATE inventory_movement SET at = %s WHERE cause = %s", [placed_at + LATER["paid"], order.holder]
        )


def _date_credit(at: datetime, *, key: str = "", order: str = "-") -> None:
    """The ledger of store credit belongs to its room, too; only the dates of its entries move."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_creditentry SET at = %s WHERE key = %s OR subject = %s", [at, key, order])

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing.types import Applied, Quote, QuotedLine
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.errors import AddressCostsOther, AddressFixed, CannotMove, RefundsExceedTotal
from kidspetite.sales.orders.events import (
    OrderCancelled,
    OrderDelivered,
    OrderLeftUnpaid,
    OrderPaid,
    OrderPlaced,
    OrderReaddressed,
    OrderRefunded,
    OrderRefundFailed,
    OrderShipped,
)
from kidspetite.sales.orders.models import Order, OrderEvent, OrderLine
from kidspetite.sales.orders.queries import pieces_of
from kidspetite.sales.orders.types import SOLD_OUT, Labels, ShipTo, Tender, WayBack

SHOPPER = "shopper"


@one_transaction()
def open_order(
    quote: Quote,
    *,
    cart_id: int | None,
    email: str,
    customer_id: int | None,
    ship_to: ShipTo,
    labels: Mapping[int, Labels],
    gift_message: str = "",
    gift_receipt: bool = False,
    number: str = "",
) -> Order:
    """Write down what was promised, with every number and label of the quote. Expects the basket locked and its
    pieces held; refuses a quote without a total (ValueError), because that is a fault of the caller.
    """
    if quote.total is None or quote.shipping is None or quote.tax is None or quote.rate is None:
        raise ValueError("an order needs a quote with a destination and a way to send")
    wanted = {line.variant_id: line.quantity for line in quote.lines}
    order = Order(
        cart_id_was=cart_id,
        customer_id=customer_id,
        email=email,
        currency=quote.total.currency,
        subtotal_minor=quote.subtotal.minor,
        discount_minor=quote.discount.minor,
        shipping_minor=quote.shipping.minor,
        tax_minor=quote.tax.minor,
        total_minor=quote.total.minor,
        shipping_address=dataclasses.asdict(ship_to),
        shipping_method=quote.rate.method_code,
        shipping_label=quote.rate.label,
        arrives_from=quote.arrives_from,
        arrives_to=quote.arrives_to,
        gift_message=gift_message,
        gift_receipt=gift_receipt,
        **_taxed_by(quote),
        discounts=discounts_of(quote.applied),
        basket_print=basket_print(wanted, ship_to, quote.rate.method_code),
        placed_at=clock.now(),
        **({"number": number} if number else {}),
    )
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(_line(order, line, labels[line.variant_id]) for line in quote.lines)
    _note(order, "placed", _("Ordered"), is_public=True, actor=SHOPPER)
    publish(OrderPlaced(order.pk))
    return order


def _taxed_by(quote: Quote) -> dict[str, Any]:
    basis = quote.tax_basis
    if basis is None:
        return {}
    return {"tax_source": basis.source, "tax_rate": basis.rate, "tax_reference": basis.reference}


def discounts_of(applied: Sequence[Applied]) -> list[dict[str, Any]]:
    """The promotions of a quote as an order writes them down."""
    return [{"name": one.name, "code": one.code, "amount_minor": one.amount.minor} for one in applied]


def basket_print(wanted: Mapping[int, int], ship_to: ShipTo, method: str) -> str:
    """The fingerprint an order of these pieces, going there that way, would carry."""
    return rules.basket_print(wanted.items(), dataclasses.asdict(ship_to), method)


def lock_order(order_id: int) -> Order:
    """Hold the order until the end of the caller's transaction. Its stock, if wanted, is locked before."""
    return Order.objects.select_for_update().get(pk=order_id)


@transaction.atomic
def give_to_customer(order_id: int, *, customer_id: int) -> Order:
    """A guest's order goes into the account that its buyer has just opened. One that has an owner keeps it."""
    order = lock_order(order_id)
    if order.customer_id is None:
        order.customer_id = customer_id
        order.save(update_fields=["customer"])
        _note(order, "joined", _("Joined an account"), actor=f"user:{customer_id}")
    return order


@one_transaction()
def mark_paid(known: Order | int, *, tenders: Sequence[Tender] = ()) -> Order:
    """The whole total is captured and the pieces are sold; `tenders` is what it was paid with. Refuses a cancelled
    order: its money goes back instead."""
    order = _locked(known)
    if _takes(order, Order.Status.PAID):
        order.paid_at, order.tenders = clock.now(), _as_told(tenders)
        _move(order, Order.Status.PAID, "paid_at", "tenders")
        _note(order, "paid", _("Paid"), is_public=True)
        publish(OrderPaid(order.pk))
    return order


@transaction.atomic
def mark_awaiting_payment(known: Order | int, *, reason: str = "") -> Order:
    """The attempt to pay failed; another may be made. Old news for an order that is past paying."""
    order = _locked(known)
    if _takes(order, Order.Status.AWAITING_PAYMENT):
        _move(order, Order.Status.AWAITING_PAYMENT)
    if order.status == Order.Status.AWAITING_PAYMENT and reason:
        _note(order, "payment_declined", _("Payment declined"), facts={"reason": reason})
    return order


@transaction.atomic
def mark_requires_action(known: Order | int) -> Order:
    """The shopper's bank wants to see them first."""
    order = _locked(known)
    if _takes(order, Order.Status.REQUIRES_ACTION):
        _move(order, Order.Status.REQUIRES_ACTION)
        _note(order, "requires_action", _("Waiting for the bank"))
    return order


@transaction.atomic
def mark_payment_unknown(known: Order | int) -> Order:
    """No answer came; whether money moved is found out by asking the provider."""
    order = _locked(known)
    if _takes(order, Order.Status.PAYMENT_UNKNOWN):
        _move(order, Order.Status.PAYMENT_UNKNOWN)
        _note(order, "payment_unknown", _("We are checking the payment"), is_public=True)
    return order


@transaction.atomic
def cancel_order(order_id: int, *, by: str, reason: str) -> Order:
    """End an order that has not left the house: its pieces go back on the shelf, and payments sends its money back
    when it hears of it. Refuses one that is shipped. Cancelling twice changes nothing.
    """
    order, pieces = _lock_with_stock(order_id)
    if not _takes(order, Order.Status.CANCELLED):
        return order
    if order.status == Order.Status.PAID:
        inventory.take_back(pieces, cause=order.holder, reason=reason, by=by)
        return _cancel(order, by=by, reason=reason, money_comes_back=True)
    inventory.release_holds(holder=order.holder)
    return _cancel(order, by=by, reason=reason, money_comes_back=False)


@transaction.atomic
def cancel_sold_out(order_id: int) -> Order:
    """The money came, but the pieces went before it: the order ends, and payments sends all of it back."""
    order, _pieces = _lock_with_stock(order_id)
    if not _takes(order, Order.Status.CANCELLED):
        return order
    inventory.release_holds(holder=order.holder)
    return _cancel(order, by="job:payments", reason=SOLD_OUT, money_comes_back=True)


@transaction.atomic
def mark_shipped(
    order_id: int, *, carrier: str, carrier_name: str = "", tracking_number: str, tracking_url: str = "", by: str
) -> Order:
    """A parcel has left. A late word about a delivered order changes nothing but the timeline's facts."""
    order = lock_order(order_id)
    takes = _takes(order, Order.Status.SHIPPED)
    facts = {
        "carrier": carrier,
        "carrier_name": carrier_name,
        "tracking_number": tracking_number,
        "tracking_url": tracking_url,
    }
    _note(order, "shipped", _("Left our house"), is_public=True, actor=by, facts=facts)
    if takes:
        _move(order, Order.Status.SHIPPED)
        publish(OrderShipped(order.pk))
    return order


@transaction.atomic
def mark_delivered(order_id: int, *, by: str) -> Order:
    """The parcel has arrived."""
    order = lock_order(order_id)
    if _takes(order, Order.Status.DELIVERED):
        _move(order, Order.Status.DELIVERED)
        _note(order, "delivered", _("Delivered"), is_public=True, actor=by)
        publish(OrderDelivered(order.pk))
    return order


@transaction.atomic
def note_refund(order_id: int, amount: Money, *, by: str, way: WayBack = WayBack.SAME_WAY) -> Order:
    """Money has gone back, that way. When all of it has, the order is refunded. Refuses more than was left."""
    order = lock_order(order_id)
    left = order.total_minor - order.refunded_minor
    if amount.minor <= 0 or amount.minor > left:
        raise RefundsExceedTotal(order=order.number, left_cents=left)
    order.refunded_minor += amount.minor
    if order.refunded_minor == order.total_minor and _takes(order, Order.Status.REFUNDED):
        order.status = Order.Status.REFUNDED
    order.save(update_fields=["status", "refunded_minor"])
    words = _("Refunded to store credit") if way is WayBack.STORE_CREDIT else _("Refunded")
    _note(order, "refunded", words, is_public=True, actor=by, facts={"amount_cents": amount.minor, "way": str(way)})
    publish(OrderRefunded(order.pk, amount.minor, order.refunded_minor, str(way)))
    return order


@transaction.atomic
def note_refund_failed(order_id: int, amount: Money, *, by: str) -> Order:
    """Money that had gone back came to us again: it counts as paid, and a refunded order is what it was before. Refuses
    more than had gone back."""
    order = lock_order(order_id)
    if not 0 < amount.minor <= order.refunded_minor:
        raise RefundsExceedTotal(order=order.number, left_cents=order.total_minor - order.refunded_minor)
    order.refunded_minor -= amount.minor
    if order.status == Order.Status.REFUNDED:
        order.status = Order.Status(rules.before_refund(order.events.values_list("kind", flat=True)))
    order.save(update_fields=["status", "refunded_minor"])
    event = _note(
        order, "refund_failed", _("A refund came back to us"), is_public=True, actor=by,
        facts={"amount_cents": amount.minor},
    )  # fmt: skip
    publish(OrderRefundFailed(order.pk, amount.minor, event.pk))
    return order


@transaction.atomic
def note_left_unpaid(order_id: int) -> Order:
    """An attempt to pay failed while its shopper was away: one letter tells them. Old news changes nothing."""
    order = lock_order(order_id)
    if order.status == Order.Status.AWAITING_PAYMENT and not order.events.filter(kind="left_unpaid").exists():
        _note(order, "left_unpaid", _("Not paid; told by mail"), actor="job:payments")
        publish(OrderLeftUnpaid(order.pk))
    return order


@transaction.atomic
def note_turned_back(order_id: int) -> Order:
    """The shopper left the page of their bank, or of PayPal, without paying, and knows it. Once is enough."""
    order = lock_order(order_id)
    if not order.events.filter(kind="turned_back").exists():
        _note(order, "turned_back", _("The shopper turned back before paying"), actor=SHOPPER)
    return order


def check_new_address(order_id: int, ship_to: ShipTo) -> Order:
    """The order, if it may go there instead. Raises AddressFixed, AddressCostsOther."""
    order = Order.objects.get(pk=order_id)
    _refuse_address(order, ship_to)
    return order


@transaction.atomic
def correct_address(order_id: int, ship_to: ShipTo, *, by: str) -> Order:
    """Send a paid order that has not left elsewhere, at the price that was paid. The same address again changes
    nothing. Raises AddressFixed, and AddressCostsOther where tax or shipping would be others. Locks the order."""
    order = lock_order(order_id)
    _refuse_address(order, ship_to)
    told = dataclasses.asdict(ship_to)
    if order.shipping_address != told:
        order.shipping_address = told
        order.save(update_fields=["shipping_address"])
        mark = _note(order, "readdressed", _("Address corrected"), is_public=True, actor=by)
        audit.record(actor=by, verb="orders.correct_address", subject=order.number)
        publish(OrderReaddressed(order.pk, mark.pk))
    return order


@transaction.atomic
def add_note(order_id: int, *, text: str, by: str) -> OrderEvent:
    """A word among staff; the shopper does not see it."""
    return _note(Order.objects.get(pk=order_id), "note", text[:300], actor=by)


def _locked(known: Order | int) -> Order:
    """The order under lock: as the caller holds it already, or by its id."""
    return known if isinstance(known, Order) else lock_order(known)


@transaction.atomic
def forget_demo_orders() -> int:
    """Delete demo orders that no payment and no parcel hangs on any more; their pieces go free. Gives how many."""
    rows = Order.objects.filter(is_demo=True, payments=None, shipments=None).order_by("pk")
    for order in rows:
        inventory.release_holds(holder=order.holder)
    ids = [order.pk for order in rows]
    Order.objects.filter(pk__in=ids).delete()
    return len(ids)


def _lock_with_stock(order_id: int) -> tuple[Order, dict[int, int]]:
    """In the house order: the shelves first, then the order."""
    pieces = pieces_of(order_id)
    inventory.lock_stock(pieces)
    return lock_order(order_id), pieces


def _cancel(order: Order, *, by: str, reason: str, money_comes_back: bool) -> Order:
    facts = {"reason": reason, "was": str(order.status), "money_comes_back": money_comes_back}
    _move(order, Order.Status.CANCELLED)
    pricing.give_back(order.holder)
    _note(order, "cancelled", _("Cancelled"), is_public=True, actor=by, facts=facts)
    audit.record(actor=by, verb="orders.cancel", subject=order.number, **facts)
    publish(OrderCancelled(order.pk))
    return order


def _takes(order: Order, to: str) -> bool:
    """Whether this step is to be taken; False for old news. Raises CannotMove where it must not."""
    found = rules.step(order.status, to)
    if found is rules.Step.REFUSE:
        raise CannotMove(order=order.number, status=str(order.status), wanted=str(to))
    return found is rules.Step.TAKE


def _refuse_address(order: Order, ship_to: ShipTo) -> None:
    if not rules.can_be_readdressed(order.status):
        raise AddressFixed(order=order.number, status=str(order.status))
    told = dataclasses.asdict(ship_to)
    if not rules.costs_the_same(order.shipping_address, told, taxed_by_state=order.tax_source in ("", "table")):
        there = order.shipping_address
        raise AddressCostsOther(order=order.number, state=there["state"], postal_code=there["postal_code"])


def _as_told(tenders: Sequence[Tender]) -> list[dict[str, Any]]:
    return [{"provider": one.provider, "label": one.label, "amount_minor": one.amount.minor} for one in tenders]


def _move(order: Order, to: Order.Status, *others: str) -> None:
    order.status = to
    order.save(update_fields=["status", *others])


def _note(
    order: Order,
    kind: str,
    text: str,
    *,
    is_public: bool = False,
    actor: str = "",
    facts: dict[str, Any] | None = None,
) -> OrderEvent:
    return OrderEvent.objects.create(
        order=order, kind=kind, text=text, is_public=is_public, actor=actor, facts=facts or {}, at=clock.now()
    )


def _line(order: Order, line: QuotedLine, labels: Labels) -> OrderLine:
    return OrderLine(
        order=order,
        variant_id=line.variant_id,
        sku=line.sku,
        name=labels.name,
        product_slug=labels.product_slug,
        size_label=labels.size,
        colour_name=labels.colour,
        quantity=line.quantity,
        unit_price_minor=line.unit_price.minor,
        discount_minor=line.discount.minor,
        tax_minor=line.tax.minor,
    )

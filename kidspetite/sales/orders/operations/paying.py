"""How an order stands while it is paid, and what goes back of it. Payments calls these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.inventory import operations as inventory
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.errors import RefundsExceedTotal
from kidspetite.sales.orders.events import OrderLeftUnpaid, OrderPaid, OrderRefunded, OrderRefundFailed
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.operations.timeline import SHOPPER, lock_order, locked, move, move_and_note, note, takes
from kidspetite.sales.orders.queries import pieces_of
from kidspetite.sales.orders.types import Tender, WayBack

WAYS_BACK = {
    WayBack.SAME_WAY: lazy("Refunded"),
    WayBack.STORE_CREDIT: lazy("Refunded to store credit"),
    WayBack.LET_GO: lazy("Held, and not taken"),
}


@one_transaction()
def mark_paid(known: Order | int, *, tenders: Sequence[Tender] = (), pieces: Mapping[int, int] | None = None) -> Order:
    """The whole total is captured and the pieces are sold; `tenders` is what it was paid with, `pieces` what is in it,
    where the caller knows. Refuses a cancelled order: its money goes back instead. Whoever waited for these pieces
    waits no more."""
    order = locked(known)
    if takes(order, Order.Status.PAID):
        order.paid_at, order.tenders = clock.now(), _as_told(tenders)
        move_and_note(order, Order.Status.PAID, "paid_at", "tenders", text=_("Paid"))
        bought = pieces_of(order.pk) if pieces is None else pieces
        inventory.end_waits_of(order.email, bought, customer_id=order.customer_id)
        publish(OrderPaid(order.pk))
    return order


@transaction.atomic
def mark_awaiting_payment(known: Order | int, *, reason: str = "") -> Order:
    """The attempt to pay failed; another may be made. Old news for an order that is past paying."""
    order = locked(known)
    if takes(order, Order.Status.AWAITING_PAYMENT):
        move(order, Order.Status.AWAITING_PAYMENT)
    if order.status == Order.Status.AWAITING_PAYMENT and reason:
        note(order, "payment_declined", _("Payment declined"), facts={"reason": reason})
    return order


@transaction.atomic
def mark_requires_action(known: Order | int) -> Order:
    """The shopper's bank wants to see them first."""
    order = locked(known)
    if takes(order, Order.Status.REQUIRES_ACTION):
        move(order, Order.Status.REQUIRES_ACTION)
        note(order, "requires_action", _("Waiting for the bank"))
    return order


@transaction.atomic
def mark_payment_unknown(known: Order | int) -> Order:
    """No answer came; whether money moved is found out by asking the provider."""
    order = locked(known)
    if takes(order, Order.Status.PAYMENT_UNKNOWN):
        move(order, Order.Status.PAYMENT_UNKNOWN)
        note(order, "payment_unknown", _("We are checking the payment"), is_public=True)
    return order


@transaction.atomic
def note_refund(order_id: int, amount: Money, *, by: str, way: WayBack = WayBack.SAME_WAY) -> Order:
    """Money has gone back, that way, or was never taken. When all of it has, the order is refunded. Refuses more than
    was left."""
    order = lock_order(order_id)
    left = order.total_minor - order.refunded_minor
    if amount.minor <= 0 or amount.minor > left:
        raise RefundsExceedTotal(order=order.number, left_cents=left)
    order.refunded_minor += amount.minor
    if order.refunded_minor == order.total_minor and takes(order, Order.Status.REFUNDED):
        order.status = Order.Status.REFUNDED
    order.save(update_fields=["status", "refunded_minor"])
    note(
        order,
        "refunded",
        str(WAYS_BACK[way]),
        is_public=True,
        actor=by,
        facts={"amount_cents": amount.minor, "way": str(way)},
    )
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
    event = note(
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
        note(order, "left_unpaid", _("Not paid; told by mail"), actor="job:payments")
        publish(OrderLeftUnpaid(order.pk))
    return order


@transaction.atomic
def note_turned_back(order_id: int) -> Order:
    """The shopper left the page of their bank, or of PayPal, without paying, and knows it. Once is enough."""
    order = lock_order(order_id)
    if not order.events.filter(kind="turned_back").exists():
        note(order, "turned_back", _("The shopper turned back before paying"), actor=SHOPPER)
    return order


def _as_told(tenders: Sequence[Tender]) -> list[dict[str, Any]]:
    return [{"provider": one.provider, "label": one.label, "amount_minor": one.amount.minor} for one in tenders]

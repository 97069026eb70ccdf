"""Orders that end before they leave, and demo orders that go."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.pricing import operations as pricing
from kidspetite.sales.orders.events import OrderCancelled
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.operations.timeline import lock_order, move, note, takes
from kidspetite.sales.orders.queries import pieces_of
from kidspetite.sales.orders.types import SOLD_OUT


@transaction.atomic
def cancel_order(order_id: int, *, by: str, reason: str) -> Order:
    """End an order that has not left the house: its pieces go back on the shelf, and payments sends its money back
    when it hears of it. Refuses one that is shipped. Cancelling twice changes nothing.
    """
    order, pieces = _lock_with_stock(order_id)
    if not takes(order, Order.Status.CANCELLED):
        return order
    if order.status == Order.Status.PAID:
        inventory.take_back(pieces, cause=order.holder, reason=reason, by=by)
        return _cancel(order, by=by, reason=reason, money_comes_back=True)
    inventory.release_holds(holder=order.holder, reason=reason, by=by)
    return _cancel(order, by=by, reason=reason, money_comes_back=False)


@transaction.atomic
def cancel_sold_out(order_id: int) -> Order:
    """The money came, but the pieces went before it: the order ends, and payments sends all of it back."""
    order, _pieces = _lock_with_stock(order_id)
    if not takes(order, Order.Status.CANCELLED):
        return order
    inventory.release_holds(holder=order.holder)
    return _cancel(order, by="job:payments", reason=SOLD_OUT, money_comes_back=True)


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
    move(order, Order.Status.CANCELLED)
    pricing.give_back(order.holder)
    note(order, "cancelled", _("Cancelled"), is_public=True, actor=by, facts=facts)
    audit.record(actor=by, verb="orders.cancel", subject=order.number, **facts)
    publish(OrderCancelled(order.pk))
    return order

"""The parcel leaves, and arrives."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.sales.orders.events import OrderDelivered, OrderShipped
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.operations.timeline import lock_order, move, note, takes


@transaction.atomic
def mark_shipped(
    order_id: int, *, carrier: str, carrier_name: str = "", tracking_number: str, tracking_url: str = "", by: str
) -> Order:
    """A parcel has left. A late word about a delivered order changes nothing but the timeline's facts."""
    order = lock_order(order_id)
    is_step = takes(order, Order.Status.SHIPPED)
    facts = {
        "carrier": carrier,
        "carrier_name": carrier_name,
        "tracking_number": tracking_number,
        "tracking_url": tracking_url,
    }
    note(order, "shipped", _("Left our house"), is_public=True, actor=by, facts=facts)
    if is_step:
        move(order, Order.Status.SHIPPED)
        publish(OrderShipped(order.pk))
    return order


@transaction.atomic
def mark_delivered(order_id: int, *, by: str) -> Order:
    """The parcel has arrived."""
    order = lock_order(order_id)
    if takes(order, Order.Status.DELIVERED):
        move(order, Order.Status.DELIVERED)
        note(order, "delivered", _("Delivered"), is_public=True, actor=by)
        publish(OrderDelivered(order.pk))
    return order

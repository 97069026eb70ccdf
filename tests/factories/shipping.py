"""Orders on their way to the door."""

from __future__ import annotations

from typing import Any

from kidspetite.foundation.kernel import clock
from kidspetite.sales.orders.models import Order
from kidspetite.sales.shipping import operations as shipping
from kidspetite.sales.shipping.models import Shipment

ADDRESS = {
    "name": "Ada Vale", "line1": "12 Fern Lane", "line2": "", "city": "Albany", "state": "NY", "postal_code": "12207",
    "country": "US", "phone": "",
}  # fmt: skip


def a_plain_order(*, status: Order.Status = Order.Status.PAID, **facts: Any) -> Order:
    """An order without lines, in a state of your choice: enough for what parcels ask of it."""
    return Order.objects.create(
        email="ada@kidspetite.example", status=status, subtotal_minor=0, shipping_minor=0, tax_minor=0, total_minor=0,
        shipping_address=ADDRESS, shipping_method="standard", shipping_label="Standard",
        paid_at=clock.now() if status == Order.Status.PAID else None, **facts,
    )  # fmt: skip


def a_parcel(order: Order | None = None, *, tracking_number: str = "9400100000000000000001") -> Shipment:
    order = order or a_plain_order()
    return shipping.ship_order(order.pk, carrier="usps", tracking_number=tracking_number, by="user:1")

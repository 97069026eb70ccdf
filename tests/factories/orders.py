"""Orders, through the door every shopper uses."""

from __future__ import annotations

from typing import Any

from kidspetite.goods.catalog.models import Variant
from kidspetite.sales.orders.models import Order
from kidspetite.sales.shipping import operations as shipping
from tests.factories.checkout import a_selling_shop, bought


def a_paid_order(*variants: Variant, **purchase: Any) -> Order:
    a_selling_shop()
    return Order.objects.get(number=bought(*variants, **purchase).order_number)


def a_shipped_order(*variants: Variant, tracking_number: str = "9400111899560000000001", **purchase: Any) -> Order:
    order = a_paid_order(*variants, **purchase)
    shipping.ship_order(order.pk, carrier="usps", tracking_number=tracking_number, by="user:1")
    order.refresh_from_db()
    return order

"""Payments in each of their states, through the sandbox bank."""

from __future__ import annotations

from typing import Any

from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import Payment, SandboxCharge
from tests.factories.checkout import a_selling_shop, bought


def a_payment(token: str = "tok_visa", **purchase: Any) -> Payment:
    """The payment of an order bought with this token."""
    a_selling_shop()
    number = bought(token=token, **purchase).order_number
    return Payment.objects.select_related("order").get(order__number=number)


def reloaded(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def charges() -> list[SandboxCharge]:
    """What the bank would say it took."""
    return list(SandboxCharge.objects.filter(status="captured").order_by("pk"))

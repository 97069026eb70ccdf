"""What may still change on an order: whose it is, where it goes, what staff note."""

from __future__ import annotations

import dataclasses

from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.errors import AddressCostsOther, AddressFixed
from kidspetite.sales.orders.events import OrderReaddressed
from kidspetite.sales.orders.models import Order, OrderEvent
from kidspetite.sales.orders.operations.timeline import lock_order, note
from kidspetite.sales.orders.types import ShipTo


@transaction.atomic
def give_to_customer(order_id: int, *, customer_id: int) -> Order:
    """A guest's order goes into the account that its buyer has just opened. One that has an owner keeps it."""
    order = lock_order(order_id)
    if order.customer_id is None:
        order.customer_id = customer_id
        order.save(update_fields=["customer"])
        note(order, "joined", _("Joined an account"), actor=f"user:{customer_id}")
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
        mark = note(order, "readdressed", _("Address corrected"), is_public=True, actor=by)
        audit.record(actor=by, verb="orders.correct_address", subject=order.number)
        publish(OrderReaddressed(order.pk, mark.pk))
    return order


@transaction.atomic
def add_note(order_id: int, *, text: str, by: str) -> OrderEvent:
    """A word among staff; the shopper does not see it."""
    return note(Order.objects.get(pk=order_id), "note", text[:300], actor=by)


def _refuse_address(order: Order, ship_to: ShipTo) -> None:
    if not rules.can_be_readdressed(order.status):
        raise AddressFixed(order=order.number, status=str(order.status))
    told = dataclasses.asdict(ship_to)
    if not rules.costs_the_same(order.shipping_address, told, taxed_by_state=order.tax_source in ("", "table")):
        there = order.shipping_address
        raise AddressCostsOther(order=order.number, state=there["state"], postal_code=there["postal_code"])

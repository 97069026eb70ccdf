from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.shipping.errors import NoSuchShipment, TrackingNumberTaken
from kidspetite.sales.shipping.models import Shipment
from kidspetite.sales.shipping.rules import NAMES, known_carrier, read_tracking_number, tracking_url


@transaction.atomic
def ship_order(order_id: int, *, carrier: str, tracking_number: str, by: str) -> Shipment:
    """A parcel of this order has left. Told again with the same label, it changes nothing.

    Raises UnknownCarrier, BadTrackingNumber, TrackingNumberTaken, and CannotMove for an order that is not paid. Locks
    the order.
    """
    who, number = known_carrier(carrier), read_tracking_number(tracking_number)
    orders.lock_order(order_id)
    parcel, is_new = Shipment.objects.get_or_create(
        carrier=who.value,
        tracking_number=number,
        defaults={"order_id": order_id, "shipped_at": clock.now(), "actor": by},
    )
    if parcel.order_id != order_id:
        raise TrackingNumberTaken(order=parcel.order.number)
    if is_new:
        orders.mark_shipped(
            order_id, carrier=who.value, carrier_name=NAMES[who], tracking_number=number,
            tracking_url=tracking_url(who, number), by=by,
        )  # fmt: skip
    return parcel


@transaction.atomic
def mark_delivered(shipment_id: int, *, by: str) -> Shipment:
    """A parcel has arrived; with the last of its parcels the order has. Told again, it changes nothing.

    Raises NoSuchShipment. Locks the order.
    """
    found = Shipment.objects.filter(pk=shipment_id).first()
    if found is None:
        raise NoSuchShipment()
    orders.lock_order(found.order_id)
    parcel = Shipment.objects.get(pk=shipment_id)
    if parcel.delivered_at is None:
        parcel.delivered_at = clock.now()
        parcel.save(update_fields=["delivered_at"])
        if not Shipment.objects.filter(order_id=parcel.order_id, delivered_at=None).exists():
            orders.mark_delivered(parcel.order_id, by=by)
    return parcel


@transaction.atomic
def forget_demo_parcels() -> int:
    """Delete the parcels of demo orders; gives how many."""
    return Shipment.objects.filter(order__is_demo=True).delete()[0]

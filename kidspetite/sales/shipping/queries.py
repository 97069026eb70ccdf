from __future__ import annotations

from itertools import groupby

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.recipes import Recipe
from kidspetite.goods.pricing.types import Method, RateBand, RateTable, Zone
from kidspetite.sales.shipping.models import Shipment, ShippingRate
from kidspetite.sales.shipping.rules import NAMES, tracking_url
from kidspetite.sales.shipping.types import Carrier, ShipmentView

_RATES = Recipe(
    lambda: (
        ShippingRate.objects.filter(method__is_active=True)
        .select_related("method")
        .order_by("method__position", "method_id", "pk")
    )
)


def rate_table() -> RateTable:
    """The ways to send that are switched on, in the shop's order, with all their prices; one query."""
    return RateTable(
        tuple(
            Method(method.code, method.name, method.may_be_free, tuple(_band(row) for row in bands))
            for method, bands in groupby(_RATES.rows(), key=lambda row: row.method)
        )
    )


def shipments_of(order_id: int) -> list[ShipmentView]:
    return [_view(row) for row in Shipment.objects.filter(order_id=order_id).order_by("pk")]


def carriers() -> list[tuple[str, str]]:
    """Codes and names, for a form."""
    return [(carrier.value, name) for carrier, name in NAMES.items()]


def _band(row: ShippingRate) -> RateBand:
    goods_from = None if row.goods_from_minor is None else Money(row.goods_from_minor)
    return RateBand(Zone(row.zone), Money(row.price_minor), row.days_from, row.days_to, row.up_to_g, goods_from)


def _view(row: Shipment) -> ShipmentView:
    carrier = Carrier(row.carrier)
    return ShipmentView(
        id=row.pk,
        carrier=carrier,
        carrier_name=NAMES[carrier],
        tracking_number=row.tracking_number,
        tracking_url=tracking_url(carrier, row.tracking_number),
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
    )

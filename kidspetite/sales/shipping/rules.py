from __future__ import annotations

import re

from kidspetite.sales.shipping.errors import BadTrackingNumber, UnknownCarrier
from kidspetite.sales.shipping.types import Carrier

NAMES = {Carrier.HOUSE: "Our own courier", Carrier.USPS: "USPS", Carrier.UPS: "UPS", Carrier.FEDEX: "FedEx"}
TRACKING_PAGES = {
    Carrier.USPS: "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
    Carrier.UPS: "https://www.ups.com/track?tracknum={number}",
    Carrier.FEDEX: "https://www.fedex.com/fedextrack/?trknbr={number}",
}
_ON_A_LABEL = re.compile(r"[A-Z0-9]{4,40}")


def known_carrier(code: str) -> Carrier:
    """Raises UnknownCarrier."""
    try:
        return Carrier(code)
    except ValueError:
        raise UnknownCarrier(carrier=code) from None


def read_tracking_number(text: str) -> str:
    """A number as labels print it, without the gaps and dashes people type. Raises BadTrackingNumber."""
    number = re.sub(r"[\s-]", "", text).upper()
    if not _ON_A_LABEL.fullmatch(number):
        raise BadTrackingNumber()
    return number


def tracking_url(carrier: Carrier, number: str) -> str:
    """The carrier's own page for a parcel; empty for the house, whose parcels the order page tells of."""
    return TRACKING_PAGES.get(carrier, "").format(number=number)

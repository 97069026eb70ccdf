from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Carrier(StrEnum):
    """Who carries a parcel. `house` is the shop itself: a courier, or a hand at the door."""

    HOUSE = "house"
    USPS = "usps"
    UPS = "ups"
    FEDEX = "fedex"


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A parcel as order pages and staff see it. `tracking_url` is empty where the carrier has no page for it."""

    id: int
    carrier: Carrier
    carrier_name: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    delivered_at: datetime | None

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What the owner says of the shop. Money in cents; days as calendar days in the shop's zone."""

    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    time_zone: str = "America/New_York"
    return_days: int = 60
    free_shipping_from_minor: int | None = None
    collects_tax_in: list[str] = field(default_factory=list)
    holidays: list[date] = field(default_factory=list)
    handling_days: int = 1
    cutoff_hour: int = 14
    low_stock_at: int = 5

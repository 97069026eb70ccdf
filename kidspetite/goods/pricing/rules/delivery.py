"""Where a parcel goes, what sending it costs, and when it arrives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types import (
    Destination,
    Method,
    Packing,
    Rate,
    RateBand,
    RateTable,
    Zone,
)

STATES = {
    Zone.CONTIGUOUS: "AL AZ AR CA CO CT DE DC FL GA ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC"
    " ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY",
    Zone.OUTLYING: "AK HI AS GU MP PR VI",
    Zone.MILITARY: "AA AE AP",
}
ZONES = {state: zone for zone, states in STATES.items() for state in states.split()}
SATURDAY = 5
ONE_DAY = timedelta(days=1)


def zone_of(destination: Destination) -> Zone | None:
    """The zone of an address, by its state; None where we do not deliver."""
    return ZONES.get(destination.state) if destination.country == "US" else None


def offered_rates(
    rates: RateTable,
    *,
    zone: Zone,
    weight_g: int,
    goods: Money,
    free_from: Money | None,
    leaves: date,
    packing: Packing,
) -> tuple[Rate, ...]:
    """Each method that goes to the zone with this weight, in the table's order. `goods` is what counts for free."""
    is_free = free_from is not None and goods >= free_from
    found = []
    for method in rates.methods:
        if band := _fitting(method.bands, zone, weight_g, goods):
            found.append(
                _rate(
                    method,
                    band,
                    is_free=is_free and method.may_be_free,
                    leaves=leaves,
                    packing=packing,
                )
            )
    return tuple(found)


def leaving_day(now: datetime, packing: Packing) -> date:
    """The working day on which an order of this moment leaves.

    Today is the first day of packing when it is a working day and the cut-off has not struck, else the next working
    day is; with one day of packing (or none) the parcel leaves on that same day.
    """
    local = packing.local(now)
    first = local.date()
    if local.hour >= packing.cutoff_hour:
        first += ONE_DAY
    while not _is_working(first, packing.holidays):
        first += ONE_DAY
    return _working_days_after(first, max(packing.handling_days - 1, 0), packing.holidays)


def leaving_day_holds_until(now: datetime, packing: Packing) -> datetime:
    """The moment at which `leaving_day` may give another day: the next cut-off, or midnight where there is none."""
    local = packing.local(now)
    midnight = datetime.combine(local.date() + ONE_DAY, time(), local.tzinfo)
    if not 0 < packing.cutoff_hour < 24 or local.hour >= packing.cutoff_hour:
        return midnight
    return datetime.combine(local.date(), time(packing.cutoff_hour), local.tzinfo)


def arrival(leaves: date, *, days: int, packing: Packing) -> date:
    """The day after so many working days on the road."""
    return _working_days_after(leaves, days, packing.holidays)


def _fitting(bands: Iterable[RateBand], zone: Zone, weight_g: int, goods: Money) -> RateBand | None:
    """The lightest band that carries it; of equally light ones that for the dearest goods that these reach."""
    fitting = [
        band
        for band in bands
        if band.zone == zone
        and (band.up_to_g is None or weight_g <= band.up_to_g)
        and (band.goods_from is None or goods >= band.goods_from)
    ]
    return min(
        fitting,
        key=lambda band: (band.up_to_g is None, band.up_to_g or 0, -(band.goods_from.minor if band.goods_from else 0)),
        default=None,
    )


def _rate(method: Method, band: RateBand, *, is_free: bool, leaves: date, packing: Packing) -> Rate:
    return Rate(
        method_code=method.code,
        label=method.label,
        price=Money.zero(band.price.currency) if is_free else band.price,
        days_from=band.days_from,
        days_to=band.days_to,
        is_free_reason="threshold" if is_free else "",
        arrives_from=arrival(leaves, days=band.days_from, packing=packing),
        arrives_to=arrival(leaves, days=band.days_to, packing=packing),
    )


def _is_working(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def _working_days_after(day: date, days: int, holidays: frozenset[date]) -> date:
    while days > 0:
        day += ONE_DAY
        days -= _is_working(day, holidays)
    return day

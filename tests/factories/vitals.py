"""Visits, as browsers would have told of them."""

from __future__ import annotations

from datetime import timedelta

from kidspetite.foundation.vitals import queries, rules
from kidspetite.foundation.vitals.models import VitalCount
from kidspetite.foundation.vitals.types import Device, PageKind, Vital


def visits(
    n: int,
    value: float,
    *,
    page: PageKind = PageKind.PRODUCT,
    vital: Vital = Vital.LCP,
    device: Device = Device.PHONE,
    days_ago: int = 0,
) -> None:
    """So many visits of one day that felt alike."""
    day = queries.today() - timedelta(days=days_ago)
    VitalCount.objects.update_or_create(
        day=day, page=page, device=device, vital=vital, upto=rules.bucket_of(vital, value), defaults={"visits": n}
    )

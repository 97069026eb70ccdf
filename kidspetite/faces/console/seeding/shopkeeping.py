"""The settings and pages an owner would fill in on the first day."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from kidspetite.faces.console.demo.shopkeeping import Page as DemoPage
from kidspetite.faces.console.demo.shopkeeping import Shop
from kidspetite.foundation.content.models import Page, ShopSettings

# Before any order, so that every demo order finds the settings it was sold under.
FROM_THE_START = datetime(2025, 1, 1, tzinfo=UTC)


@transaction.atomic
def make_settings(shop: Shop) -> int:
    """The shop's facts, unless somebody has set any."""
    if ShopSettings.objects.exists():
        return 0
    ShopSettings.objects.create(
        valid_from=FROM_THE_START, changed_by="job:seed", name=shop.name, email=shop.email, phone=shop.phone,
        postal_address="\n".join(shop.postal_address), time_zone=shop.time_zone, return_days=shop.return_days,
        free_shipping_from_minor=shop.free_shipping_from_cents, collects_tax_in=list(shop.collects_tax_in),
        holidays=[holiday.date for holiday in shop.holiday], handling_days=shop.handling_days,
        cutoff_hour=shop.cutoff_hour, is_demo=True,
    )  # fmt: skip
    return 1


@transaction.atomic
def make_pages(pages: tuple[DemoPage, ...]) -> int:
    """The pages that are not there yet."""
    known = set(Page.objects.values_list("slug", flat=True))
    rows = [
        Page(slug=page.slug, title=page.title, description=page.description, body=page.body.strip(), is_demo=True)
        for page in pages
        if page.slug not in known
    ]
    Page.objects.bulk_create(rows)
    return len(rows)

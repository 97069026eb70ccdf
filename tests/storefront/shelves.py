"""What hangs in the shop that these tests look at, and how a page tells what moved in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kidspetite.goods.catalog.models import Band
from tests.e2e.steps import a_style
from tests.factories.catalog import a_collection, a_product
from tests.factories.inventory import put_on_shelf
from tests.harness.server import ShopServer

LONG = "Hand-framed merino cardigan with contrast yoke, horn buttons and a Donaudampfschifffahrtsgesellschaft patch"
WATCH = """
window.shift = 0
window.moved = []
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (entry.hadRecentInput) return
  window.shift += entry.value
  window.moved.push(...entry.sources.map(({node}) => (node?.outerHTML ?? node?.textContent ?? '').slice(0, 90)))
})).observe({type: 'layout-shift', buffered: true})
"""


@contextmanager
def stocked(shop: ShopServer, django_db_blocker: Any) -> Iterator[ShopServer]:
    """The shop with these styles in it, and nothing else, whatever other tests put on their shelves."""
    from django.db import connections

    default = connections["default"].settings_dict
    connections.close_all()
    own, default["NAME"] = default["NAME"], shop.database
    try:
        with django_db_blocker.unblock():
            _stock_up()
            connections.close_all()
    finally:
        default["NAME"] = own
    yield shop


def _stock_up() -> None:
    styles = [a_style(name) for name in ("Pip bodysuit", "Fern sleepsuit", "Night bus sleepsuit", "Deck bodysuit")]
    for name, slug, extra in (
        ("Harbour bodysuit", "harbour-bodysuit", {"sizes": ("3m", "6m", "12m", "3t")}),
        (LONG, "long-name", {"price": 999_999, "sizes": tuple(f"s{number}" for number in range(40))}),
        ("Free ribbon", "free-ribbon", {"price": 0, "sizes": ("one",)}),
        ("Sold-out hat", "sold-out", {"stock": 0}),
    ):
        style = a_style(name, **extra)
        type(style).objects.filter(pk=style.pk).update(slug=slug)
        styles.append(style)
    tee = a_product("Two-tone tee", slug="two-tone", colours=("clover", "night"), band=Band.SOLD_OUT)
    for variant in tee.variants.all():
        put_on_shelf(variant, 10)
    a_collection("Monday, 7:40, one shoe missing", tuple(styles), is_on_home=True)

"""What hangs in the shop that these tests look at, and how a page tells what moved in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from django.test import override_settings
from playwright.sync_api import BrowserContext

from kidspetite.foundation.media import operations as media_room
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Band, Product
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
def stocked(shop: ShopServer, django_db_blocker: Any, *, pictures: bool = False) -> Iterator[ShopServer]:
    """The shop with these styles in it, and nothing else, whatever other tests put on their shelves."""
    from django.db import connections

    default = connections["default"].settings_dict
    connections.close_all()
    own, default["NAME"] = default["NAME"], shop.database
    try:
        with django_db_blocker.unblock():
            _stock_up()
            if pictures:
                _hang_pictures(Path(shop.environment["KP_DATA_DIR"]) / "media")
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


def _hang_pictures(media: Path) -> None:
    """One for each style, as heavy as a drawing of ours: a browser takes something plain for a background."""
    with override_settings(MEDIA_ROOT=str(media)):
        for style in Product.objects.all():
            chance = Random(style.pk)
            dots = "".join(
                f'<circle cx="{chance.randrange(960)}" cy="{chance.randrange(1200)}" r="{chance.randrange(9, 60)}" '
                f'fill="#{chance.randrange(0x1000000):06x}"/>'
                for _ in range(300)
            )
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 1200">{dots}</svg>'
            picture = media_room.store_drawing(svg, f"{style.name}, front", "puddle")
            catalog.add_photo(style.pk, picture.pk, colour_id=None, view="front", by="test")


def put_in(context: BrowserContext, shop: ShopServer, slug: str) -> None:
    """One piece of this style into the visitor's basket, as its form without script would."""
    found = re.search(r'name="sku" value="([^"]+)"', context.request.get(f"{shop.url}/products/{slug}").text())
    assert found
    answer = context.request.post(
        f"{shop.url}/cart/items", form={"sku": found[1]}, headers={"Origin": shop.url}, max_redirects=0
    )
    assert answer.status == 302

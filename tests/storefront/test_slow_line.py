"""A page that is still being read already has its shape: what was painted early does not move when the rest arrives."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import RUN
from tests.harness.dribble import TELLS, slow_line
from tests.harness.pages import settle
from tests.harness.server import ShopServer, running_shop
from tests.storefront.shelves import WATCH, put_in, stocked

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FRAME = (
    'class="site-search"', 'class="site-tools"', "site-search-opener", 'data-me="name"', 'data-me="cart_count"',
    "foot-help", "foot-shop",
)  # fmt: skip
CUTS = {
    "/": (*FRAME, "<h1", "</h1", 'href="/products.size=6m"', "home-ways", "grid-bleed", "</h2"),
    "/products": (*FRAME, "</h1", "shelf-side", 'class="facet"', "shelf-bar", "sort=", "</article", 'class="dock'),
    "/products/two-tone": (
        *FRAME, "<h1", "</h1", "product-price", 'class="swatches', "</legend", "product-form", "tape-cell",
        "product-fit", "product-dock", "</form",
    ),
    "/products/harbour-bodysuit": (
        *FRAME, "gallery-open", "product-words", "product-price", "tape-cell", "product-fit", "product-dock",
    ),
    "/cart": (
        *FRAME, "<h1", "basket-lines", "basket-words", "basket-tools", "basket-count", "</quantity-stepper",
        "</ul", 'class="sums', "</dl", "basket-go",
    ),
    "/size-guide": (*FRAME, "</h1", "<tr", "</tr"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[ShopServer]:
    with running_shop(RUN, dict(os.environ), name="slowline") as running, stocked(running, django_db_blocker):
        yield running


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("path", list(CUTS))
def test_nothing_moves_while_a_page_is_still_being_read(
    browser: Browser, shop: ShopServer, path: str, width: int
) -> None:
    with slow_line(shop.url, *CUTS[path]) as slow:
        context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce", locale="en-US")
        context.add_init_script(WATCH + TELLS)
        if path == "/cart":
            put_in(context, shop, "harbour-bodysuit")
            put_in(context, shop, "long-name")
        page = context.new_page()
        page.goto(slow + path, wait_until="networkidle")
        settle(page)
        assert page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < page.evaluate(
            "performance.getEntriesByType('navigation')[0].responseEnd"
        ), "nothing was painted before the whole page was there, so this shows nothing"
        assert page.evaluate("window.shift") < 0.001, page.evaluate("window.moved")
        context.close()

"""On to the next page before the click, and back to the last one without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import ARGUMENTS, see_that_there_is_one
from tests.e2e.steps import a_style
from tests.harness.pages import STEP_MS, wait_until
from tests.harness.server import ShopServer
from tests.storefront.shelves import put_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("live_database")]

REASONS = "performance.getEntriesByType('navigation')[0].notRestoredReasons"
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def usual_browser(browser: Browser) -> Iterator[Browser]:
    """As people have it: Playwright's own switches the memory of pages off."""
    own = browser.browser_type.launch(
        executable_path=see_that_there_is_one(), args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )  # fmt: skip
    yield own
    own.close()


@pytest.fixture
def context(usual_browser: Browser, shop_server: ShopServer) -> Iterator[BrowserContext]:
    made = usual_browser.new_context(base_url=shop_server.url, locale="en-US", reduced_motion="reduce", **DESK)
    yield made
    made.close()


def test_a_page_is_fetched_while_the_hand_rests_and_a_basket_never_is(context: BrowserContext):
    style = a_style("Ahead bodysuit")
    page = context.new_page()
    words: list[str] = []
    page.on("console", lambda message: words.append(message.text))
    devtools = context.new_cdp_session(page)
    devtools.send("Preload.enable")
    fetched: dict[str, str] = {}
    devtools.on("Preload.prefetchStatusUpdated", lambda told: _note(fetched, told))
    page.goto("/products?sort=newest", wait_until="networkidle")

    page.locator('.site-tools a[href="/cart"]').hover()
    page.wait_for_timeout(700)
    page.locator(f'.card-name a[href="/products/{style.slug}"]').hover()
    for _ in range(STEP_MS // 100):
        if "Ready" in fetched.values() or "Success" in fetched.values():
            break
        page.wait_for_timeout(100)
    assert list(fetched) == [f"/products/{style.slug}"], fetched
    assert not words, "the policy of the page lets the rules in"

    page.locator(f'.card-name a[href="/products/{style.slug}"]').click()
    page.wait_for_url(f"**/products/{style.slug}")
    way = page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType")
    assert way == "navigational-prefetch"


def _note(fetched: dict[str, str], told: dict[str, Any]) -> None:
    path = "/" + told["prefetchUrl"].split("/", 3)[3]
    fetched[path] = told["status"]


def test_the_way_back_asks_nobody(context: BrowserContext, shop_server: ShopServer):
    """Also to a basket, which no cache may store, and with the count that the basket has by now."""
    first, second = a_style("First back bodysuit"), a_style("Second back bodysuit")
    put_in(context, shop_server, first.slug)
    page = context.new_page()
    for path in ("/", "/products", f"/products/{first.slug}", "/cart", "/search?q=bodysuit", "/checkout/shipping"):
        page.goto(path, wait_until="networkidle")
        page.evaluate("addEventListener('pageshow', (event) => (window.persisted = event.persisted))")
        page.goto("/pages/returns", wait_until="networkidle")
        page.go_back(wait_until="commit")
        wait_until(page, f"window.persisted !== undefined || {REASONS} !== null")
        why = page.evaluate(f"JSON.stringify({REASONS})")
        assert page.evaluate("window.persisted === true"), f"{path} was not kept: {why}"

    page.goto("/products", wait_until="networkidle")
    page.goto(f"/products/{second.slug}", wait_until="networkidle")
    page.locator("#add-form label", has_text="3–6 m").first.click()
    page.locator("#add-form button.button-main").click()
    expect(page.locator("[data-me=cart_count]").first).to_have_text("2")
    page.go_back(wait_until="commit")
    page.wait_for_url("**/products", wait_until="commit")
    expect(page.locator("[data-me=cart_count]").first).to_have_text("2")


def test_a_basket_that_changed_meanwhile_is_not_shown_as_it_was(context: BrowserContext, shop_server: ShopServer):
    first, second = a_style("Old basket bodysuit"), a_style("New basket bodysuit")
    put_in(context, shop_server, first.slug)
    page = context.new_page()
    page.goto("/cart", wait_until="networkidle")
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/pages/returns", wait_until="networkidle")
    put_in(context, shop_server, second.slug)
    page.go_back(wait_until="commit")
    page.locator(".basket-line").nth(1).wait_for()
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("2")

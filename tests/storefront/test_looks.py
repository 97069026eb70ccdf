"""The pages as a browser shows them: still, inside 320 px, and looking as they were approved to look."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import ARGUMENTS, see_that_there_is_one
from tests.conftest import RUN
from tests.harness.pages import settle
from tests.harness.server import ShopServer, running_shop
from tests.storefront import likeness
from tests.storefront.shelves import WATCH, stocked

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 360, "height": 800}}
PATHS = (
    "/", "/products", "/products?size=6m&sort=price", "/products/harbour-bodysuit", "/products/long-name",
    "/search?q=bodysuit",
    "/search?q=xqzzt", "/cart", "/checkout/shipping", "/size-guide", "/contact", "/orders/find", "/sign-in", "/sign-up",
    "/pages/shipping", "/offline", "/coats",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[ShopServer]:
    """A shop of its own, so that its shelves hold exactly what the approved pictures show."""
    with running_shop(RUN, dict(os.environ), name="looks") as running, stocked(running, django_db_blocker):
        yield running


@pytest.fixture
def visit(browser: Browser, shop: ShopServer) -> Iterator[Callable[..., Page]]:
    """`visit(path, width=…)`: a new visitor's page there, with its layout shifts counted."""
    contexts = []

    def go(
        path: str,
        *,
        width: int = 360,
        height: int = 800,
        scheme: str = "light",
        fonts: str = "**/none",
        awaits_fonts: bool = False,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=shop.url, viewport={"width": width, "height": height}, color_scheme=scheme,
            reduced_motion="reduce", locale="en-US", **options,
        )  # fmt: skip
        contexts.append(context)
        context.add_init_script(WATCH)
        context.route(fonts, lambda route: route.abort())
        if awaits_fonts:
            context.route("**/shop*.css", _with_late_fonts)
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        settle(page)
        return page

    yield go
    for context in contexts:
        context.close()


def _with_late_fonts(route: Route) -> None:
    """On a busy machine a font may miss the first paint, and a picture would then show another."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("font-display: optional", "font-display: swap"))


@pytest.mark.parametrize("path", PATHS)
def test_nothing_moves_and_nothing_runs_off_a_narrow_page(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, width=320)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("window.shift") < 0.001, page.evaluate("window.moved")
    if page.locator("#size-guide").count():
        page.evaluate("document.getElementById('size-guide').showModal()")
        sizes = page.locator("#size-guide .table-scroll")
        assert sizes.evaluate("it => it.scrollWidth <= it.clientWidth"), "the sizes are read without pushing them aside"


@pytest.mark.parametrize("path", PATHS)
def test_nothing_moves_on_a_wide_page(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, width=1440)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert page.evaluate("window.shift") < 0.001, page.evaluate("window.moved")


@pytest.mark.parametrize("path", ["/", "/products?size=6m", "/products/long-name", "/cart", "/contact"])
def test_a_desk_at_200_percent_needs_no_pushing_sideways(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, width=720, height=450)
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


@pytest.fixture(scope="module")
def large_type(browser: Browser) -> Iterator[Browser]:
    """A browser whose owner reads everything at twice the size."""
    own = browser.browser_type.launch(
        executable_path=see_that_there_is_one(), args=[*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    )
    yield own
    own.close()


@pytest.mark.parametrize("path", PATHS)
def test_text_of_twice_the_size_stays_on_a_phone(large_type: Browser, shop: ShopServer, path: str) -> None:
    page = large_type.new_page(base_url=shop.url, **PHONE)
    page.goto(path, wait_until="networkidle")
    settle(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 34
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    cut = "[...document.querySelectorAll('.card-name a')].filter((name) => name.scrollHeight > name.clientHeight + 1)"
    assert page.evaluate(f"{cut}.map((name) => name.textContent)") == []
    page.close()


@pytest.mark.parametrize("path", ["/", "/products/long-name"])
def test_without_our_fonts_everything_still_has_its_place(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, width=320, fonts="**/*.woff2")
    assert page.evaluate("[...document.fonts].some((font) => font.status === 'error')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("window.shift") < 0.001, page.evaluate("window.moved")


def test_with_forced_colours_a_choice_is_still_seen(visit: Callable[..., Page]) -> None:
    page = visit("/products/harbour-bodysuit", forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    segments = page.locator(".tape-picker .tape-segment")
    segments.nth(1).click()
    ground = "(one) => getComputedStyle(one).backgroundColor"
    assert segments.nth(1).evaluate(ground) != segments.nth(0).evaluate(ground)
    button = page.locator(".button-main").first
    assert button.evaluate("(one) => getComputedStyle(one).borderTopWidth") == "2px"


def test_a_name_of_a_hundred_letters_stays_modest(visit: Callable[..., Page]) -> None:
    page = visit("/products/long-name", width=1440)
    size = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    assert page.locator("h1").evaluate(size) < 30
    trail = page.locator(".breadcrumb")
    assert trail.evaluate("(one) => one.offsetHeight") < 50


def test_a_full_basket_and_the_way_to_checkout_stand_still(visit: Callable[..., Page]) -> None:
    page = visit("/products/harbour-bodysuit", width=320)
    page.locator(".tape-picker .tape-segment").nth(1).click()
    page.locator("[data-added]").click()
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    for path in ("/cart", "/checkout/shipping"):
        page.goto(path, wait_until="networkidle")
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate("window.shift") < 0.001, page.evaluate("window.moved")


def test_the_bar_never_hides_what_has_the_focus(visit: Callable[..., Page]) -> None:
    page = visit("/products/harbour-bodysuit")
    hidden = []
    for _ in range(45):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => {
              const at = document.activeElement, bar = document.querySelector('.product-dock')
              if (!at || at === document.body || bar.contains(at) || at.matches('.visually-hidden')) return []
              const box = at.getBoundingClientRect(), edge = bar.getBoundingClientRect()
              return box.bottom > edge.top + 1 && box.height < 400 ? [at.outerHTML.slice(0, 80)] : []
            }"""
        )
    assert hidden == []


def test_another_colour_comes_without_leaving_the_page(visit: Callable[..., Page]) -> None:
    page = visit("/products/two-tone")
    page.evaluate("window.stayed = true")
    page.locator(".tape-picker .tape-segment", has_text="3–6 m").click()
    page.locator(".swatch", has_text="Night").click()
    page.wait_for_url("**/products/two-tone?colour=night")
    expect(page.get_by_text("Color: Night")).to_be_visible()
    expect(page.locator("[data-added]")).to_contain_text("3–6 m")
    expect(page.locator("#colour-night")).to_be_focused()
    assert page.evaluate("window.stayed")


@pytest.mark.parametrize(
    ("name", "path", "width", "scheme"),
    [
        ("home", "/", 360, "light"),
        ("list", "/products", 1440, "light"),
        ("product", "/products/harbour-bodysuit", 360, "dark"),
        ("sign-in", "/sign-in", 360, "light"),
        ("contact", "/contact", 1440, "dark"),
        ("missing", "/coats", 360, "light"),
        ("styleguide", "/_styleguide", 360, "light"),
    ],
)
def test_a_page_looks_as_it_was_approved(
    visit: Callable[..., Page], name: str, path: str, width: int, scheme: str
) -> None:
    likeness.compare(visit(path, width=width, scheme=scheme, awaits_fonts=True), f"{name}-{width}-{scheme}")

"""Looking around: home, lists, filters, a product, the empty shop's kind answers; accessible in both schemes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import a_style

pytestmark = pytest.mark.usefixtures("live_database")

PAGES = (
    "/", "/products", "/size-guide", "/search?q=bodysuit", "/cart", "/contact", "/orders/find", "/sign-in", "/sign-up",
    "/sign-in/reset", "/pages/shipping", "/pages/returns", "/pages/privacy", "/pages/terms", "/pages/about",
    "/pages/accessibility", "/offline", "/no-such-page",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_open_page_is_accessible(scheme: str, open_page, axe):
    style = a_style("Seen bodysuit")
    visitor: Page = open_page(color_scheme=scheme)
    for path in (*PAGES, f"/products/{style.slug}"):
        visitor.goto(path)
        axe(visitor)


@pytest.mark.parametrize("path", ["/", "/products", "/cart", "/contact", "/sign-in"])
def test_pages_reflow_at_320_pixels(path: str, open_page):
    a_style("Narrow bodysuit")
    visitor: Page = open_page(viewport={"width": 320, "height": 640}, is_mobile=False)
    visitor.goto(path)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_size_on_the_tape_leads_to_what_fits(page: Page):
    style = a_style("Tape bodysuit")
    page.goto("/products?size=6m&sort=newest")
    expect(page.get_by_role("link", name=style.name).first).to_be_visible()
    assert page.locator(".tape-segment[aria-current=true]").count() >= 1


def test_filters_live_in_the_address_and_can_be_taken_away(desktop_page: Page):
    a_style("Filtered bodysuit")
    desktop_page.goto("/products?colour=clover&size=6m")
    chips = desktop_page.locator(".chips .chip")
    assert chips.count() == 2
    chips.first.click()
    expect(desktop_page.locator(".chips .chip")).to_have_count(1)
    desktop_page.go_back()
    expect(desktop_page.locator(".chips .chip")).to_have_count(2)


def test_a_sold_out_size_is_struck_and_says_so(page: Page):
    style = a_style("Gone bodysuit", stock=0)
    page.goto(f"/products/{style.slug}")
    expect(page.get_by_text("Sold out in every size", exact=False)).to_be_visible()
    assert page.locator("[data-added]").count() == 0


def test_a_variant_in_the_address_opens_in_its_size(page: Page):
    style = a_style("Named bodysuit")
    sku = style.variants.get(size__key="6m").sku
    page.goto(f"/products/{style.slug}?variant={sku}")
    assert page.locator("input[name=sku]:checked").get_attribute("value") == sku


def test_a_page_that_is_not_there_keeps_search_and_a_person_to_ask(page: Page):
    answer = page.goto("/products/never-was")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("main input[name=q]").is_visible()
    assert page.locator("main a[href='/contact']").count() >= 1

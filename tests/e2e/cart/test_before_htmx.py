"""htmx comes when a page has been painted: what is done before is done with it, and without it pages still serve."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from kidspetite.goods.catalog.models import Band
from tests.e2e.steps import a_style, add
from tests.factories.catalog import a_product
from tests.factories.inventory import put_on_shelf

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("live_database")]

HTMX = "**/htmx.min*.js"


class Held:
    """htmx on its way, until it is let through."""

    def __init__(self, page: Page) -> None:
        self.page, self.asked = page, list[Route]()
        page.route(HTMX, lambda route: self.asked.append(route))

    def open(self, path: str) -> None:
        with self.page.expect_request(HTMX):
            self.page.goto(path)
        self.page.evaluate("window.isSame = true")

    def let_through(self) -> None:
        self.asked.pop().continue_()

    def is_same_page(self) -> bool:
        return bool(self.page.evaluate("window.isSame === true"))


def test_what_was_pressed_before_htmx_came_is_done_once_and_without_leaving_the_page(page: Page) -> None:
    style, held = a_style("Early bodysuit"), Held(page)
    held.open(f"/products/{style.slug}")
    page.locator("#add-form label", has_text="3–6 m").first.click()
    button = page.locator("#add-form button.button-main")
    button.click()
    button.click()
    held.let_through()
    expect(page.locator("[data-added]")).to_contain_text("Added")
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    assert held.is_same_page()

    held.open("/cart")
    page.get_by_role("button", name="One more").click()
    expect(page.get_by_label("Pieces of")).to_have_value("2")
    expect(page.locator(".basket-sum").first).to_have_text("$18.00")
    held.let_through()
    expect(page.locator(".basket-sum").first).to_have_text("$36.00")
    assert held.is_same_page()


def test_a_drawer_and_a_colour_that_were_asked_for_early_come_with_htmx(desktop_page: Page) -> None:
    page = desktop_page
    add(page, a_style("Waiting bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    tee = a_product("Two-tone tee", colours=("clover", "night"), band=Band.SOLD_OUT)
    for variant in tee.variants.all():
        put_on_shelf(variant, 10)
    held = Held(page)
    held.open(f"/products/{tee.slug}")
    page.locator(".swatches a").last.click()
    page.locator("header [data-opens='basket-drawer']").click()
    drawer = page.get_by_role("dialog", name="Your basket")
    expect(drawer).to_be_visible()
    held.let_through()
    expect(drawer.locator(".basket-sum")).to_have_text("$18.00")
    page.wait_for_url(f"**/products/{tee.slug}?colour=*")
    assert held.is_same_page()


def test_without_htmx_forms_and_links_do_what_they_do_by_themselves(page: Page) -> None:
    page.route(HTMX, lambda route: route.fulfill(content_type="text/javascript", body="throw new Error()"))
    add(page, a_style("Alone bodysuit"))
    page.wait_for_url("**/cart")
    expect(page.locator(".basket-sum").first).to_have_text("$18.00")

"""The basket beside the page on a wide screen, the basket as a page elsewhere; what two tabs and other buyers do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from kidspetite.goods.inventory import operations as inventory
from tests.e2e.steps import a_style, add

pytestmark = pytest.mark.usefixtures("live_database")


def open_drawer(page: Page) -> Locator:
    page.locator("header [data-opens='basket-drawer']").click()
    drawer = page.get_by_role("dialog", name="Your basket")
    expect(drawer).to_be_visible()
    return drawer


def test_the_drawer_changes_takes_out_and_puts_back_without_leaving_the_page(desktop_page: Page, axe):
    style = a_style("Drawer bodysuit")
    add(desktop_page, style)
    expect(desktop_page.locator('[data-me="cart_count"]').first).to_have_text("1")
    drawer = open_drawer(desktop_page)
    drawer.get_by_role("button", name="One more").click()
    expect(drawer.locator(".basket-sum")).to_have_text("$36.00")
    axe(desktop_page)
    drawer.get_by_role("button", name="Take out").click()
    expect(drawer.locator(".basket-line")).to_have_count(0)
    drawer.get_by_role("button", name="Undo").click()
    expect(drawer.locator(".basket-sum")).to_have_text("$36.00")
    assert desktop_page.url.endswith(style.slug)
    desktop_page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(desktop_page.locator('[data-me="cart_count"]').first).to_have_text("2")


def test_the_drawer_leads_to_checkout_and_to_the_whole_basket(desktop_page: Page):
    add(desktop_page, a_style("Leading bodysuit"))
    expect(desktop_page.locator('[data-me="cart_count"]').first).to_have_text("1")
    drawer = open_drawer(desktop_page)
    expect(drawer.get_by_role("link", name="See the whole basket")).to_have_attribute("href", "/cart")
    drawer.get_by_role("link", name="To checkout").click()
    desktop_page.wait_for_url("**/checkout/shipping")


def test_on_a_phone_the_same_link_opens_the_page(page: Page):
    add(page, a_style("Phone bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.locator("header [data-opens='basket-drawer']").click()
    page.wait_for_url("**/cart")


def test_a_second_tab_counts_on_and_the_first_one_follows(page: Page):
    style = a_style("Followed bodysuit")
    add(page, style)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    other = page.context.new_page()
    add(other, style, "1–3 m")
    expect(other.locator('[data-me="cart_count"]').first).to_have_text("2")
    page.get_by_role("button", name="One more").first.click()
    expect(page.locator(".basket-line")).to_have_count(2)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("3")


def test_without_script_a_second_tab_is_answered_calmly(plain_page: Page):
    add(plain_page, a_style("Calm bodysuit"))
    plain_page.wait_for_url("**/cart")
    other = plain_page.context.new_page()
    other.goto("/cart")
    other.get_by_role("button", name="Take out").click()
    expect(other.get_by_text("Nothing in it yet.")).to_be_visible()
    plain_page.get_by_label("Pieces of").fill("2")
    plain_page.get_by_role("button", name="Update").click()
    expect(plain_page.locator("main")).to_contain_text("no longer in your basket")


def test_without_script_a_size_that_went_says_so_where_it_is_chosen(plain_page: Page):
    style = a_style("Gone meanwhile bodysuit", stock=1)
    plain_page.goto(f"/products/{style.slug}")
    for variant in style.variants.all():
        inventory.set_stock(variant.pk, on_hand=0, reason="burnt", by="test")
    choice = plain_page.locator("#add-form label", has_text="3–6 m")
    choice.first.click()
    plain_page.locator("#add-form button.button-main").click()
    expect(plain_page.locator("main")).to_contain_text(re.compile("gone|sold out|left", re.IGNORECASE))
    plain_page.goto("/cart")
    expect(plain_page.get_by_text("Nothing in it yet.")).to_be_visible()

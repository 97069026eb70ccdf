"""Where it goes: a typing error is offered back once, and the shopper has the last word."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kidspetite.sales.orders.models import Order
from tests.e2e.steps import LOOK_UP_MS, TO_NEW_YORK, a_style, add, fill_card, fill_shipping, pay, until_looked_up
from tests.harness.pages import settle

pytestmark = pytest.mark.usefixtures("live_database")


def carry(page: Page, name: str) -> None:
    add(page, a_style(name))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")


def type_address(page: Page, **changes: str) -> None:
    page.goto("/checkout/shipping")
    for name, value in (TO_NEW_YORK | changes).items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=state]").select_option("NY")
    page.get_by_role("button", name="On to paying").click()


def last_order() -> Order:
    return Order.objects.order_by("-pk")[0]


def test_the_posts_spelling_is_taken_with_one_press(page: Page) -> None:
    carry(page, "Alder coat")
    type_address(page, city="Broklyn")
    expect(page.get_by_role("heading", name="Is this the same place?")).to_be_visible()
    page.get_by_role("button", name="Send it there").click()
    fill_card(page)
    expect(page.locator("main")).to_contain_text("Brooklyn, NY 11201")
    pay(page)
    page.wait_for_url("**/checkout/complete/*")
    order = last_order()
    assert (order.shipping_address["city"], order.shipping_address["note"]) == ("Brooklyn", "")


def test_who_keeps_their_own_is_not_asked_again(plain_page: Page) -> None:
    page = plain_page
    add(page, a_style("Birch coat"))
    type_address(page, city="Dumbo Heights")
    page.get_by_label("As you typed it").check()
    page.get_by_role("button", name="Send it there").click()
    page.wait_for_url("**/checkout/payment")
    page.goto("/checkout/shipping")
    page.get_by_role("button", name="On to paying").click()
    page.wait_for_url("**/checkout/payment")
    fill_card(page)
    pay(page)
    page.wait_for_url("**/checkout/complete/*")
    order = last_order()
    assert order.shipping_address["city"] == "Dumbo Heights"
    assert order.shipping_address["note"].split(",") == ["city_mismatch", "kept_as_typed"]


def test_a_changed_address_is_asked_about_anew(page: Page) -> None:
    carry(page, "Cedar coat")
    type_address(page, city="Broklyn")
    page.get_by_label("As you typed it").check()
    page.locator("[name=city]").fill("Brookyn")
    page.get_by_role("button", name="Send it there").click()
    expect(page.get_by_role("heading", name="Is this the same place?")).to_be_visible()


def test_a_zip_fills_in_city_and_state_but_never_over_what_was_typed(page: Page) -> None:
    carry(page, "Elder coat")
    page.goto("/checkout/shipping")
    zip_code, city = page.locator("[name=postal_code]"), page.locator("[name=city]")
    until_looked_up(
        lambda: (zip_code.fill(""), zip_code.fill("11201")),
        lambda: expect(city).to_have_value("Brooklyn", timeout=LOOK_UP_MS),
    )
    expect(page.locator("[name=state]")).to_have_value("NY")
    with page.expect_response("**/api/address/suggest?*"):
        zip_code.fill("50010")
    settle(page)
    expect(city).to_have_value("Brooklyn")


def test_the_ordinary_address_is_not_talked_about(page: Page) -> None:
    carry(page, "Fir coat")
    fill_shipping(page)
    page.wait_for_url("**/checkout/payment")

"""From a product to a paid order, as a guest on a phone: with script and without, with every kind of card."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from kidspetite.sales.orders.models import Order
from tests.e2e.steps import ASKS, DECLINED, SILENT, a_style, add, fill_card, fill_shipping, pay

pytestmark = pytest.mark.usefixtures("live_database")


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_a_guest_buys_a_sleepsuit(kind: str, request: pytest.FixtureRequest):
    visitor: Page = request.getfixturevalue(kind)
    add(visitor, a_style("Fern sleepsuit"))
    fill_shipping(visitor)
    fill_card(visitor)
    expect(visitor.get_by_text("12 Fern Street")).to_be_visible()
    pay(visitor)
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    assert (order.status, order.total_minor) == ("paid", 1800 + 500 + 160)
    expect(visitor.locator("main")).to_contain_text(order.number)


def test_every_step_is_accessible(page: Page, axe):
    add(page, a_style("Axe bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/checkout/shipping")
    axe(page)
    page.get_by_role("button", name="On to paying").click()
    expect(page.get_by_text("We need a mail address", exact=False).first).to_be_visible()
    axe(page)
    fill_shipping(page)
    axe(page)
    fill_card(page)
    axe(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    axe(page)


def test_what_was_typed_stays_when_something_is_missing(plain_page: Page, axe):
    add(plain_page, a_style("Kept bodysuit"))
    plain_page.wait_for_url("**/cart")
    plain_page.goto("/checkout/shipping")
    plain_page.locator("[name=email]").fill("maya@home.example")
    plain_page.locator("[name=postal_code]").fill("9410")
    plain_page.get_by_role("button", name="On to paying").click()
    expect(plain_page.get_by_role("alert")).to_contain_text("ZIP 9410 has four digits")
    expect(plain_page.locator("[name=email]")).to_have_value("maya@home.example")
    expect(plain_page).to_have_title(re.compile("^Error:"))


def test_a_field_that_needs_another_look_says_so_when_left(page: Page, axe):
    add(page, a_style("Looked-at bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/checkout/shipping")
    page.locator("[name=postal_code]").fill("9410")
    page.locator("[name=city]").focus()
    expect(page.get_by_text("ZIP 9410 has four digits")).to_be_visible()
    axe(page)


def test_a_declined_card_keeps_the_basket_and_another_card_pays(page: Page):
    add(page, a_style("Declined bodysuit", stock=1))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page, DECLINED)
    pay(page)
    expect(page.get_by_text("nothing was charged", exact=False).first).to_be_visible()
    fill_card(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_bank_that_asks_is_answered_on_its_page(page: Page):
    add(page, a_style("Asked bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page, ASKS)
    pay(page)
    page.get_by_role("button", name="Yes, it is me").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_silent_bank_is_asked_again_and_the_page_tells_the_truth(page: Page):
    add(page, a_style("Silent bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page, SILENT)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible(timeout=60_000)
    assert Order.objects.latest("pk").status == "paid"


def test_two_presses_on_pay_make_one_order(page: Page):
    before = Order.objects.count()
    add(page, a_style("Twice bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page)
    expect(page.get_by_role("button", name="Pay $")).to_be_visible()
    page.wait_for_load_state()
    page.evaluate(
        """() => { const form = document.querySelector('form.dock');
        const body = new URLSearchParams(new FormData(form));
        window.twice = Promise.all([1, 2, 3].map(() => fetch(location.href, {method: 'POST', body}))); }"""
    )
    page.evaluate("async () => (await window.twice).map((answer) => answer.status)")
    page.goto("/")
    assert Order.objects.count() == before + 1
    assert Order.objects.latest("pk").status == "paid"


def test_a_price_that_changed_is_shown_before_anything_is_charged(page: Page):
    style = a_style("Dearer bodysuit")
    before = Order.objects.count()
    add(page, style)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page)
    expect(page.get_by_role("button", name="Pay $")).to_be_visible()
    style.variants.update(price_minor=2000)
    pay(page)
    expect(page.get_by_text("The total is now")).to_be_visible()
    assert Order.objects.count() == before
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

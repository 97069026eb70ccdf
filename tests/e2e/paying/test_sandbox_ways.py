"""The quick ways to pay, offline: the trial wallet from product, basket and checkout, and cards saved for next time."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kidspetite.sales.orders.models import Order
from tests.e2e.account.test_account import new_email, open_account
from tests.e2e.steps import ASKS, VISA, a_style, add, fill_card, fill_shipping, pay

pytestmark = pytest.mark.usefixtures("live_database")


def thanked(page: Page) -> Order:
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    assert order.status == "paid"
    return order


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_from_the_product_straight_to_the_confirmation(kind: str, request: pytest.FixtureRequest, axe: Any):
    visitor: Page = request.getfixturevalue(kind)
    add(visitor, a_style("Own basket bodysuit"))
    style = a_style("Wallet sleepsuit")
    visitor.goto(f"/products/{style.slug}")
    visitor.locator("#add-form label", has_text="3–6 m").first.click()
    visitor.get_by_role("button", name="Buy now, with a wallet").click()
    visitor.get_by_role("button", name="Trial wallet").click()
    expect(visitor.get_by_text("no money moves", exact=True)).to_be_visible()
    if kind == "page":
        axe(visitor)
    visitor.get_by_role("button", name="Pay $").click()
    order = thanked(visitor)
    assert order.lines.get().name == "Wallet sleepsuit"
    visitor.goto("/cart")
    expect(visitor.get_by_text("Own basket bodysuit").first).to_be_visible()


def test_from_the_basket_with_another_address_and_way(page: Page, axe: Any):
    add(page, a_style("Wallet romper"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    page.get_by_role("link", name="Buy now, with a wallet").click()
    axe(page)
    page.get_by_role("button", name="Trial wallet").click()
    page.get_by_label("Send to").select_option("or")
    page.wait_for_url("**to=or**")
    page.get_by_label("How").select_option("express")
    page.wait_for_url("**method=express**")
    page.get_by_role("button", name="Pay $33.00").click()
    order = thanked(page)
    assert (order.shipping_address["state"], order.shipping_method, order.total_minor) == ("OR", "express", 3300)


def test_a_declined_wallet_stays_and_another_card_in_it_pays(page: Page):
    style = a_style("Wallet vest", sizes=("3m",))
    page.goto(f"/checkout/express?sku={style.variants.get().sku}&wallet=trial&token=tok_declined")
    page.get_by_role("button", name="Pay $").click()
    expect(page.get_by_text("nothing was charged", exact=False)).to_be_visible()
    page.get_by_label("Card", exact=True).select_option("tok_wallet")
    page.wait_for_url("**token=tok_wallet**")
    page.get_by_role("button", name="Pay $").click()
    thanked(page)


def test_from_the_first_step_of_checkout_and_from_the_payment_step(page: Page):
    add(page, a_style("Wallet hat"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/checkout/shipping")
    expect(page.get_by_role("link", name="Pay with a wallet, type nothing")).to_be_visible()
    fill_shipping(page)
    page.get_by_role("button", name="with the trial wallet").click()
    assert thanked(page).email == "maya@home.example"


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_a_card_is_saved_with_a_purchase_and_pays_the_next_one(kind: str, request: pytest.FixtureRequest, axe: Any):
    visitor: Page = request.getfixturevalue(kind)
    open_account(visitor, new_email())
    add(visitor, a_style("Ticked sleepsuit"))
    fill_shipping(visitor)
    visitor.get_by_label("Save this card for next time").check()
    fill_card(visitor)
    pay(visitor)
    thanked(visitor)
    add(visitor, a_style("Unticked sleepsuit"))
    fill_shipping(visitor)
    expect(visitor.get_by_role("radio", name="Visa ending 4242")).to_be_checked()
    expect(visitor.get_by_label("Card number")).to_be_hidden()
    if kind == "page":
        axe(visitor)
    visitor.get_by_role("button", name="On to a last look").click()
    expect(visitor.get_by_text("Visa ending 4242")).to_be_visible()
    pay(visitor)
    thanked(visitor)


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_cards_in_the_account(kind: str, request: pytest.FixtureRequest, axe: Any):
    visitor: Page = request.getfixturevalue(kind)
    open_account(visitor, new_email())
    visitor.goto("/account/payments")
    expect(visitor.get_by_text("No card yet.")).to_be_visible()
    for number, says in ((VISA, "Visa ending 4242 is in your account."), (ASKS, "Yes, it is me")):
        visitor.goto("/account/payments/new")
        visitor.get_by_label("Card number").fill(number)
        visitor.get_by_label("Valid until").fill("08/30")
        visitor.get_by_label("Code").fill("123")
        visitor.get_by_role("button", name="Save the card").click()
        expect(visitor.get_by_text(says)).to_be_visible()
    visitor.get_by_role("button", name="Yes, it is me").click()
    expect(visitor.get_by_text("Visa ending 3184 is in your account.")).to_be_visible()
    if kind == "page":
        axe(visitor)
    visitor.get_by_role("button", name="Use Visa ending 3184 first").click()
    expect(visitor.get_by_role("listitem").filter(has_text="3184").get_by_text("first", exact=True)).to_be_visible()
    visitor.get_by_role("button", name="Remove Visa ending 4242").click()
    expect(visitor.get_by_role("listitem").filter(has_text="4242")).to_have_count(0)


def test_the_pay_button_is_in_reach_and_never_covers_what_has_focus(page: Page):
    page.set_viewport_size({"width": 360, "height": 640})
    add(page, a_style("Reach bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page)
    button = page.get_by_role("button", name="Pay $")
    expect(button).to_be_in_viewport()
    for place in page.locator("main a, main summary").all():
        if not place.is_visible():
            continue
        place.focus()
        expect(button).to_be_in_viewport()
        covered = place.evaluate(
            """(one) => { const box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return top !== null && top.closest('.dock') !== null; }"""
        )
        assert not covered, place.inner_text()

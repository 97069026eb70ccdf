"""An account: opened, left, entered again; the basket comes along; orders and addresses are the customer's own."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect

from kidspetite.foundation.notifications.models import Message
from tests.e2e.steps import a_style, add, fill_card, fill_shipping, pay

pytestmark = pytest.mark.usefixtures("live_database")
PASSWORD = "seven-odd-buttons"


def open_account(page: Page, email: str) -> None:
    page.goto("/sign-up")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    page.wait_for_url("**/account")


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/account" not in url)


def new_email() -> str:
    return f"shopper-{secrets.token_hex(4)}@home.example"


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_an_account_is_opened_left_and_entered(kind: str, request: pytest.FixtureRequest):
    visitor: Page = request.getfixturevalue(kind)
    email = new_email()
    open_account(visitor, email)
    sign_out(visitor)
    visitor.goto("/sign-in")
    visitor.locator("[name=login]").fill(email)
    visitor.locator("[name=password]").fill("wrong-words-here")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.locator(".form-errors, [role=alert]").first).to_be_visible()
    expect(visitor.locator("[name=login]")).to_have_value(email)
    visitor.locator("[name=password]").fill(PASSWORD)
    visitor.get_by_role("button", name="Sign in").click()
    visitor.wait_for_url("**/account")


def test_the_basket_comes_along_and_the_order_stands_in_the_account(page: Page, axe):
    add(page, a_style("Carried bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    open_account(page, new_email())
    page.goto("/cart")
    expect(page.locator(".basket-line")).to_have_count(1)
    fill_shipping(page)
    fill_card(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    for path in ("/account", "/account/orders", "/account/addresses", "/account/settings", "/account/addresses/new"):
        page.goto(path)
        axe(page)
    page.goto("/account/orders")
    page.get_by_role("link", name="KP-").first.click()
    expect(page.get_by_text("12 Fern Street")).to_be_visible()
    axe(page)


def test_an_address_is_kept_changed_and_removed(page: Page):
    open_account(page, new_email())
    page.goto("/account/addresses/new")
    for name, value in {
        "name": "Maya Alvarez",
        "line1": "12 Fern Street",
        "city": "Brooklyn",
        "postal_code": "00000",  # nobody knows it, so no state is filled in
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Choose a state.")).to_be_visible()
    page.locator("[name=postal_code]").fill("11201")
    page.locator("[name=state]").select_option("NY")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Maya Alvarez")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No address yet.")).to_be_visible()


def test_a_forgotten_password_is_replaced_by_a_link(page: Page):
    email = new_email()
    open_account(page, email)
    sign_out(page)
    page.goto("/sign-in/reset")
    page.locator("[name=email]").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    letter = Message.objects.get(to=email, kind="password-reset")
    link = next(word for word in letter.text.split() if "/sign-in/reset/" in word)
    page.goto(link[link.index("/sign-in/reset/") :])
    page.locator("[name=password1]").fill("eight-odd-buttons")
    if page.locator("[name=password2]").count():
        page.locator("[name=password2]").fill("eight-odd-buttons")
    page.get_by_role("button", name="Use this password").click()
    expect(page.get_by_role("heading", name="The new password is in")).to_be_visible()
    page.goto("/sign-in")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill("eight-odd-buttons")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")


def test_nobody_opens_anothers_order_or_address(page: Page, plain_page: Page):
    add(page, a_style("Private bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    open_account(page, new_email())
    fill_shipping(page)
    fill_card(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto("/account/orders")
    address = page.get_by_role("link", name="KP-").first.get_attribute("href")
    open_account(plain_page, new_email())
    answer = plain_page.goto(str(address))
    assert answer is not None
    assert answer.status == 404

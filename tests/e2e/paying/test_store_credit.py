"""A customer pays with store credit and a card; staff see the split before they give it back. Judged by axe."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Page, expect

from kidspetite.foundation.accounts.models import User
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.queries.credit import credit_of
from tests.e2e.staff import PASSWORD, an_owner, sign_in
from tests.e2e.steps import a_style, add, fill_card, fill_shipping, pay
from tests.factories.credit import a_customer

pytestmark = pytest.mark.usefixtures("live_database")


@pytest.fixture
def user() -> User:
    found = a_customer(1240)
    found.password = PBKDF2PasswordHasher().encode(PASSWORD, secrets.token_hex(8))
    found.save(update_fields=["password"])
    return found


def test_the_box_pays_its_part_and_both_tenders_go_back(page: Page, user: User, axe: Any):
    sign_in(page, user.email, to="/account/credit")
    expect(page.get_by_text("You have $12.40")).to_be_visible()
    axe(page)
    add(page, a_style("Credit bodysuit"))
    fill_shipping(page)
    box = page.get_by_label("Use $12.40 of store credit")
    expect(box).to_be_checked()
    box.uncheck()
    expect(page.get_by_text("Left to pay: $24.60")).to_be_visible()
    page.get_by_label("Use $12.40 of store credit").check()
    expect(page.get_by_text("Left to pay: $12.20")).to_be_visible()
    axe(page)
    fill_card(page)
    expect(page.get_by_role("button", name="Pay $12.20")).to_be_visible()
    axe(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    for path in ("", "/cancellation", "/address"):
        page.goto(f"/orders/{order.token}{path}")
        axe(page)
    page.goto(f"/orders/{order.token}/cancellation")
    expect(page.get_by_text("$12.40 is back in your store credit")).to_be_visible()
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.get_by_text("The order is cancelled.")).to_be_visible()


def test_staff_give_back_after_a_look(page: Page, plain_page: Page, user: User, axe: Any):
    sign_in(plain_page, user.email, to="/cart")
    add(plain_page, a_style("Credit romper"))
    fill_shipping(plain_page)
    fill_card(plain_page)
    pay(plain_page)
    expect(plain_page.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    sign_in(page, an_owner(), to=f"/admin/orders/{order.number}/refund")
    axe(page)
    page.get_by_role("button", name="See what goes back").click()
    expect(page.get_by_text("Back to Store credit")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Give back $24.60").click()
    expect(page.get_by_text("$24.60 went back")).to_be_visible()
    assert credit_of(user.pk).minor == 1240
    for path in (f"/admin/orders/{order.number}", f"/admin/customers/{user.pk}"):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

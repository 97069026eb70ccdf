"""A guest pays with PayPal on the sandbox: there, agreed, and back; or turned round. With script and without."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kidspetite.sales.orders.models import Order
from tests.e2e.steps import a_style, add, fill_card, fill_shipping, pay

pytestmark = pytest.mark.usefixtures("live_database")


def to_paypal(page: Page, name: str) -> None:
    add(page, a_style(name))
    fill_shipping(page)
    page.get_by_role("button", name="with PayPal").click()
    expect(page.get_by_role("heading", name="Trial page, not PayPal")).to_be_visible()


@pytest.fixture(params=["page", "plain_page"])
def visitor(request: pytest.FixtureRequest) -> Page:
    found: Page = request.getfixturevalue(request.param)
    return found


def test_agreed_there_the_order_is_paid(visitor: Page):
    to_paypal(visitor, "PayPal sleepsuit")
    visitor.get_by_role("button", name="Agree and pay").click()
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    assert (order.status, order.payments.get().label) == ("paid", "Sandbox PayPal")


def test_turned_back_another_way_pays_the_same_order(visitor: Page):
    to_paypal(visitor, "PayPal bodysuit")
    number = Order.objects.latest("pk").number
    visitor.get_by_role("link", name="Turn back").click()
    expect(visitor.get_by_text("Nothing was charged, and your basket is safe")).to_be_visible()
    fill_card(visitor)
    pay(visitor)
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    assert (order.number, order.status) == (number, "paid")
    assert sorted(order.payments.values_list("status", flat=True)) == ["captured", "voided"]


def test_the_pages_on_the_way_are_accessible(page: Page, axe: Any):
    to_paypal(page, "PayPal romper")
    axe(page)
    page.get_by_role("link", name="Turn back").click()
    expect(page.get_by_role("button", name="with PayPal")).to_be_visible()
    axe(page)

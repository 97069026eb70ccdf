"""Tell me: a size that is gone is chosen, and leads to being told, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kidspetite.goods.inventory import operations as inventory
from tests.e2e.steps import a_style
from tests.factories.inventory import hold_for

pytestmark = pytest.mark.usefixtures("live_database")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_gone_and_a_held_size_lead_to_being_told(script: bool, open_page, axe):
    style = a_style("Missing bodysuit", stock=2, sizes=("3m", "6m", "12m"))
    small, middle, _large = style.variants.order_by("size__position")
    inventory.set_stock(small.pk, on_hand=0, reason="counted", by="test")
    hold_for("cart:999999", middle, 2)
    page: Page = open_page(java_script_enabled=script)
    page.goto(f"/products/{style.slug}")
    add, tell = page.locator("[data-added]"), page.locator("[data-leads]", has_text="Tell me")
    expect(add).to_be_visible()
    expect(tell).to_be_hidden()
    page.locator("#add-form label", has_text="3–6 m").click()
    expect(page.get_by_text("In someone's basket just now.", exact=False)).to_be_visible()
    page.locator("#add-form label", has_text="1–3 m").click()
    expect(page.get_by_text("Sold out in this size.", exact=False)).to_be_visible()
    expect(add).to_be_hidden()
    if script:
        axe(page)
    tell.click()
    expect(page.get_by_role("heading", name="Tell me when 1–3 m is back")).to_be_visible()
    if script:
        axe(page)
    page.locator("main [name=email]").fill("ana@home.example")
    page.get_by_role("button", name="Tell me", exact=True).click()
    expect(page.get_by_role("heading", name="Look into your mail.")).to_be_visible()

"""Where somebody knows streets, a list under the field fills in the rest; where they go silent, nobody notices."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.steps import LOOK_UP_MS, a_style, until_looked_up
from tests.fakes.google import KEY, FakeGoogle, fake_google
from tests.harness.database import RUN_VARIABLE, TestRun
from tests.harness.pages import PHONE, settle
from tests.harness.server import ShopServer, running_shop


@pytest.fixture(scope="module")
def google() -> Iterator[FakeGoogle]:
    with fake_google() as fake:
        yield fake


@pytest.fixture(scope="module")
def shop(google: FakeGoogle, django_db_setup: None, django_db_blocker: Any) -> Iterator[ShopServer]:
    """A shop with a Google key, and one style to buy in it."""
    from django.db import connections

    keys = {"GOOGLE_MAPS_API_KEY": KEY, "GOOGLE_PLACES_API_BASE": google.url, "GOOGLE_ADDRESS_API_BASE": google.url}
    run = TestRun(Path(os.environ[RUN_VARIABLE]))
    with running_shop(run, {**os.environ, **keys}, name="streets", workers=1) as running:
        default = connections["default"].settings_dict
        connections.close_all()
        own, default["NAME"] = default["NAME"], running.database
        with django_db_blocker.unblock():
            a_style("Street bodysuit")
            connections.close_all()
        default["NAME"] = own
        yield running


@pytest.fixture
def page(browser: Browser, shop: ShopServer) -> Iterator[Page]:
    context = browser.new_context(base_url=shop.url, locale="en-US", **PHONE)
    visitor = context.new_page()
    faults: list[str] = []
    visitor.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    visitor.goto("/products")
    visitor.locator('a[href^="/products/"]').first.click()
    visitor.locator("#add-form label", has_text="3–6 m").first.click()
    visitor.locator("#add-form button.button-main").click()
    expect(visitor.locator('[data-me="cart_count"]').first).to_have_text("1")
    visitor.goto("/checkout/shipping")
    yield visitor
    context.close()
    assert faults == []


def guessed(page: Page, words: str, name: str) -> Locator:
    """Type this where the street belongs until the guess is there."""
    street, guess = page.locator("[name=line1]"), page.get_by_role("option", name=name)
    until_looked_up(
        lambda: (street.fill(""), street.press_sequentially(words, delay=20)),
        lambda: expect(guess).to_be_visible(timeout=LOOK_UP_MS),
    )
    return guess


def test_arrows_and_enter_fill_in_the_whole_address(page: Page, google: FakeGoogle, axe: Any) -> None:
    street = page.locator("[name=line1]")
    guess = guessed(page, "12 har", "12 Harbour St")
    axe(page)

    def takes() -> None:
        if not guess.is_visible():
            guessed(page, "12 har", "12 Harbour St")
        street.press("ArrowDown")
        expect(guess).to_have_attribute("aria-selected", "true")
        street.press("Enter")

    until_looked_up(takes, lambda: expect(street).to_have_value("12 Harbour St", timeout=LOOK_UP_MS))
    for name, value in {"city": "Portland", "state": "ME", "postal_code": "04101"}.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    expect(page.locator("[name=line2]")).to_be_focused()
    assert google.judge.problems == []


def test_escape_keeps_what_was_typed_and_a_finger_takes(page: Page) -> None:
    street = page.locator("[name=line1]")
    guessed(page, "40 mill", "40 Mill Rd")
    street.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(street).to_have_value("40 mill")
    until_looked_up(
        lambda: guessed(page, "40 mill r", "40 Mill Rd").click(),
        lambda: expect(page.locator("[name=city]")).to_have_value("Ames", timeout=LOOK_UP_MS),
    )


def test_a_zip_still_tells_its_city(page: Page) -> None:
    zip_code = page.locator("[name=postal_code]")
    until_looked_up(
        lambda: (zip_code.fill(""), zip_code.fill("11201")),
        lambda: expect(page.locator("[name=city]")).to_have_value("Brooklyn", timeout=LOOK_UP_MS),
    )


def test_a_silent_google_is_a_plain_form(page: Page, google: FakeGoogle) -> None:
    google.mood = "500"
    with page.expect_response("**/api/address/suggest?*"):
        page.locator("[name=line1]").press_sequentially("12 harb", delay=20)
    settle(page)
    expect(page.get_by_role("listbox")).to_be_hidden()
    google.mood = ""

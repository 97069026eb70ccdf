"""The basket: quantity, taking out and back, two tabs, sold out, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from kidspetite.goods.inventory import operations as inventory
from tests.e2e.steps import a_style, add

pytestmark = pytest.mark.usefixtures("live_database")


def test_a_piece_is_added_and_counted_without_leaving_the_page(page: Page):
    style = a_style("Harbour bodysuit")
    add(page, style)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    assert page.url.endswith(style.slug)
    page.locator("#add-form label", has_text="1–3 m").click()  # while the button may still say what was added
    expect(page.locator("[data-added]")).to_contain_text("Add 1–3 m")


def test_what_was_asked_before_a_piece_was_added_does_not_take_the_count_back(page: Page):
    style, count = a_style("Early answer bodysuit"), page.locator('[data-me="cart_count"]').first
    add(page, style)
    expect(count).to_have_text("1")
    held: list[Route] = []
    page.route("**/fragments/me", lambda route: held.append(route))
    with page.expect_request("**/fragments/me"):
        add(page, style)
    expect(count).to_have_text("2")
    held.pop().fulfill(json={"cart_count": 1, "name": "Maya"})
    expect(page.locator('[data-me="name"]').first).to_have_text("Maya")
    expect(count).to_have_text("2")


def test_the_number_of_pieces_changes_in_place(page: Page, axe):
    add(page, a_style("Deck bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    page.get_by_role("button", name="One more").click()
    expect(page.locator(".basket-sum")).to_have_text("$36.00")
    axe(page)


def test_what_is_taken_out_can_be_put_back(page: Page):
    add(page, a_style("Pip bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    page.get_by_role("button", name="Take out").click()
    expect(page.get_by_text("Nothing in it yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".basket-line")).to_have_count(1)
    expect(page.locator(".basket-sum")).to_have_text("$18.00")


def test_without_script_the_same_can_be_done_with_forms(plain_page: Page):
    add(plain_page, a_style("Fern sleepsuit"))
    plain_page.wait_for_url("**/cart")
    plain_page.get_by_label("Pieces of").fill("3")
    plain_page.get_by_role("button", name="Update").click()
    expect(plain_page.locator(".basket-sum")).to_have_text("$54.00")
    plain_page.get_by_role("button", name="Take out").click()
    expect(plain_page.get_by_text("Nothing in it yet.")).to_be_visible()
    plain_page.get_by_role("button", name="Undo").click()
    expect(plain_page.locator(".basket-sum")).to_have_text("$54.00")


def test_more_than_there_is_is_refused_and_the_line_stays(page: Page):
    style = a_style("Last bodysuit", stock=2)
    add(page, style)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    field = page.get_by_label("Pieces of")
    field.fill("9")
    field.press("Enter")
    expect(page.locator(".notice").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("Pieces of")).to_have_value(re.compile("^[12]$"))


def test_a_line_taken_out_in_another_tab_is_told_calmly(page: Page):
    add(page, a_style("Two-tab bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    other = page.context.new_page()
    other.goto("/cart")
    other.get_by_role("button", name="Take out").click()
    expect(other.get_by_text("Nothing in it yet.")).to_be_visible()
    page.get_by_role("button", name="One more").click()
    expect(page.locator("#basket")).to_contain_text("no longer in your basket")


def test_a_size_that_sold_out_meanwhile_says_so_in_the_basket(page: Page):
    style = a_style("Vanishing bodysuit", stock=1)
    add(page, style)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    for variant in style.variants.all():
        inventory.set_stock(variant.pk, on_hand=0, reason="burnt", by="test")
    page.goto("/cart")
    expect(page.get_by_text("Your basket waited, but")).to_be_visible()
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")


def test_shipping_and_tax_are_known_before_checkout(page: Page):
    add(page, a_style("Taxed bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    page.get_by_label("ZIP, for shipping").fill("11201")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".sums-total").last).to_have_text("$24.60")
    expect(page.locator("#basket")).to_contain_text("Arrives ")


def test_a_bad_zip_is_told_and_nothing_is_lost(page: Page):
    add(page, a_style("Zip bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    page.get_by_label("ZIP, for shipping").fill("941")
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_text("A US ZIP has five").first).to_be_visible()
    expect(page.locator(".basket-line")).to_have_count(1)

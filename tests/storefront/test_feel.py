"""What moves when a hand touches it: within the brand's limits, and not at all where motion is unwanted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from kidspetite.goods.catalog.models import Product
from kidspetite.goods.inventory import operations as inventory
from tests.e2e.steps import a_style, add
from tests.harness.pages import settle, wait_until
from tests.harness.server import ShopServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("live_database")]

DESKTOP = {"viewport": {"width": 1280, "height": 900}, "device_scale_factor": 1, "has_touch": False, "is_mobile": False}
NOTE = """
window.played = []
document.addEventListener('animationstart', (event) => played.push(event.animationName))
const start = document.startViewTransition?.bind(document)
if (start) document.startViewTransition = (change) => {
  const transition = start(change)
  transition.ready.then(() => document.getAnimations().forEach(({animationName, effect}) => {
    const [part, inside] = effect.pseudoElement?.split('(') ?? []
    if (inside?.startsWith('row-')) played.push(animationName + part)
  }))
  return transition
}
"""

# On the page, not in the window: a basket that has become short is scrolled back to its top by the browser.
PLACE = "(form) => [form.getBoundingClientRect().top + scrollY, form.offsetHeight]"
REVEALED = """
window.shift = 0
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) shift += entry.value
})).observe({type: 'layout-shift', buffered: true})
addEventListener('pagereveal', ({viewTransition}) => viewTransition?.ready.then(() => {
  window.carried = document.getAnimations().map(({effect}) => [effect.pseudoElement, effect.getTiming().duration])
}))
"""


@pytest.fixture(params=["no-preference", "reduce"])
def motion(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_row_unfolds_when_it_came_and_folds_when_it_goes(open_page: Callable[..., Page], motion: str) -> None:
    page = open_page(reduced_motion=motion)
    page.add_init_script(NOTE)
    for number, name in enumerate(("Pip bodysuit", "Fern sleepsuit"), start=1):
        add(page, a_style(name))
        expect(page.locator('[data-me="cart_count"]').first).to_have_text(str(number))
    page.goto("/cart")
    expect(page.locator(".basket-line")).to_have_count(2)
    _has_played(page, "unfold", motion)

    page.get_by_role("button", name="Take out Pip bodysuit").click()
    expect(page.locator(".basket-line")).to_have_count(1)
    _has_played(page, "fold::view-transition-old", motion)

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".basket-line")).to_have_count(2)
    _has_played(page, "unfold::view-transition-new", motion)


def _has_played(page: Page, name: str, motion: str) -> None:
    if motion == "no-preference":
        wait_until(page, f"played.includes('{name}')")
    else:
        settle(page)
        assert page.evaluate("played") == []


def test_the_picture_goes_along_to_its_product_and_the_list_keeps_its_place(
    browser: Browser, shop_server: ShopServer, motion: str
) -> None:
    """In a page of its own: where requests are routed through a test, Chromium carries nothing along."""
    for number in range(8):
        a_style(f"Harbour bodysuit {number}")
    page = browser.new_page(base_url=shop_server.url, viewport={"width": 360, "height": 800}, reduced_motion=motion)
    page.add_init_script(REVEALED)
    page.goto("/products?sort=newest", wait_until="networkidle")
    page.locator(".card-name a").nth(5).scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    assert place > 200
    page.locator(".card-name a").nth(5).click()
    page.wait_for_url("**/products/harbour-bodysuit-*")
    if motion == "no-preference":
        wait_until(page, "window.carried !== undefined")
    page.wait_for_load_state()
    settle(page)
    carried = page.evaluate("window.carried ?? []")
    if motion == "reduce":
        assert carried == []
    else:
        assert "::view-transition-group(product-picture)" in [part for part, _ in carried]
        assert max(milliseconds for _, milliseconds in carried) <= 220
    assert page.evaluate("shift") < 0.001
    page.go_back(wait_until="networkidle")
    wait_until(page, f"Math.abs(scrollY - {place}) < 3")
    page.close()


def test_the_way_back_falls_quiet_after_ten_seconds_and_stays_open(open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP)
    add(page, a_style("Deck bodysuit"))
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.clock.install()
    page.goto("/cart")
    begun = page.evaluate("Date.now()")
    page.get_by_role("button", name="Take out").click()
    note, way_back = page.locator(".basket-undo"), page.get_by_role("button", name="Undo")
    expect(note).to_be_visible()
    loud = note.evaluate("(form) => getComputedStyle(form).backgroundColor")
    place = note.evaluate(PLACE)

    way_back.focus()
    page.clock.pause_at(begun + 600_000)  # from now on the page's clock goes as far as it is told, and no further
    page.clock.run_for(15_000)
    assert note.evaluate("(form) => getComputedStyle(form).backgroundColor") == loud, "not while it has the focus"
    way_back.blur()
    note.hover()
    page.clock.run_for(15_000)
    assert note.evaluate("(form) => getComputedStyle(form).backgroundColor") == loud, "not while it is pointed at"
    page.mouse.move(5, 5)
    page.clock.run_for(9_000)
    assert note.evaluate("(form) => getComputedStyle(form).backgroundColor") == loud
    page.clock.run_for(2_000)
    assert note.evaluate("(form) => getComputedStyle(form).backgroundColor") != loud
    assert note.evaluate(PLACE) == place
    page.clock.resume()
    way_back.click()
    expect(page.locator(".basket-line")).to_have_count(1)


def test_a_way_back_that_failed_stays_on_offer(page: Page) -> None:
    style = a_style("Last bodysuit", stock=1)
    add(page, style)
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    page.goto("/cart")
    page.get_by_role("button", name="Take out").click()
    expect(page.get_by_text("Nothing in it yet.")).to_be_visible()
    _leave_on_the_shelf(style, 0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice-warning")).to_be_visible()
    _leave_on_the_shelf(style, 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".basket-line")).to_have_count(1)


def _leave_on_the_shelf(style: Product, pieces: int) -> None:
    for variant in style.variants.all():
        inventory.set_stock(variant.pk, on_hand=pieces, reason="counted", by="test")

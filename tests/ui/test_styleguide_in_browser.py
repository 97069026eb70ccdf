"""The style guide in a real browser: accessible in both schemes, 320 px wide, by keyboard, without layout shifts."""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from playwright.sync_api import Browser, Page, Route, expect

from kidspetite.foundation.ui import samples
from tests.harness.pages import settle, wait_until
from tests.ui.test_components import SHOP

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOST = "http://shop.example"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'"


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(HOST).split("?")[0]
    if path == "/_styleguide":
        context = {"shop": SHOP, **samples.context()}
        html = engines["jinja2"].get_template("ui/styleguide.html").render(context)
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
    elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
        route.fulfill(body=Path(str(found)).read_bytes(), content_type=mimetypes.guess_type(path)[0])
    elif path == "/fragments/me":
        route.fulfill(json={"cart_count": 2, "name": "Ana", "fits": {"name": "Leo", "keys": ["2"]}})
    else:
        route.fulfill(status=204)


@pytest.fixture
def guide(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts, errors = [], []

    def open_guide(width: int = 360, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        context.route("**/*", _answer)
        context.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {"
            " if (!entry.hadRecentInput) window.shift += entry.value"
            "})).observe({type: 'layout-shift', buffered: true})"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{HOST}/_styleguide", wait_until="networkidle")
        if options.get("java_script_enabled", True):
            settle(page)
        return page

    yield open_guide
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(guide: Callable[..., Page], axe: Callable[[Page], None], scheme: str, width: int) -> None:
    axe(guide(width, color_scheme=scheme, reduced_motion="reduce"))


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_nothing_runs_off_the_page(guide: Callable[..., Page], width: int) -> None:
    page = guide(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.shift") < 0.001


def test_targets_are_large_enough(guide: Callable[..., Page]) -> None:
    small = guide().evaluate(
        """() => [...document.querySelectorAll(`button, .button, .tape-segment, .icon-button, summary, .chip, .swatch,
             .choice, select, input.input, .pagination a`)]
           .map((el) => [el, el.getBoundingClientRect()])
           .filter(([el, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
           .map(([el, box]) => `${el.className || el.tagName} ${box.width}×${box.height}`)"""
    )
    assert small == []


def test_focus_follows_the_order_of_the_page_and_is_seen(guide: Callable[..., Page]) -> None:
    page = guide(1440)
    places = []
    for _ in range(60):
        page.keyboard.press("Tab")
        places.append(
            page.evaluate(
                """() => { const el = document.activeElement, style = getComputedStyle(el);
                   const frame = el.matches(".visually-hidden") ? getComputedStyle(el.parentElement) : style;
                   const after = getComputedStyle(el, "::after");
                   const drawn = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
                   const seen = [style, frame, after].some(drawn);
                   const all = [...document.querySelectorAll("*")];
                   return [all.indexOf(el), seen, el.outerHTML.slice(0, 90)] }"""
            )
        )
    assert [place for place, _, _ in places] == sorted(place for place, _, _ in places)
    assert [html for _, seen, html in places if not seen] == []


def test_unit_switch_turns_every_tape_and_is_remembered(guide: Callable[..., Page]) -> None:
    page = guide()
    inches, cm = page.locator(".site-head .side-in").first, page.locator(".site-head .side-cm").first
    assert inches.is_visible()
    assert not cm.is_visible()
    page.locator("main unit-switch button[value=cm]").click()
    expect(cm).to_be_visible()
    page.reload(wait_until="networkidle")
    expect(page.locator(".site-head .side-cm").first).to_be_visible()


def test_dialog_opens_closes_and_gives_the_focus_back(guide: Callable[..., Page]) -> None:
    page = guide()
    opener = page.locator("[data-opens=guide-dialog]")
    opener.click()
    expect(page.locator("#guide-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#guide-dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_quantity_stops_at_what_is_left_and_says_so(guide: Callable[..., Page]) -> None:
    page = guide()
    more = page.locator("quantity-stepper [data-step='1']")
    for _ in range(4):
        more.click()
    expect(page.locator("quantity-stepper input")).to_have_value("3")
    expect(page.locator("#toasts")).to_contain_text("Three are left")


def test_field_is_judged_when_left_and_cleared_when_right(guide: Callable[..., Page]) -> None:
    page = guide()
    field, error = page.locator("#id_postal_code"), page.locator("#id_postal_code-error")
    field.fill("94103")
    assert not error.is_visible()
    field.fill("941")
    assert not error.is_visible()
    field.blur()
    expect(error).to_have_text("ZIP 941 has three digits. A US ZIP has five.")


def test_added_is_said_for_two_seconds_and_counted(guide: Callable[..., Page]) -> None:
    page = guide()
    button = page.locator("[data-added]")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 600_000)
    for _ in range(2):  # and once more, before the button has its own words again
        detail = "{detail: {label: '3–6 m', count: 3}, bubbles: true}"
        button.evaluate(f"(el) => el.dispatchEvent(new CustomEvent('added', {detail}))")
        page.clock.run_for(1_900)
        assert button.inner_text() == "Added, 3–6 m ✓"
        assert page.locator("[data-me=cart_count]").inner_text() == "3"
    page.clock.run_for(200)
    assert button.inner_text().startswith("Add 3–6 m")
    page.clock.run_for(2_000)
    assert button.inner_text().startswith("Add 3–6 m")


def test_personal_things_are_asked_for_only_with_the_hint(guide: Callable[..., Page]) -> None:
    assert guide().locator("[data-me=cart_count]").inner_text() == ""
    page = guide()
    page.context.add_cookies([{"name": "kp_hint", "value": "1", "url": HOST}])
    page.reload(wait_until="networkidle")
    expect(page.locator("[data-me=cart_count]")).to_have_text("2")
    expect(page.locator("[data-product='2'] .card-badge")).to_have_text("fits Leo")


def test_gallery_zooms_and_moves_by_keyboard(guide: Callable[..., Page]) -> None:
    page = guide()
    page.locator(".gallery-open").nth(0).click()
    zoom = page.locator(".zoom")
    assert zoom.locator("img").count() == 5
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('.zoom').scrollLeft > 100")
    page.keyboard.press("Escape")
    expect(zoom).to_be_hidden()


def test_size_choice_is_told_to_the_form(guide: Callable[..., Page]) -> None:
    page = guide()
    page.locator(".tape-picker .tape-segment").nth(1).click()
    assert page.locator("input[name=size]:checked").get_attribute("value") == "0-3m"


def test_works_without_script(guide: Callable[..., Page]) -> None:
    page = guide(java_script_enabled=False)
    assert not page.locator("main unit-switch").is_visible()
    assert page.locator("quantity-stepper input").is_visible()
    assert not page.locator("quantity-stepper button").first.is_visible()
    page.locator(".site-search-opener").click()
    expect(page.locator("#search-words")).to_be_visible()


def test_reduced_motion_moves_nothing(guide: Callable[..., Page]) -> None:
    page = guide(reduced_motion="reduce")
    running = page.evaluate(
        "document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).map((a) => a.animationName)"
    )
    assert running == []

"""What a first visit costs on the line, page by page; a budget that breaks names what broke it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import RUN
from tests.harness.pages import settle, wait_until
from tests.harness.server import ShopServer, running_shop
from tests.storefront.shelves import WATCH, put_in, stocked

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HTML, CSS, JS, FIRST_VIEW = 40_000, 30_000, 40_000, 300_000
# Beside its pictures a page asks for itself, one sheet, two fonts, our script, htmx, the mark, the manifest, what is
# loaded on demand (two files of an address, two of measuring), and the rules of what may be fetched ahead.
WITHOUT_PICTURES = 13
PATHS = (
    "/", "/products", "/products?size=6m&sort=price", "/products/harbour-bodysuit", "/products/long-name",
    "/search?q=bodysuit", "/search?q=xqzzt", "/cart", "/checkout/shipping", "/size-guide", "/contact", "/orders/find",
    "/sign-in", "/sign-up", "/pages/shipping", "/offline", "/coats",
)  # fmt: skip
WITH_PICTURES = ("/", "/products", "/products/harbour-bodysuit", "/search?q=bodysuit", "/cart")
LARGEST = """
window.largest = null
new PerformanceObserver((list) => list.getEntries().forEach(({element}) => (window.largest = element)))
  .observe({type: 'largest-contentful-paint', buffered: true})
"""

IN_VIEW = """(one) => {
  const {top, right, bottom, left} = one.getBoundingClientRect()
  return right > Math.max(left, 0) && bottom > Math.max(top, 0) && left < innerWidth && top < innerHeight
}"""


@dataclass(frozen=True)
class Arrived:
    """One answer: `bytes` as they came over the line."""

    path: str
    kind: str
    bytes: int
    headers: dict[str, str]


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[ShopServer]:
    with (
        running_shop(RUN, dict(os.environ), name="weight") as running,
        stocked(running, django_db_blocker, pictures=True),
    ):
        yield running


def visitor(browser: Browser, shop: ShopServer, *, width: int = 360) -> BrowserContext:
    context = browser.new_context(
        base_url=shop.url, viewport={"width": width, "height": 800}, reduced_motion="reduce", locale="en-US"
    )
    context.add_init_script(WATCH + LARGEST)
    return context


def visit(context: BrowserContext, path: str) -> tuple[Page, list[Arrived]]:
    page, answers = context.new_page(), []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    settle(page)
    return page, [_arrived(answer) for answer in answers if not 300 <= answer.status < 400]


def _arrived(answer: Any) -> Arrived:
    """A personal page travels unpacked, and counts as gzip would send it: its words are what the budget is about."""
    path, kind = urlsplit(answer.url).path, answer.request.resource_type
    size = len(gzip.compress(answer.body(), 6)) if kind == "document" else answer.request.sizes()["responseBodySize"]
    return Arrived(path, kind, size, answer.headers)


def over(most: int, what: str, arrived: list[Arrived], *kinds: str) -> list[str]:
    """Nothing, or what to look at: the heaviest first."""
    counted = [each for each in arrived if not kinds or each.kind in kinds]
    total = sum(each.bytes for each in counted)
    if total <= most:
        return []
    heaviest = sorted(counted, key=lambda each: -each.bytes)[:5]
    return [f"{what}: {total:,} of {most:,} bytes; " + ", ".join(f"{each.path} {each.bytes:,}" for each in heaviest)]


@pytest.mark.parametrize("path", PATHS)
def test_a_first_view_is_light(browser: Browser, shop: ShopServer, path: str) -> None:
    context = visitor(browser, shop)
    page, arrived = visit(context, path)
    faults = [
        *over(HTML, "HTML", arrived, "document"),
        *over(CSS, "CSS", arrived, "stylesheet"),
        *over(JS, "JavaScript", arrived, "script"),
        *over(FIRST_VIEW, "first view", arrived),
    ]
    others = [each.path for each in arrived if each.kind != "image"]
    if len(others) > WITHOUT_PICTURES:
        faults.append(f"{len(others)} requests beside pictures, at most {WITHOUT_PICTURES}: {', '.join(others)}")
    assert faults == []
    fonts = {each.path for each in arrived if each.kind == "font"}
    preloaded = page.evaluate("[...document.querySelectorAll('link[rel=preload][as=font]')].map((one) => one.href)")
    assert {urlsplit(each).path for each in preloaded} == fonts
    used = page.evaluate("[...document.fonts].filter((one) => one.status !== 'unloaded').map((one) => one.family)")
    assert {"Besley", "Figtree"} <= set(used), "what is preloaded is used"
    context.close()


def test_a_broken_budget_names_what_broke_it() -> None:
    sheet, script = Arrived("/static/a.css", "stylesheet", 31_000, {}), Arrived("/static/b.js", "script", 9, {})
    assert over(CSS, "CSS", [sheet, script], "stylesheet") == ["CSS: 31,000 of 30,000 bytes; /static/a.css 31,000"]
    assert over(CSS, "CSS", [script], "stylesheet") == []


@pytest.mark.parametrize("path", ["/", "/checkout/shipping"])
def test_files_with_a_hash_come_packed_and_are_never_asked_for_again(
    browser: Browser, shop: ShopServer, path: str
) -> None:
    context = visitor(browser, shop)
    put_in(context, shop, "harbour-bodysuit")
    _, arrived = visit(context, path)
    files = [each for each in arrived if each.path.startswith("/static/")]
    assert len(files) > 8
    for each in files:
        assert each.headers["cache-control"] == "max-age=315360000, public, immutable", each.path
        packed = "identity" if each.kind == "font" else "br"
        assert each.headers.get("content-encoding", "identity") == packed, each.path
        assert "cookie" not in each.headers.get("vary", "").lower()
    context.close()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", WITH_PICTURES)
def test_the_largest_picture_hurries_and_nothing_moves(
    browser: Browser, shop: ShopServer, path: str, width: int
) -> None:
    context = visitor(browser, shop, width=width)
    if path == "/cart":
        put_in(context, shop, "harbour-bodysuit")
        put_in(context, shop, "long-name")
    page, _ = visit(context, path)
    largest = page.evaluate(
        "[largest?.localName, largest?.closest('picture') && largest.getAttribute('fetchpriority'), largest?.loading]"
    )
    assert largest[0], "nothing large was painted"
    assert largest[0] == "img" or path in {"/", "/cart"}, largest
    if largest[0] == "img":
        assert largest[2] != "lazy", largest
        assert largest[1] == "high" or width > 1000, "the first of a phone's pictures goes before the others"
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    wait_until(page, f"[...document.images].every((one) => one.complete || !({IN_VIEW})(one))")
    settle(page)
    assert page.evaluate("window.shift") == 0, page.evaluate("window.moved")
    context.close()


def test_the_sheet_comes_before_everything_that_could_wait(browser: Browser, shop: ShopServer) -> None:
    context = visitor(browser, shop)
    page, _ = visit(context, "/products")
    head = page.evaluate("[...document.head.querySelectorAll('link, script')].map((one) => one.rel || one.localName)")
    assert head.index("stylesheet") < min(head.index(each) for each in ("icon", "manifest"))
    assert page.evaluate("document.head.querySelectorAll('script').length") == 0
    assert page.evaluate("[...document.scripts].every((one) => one.defer || one.type !== '')")
    blocking = "performance.getEntriesByType('resource').filter((one) => one.renderBlockingStatus === 'blocking')"
    assert page.evaluate(f"{blocking}.map((one) => new URL(one.name).pathname.replace(/[.][0-9a-f]{{12}}/, ''))") == [
        "/static/ui/css/shop.css"
    ]
    wait_until(page, "performance.getEntriesByType('resource').some(({name}) => name.includes('htmx'))")
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart")
    begun = page.evaluate("performance.getEntriesByType('resource').find(({name}) => name.includes('htmx')).startTime")
    assert begun > loaded > 0, "htmx leaves the line to what is seen"
    context.close()

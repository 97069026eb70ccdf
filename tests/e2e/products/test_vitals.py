"""A real visit tells once how it felt, of a kept page too; who does not want that, or has no script, tells nothing."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page

from kidspetite.foundation.vitals.models import VitalCount
from tests.e2e.steps import a_style
from tests.harness.pages import settle, wait_until
from tests.harness.server import until_worker_rests

pytestmark = pytest.mark.usefixtures("live_database")

GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"

HAS_NO_MOUSE = """
const media = window.matchMedia;
window.matchMedia = (query) => (query === "(pointer: coarse)" ? { matches: true } : media.call(window, query));
"""


# What is sent while a page goes away is reported to nobody, so each page notes it as it sends it.
NOTES = """
const send = Navigator.prototype.sendBeacon;
Navigator.prototype.sendBeacon = function (address, body) {
  const told = JSON.parse(sessionStorage.getItem("told") ?? "[]");
  sessionStorage.setItem("told", JSON.stringify([...told, { address, body: JSON.parse(body) }]));
  return send.call(this, address, body);
};
const listen = document.addEventListener;
document.addEventListener = (kind, ...more) => {
  window.isMeasured ||= kind === "visibilitychange";
  listen.call(document, kind, ...more);
};
"""


def told(page: Page) -> list[dict[str, Any]]:
    found = json.loads(page.evaluate("sessionStorage.getItem('told') ?? '[]'"))
    assert all(one["address"] == "/api/vitals" for one in found)
    return [one["body"] for one in found]


def lies_idle(page: Page) -> None:
    """Until what measures the page listens, and has heard of what was painted."""
    wait_until(page, "window.isMeasured === true")
    settle(page)


def until_kept(address: str) -> None:
    """Until every process has it, which each keeps for itself: a new line for each asking reaches all of them."""
    until_worker_rests()  # what it still has to tell would make it old
    until, hits = time.monotonic() + 30, 0
    while hits < 12 and time.monotonic() < until:
        with urllib.request.urlopen(address) as answer:
            hits = hits + 1 if "hit" in answer.headers.get("Cache-Status", "") else 0


def visits(kind: str) -> dict[str, int]:
    """On tablets, for nobody else in these tests has one: visits of other tests may be written down meanwhile."""
    counts: dict[str, int] = {}
    for vital, n in VitalCount.objects.filter(page=kind, device="tablet").values_list("vital", "visits"):
        counts[vital] = counts.get(vital, 0) + n
    return counts


def wait_for(kind: str, visits_before: dict[str, int]) -> dict[str, int]:
    until = time.monotonic() + 30
    while (now := visits(kind)) == visits_before and time.monotonic() < until:
        time.sleep(0.2)
    return {vital: n - visits_before.get(vital, 0) for vital, n in now.items()}


def test_a_visit_of_a_kept_page_is_told_once_and_counted(open_page, shop_server):
    page: Page = open_page(viewport={"width": 800, "height": 1000})
    style = a_style("Measured bodysuit")
    address = f"/products/{style.slug}"
    until_kept(f"{shop_server.url}{address}")
    before = visits("product")
    page.add_init_script(NOTES + HAS_NO_MOUSE)
    answer = page.goto(address)
    assert answer is not None
    assert "hit" in answer.headers["cache-status"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    lies_idle(page)
    page.locator("h1").click()
    settle(page)
    page.goto("/size-guide")
    first = told(page)[0]
    assert set(first) == {"page", "device", "metrics"}
    assert (first["page"], first["device"]) == ("product", "tablet")
    added = wait_for("product", before)
    assert added == dict.fromkeys((one["name"] for one in first["metrics"]), 1)
    assert {"LCP", "CLS", "FCP", "TTFB"} <= set(added)
    lies_idle(page)
    page.go_back()  # from the browser's memory, or anew: a visit of its own
    lies_idle(page)
    page.goto("/cart")
    assert [one["page"] for one in told(page)] == ["product", "other", "product"]
    assert style.slug not in json.dumps(told(page))


def test_nobody_is_measured_who_says_so(open_page):
    visitor: Page = open_page()
    visitor.add_init_script(GPC)
    visitor.add_init_script(NOTES)
    asked: list[str] = []
    visitor.on("request", lambda one: asked.append(one.url))
    visitor.goto("/", wait_until="networkidle")
    visitor.wait_for_timeout(1000)
    visitor.goto("/products")
    assert told(visitor) == []
    assert not [one for one in asked if "vitals" in one]


KINDS = {
    "/": "home", "/products": "list", "/search?q=bodysuit": "search", "/cart": "cart", "/sign-in": "account",
    "/checkout/shipping": "cart", "/no-such-page": "other", "/pages/returns": "other",
}  # fmt: skip


def test_without_script_pages_are_whole_and_tell_nothing(plain_page: Page):
    style = a_style("Plain bodysuit")
    asked: list[str] = []
    plain_page.on("request", lambda one: asked.append(one.url))
    plain_page.goto(f"/products/{style.slug}")
    assert plain_page.get_by_role("heading", name=style.name).is_visible()
    for path, kind in KINDS.items():
        plain_page.goto(path)
        assert plain_page.locator("body").get_attribute("data-kind") == kind, path
    plain_page.console_errors.clear()  # type: ignore[attr-defined]  # there is no such page
    assert not [one for one in asked if "vitals" in one]

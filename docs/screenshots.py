"""Renews docs/screenshots/: every page in {360, 1440} × {light, dark}, as WebP.

Start a shop with the demo goods (`./shop up --port 8000`) and an empty one (KP_DATA_DIR elsewhere,
`./shop up --no-demo --port 8001`), both with RATE_LIMITS=off; then, with the first one's KP_DATA_DIR:
.shop/venv/bin/python docs/screenshots.py http://127.0.0.1:8000 http://127.0.0.1:8001
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

import django  # noqa: E402
import structlog  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, Route, sync_playwright  # noqa: E402

from tests.browser import ARGUMENTS, see_that_there_is_one  # noqa: E402

FOLDER = Path(__file__).parent / "screenshots"
MOST_BYTES = 150_000
TALLEST = {360: 2200, 1440: 1800}
CUSTOMER, PASSWORD = "robin@kidspetite.example", "measure-twice-cut-once"
ADDRESS = {
    "email": "ana@home.example",
    "name": "Ana Vale",
    "line1": "12 Selvage Street",
    "postal_code": "10001",
    "city": "New York",
}
QUIET = {"home": "/", "list": "/products", "product": "/products/deck-bodysuit", "search": "/search?q=stripd+bodysuit",
         "sign-in": "/sign-in", "contact": "/contact", "page": "/pages/shipping", "size-guide": "/size-guide",
         "404": "/coats",
         "offline": "/offline"}  # fmt: skip


class Camera:
    """Takes a picture of a page as far down as fits, and keeps it small."""

    def __init__(self, page: Page, width: int, scheme: str) -> None:
        self.page, self.width, self.scheme = page, width, scheme

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.page.evaluate(
            "async () => { for (let y = 0; y < 2400; y += 600) { scrollTo(0, y);"
            " await new Promise((go) => setTimeout(go, 80)) } scrollTo(0, 0) }"
        )
        self.page.wait_for_load_state("networkidle")

    def take(self, name: str) -> None:
        height = min(self.page.evaluate("document.documentElement.scrollHeight"), TALLEST[self.width])
        self.page.set_viewport_size({"width": self.width, "height": max(height, 800)})
        self.page.wait_for_timeout(300)
        picture = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        self.page.set_viewport_size({"width": self.width, "height": 800 if self.width < 700 else 900})
        path = FOLDER / f"{name}-{self.width}-{self.scheme}.webp"
        for quality in (72, 60, 48, 36):
            picture.save(path, quality=quality, method=6)
            if path.stat().st_size <= MOST_BYTES:
                return


def purchase(camera: Camera, shop: str) -> None:
    page = camera.page
    for slug in ("deck-bodysuit", "puddle-raincoat", "wool-cardigan"):
        page.goto(f"{shop}/products/{slug}")
        page.locator(".tape-picker label:not(.tape-segment-out)").nth(1).click()
        page.locator("[data-added]").click()
        page.wait_for_timeout(900)
    camera.open(f"{shop}/cart")
    page.fill("#id_postal_code", "10001")
    page.get_by_role("button", name="Work it out").click()
    page.get_by_text("Total", exact=True).wait_for()
    camera.take("cart")
    if camera.width > 1023:
        page.goto(f"{shop}/")
        page.locator("a[data-opens=basket-drawer]").click()
        page.locator("#basket-drawer .basket-lines").wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        page.screenshot(path=FOLDER / "drawer.png")
        drawn = Image.open(FOLDER / "drawer.png").convert("RGB")
        drawn.save(FOLDER / f"drawer-{camera.width}-{camera.scheme}.webp", quality=70, method=6)
        (FOLDER / "drawer.png").unlink()
    camera.open(f"{shop}/checkout/shipping")
    for name, value in ADDRESS.items():
        page.fill(f"#id_{name}", value)
    page.select_option("#id_state", "NY")
    camera.take("checkout-1")
    page.get_by_role("button", name="On to paying").click()
    page.locator("#id_card_number").wait_for()
    camera.take("checkout-2")
    for name, value in (("card_number", "4242424242424242"), ("card_expiry", "08/28"), ("card_code", "123")):
        page.fill(f"#id_{name}", value)
    page.get_by_role("button", name="On to a last look").click()
    page.get_by_role("button", name="Pay $").wait_for()
    camera.take("checkout-3")
    page.get_by_role("button", name="Pay $").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    camera.take("confirmation")
    camera.open(shop + str(page.get_by_role("link", name="The address of this order").get_attribute("href")))
    camera.take("order")


def customer(camera: Camera, shop: str) -> None:
    camera.page.goto(f"{shop}/sign-in")
    camera.page.fill("#id_login", CUSTOMER)
    camera.page.fill("#id_password", PASSWORD)
    camera.page.locator("main button.button-main").click()
    camera.page.wait_for_url("**/account")
    camera.take("account")


def refused(camera: Camera, shop: str) -> None:
    """Every page that says no, as the shop answers: those of our own mistakes without asking the database."""
    from django.test import RequestFactory

    from kidspetite.faces.edge import answers, errors
    from kidspetite.foundation.kernel.errors import Conflict, Invalid, Unavailable

    structlog.contextvars.bind_contextvars(request_id="01M7QJ0XK2D3V9TZ5A8C4E6G1H")
    pause = errors.TooManyRequests("That was a lot at once. Come back at 3:42 pm.", retry_after=90)
    noes = (errors.NotYours(), errors.WrongMethod(), Conflict(), Invalid(), pause, errors.Broken(), Unavailable())
    for no in noes:
        html = answers.answer(RequestFactory().get("/coats"), no).content
        camera.page.unroute_all()
        camera.page.route("**/torn", partial(_answer, html=html))
        camera.open(f"{shop}/torn")
        camera.take(str(no.status))


def _answer(route: Route, html: bytes) -> None:
    route.fulfill(status=200, body=html, content_type="text/html")


def all_pages(browser: Browser, shop: str, empty: str, width: int, scheme: str) -> None:
    def visit(story: Callable[[Camera], None]) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width < 700 else 900}, color_scheme=scheme,
            reduced_motion="reduce", locale="en-US", timezone_id="America/New_York",
        )  # fmt: skip
        story(Camera(context.new_page(), width, scheme))
        context.close()

    for name, path in QUIET.items():
        visit(lambda camera, name=name, path=path: (camera.open(shop + path), camera.take(name)))
    visit(lambda camera: purchase(camera, shop))
    visit(lambda camera: customer(camera, shop))
    visit(lambda camera: refused(camera, shop))
    visit(lambda camera: (camera.open(f"{empty}/"), camera.take("empty")))
    visit(lambda camera: (camera.open(f"{empty}/cart"), camera.take("empty-cart")))


def main(shop: str, empty: str) -> None:
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=see_that_there_is_one(), args=ARGUMENTS)
        for width in TALLEST:
            for scheme in ("light", "dark"):
                all_pages(browser, shop.rstrip("/"), empty.rstrip("/"), width, scheme)
        browser.close()


if __name__ == "__main__":
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    main(sys.argv[1], sys.argv[2])

"""An empty shop becomes one that sells: the owner follows the checklist with a phone's photo, and a guest buys."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.conftest import RUN
from tests.e2e.staff import PASSWORD, a_phone_photo, sign_in
from tests.e2e.steps import fill_card, fill_shipping, pay
from tests.harness.database import ROOT
from tests.harness.server import ShopServer, running_shop

EMAIL = "owner@shop.example"
OPEN_PAGES = (
    "/", "/products", "/search?q=coat", "/cart", "/size-guide", "/contact", "/orders/find", "/sign-in", "/sign-up",
    "/pages/shipping", "/pages/returns", "/pages/privacy", "/pages/terms", "/pages/about", "/pages/accessibility",
    "/sitemap.xml", "/robots.txt", "/category/none", "/collection/none", "/products/none",
)  # fmt: skip
DESK_PAGES = (
    "/admin/", "/admin/orders", "/admin/orders?view=all", "/admin/stock", "/admin/pages", "/admin/enquiries",
    "/admin/repairs", "/admin/demo", "/admin/settings", "/admin/find?q=coat", "/account", "/account/orders",
    "/account/addresses", "/account/settings", "/account/2fa/",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop_server(django_db_setup) -> Iterator[ShopServer]:
    """A shop as `./shop up --no-demo` and `./shop createsuperuser` leave it."""
    with running_shop(RUN, dict(os.environ), name="first") as shop:
        subprocess.run(
            [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", EMAIL],
            cwd=ROOT, check=True, env={**shop.environment, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        )  # fmt: skip
        yield shop


@pytest.fixture
def owner(open_page: Callable[..., Page]) -> Page:
    """The owner at a desk."""
    page = open_page(viewport={"width": 1280, "height": 900}, is_mobile=False, has_touch=False, device_scale_factor=1)
    sign_in(page, EMAIL)
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_an_empty_shop_helps(open_page, axe, width: int):
    visitor: Page = open_page(viewport={"width": width, "height": 800})
    for path in OPEN_PAGES:
        stands(visitor, path, width, axe)
    sign_in(visitor, EMAIL)
    for path in DESK_PAGES:
        stands(visitor, path, width, axe)


def stands(visitor: Page, path: str, width: int, axe: Callable[[Page], None]) -> None:
    """The page answers, says something, offers a way on, and fits."""
    if path.endswith((".xml", ".txt")):
        assert visitor.context.request.get(path).status == 200
        return
    answer = visitor.goto(path)
    assert answer is not None
    assert answer.status == (404 if path.endswith("/none") else 200), path
    assert visitor.locator("main").inner_text().strip(), path
    if not path.startswith("/admin"):
        assert visitor.locator("main a, main button").count(), path
    assert "$" not in visitor.locator("main").inner_text(), path
    assert visitor.evaluate("document.documentElement.scrollWidth") <= width, path
    axe(visitor)


def test_the_checklist_leads_from_an_empty_shop_to_the_first_sale(owner: Page, page: Page):
    assert open_steps(owner)[:4] == ["Shop settings", "Where you collect tax", "A category", "Sizes"]
    fill_settings(owner)
    make_category_sizes_and_color(owner)
    name_the_product(owner)
    fill_the_grid(owner)
    upload_a_phone_photo(owner)
    owner.get_by_role("link", name="Sizes and prices").click()
    owner.get_by_role("button", name="Put it on sale").click()
    expect(owner.get_by_text("Fern bodysuit is on sale.")).to_be_visible()
    still_open = open_steps(owner)
    assert "First product of your own" not in still_open
    assert "Shop settings" not in still_open
    a_guest_buys(page)
    owner.goto("/admin/")
    expect(owner.get_by_role("link", name="Pack and ship it")).to_be_visible()


def open_steps(owner: Page) -> list[str]:
    owner.goto("/admin/")
    return owner.locator(".desk-step-open").all_inner_texts()


def fill_settings(owner: Page) -> None:
    owner.get_by_role("link", name="Shop settings").last.click()
    owner.locator("[name=name]").fill("Fern and Daughters")
    owner.locator("[name=email]").fill("hello@fern.example")
    owner.locator("[name=postal_address]").fill("Fern and Daughters\n12 Fern Street\nBrooklyn, NY 11201")
    owner.get_by_label("New York", exact=True).check()
    owner.get_by_role("button", name="Save the settings").click()
    expect(owner.locator(".notice-good")).to_be_visible()


def make_category_sizes_and_color(owner: Page) -> None:
    follow(owner, "A category")
    typed(owner, name="Bodysuits")
    saved(owner)
    follow(owner, "Sizes")
    for number, (label, height) in enumerate((("3–6 m", "68"), ("6–9 m", "74"))):
        owner.goto("/admin/catalog/size/add/")
        typed(owner, label=label, height_cm=height, position=str(number))
        saved(owner)
    follow(owner, "Colors")
    typed(owner, name="Clover")
    owner.locator("[name=swatch]").fill("#317a4a")
    saved(owner)


def follow(owner: Page, step: str) -> None:
    owner.goto("/admin/")
    with owner.expect_navigation():  # the raw forms fill short names by script, once it is there
        owner.locator(".desk-steps").get_by_role("link", name=step).click()


def typed(owner: Page, **values: str) -> None:
    for name, value in values.items():
        owner.locator(f"[name={name}]").press_sequentially(value)


def saved(owner: Page) -> None:
    owner.locator("[name=_save]").click()
    expect(owner.get_by_text("was added successfully")).to_be_visible()


def name_the_product(owner: Page) -> None:
    follow(owner, "First product of your own")
    typed(owner, name="Fern bodysuit")
    owner.locator(".field-category .select2-selection, [name=category] + .select2").first.click()
    owner.locator(".select2-results__option", has_text="Bodysuits").click()
    owner.locator("[name=_save]").click()
    expect(owner.get_by_text("Now its sizes and colors.")).to_be_visible()


def fill_the_grid(owner: Page) -> None:
    for name in ("Clover", "3–6 m", "6–9 m"):
        owner.get_by_label(name).check()
    owner.get_by_role("button", name="Show these").click()
    owner.locator("#fill_price").fill("18.00")
    owner.locator("#fill_stock").fill("5")
    owner.get_by_role("button", name="Fill, then look").click()
    owner.get_by_role("button", name="Save the grid").click()
    expect(owner.get_by_text("It is not on sale yet.")).to_be_visible()


def upload_a_phone_photo(owner: Page) -> None:
    owner.get_by_role("link", name="Pictures", exact=True).click()
    owner.locator("input[type=file]").set_input_files(a_phone_photo())
    owner.locator("[name=alt]").fill("Fern bodysuit in Clover, from the front")
    owner.locator("[name=focus][value='50x20']").check()
    owner.get_by_role("button", name="Add the picture").click()
    expect(owner.get_by_text("The picture is there")).to_be_visible()


def a_guest_buys(page: Page) -> None:
    page.goto("/")
    goods, deadline = page.get_by_role("link", name="Fern bodysuit").first, time.monotonic() + 60
    while not goods.is_visible():  # a page made in the very moment of the change may show the old for two seconds
        assert time.monotonic() < deadline, "the goods never came up"
        page.wait_for_timeout(500)
        page.reload()
    goods.click()
    see_the_photo_upright_cut_and_without_its_place(page)
    page.locator("#add-form label", has_text="3–6 m").first.click()
    page.locator("#add-form button.button-main").click()
    expect(page.locator('[data-me="cart_count"]').first).to_have_text("1")
    fill_shipping(page)
    fill_card(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def see_the_photo_upright_cut_and_without_its_place(page: Page) -> None:
    """Wait for the widths; then look at the very bytes that the browser chose."""
    picture = page.get_by_alt_text("Fern bodysuit in Clover, from the front").first
    deadline = time.monotonic() + 90
    shown = "async (image) => { await image.decode().catch(() => {}); return image.currentSrc }"
    while not re.search(r"\.(avif|webp)$", source := str(picture.evaluate(shown))):
        assert time.monotonic() < deadline, f"no width was made: {source}"
        page.wait_for_timeout(1000)
        page.reload()
        picture.scroll_into_view_if_needed()
    seen = Image.open(io.BytesIO(page.context.request.get(source).body()))
    assert abs(seen.width * 5 - seen.height * 4) <= 5, seen.size
    assert not seen.getexif()
    top, foot = (seen.convert("RGB").getpixel((seen.width // 2, seen.height * part // 100)) for part in (3, 97))
    assert top[0] > 150 > top[1], f"the top of the upright photo is red, not {top}"
    assert foot[1] > 120 > foot[2], f"cut at the top, its blue foot is gone; seen is {foot}"

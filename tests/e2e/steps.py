"""What shoppers do in these stories, by the words they see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Page

from kidspetite.goods.catalog.models import Band, Product
from tests.factories.catalog import a_product
from tests.factories.checkout import a_selling_shop
from tests.factories.inventory import put_on_shelf

TO_NEW_YORK = {
    "email": "maya@home.example", "name": "Maya Alvarez", "line1": "12 Fern Street", "city": "Brooklyn",
    "postal_code": "11201",
}  # fmt: skip
LOOK_UP_MS = 4_000
VISA, DECLINED, ASKS, SILENT = "4242424242424242", "4000000000000002", "4000002760003184", "4000000000000119"


def a_style(name: str, *, stock: int = 10, sizes: tuple[str, ...] = ("3m", "6m"), price: int = 1800) -> Product:
    """A style on sale with so many pieces in every size, in a shop that can sell."""
    a_selling_shop()
    product = a_product(name, sizes=sizes, price=price, band=Band.SOLD_OUT)
    for variant in product.variants.all():
        put_on_shelf(variant, stock)
    return product


def add(page: Page, product: Product, size: str = "3–6 m") -> None:
    """Open the product's page, choose a size and press Add; wait until the shop has answered."""
    page.goto(f"/products/{product.slug}")
    choice = page.locator("#add-form label", has_text=size)
    if choice.count():
        choice.first.click()
    with page.expect_response("**/cart/items"):
        page.locator("#add-form button.button-main").click()


def fill_shipping(page: Page) -> None:
    page.goto("/checkout/shipping")
    for name, value in TO_NEW_YORK.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=state]").select_option("NY")
    page.get_by_role("button", name="On to paying").click()


def fill_card(page: Page, number: str = VISA) -> None:
    page.locator("[name=card_number]").fill(number)
    page.locator("[name=card_expiry]").fill("08/28")
    page.locator("[name=card_code]").fill("123")
    page.get_by_role("button", name="On to a last look").click()


def until_looked_up(act: Callable[[], object], shows: Callable[[], None]) -> None:
    """A look-up of streets gives up after two seconds and says nothing: whoever types again asks again. `shows` expects
    for a moment what one that was answered shows."""
    for _late in range(10):  # it rests half a minute after nobody answered
        act()
        with suppress(AssertionError):
            return shows()
    return shows()


def pay(page: Page) -> None:
    page.get_by_role("button", name="Pay $").click()

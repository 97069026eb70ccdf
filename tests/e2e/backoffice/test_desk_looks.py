"""The desk's daily pages for everybody: on a phone and on a desk, by day and by night."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from kidspetite.foundation.vitals.types import Device
from kidspetite.goods.inventory import operations as inventory
from tests.e2e.staff import an_owner, sign_in
from tests.factories.orders import a_paid_order
from tests.factories.promotions import a_code
from tests.factories.vitals import visits

pytestmark = pytest.mark.usefixtures("live_database")


@pytest.fixture
def places() -> list[str]:
    """The addresses, with an order to send, a shelf it came from and a promotion with a code and a sentence."""
    order = a_paid_order()
    code = a_code(
        f"DESK{secrets.token_hex(3).upper()}", sentence="Ten off everything.", name="A long name for a promotion",
        ends_at=datetime(2099, 12, 31, tzinfo=UTC),
    )  # fmt: skip
    for value, n in ((900, 812), (3400, 91), (9000, 17)):
        visits(n, value, device=Device.TABLET)
    one, deal = f"/admin/orders/{order.number}", f"/admin/promotions/{code.promotion_id}"
    return [
        "/admin/orders?view=all", one, f"{one}/refund", f"{one}/cancellation", "/admin/stock",
        f"/admin/stock/{order.lines.first().sku}?holds=1", "/admin/stock-sheets", "/admin/stock-sheets/table",
        a_sheet(order.lines.first().variant_id), "/admin/promotions", deal, f"{deal}/trial", "/admin/promotions/new",
        "/admin/settings", "/admin/pages", "/admin/repairs", "/admin/my-letters", "/admin/speed?device=tablet",
        "/admin/speed?vital=CLS&device=tablet",
    ]  # fmt: skip


def a_sheet(variant_id: int) -> str:
    """A stock-take on which one shelf differs."""
    sheet = inventory.open_sheet(kind="count", by="user:1")
    inventory.write_counts(sheet.pk, {variant_id: 3})
    return f"/admin/stock-sheets/{sheet.pk}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_daily_page_is_for_everybody(
    open_page: Callable[..., Page], axe: Callable[[Page], None], places: list[str], width: int, scheme: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme, is_mobile=False)
    sign_in(page, an_owner())
    for place in places:
        answer = page.goto(place)
        assert answer is not None
        assert answer.status == 200, place
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        axe(page)

"""A size whose last pieces lie in baskets: not sold out, not to be bought, and everybody tells the same."""

import json
import re
from html import unescape

import pytest
from django.test import Client

from kidspetite.faces.storefront.presenting import fits
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.goods.catalog.types import Filters, SizeView
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.models import Hold
from tests.factories.catalog import a_product
from tests.factories.inventory import hold_for, put_on_shelf, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def style() -> Product:
    """Two pieces in 1–3 m, one in 3–6 m."""
    product = a_product("Fern bodysuit", sizes=("3m", "6m"), band="sold_out")
    small, large = product.variants.order_by("size__position")
    put_on_shelf(small, 2)
    put_on_shelf(large, 1)
    return product


@pytest.fixture
def large(style: Product) -> Variant:
    return style.variants.get(size__key="6m")


def said_of(client: Client, style: Product) -> str:
    return unescape(client.get(f"/products/{style.slug}").text)


def offers(page: str) -> dict[str, str]:
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
    return {one["sku"]: one["offers"]["availability"].rpartition("/")[2] for one in data["hasVariant"]}


def test_the_page_says_in_a_basket_and_not_sold_out(client, style, large):
    hold_for("cart:1", large, 1)
    page = said_of(client, style)
    assert "in a basket" in page
    assert "tape-segment-held" in page
    assert "tape-segment-out" not in page
    assert re.search(rf'value="{large.sku}"[^>]* data-sold-out data-held', page)


def test_it_is_sold_out_once_it_is_bought_and_free_once_the_hold_lapses(client, style, large):
    hold_for("cart:1", large, 1)
    inventory.make_firm({large.pk: 1}, from_holder="cart:1", holder="order:A", until=soon())
    assert "in a basket" in said_of(client, style)
    Hold.objects.update(expires_at=soon(-1))
    inventory.release_expired()
    assert "in a basket" not in said_of(client, style)
    hold_for("cart:2", large, 1)
    inventory.make_firm({large.pk: 1}, from_holder="cart:2", holder="order:B", until=soon())
    inventory.sell_held(holder="order:B", cause="order:B")
    page = said_of(client, style)
    assert "tape-segment-out" in page
    assert "tape-segment-held" not in page
    assert stock.broken_promises() == []


def test_lists_facets_offers_and_the_api_go_by_what_can_be_bought(client, style, large):
    hold_for("cart:1", large, 1)
    assert catalog.listing(Filters(sizes=("6m",))).total == 0
    assert catalog.listing(Filters(sizes=("3m",))).total == 1
    assert offers(said_of(client, style))[large.sku] == "OutOfStock"
    told = {one["sku"]: one["available"] for one in client.get(f"/api/products/{style.slug}").json()["variants"]}
    assert not told[large.sku]
    assert sum(map(bool, told.values())) == 1


def test_a_style_that_is_all_in_baskets_says_so_on_its_card_and_its_page(client, style):
    for number, piece in enumerate(style.variants.all()):
        hold_for(f"cart:{number}", piece, stock.stock_facts(piece.sku).available)
    assert Product.objects.get(pk=style.pk).band == "held"
    assert "In someone's basket just now." in unescape(client.get("/products").text)
    page = said_of(client, style)
    assert "In someone's basket just now, every size of it." in page
    assert "Sold out in every size" not in page
    assert "data-added=" not in page
    assert catalog.listing(Filters(in_stock=True)).total == 0


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 3, "0–3 months"), (18, 24, "18–24 months"), (36, 48, "3 years"), (0, 108, "up to 9 years")],
)
def test_whom_a_size_fits_is_said_in_months_or_years(low: int, high: int, words: str):
    size = SizeView(1, "s", "S", "baby", 1, age_from_months=low, age_to_months=high)
    assert fits(size) == words

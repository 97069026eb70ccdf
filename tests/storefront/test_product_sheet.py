"""What a product's page says of its product is written once and remembered: never beyond a change of anything in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kidspetite.faces.storefront import product_sheet, promoting
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.media.models import Picture
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.models import Category, Colour, Product, ProductPhoto, Size, Variant
from kidspetite.goods.catalog.queries import keeper
from kidspetite.goods.catalog.queries.pages import _views
from kidspetite.sales.shipping.models import ShippingRate
from tests.catalog.test_pages import a_picture
from tests.factories.catalog import a_collection, a_colour, a_product
from tests.factories.checkout import a_selling_shop
from tests.factories.promotions import a_promotion

pytestmark = pytest.mark.django_db

ASKED = "/products/fern?variant=FERN-MILK-6M"
SKUS = ["FERN-CLOVER-3M", "FERN-CLOVER-6M", "FERN-MILK-3M", "FERN-MILK-6M"]


def forget() -> None:
    product_sheet._sheets.forget()
    _views.forget()
    promoting.forget()


@pytest.fixture
def fern() -> Product:
    """In two sizes and two colours, with a picture of each, and another style beside it."""
    a_selling_shop()
    forget()
    a_product("Moss bodysuit", slug="moss", parent="first-layers")
    product = a_product(
        "Fern bodysuit", slug="fern", parent="first-layers", colours=("clover", "milk"), summary="Ribbed and soft.",
        description="Snaps on the shoulder.", facts=["Flat seams"], care=["wash_30"], safety="No drawstrings.",
        fibre=[{"material": "organic cotton", "percent": 100}], origin="PT", size_note="Runs true.",
    )  # fmt: skip
    for colour in ("clover", "milk"):
        ProductPhoto.objects.create(product=product, picture=a_picture(colour), colour=a_colour(colour), view="front")
    for piece in product.variants.all():
        Variant.objects.filter(pk=piece.pk).update(sku=f"FERN-{piece.colour.slug}-{piece.size.key}".upper())
    return product


def of(model: Any, **fields: Any) -> Callable[[], object]:
    return lambda: model.objects.update(**fields)


# Written straight into the tables: nobody publishes, nobody counts, no time stamp moves.
CHANGES: dict[str, Callable[[], object]] = {
    "name": of(Product, name="Fern romper"),
    "summary": of(Product, summary="Softer still."),
    "description": of(Product, description="Snaps at the neck."),
    "facts": of(Product, facts=["Nickel-free snaps"]),
    "fibre": of(Product, fibre=[{"material": "wool", "percent": 100}]),
    "care": of(Product, care=["wash_40"]),
    "safety": of(Product, safety="Keep from fire."),
    "origin": of(Product, origin="ES"),
    "size note": of(Product, size_note="Runs small."),
    "price": of(Variant, price_minor=1234),
    "earlier price": of(Variant, compare_at_minor=9900),
    "few left": of(Variant, band="few"),
    "sold out": of(Variant, band="sold_out"),
    "in a basket": of(Variant, band="held"),
    "nothing to be had": of(Product, is_available=False),
    "a size goes": lambda: Variant.objects.filter(sku="FERN-MILK-3M").update(is_active=False),
    "alt text": of(Picture, alt="A bodysuit, seen from above"),
    "another file": of(Picture, original="pictures/other.svg"),
    "widths of a picture": of(Picture, widths=[240, 480], formats=["webp"]),
    "a picture goes": lambda: ProductPhoto.objects.filter(colour__slug="milk").delete(),
    "a picture for all": lambda: ProductPhoto.objects.filter(colour__slug="clover").update(colour=None),
    "label of a size": lambda: Size.objects.filter(key="6m").update(label="Half a year"),
    "whom a size fits": lambda: Size.objects.filter(key="3m").update(height_from_cm=51),
    "name of a colour": lambda: Colour.objects.filter(slug="milk").update(name="Cream"),
    "cloth of a colour": lambda: Colour.objects.filter(slug="clover").update(swatch="#123456"),
    "name of a drawer": lambda: Category.objects.filter(slug="bodysuits").update(name="Onesies"),
    "name of the drawer above": lambda: Category.objects.filter(slug="first-layers").update(name="Underneath"),
    "the style beside it": lambda: Product.objects.filter(slug="moss").update(price_from_minor=777),
    "name of the shop": of(ShopSettings, name="Kids Grand"),
    "days to send it back": of(ShopSettings, return_days=44),
    "free from": of(ShopSettings, free_shipping_from_minor=5000),
    "days of packing": of(ShopSettings, handling_days=6),
    "days on the road": of(ShippingRate, days_to=19),
    "a sentence for all": lambda: a_promotion(sentence="Ten per cent off."),
    "a sentence for its drawer": lambda: a_promotion(
        sentence="Layers for less.", categories=[Category.objects.get(slug="first-layers").pk]
    ),
    "a sentence for its collection": lambda: a_promotion(
        sentence="First week for less.",
        collections=[a_collection("First week", products=(Product.objects.get(slug="fern"),)).pk],
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_shows_every_change_in_the_next_answer(client: Client, fern: Product, change: str):
    before = client.get(ASKED).text
    assert client.get(ASKED).text == before
    CHANGES[change]()
    promoting.forget()
    after = client.get(ASKED).text
    forget()
    assert after == client.get(ASKED).text
    assert after != before


def test_each_address_of_a_style_has_a_sheet_of_its_own(client: Client, fern: Product):
    asked = ["", "?colour=milk", "?colour=none&variant=x", *(f"?variant={sku}" for sku in SKUS)]
    remembered = [client.get(f"/products/fern{one}").text for one in asked]
    for one, page in zip(asked, remembered, strict=True):
        forget()
        assert client.get(f"/products/fern{one}").text == page
    assert len(set(remembered)) == len(asked) - 1  # what nobody knows is let be


def test_wallets_that_are_switched_off_are_not_offered(client: Client, fern: Product, monkeypatch: pytest.MonkeyPatch):
    assert "/checkout/express" in client.get(ASKED).text
    monkeypatch.setattr(product_sheet, "gateway", lambda: "")
    assert "/checkout/express" not in client.get(ASKED).text


def test_another_day_is_another_promise(client: Client, fern: Product):
    today = client.get(ASKED).text
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        later = client.get(ASKED).text
        forget()
        assert later == client.get(ASKED).text != today


def test_the_sheet_is_written_once(client: Client, fern: Product, monkeypatch: pytest.MonkeyPatch):
    shown = client.get(ASKED).text
    monkeypatch.setattr(product_sheet, "_write", lambda *_: pytest.fail("written again"))
    assert client.get(ASKED).text == shown
    with pytest.raises(pytest.fail.Exception, match="written again"):
        client.get("/products/fern")


def test_a_style_in_words_younger_than_this_process_is_shown(fern: Product, monkeypatch: pytest.MonkeyPatch):
    catalog.product_page("fern")
    monkeypatch.setattr(keeper, "LAG_SECONDS", 60)
    young = a_product("Rose bodysuit", slug="rose", colours=("rose",))
    keeper.keeper._heard.clear()
    page = catalog.product_page(young.slug)
    assert page
    assert [colour.slug for colour in page.colours] == ["rose"]


def test_a_page_asks_two_statements_once_its_facts_are_known(
    client: Client, fern: Product, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.FACTS_KEPT_SECONDS = 60.0  # as in a shop that runs, only longer
    monkeypatch.setattr(keeper, "LAG_SECONDS", 60)
    monkeypatch.setattr(promoting, "KEPT_SECONDS", 60)
    client.get(ASKED)
    with CaptureQueriesContext(connection) as asked:
        client.get("/products/fern")
    assert len(asked) == 2

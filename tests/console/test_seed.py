"""The demo shop: whole, the same for the same seed, and never in the way of what is there."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum

from kidspetite.faces.console.demo.catalogue import load_catalogue
from kidspetite.faces.console.seeding import goods, pictures
from kidspetite.faces.console.seeding.bulk import _variations, make_variations
from kidspetite.faces.console.seeding.progress import Lines, Silence
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.media.models import Picture
from kidspetite.goods.catalog import queries
from kidspetite.goods.catalog.models import Category, Collection, Product, ProductPhoto, Variant
from kidspetite.goods.catalog.types import Filters
from kidspetite.goods.inventory import queries as stock
from kidspetite.sales.orders.models import Order
from tests.factories.catalog import a_product

pytestmark = pytest.mark.slow

SVG = '<svg viewBox="0 0 960 1200"><!-- {} --></svg>'


@pytest.fixture
def quick_drawings(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain sheets instead of 832 drawings; the engine is proved elsewhere."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(pictures, "draw", lambda drawing, view: SVG.format(f"{drawing} {view}"))
    monkeypatch.setattr(pictures, "cores", lambda: 1)


def seed(**options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("seed", "--json", stdout=out, **options)
    return json.loads(out.getvalue())


def counts() -> dict[str, int]:
    models = (Product, Variant, ProductPhoto, Picture, Category, Collection, User, Page, ShopSettings, Order)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db(transaction=True)
def test_a_seeded_shop_is_whole_and_seeding_it_again_changes_nothing(quick_drawings: None):
    made = seed(orders=16)["made"]
    assert made["products"] >= 72
    assert Variant.objects.count() >= 600
    assert Category.objects.exclude(parent=None).count() >= 12
    assert Collection.objects.count() >= 6
    assert set(Order.objects.values_list("status", flat=True)) == set(Order.Status.values)
    roles = User.objects.filter(is_staff=True).values_list("groups__name", flat=True)
    assert set(roles) == {"Owner", "Fulfilment", "Support", "Catalogue", "Marketing", "Read-only"}
    owner = User.objects.get(email="owner@kidspetite.example")
    assert owner.check_password("measure-twice-cut-once")
    assert User.objects.get(email="robin@kidspetite.example").addresses.filter(is_default=True).exists()
    assert ShopSettings.objects.get().name == "Kids Petite"
    assert {"shipping", "returns", "privacy", "terms", "about", "accessibility"} <= set(
        Page.objects.values_list("slug", flat=True)
    )
    for order in Order.objects.exclude(status__in=("awaiting_payment", "requires_action", "payment_unknown")):
        marks = list(order.events.values_list("at", flat=True))
        assert order.placed_at <= marks[0]
        assert marks == sorted(marks)

    before, skus = counts(), set(Variant.objects.values_list("sku", flat=True))
    pieces = {sku: stock.stock_facts(sku).on_hand for sku in list(skus)[:40]}
    again = seed(orders=16)
    assert set(again["made"].values()) == {0}
    assert counts() == before
    assert {sku: stock.stock_facts(sku).on_hand for sku in pieces} == pieces
    out = io.StringIO()
    call_command("audit_integrity", "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"]


@pytest.mark.django_db
def test_every_product_can_be_found_seen_and_measured(quick_drawings: None):
    demo = load_catalogue()
    goods.make_goods(demo, seed=7, teller=Silence())
    found = queries.listing(Filters(), per_page=200)
    assert found.total == len(demo.products)
    assert all(card.picture for card in found.cards)
    assert Product.objects.filter(cover=None).count() == 0
    assert Variant.objects.filter(cover=None).count() == 0
    for product in demo.products[:10]:
        page = queries.product_page(product.slug)
        assert page is not None
        assert {piece.sku for piece in page.pieces} == {piece.sku for piece in product.variants}
        in_stock = {piece.sku for piece in product.variants if piece.stock}
        assert {piece.sku for piece in page.pieces if piece.is_available} == in_stock
        for in_colour in product.colours:
            views = [photo.view for photo in page.photos_in(in_colour.colour)]
            assert views[:3] == ["front", "back", "tape"]


@pytest.mark.django_db
def test_what_the_owner_changed_stays_as_it_is(quick_drawings: None):
    demo = load_catalogue()
    goods.make_goods(demo, seed=7, teller=Silence())
    changed = Product.objects.get(slug=demo.products[0].slug)
    Product.objects.filter(pk=changed.pk).update(name="My own name for it")
    Product.objects.filter(slug=demo.products[1].slug).update(is_demo=False)
    goods.make_goods(demo, seed=8, teller=Silence())
    changed.refresh_from_db()
    assert changed.name == "My own name for it"
    assert Product.objects.filter(slug=demo.products[1].slug, is_demo=False).exists()


def test_one_seed_gives_one_shop():
    demo = load_catalogue()
    cut = [[row[:8] for row in _variations(demo.products, set(), 500, seed)] for seed in (7, 7, 8)]
    assert cut[0] == cut[1] != cut[2]
    assert len({slug for _, slug, *_rest in cut[0]}) == len({code for _, _, _, code, *_rest in cut[0]}) == 500
    days = [[goods.published(product.slug, seed).date() for product in demo.products] for seed in (7, 7, 8)]
    assert days[0] == days[1] != days[2]
    sizes = {size.key: size for size in demo.sizes}
    first, second = (pictures.sheets_of(demo.products[0], sizes) for _ in range(2))
    assert first == second
    assert pictures._draw(first[:1]) == pictures._draw(second[:1])


@pytest.mark.django_db
def test_variations_are_made_once_and_account_for_themselves(quick_drawings: None):
    demo = load_catalogue()
    goods.make_goods(demo, seed=7, teller=Silence())
    assert make_variations(demo, count=300, seed=7, teller=Silence()) == 300 - len(demo.products)
    new = Product.objects.filter(description__contains="Cut like the ")
    skus = set(Variant.objects.values_list("sku", flat=True))
    assert Product.objects.count() == queries.listing(Filters()).total == 300
    assert len(set(Product.objects.values_list("name", flat=True))) == 300
    assert make_variations(demo, count=300, seed=7, teller=Silence()) == 0
    assert make_variations(demo, count=320, seed=7, teller=Silence()) == 20

    bands = Counter(Variant.objects.values_list("band", flat=True))
    assert set(bands) == {"in_stock", "few", "sold_out"}
    shown = ProductPhoto.objects.filter(product__in=new)
    assert shown.exists()
    assert not shown.exclude(colour__in=Variant.objects.filter(product__in=new).values("colour")).exists()
    for variant in Variant.objects.filter(product__in=new)[:30]:
        facts = stock.stock_facts(variant.sku)
        assert (facts.on_hand == 0) == (variant.band == "sold_out")
    assert skus < set(Variant.objects.values_list("sku", flat=True))


@pytest.mark.django_db
def test_every_movement_of_a_variation_accounts_for_its_shelf(quick_drawings: None):
    demo = load_catalogue()
    goods.make_goods(demo, seed=7, teller=Silence())
    make_variations(demo, count=150, seed=7, teller=Silence())
    for variant in Variant.objects.order_by("-pk")[:20]:
        moved = variant.stock.movements.aggregate(total=Sum("quantity"))["total"] or 0
        assert variant.stock.on_hand == moved
        assert variant.stock.reserved == 0


@pytest.mark.django_db
def test_goods_of_the_owner_are_no_reason_to_make_fewer_variations(quick_drawings: None):
    a_product("Own thing")
    demo = load_catalogue()
    goods.make_goods(demo, seed=7, teller=Silence())
    make_variations(demo, count=len(demo.products) + 5, seed=7, teller=Silence())
    assert Product.objects.filter(is_demo=True).count() == len(demo.products) + 5


def test_a_log_gets_a_line_a_step_and_no_bar():
    out = io.StringIO()
    with Lines(out).step("Drawing", 12) as advance:
        advance(12)
    assert out.getvalue().startswith("Drawing: 12 in ")
    assert "\r" not in out.getvalue()

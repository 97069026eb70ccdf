"""Whole pages: what they say, and what they cost at 24 and at 500 products."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.media.models import Picture
from kidspetite.goods.catalog import operations, queries
from kidspetite.goods.catalog.errors import ProductIncomplete
from kidspetite.goods.catalog.models import Band, Category, Collection, Product, ProductPhoto, Variant
from kidspetite.goods.catalog.types import Filters
from tests.factories.catalog import a_collection, a_colour, a_product, a_variant

pytestmark = pytest.mark.django_db


def a_picture(name: str) -> Picture:
    return Picture.objects.create(
        kind="drawing", digest=name.ljust(40, "0"), original=f"pictures/{name}.svg", width=960, height=1200, alt=name
    )


def many_products(count: int) -> None:
    """Copies of one product with its pieces, put in by the database."""
    base = a_product("Base bodysuit", sizes=("3m", "6m"), colours=("clover", "milk"))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_product (slug, name, summary, description, category_id, status, published_at, garment,"
            " fabric, season, facts, fibre, care, safety, origin, size_note, updated_at, is_demo, price_from_minor,"
            " price_to_minor, size_ids, colour_ids, piece_keys, band, is_available, sold, search_text)"
            " SELECT slug || n, name, summary, description, category_id, status, published_at, garment, fabric, season,"
            " facts, fibre, care, safety, origin, size_note, updated_at, is_demo, 0, 0, '{}', '{}', '{}', 'sold_out',"
            " false, n, '' FROM catalog_product, generate_series(2, %s) AS n WHERE id = %s RETURNING id",
            [count, base.pk],
        )
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO catalog_variant (product_id, sku, size_id, colour_id, price_minor, barcode, weight_g,"
            " is_active, band, is_demo) SELECT p.id, v.sku || p.id, v.size_id, v.colour_id, v.price_minor, '', 100,"
            " true, v.band, false FROM catalog_variant AS v, unnest(%s::bigint[]) AS p(id) WHERE v.product_id = %s",
            [ids, base.pk],
        )
    operations.refresh_rank(ids)


PAGES: dict[str, Any] = {
    "list": (lambda: queries.listing(Filters()), 4),
    "filtered list": (
        lambda: queries.listing(Filters(sizes=("6m",), colours=("milk",), price_to=9000, sort="price")),
        4,
    ),
    "second page": (lambda: queries.listing(Filters(category="bodysuits"), page=2, per_page=12), 4),
    "product": (lambda: queries.product_page("known"), 1),
    "home": (queries.home, 6),
    "pieces": (lambda: queries.variants_for_sale(["KNOWN"]), 1),
    "categories": (queries.category_tree, 1),
}


@pytest.mark.usefixtures("goods_kept")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_few_queries_at_24_and_at_500_products(name: str):
    page, most = PAGES[name]
    known = a_variant(slug="known")
    Variant.objects.filter(pk=known.pk).update(sku="KNOWN")
    a_collection(products=(known.product,), is_on_home=True)
    many_products(24)
    page()
    with CaptureQueriesContext(connection) as at_24:
        page()
    many_products(476)
    page()
    with CaptureQueriesContext(connection) as at_500:
        page()
    assert len(at_24) == len(at_500) <= most
    assert queries.listing(Filters()).total == 501


def test_a_product_page_says_everything_about_its_pieces():
    front, back, plain = (a_picture(name) for name in ("front", "back", "plain"))
    product = a_product(
        "Fern bodysuit",
        slug="fern",
        parent="first-layers",
        sizes=("6m", "3m"),
        colours=("clover", "milk"),
        fibre=[{"material": "organic cotton", "percent": 95}, {"material": "spandex", "percent": 5}],
    )
    for place, (picture, colour) in enumerate(((back, "clover"), (front, "milk"), (plain, None))):
        ProductPhoto.objects.create(product=product, picture=picture, colour=a_colour(colour) if colour else None,
                                    view="front" if picture == front else "back", position=place)  # fmt: skip
    operations.refresh_rank([product.pk])
    gone = product.variants.get(size__key="3m", colour__slug="milk")
    operations.note_bands({gone.pk: Band.SOLD_OUT})

    page = queries.product_page("fern")

    assert [category.slug for category in page.category.path] == ["first-layers", "bodysuits"]
    assert [(piece.colour.slug, piece.size.key) for piece in page.pieces] == [
        ("clover", "3m"), ("clover", "6m"), ("milk", "3m"), ("milk", "6m")]  # fmt: skip
    assert [piece.is_available for piece in page.pieces] == [True, True, False, True]
    assert [photo.picture.alt for photo in page.photos_in("milk")] == ["front", "plain"]
    assert page.first_piece("milk").size.key == "6m"
    assert [(fibre.material, fibre.percent) for fibre in page.fibre] == [("organic cotton", 95), ("spandex", 5)]
    assert [swatch.sold_out for swatch in page.swatches("milk")] == [False, False]
    assert queries.listing(Filters()).cards[0].picture.alt == "back"
    assert queries.listing(Filters(colours=("milk",))).cards[0].picture.alt == "front"
    facts = queries.variants_for_sale([gone.pk])[gone.pk]
    assert (facts.name, facts.size_label, facts.colour_name, facts.price.minor) == (
        "Fern bodysuit",
        "1–3 m",
        "Milk",
        1800,
    )
    assert facts.picture.alt == "front"
    assert facts.category_slugs == ("bodysuits", "first-layers")
    assert queries.variants_for_sale([gone.sku]).keys() == {gone.pk}
    assert queries.variants_for_sale([gone.sku, gone.pk, "NONE", 0]).keys() == {gone.pk}
    assert queries.variants_for_sale([]) == {}


def test_what_is_not_on_sale_has_no_page_and_cannot_be_bought():
    draft = a_variant(slug="draft", status=Product.Status.DRAFT)
    later = a_variant(slug="later", published_at=clock.now() + timedelta(days=1))
    off = a_variant(slug="off")
    Variant.objects.filter(pk=off.pk).update(is_active=False)
    assert queries.product_page("draft") is None
    assert queries.product_page("later") is None
    assert queries.product_page("off").pieces == ()
    assert queries.product_page("never") is None
    found = queries.variants_for_sale([draft.pk, later.pk, off.pk])
    assert [facts.is_for_sale for facts in found.values()] == [False, False, False]
    assert queries.listing(Filters()).total == 1


def test_a_price_that_differs_by_size_is_told_from_the_lowest():
    product = a_product(sizes=("3m", "6m"), price=2000)
    Variant.objects.filter(product=product, size__key="3m").update(price_minor=1500, compare_at_minor=1900)
    operations.refresh_rank([product.pk])
    page = queries.product_page(product.slug)
    assert (page.price.minor, page.price_to.minor, page.compare_at.minor) == (1500, 2000, 1900)


def test_the_last_pieces_are_called_so_only_when_all_are_few():
    few = a_variant(slug="few", published_at=clock.now() - timedelta(days=90))
    mixed = a_product(slug="mixed", published_at=clock.now() - timedelta(days=91))
    operations.note_bands({few.pk: Band.FEW, mixed.variants.first().pk: Band.FEW})
    assert [card.badge for card in queries.listing(Filters(sort="newest")).cards] == ["last few", None]


def test_the_front_page_shows_its_collections_and_rows():
    products = tuple(a_product(slug=f"p{n}") for n in range(3))
    a_collection("Mornings", products, is_on_home=True)
    a_collection("Hidden", products)
    a_collection("Empty", (), is_on_home=True)
    operations.note_sold({products[1].pk: 3})
    home = queries.home()
    assert [(row.title, len(row.cards)) for row in home.collections] == [("Mornings", 3)]
    assert home.bestselling[0].url == "/products/p1"
    assert (len(home.newest), home.total) == (3, 3)


def test_an_empty_shop_has_an_empty_front_page():
    home = queries.home()
    assert (home.collections, home.newest, home.categories, home.total) == ((), (), (), 0)
    assert [entry.path for entry in queries.sitemap_entries()] == ["/products"]


def test_the_sitemap_names_everything_on_sale():
    a_product(slug="fern", category="bodysuits", parent="first-layers")
    a_product(slug="draft", status=Product.Status.DRAFT)
    a_collection("Mornings")
    paths = {entry.path for entry in queries.sitemap_entries()}
    assert {"/products/fern", "/category/bodysuits", "/category/first-layers"} <= paths
    assert "/products/draft" not in paths
    assert f"/collection/{Collection.objects.get().slug}" in paths


def test_nothing_goes_on_sale_without_a_piece_to_buy():
    product = a_product(sizes=(), status=Product.Status.DRAFT)
    product.status = Product.Status.ACTIVE
    with pytest.raises(ProductIncomplete) as refusal:
        operations.save_product(product, by="user:1")
    assert refusal.value.errors[0].field == "variants"
    assert queries.listing(Filters()).total == 0


def test_drawers_that_somebody_hung_in_a_circle_do_not_hang_the_shop():
    one = Category.objects.create(slug="one", name="One")
    two = Category.objects.create(slug="two", name="Two", parent=one)
    Category.objects.filter(pk=one.pk).update(parent=two)
    a_product(category="two")
    assert queries.listing(Filters(category="one")).total in (0, 1)
    assert queries.category("two").count >= 1

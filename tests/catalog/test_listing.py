"""Lists: what filters leave, how it is counted, and what it costs."""

from __future__ import annotations

import pytest

from kidspetite.goods.catalog import operations, queries
from kidspetite.goods.catalog.models import Band, Product
from kidspetite.goods.catalog.types import Filters
from tests.factories.catalog import a_collection, a_product, a_variant

pytestmark = pytest.mark.django_db


def slugs(listing) -> list[str]:
    return [card.url.removeprefix("/products/") for card in listing.cards]


def test_an_empty_shop_has_an_empty_list():
    found = queries.listing(Filters())
    assert (found.cards, found.total, found.page, found.pages) == ((), 0, 1, 1)


def test_a_product_is_listed_once_with_what_its_card_shows():
    a_product("Fern bodysuit", slug="fern", sizes=("6m", "3m"), colours=("clover", "milk"), price=1800, compare_at=2400)
    found = queries.listing(Filters())
    [card] = found.cards
    assert card.url == "/products/fern"
    assert card.name == "Fern bodysuit"
    assert (card.price.minor, card.compare_at.minor) == (1800, 2400)
    assert card.sizes_in_stock == ("1–3 m", "3–6 m")
    assert {colour.name for colour in card.colours} == {"Clover", "Milk"}
    assert card.available
    assert card.badge == "new"


def test_drafts_and_things_to_come_are_not_listed():
    a_product(status=Product.Status.DRAFT)
    archived = a_product()
    operations.archive_product(archived.pk, by="user:1")
    assert queries.listing(Filters()).total == 0


def test_a_size_filter_matches_only_what_is_in_stock():
    piece = a_variant(size="6m", slug="gone")
    a_variant(size="6m", slug="here")
    operations.note_bands({piece.pk: Band.SOLD_OUT})
    assert slugs(queries.listing(Filters(sizes=("6m",)))) == ["here"]
    assert queries.listing(Filters()).total == 2
    assert queries.listing(Filters(in_stock=True)).total == 1


def test_size_and_colour_must_meet_in_one_piece():
    product = a_product(slug="both", sizes=("3m", "6m"), colours=("clover", "milk"))
    gone = product.variants.get(size__key="6m", colour__slug="milk")
    operations.note_bands({gone.pk: Band.SOLD_OUT})
    assert queries.listing(Filters(sizes=("6m",), colours=("clover",))).total == 1
    assert queries.listing(Filters(sizes=("6m",), colours=("milk",))).total == 0


def test_a_category_holds_what_lies_below_it():
    a_product(category="bodysuits", parent="first-layers")
    a_product(category="tees", parent="tops")
    assert queries.listing(Filters(category="first-layers")).total == 1
    assert queries.category("tops").count == 1
    assert [child.slug for child in queries.category("tops").children] == ["tees"]


def test_unknown_words_are_dropped():
    a_product()
    found = queries.listing(Filters(category="nope", sizes=("nope",), colours=("nope",)))
    assert found.total == 1
    assert found.filters == Filters()


def test_a_collection_keeps_the_order_it_was_given():
    first, second, third = (a_product(slug=name) for name in ("one", "two", "three"))
    collection = a_collection(products=(third, first, second))
    assert slugs(queries.listing(Filters(collection=collection.slug))) == ["three", "one", "two"]


def test_a_page_beyond_the_last_gives_the_last():
    for _ in range(5):
        a_product()
    found = queries.listing(Filters(), page=99, per_page=2)
    assert (found.page, found.pages, len(found.cards), found.total) == (3, 3, 1, 5)


def test_a_filter_counts_without_itself_and_values_without_a_product_are_kept_but_disabled():
    a_variant(size="6m", colour="clover", price=1000)
    a_variant(size="6m", colour="milk", price=3000)
    a_variant(size="3t", colour="milk", price=3000)
    found = queries.listing(Filters(colours=("clover",)))
    counts = {value.value: value.count for value in found.facet("colour").values}
    assert counts == {"clover": 1, "milk": 2}
    sizes = {value.value: (value.count, value.is_disabled) for value in found.facet("size").values}
    assert sizes == {"6m": (1, False), "3t": (0, True)}
    assert found.facets[0].key == "size"
    assert [chip.label for chip in found.chips] == ["Clover"]
    assert found.chips[0].query == ""


def test_prices_sort_both_ways_and_bound():
    for price in (1000, 2500, 6000):
        a_variant(price=price, slug=f"at-{price}")
    assert slugs(queries.listing(Filters(sort="price"))) == ["at-1000", "at-2500", "at-6000"]
    assert slugs(queries.listing(Filters(sort="-price"))) == ["at-6000", "at-2500", "at-1000"]
    assert slugs(queries.listing(Filters(price_from=1000, price_to=2500, sort="price"))) == ["at-1000", "at-2500"]
    assert slugs(queries.listing(Filters(price_from=2501))) == ["at-6000"]


def test_what_sells_best_comes_first():
    a_product(slug="quiet")
    loved = a_product(slug="loved")
    operations.note_sold({loved.pk: 7})
    assert slugs(queries.listing(Filters(sort="bestselling")))[0] == "loved"
    operations.note_sold({loved.pk: -9})
    loved.refresh_from_db()
    assert loved.sold == 0

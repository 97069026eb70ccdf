"""Search on a small shop: forgiving, exact about sizes and prices, and never without a way on."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from kidspetite.goods.catalog.queries.keeper import state
from kidspetite.goods.catalog.types import Filters
from kidspetite.journeys.discovery import operations, queries
from kidspetite.journeys.discovery.models import Synonym, Term
from tests.factories.catalog import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def shop() -> None:
    a_product("Fern bodysuit", category="bodysuits", parent="first-layers", garment="bodysuit", sizes=("3m", "6m"),
              colours=("clover", "rose"), price=1800)  # fmt: skip
    a_product("Striped pajamas", category="pajamas", parent="sleep", garment="pajamas", sizes=("3t",), price=3200)
    a_product("Windowsill dress", category="dresses", parent="outfits", garment="dress", sizes=("3t",),
              colours=("rose", "night"), price=2800)  # fmt: skip
    a_product("Blackboard dress", category="dresses", parent="outfits", garment="dress", sizes=("6m",), price=4400)
    a_product("Campfire hoodie", category="hoodies", parent="tops", garment="hoodie", sizes=("3t",), price=3900,
              description="The zipper stops below the chin; wear it over a dress.")  # fmt: skip
    Synonym.objects.create(word="pink", means="Rose")
    operations.count_words()


def names(found: Any) -> list[str]:
    return sorted(card.name for card in found.listing.cards)


@pytest.mark.parametrize(
    ("query", "expected", "corrected"),
    [
        ("bodysuit", ["Fern bodysuit"], ""),
        ("BODYSUITS", ["Fern bodysuit"], ""),
        ("bodysuits fern", ["Fern bodysuit"], ""),
        ("bodisuit", ["Fern bodysuit"], "bodysuit"),
        ("onesie", ["Fern bodysuit"], ""),
        ("onsie", ["Fern bodysuit"], "onesie"),
        ("pijamas", ["Striped pajamas"], "pajamas"),
        ("pjs", ["Striped pajamas"], ""),
        ("sweatshrit", ["Campfire hoodie"], "sweatshirt"),
        ("drses", ["Blackboard dress", "Campfire hoodie", "Windowsill dress"], "dress"),
        ("paj", ["Striped pajamas"], ""),
        ("zipper", ["Campfire hoodie"], ""),
        ("pink dress 3 years under 30", ["Windowsill dress"], ""),
        ("pink drss 3 years under 30", ["Windowsill dress"], "pink dress 3 years under 30"),
        ("dress size 3t", ["Campfire hoodie", "Windowsill dress"], ""),
        ("3 years", ["Campfire hoodie", "Striped pajamas", "Windowsill dress"], ""),
        ("rose", ["Fern bodysuit", "Windowsill dress"], ""),
    ],
)
def test_what_is_meant_is_found(shop: None, query: str, expected: list[str], corrected: str):
    found = queries.search(query)
    assert (names(found), found.corrected) == (expected, corrected)
    assert found.listing.total == len(expected)


def test_what_carries_the_word_in_its_name_comes_first(shop: None):
    assert [card.name for card in queries.search("dress").listing.cards][-1] == "Campfire hoodie"


def test_filters_narrow_what_was_found_and_count_within_it(shop: None):
    found = queries.search("dress", Filters(colours=("night",)))
    assert names(found) == ["Windowsill dress"]
    colours = {value.value: value.count for value in found.listing.facet("colour").values}
    assert colours == {"clover": 2, "rose": 1, "night": 1}
    assert found.listing.filters.q == "dress"


def test_a_filter_that_leaves_nothing_is_said_and_not_argued_away(shop: None):
    found = queries.search("dress", Filters(price_to=100))
    assert found.listing.total == 0
    assert [chip.query for chip in found.listing.chips] == ["q=dress"]


def test_some_of_the_words_are_better_than_nothing(shop: None):
    found = queries.search("fern pajamas")
    assert names(found) == ["Fern bodysuit", "Striped pajamas"]
    assert found.loosened


def test_a_size_that_is_not_there_shows_the_others(shop: None):
    found = queries.search("bodysuit 3 years")
    assert names(found) == ["Fern bodysuit"]
    assert found.loosened
    assert found.understood == ("3T",)


def test_nothing_found_names_the_nearest_drawers(shop: None):
    found = queries.search("drezzzes cabinet")
    assert found.listing.total == 0
    assert found.categories[0].slug == "dresses"


@pytest.mark.parametrize("query", ["", "   ", "%", "'", "((", "a & | !", "🦕", "the", "x" * 5000, "\\", ":*", "<->"])
def test_no_query_breaks_it(shop: None, query: str):
    queries.search(query)
    queries.suggest(query)


def test_an_empty_shop_answers_too():
    assert queries.search("dress").listing.total == 0
    assert not queries.suggest("dress")


def test_staff_teach_it_a_word(shop: None):
    Synonym.objects.create(word="school wear", means="hoodie")
    assert names(queries.search("school wear")) == ["Campfire hoodie"]


@pytest.mark.parametrize(
    ("letters", "products", "first_query"),
    [
        ("d", [], None),
        ("dr", ["Blackboard dress", "Windowsill dress"], "dress"),
        ("onsie", ["Fern bodysuit"], "onesie"),
        ("windowsill dr", ["Windowsill dress"], "windowsill dress"),
        ("pyj", ["Striped pajamas"], "pyjamas"),
        ("qqqq", [], None),
    ],
)
def test_letters_become_queries_drawers_and_products(shop: None, letters: str, products: list[str], first_query: Any):
    found = queries.suggest(letters)
    assert sorted(card.name for card in found.products) == products
    assert (found.queries[0] if found.queries else None) == first_query


def test_letters_name_a_drawer(shop: None):
    assert [category.slug for category in queries.suggest("dre").categories] == ["dresses"]


def test_words_are_learnt_as_products_come_and_forgotten_at_the_count(shop: None):
    product = a_product("Zephyr kite top")
    assert not Term.objects.filter(word="zephyr").exists()
    operations.learn_words([product.pk])
    assert Term.objects.filter(word="zephyr").exists()
    product.delete()
    operations.count_words()
    assert not Term.objects.filter(word="zephyr").exists()


def test_a_word_is_forgiven_as_soon_as_it_is_learnt(shop: None):
    product = a_product("Zephyr kite top")
    assert queries.search("zehpyr").corrected == ""
    operations.learn_words([product.pk])
    assert queries.search("zehpyr").corrected == "zephyr"
    assert queries.suggest("zep").queries == ("zephyr",)
    product.delete()
    operations.count_words()
    assert queries.search("zehpyr").corrected == ""
    assert queries.suggest("zep").queries == ()


def test_a_number_of_products_that_changed_is_known_too(shop: None):
    a_product("Drum dress")
    operations.count_words()
    assert queries.suggest("dr").queries == ("dress", "dresses", "drum")
    Term.objects.filter(word="drum").update(products=90)
    assert queries.suggest("dr").queries == ("drum", "dress", "dresses")


@pytest.mark.usefixtures("goods_kept")
@pytest.mark.parametrize(("query", "most"), [("dress", 3), ("pink drss 3 years under 30", 3)])
def test_a_search_costs_a_handful_of_queries_however_much_there_is(shop: None, query: str, most: int):
    queries.search(query)
    with CaptureQueriesContext(connection) as few:
        queries.search(query)
    for number in range(30):
        a_product(f"Number {number} dress", sizes=("3t",), colours=("rose",), price=2000)
    queries.search(query)
    with CaptureQueriesContext(connection) as many:
        assert queries.search(query).listing.total > 24
    assert len(few) == len(many) <= most


@pytest.mark.django_db(transaction=True)
def test_common_words_are_known_before_anybody_searches(shop: None):
    asked_before = {word: names(queries.search(word)) for word in ("dress", "campfire", "zipper", "outfits")}
    state().carriers.clear()
    assert queries.recall_words(most=50) > 0
    queries.search("dress")
    with CaptureQueriesContext(connection) as asked:
        assert queries.search("campfire").listing.total == 1
    assert [query["sql"] for query in asked if "to_tsquery" in query["sql"]] == []
    assert {word: names(queries.search(word)) for word in asked_before} == asked_before


@pytest.mark.django_db(transaction=True)
def test_what_is_recalled_is_what_would_be_asked(shop: None):
    a_product("Tee of 1.5 yards for the first 3t", category="tops", fabric="wool", summary="Very soft, size 3T.")
    operations.count_words()
    stems = dict(Term.objects.values_list("word", "stem"))
    asked = queries.catalog.strangers(list(stems))
    told = {word: found.sets for word, found in state().carriers.items()}
    state().carriers.clear()
    state().strangers.clear()
    queries.catalog.recall(stems)
    assert {word: found.sets for word, found in state().carriers.items()} == told
    assert set(stems) - set(told) == set(asked)


@pytest.mark.django_db(transaction=True)
def test_typing_errors_push_no_word_of_our_goods_out_of_memory(shop: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kidspetite.goods.catalog.queries.wording.REMEMBERED", 12)
    queries.search("dress")
    for number in range(20):
        queries.search(f"zzq{'abcdefghij'[number // 2]}x{number % 2}")
    with CaptureQueriesContext(connection) as asked:
        assert queries.search("dress").listing.total
    assert not any("to_tsquery" in query["sql"] and "{dress" in query["sql"] for query in asked)


def asked_of_words(query: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert queries.search(query).listing.total
    return [one["sql"] for one in asked if "to_tsquery" in one["sql"]]


def test_a_query_that_nobody_has_asked_costs_one_statement_for_its_words_and_a_known_one_none(shop: None):
    assert len(asked_of_words("onsie camfire")) == 1
    assert asked_of_words("onsie camfire") == []


def test_the_oldest_typing_errors_are_forgotten(shop: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kidspetite.goods.catalog.queries.wording.STRANGERS", 8)
    queries.search("drses")
    assert "drses" in state().strangers
    for letter in "abcdefghij":
        queries.search(f"zzq{letter}x")
    assert "drses" not in state().strangers
    assert "zzqjx" in state().strangers
    assert len(state().strangers) <= 8


def test_words_that_cannot_be_recalled_are_no_reason_not_to_start(monkeypatch: pytest.MonkeyPatch):
    def no_tables(_: Any) -> Any:
        raise ProgrammingError('relation "discovery_term" does not exist')

    monkeypatch.setattr(queries.catalog, "recall", no_tables)
    Term.objects.create(word="fern", stem="fern", products=1)
    monkeypatch.setattr(queries.connection, "close", lambda: None)
    assert queries.recall_words() == 0

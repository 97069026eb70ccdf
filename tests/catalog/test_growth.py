"""What a page asks of the database does not grow with the catalogue, and a new process reads it before it serves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kidspetite.goods.catalog import queries
from kidspetite.goods.catalog.queries import keeper
from kidspetite.goods.catalog.types import Filters
from kidspetite.journeys.discovery import operations as discovery
from tests.catalog.test_pages import many_products
from tests.factories.catalog import a_collection, a_product

# The page, and the most statements it may ask: its own, and those of the shop's facts and of the look at changes.
PAGES = {
    "/": 7,
    "/products": 4,
    "/products?size=6m&colour=milk&sort=price": 4,
    "/products?page=9": 4,
    "/category/bodysuits": 4,
    "/collection/known": 4,
    "/search?q=base+bodysuit": 3,
    "/search?q=bodysiut": 3,
    "/search/suggest?q=body": 2,
    "/products/known": 6,
    "/api/products": 4,
    "/api/search?q=bodysuit": 2,
    "/api/search/suggest?q=body": 2,
}


def statements(client: Client) -> dict[str, int]:
    """How many each page takes on a shop at rest, asked for the second time."""
    counted = {}
    for page in PAGES:
        assert client.get(page).status_code == 200, page
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counted[page] = len(asked)
    return counted


@pytest.mark.slow
@pytest.mark.django_db
def test_a_page_asks_as_much_at_5000_products_as_at_500(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.RATE_LIMITS_ON = False
    monkeypatch.setattr(keeper, "LAG_SECONDS", 60)
    known = a_product("Known bodysuit", slug="known")
    a_collection("Known", slug="known", products=(known,), is_on_home=True)
    many_products(499)
    discovery.count_words()
    at_500 = statements(client)
    many_products(4_500)
    discovery.count_words()
    assert queries.listing(Filters()).total == 5_000
    assert statements(client) == at_500
    assert {page: count for page, count in at_500.items() if count > PAGES[page]} == {}


@pytest.mark.django_db(transaction=True)
def test_a_filled_shelf_answers_its_first_list_without_reading_the_goods(monkeypatch: pytest.MonkeyPatch):
    a_product()
    monkeypatch.setattr(keeper.keeper, "_state", None)
    queries.fill_shelf()
    monkeypatch.setattr(keeper, "LAG_SECONDS", 60)
    with CaptureQueriesContext(connection) as asked:
        assert queries.listing(Filters(sort="newest")).total == 1
    assert [query["sql"] for query in asked if "unnest(piece_keys)" in query["sql"]] == []
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_shelf_that_cannot_be_filled_is_no_reason_not_to_start(monkeypatch: pytest.MonkeyPatch):
    def no_tables(*_: Any) -> Any:
        raise ProgrammingError('relation "catalog_product" does not exist')

    monkeypatch.setattr(keeper, "state", no_tables)
    queries.fill_shelf()

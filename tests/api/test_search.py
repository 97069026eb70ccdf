"""Search and suggestions as documents."""

from __future__ import annotations

import pytest

from kidspetite.journeys.discovery import operations as discovery
from tests.factories.catalog import a_product

pytestmark = pytest.mark.django_db


def test_words_find_products_even_misspelt(machine):
    a_product("Fern bodysuit")
    a_product("Night coat", category="coats")
    discovery.count_words()
    assert [item["name"] for item in machine.call("get", "search?q=fern").json()["items"]] == ["Fern bodysuit"]
    assert [item["name"] for item in machine.call("get", "search?q=bodisuit").json()["items"]] == ["Fern bodysuit"]


def test_filters_narrow_what_was_found(machine):
    a_product("Fern bodysuit", colours=("clover",))
    a_product("Fern dress", colours=("rose",), category="dresses")
    found = machine.call("get", "search?q=fern&colour=rose").json()
    assert [item["name"] for item in found["items"]] == ["Fern dress"]


@pytest.mark.parametrize("query", ["", "q=", "q=%25_%27%22%3B--", "q=" + "x" * 200, "q=%E6%98%9F", "q=fern&page=99"])
def test_any_words_get_a_list(machine, query):
    a_product("Fern bodysuit")
    answer = machine.call("get", f"search?{query}")
    assert answer.status_code == 200
    assert set(answer.json()) == {"items", "total", "page", "pages"}


def test_too_many_words_are_named(machine):
    answer = machine.call("get", f"search?q={'x' * 201}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "q"


def test_suggestions_while_typing(machine):
    a_product("Fern bodysuit")
    discovery.count_words()
    discovery.count_words()
    found = machine.call("get", "search/suggest?q=fer").json()
    assert [product["name"] for product in found["products"]] == ["Fern bodysuit"]
    assert found["products"][0]["url"].startswith("http://testserver/products/")
    assert machine.call("get", "search/suggest?q=").json() == {"queries": [], "categories": [], "products": []}

"""Products and collections as documents."""

from __future__ import annotations

import pytest

from tests.factories.catalog import a_collection, a_product
from tests.factories.inventory import hold_for, put_on_shelf

pytestmark = pytest.mark.django_db


def test_a_list_has_its_items_and_counts(machine):
    a_product("Fern bodysuit", price=1800, compare_at=2400)
    page = machine.call("get", "products").json()
    assert (page["total"], page["page"], page["pages"]) == (1, 1, 1)
    item = page["items"][0]
    assert (item["name"], item["price_cents"], item["compare_at_cents"]) == ("Fern bodysuit", 1800, 2400)
    assert item["url"] == f"http://testserver/products/{item['slug']}"
    assert item["sizes"] == ["1–3 m", "3–6 m"]


def test_lists_are_filtered_as_pages_are(machine):
    a_product("Fern bodysuit", price=1800, sizes=("6m",))
    a_product("Night coat", price=9000, sizes=("3t",), colours=("night",), category="coats")

    def names(query: str) -> list[str]:
        return [item["name"] for item in machine.call("get", f"products?{query}").json()["items"]]

    assert names("size=3t") == ["Night coat"]
    assert names("colour=clover") == ["Fern bodysuit"]
    assert names("category=coats") == ["Night coat"]
    assert names("price=-20") == ["Fern bodysuit"]
    assert names("sort=-price") == ["Night coat", "Fern bodysuit"]
    assert len(names("size=unheard-of&nonsense=1")) == 2


def test_pages_are_turned(machine):
    for number in range(5):
        a_product(f"Style {number}")
    first = machine.call("get", "products?per_page=2").json()
    last = machine.call("get", "products?per_page=2&page=99").json()
    assert (len(first["items"]), first["pages"], first["total"]) == (2, 3, 5)
    assert (last["page"], len(last["items"])) == (3, 1)


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=1.5", "per_page=0", "per_page=1000", "page="])
def test_a_page_that_cannot_be_is_named(machine, query):
    answer = machine.call("get", f"products?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


def test_a_product_tells_what_is_free_right_now(machine):
    product = a_product(sizes=("3m", "6m"))
    small, large = product.variants.order_by("pk")
    put_on_shelf(small, 5)
    hold_for("cart:1", small, 2)
    page = machine.call("get", f"products/{product.slug}").json()
    assert {variant["sku"]: variant["available"] for variant in page["variants"]} == {small.sku: 3, large.sku: 0}
    assert page["available"] is True
    assert page["variants"][0]["size"] == "1–3 m"
    assert page["variants"][0]["colour"] == "Clover"


@pytest.mark.parametrize("slug", ["nowhere", "x" * 500, "%20", "é"])
def test_a_product_that_is_not_on_sale_is_not_found(machine, slug):
    answer = machine.call("get", f"products/{slug}")
    assert (answer.status_code, answer.json()["code"]) == (404, "catalog.no_such_product")


def test_collections_have_their_products(machine):
    collection = a_collection("First week home", (a_product("Fern bodysuit"),))
    listed = machine.call("get", "collections").json()["items"]
    assert [(one["slug"], one["count"]) for one in listed] == [(collection.slug, 1)]
    shown = machine.call("get", f"collections/{collection.slug}").json()
    assert shown["title"] == "First week home"
    assert [item["name"] for item in shown["products"]["items"]] == ["Fern bodysuit"]
    assert machine.call("get", "collections/nowhere").json()["code"] == "catalog.no_such_collection"


def test_an_empty_shop_answers_empty_lists(machine):
    assert machine.call("get", "products").json() == {"items": [], "total": 0, "page": 1, "pages": 1}
    assert machine.call("get", "collections").json() == {"items": []}


def test_lists_stay_within_their_queries(machine, django_assert_max_num_queries):
    product = a_product()
    machine.call("get", "products")
    with django_assert_max_num_queries(4):
        machine.call("get", "products?size=6m")
    with django_assert_max_num_queries(5):
        machine.call("get", f"products/{product.slug}")

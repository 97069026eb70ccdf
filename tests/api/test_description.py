"""The description is complete, the handbook shows it, and both keep the shop's policy."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import jsonschema
import pytest
from django.test import Client

from kidspetite.faces.api.api import api
from kidspetite.faces.api.handbook import error_codes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PROMISED = {
    "/api/products": {"get"},
    "/api/products/{slug}": {"get"},
    "/api/search": {"get"},
    "/api/search/suggest": {"get"},
    "/api/collections": {"get"},
    "/api/collections/{slug}": {"get"},
    "/api/cart": {"get", "post"},
    "/api/cart/items": {"post"},
    "/api/cart/items/{id}": {"patch", "delete"},
    "/api/cart/promo-code": {"post", "delete"},
    "/api/promo-code/validate": {"post"},
    "/api/address/validate": {"post"},
    "/api/address/suggest": {"get"},
    "/api/shipping/rates": {"get"},
    "/api/checkout": {"post"},
    "/api/checkout/quote": {"get"},
    "/api/user/payment-methods": {"get", "post", "delete"},
    "/api/orders/{token}": {"get"},
    "/api/inventory/alerts": {"get"},
    "/api/vitals": {"post"},
    "/api/cron/{job}": {"get", "post"},
}


@pytest.fixture
def description() -> dict:
    return Client().get("/api/openapi.json").json()


def test_it_is_openapi_3_1_and_names_every_address(description):
    assert description["openapi"].startswith("3.1")
    assert {path: set(methods) for path, methods in description["paths"].items()} == PROMISED


def test_every_refusal_is_described_as_a_problem(description):
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            refused = {int(status) for status in operation["responses"] if int(status) >= 400}
            assert {400, 413, 429, 503} <= refused, (method, path)
            for status in refused:
                assert list(operation["responses"][str(status)]["content"]) == ["application/problem+json"]


def test_every_unsafe_operation_takes_a_key_and_checkout_needs_it(description):
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            keys = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
            assert len(keys) == (method != "get" and path != "/api/vitals"), (method, path)
            assert [one["required"] for one in keys] in ([], [path == "/api/checkout"])


def test_every_operation_has_words_and_a_name_of_its_own(description):
    operations = [one for methods in description["paths"].values() for one in methods.values()]
    assert all(one["summary"] for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_a_problem_has_the_described_shape(description):
    problem = Client().get("/api/products/nowhere").json()
    schemas = {"components": description["components"], "$ref": "#/components/schemas/Problem"}
    jsonschema.validate(problem, schemas)


def test_the_description_is_plain_json_and_small():
    text = json.dumps(api.get_openapi_schema())
    assert len(text) < 200_000


def test_the_handbook_shows_every_operation_and_every_code():
    page = Client().get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    for path in PROMISED:
        assert path in text
    for row in error_codes():
        assert f'id="{row.code}"' in text
    assert {"inventory.out_of_stock", "idempotency.key_missing", "edge.too_many_requests"} <= {
        row.code for row in error_codes()
    }


def test_every_code_is_named_once_and_explained():
    for row in error_codes():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", row.code), row
        assert row.meaning.endswith((".", ":", "…")) or row.meaning, row
        assert 400 <= row.status <= 503


class Inline(HTMLParser):
    found: list[str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(tag)
        if tag in {"script", "link"} and (names.get("src") or names.get("href") or "").startswith("http"):
            self.found.append(f"{tag} {names}")


def test_the_handbook_is_within_the_strict_policy():
    page = Client().get("/api/docs")
    assert "unsafe" not in page["Content-Security-Policy"]
    reader = Inline()
    reader.found = []
    reader.feed(page.content.decode())
    assert [one for one in reader.found if "testserver" not in one] == []


@pytest.mark.parametrize("path", ["cart", "checkout", "products", "orders/abc", "cart/items/1"])
def test_a_method_that_is_not_there_is_told_what_is(path):
    answer = Client().put(f"/api/{path}", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (405, "edge.method_not_allowed")
    assert answer["Allow"]


def test_an_address_that_is_not_there_is_a_problem():
    assert Client().get("/api/nowhere").json()["code"] == "edge.not_found"

"""Fetched ahead is what costs nothing and does nothing; everything else waits for a click."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import URLPattern, get_resolver

from kidspetite.faces.edge.pagecache.addresses import key_of
from kidspetite.faces.edge.speculation import RULES
from tests.factories.catalog import a_collection, a_product
from tests.factories.checkout import a_selling_shop

SAMPLES = {
    "slug:slug": "fern", "path:name": "a.webp", "int:line_id": "7", "int:pk": "7", "str:token": "t0ken", "str:key": "k",
    "str:number": "KP-1", "str:name": "n", "str:reference": "r", "str:which": "w",
}  # fmt: skip


def rules() -> dict:
    found = finders.find(RULES)
    (rule,) = json.loads(Path(str(found)).read_text(encoding="utf-8"))["prefetch"]
    return rule


def is_invited(address: str) -> bool:
    """What a browser makes of the rules: a path without a query stands for every query."""
    yes, *noes = rules()["where"]["and"]
    path, _mark, query = address.partition("?")
    refused = [each["not"].get("href_matches", "") for each in noes]
    assert refused[0] == "/*\\?*q=*"
    return any(re.fullmatch(each.replace("*", ".+"), path) for each in yes["href_matches"]) and "q=" not in query


def own_addresses() -> list[str]:
    """One address of every page that a shopper can reach, as the address book has them."""
    found = []
    for pattern in get_resolver().url_patterns:
        inner = getattr(pattern, "url_patterns", [pattern]) if str(pattern.pattern) == "" else [pattern]
        for each in inner:
            if isinstance(each, URLPattern):
                found.append("/" + re.sub(r"<([^>]+)>", lambda kind: SAMPLES.get(kind[1], "x"), str(each.pattern)))
    return found


def test_only_kept_pages_are_fetched_ahead():
    addresses = own_addresses()
    assert {"/cart", "/checkout/payment", "/account", "/sign-out", "/products/fern"} <= set(addresses)
    invited = {address for address in addresses if is_invited(address)}
    assert {address for address in invited if key_of(address, "") is None} == set()
    assert invited == {
        "/", "/products", "/products/fern", "/category/fern", "/collection/fern", "/size-guide", "/pages/fern"
    }  # fmt: skip
    assert is_invited("/products?size=2t")
    assert not is_invited("/products?q=bodysuit&size=2t")


def test_they_wait_for_a_hand_that_rests_and_leave_out_what_is_no_page_of_its_own():
    rule = rules()
    assert rule["eagerness"] == "moderate"
    (selectors,) = [
        each["not"]["selector_matches"] for each in rule["where"]["and"][1:] if "selector_matches" in each["not"]
    ]
    assert {"[rel~=nofollow]", "[data-opens]", "[target]", "[hx-boost] a"} <= set(selectors)


@pytest.mark.django_db
def test_pages_of_the_shop_name_the_rules(settings):
    a_selling_shop()
    a_collection("First week home", (a_product("Fern bodysuit", slug="fern"),))
    for path in ("/", "/products", "/products/fern", "/cart", "/search?q=fern", "/orders/find"):
        assert re.fullmatch(
            r'"/static/edge/prefetch[.\w]*\.speculationrules"', Client().get(path)["Speculation-Rules"]
        ), path
    for path in (
        "/checkout/shipping",
        "/sign-in",
        "/admin/",
        "/api/products",
        "/coats",
        "/robots.txt",
        "/fragments/me",
    ):
        assert "Speculation-Rules" not in Client().get(path), path


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cart", "/account", "/cart/back/t0ken", "/sign-in/confirm/k", "/search?q=fern"])
def test_a_guess_at_a_page_of_ones_own_is_turned_away(path):
    parts = urlsplit(path)
    for purpose in ("prefetch", "prefetch;prerender"):
        answer = Client().get(path, headers={"Sec-Purpose": purpose, "Sec-Fetch-Dest": "document"})
        assert answer.status_code == 503, "a browser shows nothing of it and asks again at the click"
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
    assert Client().get(parts.path, headers={"Sec-Purpose": "other"}).status_code != 503


@pytest.mark.django_db
def test_a_guess_at_a_kept_page_is_answered_and_so_is_what_such_a_page_loads():
    ahead = {"Sec-Purpose": "prefetch;prerender"}
    assert Client().get("/products", headers=ahead | {"Sec-Fetch-Dest": "document"}).status_code == 200
    assert Client().get("/fragments/me", headers=ahead | {"Sec-Fetch-Dest": "empty"}).status_code == 200

"""One key for one page: what changes nothing is left out, what nobody knows is not kept."""

from __future__ import annotations

import pytest

from kidspetite.faces.edge.pagecache.addresses import LONGEST, key_of


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/", "/"),
        ("/?utm_source=letter&gclid=1", "/"),
        ("/products", "/products"),
        ("/products?page=1", "/products"),
        ("/products?page=3&utm_campaign=fall", "/products?page=3"),
        ("/products?colour=sage&size=3-6m,0-3m", "/products?size=0-3m,3-6m&colour=sage"),
        ("/products?size=3-6m&size=0-3m&colour=Sage", "/products?size=0-3m,3-6m&colour=sage"),
        ("/products?sort=featured&in_stock=on", "/products?in_stock=1"),
        ("/products?price=15-25&sort=nonsense", "/products?price=15-25"),
        ("/category/bodysuits?season=winter", "/category/bodysuits?season=winter"),
        ("/collection/first-week-home", "/collection/first-week-home"),
        ("/products/fern-bodysuit", "/products/fern-bodysuit"),
        ("/products/fern?colour=sage&variant=FERN-SAG-3M", "/products/fern?variant=FERN-SAG-3M&colour=sage"),
        ("/products/fern-bodysuit?variant=", "/products/fern-bodysuit"),
        ("/pages/returns", "/pages/returns"),
        ("/size-guide", "/size-guide"),
        ("/robots.txt", "/robots.txt"),
    ],
)  # fmt: skip
def test_what_changes_a_page_is_its_key(address: str, key: str):
    path, _mark, query = address.partition("?")
    assert key_of(path, query) == key
    again, _mark, canonical = key.partition("?")
    assert key_of(again, canonical) == key, "a key leads to itself"


@pytest.mark.parametrize(
    "address",
    [
        "/cart", "/checkout/shipping", "/account", "/orders/abc", "/search?q=fern", "/fragments/me", "/admin/",
        "/api/products", "/products/", "//products", "/products/a/b", "/products/fern%00", "/PRODUCTS/../cart",
        "/?name=mia", "/products?token=1", "/products?q=fern", "/products?page=x", "/products?page=99999999",
        "/products?page=٣", "/products/fern?variant=<script>", "/products/fern?size=3m", "/pages/returns?x",
        "/size-guide?lang=de", "/products?" + "size=a," * LONGEST,
    ],
)  # fmt: skip
def test_what_nobody_knows_is_not_kept(address: str):
    path, _mark, query = address.partition("?")
    assert key_of(path, query) is None

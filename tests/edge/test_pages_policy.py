"""Every kind of page, as a visitor gets it: nothing inline, nothing from elsewhere, shared only if it may be."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.factories.catalog import a_collection, a_product
from tests.factories.checkout import a_basket, a_selling_shop, a_stocked_variant, bought

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STRICT = "default-src 'none'; script-src 'self'; style-src 'self';"
DATA = {"application/json", "application/ld+json", "speculationrules"}

SHARED = [
    "/",
    "/products",
    "/products/{product}",
    "/category/bodysuits",
    "/collection/{collection}",
    "/search?q=fern",
    "/size-guide",
]
PERSONAL = ["/cart", "/checkout/shipping", "/contact", "/sign-in", "/sign-up", "/sign-in/reset", "/orders/find",
            "/orders/{order}", "/checkout/complete/{order}", "/api/docs", "/nowhere", "/fragments/me"]  # fmt: skip
SIGNED_IN = ["/account", "/account/orders", "/account/addresses", "/account/settings"]


class Reader(HTMLParser):
    """Collects what a strict policy would stop."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        handlers = [name for name in names if name.startswith("on")]
        if tag == "style" or "style" in names or handlers:
            self.stopped.append(f"<{tag} {names}>")
        if tag == "script" and "src" not in names and names.get("type") not in DATA:
            self.stopped.append(f"<script {names}>")
        for name in ("src", "action", "data"):
            if names.get(name, "").startswith(("http:", "https:", "//")):
                self.stopped.append(f"<{tag} {name}={names[name]}>")


@pytest.fixture
def filled() -> Callable[[str], str]:
    a_selling_shop()
    product = a_product("Fern bodysuit")
    names = {
        "product": product.slug,
        "collection": a_collection("First week home", (product,)).slug,
        "order": bought(a_stocked_variant(5)).token,
    }
    return lambda path: path.format(**names)


def stopped_in(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    return reader.stopped


@pytest.mark.parametrize("path", SHARED)
def test_a_shared_page(filled, path):
    answer = Client().get(filled(path))
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"].startswith(STRICT)
    assert "nonce" not in answer["Content-Security-Policy"]
    assert stopped_in(answer.content.decode()) == []
    assert "s-maxage" in answer["Cache-Control"]
    assert answer["Cache-Tag"]
    assert "Set-Cookie" not in answer
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.parametrize("path", SHARED)
def test_a_shared_page_is_the_same_bytes_for_everybody(filled, path, django_user_model):
    token = a_basket(a_stocked_variant(5)).token
    plain = Client().get(filled(path)).content
    known = Client()
    known.force_login(django_user_model.objects.create(email="mia@mail.example", name="Mia"))
    session = known.session
    session["cart"] = token
    session.save()
    known.cookies["kp_hint"] = "1"
    assert known.get(filled(path)).content == plain


@pytest.mark.parametrize("path", PERSONAL)
def test_a_page_of_ones_own(filled, path):
    visitor = Client()
    session = visitor.session
    session["cart"] = a_basket(a_stocked_variant(5)).token
    session.save()
    answer = visitor.get(filled(path))
    assert answer.status_code in {200, 404}
    assert answer["Content-Security-Policy"].startswith(STRICT)
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert stopped_in(answer.content.decode()) == []
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize("path", SIGNED_IN)
def test_a_page_behind_the_door(filled, path, django_user_model):
    visitor = Client()
    visitor.force_login(django_user_model.objects.create(email="mia@mail.example"))
    answer = visitor.get(filled(path))
    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert stopped_in(answer.content.decode()) == []
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize("path", ["/cart", "/checkout/shipping", "/contact", "/sign-in"])
def test_forms_outside_the_page_cache_carry_the_token(filled, path):
    visitor = Client()
    session = visitor.session
    session["cart"] = a_basket(a_stocked_variant(5)).token
    session.save()
    assert b"csrfmiddlewaretoken" in visitor.get(filled(path)).content


@pytest.mark.parametrize(
    ("path", "is_strict"), [("/admin/", True), ("/admin/orders", True), ("/admin/catalog/product/", False)]
)
def test_staff_pages(filled, path, is_strict, admin_client):
    answer = admin_client.get(path)
    assert answer.status_code == 200
    assert ("unsafe" not in answer["Content-Security-Policy"]) == is_strict
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    if is_strict:
        assert stopped_in(answer.content.decode()) == []

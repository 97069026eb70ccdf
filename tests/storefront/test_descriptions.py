"""Every page says in a sentence what it is, for whoever shows its address elsewhere."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from kidspetite.faces.console.addresses import addresses
from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.journeys.checkout import operations as checkout
from tests.factories.catalog import a_collection
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer

pytestmark = pytest.mark.django_db

SAID = re.compile(r'<meta name="description" content="([^"]*)">')
OF_THE_HOUSE = "Clothes for babies and small children, found by height."
# Pages that must say what they are themselves: people come to them from outside, or spend time there.
SAY_THEIR_OWN = {
    "/size-guide", "/contact", "/cart", "/search", "/orders/find", "/newsletter", "/sign-in", "/sign-up",
    "/checkout/shipping", "/checkout/payment", "/checkout/review",
}  # fmt: skip


@pytest.fixture
def visitors() -> list[Client]:
    """One who pays, and one who is at home here."""
    a_selling_shop()
    a_collection()
    buyer, owner, cart = Client(), Client(), a_basket(a_stocked_variant())
    card = {"provider": "sandbox", "token": "tok_visa"}
    checkout.save_draft(cart, email="maya@home.example", address=ADDRESS, shipping_method="standard", payment=card)
    session = buyer.session
    session[CART_KEY] = cart.token
    session.save()
    owner.force_login(a_customer(), backend="django.contrib.auth.backends.ModelBackend")
    return [buyer, owner]


def test_every_page_says_what_it_is(visitors):
    variant = a_stocked_variant()
    pages = [one.path for one in addresses() if "GET" in one.methods and one.who != "staff" and "{" not in one.path]
    walked = {*pages, f"/products/{variant.product.slug}", f"/category/{variant.product.category.slug}"}
    said: dict[str, str] = {}
    for visitor in visitors:
        for path in sorted(walked):
            answer = visitor.get(path)
            page = answer.content.decode() if answer.status_code == 200 and not answer.streaming else ""
            if page.startswith("<!doctype html>"):
                found = SAID.search(page)
                said[path] = unescape(found[1]).strip() if found else ""
    assert {path for path, words in said.items() if len(words) < 20} == set()
    assert len(said) > 25
    assert {path for path in SAY_THEIR_OWN if said.get(path, OF_THE_HOUSE).startswith(OF_THE_HOUSE)} == set()
    own = [said[path] for path in SAY_THEIR_OWN]
    assert len(set(own)) == len(own), "no two say the same"

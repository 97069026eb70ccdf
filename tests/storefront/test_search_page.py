"""The page of a search: its addresses hold what was asked, whatever that is."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from kidspetite.faces.storefront.views.search import STAND_IN
from kidspetite.journeys.discovery import operations as discovery
from tests.factories.catalog import a_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> None:
    a_product("Fern dress", sizes=("3m", "6m"), colours=("clover", "rose"), price=2800)
    discovery.count_words()


@pytest.mark.parametrize(
    "q", ["dress", "DRESS & more", 'dress"><b>', "dress 100% + ’", "drses", f"{STAND_IN} dress", "dress %EE%80%80"]
)
def test_every_address_of_the_list_keeps_the_words(client, shop, q: str):
    page = client.get("/search", {"q": q, "sort": "price"}).content.decode()
    ways = [parse_qs(urlsplit(html.unescape(way)).query) for way in re.findall(r'href="(/search\?[^"]*)"', page)]
    assert len(ways) > 20
    asked = " ".join(q.split())
    assert {way["q"][0] for way in ways} == {asked}
    assert f'<input type="hidden" name="q" value="{html.escape(asked, quote=True)}"'.replace("&quot;", "&#34;") in (
        page.replace("&quot;", "&#34;")
    )
    assert STAND_IN in q or STAND_IN not in page


def test_two_searches_in_a_row_share_nothing_of_their_words(client, shop):
    first, second = (client.get("/search", {"q": q}).content.decode() for q in ("fern", "dress"))
    assert "q=fern" in first
    assert "fern" not in second.lower().replace("fern dress", "").replace("/products/fern-dress", "")


def test_without_words_everything_is_shown_and_no_address_names_any(client, shop):
    page = client.get("/search").content.decode()
    assert "Fern dress" in page
    assert "?q=" not in page
    assert STAND_IN not in page

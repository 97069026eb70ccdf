"""What a basket says of its holds: a clock time for last pieces, a plain word past the cap, nothing else."""

import json
import re

import pytest
from django.test import Client

from tests.factories.checkout import a_selling_shop, a_stocked_variant

pytestmark = pytest.mark.django_db

YOURS = re.compile(r"yours until \d{1,2}:\d\d [ap]m\.")


@pytest.fixture(autouse=True)
def shop() -> None:
    a_selling_shop()


def put_in(client: Client, sku: str, pieces: int = 1, **headers: str):
    return client.post("/cart/items", {"sku": sku, "quantity": pieces}, headers=headers)


def test_only_last_pieces_have_a_time_and_it_is_a_clock_time(client):
    put_in(client, a_stocked_variant(10).sku)
    assert not YOURS.search(client.get("/cart").content.decode())
    put_in(client, a_stocked_variant(1).sku)
    page = client.get("/cart").content.decode()
    assert len(YOURS.findall(page)) == 1
    assert "The last one in" in page
    put_in(client, a_stocked_variant(2).sku, 2)
    assert "They are yours until" in client.get("/cart").content.decode()


def test_past_the_cap_the_basket_says_that_it_is_not_set_aside(client, settings):
    settings.RATE_HOLD_PIECES = 3
    coat = a_stocked_variant(50)
    told = json.loads(put_in(client, coat.sku, 5, HX_Request="true")["HX-Trigger"])
    assert set(told) == {"added", "toast"}
    assert "not set aside" in told["toast"]["text"]
    page = client.get("/cart").content.decode()
    assert page.count("not set aside") == 1
    assert client.get("/checkout/shipping").status_code == 200


def test_within_the_cap_nothing_is_said(client):
    told = json.loads(put_in(client, a_stocked_variant(50).sku, 5, HX_Request="true")["HX-Trigger"])
    assert set(told) == {"added"}
    assert "not set aside" not in client.get("/cart").content.decode()


def test_many_visitors_from_one_network_share_the_cap_on_their_pages_too(settings):
    settings.RATE_LIMITS_ON, settings.RATE_HOLD_PIECES = True, 6
    coat = a_stocked_variant(50)
    pages = []
    for _visitor in range(3):
        visitor = Client()
        put_in(visitor, coat.sku, 4)
        pages.append("not set aside" in visitor.get("/cart").content.decode())
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    put_in(elsewhere, coat.sku, 4)
    assert pages == [False, True, True]
    assert "not set aside" not in elsewhere.get("/cart").content.decode()

"""Many clients at once against the running shop: one key is one order, five pieces are five orders."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import httpx
import pytest

from kidspetite.goods.inventory import queries as inventory
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_selling_shop, a_stocked_variant, told

pytestmark = [pytest.mark.slow, pytest.mark.race]

TWINS = 50
BUYERS, PIECES = 40, 5
PATIENCE = httpx.Timeout(60)


@dataclass(frozen=True)
class Buyer:
    """A client with a connection of its own, as on a network."""

    http: httpx.Client

    def call(self, method: str, path: str, body: Any = None, *, key: str = "") -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.http.request(method, f"/api/{path}", json=body, headers=headers)


def a_buyer(url: str, token: str = "") -> Buyer:
    http = httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False)
    token = token or http.post("/api/cart").json()["token"]
    http.headers["Authorization"] = f"Bearer {token}"
    return Buyer(http)


def at_once[T](crowd: int, act: Callable[[int], T]) -> list[T]:
    """Everybody waits at one door. Unlike `crowd.together` nobody needs a database connection here."""
    door = Barrier(crowd)

    def member(number: int) -> T:
        door.wait(60)
        return act(number)

    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(member, range(crowd)))


@pytest.fixture
def selling(live_database: None, shop_server: Any) -> str:
    a_selling_shop()
    return shop_server.url


def test_the_same_order_fifty_times_at_once_is_one_order(selling):
    variant = a_stocked_variant(100)
    first = a_buyer(selling)
    assert first.call("post", "cart/items", {"sku": variant.sku}).status_code == 201
    token = first.http.headers["Authorization"].removeprefix("Bearer ")
    twins = [a_buyer(selling, token) for _ in range(TWINS)]
    key, before = secrets.token_hex(8), Order.objects.count()

    answers = at_once(TWINS, lambda n: twins[n].call("post", "checkout", told(), key=key))
    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(waiting) == TWINS, Counter(answer.status_code for answer in answers)
    assert done
    assert {answer.json()["code"] for answer in waiting} <= {"idempotency.in_flight"}
    assert {answer.headers["Retry-After"] for answer in waiting} <= {"1"}

    again = at_once(TWINS, lambda n: twins[n].call("post", "checkout", told(), key=key))
    assert {answer.status_code for answer in again} == {201}
    assert {answer.content for answer in [*done, *again]} == {done[0].content}
    assert {answer.headers["Idempotent-Replayed"] for answer in again} == {"true"}

    other = twins[0].call("post", "checkout", told(gift_message="For Mia"), key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    assert Order.objects.count() == before + 1
    order = Order.objects.get(number=done[0].json()["order_number"])
    assert (order.status, order.payments.count()) == ("paid", 1)
    assert inventory.stock_facts(variant.sku).on_hand == 99


def buys_one(buyer: Buyer, sku: str) -> httpx.Response:
    """Into the basket and through checkout; gives the last answer, which may be a refusal at either step."""
    put_in = buyer.call("post", "cart/items", {"sku": sku, "quantity": 1})
    if put_in.status_code != 201:
        return put_in
    return buyer.call("post", "checkout", told(), key=secrets.token_hex(8))


def test_forty_racing_for_five_pieces_make_five_orders(selling, scale):
    for _ in range(scale(1, 5)):
        variant = a_stocked_variant(PIECES)
        buyers = [a_buyer(selling) for _ in range(BUYERS)]
        answers = at_once(BUYERS, lambda n, sku=variant.sku, crowd=buyers: buys_one(crowd[n], sku))
        served = [answer for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code == 409]
        assert (len(served), len(refused)) == (PIECES, BUYERS - PIECES), Counter(a.status_code for a in answers)
        assert {answer.json()["code"] for answer in refused} == {"inventory.out_of_stock"}
        numbers = {answer.json()["order_number"] for answer in served}
        assert Order.objects.filter(number__in=numbers, status="paid").count() == PIECES
        facts = inventory.stock_facts(variant.sku)
        assert (facts.on_hand, facts.reserved, facts.available) == (0, 0, 0)


def test_forty_with_baskets_filled_one_by_one_race_at_checkout_only(selling):
    """The holds decide who may buy; whoever has one gets through, all at the same moment."""
    variant = a_stocked_variant(PIECES)
    buyers = [a_buyer(selling) for _ in range(BUYERS)]
    held = [buyer for buyer in buyers if buyer.call("post", "cart/items", {"sku": variant.sku}).status_code == 201]
    assert len(held) == PIECES
    answers = at_once(len(held), lambda n: held[n].call("post", "checkout", told(), key=secrets.token_hex(8)))
    assert [answer.status_code for answer in answers] == [201] * PIECES


def test_a_body_of_five_megabytes_is_refused_over_the_wire(selling):
    answer = httpx.post(f"{selling}/api/cart/items", content=b"x" * 5_000_000, timeout=PATIENCE, trust_env=False)
    assert answer.status_code == 413
    assert answer.json()["code"] == "edge.too_large"


def test_a_body_of_unknown_length_is_refused_over_the_wire(selling):
    def drip() -> Any:
        yield from (b"{}", b" ")

    answer = httpx.post(f"{selling}/api/cart", content=drip(), timeout=PATIENCE, trust_env=False)
    assert answer.status_code == 411

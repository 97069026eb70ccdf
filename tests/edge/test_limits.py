"""Limits hold per client, for all workers together, whatever the client writes into its headers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from limits import RateLimitItemPerSecond

from kidspetite.config.env import Rate
from kidspetite.faces.edge import counters, limits
from kidspetite.faces.edge.counters import Counter, PostgresStorage
from kidspetite.faces.edge.jobs import sweep_rate_counts
from kidspetite.faces.edge.limits import class_of
from kidspetite.faces.edge.models import RateCount
from kidspetite.foundation.content.models import ShopSettings
from tests.harness.crowd import together

pytestmark = [pytest.mark.urls("tests.edge.doors"), pytest.mark.django_db]

NOON = datetime(2026, 12, 10, 17, 0, 0, tzinfo=UTC)  # 12:00 in New York


@pytest.fixture
def limited(settings) -> Iterator[None]:
    settings.RATE_LIMITS_ON = True
    settings.RATES = settings.RATES | {"cart": Rate(3, 60), "signin": Rate(2, 60), "browse": Rate(5, 60)}
    counters.counter.cache_clear()
    limits._shop_zone.cache_clear()
    yield
    counters.counter.cache_clear()
    limits._shop_zone.cache_clear()


def statuses(client: Client, path: str, times: int, **meta: str) -> list[int]:
    return [client.post(path, **meta).status_code for _ in range(times)]


def test_the_limit_is_reached_exactly(limited):
    assert statuses(Client(), "/cart", 5) == [200, 200, 200, 429, 429]


def test_each_answer_tells_what_is_left(limited):
    with time_machine.travel(NOON, tick=False):
        answers = [Client().post("/cart") for _ in range(4)]
    assert [answer["RateLimit-Limit"] for answer in answers] == ["3"] * 4
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert [answer["RateLimit-Reset"] for answer in answers] == ["60"] * 4
    assert answers[3]["Retry-After"] == "60"
    assert "Retry-After" not in answers[2]


def test_a_new_window_starts_afresh(limited):
    with time_machine.travel(NOON, tick=False) as clock:
        assert statuses(Client(), "/cart", 4)[-1] == 429
        clock.shift(timedelta(seconds=59))
        assert statuses(Client(), "/cart", 1) == [429]
        clock.shift(timedelta(seconds=1))
        assert statuses(Client(), "/cart", 4) == [200, 200, 200, 429]


def test_the_page_says_when_to_come_back_in_the_shops_time(limited):
    ShopSettings.objects.create(valid_from=NOON - timedelta(days=1), time_zone="America/New_York")
    with time_machine.travel(NOON, tick=False):
        statuses(Client(), "/cart", 3)
        page = Client().post("/cart")
        problem = Client().post("/api/cart").json()
    assert page.status_code == 429
    assert "12:01 pm EST" in page.content.decode()
    assert problem["code"] == "edge.too_many_requests"
    assert problem["detail"].endswith("Come back at 12:01 pm EST.")
    assert problem["facts"] == {"limit": 3, "window_seconds": 60, "retry_after": 60}


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_spoofed_header_gives_no_extra_try(limited, settings, proxies):
    settings.TRUSTED_PROXY_COUNT = proxies
    real = ["203.0.113.7", "10.0.0.2"][:proxies]
    forwarded = [", ".join([f"198.51.100.{n}", *real]) for n in range(6)]
    answers = [Client().post("/cart", headers={"X-Forwarded-For": header}) for header in forwarded]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 3


def test_clients_behind_a_proxy_have_a_limit_each(limited, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    for client in ("203.0.113.7", "203.0.113.8"):
        answers = [Client().post("/cart", headers={"X-Forwarded-For": client}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [429]


def test_page_and_api_share_a_limit(limited):
    assert statuses(Client(), "/cart", 3) == [200] * 3
    assert Client().post("/api/cart").status_code == 429


def test_the_staff_login_counts_as_signing_in(limited):
    assert statuses(Client(), "/sign-in", 1) == [200]
    assert statuses(Client(), "/admin/login/", 2) == [200, 429]
    assert Client().get("/sign-in").status_code == 200


def test_off_is_off(limited, settings):
    settings.RATE_LIMITS_ON = False
    answers = [Client().post("/cart") for _ in range(9)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Limit" not in answers[0]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/", "browse"),
        ("GET", "/products/fern", "browse"),
        ("GET", "/cart", "browse"),
        ("GET", "/sign-in", "browse"),
        ("POST", "/sign-in", "signin"),
        ("POST", "/sign-up", "signin"),
        ("POST", "/sign-in/password/reset", "signin"),
        ("POST", "/admin/login/", "signin"),
        ("POST", "/orders/find", "signin"),
        ("POST", "/contact", "signin"),
        ("POST", "/cart/lines", "cart"),
        ("PATCH", "/api/cart/items/1", "cart"),
        ("POST", "/api/cart/promo-code", "codes"),
        ("POST", "/checkout/review", "checkout"),
        ("POST", "/api/checkout", "checkout"),
        ("GET", "/search", "search"),
        ("GET", "/api/search/suggest", "search"),
        ("GET", "/api/address/suggest", "address"),
        ("GET", "/api/products", "api"),
        ("GET", "/api/cart", "api"),
        ("POST", "/api/vitals", "browse"),
        ("POST", "/api/webhooks/stripe", ""),
        ("GET", "/static/ui.css", ""),
        ("GET", "/media/a.webp", ""),
        ("GET", "/healthz", ""),
    ],
)
def test_what_counts_where(method, path, name):
    assert class_of(method, path) == name


# --- The counter


def test_workers_share_a_small_limit_exactly():
    item = RateLimitItemPerSecond(10, 60, namespace="signin")
    workers = [Counter(PostgresStorage("kidspetite://")) for _ in range(3)]
    hits = [workers[n % 3].hit(item, "client").hits for n in range(12)]
    assert hits == list(range(1, 13))


def test_workers_share_a_large_limit_within_two_percent_each():
    item = RateLimitItemPerSecond(600, 60, namespace="browse")
    workers = [Counter(PostgresStorage("kidspetite://")) for _ in range(2)]
    passed = sum(workers[n % 2].hit(item, "client").hits <= item.amount for n in range(900))
    assert 600 <= passed <= 600 * 1.04


def test_browsing_costs_one_statement_in_twelve(django_assert_max_num_queries):
    item = RateLimitItemPerSecond(600, 60, namespace="browse")
    worker = Counter(PostgresStorage("kidspetite://"))
    with django_assert_max_num_queries(10):
        for _ in range(120):
            worker.hit(item, "client")


def test_a_client_over_its_limit_costs_nothing_more(django_assert_max_num_queries):
    item = RateLimitItemPerSecond(2, 60, namespace="cart")
    worker = Counter(PostgresStorage("kidspetite://"))
    with django_assert_max_num_queries(3):
        assert [worker.hit(item, "client").hits for _ in range(50)][-1] == 50


@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_workers_passes_exactly_the_limit():
    item = RateLimitItemPerSecond(20, 60, namespace="codes")

    def worker(_: int) -> int:
        own = Counter(PostgresStorage("kidspetite://"))
        return sum(own.hit(item, "client").hits <= item.amount for _ in range(10))

    assert sum(together(8, worker)) == 20


def test_a_store_out_of_reach_limits_nobody_else_and_still_counts_here(caplog):
    class Gone(PostgresStorage):
        def incr(self, key: str, expiry: int, amount: int = 1) -> int:
            from django.db import OperationalError

            raise OperationalError("no server")

    worker = Counter(Gone("kidspetite://"))
    item = RateLimitItemPerSecond(2, 60, namespace="cart")
    assert [worker.hit(item, "client").hits for _ in range(4)] == [1, 2, 3, 4]
    assert "rate_store_unreachable" in caplog.text


def test_tallies_are_bounded(monkeypatch):
    monkeypatch.setattr(counters, "MOST_TALLIES", 10)
    worker = Counter(PostgresStorage("kidspetite://"))
    item = RateLimitItemPerSecond(600, 60, namespace="browse")
    for n in range(25):
        worker.hit(item, f"client-{n}")
    assert len(worker._windows) <= 11


def test_the_table_is_unlogged_and_swept():
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where relname = 'edge_ratecount'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_the_sweep_forgets_windows_that_are_over():
    from asgiref.sync import async_to_sync

    from kidspetite.foundation.kernel import clock

    RateCount.objects.create(key="old", hits=1, expires_at=clock.now() - timedelta(seconds=1))
    RateCount.objects.create(key="new", hits=1, expires_at=clock.now() + timedelta(seconds=60))
    # In a thread of its own: a browser test of this process may have left a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(async_to_sync(sweep_rate_counts.func), timestamp=0).result()
    assert list(RateCount.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.parametrize("scheme", ["redis", "valkey"])
def test_a_redis_that_is_away_lets_everybody_in_and_each_worker_counts_alone(limited, settings, scheme, caplog):
    settings.REDIS_URL = f"{scheme}://127.0.0.1:1/0"
    assert statuses(Client(), "/cart", 4) == [200, 200, 200, 429]
    assert "rate_store_unreachable" in caplog.text
    assert not RateCount.objects.exists()

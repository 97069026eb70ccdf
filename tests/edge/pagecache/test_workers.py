"""Two granian workers over one database: each keeps its own pages, and a change is seen by both within a second."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.utils.datastructures import CaseInsensitiveMapping

from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.catalog.types import Cell
from kidspetite.goods.inventory import operations as inventory
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.harness.server import ShopServer
from tests.harness.wsgi import Said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORKERS = 2
PATIENCE = 30.0
HITS, MISSES, PASSED = (f'total{{outcome="{outcome}"}}' for outcome in ("hit", "miss", "passed"))
PRICE = re.compile(rb'"price": ?"(\d+\.\d\d)"')


@pytest.fixture
def shop(live_database: None, shop_server: ShopServer) -> ShopServer:
    a_selling_shop()
    return shop_server


class Visitors:
    """Connections to every worker: a connection stays with the worker that took it, named by the ids it gives."""

    def __init__(self, shop: ShopServer) -> None:
        self._place = urlsplit(shop.url).netloc
        self._doors: dict[str, http.client.HTTPConnection] = {}

    def to_each_worker(self, path: str) -> dict[str, http.client.HTTPConnection]:
        until = time.monotonic() + PATIENCE
        while len(self._doors) < WORKERS and time.monotonic() < until:
            door = http.client.HTTPConnection(self._place, timeout=10)
            said = [visit(door, path) for _ in range(6)][-1]
            name = said.headers["X-Request-Id"][:16]
            if said.cache != "hit" or self._doors.setdefault(name, door) is not door:
                door.close()
        assert len(self._doors) == WORKERS
        return self._doors


def visit(door: http.client.HTTPConnection, path: str, **headers: str) -> Said:
    door.request("GET", path, headers=headers)
    answer = door.getresponse()
    return Said(answer.status, CaseInsensitiveMapping(answer.getheaders()), answer.read())


def set_price(variant: Variant, cents: int) -> None:
    cells = {(variant.colour_id, variant.size_id): Cell(price_minor=cents, compare_at_minor=None, is_sold=True)}
    catalog.save_grid(variant.product_id, cells, by="test")


def seconds_until_seen(doors: dict[str, http.client.HTTPConnection], path: str, what: Callable[[Said], bool]) -> float:
    """Until what has just happened is on every worker's page, where it stays."""
    began = time.monotonic()
    for name, door in doors.items():
        wait_for(lambda door=door: what(visit(door, path)), f"worker {name} still shows the page from before")
    seconds = time.monotonic() - began
    time.sleep(0.05)
    assert all(what(visit(door, path)) for door in doors.values())
    return seconds


def wait_for(holds: Callable[[], bool], otherwise: str = "") -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.01)


def hear_all(doors: Collection[http.client.HTTPConnection]) -> None:
    """Return when every worker has told what it counted until now: each tells all its numbers at once, and here each
    gets one more to tell."""
    door = next(iter(doors))
    before = figure(door, PASSED)
    for each in doors:
        assert visit(each, "/products/nobody-knows-it").status == 404
    wait_for(lambda: figure(door, PASSED) >= before + WORKERS)


def shows(price: str) -> Callable[[Said], bool]:
    return lambda said: set(PRICE.findall(said.body)) == {price.encode()}


def test_a_new_price_is_on_every_workers_page_within_a_second(shop, scale):
    variant = a_stocked_variant(20, price=1800)
    path = f"/products/{variant.product.slug}"
    doors = Visitors(shop).to_each_worker(path)
    assert all(shows("18.00")(visit(door, path)) for door in doors.values())
    took = []
    for number in range(scale(5, 50)):
        set_price(variant, 1900 + 100 * number)
        took.append(seconds_until_seen(doors, path, shows(f"{19 + number}.00")))
    assert min(took) < 1.0, "a busy machine may hold up some of them, and pages that nobody purges hold up all"
    etags = {visit(door, path).etag for door in doors.values()}
    assert len(etags) == 1, "workers agree, so a browser's copy is good with each"


def test_a_change_that_was_not_committed_purges_nothing(shop):
    variant = a_stocked_variant(20, price=1800)
    path = f"/products/{variant.product.slug}"
    doors = Visitors(shop).to_each_worker(path)
    time.sleep(3)  # pages made right after the purge by the new style live for two seconds and a half
    assert {visit(door, path).status for door in doors.values()} == {200}
    with transaction.atomic():
        set_price(variant, 2500)
        transaction.set_rollback(True)
    time.sleep(0.3)
    for door in doors.values():
        said = visit(door, path)
        assert said.cache == "hit"
        assert shows("18.00")(said)


def test_the_last_pieces_are_said_when_the_band_changes(shop):
    variant = a_stocked_variant(20)
    path = f"/products/{variant.product.slug}"
    doors = Visitors(shop).to_each_worker(path)
    took = []
    for pieces, word in ((0, b"OutOfStock"), (20, b"InStock"), (0, b"OutOfStock")):
        inventory.set_stock(variant.pk, on_hand=pieces, reason="counted", by="test")
        took.append(seconds_until_seen(doors, path, lambda said, word=word: word in said.body))
    assert min(took) < 1.0


def test_what_changed_while_the_ears_were_cut_off_is_seen_when_they_hear_again(shop):
    variant = a_stocked_variant(20, price=1800)
    path = f"/products/{variant.product.slug}"
    doors = Visitors(shop).to_each_worker(path)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'kidspetite-ear' AND datname = current_database()"
        )
        assert cursor.fetchone()[0] == WORKERS
    set_price(variant, 3300)
    seconds_until_seen(doors, path, shows("33.00"))


def test_metrics_tell_of_it(shop):
    """The same whichever worker answers, though each has counted its own."""
    doors = Visitors(shop).to_each_worker("/size-guide").values()
    hear_all(doors)
    before = [figure(door, HITS) for door in doors]
    hits = sum(visit(door, "/size-guide").cache == "hit" for door in doors for _ in range(10))
    hear_all(doors)
    assert hits > 10
    for door, known in zip(doors, before, strict=True):
        assert figure(door, HITS) == known + hits == before[0] + hits
        assert figure(door, "open") == 1
        assert 0 < figure(door, "hit_rate") < 1
        assert figure(door, "bytes") > 0


def test_the_likeliest_pages_are_there_before_anybody_comes(shop):
    doors = Visitors(shop).to_each_worker("/size-guide").values()
    hear_all(doors)
    door = next(iter(doors))
    misses = figure(door, MISSES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('kidspetite_pages', '*')")
    wait_for(lambda: figure(door, "kept") >= 3 * WORKERS)
    hear_all(doors)
    assert figure(door, MISSES) == misses, "nobody had to ask"


def figure(door: http.client.HTTPConnection, name: str) -> float:
    """One of the page cache's numbers, as the worker behind this connection tells it of both."""
    lines = visit(door, "/metrics").body.decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"kidspetite_pages_{name} "))

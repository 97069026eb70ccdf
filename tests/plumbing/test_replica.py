"""A streaming replica that stands still while the shop goes on: what is read there, and what never is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from kidspetite.faces.edge.aside import COOKIE, ReadsAside
from kidspetite.faces.edge.pagecache.door import PageCache
from kidspetite.faces.edge.pagecache.ear import Ear
from kidspetite.faces.edge.pagecache.memory import forget_everything
from kidspetite.faces.edge.pagecache.store import Store
from kidspetite.faces.edge.pagecache.tally import Tally
from kidspetite.foundation.plumbing import replica
from kidspetite.foundation.plumbing.replica import LAG_SECONDS, PRIMARY, REPLICA, Progress, read_aside, reading_aside
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.catalog.types import Filters
from kidspetite.journeys.discovery import queries as discovery
from tests.conftest import RUN
from tests.factories.catalog import a_product
from tests.harness.clock import Clock
from tests.harness.standby import Standby, streaming_standby
from tests.harness.wsgi import ask

pytestmark = [pytest.mark.django_db(transaction=True, databases=[PRIMARY, REPLICA]), pytest.mark.slow]

SLUG = "fern-bodysuit"


@pytest.fixture(scope="module", autouse=True)
def standby() -> Iterator[Standby]:
    """Named in the settings before any test asks for its databases."""
    own = connections[PRIMARY].settings_dict
    with streaming_standby(RUN, name="replica") as standby, pytest.MonkeyPatch.context() as patch:
        alias = own | {"HOST": standby.host, "TEST": own["TEST"] | {"MIRROR": PRIMARY}}
        patch.setitem(connections.settings, REPLICA, alias)
        patch.setitem(settings.DATABASES, REPLICA, alias)
        yield standby
        connections[REPLICA].close()
        del connections[REPLICA]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(transactional_db, standby, clock, monkeypatch) -> Iterator[Standby]:
    """The shop with a replica that has come as far as the primary, five seconds after this process began."""
    monkeypatch.setattr(replica, "_progress", Progress(clock))
    a_product("Fern bodysuit", slug=SLUG)
    standby.catches_up()
    with reading_aside():
        catalog.product_page(SLUG)
    standby.catches_up()  # with what was written when the primary was looked at
    clock.now += LAG_SECONDS + 1
    yield standby
    connections[REPLICA].close()
    if standby.cluster.process and standby.cluster.process.poll() is None:
        standby.goes_on()


def name_read_aside() -> str:
    with reading_aside():
        page = catalog.product_page(SLUG)
    assert page
    return page.name


def renamed(name: str) -> None:
    Product.objects.filter(slug=SLUG).update(name=name)


@contextmanager
def asked_at_replica(some: bool) -> Iterator[None]:
    with CaptureQueriesContext(connections[REPLICA]) as asked:
        yield
    goods = [query["sql"] for query in asked if "lsn" not in query["sql"]]
    assert bool(goods) is some, goods


def test_goods_are_read_at_the_replica_by_whoever_may(shop):
    with asked_at_replica(some=True), reading_aside():
        catalog.product_page(SLUG)
    with asked_at_replica(some=True), reading_aside():
        assert catalog.listing(Filters()).cards
    with asked_at_replica(some=True), reading_aside():
        catalog.sitemap_entries()
    with asked_at_replica(some=True), reading_aside():
        assert discovery.search("fern").listing.cards
    with asked_at_replica(some=False):
        catalog.product_page(SLUG)


def test_inside_a_transaction_nothing_is_read_aside(shop):
    with asked_at_replica(some=False), reading_aside(), transaction.atomic():
        catalog.product_page(SLUG)


def test_a_short_lag_is_let_pass_until_this_process_hears_of_a_change(shop):
    shop.stands_still()
    renamed("Fern bodysuit, new")
    assert name_read_aside() == "Fern bodysuit"
    replica.hear_change()
    assert name_read_aside() == "Fern bodysuit, new"
    shop.goes_on()
    with asked_at_replica(some=True):
        assert name_read_aside() == "Fern bodysuit, new"


def test_a_long_lag_is_not(shop, clock):
    shop.stands_still()
    renamed("Fern bodysuit, new")
    assert name_read_aside() == "Fern bodysuit"
    clock.now += LAG_SECONDS + 1
    assert name_read_aside() == "Fern bodysuit, new"


def test_a_process_that_was_not_asked_for_a_while_knows_no_lag_and_wants_everything(shop, clock):
    shop.stands_still()
    renamed("Fern bodysuit, new")
    clock.now += 600
    assert name_read_aside() == "Fern bodysuit, new"


def test_what_is_younger_than_the_replica_is_found_all_the_same(shop):
    shop.stands_still()
    a_product("Birch hat", slug="birch-hat")
    with reading_aside():
        assert catalog.product_page("birch-hat")
        assert read_aside(lambda database: database) == REPLICA
    with reading_aside():
        assert "Birch hat" in [card.name for card in catalog.listing(Filters()).cards]


def test_a_replica_that_is_away_costs_one_question_and_no_answer(shop, clock):
    shop.cluster.stop()
    try:
        assert name_read_aside() == "Fern bodysuit"
        with asked_at_replica(some=False):
            assert name_read_aside() == "Fern bodysuit"
    finally:
        connections[REPLICA].close()
        shop.start()
    clock.now += LAG_SECONDS + 1
    with asked_at_replica(some=True):
        assert name_read_aside() == "Fern bodysuit"


def test_a_primary_is_no_replica(shop, monkeypatch):
    monkeypatch.setitem(connections[REPLICA].settings_dict, "HOST", connections[PRIMARY].settings_dict["HOST"])
    connections[REPLICA].close()
    with asked_at_replica(some=False):
        assert name_read_aside() == "Fern bodysuit"


def kept_page(monkeypatch) -> tuple[str, str]:
    """What is kept of a page that is made anew right after its purge, and what a second asking then shows."""

    def app(environ, start_response):
        name = name_read_aside()
        start_response("200 OK", [("Cache-Control", "public, s-maxage=300"), ("Cache-Tag", "product:1")])
        return [name.encode()]

    store = Store(1_000_000)
    door = PageCache(app, store, Tally(store))
    store.open()
    before = ask(door, f"/products/{SLUG}").body.decode()
    renamed("Fern bodysuit, new")
    Ear(store, forget=forget_everything)._hear("product:1")
    return before, ask(door, f"/products/{SLUG}").body.decode()


def test_a_page_made_anew_is_never_older_than_its_purge(shop, monkeypatch):
    shop.stands_still()
    assert kept_page(monkeypatch) == ("Fern bodysuit", "Fern bodysuit, new")


def test_without_that_rule_it_is(shop, monkeypatch):
    from kidspetite.faces.edge.pagecache import memory

    monkeypatch.setattr(memory, "_forgetters", memory._forgetters[:1])
    shop.stands_still()
    assert kept_page(monkeypatch) == ("Fern bodysuit", "Fern bodysuit")


@pytest.mark.parametrize(
    ("method", "path", "headers", "cookies", "may"),
    [
        ("GET", "/search", {}, {}, True),
        ("HEAD", "/products", {}, {}, True),
        ("POST", "/cart/items", {}, {}, False),
        ("GET", "/search", {}, {COOKIE: "1"}, False),
        ("GET", "/api/products", {"Authorization": "Bearer abc"}, {}, False),
        ("GET", "/admin", {}, {}, False),
    ],
)
def test_who_reads_aside(shop, method, path, headers, cookies, may):
    request = RequestFactory().generic(method, path, headers=headers)
    request.COOKIES.update(cookies)
    read: list[str] = []

    def view(request):
        read.append(read_aside(lambda database: database))
        return HttpResponse("x")

    ReadsAside(view)(request)
    assert read == [REPLICA if may else PRIMARY]


@pytest.mark.parametrize(
    ("method", "path", "stays"),
    [("GET", "/search", None), ("POST", "/cart/items", 8), ("POST", "/api/vitals", None), ("GET", "/admin", 12 * 3600)],
)
def test_who_writes_stays_with_the_primary_for_a_while(method, path, stays):
    response = ReadsAside(lambda request: HttpResponse("x"))(RequestFactory().generic(method, path))
    mark = response.cookies.get(COOKIE)
    assert (mark and mark["max-age"]) == stays

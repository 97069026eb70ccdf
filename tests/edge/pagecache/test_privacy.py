"""Two people, signed in and with full baskets, walk through the shop: they get the same bytes, and none is theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import URLPattern, get_resolver

from kidspetite.config.urls import urlpatterns
from kidspetite.faces.edge.pagecache import door as doors
from kidspetite.faces.edge.pagecache.addresses import key_of
from kidspetite.faces.edge.pagecache.door import PageCache
from kidspetite.faces.edge.pagecache.store import Store
from kidspetite.faces.edge.pagecache.tally import Tally
from kidspetite.foundation.content.models import Page
from tests.factories.catalog import a_collection, a_product
from tests.factories.checkout import a_basket, a_selling_shop, a_stocked_variant
from tests.harness.wsgi import Said, ask

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LINK = re.compile(rb'href="(/[^"#]*)')


class Person:
    """Somebody with an account and a basket, and everything that would give them away."""

    def __init__(self, name: str, django_user_model) -> None:
        client, self.name = Client(), name
        user = django_user_model.objects.create(email=f"{name.lower()}@mail.example", name=name)
        client.force_login(user)
        cart = a_basket(a_stocked_variant(5), quantity=3)
        session = client.session
        session["cart"] = cart.token
        session.save()
        client.cookies["kp_hint"] = "1"
        client.get("/contact")  # a page that makes a token against forgery
        self.cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
        self.traces = [
            name,
            user.email,
            cart.token,
            *(morsel.value for morsel in client.cookies.values() if len(morsel.value) > 8),
        ]

    def found_in(self, said: Said) -> list[str]:
        everything = said.body + repr(said.headers).encode()
        return [trace for trace in self.traces if trace.encode() in everything]


@pytest.fixture
def people(django_user_model) -> list[Person]:
    a_selling_shop()
    return [Person("Miarabella", django_user_model), Person("Noahrandir", django_user_model)]


@pytest.fixture
def door(people: list[Person]) -> Iterator[PageCache]:
    """The page cache before all of Django, in the test's own transaction: so no request may end its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    a_collection(
        "First week home", (a_product("Fern bodysuit"), a_product("Moss hat", category="hats")), is_on_home=True
    )
    Page.objects.create(slug="returns", title="Returns", body="Send it back.")
    store = Store(20_000_000)
    store.open()
    yield PageCache(WSGIHandler(), store, Tally(store))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def walk(door: PageCache, person: Person, *, most: int = 120) -> dict[str, Said]:
    """Every kept page that can be reached by following links, as this person gets it."""
    seen: dict[str, Said] = {}
    ahead = ["/", "/offline", "/robots.txt", "/sitemap.xml"]
    while ahead and len(seen) < most:
        address = ahead.pop(0)
        parts = urlsplit(address)
        if address in seen or key_of(parts.path, parts.query) is None:
            continue
        said = ask(door, address, cookie=person.cookie, authorization="Bearer abc", accept_language="de")
        seen[address] = said
        ahead += [urljoin(address, link.decode().replace("&amp;", "&")) for link in LINK.findall(said.body)]
    return seen


def test_two_people_walk_through_the_shop_and_leave_no_trace(door, people):
    mia, noah = people
    first, second = walk(door, mia), walk(door, noah)
    kinds = {urlsplit(address).path.split("/")[1] for address in first}
    assert kinds >= {"", "products", "category", "collection", "pages", "size-guide", "sitemap.xml", "robots.txt"}
    assert len(first) > 40
    assert first.keys() == second.keys()
    for address, said in first.items():
        assert [trace for person in people for trace in person.found_in(said)] == [], address
        again = second[address]
        assert (again.status, again.body) == (said.status, said.body), address
        assert "Set-Cookie" not in {**said.headers, **again.headers}
        assert not {"cookie", "*"} & {name.strip().lower() for name in again.headers.get("Vary", "").split(",")}
        if said.status == 200:
            assert (said.cache.partition(";")[0], again.cache) == ("fwd=miss", "hit") or said.cache == "hit", address


def test_what_mia_fills_a_stranger_gets_and_the_other_way_round(door, people):
    for person, address in zip(people, ("/", "/products"), strict=True):
        filled = ask(door, address, cookie=person.cookie)
        plain = ask(door, address)
        straight = ask(WSGIHandler(), address, cookie=person.cookie)
        assert filled.cache == "fwd=miss; stored"
        assert plain.cache == "hit"
        assert filled.body == plain.body == straight.body


def test_control_a_page_with_a_name_in_it_is_found(people, monkeypatch):
    """A shop that does put the visitor into its shared pages, behind a door that shows it the visitor."""

    def careless(environ, start_response):
        start_response("200 OK", [("Cache-Control", "s-maxage=60"), ("Content-Type", "text/html")])
        return [f"Welcome back, {environ.get('HTTP_COOKIE', '')}".encode()]

    store = Store(1_000_000)
    store.open()
    monkeypatch.setattr(doors, "_as_nobody", lambda key, environ: environ)
    mia, noah = people
    door = PageCache(careless, store, Tally(store))
    assert mia.found_in(ask(door, "/", cookie=mia.cookie))
    assert mia.found_in(ask(door, "/", cookie=noah.cookie)), "another one's page"


def test_every_view_that_calls_itself_shared_is_kept_or_left_out_on_purpose():
    """Searches are as many as there are words, so they are not kept here; a CDN may."""
    left_out = {"search", "suggestions"}
    names = {"slug": "fern"}
    shared = [
        pattern for part in urlpatterns for pattern in getattr(part, "url_patterns", [part])
        if isinstance(pattern, URLPattern) and getattr(pattern.callback, "is_cacheable", False)
    ]  # fmt: skip
    assert {pattern.name for pattern in shared} >= {
        "home",
        "products",
        "product",
        "category",
        "collection",
        "page",
    } | left_out
    for pattern in shared:
        given = {name: names[name] for name in pattern.pattern.converters}
        path = get_resolver().reverse(pattern.name, **given)
        assert (key_of(f"/{path}", "") is None) == (pattern.name in left_out), path


def test_a_request_that_django_refuses_leaves_nothing(door):
    assert ask(door, "/products", host="evil.example").status == 400
    assert ask(door, "/products/nowhere").status == 404
    assert ask(door, "/products?page=4000").status == 302
    assert len(door.store) == 0


def test_what_is_personal_comes_in_one_small_answer_of_its_own(door, people, django_user_model):
    mia = people[0]
    django_user_model.objects.filter(name=mia.name).update(
        name="Ж" * django_user_model._meta.get_field("name").max_length
    )
    said = ask(door, "/fragments/me", cookie=mia.cookie)
    assert said.cache == ""
    assert json.loads(said.body)["cart_count"] == 3
    assert len(said.body) <= 2_048
    assert said.headers["Cache-Control"] == "private, no-store"
    assert json.loads(ask(door, "/fragments/me").body) == {"cart_count": 0}

"""The page about speed: true figures by kind of page, device and days, for those whose role opens it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidspetite.faces.backoffice.speed import percents
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.vitals.types import Device, PageKind, Vital
from tests.factories.vitals import visits

pytestmark = pytest.mark.django_db


def read(client, query: str = "") -> str:
    answer = client.get(f"/admin/speed{query}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


def test_before_anybody_came(owner, settings):
    assert "No visits yet" in read(owner)
    settings.VITALS_SAMPLE_PERCENT = 0
    assert "Nothing is measured" in read(owner)


def test_figures_by_kind_of_page_beside_those_before(owner):
    visits(1000, 1500)
    visits(150, 3400)
    visits(54, 5500, days_ago=6)
    visits(1187, 2250, days_ago=7)
    visits(9, 9000, days_ago=14)
    visits(40, 3900, page=PageKind.HOME)
    page = read(owner)
    assert "Product pages 1.58 s good 2.19 s in the 7 days before" in page
    assert "Good 83% Needs work 12% Poor 5%" in page
    assert "1,204 visits, 1,187 before" in page
    assert "Front page 3.88 s needs work no visits in the 7 days before" in page
    assert "Checkout" not in page


def test_twenty_eight_days_are_beside_the_twenty_eight_before(owner):
    for days_ago, n in ((0, 1), (27, 2), (28, 4), (55, 8), (56, 16)):
        visits(n, 900, days_ago=days_ago)
    assert "3 visits, 12 before" in read(owner, "?days=28")
    assert "1 visit, 0 before" in read(owner)


def test_one_device_alone_and_another_vital(owner):
    visits(10, 0.3, vital=Vital.CLS)
    visits(10, 0.01, vital=Vital.CLS, device=Device.DESKTOP)
    assert "Product pages 0.33 poor" in read(owner, "?vital=CLS&device=phone")
    assert "Product pages 0.008 good" in read(owner, "?vital=CLS&device=desktop")
    assert "Nobody came with such a device" in read(owner, "?vital=CLS&device=tablet")
    assert "No visit told of this yet" in read(owner, "?vital=LCP")


@pytest.mark.parametrize("query", ["?days=x&device=watch&vital=FID", "?days=-7", "?days=7&days=28"])
def test_what_cannot_be_asked_shows_the_first(owner, query):
    visits(10, 900)
    assert "Largest picture by kind of page" in read(owner, query)


def test_however_many_kinds_it_asks_the_same(owner, django_assert_max_num_queries):
    for page in PageKind:
        for vital in Vital:
            visits(3, 0.2, page=page, vital=vital)
            visits(3, 0.9, page=page, vital=vital, days_ago=9)
    owner.get("/admin/speed")
    with django_assert_max_num_queries(10):
        owner.get("/admin/speed?days=28")


@pytest.mark.parametrize("role", list(Role))
def test_it_opens_to_those_who_can_do_something_about_it(role, staff):
    sees = role in {Role.OWNER, Role.CATALOGUE, Role.MARKETING, Role.READ_ONLY}
    client = staff(role)
    assert client.get("/admin/speed").status_code == (200 if sees else 403)
    assert ("/admin/speed" in client.get("/admin/").text) is sees


def test_letters_are_chosen_where_the_role_sees_it(staff):
    client = staff(Role.MARKETING)
    assert 'name="speed" value="off" checked' in client.get("/admin/my-letters").text
    assert client.post("/admin/my-letters", {"low_stock": "off", "speed": "daily"}).status_code == 302
    assert 'name="speed" value="daily" checked' in client.get("/admin/my-letters").text
    assert client.post("/admin/my-letters", {"low_stock": "off", "speed": "hourly"}).status_code == 422
    assert 'name="speed"' not in staff(Role.SUPPORT).get("/admin/my-letters").text


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_shares_sum_to_a_hundred(parts):
    shares = percents(parts)
    assert sum(shares) == (100 if any(parts) else 0)
    assert all(abs(100 * part - share * sum(parts)) < sum(parts) or not any(parts)
               for part, share in zip(parts, shares, strict=True))  # fmt: skip

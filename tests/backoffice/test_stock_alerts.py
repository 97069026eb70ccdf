"""The page of what runs low, the number at which it does, and the same by the API."""

import re

import pytest
from django.test import Client

from kidspetite.foundation.accounts.types import Role
from kidspetite.goods.inventory.queries import alerts
from tests.factories.inventory import hold_for, stock_of
from tests.factories.waiting import in_line

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def shelves():
    """One out, one low, one with enough of which two lie in a basket."""
    out, low, enough = stock_of(0), stock_of(2), stock_of(20)
    hold_for("cart:1", enough, 2)
    in_line(out, "ana@home.example", "leo@home.example")
    return out, low, enough


@pytest.mark.parametrize(
    ("view", "shown"),
    [("", (True, True, False)), ("out", (True, False, False)), ("low", (False, True, False)),
     ("held", (False, False, True)), ("waited", (True, False, False)), ("nonsense", (True, True, False))],
)  # fmt: skip
def test_each_view_lists_what_it_says(owner, shelves, view, shown):
    page = owner.get(f"/admin/stock-alerts?view={view}").text
    assert tuple(variant.sku in page for variant in shelves) == shown


def test_the_numbers_stand_above(owner, shelves):
    page = " ".join(owner.get("/admin/stock-alerts").text.split())
    for name, number in (("Out", 1), ("Low", 1), ("Below zero", 0), ("In baskets", 2), ("Waiting", 2)):
        assert re.search(rf"<dt>{name}</dt><dd[^>]*>{number}</dd>", page), name


@pytest.mark.parametrize(("typed", "kept"), [("7", 7), ("", None), ("0", 0), ("-1", None), ("many", None), ("٣", None)])
def test_a_size_gets_its_own_number(owner, typed, kept):
    coat = stock_of(3)
    owner.post(f"/admin/stock/{coat.sku}/low-mark", {"low_at": typed})
    assert alerts.mark_of(coat.pk) == kept
    assert "Runs low at" in owner.get(f"/admin/stock/{coat.sku}").text


def test_who_may_only_look_changes_no_number(staff):
    coat = stock_of(3)
    assert staff(Role.READ_ONLY).post(f"/admin/stock/{coat.sku}/low-mark", {"low_at": "7"}).status_code == 403


def test_somebody_who_sees_no_orders_chooses_the_letters_about_stock(staff):
    client = staff(Role.CATALOGUE)
    page = client.get("/admin/my-letters").text
    assert 'name="orders"' not in page
    assert client.post("/admin/my-letters", {"low_stock": "each"}).status_code == 302
    assert 'value="each" checked' in client.get("/admin/my-letters").text
    assert client.post("/admin/my-letters", {"low_stock": "hourly"}).status_code == 422


class TestApi:
    def test_the_team_reads_the_same(self, staff, shelves):
        out, low, _enough = shelves
        answer = staff(Role.FULFILMENT).get("/api/inventory/alerts").json()
        assert [(one["sku"], one["state"], one["on_hand"], one["low_at"]) for one in answer["items"]] == [
            (out.sku, "out", 0, 5), (low.sku, "low", 2, 5),
        ]  # fmt: skip
        assert (answer["total"], answer["page"], answer["pages"]) == (2, 1, 1)
        assert answer["items"][0]["waiting"] == 2
        assert answer["items"][0]["days_of_cover"] is None
        only = staff(Role.OWNER).get("/api/inventory/alerts?state=low").json()
        assert [one["sku"] for one in only["items"]] == [low.sku]

    def test_strangers_and_customers_do_not(self, client, django_user_model):
        assert client.get("/api/inventory/alerts").status_code == 401
        client.force_login(django_user_model.objects.create_user("maya@home.example", name="Maya"))
        assert client.get("/api/inventory/alerts").status_code == 403

    def test_a_basket_token_speaks_for_nobody(self, staff):
        client = staff(Role.OWNER)
        token = Client().post("/api/cart").json()["token"]
        answer = client.get("/api/inventory/alerts", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401

    def test_in_production_without_a_second_factor_nobody_does(self, staff, settings):
        settings.STAFF_NEEDS_SECOND_FACTOR = True
        assert staff(Role.OWNER).get("/api/inventory/alerts").status_code == 403

    @pytest.mark.parametrize("query", ["state=full", "page=0", "page=x"])
    def test_what_cannot_be_asked_is_told(self, staff, query):
        assert staff(Role.OWNER).get(f"/api/inventory/alerts?{query}").status_code == 422

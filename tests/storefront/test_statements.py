"""What a personal page and a page of the desk ask of the database: few statements, and for a dozen rows no more than
for two. Catalogue pages are in `tests/catalog/test_growth.py`, calls of the API in `tests/api/test_statements.py`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.journeys.checkout import operations as checkout
from tests.factories.cards import a_saved_card
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer, grant
from tests.factories.orders import a_paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FEW, MANY = 2, 12
_people = count()


@pytest.fixture(autouse=True)
def shop(settings, goods_kept) -> None:
    a_selling_shop()
    settings.FACTS_KEPT_SECONDS = 60.0  # as in a shop that runs, only longer


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def with_basket(rows: int) -> Client:
    """Somebody on the way to paying for so many lines."""
    client, cart = Client(), a_basket(*[a_stocked_variant() for _ in range(rows)])
    checkout.save_draft(cart, email="maya@home.example", address=ADDRESS, shipping_method="standard")
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def with_orders(rows: int) -> Client:
    user = a_customer()
    for _ in range(rows):
        order = a_paid_order(*[a_stocked_variant() for _ in range(2)])
        order.customer = user
        order.save(update_fields=["customer"])
    return signed_in(user)


def with_addresses(rows: int) -> Client:
    user = a_customer()
    for n in range(rows):
        people.save_address(user, {**ADDRESS, "line1": f"{n + 1} Fern Street"})
    return signed_in(user)


def with_cards(rows: int) -> Client:
    user = a_customer()
    for n in range(rows):
        a_saved_card(user, f"tok_visa:{n + 1:02d}30")
    return signed_in(user)


def with_credit(rows: int) -> Client:
    user = a_customer()
    for n in range(rows):
        grant(user, 100 + n)
    return signed_in(user)


def at_the_desk(rows: int) -> Client:
    for _ in range(rows):
        a_paid_order(*[a_stocked_variant(2) for _ in range(2)])
    owner = User.objects.create_user(f"owner{next(_people)}@team.example", is_staff=True, name="Olive Owner")
    owner.groups.add(Group.objects.get(name=Role.OWNER.value))
    return signed_in(owner)


# The page, and the most statements it may ask.
PAGES: list[tuple[Callable[[int], Client], str, int]] = [
    (with_basket, "/cart", 10),
    (with_basket, "/checkout/shipping", 13),
    (with_basket, "/checkout/payment", 10),
    (with_basket, "/fragments/me", 2),
    (with_orders, "/account", 5),
    (with_orders, "/account/orders", 4),
    (with_addresses, "/account/addresses", 3),
    (with_cards, "/account/payments", 3),
    (with_credit, "/account/credit", 5),
    (with_orders, "/sitemap.xml", 1),
    (at_the_desk, "/admin/", 22),
    (at_the_desk, "/admin/orders", 10),
    (at_the_desk, "/admin/stock", 6),
    (at_the_desk, "/admin/stock-alerts", 12),
    (at_the_desk, "/admin/catalog/product/", 8),
    (at_the_desk, "/admin/payments/payment/", 8),
]


def statements_of(client: Client, path: str) -> list[str]:
    """Of a page that is asked for the second time."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
    return [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize(("people_with", "path", "most"), PAGES, ids=[path for _, path, _ in PAGES])
def test_a_page_asks_as_much_for_a_dozen_rows_as_for_two(people_with: Callable[[int], Client], path: str, most: int):
    few, many = statements_of(people_with(FEW), path), statements_of(people_with(MANY), path)
    assert len(many) <= len(few), "\n".join(many)
    assert len(few) <= most, "\n".join(few)


def test_an_order_is_shown_with_as_much_for_a_dozen_lines_as_for_two():
    shown = []
    for rows in (FEW, MANY):
        order = a_paid_order(*[a_stocked_variant() for _ in range(rows)])
        shown.append(len(statements_of(Client(), f"/orders/{order.token}")))
    assert shown[1] <= shown[0] <= 3

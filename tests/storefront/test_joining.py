"""An account on the confirmation page: one password, everything else is known."""

from __future__ import annotations

import pytest
from django.test import Client

from kidspetite.foundation.accounts.models import User
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_selling_shop, bought

pytestmark = pytest.mark.django_db

PASSWORD = "nine little ducks"


@pytest.fixture
def order() -> Order:
    a_selling_shop()
    return Order.objects.get(number=bought().order_number)


def test_one_password_opens_an_account_with_order_and_address_in_it(client: Client, order: Order):
    page = client.get(f"/checkout/complete/{order.token}").text
    assert page.count('type="password"') == 1
    answer = client.post(f"/orders/{order.token}/account", {"password": PASSWORD})
    assert answer["Location"] == "/account/orders"
    user = User.objects.get(email=order.email)
    order.refresh_from_db()
    assert order.customer == user
    assert user.addresses.get().line1 == "12 Fern Street"
    assert order.number in client.get("/account/orders").text
    assert client.get(f"/account/orders/{order.number}").status_code == 200


def test_a_weak_password_is_told_beside_its_field_and_opens_nothing(client: Client, order: Order):
    answer = client.post(f"/orders/{order.token}/account", {"password": "12345"})
    assert answer.status_code == 422
    assert 'href="#id_password"' in answer.text
    assert not User.objects.exists()
    assert client.post(f"/orders/{order.token}/account", {}).status_code == 422


def test_whoever_has_an_account_is_told_by_mail_and_keeps_it(client: Client, order: Order):
    User.objects.create_user(order.email, password="older and better")
    client.post(f"/orders/{order.token}/account", {"password": PASSWORD})
    order.refresh_from_db()
    assert order.customer is None
    assert User.objects.get().check_password("older and better")


def test_an_order_that_has_an_owner_is_offered_to_nobody(client: Client, order: Order):
    client.post(f"/orders/{order.token}/account", {"password": PASSWORD})
    stranger = Client()
    assert 'type="password"' not in stranger.get(f"/checkout/complete/{order.token}").text
    stranger.post(f"/orders/{order.token}/account", {"password": "another long one"})
    assert User.objects.count() == 1
    assert client.post("/orders/nothing-like-it/account", {"password": PASSWORD}).status_code == 404

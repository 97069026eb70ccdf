"""How many statements the calls of a guest checkout ask of the database, over HTTP, with everything around them."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.checkout import a_selling_shop, a_stocked_variant, told

pytestmark = pytest.mark.django_db

AT_MOST = {"open": 3, "add": 6, "look": 2, "order": 26}


def test_the_calls_of_a_checkout_stay_within_their_statements(client: Client, monkeypatch: pytest.MonkeyPatch):
    a_selling_shop()
    skus = [a_stocked_variant().sku for _ in range(2)]
    monkeypatch.setattr(settings, "FACTS_KEPT_SECONDS", 60.0)  # as in a shop that runs, only longer
    counted: dict[str, int] = {}

    def call(name: str, method: str, path: str, body: object = None, **headers: str) -> dict:
        with CaptureQueriesContext(connection) as seen:
            answer = getattr(client, method)(path, body, content_type="application/json", headers=headers)
        assert answer.status_code < 300, answer.content
        counted[name] = sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries)
        return answer.json()

    def buy() -> None:
        mine = {"Authorization": f"Bearer {call('open', 'post', '/api/cart', {})['token']}"}
        for sku in skus:
            call("add", "post", "/api/cart/items", {"sku": sku, "quantity": 1}, **mine)
        total = call("look", "get", "/api/cart?state=NY&postal_code=11201", **mine)["total_cents"]
        purchase = told(expected_total_cents=total)
        call("order", "post", "/api/checkout", purchase, **mine, **{"Idempotency-Key": str(uuid.uuid4())})

    buy()  # what a process asks once
    buy()
    assert all(counted[name] <= most for name, most in AT_MOST.items()), counted

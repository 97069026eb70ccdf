"""A shop with goods, and a client that speaks JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


class Machine:
    """A client of the API with a bearer token of its own, once it has opened a basket."""

    def __init__(self) -> None:
        self.http = Client(raise_request_exception=False, enforce_csrf_checks=True)
        self.token = ""

    def call(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if key:
            headers["Idempotency-Key"] = key
        if method == "get":
            return self.http.get(f"/api/{path}", headers=headers)
        content = b"" if body is None else body
        send = getattr(self.http, method)
        return send(f"/api/{path}", content, content_type="application/json", headers=headers)

    def opens_a_cart(self) -> Machine:
        self.token = self.call("post", "cart").json()["token"]
        return self

    def puts_in(self, sku: str, quantity: int = 1) -> Machine:
        assert self.call("post", "cart/items", {"sku": sku, "quantity": quantity}).status_code == 201
        return self

    def buys(self, body: dict[str, Any], *, key: str) -> Any:
        return self.call("post", "checkout", body, key=key)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def machines() -> Callable[[], Machine]:
    return Machine


@pytest.fixture
def shop(db: None) -> None:
    from tests.factories.checkout import a_selling_shop

    a_selling_shop()


def fields_of(answer: Any) -> list[str]:
    """The fields that a problem names."""
    assert answer["Content-Type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]

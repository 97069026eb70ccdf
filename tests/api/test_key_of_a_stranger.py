"""Without session and bearer, a client is known by its address alone: its key must be one nobody else has."""

from __future__ import annotations

import uuid

import pytest

from tests.api.conftest import Machine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["1", "k" * 15])
def test_two_behind_one_address_cannot_meet_in_a_short_key(key: str):
    for _ in range(2):
        answer = Machine().call("post", "cart", key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_guessable")


def test_a_key_that_nobody_else_has_is_repeated():
    key = str(uuid.uuid4())
    first, again = (Machine().call("post", "cart", key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"


def test_whoever_is_known_may_use_a_short_one():
    machine = Machine().opens_a_cart()
    assert machine.call("post", "cart", key="1").status_code == 201

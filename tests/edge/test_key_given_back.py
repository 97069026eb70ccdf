"""A key whose first holder gives it back while a twin is looking at it."""

from __future__ import annotations

import pytest

from kidspetite.foundation.plumbing import idempotency
from kidspetite.foundation.plumbing.errors import InFlight
from kidspetite.foundation.plumbing.idempotency import IdempotencyRecord, Ticket

pytestmark = pytest.mark.django_db
CALL = {"scope": "s", "path": "p", "key": "k", "body": b"{}"}


def vanishing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    idempotency.begin(**CALL)  # a twin came first
    insert, left = IdempotencyRecord.objects.bulk_create, [None] * times

    def then_given_back(rows: list[IdempotencyRecord], **how: bool) -> None:
        insert(rows, **how)
        if left:
            left.pop()
            IdempotencyRecord.objects.all().delete()

    monkeypatch.setattr(IdempotencyRecord.objects, "bulk_create", then_given_back)


def test_a_key_that_came_free_meanwhile_is_taken(monkeypatch):
    vanishing(monkeypatch, times=1)
    assert isinstance(idempotency.begin(**CALL), Ticket)


def test_a_key_that_never_holds_still_is_in_flight(monkeypatch):
    vanishing(monkeypatch, times=9)
    with pytest.raises(InFlight):
        idempotency.begin(**CALL)

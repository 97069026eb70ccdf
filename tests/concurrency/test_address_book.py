"""One default address a customer, however many send their first one at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts.models import Address, User
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
TYPED = {"name": "Maya Alvarez", "line1": "12 Fern Street", "city": "Brooklyn", "state": "NY", "postal_code": "11201"}


def failures(number: int) -> int:
    maya = User.objects.create_user(f"maya{number}@home.example")

    def save(_: int) -> bool:
        try:
            accounts.save_address(maya, TYPED)
        except IntegrityError:
            return False
        return True

    failed = together(CROWD, save).count(False)
    assert Address.objects.filter(user=maya, is_default=True).count() == 1
    return failed


def test_a_double_click_on_the_first_address_keeps_both_and_marks_one():
    assert [failures(number) for number in range(3)] == [0, 0, 0]


def test_without_the_lock_some_are_lost(without_locks):
    must_go_wrong(lambda number: failures(number) > 0)

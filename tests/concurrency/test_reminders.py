"""Workers that all look for due reminders at one moment: the person's lock makes them one.

Seen: without the lock on the person the control below finds two letters; with it none of its rounds did.
"""

from datetime import timedelta

import pytest

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback.models import Round
from kidspetite.journeys.winback.operations import reminding
from kidspetite.sales.cart.models import Cart
from tests.factories.winback import a_left_cart, an_address
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 8


def letters_after_a_crowd(address: str) -> int:
    """Two baskets left three days ago, so that the first letter is also the last and ends the round at once."""
    for _ in range(2):
        a_left_cart(address)
    Cart.objects.update(touched_at=clock.now() - timedelta(hours=73))
    together(WORKERS, lambda _: winback.remind_due())
    return Message.objects.filter(to=address).count()


def test_many_workers_write_one_letter():
    for address in (an_address(), an_address()):
        assert letters_after_a_crowd(address) == 1
        assert Round.objects.get(address=address).told == 3


def test_without_locks_on_the_person_they_write_more(monkeypatch):
    monkeypatch.setattr(reminding, "LOCK_PERSON", "select %s")
    must_go_wrong(lambda _: letters_after_a_crowd(an_address()) > 1)

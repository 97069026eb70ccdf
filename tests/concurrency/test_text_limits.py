"""A crowd of workers with texts for one country's day. Seen: a naive twin that counts and then writes oversends."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations
from kidspetite.foundation.notifications.models import Message, TextDay
from kidspetite.foundation.notifications.operations import texting
from kidspetite.foundation.notifications.types import Text, Topic, Wish
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, MOST = 12, 5
DAY = datetime(2026, 12, 1, 17, tzinfo=UTC)


def texts_of_a_day() -> list[int]:
    texts = []
    for number in range(CROWD):
        to = f"+121255501{number:02}"
        operations.set_consent(Wish(to, Topic.ORDER_TEXTS), wanted=True, source="test")
        key = f"text:{number}:{clock.now():%Y-%m-%d}"
        texts.append(operations.send_message(Text(key, "hello", to, "Good day.", place="NY")).pk)
    return texts


@pytest.fixture
def waiting(settings):
    settings.SMS_COUNTRIES = {"US": MOST}
    with time_machine.travel(DAY, tick=True):
        yield texts_of_a_day()


def delivered(waiting: list[int]) -> int:
    together(CROWD, lambda number: operations.deliver(waiting[number]))
    return Message.objects.filter(pk__in=waiting, status="sent").count()


def test_a_crowd_of_workers_sends_exactly_what_a_country_gets_in_a_day(waiting):
    assert delivered(waiting) == MOST
    assert dict(TextDay.objects.filter(scope__in=["US", "all"]).values_list("scope", "used")) == {
        "US": MOST,
        "all": MOST,
    }
    assert Message.objects.filter(status="withdrawn").count() == CROWD - MOST


def test_many_workers_with_one_text_send_it_once(waiting):
    together(CROWD, lambda _number: operations.deliver(waiting[0]))
    sent = Message.objects.get(pk=waiting[0])
    assert (sent.status, sent.attempts, TextDay.objects.get(scope="all").used) == ("sent", 1, 1)


def test_counting_before_writing_sends_more_without_locks(settings, monkeypatch):
    def counts_then_writes(day, scope, more, most):
        used = TextDay.objects.get(day=day, scope=scope).used
        if used + more > most:
            return False
        TextDay.objects.filter(day=day, scope=scope).update(used=used + more)
        return True

    monkeypatch.setattr(texting, "_take", counts_then_writes)
    settings.SMS_COUNTRIES = {"US": MOST}

    def sends_more(number: int) -> bool:
        with time_machine.travel(DAY + timedelta(days=number), tick=True):
            texts = texts_of_a_day()
            return delivered(texts) > MOST

    must_go_wrong(sends_more)

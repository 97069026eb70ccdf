"""An event's job exists exactly when its change does, and its handlers run once each, together or alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kidspetite.foundation.plumbing import publishing
from kidspetite.foundation.plumbing.models import AuditEntry, HandledEvent
from kidspetite.foundation.plumbing.publishing import HandlersFailed, publish, run_event

pytestmark = pytest.mark.django_db

type Registered = Callable[..., str]


@dataclass(frozen=True, slots=True)
class BellRang:
    times: int


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Registered:
    """Handlers of BellRang for one test, by name; gives the name of the event."""
    name = publishing._name(BellRang)

    def register(**handlers: Callable[[BellRang], None]) -> str:
        monkeypatch.setitem(publishing._events, name, BellRang)
        monkeypatch.setitem(publishing._handlers, name, list(handlers.items()))
        return name

    return register


def writes(verb: str) -> Callable[[BellRang], None]:
    return lambda event: AuditEntry.objects.create(actor="job:bell", verb=verb, subject=str(event.times)) and None


def fails(event: BellRang) -> None:
    writes("broken")(event)
    raise RuntimeError("the bell is cracked")


def written() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def run(event: str, event_id: str) -> None:
    run_event.func(event=event, event_id=event_id, facts={"times": 3})


def test_a_worker_publishes_in_the_transaction_of_its_handler(registered: Registered):
    """There procrastinate has a line of its own: a job deferred through it would be there without the change."""
    event = registered(one=writes("one"))
    with app.replace_connector(PsycopgConnector(kwargs={"host": "/nowhere"})):
        with suppress(ZeroDivisionError), transaction.atomic():
            publish(BellRang(1))
            raise ZeroDivisionError
        assert not ProcrastinateJob.objects.filter(args__event=event).exists()
        with transaction.atomic():
            publish(BellRang(2))
    job = ProcrastinateJob.objects.get(args__event=event)
    assert (job.queue_name, job.task_name, job.args["facts"], job.status) == (
        "events", "plumbing.run_event", {"times": 2}, "todo",
    )  # fmt: skip
    run_event.func(**job.args)
    assert written() == ["one"]


def test_what_becomes_true_later_is_told_at_its_moment(registered: Registered):
    """And leaves with the change as well: nothing is scheduled by a transaction that was taken back."""
    event, moment = registered(one=writes("one")), datetime(2030, 1, 5, 9, 30, tzinfo=UTC)
    with app.replace_connector(PsycopgConnector(kwargs={"host": "/nowhere"})):
        with suppress(ZeroDivisionError), transaction.atomic():
            publish(BellRang(1), at=moment)
            raise ZeroDivisionError
        assert not ProcrastinateJob.objects.filter(args__event=event).exists()
        publish(BellRang(2), at=moment)
    job = ProcrastinateJob.objects.get(args__event=event)
    assert (job.scheduled_at, job.args["facts"]) == (moment, {"times": 2})


def test_handlers_share_one_claim_and_run_once(registered: Registered, django_assert_num_queries):
    event, event_id = registered(one=writes("one"), two=writes("two"), three=writes("three")), str(uuid.uuid4())
    with django_assert_num_queries(6):  # a savepoint and its end, the claim, three rows
        run(event, event_id)
    run(event, event_id)
    assert written() == ["one", "two", "three"]


def test_one_that_fails_takes_nobody_with_it_and_is_tried_again_alone(registered: Registered):
    event, event_id = registered(one=writes("one"), two=fails, three=writes("three")), str(uuid.uuid4())
    with pytest.raises(HandlersFailed):
        run(event, event_id)
    assert written() == ["one", "three"]
    assert set(HandledEvent.objects.values_list("handler", flat=True)) == {"one", "three"}
    registered(one=writes("one"), two=writes("two"), three=writes("three"))
    run(event, event_id)
    assert written() == ["one", "three", "two"]

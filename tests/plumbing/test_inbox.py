"""The webhook inbox: an entry is handled when everything that follows from it has happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import health, inbox, publishing, queries
from kidspetite.foundation.plumbing.models import InboxEntry

pytestmark = pytest.mark.django_db


def a_webhook(external_id: str = "evt_1") -> InboxEntry:
    inbox.receive(provider="nobody", external_id=external_id, kind="ping", body={"id": external_id})
    return InboxEntry.objects.get(external_id=external_id)


def broken() -> dict[str, tuple[str, ...]]:
    return {each.promise: each.ids for each in queries.broken_promises()}


def test_an_entry_is_handled_when_its_job_is_done(run_waiting_jobs):
    entry = a_webhook()
    assert entry.handled_at is None
    run_waiting_jobs()
    entry.refresh_from_db()
    assert entry.handled_at is not None


def test_a_failing_handler_leaves_it_unhandled_and_the_audit_names_it_once_its_job_has_given_up(monkeypatch):
    def fails(event: object) -> None:
        raise RuntimeError("the provider is down")

    name = "foundation.plumbing.events.WebhookReceived"
    monkeypatch.setitem(publishing._handlers, name, [("tests.fails", fails)])
    entry = a_webhook()
    job = ProcrastinateJob.objects.get(status="todo")
    with pytest.raises(publishing.HandlersFailed):
        publishing.run_event.func(**job.args)
    entry.refresh_from_db()
    assert entry.handled_at is None
    assert broken() == {}  # its job will be tried again
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="failed")
    assert broken() == {"webhooks_are_handled": (str(entry.pk),)}


def test_doctor_hears_of_entries_that_wait_for_long():
    fresh, old = a_webhook("fresh"), a_webhook("old")
    InboxEntry.objects.filter(pk=old.pk).update(received_at=clock.now() - timedelta(hours=2))
    told = {warning.name: warning.detail for warning in health.warnings()}
    assert told["webhooks"].startswith("1 webhook")
    InboxEntry.objects.filter(pk__in=(fresh.pk, old.pk)).update(handled_at=clock.now())
    assert "webhooks" not in {warning.name for warning in health.warnings()}

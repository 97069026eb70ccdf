"""The mail server is away for an hour, on a test clock: people buy as always, and afterwards each letter comes once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.providers.smtp import SmtpPostman
from kidspetite.foundation.notifications.types import Letter
from kidspetite.foundation.plumbing.publishing import HandlersFailed
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_selling_shop, a_stocked_variant, bought
from tests.fakes.post_office import post_office
from tests.fakes.wired import use

pytestmark = pytest.mark.django_db

HOUR = 60


def worker_does_what_is_due() -> None:
    """As the worker does: a job that fails is tried again later, by the strategy of its task."""
    due = ProcrastinateJob.objects.filter(status="todo", task_name="plumbing.run_event")
    for job in due.exclude(scheduled_at__gt=timezone.now()).order_by("id"):
        task = app.tasks[job.task_name]
        try:
            task.func(**job.args)
        except HandlersFailed as fault:
            again = task.retry_strategy.get_retry_decision(exception=fault, job=_as_seen_by_procrastinate(job))
            later = {"status": "todo", "scheduled_at": again.retry_at} if again else {"status": "failed"}
            ProcrastinateJob.objects.filter(pk=job.pk).update(attempts=job.attempts + 1, **later)
        else:
            ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")


def _as_seen_by_procrastinate(row: ProcrastinateJob):
    from procrastinate.jobs import Job

    return Job(
        id=row.pk, queue=row.queue_name, lock=None, queueing_lock=None, task_name=row.task_name, attempts=row.attempts
    )


def test_people_buy_as_always_and_each_letter_comes_once_when_the_post_is_back(monkeypatch, scale):
    count = scale(4, 40)
    a_selling_shop()
    shelf = a_stocked_variant(count + 5)
    noon = clock.now()
    with time_machine.travel(noon, tick=False) as now, post_office() as office:
        use(monkeypatch, "mail", {"smtp": SmtpPostman(f"smtp://127.0.0.1:{office.port}", sender="a@shop.example")})
        office.shut()
        buys_at = [HOUR * number // count for number in range(count)]
        for minute in range(HOUR):
            now.move_to(noon + timedelta(minutes=minute))
            for _purchase in range(buys_at.count(minute)):
                assert bought(shelf).status == "paid"
            worker_does_what_is_due()
            if minute % 5 == 0:
                operations.deliver_waiting()
        assert Order.objects.filter(status="paid").count() == count
        assert set(Message.objects.values_list("status", flat=True)) == {"queued"}
        assert max(Message.objects.values_list("attempts", flat=True)) < 30, "it is not hammered upon"
        office.open()
        for minute in range(HOUR, HOUR + 15):
            now.move_to(noon + timedelta(minutes=minute))
            worker_does_what_is_due()
            if minute % 5 == 0:
                operations.deliver_waiting()
    assert Counter(letter["Message-ID"] for _to, letter in office.letters).most_common(1)[0][1] == 1
    assert len(office.letters) == Message.objects.filter(status="sent").count() == count


class TestClocks:
    def letter(self) -> Message:
        return operations.send_message(Letter(key="k", kind="k", to="maya@home.example", subject="k", text="k"))

    def test_what_was_taken_in_hand_by_a_clock_that_ran_ahead_is_sent_all_the_same(self):
        message = self.letter()
        Message.objects.update(claimed_at=clock.now() + timedelta(days=300))
        operations.deliver(message.pk)
        message.refresh_from_db()
        assert message.status == "sent"

    def test_a_clock_that_is_a_minute_behind_takes_nothing_out_of_anothers_hand(self):
        message = self.letter()
        Message.objects.update(claimed_at=clock.now() + timedelta(minutes=1))
        operations.deliver(message.pk)
        message.refresh_from_db()
        assert message.status == "queued"

    def test_what_nobody_has_tried_is_not_given_up_when_days_are_missing(self):
        message = self.letter()
        with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
            operations.deliver_waiting()
        message.refresh_from_db()
        assert message.status == "sent"

    def test_one_that_was_written_in_the_future_does_not_wait_for_it(self):
        message = self.letter()
        Message.objects.update(created_at=clock.now() + timedelta(days=300))
        operations.deliver_waiting()
        message.refresh_from_db()
        assert message.status == "sent"

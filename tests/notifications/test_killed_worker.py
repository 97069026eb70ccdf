"""The worker is killed amid its letters, again and again: none is lost, and a kill doubles one letter at most.

The usual run kills it twice amid 30 letters, the full run fifty times amid 500. Half of the kills come before the
post has said that it took the letter, the others some milliseconds later. While it is dead, people leave and buy.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from procrastinate.contrib.django import app

from kidspetite.faces.console.children import Child
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications import operations, rules
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.types import Letter, Topic, Wish
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.messages.staff import GUARD
from kidspetite.sales.orders.models import NewsChoice
from tests.fakes.post_office import PostOffice, post_office
from tests.harness.database import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATIENCE = 60.0  # seconds without a single letter: then something hangs
AN_HOUR = timedelta(hours=1)
Status = Message.Status


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


class Killer:
    """Kills the worker at some letters: on every other one before it is acknowledged, else a moment after."""

    def __init__(self, office: PostOffice, at: list[int]) -> None:
        self.office, self.at, self.kills = office, at, 0
        self.chance = random.Random(7)
        self.worker: Child | None = None
        office.on_letter = self.hears

    def hears(self, to: str) -> None:
        if self.at and len(self.office.letters) >= self.at[0]:
            del self.at[0]
            self.kills += 1
            if self.kills % 2:
                self.kill()
            else:
                threading.Timer(self.chance.uniform(0, 0.03), self.kill).start()

    def kill(self) -> None:
        assert self.worker is not None
        assert self.worker.process is not None
        os.kill(self.worker.process.pid, signal.SIGKILL)


def a_worker(office: PostOffice, log) -> Child:
    environment = {**os.environ, "SMTP_URL": f"smtp://127.0.0.1:{office.port}", "MAIL_FROM": "hello@shop.example"}
    worker = Child("jobs", [sys.executable, "manage.py", "worker"], env=environment, cwd=ROOT, log=log)
    worker.start()
    return worker


def letters_of(kind: str, count: int, **facts) -> list[str]:
    """So many letters, each to an address of its own, which is its name here."""
    addresses = [f"{kind}-{number}@home.example" for number in range(count)]
    for to in addresses:
        about = {name: fact.format(to) for name, fact in facts.items()}
        topic = Topic(about.pop("topic", Topic.SERVICE))
        if topic is not Topic.SERVICE:
            operations.set_consent(Wish(to, topic), wanted=True, source="test")
        operations.send_message(Letter(key=to, kind=kind, to=to, subject="Hello", text="Hi.", topic=topic, **about))
    return addresses


def an_hour_passes() -> None:
    """For what the dead worker had in hand; then the clock starts what it starts every few minutes."""
    Message.objects.filter(status=Status.QUEUED, claimed_at__isnull=False).update(
        claimed_at=F("claimed_at") - AN_HOUR, created_at=F("created_at") - AN_HOUR
    )
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 hour'")
    for name in ("plumbing.retry_stalled", "notifications.deliver_waiting"):
        if not _is_waiting(name):
            app.configure_task(name).defer(timestamp=int(time.time()))


def _is_waiting(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1 from procrastinate_jobs where task_name = %s and status = 'todo'", [name])
        return cursor.fetchone() is not None


def works_until_it_dies_or_is_done(killer: Killer, office: PostOffice, log) -> None:
    killer.worker = a_worker(office, log)
    seen, since = len(office.letters), time.monotonic()
    try:
        while killer.worker.is_running and Message.objects.filter(status=Status.QUEUED).exists():
            if len(office.letters) != seen:
                seen, since = len(office.letters), time.monotonic()
            assert time.monotonic() - since < PATIENCE, log.read_text()[-3000:]
            time.sleep(0.05)
    finally:
        if killer.worker.is_running:
            killer.worker.end(8)


def test_no_letter_is_lost_few_are_doubled_and_none_is_sent_to_who_has_left_or_bought(office, scale, tmp_path):
    kills, each = scale(2, 50), scale(6, 100)
    reader = User.objects.create_superuser("owner@team.example")
    service = letters_of("service", 2 * each)
    news = letters_of("news", each, topic=Topic.NEWSLETTER.value)
    baskets = letters_of("basket", each, subject_key="{}")
    team = letters_of("team", each, subject_key=f"staff:{reader.pk}:{{}}", guard=GUARD)
    step = 3 * each // (kills + 1)  # of every five letters three are wanted to the end
    killer = Killer(office, [step * number for number in range(1, kills + 1)])
    log, gone, before = tmp_path / "worker.log", set(), []

    for life in range(3 * kills):
        works_until_it_dies_or_is_done(killer, office, log)
        if not Message.objects.filter(status=Status.QUEUED).exists():
            break
        if life == (kills - 1) // 2:
            before = list(office.arrived)
            gone = {*news[::2], *baskets[::2], *team}
            for address in news[::2]:
                operations.end_consent(rules.ending_token(Wish(address, Topic.NEWSLETTER)))
            for address in baskets[::2]:
                operations.withdraw_messages(subject=address)
            orders.choose_news(reader, NewsChoice.How.OFF)
        an_hour_passes()

    assert killer.kills == kills
    arrived = Counter(office.arrived)
    kept = {*service, *news, *baskets, *team} - gone
    assert kept - set(arrived) == set(), "lost"
    assert sum(arrived.values()) - len(arrived) <= kills, "more than one double a kill"
    assert gone & set(office.arrived[len(before) :]) == set(), "sent to who had left or bought"
    assert gone - set(before), "it all came too late to prove anything"
    statuses = dict(Message.objects.values_list("to", "status"))
    assert {statuses[address] for address in kept} == {Status.SENT}
    assert {statuses[address] for address in gone - set(before)} == {Status.WITHDRAWN}

"""Visits are counted in memory and written down together; nothing of a visitor is anywhere."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest
import time_machine
from django.db import DatabaseError, connection

from kidspetite.foundation.kernel.errors import Busy
from kidspetite.foundation.vitals import jobs, queries
from kidspetite.foundation.vitals import operations as vitals
from kidspetite.foundation.vitals.models import VitalCount
from kidspetite.foundation.vitals.operations import counting
from kidspetite.foundation.vitals.types import Device, PageKind, Visit, Vital
from tests.factories.vitals import visits

LCP, CLS = Vital.LCP, Vital.CLS
A_VISIT = Visit(PageKind.PRODUCT, Device.PHONE, {LCP: 812, CLS: 0.02})


@pytest.fixture(autouse=True)
def tally(monkeypatch) -> counting.Tally:
    fresh = counting.Tally()
    monkeypatch.setattr(counting, "_tally", fresh)
    return fresh


def rows() -> Counter:
    told = VitalCount.objects.values_list("page", "device", "vital", "upto", "visits")
    return Counter({tuple(key): n for *key, n in told})


class TestWriting:
    pytestmark = pytest.mark.django_db

    def test_it_asks_nothing_of_the_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            for _ in range(100):
                vitals.count_visit(A_VISIT)
        assert not VitalCount.objects.exists()

    def test_many_visits_are_one_statement_and_few_rows(self, django_assert_num_queries):
        for _ in range(100):
            vitals.count_visit(A_VISIT)
        queries.today()
        with django_assert_num_queries(2):  # one of them asks what day it is in the shop
            assert vitals.write_down() == 2
        assert rows() == {("product", "phone", "LCP", 1000): 100, ("product", "phone", "CLS", 25): 100}

    def test_what_was_there_is_added_to(self):
        for _ in range(2):
            vitals.count_visit(A_VISIT)
            vitals.write_down()
        assert set(rows().values()) == {2}
        assert vitals.write_down() == 0

    def test_a_day_ends_by_the_shops_clock(self):
        with time_machine.travel("2026-12-10T03:30:00Z", tick=False):  # still the ninth in New York
            vitals.count_visit(A_VISIT)
            vitals.write_down()
        assert {str(day) for day in VitalCount.objects.values_list("day", flat=True)} == {"2026-12-09"}

    @pytest.mark.parametrize("fault", [DatabaseError, Busy])
    def test_what_the_database_does_not_take_is_tried_again(self, monkeypatch, fault):
        honest, calls = counting._add, []

        def refuses_once(counts):
            calls.append(counts)
            if len(calls) == 1:
                raise fault
            honest(counts)

        monkeypatch.setattr(counting, "_add", refuses_once)
        vitals.count_visit(A_VISIT)
        assert vitals.write_down() == 0
        vitals.count_visit(A_VISIT)
        assert vitals.write_down() == 2
        assert set(rows().values()) == {2}

    def test_memory_does_not_grow_with_visits(self, tally):
        for value in range(5000):
            vitals.count_visit(Visit(PageKind.HOME, Device.DESKTOP, {LCP: value, CLS: value / 1000}))
        assert len(tally._counts) < 60

    @time_machine.travel("2026-12-10T17:00:00Z", tick=False)
    def test_old_days_are_forgotten(self):
        for days_ago in (0, 89, 90, 400):
            visits(1, 900, days_ago=days_ago)
        jobs.forget_old(timestamp=0)
        jobs.forget_old(timestamp=0)
        assert {(queries.today() - day).days for day in VitalCount.objects.values_list("day", flat=True)} == {0, 89}

    def test_no_column_could_hold_a_visitor(self):
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "vitals_vitalcount")
        assert [one.name for one in columns] == ["id", "day", "page", "device", "vital", "upto", "visits"]


@pytest.mark.django_db(transaction=True)
def test_it_is_written_by_itself_after_a_while_also_when_more_come_meanwhile(settings, tally):
    settings.VITALS_WRITTEN_AFTER_SECONDS = 0.05

    def visitor() -> None:
        for _ in range(40):
            vitals.count_visit(A_VISIT)
            time.sleep(0.002)

    crowd = [threading.Thread(target=visitor) for _ in range(5)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    until = time.monotonic() + 30
    while set(rows().values()) != {200} and time.monotonic() < until:
        time.sleep(0.02)  # the last statement may still be on its way
    assert set(rows().values()) == {200}
    assert not tally._counts

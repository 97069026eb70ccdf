"""Many processes write down their visits at one moment. Seen: a naive twin that reads and then writes loses some."""

from collections.abc import Mapping

import pytest

from kidspetite.foundation.kernel.errors import Busy
from kidspetite.foundation.vitals.models import VitalCount
from kidspetite.foundation.vitals.operations import counting
from kidspetite.foundation.vitals.queries import today
from kidspetite.foundation.vitals.types import Device, PageKind, Visit, Vital
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, ROUNDS = 8, 5
KINDS = list(PageKind)


def a_process(number: int) -> None:
    """Each sees the kinds of pages in another order, so that a ring of waiting would close."""
    tally = counting.Tally()
    for _round in range(ROUNDS):
        for page in KINDS[number % len(KINDS) :] + KINDS[: number % len(KINDS)]:
            tally.add(Visit(page, Device.PHONE, {Vital.LCP: 812, Vital.INP: 90, Vital.CLS: 0}))
        tally.write()


def written() -> set[int]:
    assert VitalCount.objects.count() == 3 * len(KINDS)
    return set(VitalCount.objects.values_list("visits", flat=True))


def test_a_crowd_of_processes_loses_no_visit():
    together(CROWD, a_process)
    assert written() == {CROWD * ROUNDS}


def test_reading_before_writing_loses_some_without_locks(monkeypatch):
    def reads_then_writes(counts: Mapping[counting.Key, int]) -> None:
        for (page, device, vital, upto), n in sorted(counts.items()):
            row, _new = VitalCount.objects.get_or_create(
                day=today(), page=page, device=device, vital=vital, upto=upto, defaults={"visits": 0}
            )
            VitalCount.objects.filter(pk=row.pk).update(visits=row.visits + n)

    monkeypatch.setattr(counting, "_add", reads_then_writes)

    def loses_some(_: int) -> bool:
        VitalCount.objects.all().delete()
        together(CROWD, a_process)
        return min(written()) < CROWD * ROUNDS

    must_go_wrong(loses_some)


def test_rows_in_any_order_make_processes_wait_in_a_ring_without_locks(monkeypatch):
    honest, sent_away = counting._add, []

    def notes(counts: Mapping[counting.Key, int]) -> None:
        try:
            honest(counts)
        except Busy as refusal:
            sent_away.append(refusal.facts["reason"])
            raise

    monkeypatch.setattr(counting, "_add", notes)
    # Each row takes a moment, so that the statements surely meet.
    slowly = " where pg_sleep(0.001)::text is not null"
    monkeypatch.setattr(counting, "ADD", counting.ADD.replace(" order by 2, 3, 4, 5", slowly))
    monkeypatch.setattr("tests.concurrency.test_vitals.ROUNDS", 1)

    def waits_in_a_ring(_: int) -> bool:
        together(CROWD, a_process)
        return "DeadlockDetected" in sent_away

    must_go_wrong(waits_in_a_ring)

"""Counting visits: in the memory of the process first, and every few seconds all of them in one statement."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

import structlog
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from kidspetite.foundation.kernel.errors import Busy
from kidspetite.foundation.vitals import queries, rules
from kidspetite.foundation.vitals.models import VitalCount
from kidspetite.foundation.vitals.types import Visit

log = structlog.get_logger(__name__)

type Key = tuple[str, str, str, int]

# Rows are taken in the order of their key, so that two processes never wait for each other in a ring.
ADD = """
insert into vitals_vitalcount as row (day, page, device, vital, upto, visits)
select %s::date, * from unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::bigint[]) order by 2, 3, 4, 5
on conflict (day, page, device, vital, upto) do update set visits = row.visits + excluded.visits
"""


class Tally:
    """What visits felt like in this process and is not written down yet.

    It cannot grow beyond the number of buckets. What the database does not take is kept and tried again; a process that
    ends loses what came in its last few seconds.
    """

    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, visit: Visit) -> None:
        keys = list(rules.buckets_of(visit))
        with self._lock:
            for key in keys:
                self._counts[key] += 1
        self._write_later()

    def write(self) -> int:
        """Write down what there is, in one statement; gives how many rows it touched."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return 0
        try:
            _add(counts)
        except (DatabaseFault, Busy) as fault:
            log.warning("vitals_not_written", cause=type(fault).__name__)
            with self._lock:
                self._counts.update(counts)
            self._write_later()
            return 0
        return len(counts)

    def _write_later(self) -> None:
        with self._lock:
            if self._timer is not None:
                return
            self._timer = threading.Timer(settings.VITALS_WRITTEN_AFTER_SECONDS, self._write_now)
        self._timer.daemon = True
        self._timer.start()

    def _write_now(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.write()
        finally:
            connection.close()  # this thread's own


_tally = Tally()


def count_visit(visit: Visit) -> None:
    """Count what one page felt like. It asks nothing of the database: that hears of it some seconds later."""
    _tally.add(visit)


def write_down() -> int:
    """Write down what this process counted and has not told yet; gives how many rows it touched."""
    return _tally.write()


def forget_old() -> int:
    """Drop the counts of days that nobody looks at any more; gives how many rows."""
    return VitalCount.objects.filter(day__lte=queries.today() - rules.KEPT).delete()[0]


def _add(counts: Mapping[Key, int]) -> None:
    page, device, vital, upto = (list(column) for column in zip(*counts, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(ADD, [queries.today(), page, device, vital, upto, list(counts.values())])

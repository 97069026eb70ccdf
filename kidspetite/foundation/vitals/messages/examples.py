"""How this room's letter looks: for the desk's samples, and for pictures of it."""

from __future__ import annotations

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.messages import edge
from kidspetite.foundation.notifications.rules import example
from kidspetite.foundation.notifications.types import Case, Letter
from kidspetite.foundation.vitals import messages, rules
from kidspetite.foundation.vitals.types import Figure, PageKind, SlowPage, Vital


@example("slow-pages")
def _slow_pages(case: Case) -> Letter:
    reader = User(pk=0, email=edge.MAIL if case is Case.EDGE else "team@kidspetite.example", name="Team")
    day = clock.now().date()
    if case is Case.EDGE:
        pages = [
            SlowPage(page, _figure(vital, rules.EDGES[vital][-1], 12_345_678), _figure(vital, 60, 9))
            for page in PageKind
            for vital in rules.WATCHED
        ]
        return messages.slow_pages(pages, reader, day=day)
    pages = [
        SlowPage(PageKind.PRODUCT, _figure(Vital.LCP, 3500, 1204), _figure(Vital.LCP, 2250, 1187)),
        SlowPage(PageKind.CHECKOUT, _figure(Vital.INP, 300, 214), _figure(Vital.INP, 200, 0)),
    ]
    return messages.slow_pages(pages, reader, day=day)


def _figure(vital: Vital, upto: int, visits: int) -> Figure:
    return rules.figure_of(vital, {upto: visits})

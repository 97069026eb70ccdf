from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import BooleanField, Case, Q, QuerySet, Sum, Value, When

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.vitals import rules
from kidspetite.foundation.vitals.models import SlowSpell, SpeedNews, VitalCount
from kidspetite.foundation.vitals.types import Device, Figure, PageKind, Pair, Report, SlowPage, Vital

How = SpeedNews.How
SEES_SPEED = "vitals.view_vitalcount"

type Counts = Mapping[tuple[bool, str, str], Mapping[int, int]]


def today() -> date:
    """By the shop's clock."""
    return clock.now().astimezone(content.shop_zone()).date()


def report(days: int, device: Device | None = None) -> Report:
    """The last days with today, beside as many before; one query, whatever number of visits there were."""
    counts = _counts(days, device)
    return Report(
        days=days,
        whole={vital: _pair(counts, vital, list(PageKind)) for vital in Vital},
        pages={
            vital: {page: pair for page in PageKind if (pair := _pair(counts, vital, [page])).now.visits}
            for vital in Vital
        },
    )


def figures() -> dict[tuple[PageKind, Device, Vital], Figure]:
    """What the last days say by kind of page and device, for machines that ask; only where there were visits."""
    sums: dict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    rows = VitalCount.objects.filter(day__gt=today() - timedelta(days=rules.LOOKED_AT))
    for page, device, vital, upto, visits in (
        rows.values_list("page", "device", "vital", "upto").annotate(n=Sum("visits")).order_by()
    ):
        sums[page, device, vital][upto] = visits
    return {
        (PageKind(page), Device(device), Vital(vital)): rules.figure_of(Vital(vital), counts)
        for (page, device, vital), counts in sorted(sums.items())
    }


def watched() -> list[SlowPage]:
    """Each kind of page with each vital that a letter may be about, slow or not."""
    counts = _counts(rules.LOOKED_AT, None)
    pairs = [(page, _pair(counts, vital, [page])) for page in PageKind for vital in rules.WATCHED]
    return [SlowPage(page, pair.now, pair.before) for page, pair in pairs]


def open_spells(*, after: int = 0) -> list[SlowSpell]:
    """What has become slow since a spell that somebody was told of, and still is."""
    return list(SlowSpell.objects.filter(pk__gt=after, ended_at=None).order_by("pk"))


def readers() -> list[User]:
    """Everybody who works here, may see how fast pages are, and wants to hear when they are not."""
    return [person for person in _team().order_by("pk") if _reads(person)]


def choice_of(person: User) -> How:
    """What they chose; else an owner hears of slow pages, and others do not."""
    chosen = SpeedNews.objects.filter(user=person).values_list("how", flat=True).first()
    if chosen:
        return How(chosen)
    is_owner = person.is_superuser or person.groups.filter(name=Role.OWNER.value).exists()
    return How.DAILY if is_owner else How.OFF


def is_reader(subject_key: str) -> bool:
    """Whether whoever a letter `slow-pages:USER:DAY` is for still works here and wants it."""
    person = _team().filter(pk=subject_key.split(":")[1]).first()
    return person is not None and _reads(person)


def _reads(person: User) -> bool:
    return bool(person.email) and person.has_perm(SEES_SPEED) and choice_of(person) != How.OFF


def _team() -> QuerySet[User]:
    return User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)


def _counts(days: int, device: Device | None) -> Counts:
    """Visits by (of the days asked for, and not of those before), page and vital, and in these by bucket."""
    now_from, before_from = (today() - timedelta(days=n * days - 1) for n in (1, 2))
    rows = VitalCount.objects.filter(day__gte=before_from, **({"device": device.value} if device else {}))
    is_now = Case(When(day__gte=now_from, then=Value(True)), default=Value(False), output_field=BooleanField())
    counts: dict[tuple[bool, str, str], dict[int, int]] = defaultdict(dict)
    for is_in, page, vital, upto, visits in (
        rows.annotate(is_now=is_now).values_list("is_now", "page", "vital", "upto").annotate(n=Sum("visits")).order_by()
    ):
        counts[is_in, page, vital][upto] = visits
    return counts


def _pair(counts: Counts, vital: Vital, pages: Iterable[PageKind]) -> Pair:
    now, before = (
        rules.figure_of(vital, _summed(counts.get((is_now, page.value, vital.value), {}) for page in pages))
        for is_now in (True, False)
    )
    return Pair(now, before)


def _summed(parts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = defaultdict(int)
    for part in parts:
        for upto, visits in part.items():
            sums[upto] += visits
    return sums

"""How the page about speed shows its figures: words, marks, and bars that need no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kidspetite.foundation.vitals import messages as words
from kidspetite.foundation.vitals import rules
from kidspetite.foundation.vitals.types import Bucket, Figure, PageKind, Pair, Report, Verdict, Vital

BAR, HEIGHT, LEAST_HEIGHT = 10, 56, 2
"""Of a histogram's drawing: how wide a bar is with its gap, how high the highest, and one that must be seen."""
SAYS: dict[Vital, Promise] = {
    Vital.LCP: gettext_lazy("How long until the largest picture or text of the page stands there."),
    Vital.INP: gettext_lazy("How long the page takes to answer the slowest press or key."),
    Vital.CLS: gettext_lazy("How much of the page jumps by itself; 0 is a page that lies still."),
    Vital.FCP: gettext_lazy("How long until anything at all can be seen."),
    Vital.TTFB: gettext_lazy("How long until the first byte comes from the shop."),
}


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: float
    height: float
    tone: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A histogram: `width` of its drawing, what stands at its ends, and where the p75 lies."""

    bars: tuple[Bar, ...]
    width: int
    first: str
    last: str
    mark: float


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bar of a hundred."""

    x: float
    width: float
    tone: Verdict


@dataclass(frozen=True, slots=True)
class Card:
    """One vital, of the whole shop or of one kind of page."""

    name: str
    vital: Vital
    p75: str
    verdict: Verdict | None
    before: str
    visits: int
    visits_before: int
    percents: tuple[int, int, int]
    shares: tuple[Share, ...]
    drawing: Drawing | None = None


def tiles(report: Report) -> list[Card]:
    """Every vital over the whole shop."""
    return [_card(str(words.VITAL_NAMES[vital]), pair) for vital, pair in report.whole.items()]


def cards(report: Report, vital: Vital) -> list[Card]:
    """One vital by kind of page, drawn over the same buckets, so that they can be compared."""
    pairs = report.pages[vital]
    span = _span([pair.now for pair in pairs.values()])
    return [_card(str(words.PAGE_NAMES[PageKind(page)]), pair, span) for page, pair in pairs.items()]


def limits(vital: Vital) -> tuple[str, str]:
    """Up to where a number is good, and above what it is poor."""
    good, fair = rules.THRESHOLDS[vital]
    return words.amount(vital, good), words.amount(vital, fair)


def percents(parts: Iterable[int]) -> tuple[int, ...]:
    """Whole shares of a hundred that sum to a hundred: the largest remainders get what is left. Zeros for nothing."""
    parts = list(parts)
    whole = sum(parts)
    if not whole:
        return tuple(0 for _part in parts)
    floors = [100 * part // whole for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda n: -(100 * parts[n] % whole))
    for n in by_rest[: 100 - sum(floors)]:
        floors[n] += 1
    return tuple(floors)


def _card(name: str, pair: Pair, span: tuple[int, int] | None = None) -> Card:
    now, before = pair.now, pair.before
    good, fair, poor = percents((now.good, now.fair, now.poor))
    return Card(
        name=name,
        vital=now.vital,
        p75="" if now.p75 is None else words.amount(now.vital, now.p75),
        verdict=None if now.p75 is None else rules.verdict(now.vital, now.p75),
        before="" if before.p75 is None else words.amount(now.vital, before.p75),
        visits=now.visits,
        visits_before=before.visits,
        percents=(good, fair, poor),
        shares=tuple(_shares((good, fair, poor))),
        drawing=_drawing(now, span) if span else None,
    )


def _shares(parts: tuple[int, int, int]) -> Iterable[Share]:
    x = 0
    for part, tone in zip(parts, Verdict, strict=True):
        if part:
            yield Share(x, part, tone)
        x += part


def _span(figures: list[Figure]) -> tuple[int, int] | None:
    """From which upper edge to which there are visits in any of the figures."""
    seen = [one.upto for figure in figures for one in figure.buckets if one.visits]
    return (min(seen), max(seen)) if seen else None


def _drawing(figure: Figure, span: tuple[int, int]) -> Drawing:
    buckets = [one for one in figure.buckets if span[0] <= one.upto <= span[1]]
    most = max(one.visits for one in buckets)
    bars = tuple(_bar(figure.vital, n, one, most) for n, one in enumerate(buckets) if one.visits)
    return Drawing(
        bars, width=BAR * len(buckets), first=words.amount(figure.vital, buckets[0].over),
        last=_last(figure.vital, buckets[-1]), mark=_mark(buckets, figure.p75 or 0),
    )  # fmt: skip


def _bar(vital: Vital, n: int, bucket: Bucket, most: int) -> Bar:
    height = max(LEAST_HEIGHT, round(HEIGHT * bucket.visits / most, 1))
    upto = words.amount(vital, bucket.upto)
    return Bar(
        n * BAR + 1, round(HEIGHT - height, 1), height, rules.verdict(vital, bucket.upto),
        _("up to %(upto)s: %(visits)d") % {"upto": upto, "visits": bucket.visits},
    )  # fmt: skip


def _mark(buckets: list[Bucket], p75: int) -> float:
    for n, one in enumerate(buckets):
        if p75 <= one.upto:
            within = (p75 - one.over) / (one.upto - one.over) if one.upto > one.over else 1
            return round(BAR * (n + max(0.0, within)), 1)
    return float(BAR * len(buckets))


def _last(vital: Vital, bucket: Bucket) -> str:
    is_open = bucket.upto == rules.EDGES[vital][-1]
    return (
        _("above %(edge)s") % {"edge": words.amount(vital, bucket.over)}
        if is_open
        else words.amount(vital, bucket.upto)
    )

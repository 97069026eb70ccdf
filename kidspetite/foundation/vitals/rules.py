"""Into which bucket a number falls, and what the buckets say together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import timedelta

from kidspetite.foundation.vitals.types import Bucket, Figure, Verdict, Visit, Vital

# Upper edges. The published thresholds are among them, so shares of good and poor visits are exact, and so is whether
# three of four were good. What lies above the last but one is only known to.
_MILLISECONDS = (
    20, 40, 60, 80, 100, 125, 150, 175, 200, 250, 300, 350, 400, 500, 600, 700, 800, 1000, 1200, 1400, 1600, 1800, 2000,
    2250, 2500, 2750, 3000, 3500, 4000, 5000, 6000, 8000, 10_000, 15_000, 30_000, 3_600_000,
)  # fmt: skip
_THOUSANDTHS = (0, 10, 25, 50, 75, 100, 150, 200, 250, 350, 500, 750, 1000, 2000, 3_600_000)
EDGES: Mapping[Vital, tuple[int, ...]] = {
    vital: _THOUSANDTHS if vital is Vital.CLS else _MILLISECONDS for vital in Vital
}

# Good up to the first, poor above the second (web.dev/articles/vitals): milliseconds, for CLS thousandths.
THRESHOLDS: Mapping[Vital, tuple[int, int]] = {
    Vital.LCP: (2500, 4000), Vital.INP: (200, 500), Vital.CLS: (100, 250), Vital.FCP: (1800, 3000),
    Vital.TTFB: (800, 1800),
}  # fmt: skip
WATCHED = (Vital.LCP, Vital.INP, Vital.CLS)
"""The three that are called core, and that a letter may be about."""
LEAST_VISITS = 100
"""Fewer visits in the days looked at say too little for a letter."""
LOOKED_AT = 7
"""Days that a letter and `/metrics` look back."""
KEPT = timedelta(days=90)


def bucket_of(vital: Vital, value: float) -> int:
    """The upper edge of the bucket that a number falls into; `value` as browsers tell it."""
    edges = EDGES[vital]
    scaled = round(value * 1000, 3) if vital is Vital.CLS else value
    return edges[min(bisect_left(edges, scaled), len(edges) - 1)]


def buckets_of(visit: Visit) -> Iterator[tuple[str, str, str, int]]:
    """Where a visit counts: page, device, vital, upper edge."""
    for vital, value in visit.felt.items():
        yield visit.page.value, visit.device.value, vital.value, bucket_of(vital, value)


def figure_of(vital: Vital, counts: Mapping[int, int]) -> Figure:
    """What the visits in these buckets, by their upper edges, say together."""
    good, fair = THRESHOLDS[vital]
    over, buckets = 0, []
    for upto in sorted({*EDGES[vital], *counts}):  # edges of an older day may be others than today's
        buckets.append(Bucket(over, upto, counts.get(upto, 0)))
        over = upto
    visits = sum(one.visits for one in buckets)
    upto_good = sum(one.visits for one in buckets if one.upto <= good)
    upto_fair = sum(one.visits for one in buckets if one.upto <= fair)
    return Figure(
        vital, visits, _p75(buckets, visits), upto_good, upto_fair - upto_good, visits - upto_fair, tuple(buckets)
    )


def _p75(buckets: list[Bucket], visits: int) -> int | None:
    """The number that three of four visits do not exceed, taken as lying evenly within its bucket."""
    rank = (3 * visits + 3) // 4
    for one in buckets:
        if one.visits and rank <= one.visits:
            if one is buckets[-1]:
                return one.over + 1
            return one.over + -(-(one.upto - one.over) * rank // one.visits)  # upwards, so never at `over` itself
        rank -= one.visits
    return None


def verdict(vital: Vital, p75: int) -> Verdict:
    good, fair = THRESHOLDS[vital]
    return Verdict.GOOD if p75 <= good else Verdict.FAIR if p75 <= fair else Verdict.POOR


def is_slow(figure: Figure) -> bool | None:
    """Whether fewer than three of four visits were good; None where too few visits could say so."""
    if figure.visits < LEAST_VISITS or figure.p75 is None:
        return None
    return figure.p75 > THRESHOLDS[figure.vital][0]

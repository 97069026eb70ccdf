"""When a parcel leaves and when it comes: cut-off, packing, weekends, holidays, and the shop's own clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kidspetite.goods.pricing import rules
from kidspetite.goods.pricing.types import Packing
from tests.factories.pricing import a_line, quote_of

THANKSGIVING = frozenset({date(2026, 11, 26), date(2026, 11, 27)})


def packing(**facts) -> Packing:
    return Packing(**{"holidays": THANKSGIVING, **facts})


@pytest.mark.parametrize(
    ("moment_utc", "leaves", "why"),
    [
        ("2026-11-18 18:59", "2026-11-18", "Wednesday, a minute before two in New York"),
        ("2026-11-18 19:00", "2026-11-19", "at the stroke of the cut-off"),
        ("2026-11-20 19:30", "2026-11-23", "Friday afternoon waits for Monday"),
        ("2026-11-21 15:00", "2026-11-23", "Saturday"),
        ("2026-11-22 15:00", "2026-11-23", "Sunday"),
        ("2026-11-25 19:30", "2026-11-30", "the eve of Thanksgiving, after the cut-off"),
        ("2026-11-26 15:00", "2026-11-30", "Thanksgiving itself"),
        ("2026-11-19 04:30", "2026-11-19", "in New York it is still Wednesday night, and the cut-off has struck"),
        ("2026-07-15 17:59", "2026-07-15", "in summer New York is an hour nearer"),
        ("2026-07-15 18:00", "2026-07-16", "in summer the cut-off strikes at 18:00 UTC"),
    ],
)
def test_an_order_leaves_on_a_working_day(moment_utc, leaves, why):
    moment = datetime.fromisoformat(moment_utc).replace(tzinfo=UTC)
    assert rules.leaving_day(moment, packing()) == date.fromisoformat(leaves), why


@pytest.mark.parametrize(("days", "leaves"), [(0, 18), (1, 18), (2, 19), (3, 20), (4, 23)])
def test_packing_counts_working_days_the_first_included(days, leaves):
    moment = datetime(2026, 11, 18, 15, tzinfo=UTC)
    assert rules.leaving_day(moment, packing(handling_days=days)) == date(2026, 11, leaves)


@pytest.mark.parametrize(
    ("zone", "leaves"), [("America/New_York", 19), ("America/Los_Angeles", 18), ("Pacific/Honolulu", 18)]
)
def test_the_cut_off_strikes_by_the_shops_clock(zone, leaves):
    moment = datetime(2026, 11, 18, 19, 30, tzinfo=UTC)
    assert rules.leaving_day(moment, packing(time_zone=zone)) == date(2026, 11, leaves)


@pytest.mark.parametrize(
    ("leaves", "days", "arrives"),
    [
        ("2026-11-18", 3, "2026-11-23"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-24", 2, "2026-11-30"),
        ("2026-11-18", 0, "2026-11-18"),
    ],
)
def test_days_on_the_road_are_working_days(leaves, days, arrives):
    day = rules.arrival(date.fromisoformat(leaves), days=days, packing=packing())
    assert day == date.fromisoformat(arrives)


def test_a_quote_tells_the_days_of_every_way():
    quote = quote_of(a_line(), state="NY", packing=packing())
    assert (quote.arrives_from, quote.arrives_to) == (date(2026, 11, 23), date(2026, 11, 25))
    assert [(rate.arrives_from.day, rate.arrives_to.day) for rate in quote.rates] == [(23, 25), (19, 20)]


moments = some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, some.integers(0, 5), some.integers(0, 23), some.integers(0, 10))
def test_parcels_leave_and_arrive_on_working_days_in_this_order(moment, handling, cutoff, days):
    rule = packing(handling_days=handling, cutoff_hour=cutoff)
    leaves = rules.leaving_day(moment, rule)
    arrives = rules.arrival(leaves, days=days, packing=rule)
    for day in (leaves, arrives):
        assert day.weekday() < 5
        assert day not in THANKSGIVING
    assert moment.date() - timedelta(days=1) <= leaves <= arrives
    assert (arrives > leaves) == (days > 0)

"""What buckets say together: exact where a threshold decides, near enough everywhere else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidspetite.foundation.vitals import rules
from kidspetite.foundation.vitals.messages import amount
from kidspetite.foundation.vitals.types import Device, PageKind, Verdict, Visit, Vital

VITALS = list(Vital)
TIMES = st.integers(0, 60_000)


def in_steps(vital: Vital, value: float) -> float:
    """A number as the rules count it."""
    return value * 1000 if vital is Vital.CLS else value


def figure(vital: Vital, values: list[float]):
    return rules.figure_of(vital, Counter(rules.bucket_of(vital, value) for value in values))


def measured(vital: Vital) -> st.SearchStrategy[float]:
    return TIMES.map(lambda n: n / 10_000) if vital is Vital.CLS else TIMES.map(float)


@pytest.mark.parametrize(
    ("vital", "value", "upto"),
    [
        (Vital.LCP, 0, 20), (Vital.LCP, 20, 20), (Vital.LCP, 20.1, 40), (Vital.LCP, 2500, 2500),
        (Vital.LCP, 2501, 2750), (Vital.INP, 200, 200), (Vital.INP, 200.5, 250), (Vital.TTFB, 1e9, 3_600_000),
        (Vital.CLS, 0, 0),
        (Vital.CLS, 0.0001, 10), (Vital.CLS, 0.1, 100), (Vital.CLS, 0.1001, 150), (Vital.CLS, 0.25, 250),
        (Vital.CLS, 99_999, 3_600_000),
    ],
)  # fmt: skip
def test_a_number_falls_into_its_bucket(vital, value, upto):
    assert rules.bucket_of(vital, value) == upto


@pytest.mark.parametrize("vital", VITALS)
def test_the_published_thresholds_are_edges(vital):
    assert set(rules.THRESHOLDS[vital]) <= set(rules.EDGES[vital])
    assert list(rules.EDGES[vital]) == sorted(set(rules.EDGES[vital]))


@given(st.sampled_from(VITALS).flatmap(lambda vital: st.tuples(st.just(vital), st.lists(measured(vital), min_size=1))))
def test_shares_and_whether_three_of_four_are_good_are_exact(told):
    vital, values = told
    said = figure(vital, values)
    good, fair = rules.THRESHOLDS[vital]
    scaled = sorted(round(in_steps(vital, value), 3) for value in values)
    assert said.visits == len(values) == said.good + said.fair + said.poor
    assert said.good == sum(value <= good for value in scaled)
    assert said.poor == sum(value > fair for value in scaled)
    truth = scaled[-(-3 * len(values) // 4) - 1]  # nearest rank
    assert rules.verdict(vital, said.p75) == (
        Verdict.GOOD if truth <= good else Verdict.FAIR if truth <= fair else Verdict.POOR
    )
    assert (said.p75 > good) == (4 * said.good < 3 * len(values))


@given(st.sampled_from(VITALS).flatmap(lambda vital: st.tuples(st.just(vital), st.lists(measured(vital), min_size=1))))
def test_the_p75_lies_in_the_bucket_of_the_true_one(told):
    vital, values = told
    said = figure(vital, values)
    truth = sorted(values)[-(-3 * len(values) // 4) - 1]
    upto = rules.bucket_of(vital, truth)
    bucket = next(one for one in said.buckets if one.upto == upto)
    assert bucket.over < said.p75 <= bucket.upto or (upto == 0 and said.p75 == 0)


@given(st.lists(TIMES, min_size=1), st.lists(TIMES, min_size=1))
def test_two_parts_say_together_what_the_whole_says(some, others):
    buckets = [Counter(rules.bucket_of(Vital.LCP, value) for value in part) for part in (some, others)]
    assert rules.figure_of(Vital.LCP, buckets[0] + buckets[1]) == figure(Vital.LCP, [*some, *others])


@given(st.lists(TIMES, min_size=1), st.data())
def test_when_one_visit_is_slower_the_figure_is_no_faster(values, data):
    which, more = data.draw(st.integers(0, len(values) - 1)), data.draw(st.integers(0, 10_000))
    slower = [*values[:which], values[which] + more, *values[which + 1 :]]
    assert figure(Vital.LCP, slower).p75 >= figure(Vital.LCP, values).p75


def test_nobody_says_nothing():
    said = rules.figure_of(Vital.LCP, {})
    assert (said.visits, said.p75, said.good, rules.is_slow(said)) == (0, None, 0, None)


def test_an_edge_of_another_day_counts_where_it_lies():
    said = rules.figure_of(Vital.LCP, {2400: 3, 9000: 1})
    assert (said.good, said.poor, said.p75) == (3, 1, 2400)


@pytest.mark.parametrize(
    ("good", "poor", "is_slow"), [(75, 25, False), (74, 26, True), (99, 0, None), (0, 99, None), (0, 100, True)]
)
def test_slow_is_when_less_than_three_of_four_are_good_and_enough_say_so(good, poor, is_slow):
    assert rules.is_slow(rules.figure_of(Vital.LCP, {2500: good, 5000: poor})) is is_slow


def test_a_visit_counts_by_its_kind_and_device_alone():
    visit = Visit(PageKind.CART, Device.PHONE, {Vital.LCP: 812, Vital.CLS: 0.02})
    assert list(rules.buckets_of(visit)) == [("cart", "phone", "LCP", 1000), ("cart", "phone", "CLS", 25)]


@pytest.mark.parametrize(
    ("vital", "value", "words"),
    [
        (Vital.LCP, 812, "812 ms"), (Vital.LCP, 2501, "2.50 s"), (Vital.LCP, 2520, "2.52 s"), (Vital.CLS, 0, "0.00"),
        (Vital.CLS, 100, "0.10"), (Vital.CLS, 104, "0.104"), (Vital.CLS, 2000, "2.00"),
    ],
)  # fmt: skip
def test_numbers_are_written_for_people(vital, value, words):
    assert amount(vital, value) == words

"""When a letter is due, who is held out, and what the figures say: no database, no clock."""

from datetime import UTC, datetime, timedelta

import pytest

from kidspetite.journeys.winback import rules
from kidspetite.journeys.winback.types import Tally

LEFT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def at(hours: float) -> datetime:
    return LEFT + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "told", "told_at", "due"),
    [
        (0.99, 0, None, 0),
        (1, 0, None, 1),
        (23, 0, None, 1),
        (24, 0, None, 2),  # after a pause of the worker: the one that is right by now
        (72, 0, None, 3),
        (167, 0, None, 3),
        (168, 0, None, 0),
        (23.9, 1, 1, 0),
        (24, 1, 1, 2),
        (71, 1, 1, 2),
        (72, 1, 1, 3),
        (72, 2, 24, 3),
        (72, 2, 71, 0),  # the second was late: a day lies between the two all the same
        (91, 2, 71, 3),
        (100, 3, 91, 0),
        (24, 2, 24, 0),  # never one that was told, nor an earlier one
        (2, 2, 24, 0),
        (-5, 0, None, 0),  # a clock that was set back
        (-5, 1, 1, 0),
    ],
)
def test_the_advance(hours, told, told_at, due):
    moment = None if told_at is None else at(told_at)
    assert rules.due_letter(left_at=LEFT, told=told, told_at=moment, now=at(hours)) == due


@pytest.mark.parametrize(
    ("left", "now", "over"),
    [(0, 167, False), (0, 168, True), (300, 335, False), (300, 336, True)],
)
def test_a_round_has_an_end_however_often_its_person_comes_back(left, now, over):
    assert rules.is_over(opened_at=LEFT, left_at=at(left), now=at(now)) is over


class TestHoldingOut:
    def test_the_share_is_kept_and_the_answer_stays(self):
        people = [f"maya{number}@home.example" for number in range(4000)]
        held = [one for one in people if rules.is_held_out(one, percent=10, secret=b"a shop's secret")]
        assert 0.08 < len(held) / len(people) < 0.12
        assert all(rules.is_held_out(one.upper(), percent=10, secret=b"a shop's secret") for one in held)
        assert all(rules.is_held_out(one, percent=20, secret=b"a shop's secret") for one in held), "more, not others"

    def test_nobody_or_everybody(self):
        assert not rules.is_held_out("maya@home.example", percent=0, secret=b"s")
        assert rules.is_held_out("maya@home.example", percent=100, secret=b"s")

    def test_who_is_held_out_hangs_on_the_shops_own_secret(self):
        people = [f"maya{number}@home.example" for number in range(500)]
        one, other = ({p for p in people if rules.is_held_out(p, percent=10, secret=key)} for key in (b"a", b"b"))
        assert one != other


class TestFigures:
    def test_a_difference_with_what_it_may_be_by_chance(self):
        told = rules.effect(Tally(900, 108), Tally(100, 8))
        assert told.seen == pytest.approx(4.0)
        assert (round(told.low, 1), round(told.high, 1)) == (-2.6, 9.2)  # by hand: 109/902 and 9/102
        assert not told.is_certain

    def test_many_people_make_it_certain(self):
        told = rules.effect(Tally(9000, 1080), Tally(1000, 80))
        assert told.low > 0
        assert told.is_certain

    def test_few_people_or_none(self):
        assert rules.effect(Tally(0, 0), Tally(10, 1)) is None
        assert rules.effect(Tally(10, 1), Tally(0, 0)) is None
        one = rules.effect(Tally(1, 1), Tally(1, 0))
        assert one.low < 0 < one.high
        assert one.high <= 100

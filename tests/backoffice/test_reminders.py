"""The page that says what reminders change: plain words, and no more certainty than there is."""

from datetime import timedelta

import pytest

from kidspetite.foundation.kernel import clock
from kidspetite.journeys.winback.models import Round

pytestmark = pytest.mark.django_db


def rounds(people: int, bought: int, *, held_out: bool) -> None:
    at = clock.now() - timedelta(days=10)
    Round.objects.bulk_create(
        Round(
            address=f"{held_out}-{n}@home.example", is_held_out=held_out, opened_at=at, left_at=at, told=1,
            ended_at=at, why="late", bought_at=at if n < bought else None,
        )
        for n in range(people)
    )  # fmt: skip


def test_before_anybody_was_reminded(owner):
    page = owner.get("/admin/reminders").text
    assert "No figures yet" in page
    assert "10 of a hundred people are left alone" in page


@pytest.mark.parametrize(
    ("reminded", "alone", "words"),
    [
        ((90, 12), (10, 1), "Too early to tell"),
        ((900, 200), (100, 8), "The letters help"),
        ((900, 20), (100, 20), "The letters keep people from buying"),
        ((90, 12), (0, 0), "Nothing to compare yet"),
    ],
)
def test_it_says_what_is_known_and_no_more(owner, reminded, alone, words):
    rounds(*reminded, held_out=False)
    rounds(*alone, held_out=True)
    page = owner.get("/admin/reminders").text
    assert words in page
    assert f'<td class="end tabular">{reminded[0]}</td>' in page
    assert ("19 times of 20" in page) == (alone[0] > 0)


def test_without_anybody_left_alone_it_says_so(owner, settings):
    settings.REMINDERS_HELD_OUT_PERCENT = 0
    assert "there is nothing to compare with" in owner.get("/admin/reminders").text

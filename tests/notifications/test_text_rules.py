"""What a text is: its parts, the hours in which it may arrive, what an answer means, and which phones get one."""

from datetime import UTC, datetime, time

import pytest

from kidspetite.foundation.kernel.phone import country_of, gets_texts, phone_number, zones_of
from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.types import Said

NIGHT = (time(21), time(8))


@pytest.mark.parametrize(("words", "parts"), [
    ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
    ("a" * 152 + "€" + "a" * 152, 3), ("é" * 160, 1), ("ł" * 70, 1), ("ł" * 71, 2), ("ł" * 134, 2), ("ł" * 135, 3),
    ("🧦" * 35, 1), ("🧦" * 36, 2), ("🧦" * 66, 2), ("🧦" * 67, 3), ("[]{}" * 20, 1), ("[]{}" * 20 + "a", 2),
])  # fmt: skip
def test_a_text_is_billed_by_its_parts(words, parts):
    assert rules.segments(words) == parts


def test_typography_does_not_make_a_text_cost_twice():
    words = "It’s here – “thank you” … a\u00a0b" + "a" * 100
    assert (rules.segments(words), rules.segments(rules.plain_text(words))) == (2, 1)


@pytest.mark.parametrize(("words", "meant"), [
    ("STOP", Said.STOP), (" stop. ", Said.STOP), ("Stop texting me!", Said.STOP), ("UNSUBSCRIBE", Said.STOP),
    ("opt-out", Said.STOP), ("Revoke", Said.STOP), ("Cancel my order please", Said.OTHER), ("stopped by?", Said.OTHER),
    ("YES", Said.YES), ("Yes!", Said.YES), ("y", Said.YES), ("start", Said.YES), ("yes but where is it", Said.OTHER),
    ("Help", Said.HELP), ("INFO?", Said.HELP), ("", Said.OTHER), ("🙂", Said.OTHER),
])  # fmt: skip
def test_an_answer_means_what_carriers_say_it_means(words, meant):
    assert rules.said(words) is meant


@pytest.mark.parametrize(("place", "zones"), [
    ("10001", ("America/New_York",)), ("10001-1234", ("America/New_York",)), ("GU", ("Pacific/Guam",)),
    ("TN", ("America/Chicago", "America/New_York")), ("00000", ()), ("", ()), ("XX", ()), ("10 Downing", ()),
])  # fmt: skip
def test_a_place_knows_its_clock(place, zones):
    assert rules.zones_at(place) == zones


@pytest.mark.parametrize(("utc", "zones", "until"), [
    ("2026-01-15T17:00", ("America/New_York",), None),
    ("2026-01-15T13:00", ("America/New_York",), None),  # eight sharp
    ("2026-01-15T12:59", ("America/New_York",), "2026-01-15T13:00"),
    ("2026-01-16T01:59", ("America/New_York",), None),
    ("2026-01-16T02:00", ("America/New_York",), "2026-01-16T13:00"),  # nine sharp
    ("2026-01-15T13:30", ("America/New_York", "America/Los_Angeles"), "2026-01-15T16:00"),
    ("2026-01-16T03:00", ("America/New_York", "America/Los_Angeles"), "2026-01-16T16:00"),
    ("2026-03-08T05:00", ("America/New_York",), "2026-03-08T12:00"),  # the night on which the clock jumps forward
    ("2026-11-01T04:00", ("America/New_York",), "2026-11-01T13:00"),  # and back
    ("2026-07-01T05:30", ("America/Phoenix", "America/Denver"), "2026-07-01T15:00"),
])  # fmt: skip
def test_nobody_is_texted_at_night(utc, zones, until):
    now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert rules.awake_at(now, zones, NIGHT) == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


def test_a_quiet_time_may_lie_within_one_day():
    noon = datetime(2026, 1, 15, 17, 30, tzinfo=UTC)
    assert rules.awake_at(noon, ("America/New_York",), (time(12), time(13))) == datetime(2026, 1, 15, 18, tzinfo=UTC)


@pytest.mark.parametrize(("typed", "kept"), [
    ("(212) 555-0123", "+12125550123"), ("212.555.0123.", "+12125550123"), ("+1 212 555 0123", "+12125550123"),
    ("+44 20 7946 0000", "+442079460000"), ("12", None), ("call me", None), ("", None), ("212555012\0", None),
])  # fmt: skip
def test_a_number_is_kept_in_one_form(typed, kept):
    assert phone_number(typed) == kept


def test_a_number_tells_where_it_is_at_home_and_whether_it_gets_texts():
    assert (country_of("+12125550123"), country_of("+17875550123"), country_of("+442079460000")) == ("US", "PR", "GB")
    assert zones_of("+12125550123") == ("America/New_York",)
    assert gets_texts("+12125550123")
    assert not gets_texts("+18005550123"), "toll-free"
    assert not gets_texts("+19005550123"), "premium"
    assert not gets_texts("+442079460000"), "a landline"
    assert not gets_texts("+11115550123"), "no such area"

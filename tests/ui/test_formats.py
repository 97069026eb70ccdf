"""Numbers and dates as an American reads them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats

EVENING = datetime(2026, 12, 11, 3, 2, tzinfo=UTC)  # still Dec 10 in New York


@pytest.mark.parametrize(
    ("amount", "long", "short"),
    [
        (Money(1800), "$18.00", "$18"),
        (1850, "$18.50", "$18.50"),
        (Money(0), "$0.00", "$0"),
        (Money(999999), "$9,999.99", "$9,999.99"),
        (Money(-500), "-$5.00", "-$5"),
        (Money(100000), "$1,000.00", "$1,000"),
    ],
)
def test_money(amount: Money | int, long: str, short: str) -> None:
    assert formats.money(amount) == long
    assert formats.money_short(amount) == short


def test_dates_are_the_shops() -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        assert formats.day(EVENING) == "Dec 10, 2026"
        assert formats.day(EVENING, "weekday") == "Thu, Dec 10"
        assert formats.clock_time(EVENING) == "10:02 pm"
        assert formats.day_and_time(EVENING) == "Dec 10, 10:02 pm"
    assert formats.day(date(2026, 7, 4), "day") == "Jul 4"


@pytest.mark.parametrize(("hour", "words"), [(0, "12:05 am"), (11, "11:05 am"), (12, "12:05 pm"), (15, "3:05 pm")])
def test_clock(hour: int, words: str) -> None:
    assert formats.clock_time(datetime(2026, 1, 1, hour, 5)) == words


@pytest.mark.parametrize(
    ("centimetres", "inches"),
    [(62, "24½ in"), (Decimal("61.0"), "24 in"), (0, "0 in"), (1, "½ in"), (Decimal("2.54"), "1 in"), (98, "38½ in")],
)
def test_length_in_quarters_of_an_inch(centimetres: Decimal | int, inches: str) -> None:
    assert formats.length_in(centimetres) == inches


def test_length_in_centimetres() -> None:
    assert formats.length_cm(Decimal("62.0")) == "62 cm"
    assert formats.length_cm(Decimal("24.5")) == "24.5 cm"


def test_plural() -> None:
    assert [formats.plural(n, "gift", "gifts") for n in (0, 1, 1204)] == ["0 gifts", "1 gift", "1,204 gifts"]

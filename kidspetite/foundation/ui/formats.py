"""Numbers and dates as the shop writes them: en-US, by Babel, in the shop's time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.utils import timezone

from kidspetite.foundation.kernel.money import Money

LOCALE = "en_US"
DAY_PATTERNS = {"full": "MMM d, y", "day": "MMM d", "weekday": "EEE, MMM d", "month": "MMMM y"}
FRACTIONS = {Fraction(0): "", Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}


def money(amount: Money | int) -> str:
    """`Money(1800)` or 1800 cents → "$18.00"."""
    minor, currency = (amount, "USD") if isinstance(amount, int) else (amount.minor, amount.currency)
    return _currency(minor, currency, None)


def money_short(amount: Money | int) -> str:
    """Whole amounts without cents, for running text: "$18", but "$18.50"."""
    minor, currency = (amount, "USD") if isinstance(amount, int) else (amount.minor, amount.currency)
    return _currency(minor, currency, "¤#,##0") if minor % 100 == 0 else _currency(minor, currency, None)


def day(moment: date | datetime, pattern: str = "full") -> str:
    """The calendar day in the shop's zone. Patterns: full "Dec 10, 2026", day, weekday "Thu, Dec 10", month."""
    return format_date(_local(moment), DAY_PATTERNS[pattern], locale=LOCALE)


def clock_time(moment: datetime) -> str:
    """ "3:42 pm" in the shop's zone."""
    local = _local(moment)
    assert isinstance(local, datetime)
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def day_and_time(moment: datetime) -> str:
    """ "Dec 10, 3:42 pm" in the shop's zone."""
    return f"{day(moment, 'day')}, {clock_time(moment)}"


@lru_cache(maxsize=512)
def length_in(centimetres: Decimal | float) -> str:
    """Centimetres as inches, to the nearest quarter: 62 → "24½ in"."""
    quarters = round(Fraction(str(centimetres)) * 4 * 100 / 254)
    whole, part = divmod(Fraction(quarters, 4), 1)
    return f"{int(whole) or ''}{FRACTIONS[part]} in" if quarters else "0 in"


def length_cm(centimetres: Decimal | float) -> str:
    """62.0 → "62 cm", 24.5 → "24.5 cm"."""
    return f"{format_decimal(Decimal(str(centimetres)), '#,##0.#', locale=LOCALE)} cm"


def plural(count: int, one: str, many: str) -> str:
    """A number with its noun: "1 gift", "1,204 gifts"."""
    return f"{_number(count)} {one if count == 1 else many}"


@lru_cache(maxsize=4096)
def _number(count: int) -> str:
    return format_decimal(count, locale=LOCALE)


def one_line(lines: Iterable[str], but: str = "") -> str:
    """Lines beside each other, without one that stands there anyhow: "12 Selvage Street · Portland"."""
    return " · ".join([line for line in lines if line != but])


@lru_cache(maxsize=4096)
def _currency(minor: int, currency: str, pattern: str | None) -> str:
    digits = pattern is None
    return format_currency(Decimal(minor) / 100, currency, pattern, locale=LOCALE, currency_digits=digits)


def _local(moment: date | datetime) -> date | datetime:
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment

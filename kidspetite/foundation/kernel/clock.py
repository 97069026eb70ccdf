"""The one clock. Everything that needs the time asks here, so that tests can stop it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day in a named time zone, such as the shop's."""
    return now().astimezone(ZoneInfo(zone)).date()

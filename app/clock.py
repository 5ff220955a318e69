"""What time it is, for people in Flanders: instants are stored in UTC and shown in Brussels time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in Brussels, whatever the time zone of the process."""
    return datetime.now(BRUSSELS).date()


def in_brussels(instant: datetime) -> datetime:
    """The same instant on a clock in Brussels."""
    return instant.astimezone(BRUSSELS)


def start_of_day(day: date) -> datetime:
    """The instant at which that day begins in Brussels."""
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).astimezone(UTC)


def days_ago(count: int) -> datetime:
    """The instant `count` times 24 hours before now."""
    return now() - timedelta(days=count)

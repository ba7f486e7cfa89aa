"""When the demo's people worked: weekdays, in working hours."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def working_day(day: date) -> date:
    """That day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def moments(count: int, start: date, end: date) -> list[datetime]:
    """So many moments from `start` to `end`, evenly spread, each in working hours."""
    length = (end - start).days
    days = [start + timedelta(days=length * n // max(1, count - 1)) for n in range(count)]
    return [at_work(day, n) for n, day in enumerate(days)]


def at_work(day: date, n: int = 0) -> datetime:
    """A moment in the working hours of that day, or of the Friday before it; another one for each `n`."""
    hour = time(9 + n * 3 % 8, n * 17 % 60)
    return datetime.combine(working_day(day), hour, timezone.get_current_timezone())

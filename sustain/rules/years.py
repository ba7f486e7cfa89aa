"""The days that an annual report is about, and what falls into them. Values in, values out."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 366
# Until so many days of a year have gone, a new report is about the year before.
EARLY = 182


def proposed(last: datetime.date | None, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """
    First and last day of the next report: the year after the last report's.

    Without one, a calendar year: the one before until half of this one has gone.
    """
    if last is None:
        year = (today - datetime.timedelta(days=EARLY)).year
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    first = last + datetime.timedelta(days=1)
    return first, _a_year_on(first) - datetime.timedelta(days=1)


def _a_year_on(day: datetime.date) -> datetime.date:
    leap = (day.month, day.day) == (2, 29)
    return datetime.date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)


def too_long(first: datetime.date, last: datetime.date) -> bool:
    """More than a year, both days counted."""
    return (last - first).days + 1 > LONGEST


def within(day: datetime.date | None, first: datetime.date, last: datetime.date) -> bool:
    """The day is one of the year's."""
    return day is not None and first <= day <= last


@dataclass(frozen=True)
class Due:
    """Something that is to be done, or takes place, on a day."""

    on: datetime.date
    kind: str
    what: str
    who: str = ""


def half_a_year_on(today: datetime.date) -> datetime.date:
    """The same day six months later, or the last of that month."""
    month = (today.month + 5) % 12 + 1
    year = today.year + (today.month > 6)
    after = datetime.date(year + (month == 12), month % 12 + 1, 1) - datetime.timedelta(days=1)
    return after.replace(day=min(after.day, today.day))


def upto(found: Iterable[Due], last: datetime.date) -> tuple[Due, ...]:
    """What is due until the last day, the overdue included, the earliest first."""
    return tuple(sorted((one for one in found if one.on <= last), key=lambda one: (one.on, one.kind, one.what)))

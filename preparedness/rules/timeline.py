"""Where dates stand on a line of time."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 1000


@dataclass(frozen=True)
class Span:
    """From `start` to `end`, both on the line; a date becomes a place from 0 to WIDTH."""

    start: datetime.date
    end: datetime.date

    def place(self, day: datetime.date) -> int:
        """Where the day stands; what lies beyond an end stands at it."""
        length = max(1, (self.end - self.start).days)
        return max(0, min(WIDTH, WIDTH * (day - self.start).days // length))


def span(days: Iterable[datetime.date], today: datetime.date) -> Span:
    """A line that holds all of them and today, from the first of a month to the last of one."""
    known = [*days, today]
    first, last = min(known), max(known)
    following = (last.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return Span(first.replace(day=1), following - datetime.timedelta(days=1))

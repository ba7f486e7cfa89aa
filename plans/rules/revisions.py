"""What happened to a section, as its history tells: which saves are one sitting, which step of its review was it."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from plans.rules.progress import Status

# A page saves itself every few seconds; a version that people look for is what somebody wrote at one time.
PAUSE = datetime.timedelta(minutes=10)
LONGEST = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Save:
    """One version in which the text changed; `alone` where it is an entry whatever comes before and after."""

    version: int
    at: datetime.datetime
    person: int | None
    alone: bool = False


def joins(sitting: tuple[Save, ...], save: Save) -> bool:
    """Whether a save belongs to the ones just before it: the same person, no long pause, an hour in all."""
    first, last = sitting[0], sitting[-1]
    return (
        not (last.alone or save.alone)
        and save.person == last.person
        and save.at - last.at <= PAUSE
        and save.at - first.at <= LONGEST
    )


class Event(StrEnum):
    """A step of the review."""

    ASKED = "asked"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


def event(before: Status, after: Status, *, comment: str) -> Event | None:
    """The step from one status to the next; the first words of a draft are none."""
    if before is after:
        return None
    if after in _ENTERED:
        return _ENTERED[after]
    if before is Status.IN_REVIEW:
        return Event.RETURNED if comment else Event.TAKEN_BACK
    return Event.WITHDRAWN if before is Status.APPROVED else None


_ENTERED = {Status.IN_REVIEW: Event.ASKED, Status.APPROVED: Event.APPROVED}

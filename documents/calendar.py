"""iCalendar files (RFC 5545): what every calendar and every event of ours begins with."""

from datetime import datetime

from icalendar import Calendar, Event


def new_calendar(what: str, name: str = "") -> Calendar:
    """An empty calendar of `what` (in English, for machines), shown as `name`."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Mobility Planning//{what}//EN")
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    return calendar


def new_event(uid: str, *, place: str, at: datetime, version: int) -> Event:
    """An event that calendars know again by its `uid` and `place`, as it stands since `at` in this `version`."""
    event = Event()
    event.add("uid", f"{uid}@{place}.mobility-planning")
    event.add("dtstamp", at)
    event.add("last-modified", at)
    event.add("sequence", version)
    return event

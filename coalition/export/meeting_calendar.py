"""Meetings as iCalendar events (RFC 5545)."""

import datetime
from collections.abc import Iterable

from icalendar import Event

from accounts.links import link
from coalition.models import Meeting
from documents.calendar import new_calendar, new_event


def calendar(meetings: Iterable[Meeting], name: str = "") -> bytes:
    """A calendar of the meetings, called `name`; the `group` and `municipality` of each are read."""
    found = new_calendar("meetings", name)
    for meeting in meetings:
        found.add_component(_event(meeting))
    return bytes(found.to_ical())


def _event(meeting: Meeting) -> Event:
    slug = meeting.municipality.slug
    event = new_event(f"meeting-{meeting.pk}", place=slug, at=meeting.updated_at, version=meeting.version)
    # Times have no zone: they are the clock's on the wall where the meeting is.
    if meeting.starts:
        event.add("dtstart", datetime.datetime.combine(meeting.on, meeting.starts))
        if meeting.ends:
            event.add("dtend", datetime.datetime.combine(meeting.on, meeting.ends))
    else:
        event.add("dtstart", meeting.on)
        event.add("dtend", meeting.on + datetime.timedelta(days=1))
    event.add("summary", f"{meeting.group}: {meeting.title}" if meeting.group else meeting.title)
    event.add("location", meeting.place)
    event.add("description", meeting.agenda)
    event.add("status", "CANCELLED" if meeting.called_off else "CONFIRMED")
    event.add("url", link("coalition:meeting", slug, meeting.pk))
    return event

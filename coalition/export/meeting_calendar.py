"""Meetings as iCalendar events (RFC 5545)."""

import datetime
from collections.abc import Iterable

from icalendar import Calendar, Event

from accounts.links import link
from coalition.models import Meeting


def calendar(meetings: Iterable[Meeting], name: str = "") -> bytes:
    """A calendar of the meetings, called `name`; the `group` and `municipality` of each are read."""
    found = Calendar()
    found.add("prodid", "-//Mobility Planning//meetings//EN")
    found.add("version", "2.0")
    if name:
        found.add("x-wr-calname", name)
    for meeting in meetings:
        found.add_component(_event(meeting))
    return bytes(found.to_ical())


def _event(meeting: Meeting) -> Event:
    slug = meeting.municipality.slug
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{slug}.mobility-planning")
    event.add("dtstamp", meeting.updated_at)
    event.add("last-modified", meeting.updated_at)
    event.add("sequence", meeting.version)
    # Times have no zone: they are the clock's on the wall where the meeting is.
    if meeting.starts:
        event.add("dtstart", datetime.datetime.combine(meeting.on, meeting.starts))
        event.add("dtend", datetime.datetime.combine(meeting.on, meeting.ends or meeting.starts))
    else:
        event.add("dtstart", meeting.on)
        event.add("dtend", meeting.on + datetime.timedelta(days=1))
    event.add("summary", f"{meeting.group}: {meeting.title}" if meeting.group else meeting.title)
    event.add("location", meeting.place)
    event.add("description", meeting.agenda)
    event.add("status", "CANCELLED" if meeting.called_off else "CONFIRMED")
    event.add("url", link("coalition:meeting", slug, meeting.pk))
    return event

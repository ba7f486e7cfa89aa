"""Due dates as an iCalendar feed (RFC 5545), one all-day event an action."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Event

from accounts.links import link
from documents.calendar import new_calendar, new_event
from municipalities.models import Municipality
from preparedness.models import Action, ActionStatus
from preparedness.queries import ActionLine

STATUS = {ActionStatus.DONE: "CONFIRMED", ActionStatus.DROPPED: "CANCELLED"}


def feed(municipality: Municipality, lines: Iterable[ActionLine]) -> bytes:
    """The calendar of the actions that have a due date."""
    name = _("%(place)s: preparedness plan") % {"place": municipality}
    calendar = new_calendar("preparedness plan", name)
    for line in lines:
        if line.row.due:
            calendar.add_component(_event(municipality, line, line.row.due))
    return bytes(calendar.to_ical())


def _event(municipality: Municipality, line: ActionLine, due: datetime.date) -> Event:
    row: Action = line.row
    event = new_event(f"action-{row.pk}", place=municipality.slug, at=row.updated_at, version=row.version)
    event.add("dtstart", due)
    event.add("dtend", due + datetime.timedelta(days=1))
    event.add("summary", row.title if row.live else f"{row.get_status_display()}: {row.title}")
    event.add("description", "\n".join(part for part in (line.owner, row.how) if part))
    event.add("status", STATUS.get(ActionStatus(row.status), "TENTATIVE"))
    event.add("transp", "TRANSPARENT")
    event.add("url", link("preparedness:edit", municipality.slug, row.pk))
    if line.conditions:
        event.add("categories", list(line.conditions))
    return event

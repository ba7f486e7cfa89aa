"""Words for people that several apps say alike."""

import datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipalities.models import Role

# What each role may do, in a sentence (docs/roles.md has the whole table).
MEANING: dict[Role, str | Promise] = {
    Role.ADVOCATE: _("Leads the work: fills everything in, invites people, sets the readiness policy, starts rounds."),
    Role.CONTRIBUTOR: _("Fills in the conditions, keeps the coalition roster and writes the plan."),
    Role.LEADERSHIP: _("Decides: records the determination and approves the plan. May also fill in and write."),
    Role.VIEWER: _("Reads everything and takes exports, but changes nothing."),
}


def day(value: datetime.date | None) -> str:
    """A date, or a moment's local date, as people write it: "Nov 24, 2026"; nothing for none."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime.datetime) else value
    return format_date(local, "M j, Y")

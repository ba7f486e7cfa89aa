"""What each role may do, in a sentence for people (docs/roles.md has the whole table)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipalities.models import Role

MEANING: dict[Role, str | Promise] = {
    Role.ADVOCATE: _("Leads the work: fills everything in, invites people, sets the readiness policy, starts rounds."),
    Role.CONTRIBUTOR: _("Fills in the conditions, keeps the coalition roster and writes the plan."),
    Role.LEADERSHIP: _("Decides: records the determination and approves the plan. May also fill in and write."),
    Role.VIEWER: _("Reads everything and takes exports, but changes nothing."),
}

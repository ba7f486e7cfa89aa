"""Who is told by e-mail how the review of a section goes on: whoever can do the next step."""

from django.utils.translation import gettext as _

from accounts.letters import tell
from accounts.links import link
from accounts.models import User
from comments.queries import people
from municipalities.models import Municipality
from plans import reviews
from plans.models import Section


def asked(row: Section, municipality: Municipality, by: User) -> None:
    """A section waits: everybody of leadership who can approve it."""
    team = reviews.team_of(municipality)
    able = {mate.pk for mate in team if mate.approves and not row.own(mate.pk)}
    subject = _("%(section)s waits for your review") % {"section": row.outline.title}
    _tell(row, municipality, by, able, subject, "plans/email/asked.txt")


def returned(row: Section, municipality: Municipality, by: User, writers: set[int | None]) -> None:
    """A section came back with a comment: those of the writers who are members."""
    subject = _("%(section)s was returned with a comment") % {"section": row.outline.title}
    _tell(row, municipality, by, writers, subject, "plans/email/returned.txt")


def _tell(
    row: Section, municipality: Municipality, by: User, wanted: set[int] | set[int | None], subject: str, template: str
) -> None:
    receivers = [user for pk, user in people(municipality).items() if pk in wanted and pk != by.pk]
    page = link("plans:section", municipality.slug, row.key)
    tell(receivers, subject, template, section=row.outline.title, place=municipality, who=by, row=row, link=page)

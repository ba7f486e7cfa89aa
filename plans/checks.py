"""The plan checks itself: all that it lacks, from each of its parts, and what of it the team accepts with a reason."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from findings import queries as findings
from municipalities.models import Municipality
from plans import below
from plans.models import Acceptance
from plans.queries import PlanPage, plan_page
from plans.rules import checks as rules
from plans.rules.progress import Status
from strategy import queries as strategy

AREAS = {
    "findings": _("Findings and engagement"),
    "strategy": _("Priorities and actions"),
    "measures": _("Measures"),
    "sections": _("Sections"),
}
SAYS = {
    "empty": _("This section has no text: %(what)s"),
    "unapproved": _("This section is not approved yet: %(what)s"),
    "changed": _("What stands below its text has changed since this section was approved: %(what)s"),
}
# What of the strategy concerns its measures.
MEASURING = ("unmeasured", "aimless", "backwards")


@dataclass(frozen=True)
class Check:
    """Something missing, in a sentence, and where it is mended; `code` and `subject` tell it from all others."""

    area: str
    code: str
    subject: str
    text: str
    url: str
    accepted: Acceptance | None = None

    @property
    def dom(self) -> str:
        """For the names of things on its page."""
        return f"{self.code}-{self.subject}"


@dataclass(frozen=True)
class Area:
    """What one part of the plan lacks."""

    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Checks:
    """All that the plan lacks: open, and accepted with a reason."""

    every: tuple[Check, ...]

    @property
    def open(self) -> tuple[Check, ...]:
        return tuple(check for check in self.every if check.accepted is None)

    @property
    def accepted(self) -> tuple[Check, ...]:
        return tuple(check for check in self.every if check.accepted is not None)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The open ones by the part of the plan, in the plan's order."""
        found = ((title, tuple(check for check in self.open if check.area == key)) for key, title in AREAS.items())
        return tuple(Area(str(title), some) for title, some in found if some)

    def find(self, code: str, subject: str) -> Check | None:
        return next((check for check in self.every if (check.code, check.subject) == (code, subject)), None)


def checks(municipality: Municipality, today: datetime.date) -> Checks:
    """All of it, in a constant number of queries; raises Plan.DoesNotExist."""
    base = findings.base(municipality, today)
    told = strategy.strategy(municipality, today, base.stated)
    found = [
        *_of_findings(municipality.slug, base),
        *_of_strategy(municipality.slug, told),
        *_of_sections(municipality.slug, plan_page(municipality), below.digests(base, told)),
    ]
    rows = Acceptance.objects.filter(municipality=municipality).select_related("updated_by")
    accepted = {(row.code, row.subject): row for row in rows}
    return Checks(
        tuple(
            Check(area, code, subject, text, url, accepted.get((code, subject)))
            for area, code, subject, text, url in found
        )
    )


Found = Iterator[tuple[str, str, str, str, str]]


def _of_findings(slug: str, base: findings.Base) -> Found:
    for gap in base.gaps:
        url = reverse("findings:edit", args=[slug, gap.kind, gap.pk]) if gap.pk else _list(slug, gap.kind)
        yield "findings", gap.code, gap.part or _subject(gap.kind, gap.pk), gap.text, url


def _list(slug: str, kind: str) -> str:
    return reverse("findings:entries", args=[slug, kind])


# Where something of each kind is mended; what lacks an action gets a new one.
MENDED = {
    "action": ("strategy:edit_action", True),
    "item": ("strategy:add_measure", True),
    "measure": ("strategy:edit_measure", True),
    "priority": ("strategy:add_action", False),
    "finding": ("strategy:add_action", False),
    "strategy": ("strategy:strategy", False),
}


def _of_strategy(slug: str, told: strategy.Strategy) -> Found:
    for gap in told.gaps:
        name, numbered = MENDED[gap.kind]
        url = reverse(name, args=[slug, gap.pk] if numbered else [slug])
        if gap.kind == "priority":
            url += f"?priority={gap.pk}"
        yield (
            "measures" if gap.code in MEASURING else "strategy",
            gap.code,
            _subject(gap.kind, gap.pk),
            gap.text,
            url,
        )


def _of_sections(slug: str, page: PlanPage, now: Mapping[str, str]) -> Found:
    views = {view.key: view for view in page.sections}
    rows = [view.row for view in page.sections]
    known = [rules.Section(row.key, Status(row.status), row.filled, below.changed(row, now)) for row in rows]
    for gap in rules.gaps(known):
        what = f"{views[gap.key].number}. {views[gap.key].outline.title}"
        url = reverse("plans:section", args=[slug, gap.key])
        yield "sections", gap.code, f"section-{gap.key}", str(SAYS[gap.code]) % {"what": what}, url


def _subject(kind: str, pk: int | None) -> str:
    return f"{kind}-{pk}" if pk else ""

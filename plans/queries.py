"""The plan as plain values, for its pages and for the overview; `plan_document` gives all that its PDF shows."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from coalition import queries as coalition
from documents.markdown import Block, Named, Shown, blocks, named_pictures
from findings import queries as findings
from municipalities.access import ALLOWED, Action
from municipalities.models import Membership, Municipality, ReadinessPolicy
from municipalities.queries import names_by_email
from plans import discussion, pictures
from plans.composition import compose
from plans.discussion import Discussed, Paragraph
from plans.export.document import Document
from plans.models import Plan, Section, SectionStatus
from plans.outline import OutlineSection, by_key, load
from plans.parts import Parts
from plans.rules import progress as rules
from plans.rules.progress import Progress, Status
from preparedness import queries as preparedness
from readiness import queries as readiness
from strategy import queries as strategy


@dataclass(frozen=True)
class PlanProgress:
    """How far the 14 sections are, in numbers and in one sentence."""

    counts: Progress

    @property
    def approved(self) -> int:
        return self.counts.approved

    @property
    def total(self) -> int:
        return self.counts.total

    @property
    def begun(self) -> bool:
        return self.counts.begun

    @property
    def complete(self) -> bool:
        """Every section is approved, and with them the plan."""
        return self.counts.complete

    @property
    def sentence(self) -> str:
        """ "9 of 14 sections are approved.", or that nothing is written or approved yet."""
        if self.complete:
            return _("All %(total)s sections are approved.") % {"total": self.total}
        if not self.begun:
            return _("Nothing is written yet.")
        if not self.approved:
            begun = self.total - self.counts.not_started
            return _("%(n)s of %(total)s sections are begun, none is approved yet.") % {
                "n": begun,
                "total": self.total,
            }
        return ngettext(
            "%(n)s of %(total)s sections is approved.",
            "%(n)s of %(total)s sections are approved.",
            self.approved,
        ) % {"n": self.approved, "total": self.total}


def progress(municipality: Municipality) -> PlanProgress:
    """The progress alone, in one query; nothing is written where there is no plan yet."""
    found = Section.objects.filter(plan__municipality=municipality).values_list("status", flat=True)
    return progress_of(found)


def progress_of(statuses: Iterable[str]) -> PlanProgress:
    """The progress that these statuses add up to."""
    return PlanProgress(rules.progress(Status(status) for status in statuses))


@dataclass(frozen=True)
class Move:
    """A status that a person may give a section, and the words on the button that does it."""

    status: Status
    label: str


MOVE_LABELS = {
    (Status.NOT_STARTED, Status.IN_REVIEW): gettext_lazy("Send for review"),
    (Status.DRAFTING, Status.IN_REVIEW): gettext_lazy("Send for review"),
    (Status.IN_REVIEW, Status.APPROVED): gettext_lazy("Approve section"),
    (Status.IN_REVIEW, Status.DRAFTING): gettext_lazy("Back to drafting"),
    (Status.APPROVED, Status.DRAFTING): gettext_lazy("Withdraw approval"),
}


@dataclass(frozen=True)
class SectionView:
    """One section: its place in the outline and what stands in it."""

    number: int
    outline: OutlineSection
    row: Section
    # What its own page shows besides (`as_shown`).
    pictures: Mapping[int, Shown] = field(default_factory=dict)
    blocks: Sequence[Block] = ()
    discussed: tuple[Discussed, ...] = ()

    @property
    def key(self) -> str:
        return self.outline.key

    @property
    def words(self) -> int:
        return rules.words(self.row.body)

    @property
    def frozen(self) -> bool:
        return rules.frozen(Status(self.row.status))

    @property
    def shown(self) -> str:
        """Its status; what fills itself is never empty, so nobody need start it."""
        fills = self.outline.generated and self.row.status == Status.NOT_STARTED
        return "fills_itself" if fills else str(self.row.status)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The text as a page shows it, in parts with the threads on each."""
        return discussion.paragraphs(self.blocks, self.discussed)

    @property
    def open_threads(self) -> int:
        return sum(line.thread.open for line in self.discussed)

    @cached_property
    def named(self) -> list[Named]:
        """The pictures that the text names."""
        return named_pictures(self.row.body)

    @property
    def wordless(self) -> tuple[int, ...]:
        """The numbers of those without an alternative text; they are not shown."""
        return tuple(named.number for named in self.named if not named.alternative)

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of those that the municipality does not have."""
        return tuple(named.number for named in self.named if named.number not in self.pictures)

    @property
    def wide(self) -> bool:
        """It may need to be moved sideways on a phone, so the keyboard must reach it."""
        return any("<table>" in part.block.html for part in self.paragraphs)

    def moves(self, person: User, *, approves: bool) -> tuple[Move, ...]:
        """
        Where a person may move the section from here by a button alone, the next step first; a return has a form.

        Once begun, the offer does not come and go with the text, which may be saved at any moment.
        """
        status = Status(self.row.status)
        filled = self.row.filled or status is not Status.NOT_STARTED
        own = self.row.own(person.pk)
        found = rules.moves(status, filled=filled, approves=approves, own=own)
        alone = [wanted for wanted in found if not rules.returns(status, wanted, approves=approves, own=own)]
        return tuple(Move(wanted, str(MOVE_LABELS[status, wanted])) for wanted in alone)


# They sum up the others (their guidance says so), though they stand first.
WRITTEN_LAST = ("letter", "summary")


@dataclass(frozen=True)
class PlanPage:
    """The plan and its sections in the outline's order."""

    plan: Plan
    sections: tuple[SectionView, ...]

    @property
    def progress(self) -> PlanProgress:
        return progress_of(view.row.status for view in self.sections)

    @property
    def words(self) -> int:
        return sum(view.words for view in self.sections)

    @property
    def next(self) -> SectionView | None:
        """Where to go on writing: what was begun last, else the first that nobody has begun."""
        begun = [view for view in self.sections if view.row.status == Status.DRAFTING]
        waiting = [view for view in self.sections if view.row.status == Status.NOT_STARTED]
        newest = max(begun, key=lambda view: view.row.updated_at, default=None)
        return newest or min(waiting, key=lambda view: view.key in WRITTEN_LAST, default=None)

    def to_review(self, person: User) -> SectionView | None:
        """The first that waits for an approval that this person of leadership can give."""
        waiting = [view for view in self.sections if view.row.status == Status.IN_REVIEW]
        return next((view for view in waiting if not view.row.own(person.pk)), None)

    def section(self, key: str) -> "SectionPage":
        """The page of one section; raises KeyError for one that the outline does not have."""
        place = [view.key for view in self.sections].index(key) if key in by_key() else -1
        if place < 0:
            raise KeyError(key)
        before = self.sections[place - 1] if place else None
        after = self.sections[place + 1] if place + 1 < len(self.sections) else None
        return SectionPage(self, self.sections[place], before, after)


@dataclass(frozen=True)
class SectionPage:
    """One section with the whole outline beside it."""

    whole: PlanPage
    view: SectionView
    before: SectionView | None
    after: SectionView | None

    def retype(self, typed: Mapping[str, object]) -> None:
        """Show in the form what was typed and refused, at the version it was typed at, instead of what is stored."""
        for name in ("version", *Section.FIELDS):
            if name in typed:
                setattr(self.view.row, name, typed[name])


def section_view(row: Section) -> SectionView:
    """One section that is already at hand, without the pictures of its text."""
    return SectionView(list(by_key()).index(row.key) + 1, row.outline, row)


# Whose names the page of a section shows besides.
SIGNATURES = ("approved_by", "asked_by", "returned_by")


def as_shown(view: SectionView, municipality: Municipality) -> SectionView:
    """The section as its page shows it: its text below a heading of level 2, the pictures in it, the threads on it."""
    found = pictures.shown(municipality, view.row.body)
    text = blocks(view.row.body, base_level=2, pictures=found)
    said = discussion.discussed(view.row, municipality, text)
    return replace(view, pictures=found, blocks=text, discussed=said)


def plan_page(municipality: Municipality) -> PlanPage:
    """The plan with all its sections, in two queries; raises Plan.DoesNotExist."""
    plan = Plan.objects.select_related("updated_by").get(municipality=municipality)
    return _page(plan, Section.objects.select_related("owner", "updated_by", *SIGNATURES))


def _page(plan: Plan, sections: "QuerySet[Section]") -> PlanPage:
    rows = {row.key: row for row in sections.filter(plan=plan)}
    return PlanPage(plan, tuple(section_view(rows[section.key]) for section in load()))


def open_sections(municipality: Municipality, user: User) -> "QuerySet[Section]":
    """The sections that are the person's and not approved yet: they own them, or wrote one that came back unowned."""
    rows: QuerySet[Section] = Section.objects.filter(plan__municipality=municipality)
    theirs = Q(owner=user) | Q(owner=None, written_by=user, returned_by__isnull=False)
    return rows.filter(theirs).exclude(status=SectionStatus.APPROVED)


APPROVING = [role for role, allowed in ALLOWED.items() if Action.APPROVE in allowed]


def sections_to_review(municipality: Municipality, user: User) -> "QuerySet[Section]":
    """The sections that wait for leadership and that this person can approve, if they are of leadership."""
    seats = Membership.objects.filter(municipality=municipality, user=user, role__in=APPROVING)
    rows: QuerySet[Section] = Section.objects.filter(plan__municipality=municipality, status=SectionStatus.IN_REVIEW)
    # As `Section.own` says it; an empty text is nobody's, and a comparison with nobody is neither true nor false.
    own = Q(asked_by=user, asked_by__isnull=False) | Q(written_by=user, written_by__isnull=False, body__regex=r"\S")
    return rows.filter(Exists(seats)).exclude(own)


def plan_document(municipality: Municipality) -> Document:
    """
    All that the plan's PDF shows, in a constant number of queries.

    Raises Plan.DoesNotExist and Round.DoesNotExist, which a municipality has from its first day.
    """
    # The document names nobody who wrote or owns a section.
    page = _page(Plan.objects.get(municipality=municipality), Section.objects.all())
    page.plan.municipality = municipality
    assessment = readiness.assessment(municipality)
    people = names_by_email(municipality)
    actions = preparedness.actions(municipality, assessment.instrument, timezone.localdate(), people)
    base = findings.base(municipality, timezone.localdate())
    actions_planned = strategy.strategy(municipality, timezone.localdate(), base.stated)
    parts = Parts(
        plan=page.plan,
        sections=[view.row for view in page.sections],
        progress=page.progress.counts,
        assessment=assessment,
        roster=coalition.public_roster(municipality),
        coverage=coalition.coverage(municipality),
        actions=actions,
        base=base,
        strategy=actions_planned,
        people=people,
        changed=_changed(municipality, page, assessment, actions, (base.changed, actions_planned.changed)),
        pictures=pictures.printed(municipality, [view.row.body for view in page.sections]),
    )
    return compose(parts)


def _changed(
    municipality: Municipality,
    page: PlanPage,
    assessment: readiness.Assessment,
    actions: Iterable[preparedness.ActionLine],
    others: Iterable[datetime.datetime | None],
) -> datetime.datetime:
    """The newest change of anything that the document shows; what was removed is in the history only."""
    moments = [municipality.updated_at, page.plan.updated_at, *(view.row.updated_at for view in page.sections)]
    moments += [view.last.updated_at for view in assessment.conditions]
    moments += [r.updated_at for view in assessment.conditions for step in view.steps for r in step.evidence]
    moments += [line.row.updated_at for line in actions]
    if assessment.determination:
        moments.append(assessment.determination.recorded_at)
    moments += ReadinessPolicy.objects.filter(municipality=municipality).values_list("updated_at", flat=True)
    return max([*moments, *(moment for moment in (coalition.changed(municipality), *others) if moment)])

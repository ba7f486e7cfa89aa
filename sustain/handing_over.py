"""
The handover note for a new administration: drafted anew each day, with what people add in their words.

It is for signed-in people, and names nobody whom the plan's roster may not name: of the coalition only who agreed to
it, of the team its members and no address.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import link
from coalition.models import FollowUp, GroupMember, Meeting, Person, WorkingGroup
from coalition.queries import management_team, unfinished
from findings.models import Engagement
from findings.queries import Base, base
from municipalities.models import Membership, Municipality, Role
from municipalities.queries import names_by_email
from municipalities.rules.text import without_address
from municipalities.wording import day
from plans.models import Plan, Release, Section, SectionStatus
from plans.outline import load
from plans.queries import progress_of
from preparedness.models import Action
from readiness.models import Determination
from strategy.queries import Strategy, strategy
from strategy.rules.progress import State
from sustain.models import Handover
from sustain.paper import Cell, Paper, Part, Table, cells
from sustain.reporting import counted, in_state, own_part
from sustain.rules.years import Due, half_a_year_on, upto

TITLES: Mapping[str, Any] = {
    "know": gettext_lazy("What to know"),
    "first": gettext_lazy("What to do first"),
}


@dataclass(frozen=True)
class _Known:
    """All that the note is drafted from."""

    place: Municipality
    today: datetime.date
    row: Handover
    plan: Plan
    sections: tuple[Section, ...]
    release: Release | None
    determination: Determination | None
    strategy: Strategy
    base: Base
    people: Mapping[str, str]

    def called(self, typed: str) -> str:
        """Somebody as the note may name them."""
        return without_address(typed, self.people)


def handover_paper(municipality: Municipality, row: Handover, today: datetime.date) -> Paper:
    """The note as it reads today, in a constant number of queries; `row` may be one that nobody has written yet."""
    decided = Determination.objects.filter(round__municipality=municipality).order_by("-round__number")
    plan = Plan.objects.get(municipality=municipality)
    rests_on = base(municipality, today)
    known = _Known(
        place=municipality,
        today=today,
        row=row,
        plan=plan,
        sections=tuple(Section.objects.filter(plan=plan).select_related("owner")),
        release=Release.objects.filter(municipality=municipality).standing().defer("data", "pdf").first(),
        determination=decided.defer("snapshot").first(),
        strategy=strategy(municipality, today, rests_on.stated),
        base=rests_on,
        people=names_by_email(municipality),
    )
    changed = [one for one in (known.strategy.changed, known.base.changed) if one]
    written = [row.updated_at] if row.pk else []
    moments = [municipality.updated_at, plan.updated_at, *(one.updated_at for one in known.sections)]
    return Paper(
        title=_("Handover note"),
        place=municipality.name,
        state_line=municipality.state,
        when=_("as of %(day)s") % {"day": day(today)},
        status=_("For the team, not for the public"),
        is_draft=False,
        created=max([*moments, *written, *changed]),
        parts=tuple(_parts(known)),
        paper="a4" if plan.paper == "a4" else "letter",
    )


def _parts(known: _Known) -> Iterator[Part]:
    yield from own_parts(known.row)
    yield _plan(known)
    yield _determined(known)
    yield _who(known)
    yield _due(known)
    yield _promised(known)
    yield _measures(known)
    yield _where(known)
    yield _about()


def own_parts(row: Handover) -> tuple[Part, ...]:
    """The texts in the team's own words: what to know, what to do first."""
    return tuple(own_part(name, str(TITLES[name]), getattr(row, name)) for name in Handover.FIELDS)


# --- The plan and its determination -----------------------------------------------------------------------


def _plan(known: _Known) -> Part:
    priorities = [Cell(f"{view.number}. {view.row.title}", more=view.row.goal) for view in known.strategy.priorities]
    lines = [
        _(
            "The %(title)s says how %(place)s helps people move up from poverty: to economic success, to power and "
            "autonomy, and to being valued in community."
        )
        % {"title": known.plan.title, "place": known.place.name},
        progress_of(one.status for one in known.sections).sentence,
        _released(known),
    ]
    lines += [_("Its priorities:")] if priorities else [_("It has no priority yet.")]
    return Part(_("What the plan is, and where it stands"), lines=tuple(lines), items=tuple(priorities))


def _released(known: _Known) -> str:
    row = known.release
    if row is None:
        return _("It is not public: no release stands.")
    told = {"n": row.number, "day": day(row.released_at), "address": link("published:newest", known.place.slug)}
    return _("Release %(n)s of %(day)s is public, for everybody, at %(address)s") % told


def _determined(known: _Known) -> Part:
    title, row = _("What leadership determined"), known.determination
    if row is None:
        return Part(title, quiet=_("Leadership has not recorded a determination yet."))
    told = {"word": row.get_verdict_display(), "by": ", ".join((row.name, row.title)), "day": day(row.decided_on)}
    lines = [_("%(word)s: determined by %(by)s on %(day)s.") % told, row.rationale]
    lines += [_("Under these conditions: %(words)s") % {"words": row.conditions}] if row.conditions else []
    lines += [_("To be looked at again on %(day)s.") % {"day": day(row.look_again_on)}] if row.look_again_on else []
    return Part(title, lines=tuple(lines))


# --- Who does what ----------------------------------------------------------------------------------------


def _who(known: _Known) -> Part:
    parts = (_team(known), _management(known), _groups(known), _owners(known), _leads(known))
    return Part(_("Who does what"), parts=parts)


def _team(known: _Known) -> Part:
    wanted = (Role.ADVOCATE, Role.LEADERSHIP)
    rows = Membership.objects.filter(municipality=known.place, role__in=wanted).select_related("user")
    members = sorted(rows, key=lambda row: (wanted.index(Role(row.role)), row.user.name.casefold()))
    items = [Cell(", ".join(filter(None, (row.user.name, row.title))), more=row.get_role_display()) for row in members]
    return Part(_("Mobility Advocate and leadership"), items=tuple(items))


def _name(person: Person) -> str:
    """Who agreed to be named, at a partner that agreed too; else that there is somebody."""
    if person.listed and person.partner.may_be_named:
        return person.name if person.partner.individual else f"{person.name} ({person.partner})"
    return _("somebody who has not agreed to be named")


def _management(known: _Known) -> Part:
    title = _("Management team")
    roles = management_team(known.place).roles
    rows = tuple(cells(role.label, ", ".join(_name(one) for one in role.people) or _("nobody yet")) for role in roles)
    return Part(title, table=Table(title, (_("Role"), _("Who")), (40, 60), rows))


def _groups(known: _Known) -> Part:
    title = _("Working groups and their chairs")
    chairs = GroupMember.objects.filter(group__municipality=known.place, chair=True).select_related("person__partner")
    chair = {one.group_id: _name(one.person) for one in chairs}
    groups = WorkingGroup.objects.filter(municipality=known.place, ended_on=None)
    rows = tuple(cells(one.name, chair.get(one.pk, _("nobody yet")), one.meets) for one in groups)
    if not rows:
        return Part(title, quiet=_("There is no working group."))
    head = (_("Working group"), _("Chair"), _("When and where it meets"))
    return Part(title, table=Table(title, head, (35, 30, 35), rows))


def _owners(known: _Known) -> Part:
    title = _("Owners of the plan’s sections")
    by_key = {row.key: row for row in known.sections}
    sections = [(outline, by_key[outline.key]) for outline in load()]
    rows = tuple(
        cells(str(outline.title), row.owner.name if row.owner else _("nobody yet"), str(row.get_status_display()))
        for outline, row in sections
    )
    return Part(title, table=Table(title, (_("Section"), _("Owner"), _("Status")), (50, 30, 20), rows))


def _leads(known: _Known) -> Part:
    title = _("Leads of the actions")
    rows = tuple(
        cells(f"{one.number} {one.row.title}", known.called(one.row.lead) or _("nobody yet"), one.dates)
        for one in known.strategy.actions
    )
    if not rows:
        return Part(title, quiet=_("The plan has no action yet."))
    return Part(title, table=Table(title, (_("Action"), _("Lead"), _("Dates")), (45, 25, 30), rows))


# --- What is due, promised, behind ------------------------------------------------------------------------


def _due(known: _Known) -> Part:
    title, until = _("What is due in the next six months"), half_a_year_on(known.today)
    found = upto(_dated(known), until)
    if not found:
        return Part(title, quiet=_("Nothing with a date is due until %(day)s.") % {"day": day(until)})
    rows = tuple(
        cells(
            Cell(day(one.on), more=_("overdue") if one.on < known.today else ""),
            one.what,
            one.kind,
            known.called(one.who),
        )
        for one in found
    )
    about = _("Until %(day)s, with what is overdue.") % {"day": day(until)}
    head = (_("Date"), _("What"), _("Kind"), _("Who"))
    return Part(title, lines=(about,), table=Table(title, head, (17, 45, 18, 20), rows))


def _dated(known: _Known) -> Iterator[Due]:
    yield from _of_the_strategy(known)
    for action in Action.objects.of(known.place).live().filter(due__isnull=False):
        yield Due(action.due, _("Preparedness"), action.title, action.owner)
    follow_ups: Iterable[FollowUp] = unfinished(known.place).filter(due__isnull=False)
    for row in follow_ups:
        yield Due(row.due, _("Follow-up"), row.text, row.owner)  # type: ignore[arg-type]  # asked for above
    for meeting in Meeting.objects.of(known.place).filter(called_off=False).coming(known.today):
        yield Due(meeting.on, _("Meeting"), meeting.title)
    for section in known.sections:
        if section.due and section.status != SectionStatus.APPROVED:
            owner = section.owner.name if section.owner else ""
            yield Due(section.due, _("Plan section"), str(section.outline.title), owner)
    decided = known.determination
    if decided and decided.look_again_on and decided.look_again_on >= known.today:
        yield Due(decided.look_again_on, _("Readiness"), _("Look at the determination again"), decided.name)


def _of_the_strategy(known: _Known) -> Iterator[Due]:
    """What starts, ends or is to be reached from today on: of what was, the states of the measures tell."""
    for view in known.strategy.actions:
        row, named = view.row, f"{view.number} {view.row.title}"
        if row.starts_on and row.starts_on >= known.today:
            yield Due(row.starts_on, _("Action starts"), named, row.lead)
        if row.ends_on and row.ends_on >= known.today:
            yield Due(row.ends_on, _("Action ends"), named, row.lead)
    for measure in known.strategy.measures:
        on = measure.row.target_on
        if on and on >= known.today:
            target = measure.said(measure.row.target)
            what = f"{measure.number} {measure.row.name}" + (f": {target}" if target else "")
            yield Due(on, _("Target"), what, measure.row.collector)


def _promised(known: _Known) -> Part:
    title = _("What residents were promised")
    waiting = {gap.pk for gap in known.base.gaps if gap.code == "unreported"}
    rows = [row for row in known.base.engagements if row.pk in waiting]
    if not rows:
        return Part(title, quiet=_("Everybody who was heard has heard back, as far as the engagement log tells."))
    about = _("Who was heard is told what became of it. Nothing was reported back yet of:")
    return Part(title, lines=(about,), items=tuple(_heard(row) for row in rows))


def _heard(row: Engagement) -> Cell:
    told = _("%(title)s (%(method)s, %(day)s)")
    words = told % {"title": row.title, "method": row.get_method_display(), "day": day(row.on)}
    return Cell(words, more=_("Whom it reached: %(words)s") % {"words": row.reached} if row.reached else "")


def _measures(known: _Known) -> Part:
    title, measures = _("How the measures stand"), known.strategy.measures
    if not measures:
        return Part(title, quiet=_("The plan has no measure yet."))
    wanted = (
        (State.BEHIND, _("Behind"), _("Nothing is behind.")),
        (State.NO_DATA, _("Without data"), _("Every measure has data.")),
    )
    parts = []
    for state, name, none in wanted:
        items = in_state(known.strategy, state)
        parts.append(Part(name, items=items, quiet="" if items else none))
    return Part(title, lines=(counted(measures, known.today),), parts=tuple(parts))


# --- Where things are -------------------------------------------------------------------------------------


PAGES: tuple[tuple[str, tuple[str, ...], Any], ...] = (
    ("overview", (), gettext_lazy("Overview: the recommendation, the nearest gaps, this week’s news")),
    ("readiness:overview", (), gettext_lazy("Readiness: the nine conditions and their steps")),
    ("coalition:roster", (), gettext_lazy("Coalition: partners, people, working groups, meetings")),
    ("plans:plan", (), gettext_lazy("Plan: its 14 sections and its files")),
    ("findings:entries", ("findings",), gettext_lazy("Findings: what the plan rests on")),
    ("findings:entries", ("engagement",), gettext_lazy("Engagement log: who was heard")),
    ("strategy:strategy", (), gettext_lazy("Actions and logic model")),
    ("strategy:measures", (), gettext_lazy("Measures and their values")),
    ("plans:releases", (), gettext_lazy("Releases, and what the public says")),
    ("sustain:sustain", (), gettext_lazy("Early wins, annual reports, this note")),
    ("municipalities:settings", (), gettext_lazy("Settings: who belongs to the team, and in which role")),
)


def _where(known: _Known) -> Part:
    items = tuple(Cell(str(words), link=link(name, known.place.slug, *more)) for name, more, words in PAGES)
    return Part(_("Where things are"), items=items)


def _about() -> Part:
    lines = (
        _(
            "Drafted from what the team has entered, as it stands on the day at its head. It is for signed-in people "
            "of this municipality, not for the public."
        ),
        _(
            "It names members of the team, and of the coalition only who agreed to be named in public. It holds no "
            "e-mail address, no phone number and no notes about anybody."
        ),
    )
    return Part(_("About this note"), lines=lines)

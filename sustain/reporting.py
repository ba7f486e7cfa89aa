"""The annual progress report: drafted from the measurement plan and the wins, with what people add in their words."""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from municipalities.rules.numbers import with_unit
from municipalities.wording import day
from plans.models import Plan, Release
from strategy.queries import ActionView, MeasureView, PriorityView, Strategy, strategy
from strategy.rules.progress import State
from strategy.wording import STATE_WORDS
from sustain.models import AnnualReport
from sustain.paper import NOTHING, Cell, Paper, Part, Table, cells, from_text
from sustain.queries import WinLine, wins
from sustain.rules.changes import Change, Kind, Thing, changes
from sustain.rules.years import within

TITLES: Mapping[str, Any] = {
    "summary": gettext_lazy("Summary"),
    "learned": gettext_lazy("What was learned"),
    "changes": gettext_lazy("What changes next year"),
}


@dataclass(frozen=True)
class _Year:
    """What the report is about: its days, the last day that its states stand for, and what it is drafted from."""

    row: AnnualReport
    as_of: datetime.date
    strategy: Strategy
    wins: tuple[WinLine, ...]
    release: Release | None

    @property
    def first(self) -> datetime.date:
        return self.row.starts_on

    @property
    def last(self) -> datetime.date:
        return self.row.ends_on


def report_paper(row: AnnualReport, today: datetime.date) -> Paper:
    """
    The report as it reads now, in a constant number of queries.

    States are those of its last day, or of today while that day has not come.
    """
    place, as_of = row.municipality, min(today, row.ends_on)
    found = [line for line in wins(place).lines if line.row.public and within(line.row.on, row.starts_on, row.ends_on)]
    released = Release.objects.filter(municipality=place).standing().filter(released_at__lt=_midnight_after(as_of))
    year = _Year(row, as_of, strategy(place, as_of), tuple(found), released.defer("pdf").first())
    plan = Plan.objects.get(municipality=place)
    moments = [row.updated_at, place.updated_at, *(line.row.updated_at for line in found)]
    return Paper(
        title=_("Annual progress report"),
        place=place.name,
        state_line=place.state,
        when=str(row),
        status=_("Draft, as of %(day)s") % {"day": day(as_of)},
        is_draft=True,
        created=max([*moments, *([year.strategy.changed] if year.strategy.changed else [])]),
        parts=tuple(_parts(year)),
        paper="a4" if plan.paper == "a4" else "letter",
    )


def finished_paper(row: AnnualReport, today: datetime.date, *, by: str, at: datetime.datetime) -> Paper:
    """The report as it is kept once somebody has finished it; without the texts that nobody wrote."""
    paper = report_paper(row, today)
    status = _("Finished on %(day)s by %(name)s") % {"day": day(at), "name": by}
    said = tuple(part for part in paper.parts if not part.key or part.written.strip())
    return replace(paper, status=status, is_draft=False, created=at, parts=said)


def shown_paper(row: AnnualReport, today: datetime.date) -> Paper:
    """The report as anybody reads it: what was kept when it was finished, else as it reads now."""
    return from_text(row.frozen) if row.final else report_paper(row, today)


def _midnight_after(last: datetime.date) -> datetime.datetime:
    after = last + datetime.timedelta(days=1)
    return datetime.datetime.combine(after, datetime.time(), timezone.get_current_timezone())


def _parts(year: _Year) -> Iterator[Part]:
    summary, learned, changed = own_parts(year.row)
    yield summary
    yield _standing(year)
    yield _achieved(year)
    yield from (_priority(priority, year) for priority in year.strategy.priorities)
    yield _in_state(year, State.BEHIND, _("What is behind"), _("Nothing is behind."))
    yield _in_state(year, State.NO_DATA, _("What has no data"), _("Every measure has data."))
    yield _beginning_and_ending(year)
    yield _since_release(year)
    yield learned
    yield changed
    yield _about(year)


def own_parts(row: AnnualReport) -> tuple[Part, ...]:
    """The texts in the team's own words: summary, what was learned, what changes."""
    return tuple(own_part(name, str(TITLES[name]), getattr(row, name)) for name in AnnualReport.TEXTS)


def own_part(key: str, title: str, text: str) -> Part:
    """A part in the team's own words."""
    return Part(title, key=key, written=text, quiet="" if text.strip() else _("Nothing is written here yet."))


# --- Where it stands --------------------------------------------------------------------------------------


def _standing(year: _Year) -> Part:
    title, measures = _("Where the measures stand"), year.strategy.measures
    if not measures:
        return Part(title, quiet=_("The plan has no measure yet."))
    head = (_("Priority"), *(str(STATE_WORDS[state]) for state in State))
    rows = [
        cells(f"{view.number}. {view.row.title}", *(str(_number(view.measures, state)) for state in State))
        for view in year.strategy.priorities
    ]
    rows.append(cells(_("In all"), *(str(_number(measures, state)) for state in State)))
    table = Table(_("Measures of each priority by state"), head, (49, 17, 17, 17), tuple(rows))
    return Part(title, lines=(counted(measures, year.as_of),), table=table)


def _number(measures: Iterable[MeasureView], state: State) -> int:
    return sum(view.standing.state is state for view in measures)


def counted(measures: tuple[MeasureView, ...], as_of: datetime.date) -> str:
    """ "On Dec 31, 2026, 5 of 12 measures are on track, 3 are behind, and 4 have no data." """
    told = {
        "day": day(as_of),
        "n": len(measures),
        "good": _number(measures, State.ON_TRACK),
        "behind": _number(measures, State.BEHIND),
        "none": _number(measures, State.NO_DATA),
    }
    return (
        ngettext(
            "On %(day)s, of %(n)s measure, on track: %(good)s; behind: %(behind)s; without data: %(none)s.",
            "On %(day)s, of %(n)s measures, on track: %(good)s; behind: %(behind)s; without data: %(none)s.",
            len(measures),
        )
        % told
    )


def _achieved(year: _Year) -> Part:
    title = _("What was achieved")
    if not year.wins:
        return Part(title, quiet=_("No win of this year that may be told is in the log."))
    return Part(
        title, items=tuple(Cell(_told(line), link=line.row.evidence, more=_thanked(line)) for line in year.wins)
    )


def _told(line: WinLine) -> str:
    return _("%(day)s: %(what)s") % {"day": day(line.row.on), "what": line.row.what}


def _thanked(line: WinLine) -> str:
    action = _("Action: %(title)s.") % {"title": line.row.action.title} if line.row.action else ""
    thanks = _("Thanks to: %(names)s.") % {"names": line.thanked} if line.thanked else ""
    return " ".join(part for part in (thanks, action) if part)


# --- Priorities, actions, measures ------------------------------------------------------------------------


def _priority(view: PriorityView, year: _Year) -> Part:
    return Part(
        _("Priority %(n)s: %(title)s") % {"n": view.number, "title": view.row.title},
        lines=(view.row.goal,) if view.row.goal else (),
        quiet="" if view.actions else _("This priority has no action yet."),
        parts=tuple(_action(action, year) for action in view.actions),
    )


def _action(view: ActionView, year: _Year) -> Part:
    return Part(
        f"{view.number} {view.row.title}",
        lines=(view.dates[:1].upper() + view.dates[1:] + ".",) if view.dates else (),
        quiet="" if view.measures else _("Nothing measures this action yet."),
        table=_measures(view, year) if view.measures else None,
    )


def _measures(view: ActionView, year: _Year) -> Table:
    head = (_("Measure"), _("Baseline"), _("Target"), _("Newest value of the year"), _("State, and why"))
    rows = tuple(
        cells(
            Cell(one.row.name, more=str(one.item.get_part_display())),
            _dated(one.said(one.row.baseline), one.row.baseline_on),
            _dated(one.said(one.row.target), one.row.target_on),
            _newest(one, year),
            state_cell(one),
        )
        for one in view.measures
    )
    return Table(_("Measures of action %(number)s") % {"number": view.number}, head, (27, 14, 14, 15, 30), rows)


def _newest(view: MeasureView, year: _Year) -> Cell:
    found = next((one for one in view.newest_first if within(one.row.on, year.first, year.as_of)), None)
    return _dated(found.value, found.row.on) if found else _dated("", None)


def _dated(value: str, on: datetime.date | None) -> Cell:
    return Cell(value or NOTHING, more=day(on) if value else "")


def state_cell(view: MeasureView) -> Cell:
    """How a measure stands, with its mark, and why."""
    return Cell(str(STATE_WORDS[view.standing.state]), state=view.state, more=view.sentence)


def _in_state(year: _Year, state: State, title: str, none: str) -> Part:
    if not year.strategy.measures:
        return Part(title, quiet=_("The plan has no measure yet."))
    items = in_state(year.strategy, state)
    return Part(title, items=items, quiet="" if items else none)


def in_state(found: Strategy, state: State) -> tuple[Cell, ...]:
    """The measures in one state, each with the number of its action and why."""
    measures = [view for view in found.measures if view.standing.state is state]
    return tuple(Cell(f"{view.number} {view.row.name}", more=view.sentence) for view in measures)


def _beginning_and_ending(year: _Year) -> Part:
    title = _("Actions that start or end in this year")
    rows = [
        cells(f"{view.number} {view.row.title}", day(view.row.starts_on), day(view.row.ends_on))
        for view in year.strategy.actions
        if any(within(on, year.first, year.last) for on in (view.row.starts_on, view.row.ends_on))
    ]
    if not rows:
        return Part(title, quiet=_("No action starts or ends in this year."))
    head = (_("Action"), _("Start"), _("End"))
    return Part(title, table=Table(title, head, (60, 20, 20), tuple(rows)))


# --- Since the last release -------------------------------------------------------------------------------


CHANGED: Mapping[Kind, Any] = {
    Kind.ADDED: gettext_lazy("New: %(name)s"),
    Kind.GONE: gettext_lazy("No longer there: %(name)s"),
    Kind.RENAMED: gettext_lazy("Worded anew: %(now)s (before: %(then)s)"),
    Kind.CHANGED: gettext_lazy("%(name)s: now %(now)s (before: %(then)s)"),
}


def _since_release(year: _Year) -> Part:
    title = _("What changed in the plan since its last release")
    if year.release is None:
        return Part(title, quiet=_("The plan had not been released by that day."))
    released = {"n": year.release.number, "day": day(year.release.released_at)}
    about = _("Release %(n)s of %(day)s beside the plan as it stands now.") % released
    before, now = released_things(json.loads(year.release.data)), _things(year.strategy)
    found = [change for then, today in zip(before, now, strict=True) for change in changes(then, today)]
    nothing = "" if found else _("No priority, no action and no target has changed.")
    return Part(title, lines=(about,), quiet=nothing, items=tuple(Cell(_said(one)) for one in found))


def _said(one: Change) -> str:
    nothing = _("none")
    return str(CHANGED[one.kind]) % {"name": one.name, "now": one.now or nothing, "then": one.then or nothing}


def released_things(data: Mapping[str, Any]) -> tuple[dict[str, Thing], ...]:
    """The priorities, the actions and the measures of a release, by their keys."""
    actions = [action for priority in data["priorities"] for action in priority["actions"]]
    measures = [one for action in actions for line in action["logic"] for one in line["measures"]]
    return (
        {one["id"]: Thing(one["title"], _goal(one["goal"])) for one in data["priorities"]},
        {one["id"]: Thing(one["title"], _dates(_date(one["starts_on"]), _date(one["ends_on"]))) for one in actions},
        {
            one["id"]: Thing(one["name"], _target(_decimal(one["target"]), _date(one["target_on"]), one["unit"]))
            for one in measures
        },
    )


def _things(found: Strategy) -> tuple[dict[str, Thing], ...]:
    return (
        {f"priority-{one.row.pk}": Thing(one.row.title, _goal(one.row.goal)) for one in found.priorities},
        {
            f"action-{one.row.pk}": Thing(one.row.title, _dates(one.row.starts_on, one.row.ends_on))
            for one in found.actions
        },
        {
            f"measure-{one.row.pk}": Thing(one.row.name, _target(one.row.target, one.row.target_on, one.row.unit))
            for one in found.measures
        },
    )


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _goal(goal: str) -> str:
    return _("the goal is “%(goal)s”") % {"goal": goal} if goal else ""


def _dates(start: datetime.date | None, end: datetime.date | None) -> str:
    return _("%(start)s to %(end)s") % {"start": day(start) or "–", "end": day(end) or "–"} if start or end else ""


def _target(target: Decimal | None, on: datetime.date | None, unit: str) -> str:
    said = "" if target is None else _("the target is %(value)s") % {"value": with_unit(target, unit)}
    return f"{said} ({day(on)})" if said and on else said


def _about(year: _Year) -> Part:
    lines = [
        _(
            "Drafted from the measurement plan, the actions and the log of early wins. A measure is on track when its "
            "newest value is at least as good as the straight line from its baseline to its target."
        ),
        _("States and counts are those of %(day)s; names, targets and dates are as they stand in the plan.")
        % {"day": day(year.as_of)},
        _("Only wins that may be told in public, and only partners who agreed to be named, are shown."),
    ]
    return Part(_("About this report"), lines=tuple(lines))

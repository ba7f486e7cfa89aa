"""What a closed survey shows: never a number that stands for fewer than five people."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, digest
from pulse.instrument import Instrument, Statement
from pulse.models import Answer, Group, Survey, Ticket
from pulse.rules.agreement import Summary, summary
from pulse.rules.suppression import LEAST, shown

ALL = ""
# Below this mean, or below this agreement, a checklist that says "in place" is contradicted.
MIDDLE, SHARED = 3.0, 0.5
# The readiness conditions that are states of the staff.
CONDITIONS = ("culture", "buy-in")


# The picture: where 1 and 5 stand, and the height of a row.
LEFT, RIGHT, ROW = 210, 580, 28


@dataclass(frozen=True)
class Cell:
    """A subscale or a statement in one group (or all): its numbers, None where they are hidden."""

    group: str
    summary: Summary | None
    y: int = 0

    @property
    def label(self) -> str:
        return str(Group(self.group).label) if self.group else str(_("Everybody"))

    @property
    def x(self) -> int:
        """Where its mean stands in the picture; `from_x` to `to_x` is one spread to either side."""
        return _at(self.summary.mean) if self.summary else 0

    @property
    def from_x(self) -> int:
        return _at(self.summary.mean - self.summary.spread) if self.summary else 0

    @property
    def to_x(self) -> int:
        return _at(self.summary.mean + self.summary.spread) if self.summary else 0


def _at(value: float) -> int:
    return round(LEFT + (min(5.0, max(1.0, value)) - 1) / 4 * (RIGHT - LEFT))


@dataclass(frozen=True)
class Line:
    """One subscale or statement over all groups; the first cell is everybody."""

    key: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def everybody(self) -> Summary | None:
        return self.cells[0].summary

    @property
    def drawn(self) -> tuple[Cell, ...]:
        """The cells that the picture shows, each in its row."""
        open_ = [cell for cell in self.cells if cell.summary]
        return tuple(replace(cell, y=ROW * n + ROW // 2 + 4) for n, cell in enumerate(open_))

    @property
    def foot(self) -> int:
        return ROW * len(self.drawn) + 8

    @property
    def height(self) -> int:
        return self.foot + 22

    @property
    def axis(self) -> tuple[tuple[int, int], ...]:
        """The five points: where each stands, and its number."""
        return tuple((_at(number), number) for number in range(1, 6))


@dataclass(frozen=True)
class Results:
    """
    A closed survey as it may be published. `counts` has the people of the shown groups; `hidden` names the others.

    `gap` is leadership's mean of each subscale less the front line's, where both are shown.
    """

    survey: Survey
    total: int
    counts: Mapping[str, int]
    hidden: tuple[str, ...]
    scales: tuple[Line, ...]
    statements: tuple[Line, ...]
    gap: Mapping[str, float]

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """The shown groups: value and word."""
        return tuple((value, str(Group(value).label)) for value in self.counts)


@dataclass(frozen=True)
class SurveyLine:
    """A survey in the list of them; `answers` is 0 while so few came that the number itself would tell."""

    survey: Survey
    answers: int


@dataclass(frozen=True)
class Beside:
    """What the staff say of a condition, beside what its checklist says; `disagrees` in a word why, or empty."""

    summary: Summary
    survey: Survey
    disagrees: str


def surveys(municipality: Municipality) -> tuple[SurveyLine, ...]:
    """All surveys of a municipality, newest first."""
    rows = Survey.objects.of(municipality).annotate(n=Count("answers")).select_related("opened_by")
    return tuple(SurveyLine(row, row.n if row.n >= LEAST else 0) for row in rows)


def results(survey: Survey) -> Results | None:
    """What a closed survey shows, in one query; None while it is open or fewer than five people answered."""
    if survey.is_open:
        return None
    answers = list(Answer.objects.filter(survey=survey).values_list("group", "choices"))
    return _results(survey, answers)


def _results(survey: Survey, answers: Sequence[tuple[str, Mapping[str, int]]]) -> Results | None:
    people = Counter(group for group, _given in answers)
    open_ = shown({group: people[group] for group in Group.values})
    if open_ is None:
        return None
    groups = (ALL, *(group for group in Group.values if group in open_))
    tool = survey.instrument
    scales = tuple(
        Line(scale, words["en"], _cells(answers, groups, tool.of_scale(scale))) for scale, words in tool.scales.items()
    )
    return Results(
        survey=survey,
        total=len(answers),
        counts={group: people[group] for group in groups if group},
        hidden=tuple(str(Group(group).label) for group in Group.values if group not in open_ and people[group]),
        scales=scales,
        statements=tuple(_statement(answers, groups, statement) for statement in tool.statements),
        gap=_gaps(scales),
    )


def _statement(answers: Sequence[tuple[str, Mapping[str, int]]], groups: Iterable[str], statement: Statement) -> Line:
    return Line(statement.key, statement.text["en"], _cells(answers, groups, (statement.key,)))


def _cells(
    answers: Sequence[tuple[str, Mapping[str, int]]], groups: Iterable[str], keys: tuple[str, ...]
) -> tuple[Cell, ...]:
    """
    Each group's numbers, hidden where they would tell of fewer than five people.

    Statements may be left out, so the same rule is asked once more of the people who answered these: a sum less a
    sum must not single anybody out here either.
    """
    groups = tuple(groups)
    given = Counter(group for group, choices in answers if any(choices.get(key) for key in keys))
    open_ = shown({group: given[group] for group in Group.values})
    return tuple(Cell(group, _cell(answers, group, keys, open_)) for group in groups)


def _cell(
    answers: Sequence[tuple[str, Mapping[str, int]]], group: str, keys: tuple[str, ...], open_: frozenset[str] | None
) -> Summary | None:
    if open_ is None or (group and group not in open_):
        return None
    return summary([[choices.get(key, 0) for key in keys] for of, choices in answers if group in (ALL, of)])


def _gaps(scales: Iterable[Line]) -> Mapping[str, float]:
    found = {}
    for line in scales:
        by = {cell.group: cell.summary for cell in line.cells}
        top, front = by.get(Group.LEADERSHIP), by.get(Group.FRONT_LINE)
        if top and front:
            found[line.key] = top.mean - front.mean
    return found


@dataclass(frozen=True)
class Before:
    """The survey before, each subscale of it beside the newer one's."""

    survey: Survey
    pairs: tuple[tuple[Line, Line], ...]


def before(survey: Survey) -> Before | None:
    """The closed survey before this one with the same statements, where both may be shown."""
    rows = Survey.objects.filter(
        municipality=survey.municipality_id,
        instrument_version=survey.instrument_version,
        opened_at__lt=survey.opened_at,
    )
    older = rows.closed().order_by("-opened_at").first()
    old, new = (results(older) if older else None), results(survey)
    if older is None or old is None or new is None:
        return None
    pairs = zip(old.scales, new.scales, strict=True)
    return Before(older, tuple((a, b) for a, b in pairs if a.everybody and b.everybody))


def latest(municipality: Municipality, since: datetime.datetime | None = None) -> Survey | None:
    """The newest closed survey, opened at or after `since` where that is given."""
    rows = Survey.objects.of(municipality).closed()
    return (rows.filter(opened_at__gte=since) if since else rows).order_by("-opened_at").first()


def beside(municipality: Municipality, condition: str, state: str) -> Beside | None:
    """
    What the newest survey says of the conditions culture and buy-in, whose checklist says `state`.

    None for every other condition, and where nothing may be shown. It never changes a verdict.
    """
    survey = latest(municipality) if condition in CONDITIONS else None
    if survey is None:
        return None
    found = results(survey)
    if found is None:
        return None
    keys = survey.instrument.of_condition(condition)
    answers = list(Answer.objects.filter(survey=survey).values_list("group", "choices"))
    cell = _cells(answers, (ALL,), keys)[0].summary
    if cell is None:
        return None
    return Beside(cell, survey, _disagrees(cell) if state == "in_place" else "")


def _disagrees(cell: Summary) -> str:
    if cell.mean < MIDDLE:
        return "low"
    return "split" if cell.agreement is not None and cell.agreement < SHARED else ""


def result_json(municipality: Municipality, since: datetime.datetime) -> dict[str, object] | None:
    """The newest closed survey since then as plain JSON, hidden what the page hides; None where there is none."""
    survey = latest(municipality, since)
    found = results(survey) if survey else None
    if survey is None or found is None:
        return None
    return {
        "opened_on": survey.opened_at.date().isoformat(),
        "instrument": survey.instrument_version,
        "people": found.total,
        "groups": dict(found.counts),
        "scales": {
            line.key: {cell.group or "all": _json(cell.summary) for cell in line.cells} for line in found.scales
        },
    }


def _scale_json(line: Line) -> dict[str, object]:
    return {cell.group or "all": _json(cell.summary) for cell in line.cells}


def _json(cell: Summary | None) -> dict[str, float | None] | None:
    if cell is None:
        return None
    agreement = None if cell.agreement is None else round(cell.agreement, 3)
    return {"mean": round(cell.mean, 3), "spread": round(cell.spread, 3), "agreement": agreement}


@dataclass(frozen=True)
class Entrance:
    """Where a secret address leads: a survey, by a ticket (used or not) or by its own address."""

    survey: Survey
    ticket: Ticket | None

    @property
    def instrument(self) -> Instrument:
        return self.survey.instrument


def entrance(token: str) -> Entrance | None:
    """The survey behind a secret, open or not; None for one that leads nowhere."""
    survey = Survey.objects.filter(token=token).first()
    if survey:
        return Entrance(survey, None)
    ticket = Ticket.objects.filter(token_digest=digest(token)).select_related("survey").first()
    return Entrance(ticket.survey, ticket) if ticket else None

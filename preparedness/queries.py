"""The preparedness plan as values: its actions, what is proposed, what waits to be confirmed."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from accounts.models import User
from municipalities.models import Municipality
from municipalities.queries import names_by_email, owned_by
from preparedness import proposals
from preparedness.models import Action, ActionStatus, Feed
from preparedness.rules.proposing import most_changing, proposed
from preparedness.rules.timeline import Span, span
from readiness import queries as readiness
from readiness.instrument import Condition, Instrument, Step, load
from readiness.queries import Assessment
from readiness.rules.ways import shortest


@dataclass(frozen=True)
class ActionLine:
    """An action with its owner by name and its steps by their words; `start` and `end` place it on the line of time."""

    row: Action
    owner: str
    steps: tuple[Step, ...]
    conditions: tuple[str, ...]
    overdue: bool
    start: int = 0
    end: int = 0

    @property
    def width(self) -> int:
        """Of its bar: never so narrow that it is not seen."""
        return max(8, self.end - self.start)


@dataclass(frozen=True)
class Proposal:
    step: Step
    draft: proposals.Draft


@dataclass(frozen=True)
class ProposalGroup:
    condition: Condition
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Waiting:
    """A step that a finished action says is in place now; `version` is what a confirmation has seen."""

    action: Action
    step: Step
    version: int


@dataclass(frozen=True)
class Filter:
    """What of the actions to show; an empty part shows all."""

    text: str = ""
    owner: str = ""
    condition: str = ""
    status: str = ""

    @property
    def set(self) -> bool:
        return any((self.text, self.owner, self.condition, self.status))


@dataclass(frozen=True)
class PreparednessPlan:
    assessment: Assessment
    lines: tuple[ActionLine, ...]
    total: int
    groups: tuple[ProposalGroup, ...]
    first: tuple[Proposal, ...]
    waiting: tuple[Waiting, ...]
    owners: tuple[str, ...]
    span: Span
    today: datetime.date

    @property
    def columns(self) -> tuple[tuple[str, tuple[ActionLine, ...]], ...]:
        """The board: every status with its actions."""
        return tuple((str(s), tuple(line for line in self.lines if line.row.status == s)) for s in ActionStatus)

    @property
    def months(self) -> tuple[tuple[datetime.date | None, tuple[ActionLine, ...]], ...]:
        """By the month they are due, those without a date last."""
        dated = sorted((line for line in self.lines if line.row.due), key=lambda line: (_month(line), line.row.due))
        found = [(month, tuple(lines)) for month, lines in groupby(dated, key=_month)]
        undated = tuple(line for line in self.lines if not line.row.due)
        return (*found, *([(None, undated)] if undated else []))

    @property
    def today_at(self) -> int:
        return self.span.place(self.today)


def _month(line: ActionLine) -> datetime.date:
    assert line.row.due  # noqa: S101  # asked only of those that have one
    return line.row.due.replace(day=1)


def plan(municipality: Municipality, today: datetime.date, chosen: Filter | None = None) -> PreparednessPlan:
    """The whole preparedness plan, in a constant number of queries."""
    assessment = readiness.assessment(municipality)
    rows = list(Action.objects.of(municipality).select_related("updated_by"))
    people = names_by_email(municipality)
    lines = _lines(rows, assessment.instrument, people, today)
    taken = {key for row in rows if row.live for key in row.steps}
    return PreparednessPlan(
        assessment=assessment,
        lines=tuple(line for line in lines if _fits(line, chosen or Filter())),
        total=len(rows),
        groups=_groups(assessment, taken),
        first=_first(assessment, taken),
        waiting=tuple(_waiting(rows, assessment)),
        owners=tuple(sorted({line.owner for line in lines if line.owner})),
        span=_span(rows, today),
        today=today,
    )


def actions(
    municipality: Municipality, tool: Instrument, today: datetime.date, people: Mapping[str, str] | None = None
) -> tuple[ActionLine, ...]:
    """Every action, due first, for documents and exports; `people` as `names_by_email` gives them, where at hand."""
    rows = list(Action.objects.of(municipality))
    return _lines(rows, tool, names_by_email(municipality) if people is None else people, today)


def feed_lines(feed: Feed, today: datetime.date) -> tuple[ActionLine, ...]:
    """What a calendar address shows: all actions of the municipality, or only the person's own, finished ones too."""
    rows = Action.objects.of(feed.municipality)
    if feed.mine_only:
        rows = rows.filter(owned_by(feed.user))
    return _lines(list(rows), load(), names_by_email(feed.municipality), today)


def open_actions(municipality: Municipality, user: User) -> "QuerySet[Action]":
    """The person's own actions that are neither done nor dropped."""
    rows: QuerySet[Action] = Action.objects.of(municipality).live().filter(owned_by(user))
    return rows


def feeds(municipality: Municipality, user: User) -> list[Feed]:
    """The person's calendar addresses that still work."""
    return list(Feed.objects.filter(municipality=municipality, user=user, revoked_at=None))


def _span(rows: Iterable[Action], today: datetime.date) -> Span:
    rows = list(rows)
    return span([*(row.due for row in rows if row.due), *(row.begun_at.date() for row in rows)], today)


def _lines(
    rows: Sequence[Action], tool: Instrument, people: Mapping[str, str], today: datetime.date
) -> tuple[ActionLine, ...]:
    line = _span(rows, today)
    return tuple(_line(row, tool, people, today, line) for row in rows)


def _line(row: Action, tool: Instrument, people: Mapping[str, str], today: datetime.date, line: Span) -> ActionLine:
    steps = tuple(tool.steps[key] for key in row.steps if key in tool.steps)
    conditions = tuple(dict.fromkeys(tool.by_key[step.condition].short for step in steps))
    start = line.place(row.begun_at.date())
    end = line.place(row.due) if row.due else start
    owner = people.get(row.owner.strip().lower(), row.owner)
    return ActionLine(row, owner, steps, conditions, row.overdue(today), min(start, end), max(start, end))


def _fits(line: ActionLine, chosen: Filter) -> bool:
    words = f"{line.row.title} {line.row.how} {line.owner}".lower()
    return (
        chosen.text.lower() in words
        and chosen.owner in ("", line.owner)
        and chosen.status in ("", line.row.status)
        and (not chosen.condition or any(step.condition == chosen.condition for step in line.steps))
    )


def _groups(assessment: Assessment, taken: set[str]) -> tuple[ProposalGroup, ...]:
    readings = [view.reading for view in assessment.conditions]
    return tuple(
        ProposalGroup(assessment.instrument.by_key[key], _proposals(assessment, steps))
        for key, steps in proposed(readings, taken)
    )


def _first(assessment: Assessment, taken: set[str]) -> tuple[Proposal, ...]:
    readings = [view.reading for view in assessment.conditions]
    return _proposals(assessment, most_changing(shortest(readings, assessment.policy), taken))


def _proposals(assessment: Assessment, steps: Iterable[str]) -> tuple[Proposal, ...]:
    drafts = proposals.load(assessment.round.instrument_version)
    return tuple(Proposal(assessment.instrument.steps[key], drafts[key]) for key in steps)


def _waiting(rows: Iterable[Action], assessment: Assessment) -> Iterable[Waiting]:
    answers = {step.step.key: step for view in assessment.conditions for step in view.steps}
    for row in rows:
        if row.status == ActionStatus.DONE:
            for key in row.steps:
                if key in answers and answers[key].answer.status != "in_place":
                    yield Waiting(row, answers[key].step, answers[key].answer.version)

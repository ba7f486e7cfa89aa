"""Measures, lines, actions and priorities as plain values, each with what it needs to be read."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.models import Partner
from findings.models import Finding
from municipalities.rules.numbers import with_unit
from municipalities.wording import day
from strategy.models import Frequency, LogicItem, Measure, Part, Priority, ProgressEntry, StrategicAction
from strategy.rules.chart import Chart, Dot, chart
from strategy.rules.diagram import Row, Sheet, sheets
from strategy.rules.gaps import MEASURED
from strategy.rules.progress import Goal, Point, Standing, Why, standing


@dataclass(frozen=True)
class Value:
    """A value of a measure with its unit, and the entry that holds it."""

    row: ProgressEntry
    value: str


@dataclass(frozen=True)
class MeasureView:
    """A measure of a line, its values in order, and how it stands on `today`."""

    row: Measure
    item: LogicItem
    number: str
    entries: tuple[ProgressEntry, ...]
    today: datetime.date

    @cached_property
    def goal(self) -> Goal:
        row = self.row
        return Goal(row.better, row.baseline, row.baseline_on, row.target, row.target_on, row.every)

    @property
    def points(self) -> list[Point]:
        return [Point(entry.on, entry.value) for entry in self.entries]

    @cached_property
    def chart(self) -> Chart | None:
        """Its values against the straight line, drawn; None where there is too little."""
        return chart(self.goal, self.points)

    @property
    def scale(self) -> list[tuple[Dot, str]]:
        """The marks of the chart's scale with their words."""
        return [(mark, self.said(mark.value)) for mark in self.chart.marks] if self.chart else []

    @property
    def values(self) -> list[Value]:
        """In the order of their days."""
        return [Value(entry, self.said(entry.value)) for entry in self.entries]

    @property
    def newest_first(self) -> list[Value]:
        return self.values[::-1]

    @cached_property
    def standing(self) -> Standing:
        return standing(self.goal, self.points, self.today)

    @property
    def state(self) -> str:
        return str(self.standing.state)

    @property
    def sentence(self) -> str:
        """Why it stands where it stands."""
        found = self.standing
        words = str(WHY[found.why])
        if found.last is None:
            return words
        told = {"value": self.said(found.last.value), "on": day(found.last.on)}
        if found.expected is not None:
            told["expected"] = self.said(self.goal.rounded(found.expected))
        return words % told

    def said(self, value: Decimal | None) -> str:
        """A value of this measure with its unit, nothing for none."""
        return "" if value is None else with_unit(value, self.row.unit)

    @property
    def start(self) -> str:
        return self._dated(self.row.baseline, self.row.baseline_on)

    @property
    def aim(self) -> str:
        return self._dated(self.row.target, self.row.target_on)

    @property
    def last(self) -> str:
        entry = self.entries[-1] if self.entries else None
        return self._dated(entry.value, entry.on) if entry else ""

    def _dated(self, value: Decimal | None, on: datetime.date | None) -> str:
        if value is None:
            return ""
        return f"{self.said(value)} ({day(on)})" if on else self.said(value)

    @property
    def frequency(self) -> str:
        return str(Frequency(self.row.frequency).label) if self.row.frequency else ""

    @property
    def collected(self) -> str:
        """Source and method in a line."""
        return "; ".join(part for part in (self.row.source, self.row.method) if part)


WHY = {
    Why.LINE: gettext_lazy("%(value)s on %(on)s; the straight line to the target asks for %(expected)s on that day."),
    Why.NO_BASELINE: gettext_lazy("It has no baseline with its day yet."),
    Why.NO_TARGET: gettext_lazy("It has no target with its day yet."),
    Why.NO_VALUE: gettext_lazy("There is no value after the baseline yet."),
    Why.STALE: gettext_lazy("The last value, %(value)s, is of %(on)s: a newer one is overdue."),
}


@dataclass(frozen=True)
class ItemView:
    """A line of the logic model with its measures."""

    row: LogicItem
    measures: tuple[MeasureView, ...]

    @property
    def bare(self) -> bool:
        """It ought to have a measure and has none."""
        return self.row.part in MEASURED and not self.measures


@dataclass(frozen=True)
class PartView:
    """One part of an action's logic model."""

    key: str
    label: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class ActionView:
    """An action with all that belongs to it; `number` is such as 2.1."""

    row: StrategicAction
    number: str
    findings: tuple[Finding, ...]
    partners: tuple[Partner, ...]
    parts: tuple[PartView, ...]

    @property
    def items(self) -> tuple[ItemView, ...]:
        return tuple(item for part in self.parts for item in part.items)

    @property
    def measures(self) -> tuple[MeasureView, ...]:
        return tuple(measure for item in self.items for measure in item.measures)

    @property
    def dates(self) -> str:
        """From when to when, in words."""
        start, end = self.row.starts_on, self.row.ends_on
        if start and end:
            return _("%(start)s to %(end)s") % {"start": day(start), "end": day(end)}
        if start:
            return _("from %(start)s") % {"start": day(start)}
        return _("until %(end)s") % {"end": day(end)} if end else ""

    @property
    def drawn(self) -> Row:
        return Row(
            f"{self.number} {self.row.title}", tuple(tuple(str(i.row) for i in part.items) for part in self.parts)
        )


@dataclass(frozen=True)
class PriorityView:
    """A priority with its actions."""

    row: Priority
    number: int
    actions: tuple[ActionView, ...]

    @property
    def measures(self) -> tuple[MeasureView, ...]:
        return tuple(measure for action in self.actions for measure in action.measures)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Its logic model drawn, as many sheets as it needs; none while no action has a line."""
        drawn = [action.drawn for action in self.actions if action.items]
        return sheets([str(part.label) for part in Part], drawn) if drawn else ()

    @property
    def in_words(self) -> str:
        """The drawing for who cannot see it: every action, its parts in order and the lines in each."""
        return " ".join(
            f"{action.number} {action.row.title}: "
            + " ".join(f"{part.label}: {_list(str(i.row) for i in part.items)}." for part in action.parts if part.items)
            for action in self.actions
            if action.items
        )


def _list(texts: Iterable[str]) -> str:
    return "; ".join(text.rstrip(".") for text in texts)

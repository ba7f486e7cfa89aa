"""The strategy as a whole, in a constant number of queries, and what it lacks."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.models import Partner
from coalition.queries import by_number
from findings.models import Finding
from municipalities.entries import Entry, aside
from municipalities.models import Municipality
from strategy.models import LogicItem, Measure, Part, Priority, ProgressEntry, StrategicAction
from strategy.queries.lines import ActionView, ItemView, MeasureView, PartView, PriorityView
from strategy.rules import gaps as rules
from strategy.rules.progress import State


@dataclass(frozen=True)
class Gap:
    """Something missing in a sentence; `kind` and `pk` say in what (pk None: in the whole)."""

    code: str
    text: str
    kind: str
    pk: int | None = None


@dataclass(frozen=True)
class Strategy:
    """Everything that is not set aside, in order; what is set aside stands apart and counts nowhere."""

    priorities: tuple[PriorityView, ...]
    findings: tuple[Finding, ...]
    aside: Mapping[str, tuple[Entry, ...]]
    changed: datetime.datetime | None

    @cached_property
    def actions(self) -> tuple[ActionView, ...]:
        return tuple(action for priority in self.priorities for action in priority.actions)

    @cached_property
    def measures(self) -> tuple[MeasureView, ...]:
        return tuple(measure for action in self.actions for measure in action.measures)

    @property
    def drawn(self) -> bool:
        """Anything of the logic model can be drawn."""
        return any(action.items for action in self.actions)

    @cached_property
    def bare(self) -> int:
        """How many lines ought to have a measure and have none."""
        return sum(item.bare for action in self.actions for item in action.items)

    @cached_property
    def states(self) -> tuple[tuple[str, int], ...]:
        """How many measures are on track, behind, without data."""
        found = [measure.standing.state for measure in self.measures]
        return tuple((str(state), found.count(state)) for state in State)

    def action(self, pk: int) -> ActionView | None:
        return next((action for action in self.actions if action.row.pk == pk), None)

    def measure(self, pk: int) -> MeasureView | None:
        return next((measure for measure in self.measures if measure.row.pk == pk), None)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, the whole before its parts."""
        found = rules.gaps(
            [priority.row.pk for priority in self.priorities],
            [
                rules.Action(
                    pk=view.row.pk,
                    priority=view.row.priority_id,
                    led=bool(view.row.lead.strip()),
                    findings=frozenset(finding.pk for finding in view.findings),
                    systems=bool(view.row.systems),
                    dated=bool(view.row.starts_on and view.row.ends_on),
                )
                for view in self.actions
            ],
            [
                rules.Item(item.row.pk, view.row.pk, item.row.part, len(item.measures))
                for view in self.actions
                for item in view.items
            ],
            [
                rules.Measure(
                    view.row.pk, view.row.baseline is not None and view.row.target is not None, view.goal.backwards
                )
                for view in self.measures
            ],
            [finding.pk for finding in self.findings],
        )
        return tuple(self._said(gap) for gap in found)

    def _said(self, gap: rules.Gap) -> Gap:
        kind, sentence = SAYS[gap.code]
        what: Mapping[str, Mapping[int, Any]] = {
            "priority": {view.row.pk: view.row for view in self.priorities},
            "action": {view.row.pk: view.row for view in self.actions},
            "item": {item.row.pk: item.row for view in self.actions for item in view.items},
            "measure": {view.row.pk: view.row for view in self.measures},
            "finding": {finding.pk: finding for finding in self.findings},
        }
        row = what.get(kind, {}).get(gap.pk or 0)
        return Gap(gap.code, str(sentence) % {"what": row, "n": gap.count}, kind, gap.pk)


SAYS = {
    "none": ("strategy", gettext_lazy("There is no priority yet: the guide advises three to five.")),
    "few": ("strategy", gettext_lazy("There are only %(n)s priorities: the guide advises three to five.")),
    "many": ("strategy", gettext_lazy("There are %(n)s priorities: the guide advises three to five.")),
    "programs": ("strategy", gettext_lazy("No action changes the system: all of them are programs.")),
    "idle": ("priority", gettext_lazy("This priority has no action: %(what)s")),
    "unanswered": ("finding", gettext_lazy("No action answers this finding: %(what)s")),
    "unled": ("action", gettext_lazy("Nobody leads this action: %(what)s")),
    "pointless": ("action", gettext_lazy("This action answers no finding: %(what)s")),
    "undated": ("action", gettext_lazy("This action has no start or no end: %(what)s")),
    "unchanging": ("action", gettext_lazy("This action names nothing in the system that it changes: %(what)s")),
    "fruitless": ("action", gettext_lazy("This action has no outcome: %(what)s")),
    "unmeasured": ("item", gettext_lazy("Nothing measures this: %(what)s")),
    "aimless": ("measure", gettext_lazy("This measure has no baseline or no target: %(what)s")),
    "backwards": ("measure", gettext_lazy("The target of this measure is worse than its baseline: %(what)s")),
}


def strategy(municipality: Municipality, today: datetime.date, found: Iterable[Finding] | None = None) -> Strategy:
    """
    Everything, in eight queries and one for each kind of which something is set aside.

    `found`: the findings that are not set aside, where they are at hand.
    """
    priorities = tuple(Priority.objects.of(municipality))
    actions = tuple(StrategicAction.objects.of(municipality))
    items = tuple(LogicItem.objects.of(municipality))
    measures = tuple(Measure.objects.of(municipality))
    entries = tuple(ProgressEntry.objects.of(municipality))
    findings = tuple(Finding.objects.of(municipality).kept() if found is None else found)
    partners = by_number(municipality, {pk for action in actions for pk in action.partners})
    tree = _Tree(today, items, measures, entries, {str(row.pk): row for row in findings}, partners)
    views = _numbered(priorities, actions, tree)
    rows: tuple[Entry, ...] = (*priorities, *actions, *items, *measures, *entries)
    return Strategy(
        priorities=views,
        findings=findings,
        aside={
            "priorities": aside(priorities),
            "actions": aside(actions),
            "items": aside(items),
            "measures": aside(measures),
            "progress": aside(entries),
        },
        changed=max((row.updated_at for row in rows), default=None),
    )


class _Tree:
    """The rows by what they belong to, what is set aside left out."""

    def __init__(
        self,
        today: datetime.date,
        items: Iterable[LogicItem],
        measures: Iterable[Measure],
        entries: Iterable[ProgressEntry],
        findings: Mapping[str, Finding],
        partners: Mapping[str, Partner],
    ) -> None:
        self.today, self.findings, self.partners = today, findings, partners
        self.items: dict[tuple[int, str], list[LogicItem]] = defaultdict(list)
        self.measures: dict[int, list[Measure]] = defaultdict(list)
        self.entries: dict[int, list[ProgressEntry]] = defaultdict(list)
        for item in items:
            if not item.set_aside:
                self.items[item.action_id, item.part].append(item)
        for measure in measures:
            if not measure.set_aside:
                self.measures[measure.item_id].append(measure)
        for entry in entries:
            if not entry.set_aside:
                self.entries[entry.measure_id].append(entry)

    def action(self, row: StrategicAction, number: str) -> ActionView:
        found = [self.partners[pk] for pk in row.partners if pk in self.partners]
        return ActionView(
            row=row,
            number=number,
            findings=tuple(self.findings[pk] for pk in row.findings if pk in self.findings),
            partners=tuple(sorted({one.pk: one for one in found}.values(), key=lambda one: one.name.casefold())),
            parts=tuple(
                PartView(part, LABELS[part], tuple(self._item(item, number) for item in self.items[row.pk, part]))
                for part in Part.values
            ),
        )

    def _item(self, row: LogicItem, number: str) -> ItemView:
        return ItemView(row, tuple(self._measure(measure, row, number) for measure in self.measures[row.pk]))

    def _measure(self, row: Measure, item: LogicItem, number: str) -> MeasureView:
        return MeasureView(row, item, number, tuple(self.entries[row.pk]), self.today)


LABELS: Mapping[str, Any] = {part.value: part.label for part in Part}


def _numbered(
    priorities: Sequence[Priority], actions: Sequence[StrategicAction], tree: _Tree
) -> tuple[PriorityView, ...]:
    below: dict[int, list[StrategicAction]] = defaultdict(list)
    known = {row.pk: row for row in priorities}
    for action in actions:
        action.priority = known[action.priority_id]
        if not action.set_aside:
            below[action.priority_id].append(action)
    kept = [row for row in priorities if not row.set_aside]
    return tuple(
        PriorityView(
            row,
            n,
            tuple(tree.action(action, f"{n}.{place}") for place, action in enumerate(below[row.pk], start=1)),
        )
        for n, row in enumerate(kept, start=1)
    )


def action_choices(municipality: Municipality) -> dict[str, list[tuple[str, str]]]:
    """What an action may belong to and answer: pairs of number and name; two queries."""
    return {
        "priority_id": [(str(row.pk), str(row)) for row in Priority.objects.of(municipality).kept()],
        "findings": [
            (str(row.pk), _("%(name)s (set aside)") % {"name": row} if row.set_aside else row.text)
            for row in Finding.objects.of(municipality)
        ],
    }


FOUND = 10


def partners_found(municipality: Municipality, text: str, without: Iterable[int]) -> list[Partner]:
    """The first partners whose name, or whose person's name, contains the text and who do not take part yet."""
    wanted = Q(name__icontains=text) | Q(people__name__icontains=text)
    rows = Partner.objects.of(municipality).filter(wanted).exclude(pk__in=list(without)).distinct()
    return list(rows.order_by("name", "pk")[:FOUND])

"""Writes to priorities, actions, the logic model and measures, each under one transaction and one name."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from accounts.models import User
from coalition.models import Partner
from coalition.queries import by_number
from municipalities.entries import add_entry, locked, set_aside
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, overwrite, overwrite_many
from strategy.models import LogicItem, Measure, Part, Placed, Priority, ProgressEntry, StrategicAction
from strategy.rules import order
from strategy.rules.gaps import MEASURED


class TooManyError(ValueError):
    """More rows than a page could show and a writer could mean."""


class DayTakenError(ValueError):
    """The measure has another value for that day."""


MOST_PRIORITIES, MOST_ACTIONS, MOST_ITEMS, MOST_MEASURES = 20, 200, 100, 20


@transaction.atomic
def add_priority(*, municipality: Municipality, values: Mapping[str, object], by: User | None) -> Priority:
    """A new priority, after the others; raises TooManyError."""
    rows = _whole(municipality, Priority.objects.of(municipality), MOST_PRIORITIES)
    return add_entry(Priority, municipality=municipality, values={**values, "place": _next(rows)}, by=by)


@transaction.atomic
def add_action(*, municipality: Municipality, values: Mapping[str, object], by: User | None) -> StrategicAction:
    """A new action at the end of its priority; raises Priority.DoesNotExist and TooManyError."""
    priority = Priority.objects.of(municipality).get(pk=values["priority_id"])
    _whole(municipality, StrategicAction.objects.of(municipality), MOST_ACTIONS)
    rows = StrategicAction.objects.filter(priority=priority)
    return add_entry(StrategicAction, municipality=municipality, values={**values, "place": _next(rows)}, by=by)


@transaction.atomic
def add_items(
    *, municipality: Municipality, action: int, part: Part, texts: Sequence[str], by: User | None
) -> list[LogicItem]:
    """New lines at the end of a part of an action; raises StrategicAction.DoesNotExist and TooManyError."""
    row = StrategicAction.objects.of(municipality).get(pk=action)
    rows = _whole(municipality, LogicItem.objects.filter(action=row), MOST_ITEMS, len(texts))
    first = _next(rows)
    new = [
        LogicItem(municipality=municipality, action=row, part=part, text=text, place=first + n).signed(by)
        for n, text in enumerate(texts)
    ]
    return LogicItem.objects.bulk_create(new)


@transaction.atomic
def add_measure(*, municipality: Municipality, item: int, values: Mapping[str, object], by: User | None) -> Measure:
    """A new measure of a line; raises LogicItem.DoesNotExist and TooManyError."""
    row = LogicItem.objects.of(municipality).get(pk=item)
    rows = _whole(municipality, Measure.objects.filter(item=row), MOST_MEASURES)
    return add_entry(Measure, municipality=municipality, values={**values, "item": row, "place": _next(rows)}, by=by)


@transaction.atomic
def propose_measures(*, municipality: Municipality, by: User) -> list[Measure]:
    """A measure to fill in for every input, output and outcome that has none, named as the line is."""
    _held(municipality)
    parents = {"set_aside": False, "action__set_aside": False, "action__priority__set_aside": False}
    lines = LogicItem.objects.of(municipality).filter(part__in=MEASURED, **parents)
    bare = lines.exclude(Exists(Measure.objects.filter(item=OuterRef("pk")).kept()))
    new = [Measure(municipality=municipality, item=line, name=line.text).signed(by) for line in bare]
    return Measure.objects.bulk_create(new)


@transaction.atomic
def set_partner(*, municipality: Municipality, action: int, partner: int, joins: bool, by: User) -> Partner:
    """
    A partner takes part in an action, or no longer does.

    Raises StrategicAction.DoesNotExist, Partner.DoesNotExist and TooManyError.
    """
    row = locked(StrategicAction, municipality, action)
    found: Partner = Partner.objects.filter(municipality=municipality).get(pk=partner)
    # Whoever was merged into this partner took part as one of both.
    known = by_number(municipality, row.partners)
    rest = [pk for pk in row.partners if known.get(pk) != found]
    if joins and len(rest) >= MOST_PARTNERS:
        raise TooManyError
    overwrite(row, by=by, partners=tuple(sorted([*rest, str(found.pk)] if joins else rest)))
    return found


# With what fits into the field that keeps them.
MOST_PARTNERS = 50


@transaction.atomic
def move(
    kind: type[Placed],
    *,
    municipality: Municipality,
    pk: int,
    by: User,
    step: int = 0,
    into: str = "",
    before: int | None = None,
) -> Placed:
    """
    Move a priority, an action or a line one `step` up (-1) or down (1), or `into` a group, before another row.

    An action moves on into the next priority, a line into the next part of its action. Raises the kind's DoesNotExist,
    and KeyError for a group that is not there.
    """
    _held(municipality)
    row: Any = locked(kind, municipality, pk)
    groups, rows = _groups(row)
    wanted = order.put(groups, pk, into, before) if into else order.step(groups, pk, step)
    changes: list[tuple[Placed, Mapping[str, object]]] = []
    for key, members in wanted.items():
        for place, one in enumerate(members):
            changes.append((rows[one], {"place": place, **_group(kind, key)}))
    overwrite_many(changes, by=by)
    return rows[pk]


def _groups(row: Any) -> tuple[dict[str, list[int]], dict[int, Any]]:
    """The rows among which this one moves, by their group in order; what is set aside is stepped over."""
    groups: dict[str, list[int]]
    if isinstance(row, StrategicAction):
        groups = {str(pk): [] for pk in Priority.objects.of(row.municipality).kept().values_list("pk", flat=True)}
        found = StrategicAction.objects.of(row.municipality)
        key = "priority_id"
    elif isinstance(row, LogicItem):
        groups, key = {part: [] for part in Part.values}, "part"
        found = LogicItem.objects.filter(action=row.action_id)
    else:
        groups, key = {"": []}, ""
        found = Priority.objects.of(row.municipality)
    rows = {one.pk: one for one in found.select_for_update(of=["self"]).select_related("updated_by")}
    for one in sorted(rows.values(), key=lambda one: (one.place, one.pk)):
        group = str(getattr(one, key)) if key else ""
        if group in groups and not one.set_aside:
            groups[group].append(one.pk)
    return groups, rows


def _group(kind: type[Placed], key: str) -> dict[str, object]:
    if kind is StrategicAction:
        return {"priority_id": int(key)}
    return {"part": key} if kind is LogicItem else {}


def add_progress(
    *, municipality: Municipality, measure: int, values: Mapping[str, object], by: User | None
) -> ProgressEntry:
    """A value of a measure; raises Measure.DoesNotExist, and DayTakenError where that day has one."""
    row = Measure.objects.of(municipality).get(pk=measure)
    try:
        with transaction.atomic():
            return add(ProgressEntry(municipality=municipality, measure=row, **values), by=by)
    except IntegrityError as error:
        raise DayTakenError from error


def change_progress(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[ProgressEntry]:
    """Correct a value; raises ProgressEntry.DoesNotExist, and DayTakenError where another one has that day."""
    try:
        with transaction.atomic():
            return amend(locked(ProgressEntry, municipality, pk), seen=seen, values=values, by=by)
    except IntegrityError as error:
        raise DayTakenError from error


def put_back_progress(*, municipality: Municipality, pk: int, by: User) -> ProgressEntry:
    """Put a value back; raises ProgressEntry.DoesNotExist, and DayTakenError where another one has its day by now."""
    try:
        with transaction.atomic():
            return set_aside(ProgressEntry, municipality=municipality, pk=pk, aside=False, by=by)
    except IntegrityError as error:
        raise DayTakenError from error


def _held(municipality: Municipality) -> None:
    """Order and numbers of a whole: one writer at a time in a municipality."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)


def _whole(municipality: Municipality, rows: Any, most: int, new: int = 1) -> Any:
    _held(municipality)
    if rows.kept().count() + new > most:
        raise TooManyError
    return rows


def _next(rows: Any) -> int:
    last = rows.aggregate(last=Max("place"))["last"]
    return 0 if last is None else int(last) + 1

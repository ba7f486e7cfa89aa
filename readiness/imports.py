"""
Files of answers on their way in: read, held against how the round stands now, applied all or not at all.

A CSV or JSON file is what its writer wants; an Excel worksheet also knows what it was taken from, so that what
somebody changed here since then shows as a conflict to choose in.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.db import transaction

from accounts.models import User
from municipalities.models import Municipality
from municipalities.records import noted
from readiness import exchange
from readiness.export import workbook
from readiness.models import ConditionAnswer, Round, StepAnswer
from readiness.rules import json_sheet, worksheet
from readiness.rules.worksheet import Fault, Sheet, WorksheetError

KINDS = (".csv", ".xlsx", ".json")


@dataclass(frozen=True)
class Incoming:
    """A file that could be read. `versions` and `marks` say what an Excel worksheet was taken from."""

    sheet: Sheet
    versions: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One field that would change: by `key` and exchange column; `conflict` where it changed here meanwhile."""

    key: str
    column: str
    now: str
    then: str
    conflict: bool

    @property
    def name(self) -> str:
        """What a form calls the choice in it."""
        return f"{self.key}:{self.column}"


@dataclass(frozen=True)
class Plan:
    """What an import would do: its lines in the round's order, and how many rows it leaves as they are."""

    lines: tuple[Line, ...]
    same: int

    @property
    def conflicts(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.conflict)


class ImportConflictError(Exception):
    """Somebody changed fields here since the worksheet was taken; `conflicts` are its lines."""

    def __init__(self, conflicts: tuple[Line, ...]) -> None:
        self.conflicts = conflicts
        super().__init__(", ".join(line.name for line in conflicts))


def read(name: str, raw: bytes, round_: Round) -> Incoming:
    """A file of answers for that round, by its name's ending; raises WorksheetError."""
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".xlsx":
        taken, sheet = workbook.read(raw)
        _check(taken.slug, taken.round, round_)
        return Incoming(sheet, taken.versions, taken.marks)
    if kind == ".json":
        slug, number, sheet = json_sheet.read(raw)
        _check(slug, number, round_)
        return Incoming(sheet)
    if kind == ".csv":
        return Incoming(worksheet.read(raw))
    raise WorksheetError(Fault(0, f"choose a file that ends in {', '.join(KINDS)}"))


def _check(slug: str, number: int, round_: Round) -> None:
    if slug != round_.municipality.slug:
        raise WorksheetError(Fault(0, f"this file was exported from another municipality, {worksheet.quoted(slug)}"))
    if number != round_.number:
        raise WorksheetError(
            Fault(0, f"this file was exported from round {number}; the current one is {round_.number}")
        )


def plan(round_: Round, incoming: Incoming) -> Plan:
    """What would change, with conflicts; nothing is stored. Raises WorksheetError with every fault."""
    return _plan(round_, exchange.answers(round_), incoming)


def _plan(round_: Round, answers: Mapping[str, exchange.Answer], incoming: Incoming) -> Plan:
    current = exchange.cells_of(answers)
    changes = worksheet.changes(incoming.sheet, current)
    before = _before(round_, incoming)
    lines = [
        line
        for key in current
        for column, then in changes.get(key, {}).items()
        if (line := _line(key, column, current[key][column], then, before, incoming)) is not None
    ]
    touched = {line.key for line in lines}
    return Plan(tuple(lines), len([row for row in incoming.sheet.rows if row.key not in touched]))


def _line(
    key: str, column: str, now: str, then: str, before: Mapping[str, Mapping[str, str]], incoming: Incoming
) -> Line | None:
    """None where only this side changed: the sheet still says what it was taken from."""
    if key not in incoming.versions:
        return Line(key, column, now, then, conflict=False)
    if column == "evidence":
        if workbook.mark(then) == incoming.marks.get(key):
            return None
        return Line(key, column, now, then, conflict=workbook.mark(now) != incoming.marks.get(key))
    seen = before.get(key)
    if seen is None:
        return Line(key, column, now, then, conflict=True)
    if then == seen[column]:
        return None
    return Line(key, column, now, then, conflict=now != seen[column])


def _before(round_: Round, incoming: Incoming) -> dict[str, Mapping[str, str]]:
    """The cells of each row at the version that the worksheet was taken from, in two queries."""
    if not incoming.versions:
        return {}
    found: dict[str, Mapping[str, str]] = {}
    for kind in (StepAnswer, ConditionAnswer):
        for row in kind.history.filter(round=round_, key__in=list(incoming.versions)):
            if incoming.versions[row.key] == row.version:
                found[row.key] = exchange.cells(row.instance)
    return found


@transaction.atomic
def apply(
    *, round_: Round, incoming: Incoming, taken: Collection[str], by: User | None, because: str, settled: bool = True
) -> list[str]:
    """
    Store all of it or nothing; returns the keys that changed. `taken` names the conflicts where the sheet wins.

    `settled` False means that nobody was asked: then a conflict raises ImportConflictError. Raises WorksheetError
    and RoundFrozenError too.
    """
    answers = exchange.locked(round_)
    found = _plan(round_, answers, incoming)
    if found.conflicts and not settled:
        raise ImportConflictError(found.conflicts)
    wanted: dict[str, dict[str, str]] = {}
    for line in found.lines:
        if not line.conflict or line.name in taken:
            wanted.setdefault(line.key, {})[line.column] = line.then
    with noted(because=because):
        for key, cells in wanted.items():
            exchange.store(answers[key], cells, by)
    return list(wanted)


def current_round(municipality: Municipality) -> Round:
    """The round that files are brought into; raises Round.DoesNotExist before the first one."""
    round_ = Round.objects.of(municipality).current()
    if round_ is None:
        raise Round.DoesNotExist
    round_.municipality = municipality
    return round_

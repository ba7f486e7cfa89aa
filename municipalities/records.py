"""
Rows that people write together: each knows its version and who wrote it last, and every version is kept.

All writes go through `add`, `amend`, `overwrite`, `overwrite_many` and `remove` below (or through `bulk_create`, which
keeps history too). The managers, `_base_manager` too, refuse what would change rows without a trace, and so does the
history what would change or shorten it; `forget` alone changes one, for a person who is erased. What still could are
raw SQL and the private methods of Django.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords

from accounts.models import User
from municipalities.folded import along
from municipalities.rules.merge import Conflict, merge


class UntracedWriteError(TypeError):
    """Raised where code would change records without leaving history."""


class RecordQuerySet(models.QuerySet[Any]):
    def bulk_create(self, objs: Iterable[Any], batch_size: int | None = None, *args: Any, **kwargs: Any) -> list[Any]:
        if args or kwargs:
            raise UntracedWriteError(
                "bulk_create() on rows that may exist leaves no history: use add() or overwrite()."
            )
        with transaction.atomic(using=self.db):
            rows = super().bulk_create(objs, batch_size)
            self.model.history.bulk_history_create(rows)
        return rows

    def update(self, **kwargs: Any) -> NoReturn:
        raise UntracedWriteError("update() leaves no history: use municipalities.records.overwrite().")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise UntracedWriteError("bulk_update() leaves no history: use municipalities.records.overwrite().")

    def delete(self) -> NoReturn:
        raise UntracedWriteError("delete() on many rows leaves no history: use municipalities.records.remove().")


class HistoryQuerySet(HistoricalQuerySet):
    """What was, which nobody changes afterwards."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise UntracedWriteError("A history is only ever added to.")

    update = bulk_update = delete = _refuse


class Record(models.Model):
    # What people write in it; the rest is kept by the product.
    FIELDS: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    history = HistoricalRecords(inherit=True, historical_queryset=HistoryQuerySet)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def signed(self, by: User | None) -> Self:
        """The same row, its next write put down to `by` (None: the system itself)."""
        note = _note.get() or _Note()
        self.updated_by = by
        self.updated_at = moment()
        self._history_user = by
        self._change_reason = note.because
        if note.at:
            self._history_date = note.at
        return self


@dataclass(frozen=True)
class _Note:
    at: datetime | None = None
    because: str | None = None


_note: ContextVar[_Note | None] = ContextVar("note", default=None)


def moment() -> datetime:
    """The time of the write that goes on: now, unless `noted` says otherwise."""
    note = _note.get()
    return (note and note.at) or timezone.now()


@contextmanager
def noted(*, at: datetime | None = None, because: str | None = None) -> Iterator[None]:
    """
    Inside, every write is dated `at` and its history says why (cut after 100 characters).

    For writes that no page makes: an import names its file, the demo tells of the weeks before today.
    """
    token = _note.set(_Note(at, because and because[:100]))
    try:
        yield
    finally:
        _note.reset(token)


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """
    What came of a write: the row as it stands now, and the fields that two people changed at once.

    With conflicts nothing was stored; `waiting` holds the writer's other changes, to go along with their choice.
    `foreign` holds what somebody else changed meanwhile and the writer's page does not show yet.
    """

    row: R
    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    waiting: Mapping[str, object] = field(default_factory=dict)
    foreign: Mapping[str, object] = field(default_factory=dict)


def add(row: R, *, by: User | None) -> R:
    """Store a new row under its author's name."""
    row.signed(by).save(force_insert=True)
    return row


def overwrite(row: R, *, by: User | None, **values: object) -> tuple[str, ...]:
    """Store `values` in a row that the caller holds locked; returns the names of the fields that changed."""
    changed = _put(row, values, by)
    if changed:
        row.save(update_fields=[*changed, *along(type(row), changed), *_SIGNED])
    return changed


_SIGNED = ("version", "updated_at", "updated_by")


def _put(row: Record, values: Mapping[str, object], by: User | None) -> tuple[str, ...]:
    """Put values into a row and sign it, where any of them differs; the names of those that do."""
    changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.version += 1
        row.signed(by)
    return changed


def overwrite_many(changes: Sequence[tuple[R, Mapping[str, object]]], *, by: User | None) -> None:
    """
    `overwrite` for many rows of one kind, which the caller holds locked; a row that does not change is left alone.

    A few queries a hundred rows, history included.
    """
    changed = [(row, names) for row, values in changes if (names := _put(row, values, by))]
    if not changed:
        return
    rows = [row for row, _names in changed]
    fields = {name for _row, names in changed for name in names}
    kind: Any = type(rows[0])
    folded = along(kind, fields)
    for row in rows:
        for name in folded:
            kind._meta.get_field(name).pre_save(row, False)
    with transaction.atomic():
        # A plain queryset: the rows' own refuses what leaves no history, which the last line adds.
        plain: models.QuerySet[Any] = models.QuerySet(kind)
        plain.bulk_update(rows, [*sorted(fields), *folded, *_SIGNED], batch_size=100)
        kind.history.bulk_history_create(rows, update=True)


def amend(row: R, *, seen: int, values: Mapping[str, object], by: User) -> Outcome[R]:
    """
    Store `values` in a row that the caller holds locked, unless somebody changed the same fields since version `seen`.

    Fields that only one of the two changed are merged. A conflict stores nothing.
    """
    names = {*type(row).FIELDS, *values}
    before = _values_at(row, seen, names)
    result = merge(seen=before, mine=values, theirs=_values(row, values))
    if result.conflicts:
        return Outcome(row, conflicts=result.conflicts, waiting=result.changes)
    changed = overwrite(row, by=by, **result.changes)
    shown = {**(before or {}), **values}
    foreign = {name: getattr(row, name) for name, value in shown.items() if getattr(row, name) != value}
    return Outcome(row, changed, foreign=foreign)


def forget(kind: type[Record], which: models.Q, **values: object) -> None:
    """
    Put `values` into those entries of a history: the one way in which a history changes.

    For a person who asks to be erased. When, by whom and what kind of change stays; the rows themselves, where they are
    still there, are to be overwritten first, so that the erasure stands in the history too.
    """
    plain: models.QuerySet[Any] = models.QuerySet(kind.history.model)
    folded = {name: str(values[of]).casefold() for name, of in along(kind, values).items()}
    plain.filter(which).update(**values, **folded)


def remove(row: Record, *, by: User | None) -> None:
    """Delete one row; its history keeps what it said and who removed it."""
    row._history_user = by
    row.delete()


def _values(row: Any, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _values_at(row: Record, version: int, names: Iterable[str]) -> dict[str, object] | None:
    if row.version == version:
        return _values(row, names)
    past = row.history.filter(version=version).first()
    return _values(past, names) if past else None

"""Two entries that are one become one, and nothing that either said is lost; it can be undone."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from coalition.models import (
    Attendance,
    Contact,
    GroupMember,
    Merge,
    MergeKind,
    Part,
    Partner,
    Person,
    Promise,
    Status,
)
from coalition.rules.joining import joined
from municipalities.models import Municipality
from municipalities.records import Record, add, overwrite, remove

KINDS: dict[str, Any] = {
    kind._meta.model_name or "": kind for kind in (Partner, Person, Contact, Promise, GroupMember, Attendance)
}
PARTNER_TEXTS = ("notes", "ask", "offer")


class NotOneError(Exception):
    """These two cannot be one: the same entry twice, or a person and an organization."""


class TooLateError(Exception):
    """The merge cannot be undone any more."""


class _Work:
    """Changes and removals on their way, each written down for the undo."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.changed: list[list[object]] = []
        self.removed: list[list[object]] = []

    def change(self, row: Record, **values: object) -> None:
        before = row.version
        if overwrite(row, by=self.by, **values):
            self.changed.append([row._meta.model_name, row.pk, before, row.version])

    def remove(self, row: Record) -> None:
        kind, pk = type(row), row.pk
        remove(row.signed(self.by), by=self.by)
        entry = kind.history.filter(id=pk, history_type="-").latest()
        self.removed.append([kind._meta.model_name, entry.pk])


def together(kept: Any, gone: Any) -> dict[str, object]:
    """
    What a partner or a person would say after the merge.

    Whoever agreed to be named did so under the entry that is kept: its word stands.
    """
    mine, theirs = ({name: getattr(row, name) for name in type(row).FIELDS} for row in (kept, gone))
    if isinstance(kept, Partner):
        return joined(
            mine,
            theirs,
            texts=PARTNER_TEXTS,
            several=("pillars", "levers"),
            undecided={"status": Status.IDENTIFIED},
        )
    return joined(mine, theirs, texts=("notes",), either=("lived_experience",), undecided={"role": Part.PARTNER})


def pair(municipality: Municipality, kind: str, kept: int, gone: int, *, lock: bool = False) -> tuple[Any, Any]:
    """
    Two entries that may be merged, the kept one first.

    Raises the kind's DoesNotExist, for who is erased too, and NotOneError for one entry twice, for an organization and
    a person, and for somebody who speaks for themself among people: there the partners are merged.
    """
    if kept == gone:
        raise NotOneError
    found = KINDS[kind].objects.of(municipality).filter(pk__in=(kept, gone))
    found = found.filter(erased_at=None).select_related("partner") if kind == MergeKind.PERSON else found
    rows = {row.pk: row for row in (found.select_for_update(of=("self",)) if lock else found)}
    try:
        one, other = rows[kept], rows[gone]
    except KeyError as error:
        raise KINDS[kind].DoesNotExist from error
    if not (_both_people(one, other) if kind == MergeKind.PERSON else _both_partners(one, other)):
        raise NotOneError
    return one, other


def _both_people(one: Person, other: Person) -> bool:
    return not one.partner.individual and not other.partner.individual


def _both_partners(one: Partner, other: Partner) -> bool:
    erased = Person.objects.filter(partner__in=(one, other), partner__individual=True).exclude(erased_at=None)
    return one.individual == other.individual and not erased.exists()


@transaction.atomic
def merge_partners(*, municipality: Municipality, kept: int, gone: int, by: User) -> Merge:
    """
    Put the partner `gone` into `kept`, with its people, its log and its self-check.

    Raises what `pair` raises.
    """
    one, other = pair(municipality, MergeKind.PARTNER, kept, gone, lock=True)
    work = _Work(by)
    work.change(one, **together(one, other))
    if one.individual:
        _join_people(Person.objects.get(partner=one), Person.objects.get(partner=other), work)
    for kind in (Person, Contact):
        for row in kind.objects.filter(partner=other).order_by("pk"):
            work.change(row, partner_id=one.pk)
    _join_self_checks(one, other, work)
    work.remove(other)
    return _written(municipality, MergeKind.PARTNER, kept, gone, work)


def _join_self_checks(one: Partner, other: Partner, work: _Work) -> None:
    theirs = {row.key: row for row in Promise.objects.filter(partner=one)}
    for row in Promise.objects.filter(partner=other).order_by("pk"):
        if row.key in theirs:
            values = joined(_said(theirs[row.key]), _said(row), texts=("note",))
            work.change(theirs[row.key], **values)
            work.remove(row)
        else:
            work.change(row, partner_id=one.pk)


def _said(row: Promise) -> dict[str, object]:
    return {"kept": row.kept, "note": row.note}


@transaction.atomic
def merge_people(*, municipality: Municipality, kept: int, gone: int, by: User) -> Merge:
    """
    Put the person `gone` into `kept`, with their groups and meetings.

    Raises what `pair` raises.
    """
    one, other = pair(municipality, MergeKind.PERSON, kept, gone, lock=True)
    work = _Work(by)
    _join_people(one, other, work)
    return _written(municipality, MergeKind.PERSON, kept, gone, work)


def _join_people(one: Person, other: Person, work: _Work) -> None:
    account = one.account_id or other.account_id
    work.change(one, **together(one, other), account_id=account)
    seats = {seat.group_id: seat for seat in GroupMember.objects.filter(person=one)}
    for seat in GroupMember.objects.filter(person=other).order_by("pk"):
        there = seats.get(seat.group_id)
        if there is None:
            work.change(seat, person_id=one.pk)
            continue
        chaired = seat.chair
        work.remove(seat)
        if chaired:
            work.change(there, chair=True)
    came = set(Attendance.objects.filter(person=one.pk).values_list("meeting_id", flat=True))
    for attendance in Attendance.objects.filter(person=other.pk).order_by("pk"):
        if attendance.meeting_id in came:
            work.remove(attendance)
        else:
            work.change(attendance, person=one.pk)
    work.remove(other)


def _written(municipality: Municipality, kind: MergeKind, kept: int, gone: int, work: _Work) -> Merge:
    return Merge.objects.create(
        municipality=municipality,
        kind=kind,
        kept=kept,
        gone=gone,
        changed=work.changed,
        removed=work.removed,
        merged_by=work.by,
    )


@transaction.atomic
def undo_merge(*, municipality: Municipality, pk: int, by: User) -> Merge:
    """
    Take a merge apart again. What somebody has changed since stays as it is.

    Raises Merge.DoesNotExist for one that is undone already too, and TooLateError where one of the two is gone, erased
    or part of a later merge.
    """
    row = Merge.objects.select_for_update().get(municipality=municipality, pk=pk, undone_at=None)
    kind = KINDS[row.kind]
    later = Merge.objects.filter(municipality=municipality, kind=row.kind, undone_at=None, pk__gt=pk)
    if not kind.objects.filter(pk=row.kept).exists() or later.filter(kept=row.kept).exists() or _is_erased(row):
        raise TooLateError
    try:
        with transaction.atomic():
            _take_apart(row, by)
    except IntegrityError as error:
        raise TooLateError from error
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    return row


def _is_erased(merge: Merge) -> bool:
    which = {"partner_id": merge.kept} if merge.kind == MergeKind.PARTNER else {"pk": merge.kept}
    found = Person.objects.filter(**which).exclude(erased_at=None)
    return (found.filter(partner__individual=True) if merge.kind == MergeKind.PARTNER else found).exists()


def _take_apart(merge: Merge, by: User) -> None:
    # A chair is free again before its old holder comes back; both engines look for missing rows at the end only.
    for name, number, before, after in reversed(merge.changed):
        _revert(KINDS[name], number, before, after, by)
    for name, entry in reversed(merge.removed):
        gone = KINDS[name].history.get(history_id=entry, history_type="-").instance
        gone.version += 1
        add(gone, by=by)


def _revert(kind: Any, number: int, before: int, after: int, by: User) -> None:
    row = kind.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        return
    then, since = (kind.history.filter(id=number, version=version).latest() for version in (before, after))
    columns: Iterable[str] = [
        field.attname
        for field in kind._meta.concrete_fields
        if field.attname not in ("id", "version", "updated_at", "updated_by_id")
    ]
    back = {
        name: getattr(then, name)
        for name in columns
        if getattr(then, name) != getattr(since, name) and getattr(row, name) == getattr(since, name)
    }
    overwrite(row, by=by, **back)

"""Things written down about the place, kept by several apps: set aside and put back, never deleted."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction

from accounts.models import User
from municipalities.models import Municipality
from municipalities.records import Outcome, Record, RecordQuerySet, add, amend, overwrite


class EntryQuerySet(RecordQuerySet):
    def of(self, municipality: Municipality) -> "EntryQuerySet":
        return self.filter(municipality=municipality)

    def kept(self) -> "EntryQuerySet":
        """Not set aside."""
        return self.filter(set_aside=False)


class Entry(Record):
    """Something written down about the place. It is set aside and put back, never deleted: others may rest on it."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    set_aside = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


E = TypeVar("E", bound=Entry)


def aside(rows: Iterable[E]) -> tuple[E, ...]:
    """Those that are set aside, with who did it, whom lists of them name: in one query, where there are any."""
    found = [row for row in rows if row.set_aside]
    models.prefetch_related_objects(found, "updated_by")
    return tuple(found)


def add_entry(kind: type[E], *, municipality: Municipality, values: Mapping[str, object], by: User | None) -> E:
    """A new entry; `values` are its fields."""
    return add(kind(municipality=municipality, **values), by=by)


@transaction.atomic
def change_entry(
    kind: type[E], *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[E]:
    """Store the fields that their writer changed since version `seen`; raises the kind's DoesNotExist."""
    return amend(locked(kind, municipality, pk), seen=seen, values=values, by=by)


@transaction.atomic
def set_aside(kind: type[E], *, municipality: Municipality, pk: int, aside: bool, by: User) -> E:
    """Set an entry aside, or put it back; raises the kind's DoesNotExist."""
    row = locked(kind, municipality, pk)
    overwrite(row, by=by, set_aside=aside)
    return row


def locked(kind: type[E], municipality: Municipality, pk: int) -> E:
    """One entry, for a write in the transaction that goes on; raises the kind's DoesNotExist."""
    row: E = kind.objects.of(municipality).select_for_update(of=["self"]).select_related("updated_by").get(pk=pk)
    return row

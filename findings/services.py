"""Writes to findings, data sources and engagement: the same for each kind of entry."""

from collections.abc import Mapping
from typing import TypeVar

from django.db import transaction

from accounts.models import User
from findings.models import Entry
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, overwrite

E = TypeVar("E", bound=Entry)


def add_entry(kind: type[E], *, municipality: Municipality, values: Mapping[str, object], by: User | None) -> E:
    """A new entry; `values` are its fields."""
    return add(kind(municipality=municipality, **values), by=by)


@transaction.atomic
def change_entry(
    kind: type[E], *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[E]:
    """Store the fields that their writer changed since version `seen`; raises the kind's DoesNotExist."""
    return amend(_locked(kind, municipality, pk), seen=seen, values=values, by=by)


@transaction.atomic
def set_aside(kind: type[E], *, municipality: Municipality, pk: int, aside: bool, by: User) -> E:
    """Set an entry aside, or put it back; raises the kind's DoesNotExist."""
    row = _locked(kind, municipality, pk)
    overwrite(row, by=by, set_aside=aside)
    return row


def _locked(kind: type[E], municipality: Municipality, pk: int) -> E:
    row: E = kind.objects.of(municipality).select_for_update(of=["self"]).select_related("updated_by").get(pk=pk)
    return row

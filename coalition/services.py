"""Writes to the roster, each under one transaction and one name."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.models import User
from coalition.models import Member, stands
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, remove


class NamelessError(Exception):
    """Neither organization nor person would be left: two people each took one away."""


class AlreadyBackError(Exception):
    """The row is on the roster again."""


def add_member(*, municipality: Municipality, values: Mapping[str, object], by: User | None) -> Member:
    """A new row; `values` are the model's fields."""
    return add(Member(municipality=municipality, **values), by=by)


def change_member(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Member]:
    """
    Store the fields that their writer changed since version `seen`.

    Raises Member.DoesNotExist where the row is gone or another town's, and NamelessError.
    """
    try:
        with transaction.atomic():
            row: Member = Member.objects.of(municipality).select_for_update().get(pk=pk)
            return amend(row, seen=seen, values=values, by=by)
    except IntegrityError as error:
        # The form has checked everything else; only a merge of two writers can break this constraint.
        raise NamelessError from error


@transaction.atomic
def remove_member(*, municipality: Municipality, pk: int, by: User) -> int:
    """
    Take a row off the roster, unless somebody has done so already; its history stays.

    Returns the place of the removal in the history, which `restore_member` takes. Raises the history's DoesNotExist
    where the municipality never had such a row.
    """
    row = Member.objects.of(municipality).select_for_update().filter(pk=pk).first()
    if row is not None:
        remove(row, by=by)
    entry: int = Member.history.filter(municipality=municipality, id=pk, history_type="-").latest().history_id
    return entry


def restore_member(*, municipality: Municipality, entry: int, by: User) -> Member:
    """
    Put a removed row back as it was, under its old number, so that its history goes on.

    Raises the history's DoesNotExist for a place that is no removal of this town's, and AlreadyBackError.
    """
    gone = Member.history.filter(municipality=municipality, history_type="-").get(history_id=entry)
    if not stands(gone):
        raise AlreadyBackError
    row: Member = gone.instance
    row.version += 1
    try:
        with transaction.atomic():
            return add(row, by=by)
    except IntegrityError as error:
        raise AlreadyBackError from error

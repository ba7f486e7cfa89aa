"""Writes to partners, their people and the log."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from coalition.models import Contact, GroupMember, Partner, Person, Promise
from coalition.queries import stands
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, moment, noted, overwrite, remove

# What goes along with a partner and comes back along.
PARTS: tuple[Any, ...] = (Person, Contact, Promise)


class AlreadyBackError(Exception):
    """The partner is in the coalition again."""


# --- Partners -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_partner(
    *,
    municipality: Municipality,
    values: Mapping[str, object],
    by: User | None,
    person: Mapping[str, object] | None = None,
) -> Partner:
    """
    A new partner; `values` are the model's fields, `person` those of somebody there, if anybody is named.

    An individual is their own person, whatever `person` says their name is.
    """
    partner = add(Partner(municipality=municipality, **values), by=by)
    told = dict(person or {})
    if partner.individual:
        told["name"] = partner.name
    if told.get("name"):
        add(Person(partner=partner, **told), by=by)
    return partner


@transaction.atomic
def change_partner(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Partner]:
    """
    Store the fields that their writer changed since version `seen`: its facts, or the request to it.

    An individual's person is renamed along. Raises Partner.DoesNotExist where it is gone, erased or another town's.
    """
    row = _partner(municipality, pk)
    if row.individual and Person.objects.filter(partner=row).exclude(erased_at=None).exists():
        raise Partner.DoesNotExist
    outcome = amend(row, seen=seen, values=values, by=by)
    if "name" in outcome.changed and row.individual:
        for person in Person.objects.filter(partner=row).select_for_update():
            overwrite(person, by=by, name=row.name)
    return outcome


@transaction.atomic
def move_partner(*, municipality: Municipality, pk: int, status: str, by: User) -> Partner:
    """Say how far the request has come; raises Partner.DoesNotExist."""
    row = _partner(municipality, pk)
    overwrite(row, by=by, status=status)
    return row


def _partner(municipality: Municipality, pk: int) -> Partner:
    row: Partner = Partner.objects.of(municipality).select_for_update().get(pk=pk)
    return row


@transaction.atomic
def remove_partner(*, municipality: Municipality, pk: int, by: User) -> int:
    """
    Take a partner out of the coalition with its people, log and self-check, unless somebody has done so already.

    Returns the place of the removal in the history, which `restore_partner` takes. Raises the history's DoesNotExist
    where the municipality never had such a partner.
    """
    row = Partner.objects.of(municipality).select_for_update().filter(pk=pk).first()
    if row is not None:
        # One moment for all of it: by that, what went along comes back along.
        with noted(at=moment()):
            seats = GroupMember.objects.filter(person__partner=row)
            for rows in (seats, *(kind.objects.filter(partner=row) for kind in PARTS)):
                for part in rows:
                    remove(part.signed(by), by=by)
            remove(row.signed(by), by=by)
    entry: int = Partner.history.filter(municipality=municipality, id=pk, history_type="-").latest().history_id
    return entry


@transaction.atomic
def restore_partner(*, municipality: Municipality, entry: int, by: User) -> Partner:
    """
    Put a removed partner back as it was with all that was removed along, under their old numbers.

    Raises the history's DoesNotExist for a place that is no removal of this town's, and AlreadyBackError.
    """
    gone = Partner.history.filter(municipality=municipality, history_type="-").get(history_id=entry)
    if not stands(gone):
        raise AlreadyBackError
    try:
        with transaction.atomic():
            row: Partner = _again(gone, by)
            for kind in PARTS:
                along = kind.history.filter(partner_id=row.pk, history_type="-", history_date=gone.history_date)
                for part in along.order_by("id"):
                    _again(part, by)
            people = Person.objects.filter(partner=row).values("pk")
            for seat in GroupMember.history.filter(
                person_id__in=people, history_type="-", history_date=gone.history_date
            ).order_by("id"):
                # Somebody else may have taken the chair meanwhile, and keeps it.
                seat.chair = seat.chair and not GroupMember.objects.filter(group=seat.group_id, chair=True).exists()
                _again(seat, by)
    except IntegrityError as error:
        raise AlreadyBackError from error
    return row


def _again(gone: Any, by: User) -> Any:
    row = gone.instance
    row.version += 1
    return add(row, by=by)


# --- People -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_person(*, municipality: Municipality, partner: int, values: Mapping[str, object], by: User | None) -> Person:
    """Somebody more at a partner; raises Partner.DoesNotExist."""
    return add(Person(partner=_partner(municipality, partner), **values), by=by)


@transaction.atomic
def change_person(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Person]:
    """
    Store the fields that their writer changed since version `seen`.

    An individual is renamed along. Raises Person.DoesNotExist where they are gone, erased or another town's.
    """
    row = _person(municipality, pk)
    if row.erased_at:
        raise Person.DoesNotExist
    outcome = amend(row, seen=seen, values=values, by=by)
    if "name" in outcome.changed and row.partner.individual:
        overwrite(_partner(municipality, row.partner_id), by=by, name=row.name)
    return outcome


@transaction.atomic
def remove_person(*, municipality: Municipality, pk: int, by: User) -> Person:
    """Take somebody off an organization; raises Person.DoesNotExist, for who speaks for themself too."""
    row = _person(municipality, pk)
    if row.partner.individual:
        raise Person.DoesNotExist
    for seat in GroupMember.objects.filter(person=row):
        remove(seat.signed(by), by=by)
    remove(row.signed(by), by=by)
    return row


def _person(municipality: Municipality, pk: int) -> Person:
    # Only the person is locked: their partner may have another writer.
    rows = Person.objects.of(municipality).select_related("partner").select_for_update(of=("self",))
    row: Person = rows.get(pk=pk)
    return row


# --- The log ------------------------------------------------------------------------------------------------


@transaction.atomic
def log_contact(*, municipality: Municipality, partner: int, values: Mapping[str, object], by: User) -> Contact:
    """One line more in a partner's log; raises Partner.DoesNotExist."""
    return add(Contact(partner=_partner(municipality, partner), **values), by=by)


@transaction.atomic
def remove_contact(*, municipality: Municipality, pk: int, by: User) -> Contact:
    """Take a line out of a log; raises Contact.DoesNotExist."""
    rows = Contact.objects.filter(partner__municipality=municipality).select_for_update(of=("self",))
    row: Contact = rows.get(pk=pk)
    remove(row.signed(by), by=by)
    return row


# --- Good partner -------------------------------------------------------------------------------------------


@transaction.atomic
def answer_self_check(
    *,
    municipality: Municipality,
    partner: Partner | None,
    seen: Mapping[str, int],
    values: Mapping[str, Mapping[str, object]],
    by: User,
) -> dict[str, Outcome[Promise]]:
    """
    Store how each statement (by its key) is kept, as far as its writer changed it since the version they saw.

    `seen` is 0 for what nobody had answered. Returns what came of each; one with conflicts is not stored, the others
    are.
    """
    # One at a time, or two would both give the first answer.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    rows = {
        row.key: row
        for row in Promise.objects.filter(municipality=municipality, partner=partner).select_for_update(of=("self",))
    }
    outcomes = {}
    for key, all_said in values.items():
        row = rows.get(key)
        # Who saw no answer and gave none has changed nothing, whatever stands there by now.
        said = all_said if seen[key] else {name: value for name, value in all_said.items() if value}
        if row is not None:
            outcomes[key] = amend(row, seen=seen[key], values=said, by=by)
        elif said:
            row = add(Promise(municipality=municipality, partner=partner, key=key, **said), by=by)
            outcomes[key] = Outcome(row, tuple(said))
    return outcomes

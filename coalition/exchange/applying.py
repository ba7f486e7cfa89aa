"""An import, all of it or nothing, in portions between which somebody may stop it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from coalition.exchange.planning import Fault, Plan, plan
from coalition.exchange.table import Table
from coalition.models import Partner, Person
from municipalities.models import Municipality
from municipalities.records import noted, overwrite_many

PORTION = 250
# Called between portions with how many rows are written and how many there are; may raise CancelledError.
Step = Callable[[int, int], None]


class FaultyError(Exception):
    """The file does not fit how the coalition stands now; `faults` says where."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class ChangedError(Exception):
    """The file would do something else now than what was looked at."""


class CancelledError(Exception):
    """Somebody stopped the import; nothing of it is stored."""


@transaction.atomic
def apply(
    *,
    municipality: Municipality,
    table: Table,
    mapping: Mapping[int, str],
    mark: str,
    by: User,
    because: str,
    step: Step,
) -> Plan:
    """
    Do what the plan of that `mark` said, under one name and one reason; returns it.

    Raises FaultyError, ChangedError, and whatever `step` raises; then nothing is stored.
    """
    # One import at a time, or two would both add the same partner.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    found = plan(municipality, table, mapping, lock=True)
    if found.faults:
        raise FaultyError(found.faults)
    if found.mark != mark:
        raise ChangedError
    with noted(because=because):
        _write(found, municipality, by, step)
    _count_anew()
    return found


def _count_anew() -> None:
    """SQLite chooses an index by how many rows it believes are there; PostgreSQL counts by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for kind in (Partner, Person):
                cursor.execute(f'ANALYZE "{kind._meta.db_table}"')


def _write(found: Plan, municipality: Municipality, by: User, step: Step) -> None:
    done = 0
    for write, entries in (
        (lambda some: _add_partners(some, municipality, by), found.new_partners),
        (lambda some: _add_people(some, by), found.new_people),
        (lambda some: overwrite_many([(e.row, e.changes) for e in some], by=by), found.changed_partners),
        (lambda some: overwrite_many([(e.row, e.changes) for e in some], by=by), found.changed_people),
    ):
        for some in _portions(entries):
            step(done, found.total)
            write(some)
            done += len(some)
    step(done, found.total)


def _portions(entries: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(entries)
    while some := list(islice(rest, PORTION)):
        yield some


def _add_partners(entries: Sequence[Any], municipality: Municipality, by: User) -> None:
    rows = [Partner(municipality=municipality, **entry.changes).signed(by) for entry in entries]
    for entry, row in zip(entries, Partner.objects.bulk_create(rows), strict=True):
        entry.row = row


def _add_people(entries: Sequence[Any], by: User) -> None:
    Person.objects.bulk_create([Person(partner=entry.partner.row, **entry.changes).signed(by) for entry in entries])

"""What an import would do: every line held against the coalition as it stands, nothing stored."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from coalition.exchange.columns import BY_KEY, PARTNER, Column
from coalition.exchange.table import Table
from coalition.exchange.values import CellError, parsed
from coalition.models import Partner, Person
from municipalities.models import Municipality

# As many keys as any engine takes in one question; beyond, all rows are read.
MANY = 500
KINDS: Mapping[str, Any] = {"partner": Partner, "person": Person}


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line of the file."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(text)s") % {"line": self.line, "text": self.text}


class Here(NamedTuple):
    """Who is in the coalition, as far as it takes to find them."""

    pk: int
    name: str
    email: str = ""
    partner_id: int = 0


@dataclass
class PartnerEntry:
    """A partner that the file names, first on `line`: its row here (None for a new one), and what is said of it."""

    line: int
    name: str
    individual: bool
    row: Any
    said: dict[str, tuple[int, Any]] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, Any]:
        """For a new one all its values; else those that are not so here already."""
        values = {name: value for name, (_line, value) in self.said.items()}
        if self.row is None:
            return {"name": self.name, "individual": self.individual, **values}
        return {name: value for name, value in values.items() if getattr(self.row, name) != value}


@dataclass
class PersonEntry:
    """A person that the file names on `line`, at a partner of it."""

    line: int
    partner: PartnerEntry
    row: Any
    values: dict[str, Any]

    @property
    def changes(self) -> dict[str, Any]:
        if self.row is None:
            return self.values
        return {name: value for name, value in self.values.items() if getattr(self.row, name) != value}


E = TypeVar("E", PartnerEntry, PersonEntry)


@dataclass(frozen=True)
class Plan:
    """
    What would be new and what would change, partners and people; how many stay; what is wrong.

    `mark` is another one once anything of it differs.
    """

    new_partners: tuple[PartnerEntry, ...]
    new_people: tuple[PersonEntry, ...]
    changed_partners: tuple[PartnerEntry, ...]
    changed_people: tuple[PersonEntry, ...]
    same: int
    faults: tuple[Fault, ...]
    mark: str

    @property
    def changed(self) -> tuple[PartnerEntry | PersonEntry, ...]:
        return (*self.changed_partners, *self.changed_people)

    @property
    def total(self) -> int:
        """How many rows would be written."""
        return len(self.new_partners) + len(self.new_people) + len(self.changed)


def plan(municipality: Municipality, table: Table, mapping: Mapping[int, str], *, lock: bool = False) -> Plan:
    """What the lines would do with that choice of columns, in at most four queries; `lock` holds who is found."""
    return _Planner(municipality, lock=lock).plan(table, {n: BY_KEY[key] for n, key in mapping.items()})


class _Planner:
    """Finds by names and addresses alone, of which a large town has many, and reads whole rows only of who is found."""

    def __init__(self, municipality: Municipality, *, lock: bool) -> None:
        self.all = {PartnerEntry: Partner.objects.of(municipality), PersonEntry: Person.objects.of(municipality)}
        self.lock = lock
        self.partner_names: dict[int, str] = {}
        self.by_name: dict[Any, list[Any]] = {}
        self.by_email: dict[Any, list[Here]] = {}
        self.by_person: dict[Any, list[Here]] = {}
        self.partners: dict[tuple[str, bool], PartnerEntry] = {}
        self.people: list[PersonEntry] = []
        self.seen: dict[Any, int] = {}
        self.faults: list[Fault] = []

    def plan(self, table: Table, mapping: Mapping[int, Column]) -> Plan:
        told = []
        for line, cells in table.rows:
            said = self._understood(line, {column: cells[n] for n, column in mapping.items() if cells[n]})
            if said:
                told.append((line, *said))
        self._look_up([(about, person) for _line, about, person in told])
        for line, about, person in told:
            self._place(line, about, person)
        self._read(list(self.partners.values()))
        self._read(self.people)
        for entry in self.partners.values():
            if entry.row is None and "sector" not in entry.said:
                self._fault(entry.line, _("Sector: is needed for “%(name)s”, which is new") % {"name": entry.name})
        partners, people = list(self.partners.values()), self.people
        parts = _new(partners), _new(people), _changed(partners), _changed(people)
        return Plan(
            *parts,
            same=len(partners) + len(people) - sum(map(len, parts)),
            faults=tuple(sorted(self.faults, key=lambda fault: fault.line)),
            mark=_mark(partners, people),
        )

    def _look_up(self, told: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
        """Of the partners and the people those that the file may mean; a large town has thousands of others."""
        names: set[str] = set()
        emails: set[str] = set()
        for about, person in told:
            # Who speaks for themself may stand in the organization's column alone.
            names.update(of.get("name", "").casefold() for of in (about, person))
            emails.add(person.get("email", "").casefold())
        # Without one, nobody is found by it.
        emails.discard("")
        partners = self.all[PartnerEntry].order_by()
        told_of = self.all[PersonEntry].order_by().values_list("pk", "name", "email", "partner_id", "partner__name")
        if len(names) + len(emails) <= MANY:
            partners = partners.filter(name_folded__in=names)
            # Two questions in one: asked with "or", SQLite reads everybody.
            told_of = told_of.filter(name_folded__in=names).union(told_of.filter(email_folded__in=emails))
        # Put in order here: only a few of the many stay.
        for pk, name, individual in sorted(partners.values_list("pk", "name", "individual")):
            if name.casefold() in names:
                self.by_name.setdefault((name.casefold(), individual), []).append(Here(pk, name))
        for *row, partner in sorted(told_of):
            here = Here(*row)
            name, email = here.name.casefold(), here.email.casefold()
            if email in emails:
                self.by_email.setdefault(email, []).append(here)
                self.partner_names[here.partner_id] = partner
            if name in names:
                self.by_person.setdefault((here.partner_id, name), []).append(here)

    def _read(self, entries: Sequence[Any]) -> None:
        """The whole row of everybody who was found, in one query where they are many."""
        wanted = {entry.row.pk for entry in entries if entry.row is not None}
        if not wanted:
            return
        rows = self.all[type(entries[0])]
        if len(wanted) <= MANY:
            rows = rows.filter(pk__in=wanted)
        if self.lock:
            rows = rows.select_for_update(of=("self",))
        found = {row.pk: row for row in rows}
        for entry in entries:
            # Whoever was removed in this very moment is new again.
            entry.row = entry.row and found.get(entry.row.pk)

    def _fault(self, line: int, text: str) -> None:
        self.faults.append(Fault(line, text))

    def _understood(self, line: int, cells: Mapping[Column, str]) -> "tuple[dict[str, Any], dict[str, Any]] | None":
        """What a line says of the partner and of the person; None where it is wrong or says nothing."""
        values: dict[str, dict[str, Any]] = {"partner": {}, "person": {}}
        wrong = False
        for column, cell in cells.items():
            try:
                values[column.of][column.field] = parsed(KINDS[column.of], column.field, cell)
            except CellError as error:
                self._fault(line, f"{column.label}: {error}")
                wrong = True
        # A line that is half understood would be taken for somebody else.
        return None if wrong or not any(values.values()) else (values["partner"], values["person"])

    def _place(self, line: int, about: dict[str, Any], person: dict[str, Any]) -> None:
        organization, told = about.pop("name", ""), about.pop("individual", None)
        name = organization or person.get("name", "")
        # Without an organization a person speaks for themself, unless the file says that they do not.
        individual = told if told is not None else name == person.get("name", "")
        wrong = _misnamed(organization, person.get("name", ""), individual=individual)
        if wrong:
            self._fault(line, wrong)
            return
        if individual:
            person = {**person, "name": name}
        entry = self._partner(line, name, individual=individual)
        if entry is None:
            return
        self._say(line, entry, about)
        if person:
            self._person(line, entry, person)

    def _partner(self, line: int, name: str, *, individual: bool) -> PartnerEntry | None:
        key = (name.casefold(), individual)
        if key not in self.partners:
            here = self.by_name.get(key, [])
            if len(here) > 1:
                self._fault(line, _("two partners here are called “%(name)s”; merge them first") % {"name": name})
                return None
            self.partners[key] = PartnerEntry(line, name, individual, here[0] if here else None)
        return self.partners[key]

    def _say(self, line: int, entry: PartnerEntry, about: Mapping[str, Any]) -> None:
        for name, value in about.items():
            before, said = entry.said.setdefault(name, (line, value))
            if said != value:
                label = next(c.label for c in BY_KEY.values() if (c.of, c.field) == (PARTNER, name))
                words = {"label": label, "name": entry.name, "line": before}
                self._fault(line, _("%(label)s: differs from what line %(line)s says of “%(name)s”") % words)

    def _person(self, line: int, entry: PartnerEntry, values: dict[str, Any]) -> None:
        name, email = values.get("name", ""), values.get("email", "").casefold()
        if not name:
            self._fault(line, _("whose title, e-mail address or phone number is this? No person is named"))
            return
        # Two people of one name at one partner are told apart by their addresses alone.
        for key in filter(None, (("email", email) if email else None, (id(entry), name.casefold(), email))):
            if key in self.seen:
                words = {"name": name, "line": self.seen[key]}
                self._fault(line, _("%(name)s, or their e-mail address, is on line %(line)s already") % words)
                return
            self.seen[key] = line
        try:
            row = self._known_person(entry, name, email)
        except LookupError as error:
            self._fault(line, str(error))
            return
        if row is not None:
            # Another way to write the same is no change.
            same = {
                n: getattr(row, n)
                for n in ("name", "email")
                if getattr(row, n).casefold() == str(values.get(n, "")).casefold()
            }
            values = {**values, **same}
        self.people.append(PersonEntry(line, entry, row, values))

    def _known_person(self, entry: PartnerEntry, name: str, email: str) -> "Here | None":
        """Who that is here: by e-mail address in the town, else by name at the partner; LookupError in words."""
        partner = entry.row.pk if entry.row else None
        if email and email in self.by_email:
            found = self.by_email[email]
            if len(found) > 1:
                raise LookupError(_("two people here have the address %(email)s; merge them first") % {"email": email})
            if found[0].partner_id != partner:
                words = {"email": email, "name": found[0].name, "partner": self.partner_names[found[0].partner_id]}
                raise LookupError(_("%(email)s belongs to %(name)s of “%(partner)s” here") % words)
            return found[0]
        alike = self.by_person.get((partner, name.casefold()), [])
        # Whoever has another address here is somebody else of the same name, unless they are the only one.
        if len(alike) > 1:
            alike = [row for row in alike if not row.email or row.email.casefold() == email]
        if len(alike) > 1:
            raise LookupError(_("two people called %(name)s are here; give their e-mail addresses") % {"name": name})
        return alike[0] if alike else None


def _misnamed(organization: str, person: str, *, individual: bool) -> str:
    """What is wrong with the two names of a line, in words; nothing where they fit together."""
    name = organization or person
    if not name:
        return _("neither an organization nor a person is named")
    if not individual:
        return (
            ""
            if organization
            else _("%(name)s does not speak for themself, so an organization is needed") % {"name": name}
        )
    if person and person.casefold() != name.casefold():
        return _("a person who speaks for themself has one name, in either column")
    longest = Person._meta.get_field("name").max_length or 0
    return _("the name of a person is longer than %(n)s characters") % {"n": longest} if len(name) > longest else ""


def _new(entries: Iterable[E]) -> tuple[E, ...]:
    return tuple(entry for entry in entries if entry.row is None)


def _changed(entries: Iterable[E]) -> tuple[E, ...]:
    return tuple(entry for entry in entries if entry.row is not None and entry.changes)


def _mark(partners: Iterable[PartnerEntry], people: Iterable[PersonEntry]) -> str:
    digest = hashlib.sha256()
    entries: list[Any] = [*partners, *people]
    for entry in entries:
        row = entry.row
        digest.update(repr((entry.line, row and (row.pk, row.version), sorted(entry.changes.items()))).encode())
    return digest.hexdigest()

"""The partners and people of a coalition as its pages show them."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from coalition.models import AWAITING, TEAM, Contact, Lever, Merge, MergeKind, Part, Partner, Person, Sector, Status
from municipalities.framework import Pillar
from municipalities.models import Municipality
from municipalities.queries import owned_by

PAGE = 50
CARDS = 20


@dataclass(frozen=True)
class Column:
    """A status on the board: how many stand in it, and the first of them."""

    status: str
    total: int
    cards: tuple[Partner, ...]

    @property
    def rest(self) -> int:
        return self.total - len(self.cards)


def listed(partners: QuerySet[Partner], number: str | None) -> "Page[Partner]":
    """A page of partners as a roster is read, each with its people; a senseless number is the nearest page."""
    people = Prefetch("people", Person.objects.order_by("pk"))
    return Paginator(partners.as_read().prefetch_related(people), PAGE).get_page(number)  # type: ignore[attr-defined]


def board(partners: QuerySet[Partner]) -> tuple[Column, ...]:
    """Every status with its number of partners and the first of them, in two queries."""
    counts = dict(partners.order_by().values_list("status").annotate(n=Count("pk")))
    cards: dict[str, list[Partner]] = {}
    for partner in partners.first_of_each_status(CARDS):  # type: ignore[attr-defined]
        cards.setdefault(partner.status, []).append(partner)
    return tuple(Column(str(s), counts.get(s, 0), tuple(cards.get(s, ()))) for s in Status)


def people_listed(people: QuerySet[Person], number: str | None) -> "Page[Person]":
    """
    A page of people by name, each with their partner; a senseless number is the nearest page.

    A filter reads every row of a large town, so it is asked once: for the page's numbers, which bring along how many
    there are. The rows come by their numbers.
    """
    rows: QuerySet[Any] = people.as_read()  # type: ignore[attr-defined]
    paginator = Paginator(rows, PAGE)
    number = number or "1"
    wanted = int(number) if number.isdecimal() and len(number) < 7 else 0
    if not wanted:
        return paginator.get_page(number)
    numbered = rows.values_list("pk", Window(Count("pk")))[(wanted - 1) * PAGE : wanted * PAGE]
    found = dict(numbered)
    if not found:
        return paginator.get_page(number)
    paginator.count = next(iter(found.values()))
    return Page(list(Person.objects.filter(pk__in=found).as_read()), wanted, paginator)


def matching(partners: QuerySet[Partner], text: str, *, notes: bool) -> QuerySet[Partner]:
    """Those whose name, notes (where these may be read) or a person's name contains the text, in whatever case."""
    person = Person.objects.filter(partner=OuterRef("pk"), name__icontains=text)
    wanted = Q(name__icontains=text) | Exists(person)
    return partners.filter(wanted | Q(notes__icontains=text) if notes else wanted)


@dataclass(frozen=True)
class PartnerPage:
    """One partner with everything that stands with it."""

    row: Partner
    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    today: datetime.date

    @property
    def pillars(self) -> tuple[str, ...]:
        return tuple(str(Pillar(key).label) for key in self.row.pillars)

    @property
    def levers(self) -> tuple[str, ...]:
        return tuple(str(Lever(key).label) for key in self.row.levers)


def open_requests(municipality: Municipality, user: User) -> QuerySet[Partner]:
    """The partners whom this person asks and who have neither committed nor declined."""
    rows: QuerySet[Partner] = Partner.objects.of(municipality).filter(owned_by(user, "asked_by"), status__in=AWAITING)
    return rows


def partner_page(row: Partner) -> PartnerPage:
    people = Person.objects.filter(partner=row).select_related("account").order_by("pk")
    contacts = Contact.objects.filter(partner=row).select_related("updated_by")
    return PartnerPage(row, tuple(people), tuple(contacts), timezone.localdate())


@dataclass(frozen=True)
class TeamRole:
    """A role of the Management Team and who holds it."""

    role: str
    label: str
    people: tuple[Person, ...]

    @property
    def hours(self) -> int:
        return sum(person.hours or 0 for person in self.people)


@dataclass(frozen=True)
class Team:
    """The Management Team by the guide's roles."""

    roles: tuple[TeamRole, ...]

    @property
    def sentence(self) -> str:
        """Which roles nobody holds, and how many hours a week they have together."""
        empty = [role.label.lower() for role in self.roles if not role.people]
        if not empty:
            held = _("Every role is held.")
        elif len(empty) == len(self.roles):
            held = _("No role is held yet.")
        else:
            held = _("Nobody holds yet: %(roles)s.") % {"roles": get_text_list(empty, _("and"))}
        hours = sum(role.hours for role in self.roles)
        return f"{held} {_('Together they have %(n)s hours a week.') % {'n': hours}}" if hours else held


def management_team(municipality: Municipality) -> Team:
    """Every role of the guide's Management Team with those who hold it, in one query."""
    holders: dict[str, list[Person]] = {}
    for person in Person.objects.of(municipality).filter(role__in=TEAM).as_read():
        holders.setdefault(person.role, []).append(person)
    return Team(tuple(TeamRole(str(part), str(part.label), tuple(holders.get(part, ()))) for part in TEAM))


@dataclass(frozen=True)
class RosterRow:
    """Who agreed to be named in public: an organization with those of its people who agreed too."""

    name: str
    people: tuple[tuple[str, str], ...]
    sector: str
    status: str

    @property
    def sector_label(self) -> str:
        return str(Sector(self.sector).label)

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)


@dataclass(frozen=True)
class Roster:
    """What of the coalition is public; `unlisted` counts the others who have not declined."""

    rows: tuple[RosterRow, ...]
    unlisted: int


def public_roster(municipality: Municipality) -> Roster:
    """Those who agreed to be named, without who declined, in three queries."""
    standing = Partner.objects.of(municipality).exclude(status=Status.DECLINED)
    people = Prefetch("people", Person.objects.filter(listed=True).order_by("pk"), to_attr="named")
    rows: Iterable[Any] = standing.filter(listed=True).order_by(Lower("name"), "pk").prefetch_related(people)
    # As `as_read` sorts them: to put the order of the sectors into SQL takes longer than to read so few rows.
    sectors = Sector.values
    shown = tuple(
        RosterRow(
            name=row.name,
            people=tuple((person.name, str(Part(person.role).label)) for person in row.named),
            sector=row.sector,
            status=row.status,
        )
        for row in sorted(rows, key=lambda row: sectors.index(row.sector))
    )
    return Roster(shown, standing.filter(listed=False).count())


@dataclass(frozen=True)
class Removed:
    """A partner that was removed and may be put back: `entry` is its place in the history."""

    entry: int
    name: str


def removed(municipality: Municipality, entry: int) -> Removed | None:
    """The removal at that place of the history, unless it is another town's or has been undone."""
    gone = Partner.history.filter(municipality=municipality, history_type="-", history_id=entry).first()
    if gone is None or not stands(gone):
        return None
    return Removed(entry, gone.name)


def stands(removal: Any) -> bool:
    """Whether nothing has happened to a partner since this removal in its history: only then can it be undone."""
    return bool(Partner.history.filter(id=removal.id).latest().pk == removal.pk)


def changed(municipality: Municipality) -> datetime.datetime | None:
    """When a partner or one of its people last changed; what was removed is in the history only."""
    partners = Partner.history.filter(municipality=municipality)
    people = Person.history.filter(partner_id__in=partners.values("id"))
    found = [rows.aggregate(newest=Max("history_date"))["newest"] for rows in (partners, people)]
    return max((at for at in found if at), default=None)


def by_number(municipality: Municipality, numbers: Collection[str]) -> dict[str, Partner]:
    """The partners with these numbers, as others keep them; one merged away is the one it became. Two queries."""
    if not numbers:
        return {}
    merged = Merge.objects.filter(municipality=municipality, kind=MergeKind.PARTNER, undone_at=None)
    became = {str(gone): str(kept) for gone, kept in merged.order_by("merged_at").values_list("gone", "kept")}
    lines = {number: _line(number, became) for number in numbers}
    wanted = {one for line in lines.values() for one in line}
    rows = {str(row.pk): row for row in Partner.objects.of(municipality).filter(pk__in=wanted)}
    found = {number: next((rows[one] for one in line if one in rows), None) for number, line in lines.items()}
    return {number: row for number, row in found.items() if row is not None}


def _line(number: str, became: Mapping[str, str]) -> list[str]:
    """A number and, in order, what it became; each once, since what was merged may have been put back by hand."""
    line = [number]
    while became.get(line[-1], line[-1]) not in line:
        line.append(became[line[-1]])
    return line

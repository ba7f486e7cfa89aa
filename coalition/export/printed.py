"""The roster on paper: who takes part, sector by sector, and how they are reached, as an accessible PDF."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.models import Partner, Person, Sector
from coalition.wording import SHORT_SECTORS
from documents.page import finished_page
from documents.pdf import render_pdf


@dataclass(frozen=True)
class Line:
    """Somebody at a partner, or only the partner, where nobody is known; `again`: it stands in the line above."""

    partner: str
    again: bool
    status: str
    status_word: str
    name: str
    title: str
    role: str
    email: str
    phone: str
    known: bool


@dataclass(frozen=True)
class SectorPart:
    """A sector with its lines."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Roster:
    """All that the roster shows: never notes, nor who has lived experience of poverty."""

    place: str
    created: datetime
    filter: tuple[str, ...]
    partners: int
    people: int
    sectors: tuple[SectorPart, ...]
    language: str = "en-US"

    @property
    def title(self) -> str:
        return _("Coalition roster")

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")

    @property
    def date(self) -> str:
        return format_date(timezone.localtime(self.created), "F j, Y")

    @property
    def counts(self) -> str:
        """How many partners and people there are."""
        partners = ngettext("%(n)s partner", "%(n)s partners", self.partners) % {"n": self.partners}
        people = ngettext("%(n)s person", "%(n)s people", self.people) % {"n": self.people}
        return _("%(partners)s, %(people)s") % {"partners": partners, "people": people}


def roster_of(partners: QuerySet[Partner], *, place: str, chosen: Iterable[str], now: datetime) -> Roster:
    """The roster of these partners, in two queries; `chosen` says in words by what they were filtered."""
    people = Prefetch("people", Person.objects.order_by("pk"))
    rows = list(partners.as_read().prefetch_related(people))  # type: ignore[attr-defined]
    return Roster(
        place=place,
        created=now,
        filter=tuple(chosen),
        partners=len(rows),
        people=sum(len(row.people.all()) for row in rows),
        # The short names, since a whole one says of residents that they have lived experience.
        sectors=tuple(
            SectorPart(str(SHORT_SECTORS[Sector(key)]), tuple(line for row in group for line in _lines(row)))
            for key, group in groupby(rows, key=lambda row: row.sector)
        ),
    )


def _lines(partner: Partner) -> list[Line]:
    """A line a person. Each names the partner, so that it can be read alone on a page that begins with it."""
    people = list(partner.people.all())
    return [_line(partner, person, again=n > 0) for n, person in enumerate(people)] or [_line(partner)]


def _line(partner: Partner, person: Person | None = None, *, again: bool = False) -> Line:
    # The name of who speaks for themself is the partner's.
    themself = person is not None and partner.individual and person.name == partner.name
    name = _("speaks for themself") if themself else person.name if person else _("nobody yet")
    return Line(
        partner=partner.name,
        again=again,
        status=partner.status,
        status_word=partner.get_status_display(),
        name=name,
        title=person.title if person else "",
        role=person.get_role_display() if person else "",
        email=person.email if person else "",
        phone=person.phone if person else "",
        known=person is not None and not themself,
    )


def roster_pdf(roster: Roster) -> bytes:
    """
    The PDF; raises RenderError.

    It is drawn anew each time: a file kept for reuse would still hold the address of somebody who was removed.
    """
    return render_pdf(_html(roster))


def _html(roster: Roster) -> str:
    return finished_page("coalition/pdf/roster.html", {"roster": roster}, language=roster.language)

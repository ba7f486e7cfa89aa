"""The roster and its coverage as plain values, for the page, the overview and the plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from coalition.models import Member, Part, Sector, Status, stands
from coalition.rules.coverage import SectorCover, cover
from municipalities.models import Municipality


@dataclass(frozen=True)
class RosterRow:
    """One member: keys of the domain, and beside them the words that people read."""

    pk: int
    organisation: str
    person: str
    sector: str
    role: str
    status: str

    @property
    def name(self) -> str:
        """What to call the row: "Kim Doe, Larkspur Community College"."""
        return ", ".join(part for part in (self.person, self.organisation) if part)

    @property
    def sector_label(self) -> str:
        return str(Sector(self.sector).label)

    @property
    def role_label(self) -> str:
        return str(Part(self.role).label)

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    def matches(self, *, sector: str = "", status: str = "", text: str = "") -> bool:
        """Whether the row passes all filters that are set; `text` is looked for in both names."""
        return (
            sector in ("", self.sector)
            and status in ("", self.status)
            and text.casefold() in f"{self.organisation}\n{self.person}".casefold()
        )


@dataclass(frozen=True)
class SectorRow:
    """One of the 12 sectors and who is there."""

    cover: SectorCover
    label: str

    @property
    def sector(self) -> str:
        return self.cover.sector

    @property
    def state(self) -> str:
        """Which state's mark stands for the sector: somebody committed, only named, or nobody."""
        if self.cover.committed:
            return Status.COMMITTED
        return "" if self.cover.empty else Status.IN_CONVERSATION

    @property
    def words(self) -> str:
        """ "2 committed, 1 not yet committed", or that nobody is named."""
        counts = []
        if self.cover.committed:
            counts.append(_("%(n)s committed") % {"n": self.cover.committed})
        if self.cover.waiting:
            counts.append(_("%(n)s not yet committed") % {"n": self.cover.waiting})
        if self.cover.declined:
            counts.append(_("%(n)s declined") % {"n": self.cover.declined})
        if self.cover.empty:
            counts.insert(0, _("nobody named"))
        return ", ".join(counts)


@dataclass(frozen=True)
class Coverage:
    """Who is there and who is missing; `members` leaves out who declined, `missing` holds labels of sectors."""

    rows: tuple[SectorRow, ...]
    missing: tuple[str, ...]
    sentence: str
    members: int
    committed: int


@dataclass(frozen=True)
class Roster:
    rows: tuple[RosterRow, ...]
    coverage: Coverage

    def narrowed(self, **filters: str) -> tuple[RosterRow, ...]:
        """The rows that pass `RosterRow.matches`."""
        return tuple(row for row in self.rows if row.matches(**filters))


def roster(municipality: Municipality) -> Roster:
    """Everybody on the roster, sorted as it is read, in one query."""
    values = Member.objects.of(municipality).for_roster().values_list("pk", *Member.FIELDS)
    rows = tuple(RosterRow(*value) for value in values)
    return Roster(rows, coverage_of((row.sector, row.status) for row in rows))


def coverage(municipality: Municipality) -> Coverage:
    """The coverage alone, in one query."""
    return coverage_of(Member.objects.of(municipality).values_list("sector", "status"))


def coverage_of(members: Iterable[tuple[str, str]]) -> Coverage:
    """The coverage of `(sector, status)` pairs."""
    rows = tuple(SectorRow(c, str(Sector(c.sector).label)) for c in cover(Sector.values, members))
    missing = tuple(row.label for row in rows if row.cover.empty)
    return Coverage(
        rows,
        missing,
        _sentence(missing, len(rows)),
        members=sum(row.cover.members for row in rows),
        committed=sum(row.cover.committed for row in rows),
    )


def _sentence(missing: tuple[str, ...], total: int) -> str:
    if not missing:
        return _("Each of the %(total)s sectors has somebody on the roster.") % {"total": total}
    if len(missing) == total:
        return _("Nobody is named yet from any of the %(total)s sectors.") % {"total": total}
    names = get_text_list(list(missing), _("and"))
    return _("Nobody is named yet from %(n)s of %(total)s sectors: %(names)s.") % {
        "n": len(missing),
        "total": total,
        "names": names,
    }


@dataclass(frozen=True)
class Removed:
    """A row that was taken off the roster and may be put back: `entry` is its place in the history."""

    entry: int
    name: str


def removed(municipality: Municipality, entry: int) -> Removed | None:
    """The removal at that place of the history, unless it is another town's or has been undone."""
    gone = Member.history.filter(municipality=municipality, history_type="-", history_id=entry).first()
    if gone is None or not stands(gone):
        return None
    return Removed(entry, str(gone.instance))

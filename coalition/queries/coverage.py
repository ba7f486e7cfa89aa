"""Who is at the table and who is missing, as plain values: for the coalition's page, the overview and the plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from coalition import wording
from coalition.models import Partner, Sector, Status
from coalition.rules.coverage import Count, Group, SectorCover, State, cover, uncovered
from municipalities.framework import SHORT, Pillar
from municipalities.models import Municipality

# Enough to say who could be asked, of however many are known.
CANDIDATES = 60
NAMED = 3
Candidates = Callable[[list[str], list[Pillar]], Mapping[str, list[str]]]


@dataclass(frozen=True)
class Cell:
    """A sector and a pillar, or a whole sector (`pillar` empty); `mark` is a state that the pages have a mark for."""

    pillar: str
    count: Count

    @property
    def head(self) -> str:
        """The head of its column."""
        return str(SHORT[Pillar(self.pillar)]) if self.pillar else _("In all")

    @property
    def mark(self) -> str:
        return wording.MARKS[self.count.state]

    @property
    def number(self) -> int:
        """How many stand behind the state, 0 for nobody."""
        return self.count.committed or self.count.talking

    @property
    def words(self) -> str:
        """ "2 committed, 1 in conversation, 1 identified", or that there is nobody."""
        return wording.count_words(self.count)


@dataclass(frozen=True)
class SectorRow:
    """One of the 12 sectors and who is there."""

    cover: SectorCover

    @property
    def sector(self) -> str:
        return self.cover.sector

    @property
    def label(self) -> str:
        return str(Sector(self.sector).label)

    @property
    def short(self) -> str:
        """For a narrow column."""
        return str(wording.SHORT_SECTORS[Sector(self.sector)])

    @property
    def whole(self) -> Cell:
        return Cell("", self.cover.all)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The whole sector, then each pillar."""
        return (self.whole, *(Cell(pillar, count) for pillar, count in self.cover.by_pillar.items()))

    @property
    def empty(self) -> bool:
        """Nobody is committed or in conversation."""
        return self.cover.all.state is State.NOBODY

    @property
    def named(self) -> bool:
        """Somebody is at least identified who has not declined."""
        return self.cover.all.members > 0


@dataclass(frozen=True)
class Coverage:
    """
    Sectors by pillars. `members` leaves out who declined, `any` does not.

    `missing` says in sentences what is missing, `sentence` is the first of them; `candidates` says who of those known
    could fill it, which is not for the public.
    """

    rows: tuple[SectorRow, ...]
    missing: tuple[str, ...]
    candidates: str
    members: int
    committed: int
    any: bool

    @property
    def sentence(self) -> str:
        return self.missing[0]

    @property
    def pillars(self) -> tuple[tuple[str, str, str], ...]:
        """Key, name and short name of each pillar, in the order of the cells."""
        return tuple((str(p), str(p.label), str(SHORT[p])) for p in Pillar)


def coverage(municipality: Municipality, *, candidates: bool = False) -> Coverage:
    """The coverage, in one query whatever the number of partners; with who could fill what is missing, in two."""
    grouped = (
        Partner.objects.of(municipality).order_by().values("sector", "pillars", "status").annotate(count=CountOf("pk"))
    )
    groups = [(row["sector"], row["pillars"], row["status"], row["count"]) for row in grouped]
    return coverage_of(groups, partial(_candidates, municipality) if candidates else None)


def coverage_of(groups: Iterable[Group], candidates: Candidates | None = None) -> Coverage:
    """The coverage of groups of partners; `candidates` tells the known ones for the missing sectors and pillars."""
    rows = tuple(SectorRow(found) for found in cover(Sector.values, Pillar.values, groups))
    sectors = [row for row in rows if row.empty]
    pillars = [Pillar(key) for key in uncovered((row.cover for row in rows), Pillar.values)]
    members = sum(row.cover.all.members for row in rows)
    known = candidates([row.sector for row in sectors], pillars) if members and candidates else {}
    return Coverage(
        rows=rows,
        missing=tuple(_missing(sectors, pillars, members, len(rows))),
        candidates=_who_could(sectors, pillars, known),
        members=members,
        committed=sum(row.cover.all.committed for row in rows),
        any=bool(members or any(row.cover.all.declined for row in rows)),
    )


def _candidates(municipality: Municipality, sectors: list[str], pillars: list[Pillar]) -> dict[str, list[str]]:
    """Who is identified and not asked yet, by the missing sector or pillar that they would fill."""
    wanted = Q(sector__in=sectors)
    for pillar in pillars:
        wanted |= Q(pillars__contains=pillar.value)
    found: dict[str, list[str]] = {}
    rows = Partner.objects.of(municipality).filter(wanted, status=Status.IDENTIFIED).order_by("name", "pk")
    for name, sector, covered in rows.values_list("name", "sector", "pillars")[:CANDIDATES]:
        for gap in (sector, *covered):
            found.setdefault(gap, []).append(name)
    return found


def _missing(sectors: list[SectorRow], pillars: list[Pillar], members: int, total: int) -> Iterable[str]:
    yield _missing_sectors(sectors, total)
    if not members:
        return
    absent = {row.sector for row in sectors}
    awaited = [str(words) for sector, words in wording.AWAITED.items() if sector in absent]
    if awaited:
        yield _("The guide counts on them above all, and they are absent: %(names)s.") % {"names": _and(awaited)}
    if pillars:
        names = _and([str(pillar.label) for pillar in pillars])
        yield _("No one committed or in conversation speaks to: %(names)s.") % {"names": names}


def _missing_sectors(sectors: list[SectorRow], total: int) -> str:
    if not sectors:
        return _("Each of the %(total)s sectors has somebody committed or in conversation.") % {"total": total}
    if len(sectors) == total:
        return _("Nobody is committed or in conversation yet from any of the %(total)s sectors.") % {"total": total}
    return _("Nobody is committed or in conversation yet from %(n)s of %(total)s sectors: %(names)s.") % {
        "n": len(sectors),
        "total": total,
        "names": _and([row.label for row in sectors]),
    }


def _who_could(sectors: list[SectorRow], pillars: list[Pillar], known: Mapping[str, list[str]]) -> str:
    gaps = [(row.sector, row.short) for row in sectors] + [(str(p), str(SHORT[p])) for p in pillars]
    could = [
        _("%(gap)s: %(names)s") % {"gap": label, "names": _and(_few(known[key]))} for key, label in gaps if key in known
    ]
    return _("Known already and not asked yet: %(who)s.") % {"who": "; ".join(could)} if could else ""


def _few(names: list[str]) -> list[str]:
    rest = len(names) - NAMED
    return [*names[:NAMED], _("%(n)s more") % {"n": rest}] if rest > 0 else names


def _and(words: list[str]) -> str:
    return str(get_text_list(words, _("and")))

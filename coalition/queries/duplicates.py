"""Entries that may be one, and merges that can be undone."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext as _

from coalition.models import Merge, MergeKind, Partner, Person
from municipalities.models import Municipality

MOST = 50
RECENT = 10


@dataclass(frozen=True)
class Likeness:
    """Two entries that may be one, and why: the older is proposed to be kept."""

    kind: str
    kept: Any
    gone: Any
    why: str


def likenesses(municipality: Municipality) -> tuple[Likeness, ...]:
    """The first pairs of partners of one name, and of people of one e-mail address or of one name at one partner."""
    partners = Partner.objects.of(municipality).annotate(key=Lower(Trim("name")))
    people = Person.objects.of(municipality).filter(partner__individual=False, erased_at=None)
    by_email = people.exclude(email="").annotate(key=Lower("email"))
    by_name = people.annotate(key=Lower(Trim("name")))
    found = [
        *_pairs(MergeKind.PARTNER, partners, ("key", "individual"), _("the same name")),
        *_pairs(MergeKind.PERSON, by_email.select_related("partner"), ("key",), _("the same e-mail address")),
        *_pairs(MergeKind.PERSON, by_name.select_related("partner"), ("key", "partner_id"), _("the same name")),
    ]
    seen: dict[tuple[str, int, int], Likeness] = {}
    for pair in found:
        seen.setdefault((pair.kind, pair.kept.pk, pair.gone.pk), pair)
    return tuple(seen.values())[:MOST]


def _pairs(kind: MergeKind, rows: QuerySet[Any], by: tuple[str, ...], why: str) -> list[Likeness]:
    """Each but the first of those that are alike, with the first."""
    several = rows.order_by().values(*by).annotate(n=Count("pk")).filter(n__gt=1)
    keys = [group["key"] for group in several.order_by("key")[:MOST]]
    if not keys:
        return []

    def alike(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in by)

    found = []
    for _key, group in groupby(rows.filter(key__in=keys).order_by(*by, "pk"), alike):
        first, *others = group
        found += [Likeness(str(kind), first, other, why) for other in others]
    return found


@dataclass(frozen=True)
class MergeLine:
    """A merge and what the two were called."""

    row: Merge
    kept: str
    gone: str


def merges(municipality: Municipality) -> tuple[MergeLine, ...]:
    """The latest merges that stand, in three queries."""
    rows = list(Merge.objects.filter(municipality=municipality, undone_at=None).select_related("merged_by")[:RECENT])
    names: dict[tuple[str, int], str] = {}
    kinds: dict[str, Any] = {MergeKind.PARTNER: Partner, MergeKind.PERSON: Person}
    for kind, model in kinds.items():
        numbers = {number for row in rows if row.kind == kind for number in (row.kept, row.gone)}
        told = model.history.filter(id__in=numbers).order_by("history_id").values_list("id", "name")
        names |= {(str(kind), number): name for number, name in told}
    return tuple(
        MergeLine(row, names.get((row.kind, row.kept), ""), names.get((row.kind, row.gone), "")) for row in rows
    )

"""The good partner self-check as its pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coalition import good_partner
from coalition.good_partner import Statement
from coalition.models import Kept, Partner, Promise
from municipalities.models import Municipality


@dataclass(frozen=True)
class Line:
    """A statement and how it is kept; `row` is blank, of version 0, while nobody has answered."""

    statement: Statement
    row: Promise


@dataclass(frozen=True)
class SelfCheck:
    lines: tuple[Line, ...]

    @property
    def kept(self) -> int:
        return sum(line.row.kept == Kept.YES for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(bool(line.row.kept) for line in self.lines)

    @property
    def complete(self) -> bool:
        return self.answered == len(self.lines)

    @property
    def summary(self) -> str:
        """ "6 of 8 kept", and how many nobody has answered."""
        said = _("%(n)s of %(total)s kept") % {"n": self.kept, "total": len(self.lines)}
        open_ = len(self.lines) - self.answered
        return _("%(said)s, %(n)s not answered") % {"said": said, "n": open_} if open_ else said

    @property
    def missing(self) -> str:
        """The statements that are not kept yet; nothing where all are or nobody has answered."""
        texts = [line.statement.text.rstrip(".") for line in self.lines if line.row.kept in (Kept.NO, Kept.PARTLY)]
        return "; ".join(texts)


def self_check(municipality: Municipality, partner: Partner | None = None) -> SelfCheck:
    """The check of the municipality, or of it towards one partner, in one query."""
    return _check(Promise.objects.filter(municipality=municipality, partner=partner).select_related("updated_by"))


def _check(rows: Iterable[Promise]) -> SelfCheck:
    found = {row.key: row for row in rows}
    return SelfCheck(tuple(Line(s, found.get(s.key) or Promise(key=s.key, version=0)) for s in good_partner.load()))


def checked_partners(municipality: Municipality) -> list[tuple[Partner, SelfCheck]]:
    """Every partner with an answer and its check, by name, in one query."""
    rows = Promise.objects.filter(municipality=municipality, partner__isnull=False).select_related("partner")
    by_partner: dict[Any, list[Promise]] = {}
    for row in rows.order_by("partner__name", "partner_id"):
        by_partner.setdefault(row.partner, []).append(row)
    return [(partner, _check(found)) for partner, found in by_partner.items()]

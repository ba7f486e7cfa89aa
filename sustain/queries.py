"""Wins, reports and the handover note as their pages show them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coalition.models import Partner, Status
from coalition.queries import by_number
from municipalities.models import Municipality
from strategy.models import StrategicAction
from sustain.models import AnnualReport, Handover, Win


@dataclass(frozen=True)
class WinLine:
    """A win and, by name, the partners to thank: those of them who agree to be named."""

    row: Win
    partners: tuple[str, ...]

    @property
    def thanked(self) -> str:
        """Everybody to thank, in a line."""
        return ", ".join(part for part in (*self.partners, self.row.thanks) if part)


@dataclass(frozen=True)
class Wins:
    """The log, the newest first; what is set aside stands apart and counts nowhere."""

    lines: tuple[WinLine, ...]
    aside: tuple[Win, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the wins, the latest first."""
        return tuple(sorted({line.row.on.year for line in self.lines}, reverse=True))

    def of(self, year: int | None) -> tuple[WinLine, ...]:
        """Those of a year, or all."""
        return tuple(line for line in self.lines if year in (None, line.row.on.year))

    @property
    def public(self) -> int:
        return sum(line.row.public for line in self.lines)


def wins(municipality: Municipality) -> Wins:
    """The whole log, in at most three queries."""
    rows = list(Win.objects.of(municipality).select_related("updated_by", "action"))
    known = by_number(municipality, {pk for row in rows for pk in row.partners})
    lines = [WinLine(row, _named(known, row)) for row in rows if not row.set_aside]
    return Wins(tuple(lines), tuple(row for row in rows if row.set_aside))


def _named(known: dict[str, Partner], row: Win) -> tuple[str, ...]:
    found = {known[pk].pk: known[pk] for pk in row.partners if pk in known}
    return tuple(sorted((one.name for one in found.values() if one.may_be_named), key=str.casefold))


def win_choices(municipality: Municipality, row: Win | None = None) -> dict[str, list[tuple[str, str]]]:
    """
    What a win may name: partners who agreed to be named, and actions.

    An action that is set aside is there where the win names it already.
    """
    partners = Partner.objects.of(municipality).filter(listed=True).exclude(status=Status.DECLINED).order_by("name")
    actions = StrategicAction.objects.of(municipality).order_by("priority__place", "priority_id", "place", "pk")
    chosen = row.action_id if row else None
    return {
        "partners": [(str(one.pk), one.name) for one in partners],
        "action_id": [
            (str(one.pk), _("%(name)s (set aside)") % {"name": one.title} if one.set_aside else one.title)
            for one in actions
            if not one.set_aside or one.pk == chosen
        ],
    }


def chosen_partners(municipality: Municipality, row: Win) -> list[str]:
    """The partners that a win names, as the choices do: one merged away is the one it became."""
    return sorted({str(one.pk) for one in by_number(municipality, row.partners).values()})


@dataclass(frozen=True)
class Sustaining:
    """Where the three stand: the log, the reports (the newest first), the handover note."""

    wins: int
    public: int
    newest: datetime.date | None
    reports: tuple[AnnualReport, ...]
    handover: Handover | None


def sustaining(municipality: Municipality) -> Sustaining:
    """Everything for the page that leads to the three, in three queries."""
    found = list(Win.objects.of(municipality).kept().values_list("on", "public"))
    return Sustaining(
        wins=len(found),
        public=sum(public for _on, public in found),
        newest=max((on for on, _public in found), default=None),
        reports=reports(municipality),
        handover=Handover.objects.filter(municipality=municipality).select_related("updated_by").first(),
    )


def reports(municipality: Municipality) -> tuple[AnnualReport, ...]:
    """All reports, the newest first, without their texts."""
    rows = AnnualReport.objects.filter(municipality=municipality).select_related("finished_by")
    return tuple(rows.defer("frozen", *AnnualReport.TEXTS))


@dataclass(frozen=True)
class Event:
    """A report was begun, finished or opened again."""

    kind: str
    at: datetime.datetime
    by: str


def events(row: AnnualReport) -> tuple[Event, ...]:
    """What became of a report, the newest first, in one query."""
    told: Any = AnnualReport.history.filter(id=row.pk).order_by("history_id")
    found: list[Event] = []
    final = None
    for finished_at, at, name in told.values_list("finished_at", "history_date", "history_user__name"):
        now = finished_at is not None
        if now != final:
            kind = "finished" if now else "begun" if final is None else "opened"
            found.append(Event(kind, at, name or ""))
        final = now
    return tuple(reversed(found))

"""The versions of a section's text and the steps of its review, out of its history."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from municipalities.models import Municipality
from plans.models import Section
from plans.queries import SIGNATURES, SectionView, section_view
from plans.rules import progress
from plans.rules.difference import Difference, difference
from plans.rules.progress import Status
from plans.rules.revisions import Event, Save, event, joins

A_PAGE = 20
# How many texts one can choose from to compare.
CHOICES = 100


@dataclass(frozen=True)
class Entry:
    """
    Something that happened to a section: somebody wrote (`event` None), or its review went on.

    A text is the last of its sitting's `saves`; `before` is the version of the text before it, `words` what it counts.
    """

    version: int
    at: datetime.datetime
    who: str
    why: str = ""
    event: Event | None = None
    comment: str = ""
    saves: tuple[Save, ...] = ()
    before: int | None = None
    words: int = 0
    first: bool = False


@dataclass(frozen=True)
class Revisions:
    """A section and what happened to it, newest first. `current`: the text as it stands now."""

    view: SectionView
    entries: tuple[Entry, ...]

    @property
    def texts(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.event is None)

    @property
    def current(self) -> Entry:
        return self.texts[0]

    def page(self, number: str | None) -> Page[Entry]:
        """Some entries, with the words that their texts count, in one query more."""
        page = Paginator(self.entries, A_PAGE).get_page(number)
        bodies = _bodies(self.view.row, [entry.version for entry in page if entry.event is None])
        page.object_list = [replace(entry, words=progress.words(bodies.get(entry.version, ""))) for entry in page]
        return page


@dataclass(frozen=True)
class Comparison:
    """Two texts of a section, and what differs."""

    revisions: Revisions
    older: Entry
    newer: Entry
    difference: Difference
    restorable: bool

    @property
    def choices(self) -> tuple[Entry, ...]:
        """The newest texts, and the two that are shown."""
        newest = self.revisions.texts[:CHOICES]
        shown = (entry for entry in (self.newer, self.older) if entry.version not in {e.version for e in newest})
        return (*newest, *shown)


def revisions(municipality: Municipality, key: str) -> Revisions:
    """All of a section's, in two queries that leave its texts where they are; raises Section.DoesNotExist."""
    rows = Section.objects.select_related("owner", "updated_by", *SIGNATURES)
    row = rows.get(plan__municipality=municipality, key=key)
    return Revisions(section_view(row), tuple(reversed(_entries(_happened(row)))))


def comparison(found: Revisions, older: int, newer: int) -> Comparison:
    """Two texts of the section by their versions, in one query; raises Section.DoesNotExist for one it never had."""
    older, newer = sorted((older, newer))
    row = found.view.row
    pasts = {
        past.version: past for past in row.history.filter(version__in=[older, newer]).select_related("history_user")
    }
    if {older, newer} - set(pasts):
        raise Section.DoesNotExist
    before, after = pasts[older], pasts[newer]
    return Comparison(
        found,
        _text(found, before),
        _text(found, after),
        difference(before.body, after.body),
        restorable=before.body != row.body,
    )


def _text(found: Revisions, past: Any) -> Entry:
    """The entry of a version; one that is within a sitting, or did not change the text, stands for itself."""
    listed = next((entry for entry in found.texts if entry.version == past.version), None)
    return listed or Entry(past.version, past.history_date, _name(past.history_user))


def _happened(row: Section) -> Iterable[dict[str, Any]]:
    """The versions that changed the text or the status, oldest first; the texts are compared by the database."""
    lag = {"stood": "status", "text_before": "body"}
    windows = {name: Window(Lag(field), order_by=F("history_id").asc()) for name, field in lag.items()}
    rows = row.history.order_by().annotate(**windows)
    rows = rows.annotate(wrote=Case(When(body=F("text_before"), then=Value(False)), default=Value(True)))
    found: Iterable[dict[str, Any]] = (
        rows.filter(Q(wrote=True) | ~Q(status=F("stood")))
        .order_by("history_id")
        .values(
            "version",
            "wrote",
            "status",
            "stood",
            "returned",
            at=F("history_date"),
            person=F("history_user_id"),
            name=F("history_user__name"),
            email=F("history_user__email"),
            why=F("history_change_reason"),
        )
    )
    return found


def _entries(happened: Iterable[dict[str, Any]]) -> list[Entry]:
    found: list[Entry] = []
    before: int | None = None
    for past in happened:
        signed = {"version": past["version"], "at": past["at"], "who": past["name"] or past["email"] or _("The system")}
        why, first = past["why"] or "", past["stood"] is None
        if past["wrote"]:
            save = Save(past["version"], past["at"], past["person"], alone=first or bool(why))
            last = found[-1] if found and found[-1].event is None else None
            if last and joins(last.saves, save):
                found[-1] = replace(last, version=save.version, at=save.at, saves=(*last.saves, save))
            else:
                found.append(Entry(**signed, why=why, saves=(save,), before=before, first=first))
            before = save.version
        step = None if first else event(Status(past["stood"]), Status(past["status"]), comment=past["returned"])
        if step:
            comment = past["returned"] if step is Event.RETURNED else ""
            found.append(Entry(**signed, event=step, comment=comment))
    return found


def _bodies(row: Section, versions: list[int]) -> dict[int, str]:
    return dict(row.history.filter(version__in=versions).values_list("version", "body"))


def _name(user: Any) -> str:
    return str(user) if user else _("The system")

"""Releases of the plan: approving it as a whole, making it public, withdrawing it, and what the public says of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from municipalities.models import Municipality
from municipalities.records import add, moment, overwrite
from plans import below
from plans.export.document import Document
from plans.finished import PDF
from plans.models import Feedback, FeedbackState, Plan, Publication, Release, Section, SectionStatus, fingerprint_of
from plans.queries import plan_document

# So much of what the public says stands on a page.
A_PAGE = 20
# So much that nobody has read yet stands for one release at most: more would be no help to anybody.
WAITING_MOST = 500


class NotReadyError(Exception):
    """A section is not approved, so the plan as a whole is not."""


class ChangedError(Exception):
    """Somebody changed the plan while its files were made, or since it was looked at."""


class FullError(Exception):
    """So much feedback waits already that no more is taken."""


# --- What stands ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReleasePage:
    """
    All releases, the newest first, what the public said, and whether another one may be made now.

    `missing` sections are not approved; in `outdated` ones what is below the text has changed since. `unchanged`:
    the plan says what it says in public already.
    """

    rows: tuple[Release, ...]
    waiting: Page[Feedback]
    read: Page[Feedback]
    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    unchanged: bool
    seen: str

    @property
    def current(self) -> Release | None:
        """What the public sees: the newest that is not withdrawn."""
        return _current(self.rows)


def _current(rows: Iterable[Release]) -> Release | None:
    return next((row for row in rows if not row.publication.withdrawn), None)


def release_page(municipality: Municipality, *, waiting: str | None = None, read: str | None = None) -> ReleasePage:
    """
    Everything for the page of releases, in a constant number of queries; raises Plan.DoesNotExist.

    `waiting` and `read` are the pages asked for of what the public said.
    """
    sections = list(Section.objects.filter(plan__municipality=municipality))
    if not sections:
        raise Plan.DoesNotExist
    found = Release.objects.filter(municipality=municipality).defer("data", "pdf")
    rows = tuple(found.select_related("released_by", "publication__updated_by"))
    said = Feedback.objects.filter(release__municipality=municipality).select_related("release", "updated_by")
    said = said.defer("release__data", "release__pdf")
    missing = [row for row in sections if row.status != SectionStatus.APPROVED]
    now = below.current(municipality) if any(row.approved_as for row in sections) else {}
    outdated = [row for row in sections if row.approved_as and below.changed(row, now)]
    return ReleasePage(
        rows=rows,
        waiting=Paginator(said.filter(state=FeedbackState.WAITING), A_PAGE).get_page(waiting),
        read=Paginator(said.exclude(state=FeedbackState.WAITING), A_PAGE).get_page(read),
        missing=_titles(missing),
        outdated=_titles(outdated),
        unchanged=_is_unchanged(municipality, _current(rows), sections),
        seen=_versions_seen(sections),
    )


def _is_unchanged(municipality: Municipality, current: Release | None, sections: Iterable[Section]) -> bool:
    if current is None or current.versions != _versions(sections):
        return False
    # The same texts may stand on other answers, actions or partners.
    return Release.objects.values_list("data", flat=True).get(pk=current.pk) == plan_document(municipality).data


def _versions(sections: Iterable[Section]) -> dict[str, int]:
    return {section.key: section.version for section in sections}


def _titles(rows: Iterable[Section]) -> tuple[str, ...]:
    return tuple(str(row.outline.title) for row in sorted(rows, key=lambda row: row.pk))


def _versions_seen(sections: Iterable[Section]) -> str:
    """Which versions the page of releases spoke of: an approval stands for those alone."""
    return " ".join(f"{row.key}:{row.version}" for row in sorted(sections, key=lambda row: row.key))


# --- Writes -----------------------------------------------------------------------------------------------


def release(*, municipality: Municipality, note: str, seen: str, by: User) -> Release:
    """
    Approve the plan as a whole and make it public, as it was `seen`.

    The PDF is made first, since that takes seconds; raises RenderError. Then, under a lock, nothing may have changed.
    Raises Plan.DoesNotExist, NotReadyError and ChangedError.
    """
    document = plan_document(municipality)
    if document.is_draft:
        raise NotReadyError
    pdf = PDF.finished(document)
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(municipality=municipality)
        sections = list(Section.objects.filter(plan=plan).select_for_update(of=["self"]))
        if any(row.status != SectionStatus.APPROVED for row in sections):
            raise NotReadyError
        if _versions_seen(sections) != seen or plan_document(municipality) != document:
            raise ChangedError
        return _add(plan, document, pdf, sections, note, by)


def _add(plan: Plan, document: Document, pdf: bytes, sections: Iterable[Section], note: str, by: User) -> Release:
    rows = Release.objects.filter(municipality=plan.municipality_id)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    row = Release(
        municipality_id=plan.municipality_id,
        number=last + 1,
        title=plan.title,
        note=note,
        released_by=by,
        released_at=moment(),
        versions=_versions(sections),
        data=document.data,
        pdf=pdf,
        fingerprint=fingerprint_of(document.data, pdf),
    )
    row.save()
    add(Publication(release=row), by=by)
    return row


@transaction.atomic
def withdraw(*, municipality: Municipality, number: int, back: bool, by: User) -> None:
    """Take a release away from the public, or (`back`) show it again; raises Publication.DoesNotExist."""
    rows = Publication.objects.filter(release__municipality=municipality, release__number=number)
    overwrite(rows.select_for_update(of=["self"]).get(), by=by, withdrawn=not back)


def give_feedback(*, release: Release, name: str, text: str, language: str) -> Feedback:
    """What somebody of the public says; raises FullError."""
    if Feedback.objects.filter(release=release, state=FeedbackState.WAITING).count() >= WAITING_MOST:
        raise FullError
    said = Feedback(release=release, name=name, text=text, language=language, given_at=moment())
    return add(said, by=None)


@transaction.atomic
def judge_feedback(*, municipality: Municipality, pk: int, state: FeedbackState, by: User) -> Feedback:
    """Show something that the public said, set it aside, or let it wait again; raises Feedback.DoesNotExist."""
    rows = Feedback.objects.filter(release__municipality=municipality).select_for_update(of=["self"])
    row: Feedback = rows.get(pk=pk)
    overwrite(row, by=by, state=state)
    return row


# --- What the public sees ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """A release as its public page shows it, and the others that can be read."""

    row: Release
    others: tuple[Release, ...]
    shown: Page[Feedback]

    @cached_property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.row.data)
        return found

    @property
    def newest(self) -> bool:
        return all(other.number < self.row.number for other in self.others)

    @property
    def measures(self) -> list[dict[str, Any]]:
        """Every measure with the number of its action, in order."""
        return [
            {**measure, "action": action["number"]}
            for priority in self.data["priorities"]
            for action in priority["actions"]
            for line in action["logic"]
            for measure in line["measures"]
        ]


def published(slug: str, number: int | None = None, *, shown: str | None = None) -> Published:
    """
    The newest release that stands, or the one of a number; raises Release.DoesNotExist.

    `shown` is the page asked for of what readers said.
    """
    rows = Release.objects.filter(municipality__slug=slug).standing().select_related("municipality")
    listed = tuple(rows.defer("data", "pdf"))
    wanted = next((row for row in listed if number in (None, row.number)), None)
    if wanted is None:
        raise Release.DoesNotExist
    row = rows.defer("pdf").get(pk=wanted.pk)
    said = Feedback.objects.filter(release__municipality__slug=slug, state=FeedbackState.SHOWN)
    others = tuple(other for other in listed if other.pk != row.pk)
    return Published(row, others, Paginator(said, A_PAGE).get_page(shown))

"""Writes to the plan, each under one transaction and one name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.links import link
from accounts.models import User
from comments.services import post
from documents.markdown import blocks
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, moment, noted, overwrite, remove
from plans import below, notices, outline
from plans.discussion import found_in, paragraphs_of, subject
from plans.models import Acceptance, Passage, Plan, Section
from plans.rules import progress
from plans.rules.passages import quote
from plans.rules.progress import Own, Status


class SectionFrozenError(Exception):
    """The section is approved; it changes only after leadership has withdrawn its approval."""


class LeadersOnlyError(Exception):
    """Only leadership approves a section or withdraws its approval."""


class Refusal(Enum):
    """Why a section stays where it is."""

    # Somebody changed its text since the version that was looked at.
    CHANGED = "changed"
    # It has no text yet.
    EMPTY = "empty"
    # It cannot be moved to that status from where it stands.
    IMPOSSIBLE = "impossible"
    # Who would approve it changed its text last.
    WROTE = "wrote"
    # Who would approve it asked for its review.
    ASKED = "asked"
    # Leadership hands it back and does not say what is to change.
    SILENT = "silent"
    # It has the text already that would be put back.
    SAME = "same"


@dataclass(frozen=True)
class Moved:
    """What came of a move: what was written along with it, and why the section was not moved, if so."""

    outcome: Outcome[Section]
    refusal: Refusal | None = None


@transaction.atomic
def start_plan(*, municipality: Municipality, by: User | None) -> Plan:
    """An empty plan with its 14 sections."""
    plan = add(Plan(municipality=municipality), by=by)
    Section.objects.bulk_create([Section(plan=plan, key=s.key).signed(by) for s in outline.load()])
    return plan


@transaction.atomic
def write_section(
    *, municipality: Municipality, key: str, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Section]:
    """
    Store the fields of a section (`Section.FIELDS`) that its writer changed since version `seen`.

    The first text moves the section to drafting. Raises Section.DoesNotExist and SectionFrozenError.
    """
    row = _locked(municipality, key)
    _refuse_frozen(row)
    return _write(row, seen=seen, values=values, by=by)


@transaction.atomic
def move_section(
    *,
    municipality: Municipality,
    key: str,
    seen: int,
    status: Status,
    by: User,
    approves: bool,
    values: Mapping[str, object] | None = None,
) -> Moved:
    """
    Store what the writer's page says (`values`, as in `write_section`), then move the section to `status`.

    Leadership is told of a review that waits. The text is kept even where the move is refused. Nobody moves a text
    they have not seen, so an approval stands for what was on the page; and nobody approves what they wrote, on this
    page or before, or asked to have approved. An approval remembers what stands below the text.
    Raises Section.DoesNotExist, LeadersOnlyError and SectionFrozenError.
    """
    row = _locked(municipality, key)
    if values:
        _refuse_frozen(row)
    if progress.leaders_only(Status(row.status), status) and not approves:
        raise LeadersOnlyError
    unknown = seen > row.version
    outcome = _write(row, seen=seen, values=values, by=by) if values else amend(row, seen=seen, values={}, by=by)
    if outcome.conflicts:
        return Moved(outcome)
    own = row.own(by.pk)
    refusal = _refusal(row, status, changed=unknown or "body" in outcome.foreign) or _own(status, own)
    if refusal is None and progress.returns(Status(row.status), status, approves=approves, own=own):
        refusal = Refusal.SILENT
    if refusal is None:
        _put(row, status, by)
        if status is Status.IN_REVIEW:
            notices.asked(row, municipality, by)
    return Moved(outcome, refusal)


@transaction.atomic
def return_section(*, municipality: Municipality, key: str, seen: int, comment: str, by: User) -> Moved:
    """
    Hand a section that waits for leadership back to be written on; the `comment` says what is to change.

    Those who wrote it, own it or asked for the review are told. Whoever asked takes it back by `move_section`.
    Raises Section.DoesNotExist.
    """
    row = _locked(municipality, key)
    unknown = seen > row.version
    outcome = amend(row, seen=seen, values={}, by=by)
    status, own = Status(row.status), row.own(by.pk)
    if not progress.returns(status, Status.DRAFTING, approves=True, own=own):
        return Moved(outcome, Refusal.IMPOSSIBLE)
    if unknown or "body" in outcome.foreign:
        return Moved(outcome, Refusal.CHANGED)
    if not comment.strip():
        return Moved(outcome, Refusal.SILENT)
    writers = {row.asked_by_id, row.written_by_id, row.owner_id}
    _put(row, Status.DRAFTING, by, comment=comment.strip())
    notices.returned(row, municipality, by, writers)
    return Moved(outcome)


@transaction.atomic
def restore_section(*, municipality: Municipality, key: str, seen: int, version: int, by: User) -> Refusal | None:
    """
    Put the text of an earlier `version` back, as a new one that `by` has written; what was there stays in the history.

    Refused where somebody changed the text since version `seen`. Raises Section.DoesNotExist, also for a version that
    the section never had, and SectionFrozenError.
    """
    row = _locked(municipality, key)
    past = row.history.filter(version=version).first()
    if past is None:
        raise Section.DoesNotExist
    _refuse_frozen(row)
    outcome = amend(row, seen=seen, values={}, by=by)
    if seen > row.version or "body" in outcome.foreign:
        return Refusal.CHANGED
    if past.body == row.body:
        return Refusal.SAME
    when = format_date(timezone.localtime(past.history_date), "M j, Y, g:i A")
    status = progress.after_text(Status(row.status), past.body)
    with noted(because=_("Text of %(when)s restored") % {"when": when}):
        overwrite(row, by=by, body=past.body, status=status.value)
    return None


class ChangedPassageError(Exception):
    """The paragraph that somebody chose does not stand in the text so any more."""


@transaction.atomic
def comment(*, municipality: Municipality, key: str, known_as: str, text: str, by: User) -> Passage:
    """
    Say something about a paragraph, told by its digest, or about the whole section (`known_as` empty).

    On a paragraph that has a thread, also one that began when it read otherwise, it goes on there.
    Raises Section.DoesNotExist and ChangedPassageError.
    """
    section = _locked(municipality, key)
    row = _passage(section, known_as, by)
    say(municipality=municipality, row=row, text=text, by=by)
    return row


@transaction.atomic
def say(*, municipality: Municipality, row: Passage, text: str, by: User) -> None:
    """Go on with a thread; who is mentioned in it, wrote in it or looks after the section is told where."""
    section = row.section
    post(
        municipality=municipality,
        subject=subject(row),
        text=text,
        by=by,
        link=passage_link(municipality, row),
        keepers=[section.owner_id or section.written_by_id],
    )


def passage_link(municipality: Municipality, row: Passage) -> str:
    """Where its thread stands, for an e-mail."""
    return f"{link('plans:section', municipality.slug, row.section.key)}#passage-{row.pk}"


def _passage(section: Section, known_as: str, by: User) -> Passage:
    rows = list(section.passages.all())
    if not known_as:
        whole = next((row for row in rows if not row.quote), None)
        return whole or add(Passage(section=section), by=by)
    text = paragraphs_of(blocks(section.body, base_level=2))
    if known_as not in text.digests:
        raise ChangedPassageError
    place = text.digests.index(known_as)
    for row in rows:
        found = found_in(text, row)
        if found and found.place == place:
            return row
    return add(Passage(section=section, digest=known_as, quote=quote(text.words[place])), by=by)


def _refuse_frozen(row: Section) -> None:
    if progress.frozen(Status(row.status)):
        raise SectionFrozenError


def _refusal(row: Section, wanted: Status, *, changed: bool) -> Refusal | None:
    if changed:
        return Refusal.CHANGED
    status = Status(row.status)
    if progress.possible(status, wanted, filled=row.filled):
        return None
    return Refusal.EMPTY if progress.possible(status, wanted, filled=True) else Refusal.IMPOSSIBLE


def _write(row: Section, *, seen: int, values: Mapping[str, object], by: User) -> Outcome[Section]:
    status = progress.after_text(Status(row.status), str(values.get("body", row.body)))
    outcome = amend(row, seen=seen, values={**values, "status": status.value}, by=by)
    return replace(
        outcome,
        # The status follows from the text: nobody is asked about it.
        conflicts=tuple(conflict for conflict in outcome.conflicts if conflict.field in values),
        waiting={name: value for name, value in outcome.waiting.items() if name in values},
    )


def _own(wanted: Status, own: frozenset[Own]) -> Refusal | None:
    """Why this person does not approve it. Where they wrote it and asked, another writer comes first."""
    if wanted is not Status.APPROVED or not own:
        return None
    return Refusal.WROTE if Own.WROTE in own else Refusal.ASKED


def _put(row: Section, status: Status, by: User, *, comment: str = "") -> None:
    approved, at = status is Status.APPROVED, moment()
    asked = {Status.IN_REVIEW: by, Status.APPROVED: row.asked_by}
    overwrite(
        row,
        by=by,
        status=status.value,
        approved_by=by if approved else None,
        approved_at=at if approved else None,
        approved_as=below.current(row.plan.municipality).get(row.key, "") if approved else "",
        asked_by=asked.get(status),
        returned=comment,
        returned_by=by if comment else None,
        returned_at=at if comment else None,
    )


@transaction.atomic
def change_plan(*, municipality: Municipality, seen: int, values: Mapping[str, object], by: User) -> Outcome[Plan]:
    """Store the plan's title and paper, unless somebody else changed the same one meanwhile."""
    row: Plan = Plan.objects.select_for_update().get(municipality=municipality)
    return amend(row, seen=seen, values=values, by=by)


@transaction.atomic
def accept(*, municipality: Municipality, code: str, subject: str, reason: str, by: User) -> Acceptance:
    """Leave something that the plan lacks as it is; a reason given before is replaced."""
    Plan.objects.select_for_update().get(municipality=municipality)
    row = Acceptance.objects.filter(municipality=municipality, code=code, subject=subject).first()
    if row is None:
        return add(Acceptance(municipality=municipality, code=code, subject=subject, reason=reason), by=by)
    overwrite(row, by=by, reason=reason)
    return row


@transaction.atomic
def take_back(*, municipality: Municipality, pk: int, by: User) -> Acceptance:
    """Something that was accepted counts as missing again; raises Acceptance.DoesNotExist."""
    row: Acceptance = Acceptance.objects.filter(municipality=municipality).select_for_update(of=["self"]).get(pk=pk)
    remove(row, by=by)
    return row


def _locked(municipality: Municipality, key: str) -> Section:
    rows = Section.objects.filter(plan__municipality=municipality).select_related("updated_by", "plan__municipality")
    row: Section = rows.select_for_update(of=["self"]).get(key=key)
    return row

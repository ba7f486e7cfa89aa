"""The assessment on paper: a Word form to fill in by hand, and a report as an accessible PDF or Word file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from comments.queries import Threads, ThreadView, threads
from documents.cache import cached_pdf
from documents.page import finished_page
from documents.pdf import render_pdf
from documents.word import Document as WordDocument
from municipalities.models import Municipality
from municipalities.queries import names_by_email
from municipalities.wording import day
from readiness import wording
from readiness.models import ConditionState, StepStatus
from readiness.queries import Assessment, ConditionView, StepView, subjects

TICKED, OPEN = "☒", "☐"


def form(assessment: Assessment) -> bytes:
    """The nine blocks with boxes to tick, today's answers ticked, as a Word file."""
    place = assessment.round.municipality
    title = _("%(place)s: readiness form, round %(n)s") % {"place": place, "n": assessment.round.number}
    word = WordDocument(title, author=str(place), created=_newest(assessment))
    word.heading(title, 1)
    word.paragraph(_("Tick one box a step, write notes beside it. Guide steps 3.1 to 3.9."))
    for view in assessment.conditions:
        word.heading(f"{view.name} ({_('guide step')} {view.condition.guide_step})", 2)
        word.paragraph(view.condition.why)
        head = (_("Step"), _("Status"), _("Note and evidence"))
        word.table(head, [_form_row(step) for step in view.steps], widths=(3.0, 1.3, 2.2))
        word.paragraph(f"{view.condition.question} {view.answer.note}")
    return word.to_bytes()


def _form_row(step: StepView) -> tuple[str, str, str]:
    boxes = [f"{TICKED if step.answer.status == value else OPEN} {label}" for value, label in StepStatus.choices]
    beside = [step.answer.note, *(str(row) for row in step.evidence)]
    return step.step.statement, "\n".join(boxes), "\n".join(part for part in beside if part)


@dataclass(frozen=True)
class ReportStep:
    statement: str
    status: str
    word: str
    shown: str
    note: str
    evidence: tuple[str, ...]
    comments: tuple[str, ...]
    owner: str
    due: str


@dataclass(frozen=True)
class ReportCondition:
    name: str
    guide_step: str
    state: str
    state_word: str
    suggested: str
    reason: str
    open_question: str
    open_note: str
    comments: tuple[str, ...]
    steps: tuple[ReportStep, ...]


@dataclass(frozen=True)
class Report:
    """All that the report shows; `moment` is its newest change."""

    place: str
    round: int
    moment: str
    date: str
    verdict: str
    verdict_word: str
    explanation: tuple[str, ...]
    determination: tuple[str, ...]
    conditions: tuple[ReportCondition, ...]
    language: str = "en-US"

    @property
    def title(self) -> str:
        return _("Readiness assessment")


def report_of(assessment: Assessment, municipality: Municipality) -> Report:
    """The report of a round; owners stand by name, and an address that is no member's not at all."""
    people = names_by_email(municipality)
    said = threads(municipality, subjects(assessment.round))
    newest = _newest(assessment)
    verdict = str(assessment.recommendation.verdict)
    return Report(
        place=municipality.name,
        round=assessment.round.number,
        moment=newest.isoformat(timespec="seconds"),
        date=day(newest),
        verdict=verdict,
        verdict_word=wording.verdict_word(verdict),
        explanation=assessment.explanation,
        determination=_determination(assessment),
        conditions=tuple(_condition(view, people, said) for view in assessment.conditions),
    )


def _newest(assessment: Assessment) -> datetime:
    decided = assessment.determination
    return (decided.recorded_at if decided else assessment.newest.last.updated_at).astimezone(UTC)


def _determination(assessment: Assessment) -> tuple[str, ...]:
    decided = assessment.determination
    if decided is None:
        return ()
    word = wording.verdict_word(decided.verdict)
    when = day(decided.decided_on)
    lines = (f"{word}: {decided.name}, {decided.title}, {when}", decided.rationale, decided.conditions)
    return tuple(line for line in lines if line)


def _comments(thread: ThreadView) -> tuple[str, ...]:
    """Each comment in a line, with who said it when; the last one says if it is settled."""
    lines = [f"{line.row.author}, {day(line.row.written_at)}: {line.row.text}" for line in thread.comments]
    if thread.resolved_at:
        lines.append(_("Resolved by %(name)s.") % {"name": thread.resolved_by})
    return tuple(lines)


def _condition(view: ConditionView, people: Mapping[str, str], said: Threads) -> ReportCondition:
    state = str(view.reading.state)
    return ReportCondition(
        name=view.name,
        guide_step=view.condition.guide_step,
        state=state,
        state_word=str(ConditionState(state).label),
        suggested=str(ConditionState(view.reading.suggested).label) if view.reading.overruled else "",
        reason=view.answer.reason if view.reading.overruled else "",
        open_question=view.condition.question,
        open_note=view.answer.note,
        comments=_comments(said.of(view.key)),
        steps=tuple(_step(step, people, said.of(step.step.key)) for step in view.steps),
    )


def _step(view: StepView, people: Mapping[str, str], thread: ThreadView) -> ReportStep:
    answer = view.answer
    shown = (
        _("verified") if view.verified else _("evidenced") if view.evidenced else _("claimed") if view.claimed else ""
    )
    return ReportStep(
        statement=view.step.statement,
        status=answer.status or "unanswered",
        word=str(answer.get_status_display()) or _("Unanswered"),
        shown=shown,
        note=answer.note,
        evidence=tuple(": ".join(part for part in (row.text, row.name) if part) for row in view.evidence),
        comments=_comments(thread),
        owner=people.get(answer.owner.strip().lower(), "" if "@" in answer.owner else answer.owner),
        due=day(answer.due) if answer.due else "",
    )


def report_pdf(report: Report) -> bytes:
    """The report, drawn only where something has changed; raises RenderError."""
    return cached_pdf(report, lambda shown: render_pdf(_html(shown)))


def _html(report: Report) -> str:
    return finished_page("readiness/pdf/report.html", {"report": report}, language=report.language)

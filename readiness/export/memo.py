"""The decision memo: two pages for leadership, as values, an accessible PDF and a Word file (guide step 3.10)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.cache import cached_pdf
from documents.fonts import replace_uncovered
from documents.page import finished_page
from documents.pdf import render_pdf
from documents.word import Document as WordDocument
from municipalities.models import Municipality
from municipalities.wording import day
from readiness import wording
from readiness.models import ConditionState
from readiness.models import Determination as DeterminationRow
from readiness.queries import Assessment, ConditionView
from readiness.rules.shorten import ENDING, shorten

# So long, in characters and lines, that both texts and all the rest stay on two pages.
RATIONALE, CONDITIONS = (500, 7), (300, 4)
PLACE, SIGNED = 60, 100
# A word longer than this is broken where it suits nobody, and takes up to three times its room.
LONGEST_WORD = 50
FOLLOWS = {
    "proceed": (
        gettext_lazy("Launch the work: tell all staff, gather the coalition, begin the plan."),
        gettext_lazy("Develop the conditions that are not met along the way, each with an owner and a date."),
    ),
    "prepare": (
        gettext_lazy("Give each step that is not in place an owner and a due date."),
        gettext_lazy("Assess again in three to six months, with the same checklist."),
    ),
    "postpone": (
        gettext_lazy("Do not begin the plan yet; say openly why."),
        gettext_lazy("Use the time until the next look for the two or three steps that would change most."),
    ),
}


@dataclass(frozen=True)
class Row:
    """One condition: its state, and its steps by status; those in place as evidenced or only claimed."""

    short: str
    state: str
    state_word: str
    met: bool
    overruled: bool
    in_place: int
    under_way: int
    not_yet: int
    unanswered: int
    total: int
    evidenced: int
    claimed: int


@dataclass(frozen=True)
class Decided:
    """What leadership determined; long texts are cut, which `cut` says."""

    key: str
    word: str
    rationale: str
    conditions: str
    by: str
    on: str
    look_again: str
    differs: str
    fingerprint: str
    cut: bool


@dataclass(frozen=True)
class Memo:
    """All that the memo shows; `created` is its newest change."""

    place: str
    state_line: str
    round: int
    created: datetime
    date: str
    verdict: str
    verdict_word: str
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    decided: Decided | None
    follows: tuple[str, ...]
    language: str = "en-US"

    @property
    def title(self) -> str:
        return _("Decision memo")

    @property
    def question(self) -> str:
        return _(
            "Are we ready to plan for upward mobility: should we proceed with a Mobility Action Plan, prepare for it "
            "first, or postpone it? Leadership decides, on the ground of nine readiness conditions (guide step 3)."
        )

    @property
    def met(self) -> int:
        return sum(row.met for row in self.rows)

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")

    @property
    def counts(self) -> str:
        """How much of what is in place can be shown."""
        values = {
            "evidenced": sum(row.evidenced for row in self.rows),
            "claimed": sum(row.claimed for row in self.rows),
        }
        return _("Of the steps in place, %(evidenced)s are evidenced and %(claimed)s are claimed only.") % values


def memo_of(assessment: Assessment, municipality: Municipality) -> Memo:
    decided = assessment.determination
    recommendation = decided.recommendation["verdict"] if decided else str(assessment.recommendation.verdict)
    newest = decided.recorded_at if decided else assessment.newest.last.updated_at
    return Memo(
        place=_short(municipality.name, PLACE, 1),
        state_line=municipality.state,
        round=assessment.round.number,
        created=newest.astimezone(UTC),
        date=day(decided.decided_on if decided else newest.date()),
        verdict=recommendation,
        verdict_word=wording.verdict_word(recommendation),
        reasons=assessment.explanation,
        rows=tuple(_row(view) for view in assessment.conditions),
        decided=_decided(decided) if decided else None,
        follows=tuple(str(line) for line in FOLLOWS[decided.verdict if decided else recommendation]),
    )


def _short(text: str, characters: int, lines: int) -> str:
    """Cut as it will be drawn: a character that no font has takes the room of its name."""
    drawn = replace_uncovered(text).text
    longest = max(map(len, drawn.split()), default=0)
    return shorten(drawn, characters // 3 if longest > LONGEST_WORD else characters, lines)


def _row(view: ConditionView) -> Row:
    state = str(view.reading.state)
    return Row(
        short=view.condition.short,
        state=state,
        state_word=str(ConditionState(state).label),
        met=view.reading.met,
        overruled=view.reading.overruled,
        in_place=view.in_place,
        under_way=view.under_way,
        not_yet=view.not_yet,
        unanswered=view.unanswered,
        total=view.total,
        evidenced=sum(step.evidenced for step in view.steps),
        claimed=sum(step.claimed for step in view.steps),
    )


def _decided(row: DeterminationRow) -> Decided:
    rationale, conditions = _short(row.rationale, *RATIONALE), _short(row.conditions, *CONDITIONS)
    differs = _("This differs from the recommendation, which is to %(verdict)s.")
    return Decided(
        key=row.verdict,
        word=wording.verdict_word(row.verdict),
        rationale=rationale,
        conditions=conditions,
        by=_short(", ".join(part for part in (row.name, row.title) if part), SIGNED, 1),
        on=day(row.decided_on),
        look_again=day(row.look_again_on) if row.look_again_on else "",
        differs=differs % {"verdict": row.recommended_word.lower()} if row.differs else "",
        fingerprint=row.fingerprint,
        cut=any(text.endswith(ENDING) for text in (rationale, conditions)),
    )


def finished(memo: Memo) -> bytes:
    """The PDF, drawn only where something has changed; raises RenderError."""
    return cached_pdf(memo, lambda shown: render_pdf(_html(shown)))


def _html(memo: Memo) -> str:
    return finished_page("readiness/pdf/memo.html", {"memo": memo}, language=memo.language)


def word_file(memo: Memo) -> bytes:
    """The same as a Word file; the picture's numbers stand in its table."""
    word = WordDocument(f"{memo.place}: {memo.title}", language=memo.language, author=memo.place, created=memo.created)
    word.heading(memo.title, 1)
    word.paragraph(memo.question)
    word.heading(_("Recommendation: %(verdict)s") % {"verdict": memo.verdict_word}, 2)
    word.bullets(memo.reasons)
    word.heading(_("The nine conditions"), 2)
    word.table([str(label) for label in TABLE_HEAD], [_cells(row) for row in memo.rows])
    word.paragraph(memo.counts)
    _decision(word, memo.decided)
    word.heading(_("What follows"), 2)
    word.bullets(memo.follows)
    return word.to_bytes()


TABLE_HEAD = (
    gettext_lazy("Condition"),
    gettext_lazy("State"),
    gettext_lazy("Steps in place"),
    gettext_lazy("Evidenced"),
    gettext_lazy("Claimed"),
)


def _cells(row: Row) -> tuple[str, ...]:
    in_place = _("%(n)s of %(total)s") % {"n": row.in_place, "total": row.total}
    return (row.short, row.state_word, in_place, str(row.evidenced), str(row.claimed))


def _decision(word: WordDocument, decided: Decided | None) -> None:
    if decided is None:
        word.heading(_("Determination: not yet decided"), 2)
        word.paragraph(_("Proceed / Prepare / Postpone (mark one)"))
        word.paragraph(_("Name and title: ________________________  Date: ____________"))
        return
    word.heading(_("Determination: %(verdict)s") % {"verdict": decided.word}, 2)
    word.paragraph(f"{decided.by} · {decided.on}")
    for text in (decided.differs, decided.rationale):
        if text:
            word.paragraph(text)
    if decided.conditions:
        word.heading(_("Conditions of the decision"), 3)
        word.paragraph(decided.conditions)
    if decided.look_again:
        word.paragraph(_("Look again on %(day)s.") % {"day": decided.look_again})
    if decided.cut:
        word.paragraph(_("The whole text stands on the page of the determination."))
    word.paragraph(_("Fingerprint (SHA-256): %(value)s") % {"value": decided.fingerprint})

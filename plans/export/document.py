"""The plan as a document: plain values in, one finished HTML page for `documents.pdf` out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from documents.markdown import Shown, to_html, web_address
from documents.page import finished_page
from documents.paper import for_paper
from strategy.rules.diagram import Sheet

# Prose this long (in characters, about a page) starts on a new page; shorter sections follow each other.
PAGE_OF_ITS_OWN = 2500
_SECTION_LEVEL = 2
STATE_WORDS = {
    "in_place": _("In place"),
    "under_way": _("Under way"),
    "partly": _("Partly"),
    "not_yet": _("Not yet"),
    "": _("Unanswered"),
}


@dataclass(frozen=True)
class Verdict:
    """The recommendation: its key (proceed, prepare, postpone), its word, the sentence that explains it."""

    key: str
    word: str
    sentence: str
    provisional: str = ""


@dataclass(frozen=True)
class Determination:
    """What leadership decided. `differs`: a sentence on how it departs from the recommendation, or empty."""

    key: str
    word: str
    rationale: str
    by: str
    title: str
    on: str
    differs: str = ""


@dataclass(frozen=True)
class Evidence:
    """What shows a step: its words or its file's name, and who verified it when, in words."""

    text: str
    verified: str = ""

    @property
    def link(self) -> str:
        """The text where it is one web address, else nothing."""
        return web_address(self.text)


@dataclass(frozen=True)
class Step:
    """One statement of the checklist; `status` is in_place, under_way, not_yet or empty (unanswered)."""

    key: str
    statement: str
    status: str
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    owner: str = ""
    due: str = ""

    @property
    def mark(self) -> str:
        return self.status or "unanswered"

    @property
    def status_word(self) -> str:
        return str(STATE_WORDS[self.status])

    @property
    def claimed(self) -> bool:
        """In place, but nothing shows it yet: counted, and told apart."""
        return self.status == "in_place" and not self.evidence

    @property
    def evidenced(self) -> bool:
        return self.status == "in_place" and bool(self.evidence)


@dataclass(frozen=True)
class Condition:
    """One readiness condition. `suggested` is the checklist's state, `judged` the team's or empty."""

    key: str
    name: str
    short: str
    guide_step: str
    suggested: str
    judged: str = ""
    reason: str = ""
    open_note: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        return self.judged or self.suggested

    @property
    def state_word(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def suggested_word(self) -> str:
        return str(STATE_WORDS[self.suggested])

    @property
    def met(self) -> bool:
        return self.state == "in_place"

    @property
    def overruled(self) -> bool:
        return bool(self.judged) and self.judged != self.suggested

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def in_place(self) -> int:
        return self._count("in_place")

    @property
    def under_way(self) -> int:
        return self._count("under_way")

    @property
    def not_yet(self) -> int:
        return self._count("not_yet")

    @property
    def unanswered(self) -> int:
        return self._count("")

    def _count(self, status: str) -> int:
        return sum(step.status == status for step in self.steps)


@dataclass(frozen=True)
class Action:
    """One action of the preparedness plan, in words as they are read; `status_key` for the mark."""

    title: str
    lifts: str
    owner: str
    due: str
    status: str
    status_key: str = ""


@dataclass(frozen=True)
class Partner:
    """A partner who agreed to be named, and their people who did; as they are read, `status_key` for the mark."""

    name: str
    people: tuple[str, ...]
    sector: str
    status: str
    status_key: str = ""


@dataclass(frozen=True)
class CoverCell:
    """How far a sector is in one pillar: its mark, how many stand for that, all in words, and as two numbers."""

    mark: str
    number: int
    words: str
    counts: str


@dataclass(frozen=True)
class SectorCover:
    """A sector: its name and a short one; its cells, the whole sector first, then each pillar."""

    label: str
    short: str
    cells: tuple[CoverCell, ...]

    @property
    def whole(self) -> CoverCell:
        return self.cells[0]


@dataclass(frozen=True)
class Finding:
    """What was found: about which predictor, to which parts of the definition it speaks, and what shows it."""

    text: str
    about: str
    speaks: str
    shown_by: str


@dataclass(frozen=True)
class Heard:
    """A time when people were heard: how and when, whom it reached, what they said, what came back to them."""

    title: str
    how: str
    reached: str
    heard: str
    reported: str


@dataclass(frozen=True)
class DataSource:
    """Supplemental data: whose, what they cover, how good they are."""

    name: str
    covers: str
    detail: str
    quality: str


@dataclass(frozen=True)
class PlannedAction:
    """
    A strategic action: its number and title, and what is said of it as pairs of a name and words.

    `logic`: the parts of its logic model in order, each with the texts of its lines. `lead`, `dates`, `changes` (in the
    system): what the short documents show of its facts.
    """

    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    logic: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lead: str = ""
    dates: str = ""
    changes: str = ""

    @property
    def modeled(self) -> bool:
        """Its logic model has a line."""
        return any(lines for _name, lines in self.logic)


@dataclass(frozen=True)
class PlannedPriority:
    """A priority with its actions; its logic model drawn (`sheets`), and the same in `words` for who cannot see it."""

    number: int
    title: str
    goal: str
    actions: tuple[PlannedAction, ...]
    sheets: tuple[Sheet, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class PlannedMeasure:
    """How something is measured, in words as they are read; `state_key` for the mark."""

    name: str
    of: str
    start: str
    target: str
    last: str
    state: str
    state_key: str
    source: str
    who: str


@dataclass(frozen=True)
class MeasuredPriority:
    """The measures of a priority."""

    title: str
    measures: tuple[PlannedMeasure, ...]


@dataclass(frozen=True)
class Picture:
    """A picture that a text shows: its number, the name of its file, that file's SHA-256, its size in pixels."""

    number: int
    file: str
    sha256: str
    width: int
    height: int

    @property
    def address(self) -> str:
        return f"pictures/{self.number}"


@dataclass(frozen=True)
class Section:
    """
    One of the plan's 14 sections. `body` is Markdown; what is `generated` by its `key` follows it.

    `pictures`: those of the municipality's own that the body names.
    """

    key: str
    number: int
    title: str
    status: str
    body: str = ""
    generated: bool = False
    pictures: tuple[Picture, ...] = ()

    @property
    def written(self) -> bool:
        return bool(self.body.strip()) or self.generated

    @property
    def own_page(self) -> bool:
        return self.key in ("letter", "appendices") or len(self.body) >= PAGE_OF_ITS_OWN

    @property
    def shown(self) -> dict[int, Shown]:
        """The pictures that its text may show, by their number."""
        return {one.number: Shown(one.address, one.width, one.height) for one in self.pictures}

    @property
    def html(self) -> SafeString:
        return mark_safe(for_paper(to_html(self.body, base_level=_SECTION_LEVEL, pictures=self.shown)))  # noqa: S308


@dataclass(frozen=True)
class Document:
    """All that the plan's documents show, as plain values. `created` is the moment of the plan's newest change."""

    place: str
    state_line: str
    title: str
    date: str
    created: datetime
    status: str
    is_draft: bool
    verdict: Verdict
    determination: Determination | None
    sections: tuple[Section, ...]
    conditions: tuple[Condition, ...]
    explanation: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    roster: tuple[Partner, ...] = ()
    unlisted: str = ""
    coverage: tuple[str, ...] = ()
    covered: tuple[SectorCover, ...] = ()
    pillars: tuple[tuple[str, str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    spoken: tuple[tuple[str, int], ...] = ()
    heard: tuple[Heard, ...] = ()
    inventory: tuple[DataSource, ...] = ()
    priorities: tuple[PlannedPriority, ...] = ()
    measured: tuple[MeasuredPriority, ...] = ()
    sources: tuple[str, ...] = ()
    # The same for machines (`plans/data.py`): the PDF carries it as an attached file.
    data: str = ""
    language: str = "en-US"
    paper: Literal["letter", "a4"] = "letter"

    @property
    def met(self) -> int:
        return sum(condition.met for condition in self.conditions)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Those of all sections."""
        return tuple(picture for section in self.sections for picture in section.pictures)

    @property
    def discussed(self) -> tuple[Condition, ...]:
        """Conditions with something to read: an open note, or a judgement that departs from the checklist."""
        return tuple(c for c in self.conditions if c.open_note.strip() or c.overruled)

    @property
    def cover_size(self) -> str:
        """How large the cover sets its words, so that long names stay on one page."""
        length = max(len(self.place), len(self.title) * 2 // 3)
        return "small" if length > 80 else "medium" if length > 36 else "large"

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")


def document_html(document: Document) -> str:
    """The finished page; what had to be replaced is told at its end."""
    return finished_page("plans/pdf/document.html", {"document": document}, language=document.language)

"""The plan in at most four pages for a council: what is decided, meant and measured, and what is asked of it.

`brief_of` cuts a whole plan by rules that do not depend on any layout; the PDF, the Word file and the slides draw it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import zip_longest
from typing import Literal, TypeVar

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from documents.fonts import replace_uncovered
from documents.page import finished_page
from documents.pdf import render_pdf
from documents.word_parts import Layout, Run
from documents.word_report import Report
from plans.export.document import Document, PlannedMeasure
from readiness.rules.shorten import shorten

T = TypeVar("T")

# So many at most, so that everything stays on four pages.
PRIORITIES, ACTIONS, MEASURES, PARTNERS = 5, 20, 10, 8
# So long at most, in characters.
PLACE, NAME, GOAL, WORDS = 80, 90, 240, 60
# A word longer than this is broken where it suits nobody, and takes up to three times its room.
LONGEST_WORD = 30
# The order in which measures are shown: first what has to be talked about.
URGENT = {"under_way": 0, "in_place": 1, "unanswered": 2}
NOTHING = "–"


@dataclass(frozen=True)
class BriefPriority:
    number: int
    title: str
    goal: str


@dataclass(frozen=True)
class BriefAction:
    number: str
    title: str
    lead: str
    dates: str
    changes: str


@dataclass(frozen=True)
class BriefMeasure:
    name: str
    target: str
    last: str
    state: str
    state_key: str


@dataclass(frozen=True)
class Brief:
    """All that a brief shows. The lines `more_…` say how much of each stands in the plan alone, or nothing."""

    place: str
    state_line: str
    plan: str
    date: str
    created: datetime
    status: str
    is_draft: bool
    verdict: str
    verdict_word: str
    sentences: tuple[str, str, str]
    priorities: tuple[BriefPriority, ...]
    more_priorities: str
    actions: tuple[BriefAction, ...]
    more_actions: str
    measures: tuple[BriefMeasure, ...]
    states: str
    more_measures: str
    coalition: str
    asked: str
    language: str = "en-US"
    paper: Literal["letter", "a4"] = "letter"

    @property
    def title(self) -> str:
        return _("Council brief")

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")


def brief_of(document: Document, *, actions: int = ACTIONS) -> Brief:
    """What a council reads of a plan, cut by the rules above to at most so many actions."""
    with translation.override(document.language):
        return _brief(document, actions)


def _brief(document: Document, most: int) -> Brief:
    actions = [action for priority in document.priorities for action in priority.actions]
    shown = _fairly([priority.actions for priority in document.priorities], most)
    measures = [measure for priority in document.measured for measure in priority.measures]
    urgent = sorted(measures, key=lambda measure: URGENT[measure.state_key])[:MEASURES]
    return Brief(
        place=_short(document.place, PLACE),
        state_line=_short(document.state_line, WORDS),
        plan=_short(document.title, PLACE),
        date=document.date,
        created=document.created,
        status=document.status,
        is_draft=document.is_draft,
        verdict=document.verdict.key,
        verdict_word=document.verdict.word,
        sentences=(_recommended(document), _determined(document), _compared(document)),
        priorities=tuple(
            BriefPriority(one.number, _short(one.title, NAME), _short(one.goal, GOAL))
            for one in document.priorities[:PRIORITIES]
        ),
        more_priorities=more(len(document.priorities) - PRIORITIES),
        actions=tuple(
            BriefAction(
                one.number,
                _short(one.title, NAME),
                _short(one.lead, WORDS) or NOTHING,
                one.dates or NOTHING,
                _short(one.changes, WORDS) or NOTHING,
            )
            for one in shown
        ),
        more_actions=more(len(actions) - len(shown)),
        measures=tuple(_measure(one) for one in urgent),
        states=_states(measures),
        more_measures=more(len(measures) - len(urgent)),
        coalition=_coalition(document),
        asked=_asked(document),
        language=document.language,
        paper=document.paper,
    )


def more(n: int) -> str:
    """ "and 12 more in the plan", or nothing for none."""
    return ngettext("and %(n)s more in the plan", "and %(n)s more in the plan", n) % {"n": n} if n > 0 else ""


def _fairly(groups: Iterable[Sequence[T]], most: int) -> list[T]:
    """At most so many of all groups, in their order; the longest groups lose first."""
    rows = [list(group) for group in groups]
    places = [[(g, n) for n in range(len(row))] for g, row in enumerate(rows)]
    turns = [place for turn in zip_longest(*places) for place in turn if place is not None]
    return [rows[g][n] for g, n in sorted(turns[:most])]


def _short(text: str, characters: int) -> str:
    """On one line, and cut as it will be drawn: a character that no font has takes the room of its name."""
    drawn = replace_uncovered(" ".join(text.split())).text
    longest = max(map(len, drawn.split()), default=0)
    return shorten(drawn, characters // 3 if longest > LONGEST_WORD else characters, 1)


def _measure(one: PlannedMeasure) -> BriefMeasure:
    target, last = _short(one.target, WORDS), _short(one.last, WORDS)
    return BriefMeasure(_short(one.name, NAME), target or NOTHING, last or NOTHING, one.state, one.state_key)


def _states(measures: Sequence[PlannedMeasure]) -> str:
    """How many of all measures stand where: "180 measures: Behind 20, On track 100, No data 60."."""
    if not measures:
        return ""
    words = {one.state_key: one.state for one in measures}
    counted = (f"{words[key]} {sum(m.state_key == key for m in measures)}" for key in URGENT if key in words)
    whole = ngettext("%(n)s measure", "%(n)s measures", len(measures)) % {"n": len(measures)}
    return f"{whole}: {', '.join(counted)}."


# --- Sentences --------------------------------------------------------------------------------------------


def _recommended(document: Document) -> str:
    told = {"word": document.verdict.word.lower(), "met": document.met, "total": len(document.conditions)}
    return _("%(met)s of %(total)s readiness conditions are met, so the recommendation is to %(word)s.") % told


def _determined(document: Document) -> str:
    decided = document.determination
    if decided is None:
        return _("Leadership has not recorded a determination yet.")
    by = _short(", ".join(part for part in (decided.by, decided.title) if part), NAME)
    told = {"word": decided.word.lower(), "by": by, "on": decided.on}
    return _("Leadership determined to %(word)s (%(by)s, %(on)s).") % told


def _compared(document: Document) -> str:
    decided = document.determination
    if decided is None:
        return document.verdict.provisional or _("The recommendation is final: every step is answered.")
    if decided.differs:
        return decided.differs
    if decided.key != document.verdict.key:
        return _("The recommendation has changed since that determination.")
    return _("The determination follows the recommendation.")


def _coalition(document: Document) -> str:
    """One line: how many there are, and who agreed to be named."""
    if not document.roster:
        return document.coverage[0] if document.coverage else ""
    names = [_short(one.name, WORDS) for one in document.roster[:PARTNERS]]
    rest = more(len(document.roster) - PARTNERS)
    line = "; ".join([*names, rest] if rest else names)
    return " ".join(part for part in (document.coverage[0] if document.coverage else "", f"{line}.") if part)


def _asked(document: Document) -> str:
    """What the council is to decide: it follows from the determination, and from how far the plan is."""
    decided, told = document.determination, {"plan": _short(document.title, PLACE)}
    if decided is None:
        return _("To ask leadership to record whether to proceed, prepare or postpone, and when.")
    if decided.key == "postpone":
        return _("To take note that planning is postponed, and to set a date to look again.")
    if decided.key == "prepare":
        return _("To support the preparedness plan, so that the conditions that are not met come into place.")
    if document.is_draft:
        note = _("To take note of the draft of the %(plan)s, and to say what it must still answer before its adoption.")
        return note % told
    return _("To adopt the %(plan)s, and to have its measures reported to the council every year.") % told


# --- Drawn ------------------------------------------------------------------------------------------------


def brief_pdf(document: Document) -> bytes:
    """The brief as an accessible PDF; raises RenderError."""
    return render_pdf(partial(_html, document))


def _html(document: Document) -> str:
    brief = brief_of(document)
    return finished_page("plans/pdf/brief.html", {"brief": brief}, language=brief.language)


def brief_word(document: Document) -> bytes:
    """The brief as a Word file."""
    brief = brief_of(document)
    with translation.override(brief.language):
        return _word(brief)


def cover_line(brief: Brief) -> str:
    """State, plan, date and status in one line."""
    return " · ".join(part for part in (brief.plan, brief.state_line, brief.date, brief.status) if part)


def _word(brief: Brief) -> bytes:
    report = Report(
        f"{brief.place}: {brief.title}",
        author=brief.place,
        created=brief.created,
        paper=brief.paper,
        language=brief.language,
    )
    head = [Run(f"{brief.place} · {brief.title}")]
    draft = [Run(" · "), Run(_("Draft").upper(), bold=True)] if brief.is_draft else []
    report.head_and_foot([*head, *draft], None, _("Page"), pgettext("page n of N", "of"))
    report.heading(f"{brief.place}: {brief.title}", 1)
    report.line([Run(cover_line(brief), style="Quiet")])
    report.heading(_("The decision asked of the council"), 2)
    report.line(brief.asked, Layout(style="BandPrepare"))
    report.heading(_("Where we stand"), 2)
    report.line(" ".join(brief.sentences))
    _word_strategy(report, brief)
    if brief.coalition:
        report.heading(_("Who is in the coalition"), 2)
        report.line(brief.coalition)
    return report.to_bytes()


def _word_strategy(report: Report, brief: Brief) -> None:
    report.heading(_("Priorities and their goals"), 2)
    for one in brief.priorities:
        report.line([Run(f"{one.number}. {one.title}", bold=True), Run(f"\n{one.goal}" if one.goal else "")])
    _rest(report, brief.more_priorities, brief.priorities, _("The plan names no priority yet."))
    report.heading(_("What will be done"), 2)
    if brief.actions:
        rows = [(one.number, one.title, one.lead, one.dates, one.changes) for one in brief.actions]
        report.grid([str(name) for name in action_head()], rows, (11, 32, 19, 19, 19))
    _rest(report, brief.more_actions, brief.actions, _("The plan names no action yet."))
    report.heading(_("How it is measured"), 2)
    if brief.measures:
        report.line(brief.states)
        measured = [(one.name, one.target, one.last, one.state) for one in brief.measures]
        report.grid([str(name) for name in measure_head()], measured, (42, 21, 21, 16))
    _rest(report, brief.more_measures, brief.measures, _("The plan names no measure yet."))


def _rest(report: Report, rest: str, shown: Sequence[object], nothing: str) -> None:
    words = rest if shown else nothing
    if words:
        report.line([Run(words, italic=True, style="Quiet")])


def action_head() -> tuple[str, ...]:
    return (_("Number"), _("Action"), _("Lead"), _("Dates"), _("Changes in the system"))


def measure_head() -> tuple[str, ...]:
    return (_("Measure"), _("Target"), _("Last value"), _("State"))

"""The plan as a Word file: what its PDF shows, in the same order and with real headings, lists, tables and links."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from documents.picture import picture
from documents.word_markdown import write_markdown
from documents.word_parts import LEADING, Layout, Run, Words
from documents.word_report import Report
from plans.export.document import Condition, Determination, Document, Evidence, PlannedMeasure, Section, Step, Verdict

NOTHING = "–"


def plan_word(document: Document, files: Mapping[str, Path] | None = None) -> bytes:
    """The finished file; the same document always gives the same bytes."""
    with translation.override(document.language):
        report = Report(
            f"{document.place}: {document.title}",
            author=document.place,
            created=document.created,
            paper=document.paper,
            language=document.language,
        )
        _head_and_foot(report, document)
        _cover(report, document)
        entries = [(_titled(section), _bookmark(section.key)) for section in document.sections]
        report.contents(_("Contents"), entries)
        for number, section in enumerate(document.sections):
            _section(report, document, section, files or {}, first=not number)
        return report.to_bytes()


# --- The frame --------------------------------------------------------------------------------------------


def _bookmark(key: str) -> str:
    return f"part_{key}".replace("-", "_")[:40]


def _titled(section: Section) -> str:
    return f"{section.number}. {section.title}"


def _head_and_foot(report: Report, document: Document) -> None:
    draft = [Run(_("Draft").upper(), bold=True)] if document.is_draft else []
    between = [Run(" · ")] if draft else []
    head = [Run(document.place), *between, *draft]
    report.head_and_foot(head, draft, _("Page"), pgettext("page n of N", "of"))


def _cover(report: Report, document: Document) -> None:
    report.heading(document.place, 0)
    report.line(document.title, Layout(style="Subtitle"))
    report.line(" · ".join(part for part in (document.state_line, document.date) if part))
    _verdict(report, document)
    report.line([Run(_("Status of this plan"), bold=True), Run("\n" + document.status)])
    report.line(
        _("Prepared with the Urban Institute’s Boosting Upward Mobility: A Planning Guide for Local Action."),
    )


def _verdict(report: Report, document: Document) -> None:
    verdict, decided = document.verdict, document.determination
    _band(report, verdict.key, _("Recommendation from the nine readiness conditions"), verdict.word, _why(verdict))
    if decided:
        _band(report, decided.key, _("Determination of leadership"), decided.word, _by(decided))
    else:
        report.line([Run(_("Leadership has not recorded a determination yet."), style="Quiet")])


def _why(verdict: Verdict) -> Iterable[Words]:
    yield verdict.sentence
    if verdict.provisional:
        yield [Run(verdict.provisional, bold=True)]


def _by(decided: Determination) -> Iterable[Words]:
    signed = ", ".join(part for part in (decided.by, decided.title) if part)
    yield f"{signed} · {decided.on}"
    if decided.differs:
        yield [Run(decided.differs, bold=True)]


def _band(report: Report, key: str, label: str, word: str, lines: Iterable[Words]) -> None:
    layout = Layout(style=f"Band{key.title()}")
    report.line([Run(label, style="Quiet")], layout)
    report.line([Run(word, style="Word")], layout)
    for line in lines:
        report.line(line, layout)
    report.line("")


def _section(report: Report, document: Document, section: Section, files: Mapping[str, Path], *, first: bool) -> None:
    own_page = section.own_page or first
    report.heading(_titled(section), 1, bookmark=_bookmark(section.key), new_page=own_page)
    if document.is_draft and section.written:
        status = _("Status: %(status)s") % {"status": section.status}
        report.line([Run(status, style="Quiet")], LEADING)
    if section.body.strip():
        write_markdown(report, section.body, base_level=1, pictures=section.shown, files=files)
    elif not section.written:
        report.line([Run(_("This section has not been written yet."), italic=True, style="Quiet")])
    generated = GENERATED.get(section.key)
    if generated:
        generated(report, document)


# --- Readiness --------------------------------------------------------------------------------------------


def _readiness(report: Report, document: Document) -> None:
    _verdict(report, document)
    drawn = picture("components/_nine_bars.svg.html", {"rows": document.conditions, "met": document.met})
    about = _(
        "The steps of each readiness condition by status; %(met)s of %(total)s conditions are met. A star marks a "
        "condition that the team judged differently than its checklist suggests. The numbers stand in appendix A."
    ) % {"met": document.met, "total": len(document.conditions)}
    figure = _("Figure 1.")
    report.picture(drawn, figure, [Run(figure, bold=True), Run(" "), Run(about, anchor="appendix_a")])
    if document.determination and document.determination.rationale:
        report.heading(_("Why leadership decided as it did"), 2)
        report.typed(document.determination.rationale)
    if document.gaps:
        report.heading(_("Nearest to being met"), 2)
        for line in document.explanation:
            report.line(line)
        report.bullets(document.gaps)
    if document.actions:
        _preparedness(report, document)
    if document.discussed:
        report.heading(_("What must still be addressed"), 2)
        for condition in document.discussed:
            _discussed(report, condition)


def _preparedness(report: Report, document: Document) -> None:
    report.heading(_("The preparedness plan"), 2)
    report.line(_("What is being done so that the missing steps come into place."))
    rows = [(one.title, one.lifts, _lines(one.owner, one.due), one.status) for one in document.actions]
    report.grid((_("Action"), _("Lifts"), _("Owner and due"), _("Status")), rows, (39, 16, 30, 15))


def _discussed(report: Report, condition: Condition) -> None:
    report.heading(condition.name, 3)
    report.line([Run(f"{condition.state_word} · {condition.guide_step}", style="Quiet")])
    if condition.open_note.strip():
        report.typed(condition.open_note)
    if condition.overruled:
        judged = _("%(state)s; the checklist suggests %(suggested)s.") % {
            "state": condition.state_word,
            "suggested": condition.suggested_word,
        }
        report.line([Run(_("The team’s judgment:"), bold=True), Run(f" {judged} {condition.reason}")])


def _lines(*parts: str) -> str:
    """One below the other, without what is empty."""
    return "\n".join(part for part in parts if part)


# --- Coalition, findings, engagement ----------------------------------------------------------------------


def _coalition(report: Report, document: Document) -> None:
    if document.coverage:
        report.heading(_("Who is at the table, and who is missing"), 2)
        report.bullets(document.coverage)
    if document.covered:
        values = {"rows": document.covered, "pillars": document.pillars}
        drawn = picture("components/_coverage.svg.html", values)
        about = _(
            "Partners by sector and pillar, with their number: committed, asked or in conversation, nobody. The "
            "numbers stand in appendix B."
        )
        figure = _("Figure 2.")
        report.picture(drawn, figure, [Run(figure, bold=True), Run(" "), Run(about, anchor="appendix_b")])
    report.heading(_("Partners who agreed to be named"), 2)
    if document.roster:
        rows = [(one.name, ", ".join(one.people) or NOTHING, one.sector, one.status) for one in document.roster]
        report.grid((_("Partner"), _("People"), _("Sector"), _("Status")), rows, (25, 30, 25, 20))
    else:
        report.line([Run(_("Nobody is named yet."), italic=True, style="Quiet")])
    if document.unlisted:
        report.line(document.unlisted)


def _findings(report: Report, document: Document) -> None:
    if not document.findings:
        return
    report.heading(_("Findings, and what shows them"), 2)
    spoken = ", ".join(f"{name} ({n})" for name, n in document.spoken)
    report.line(_("Mobility from poverty has three parts. So many findings speak to each:") + f" {spoken}.")
    rows = [(one.text, one.about, one.speaks or NOTHING, one.shown_by or NOTHING) for one in document.findings]
    head = (_("What was found"), _("About"), _("Speaks to"), _("Shown by"))
    report.grid(head, rows, (30, 25, 20, 25))


def _engagement(report: Report, document: Document) -> None:
    if not document.heard:
        return
    report.heading(_("Who was heard, and what came back to them"), 2)
    rows = [
        (f"{one.title}\n{one.how}", one.reached or NOTHING, one.heard or NOTHING, one.reported)
        for one in document.heard
    ]
    head = (_("Engagement"), _("Whom it reached"), _("What was heard"), _("Reported back"))
    report.grid(head, rows, (25, 25, 30, 20))


# --- Actions and measures ---------------------------------------------------------------------------------


def _actions(report: Report, document: Document) -> None:
    for priority in document.priorities:
        names = {"n": priority.number, "name": priority.title}
        report.heading(_("Priority %(n)s: %(name)s") % names, 2)
        if priority.goal:
            report.typed(priority.goal, LEADING)
        for action in priority.actions:
            report.heading(f"{action.number} {action.title}", 3)
            if action.facts:
                report.grid((), [([Run(name, bold=True)], words) for name, words in action.facts], (24, 76))
    if any(action.modeled for priority in document.priorities for action in priority.actions):
        report.wide()
        _logic_models(report, document)
        report.upright()


def _logic_models(report: Report, document: Document) -> None:
    """The drawing of the PDF as a table: the parts are its columns, each action is a row."""
    for priority in document.priorities:
        modeled = [action for action in priority.actions if action.modeled]
        if not modeled:
            continue
        names = {"n": priority.number, "name": priority.title}
        report.heading(_("Logic model of priority %(n)s: %(name)s") % names, 2)
        head = (_("Action"), *(name for name, _lines_of in modeled[0].logic))
        rows: list[Sequence[Words]] = [
            (f"{action.number} {action.title}", *("\n".join(lines) or NOTHING for _name, lines in action.logic))
            for action in modeled
        ]
        report.grid(head, rows, (14, *[14.3] * (len(head) - 1)))


def _measurement(report: Report, document: Document) -> None:
    head = (_("Measure"), _("Baseline"), _("Target"), _("Last value"), _("Source, who and how often"))
    for priority in document.measured:
        report.heading(_("Measures of priority %(name)s") % {"name": priority.title}, 2)
        report.grid(head, [_measure(one) for one in priority.measures], (30, 15, 15, 16, 24))


def _measure(one: PlannedMeasure) -> Sequence[Words]:
    name = [Run(one.name, bold=True), Run(f"\n{one.of}", style="Quiet")]
    told = _lines(one.source, one.who) or NOTHING
    return (name, one.start or NOTHING, one.target or NOTHING, _lines(one.state, one.last), told)


# --- Appendices -------------------------------------------------------------------------------------------


def _appendices(report: Report, document: Document) -> None:
    _in_numbers(report, document)
    if document.covered:
        _coalition_in_numbers(report, document)
    report.heading(_("C. The full checklist"), 2, bookmark="appendix_c")
    report.line(
        _(
            "A step that is in place counts whether or not evidence is named. “Claimed” means that no evidence is "
            "named yet."
        )
    )
    for number, condition in enumerate(document.conditions, start=1):
        _checklist(report, number, condition)
    _sources(report, document)
    report.heading(_("E. About this document"), 2, bookmark="appendix_e")
    shown = _("This document shows the plan of %(place)s as it stood on %(date)s.")
    roster = _("The coalition’s roster stands in section 5.")
    report.line(shown % {"place": document.place, "date": document.date} + f" {roster}")


def _in_numbers(report: Report, document: Document) -> None:
    report.heading(_("A. Readiness in numbers"), 2, bookmark="appendix_a")
    report.line(
        _(
            "The data behind figure 1: how many steps of each condition have which status, what the checklist "
            "suggests, and how the team judges it."
        )
    )
    head = (
        *(_("Condition"), _("In place"), _("Under way"), _("Not yet"), _("Unanswered")),
        *(_("Checklist suggests"), _("State that counts")),
    )
    rows = [
        (
            *(one.short, str(one.in_place), str(one.under_way), str(one.not_yet), str(one.unanswered)),
            *(one.suggested_word, f"{one.state_word}, {_('judged')}" if one.overruled else one.state_word),
        )
        for one in document.conditions
    ]
    report.grid(head, rows, (19, 9, 9, 9, 15, 19, 20), aligned=("", *["right"] * 4))


def _coalition_in_numbers(report: Report, document: Document) -> None:
    report.heading(_("B. The coalition in numbers"), 2, bookmark="appendix_b")
    report.line(
        _(
            "The data behind figure 2: how many partners of each sector speak to each pillar. The first number counts "
            "who has committed, the second who has been asked or is in conversation."
        )
    )
    head = (_("Sector"), _("In all"), *(short for _key, _name, short in document.pillars))
    rows = [(sector.label, *(cell.counts for cell in sector.cells)) for sector in document.covered]
    # A word that is longer than its column would break within.
    report.grid(head, rows, (25, *(max(9, len(name)) for name in head[1:])))


def _checklist(report: Report, number: int, condition: Condition) -> None:
    report.heading(f"{number}. {condition.name}", 3)
    report.line([Run(f"{condition.state_word} · {condition.guide_step}", style="Quiet")])
    if condition.overruled:
        suggested = _("The checklist suggests %(suggested)s; the team judges otherwise:")
        report.line(suggested % {"suggested": condition.suggested_word} + f" {condition.reason}")
    if condition.steps:
        head = (_("Step"), _("Status"), _("Note and evidence"), _("Owner and due"))
        report.grid(head, [_step(step) for step in condition.steps], (30, 15, 39, 16))


def _step(step: Step) -> Sequence[Words]:
    known = _("claimed") if step.claimed else _("evidenced") if step.evidenced else ""
    note = [Run(step.note)] if step.note else []
    for number, item in enumerate(step.evidence):
        note += [Run("\n")] if note else []
        note += [Run(_("Evidence:") + " ")] if not number else []
        note += _evidence(item)
    return (step.statement, _lines(step.status_word, known), note, _lines(step.owner, step.due))


def _evidence(item: Evidence) -> Iterable[Run]:
    yield Run(item.link or item.text, link=item.link)
    if item.verified:
        yield Run(f" ({item.verified})")


def _sources(report: Report, document: Document) -> None:
    report.heading(_("D. Sources"), 2, bookmark="appendix_d")
    if document.sources:
        report.bullets(document.sources)
    else:
        report.line([Run(_("No sources are named yet."), italic=True, style="Quiet")])
    if document.inventory:
        report.heading(_("Data besides the Mobility Metrics"), 3)
        head = (_("Data"), _("Years and geography"), _("Broken down by"), _("Quality"))
        rows = [
            (one.name, one.covers or NOTHING, one.detail or NOTHING, one.quality or NOTHING)
            for one in document.inventory
        ]
        report.grid(head, rows, (30, 25, 25, 20))


GENERATED: dict[str, Callable[[Report, Document], None]] = {
    "readiness": _readiness,
    "coalition": _coalition,
    "findings": _findings,
    "engagement": _engagement,
    "actions": _actions,
    "measurement": _measurement,
    "appendices": _appendices,
}

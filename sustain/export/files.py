"""A report or a note to take away: an accessible PDF, or a Word file that says the same in the same order."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from documents.apart import make_apart
from documents.finished import DOCX_TYPE, PDF_TYPE, Kind
from documents.page import finished_page
from documents.pdf import render_pdf
from documents.word_markdown import write_markdown
from documents.word_parts import LEADING, PLAIN, Run, Words
from documents.word_report import Report
from sustain.paper import Cell, Paper, Part, Table


def _pdf(paper: Paper) -> bytes:
    return render_pdf(finished_page("sustain/pdf/paper.html", {"paper": paper}, language=paper.language))


def _word(paper: Paper) -> bytes:
    return make_apart(word_file, paper)


def word_file(paper: Paper) -> bytes:
    """The Word file, made in this process, without limits."""
    with translation.override(paper.language):
        report = Report(
            f"{paper.place}: {paper.title}",
            author=paper.place,
            created=paper.created,
            paper=paper.paper,
            language=paper.language,
        )
        draft = [Run(" · "), Run(_("Draft").upper(), bold=True)] if paper.is_draft else []
        head = [Run(f"{paper.place} · {paper.title}"), *draft]
        report.head_and_foot(head, None, _("Page"), pgettext("page n of N", "of"))
        report.heading(f"{paper.place}: {paper.title}", 1)
        told = " · ".join(part for part in (paper.state_line, paper.when, paper.status) if part)
        report.line([Run(told, style="Quiet")])
        for part in paper.parts:
            _part(report, part, 2)
        return report.to_bytes()


def _part(report: Report, part: Part, level: int) -> None:
    report.heading(part.title, level)
    if part.written.strip():
        write_markdown(report, part.written, base_level=2)
    for line in part.lines:
        report.typed(line, LEADING if part.quiet or part.items or part.table or part.parts else PLAIN)
    if part.quiet:
        report.line([Run(part.quiet, italic=True, style="Quiet")])
    if part.items:
        report.bullets([_cell(item) for item in part.items])
    if part.table:
        _table(report, part.table)
    for below in part.parts:
        _part(report, below, level + 1)


def _table(report: Report, table: Table) -> None:
    rows: Iterable[Iterable[Words]] = ([_cell(cell) for cell in row] for row in table.rows)
    report.grid(table.head, [tuple(row) for row in rows], table.widths)


def _cell(cell: Cell) -> Words:
    link = cell.safe_link
    runs = [Run(cell.text, link=link, bold=bool(cell.state))]
    return [*runs, Run(f"\n{cell.more}", style="Quiet")] if cell.more else runs


REPORT_PDF = Kind("annual-progress-report", "pdf", PDF_TYPE, _pdf)
REPORT_WORD = Kind("annual-progress-report", "docx", DOCX_TYPE, _word)
HANDOVER_PDF = Kind("handover-note", "pdf", PDF_TYPE, _pdf)
HANDOVER_WORD = Kind("handover-note", "docx", DOCX_TYPE, _word)

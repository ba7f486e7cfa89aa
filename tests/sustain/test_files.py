"""What the report and the note are taken away as: both files say the same, and hostile words do nothing."""

import datetime
import io
import re
from http import HTTPStatus
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from documents.apart import RenderError
from municipalities.entries import change_entry
from strategy.models import Measure
from sustain.export import files
from sustain.export.files import REPORT_PDF, REPORT_WORD
from sustain.handing_over import handover_paper
from sustain.models import AnnualReport, Handover
from sustain.paper import Paper
from sustain.reporting import report_paper
from sustain.services import write_handover, write_report
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in
from tests.sustain.conftest import Planned, log

LATER = datetime.date(2026, 12, 1)
HOSTILE = (
    "\u05d0\u05d1\u05d2 <script>alert(1)</script> 漢字 \U0001f3d9 [x](javascript:alert(2)) ![y](file:///etc/passwd)"
)


def told(text: str) -> list[str]:
    """The words of a text, whatever stands between them."""
    return re.findall(r"\w+", text.replace("\xad", ""))


def of_the_pdf(content: bytes) -> list[str]:
    """Without the running head and foot."""
    with pypdfium2.PdfDocument(content) as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    return told(text)


def of_the_word_file(content: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(content))
    text = []
    for paragraph in document.element.body.iter(qn("w:p")):
        pieces = paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
        text.append("".join(one.text or "" if one.tag == qn("w:t") else " " for one in pieces))
    return told(" ".join(text))


def papers(cast: Cast, report: AnnualReport) -> list[Paper]:
    note = Handover.objects.filter(municipality=cast.larkspur).first() or Handover(municipality=cast.larkspur)
    return [report_paper(report, LATER), handover_paper(cast.larkspur, note, LATER)]


@pytest.fixture
def written(cast: Cast, planned: Planned, report: AnnualReport) -> AnnualReport:
    """A report with a win and every text."""
    log(cast, thanks="all of the night shift", action_id=planned.action.pk)
    factories.release(cast.larkspur, cast.lena)
    values = {"learned": "# Ask early\n\n- *Evening* calls\n\n| a | b |\n|---|---|\n| 1 | 2 |", "changes": "More."}
    write_report(municipality=cast.larkspur, pk=report.pk, seen=1, values=values, by=cast.ana)
    report.refresh_from_db()
    return report


@pytest.mark.one_engine
def test_both_files_say_the_same_in_the_same_order(cast: Cast, written: AnnualReport):
    for paper in papers(cast, written):
        pdf, word = of_the_pdf(REPORT_PDF.make(paper)), of_the_word_file(REPORT_WORD.make(paper))
        head = told(" ".join((paper.place, paper.title, paper.state_line, paper.when, paper.status)))
        assert word[: len(head)] == head
        assert set(head) <= set(pdf)
        rest = iter(pdf)
        assert [one for one in word[len(head) :] if one not in rest] == [], paper.title
        # What only the PDF says: the numbers of its pages, and where a link leads.
        links = [cell.link for part in paper.parts for cell in part.items]
        more = {"Page", "of", "DRAFT", *told(" ".join(links)), *map(str, range(20))}
        assert set(pdf) - set(word) - more == set(), paper.title


@pytest.mark.one_engine
def test_the_pdfs_pass_both_profiles_whatever_they_say(cast: Cast, written: AnnualReport, tmp_path: Path):
    made = []
    for n, paper in enumerate(papers(cast, written)):
        made.append(tmp_path / f"plain-{n}.pdf")
        made[-1].write_bytes(REPORT_PDF.make(paper))
    hard(cast, written)
    for n, paper in enumerate(papers(cast, written)):
        made.append(tmp_path / f"hard-{n}.pdf")
        made[-1].write_bytes(REPORT_PDF.make(paper))
    assert pdfcheck.faults(*made) == ""


def hard(cast: Cast, report: AnnualReport) -> None:
    """Hostile words wherever people write."""
    texts = dict.fromkeys(AnnualReport.TEXTS, HOSTILE * 5)
    write_report(municipality=cast.larkspur, pk=report.pk, seen=report.version, values=texts, by=cast.ana)
    own = dict.fromkeys(Handover.FIELDS, HOSTILE)
    write_handover(municipality=cast.larkspur, seen=1, values=own, by=cast.ana)
    log(cast, what=HOSTILE[:300], thanks=HOSTILE, evidence="javascript:alert(3)")
    for row in Measure.objects.of(cast.larkspur):
        change_entry(Measure, municipality=cast.larkspur, pk=row.pk, seen=1, values={"name": HOSTILE}, by=cast.ana)
    report.refresh_from_db()


@pytest.mark.one_engine
def test_hostile_words_are_inert_everywhere(cast: Cast, written: AnnualReport):
    hard(cast, written)
    for url in (f"/larkspur/sustain/reports/{written.pk}/", "/larkspur/sustain/handover/"):
        html = signed_in(cast.vera).get(url).content.decode()
        assert "&lt;script&gt;alert(1)" in html
        assert not re.search(r"<script>alert|href=.?javascript|<img[^>]+file:|src=.?file:", html), url
    for paper in papers(cast, written):
        package = docx.Document(io.BytesIO(REPORT_WORD.make(paper)))
        targets = [one.target_ref for one in package.part.rels.values() if one.is_external]
        assert [target for target in targets if not target.startswith(("http://", "https://"))] == []
        content = REPORT_PDF.make(paper)
        assert not re.search(rb"/JavaScript|/Launch|file:///etc|javascript:", content)


def test_the_files_are_sent_with_a_name_and_as_what_they_are(cast: Cast, written: AnnualReport):
    vera = signed_in(cast.vera)
    answer = vera.get(f"/larkspur/sustain/reports/{written.pk}/report.docx")
    name = 'attachment; filename="larkspur-annual-progress-report-2025-12-31.docx"'
    assert answer.headers["Content-Disposition"] == name
    again = vera.get(
        f"/larkspur/sustain/reports/{written.pk}/report.docx", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    answer = vera.get("/larkspur/sustain/handover/note.docx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="larkspur-handover-note.docx"'


@pytest.mark.parametrize("what", ["reports/{pk}/report.pdf", "handover/note.pdf"])
def test_a_file_that_cannot_be_made_is_said_so(
    cast: Cast, written: AnnualReport, monkeypatch: pytest.MonkeyPatch, what: str
):
    def broken(*_anything: object) -> bytes:
        raise RenderError("no")

    monkeypatch.setattr(files, "render_pdf", broken)
    answer = signed_in(cast.vera).get(f"/larkspur/sustain/{what.format(pk=written.pk)}")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "nothing is lost" in answer.content.decode()


def test_a_finished_report_is_taken_along_as_it_was(cast: Cast, planned: Planned, written: AnnualReport):
    signed_in(cast.ana).post(f"/larkspur/sustain/reports/{written.pk}/finish/", {"version": written.version})
    change_entry(Measure, municipality=cast.larkspur, pk=planned.good.pk, seen=1, values={"name": "Other"}, by=cast.ana)
    words = of_the_word_file(signed_in(cast.vera).get(f"/larkspur/sustain/reports/{written.pk}/report.docx").content)
    assert ("Finished" in words, "Other" in words, "Draft" in words) == (True, False, False)

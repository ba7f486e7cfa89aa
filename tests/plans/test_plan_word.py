"""The plan as a Word file: it says what the PDF says, in the same order, section by section."""

import io
import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx.document import Document as Read
from docx.oxml.ns import qn

from documents.apart import RenderError
from documents.finished import DOCX_TYPE
from documents.pdf import render_pdf
from mobility_planning import demo_data
from municipalities.models import Municipality
from plans import finished, queries
from plans.export.document import Document, PlannedAction, PlannedPriority, document_html
from plans.export.word import plan_word
from tests.conftest import Cast
from tests.plans import pdf_samples

pytestmark = pytest.mark.usefixtures("own_cache")
WORD = "/larkspur/plan/export.docx"


@pytest.fixture
def own_cache(tmp_path: Path, settings: LazySettings) -> None:
    settings.EXPORT_CACHE_DIR = tmp_path / "cache"


def read(content: bytes) -> Read:
    return docx.Document(io.BytesIO(content))


def headings(file: Read) -> list[tuple[str, str]]:
    return [(str(p.style.name), p.text) for p in file.paragraphs if p.style and str(p.style.name).startswith("Heading")]


@cache
def small() -> Read:
    return read(plan_word(pdf_samples.small()))


# --- What it is made of -----------------------------------------------------------------------------------


def test_sections_are_headings_and_what_is_in_them_stands_below() -> None:
    found = headings(small())
    sections = [text for style, text in found if style == "Heading 1"]
    assert sections == [f"{s.number}. {s.title}" for s in pdf_samples.small().sections]
    assert found[1:5] == [
        ("Heading 1", "2. Executive summary"),
        ("Heading 2", "Where we stand"),
        ("Heading 2", "Our priorities"),
        ("Heading 2", "How progress is measured"),
    ]
    levels = [int(style[-1]) for style, _text in found]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert small().paragraphs[0].style.name == "Title"  # type: ignore[union-attr]


def test_the_file_is_dated_and_named_by_the_plan_and_stays_the_same() -> None:
    document = pdf_samples.small()
    properties = small().core_properties
    assert (properties.title, properties.author) == ("City of Larkspur: Mobility Action Plan", "City of Larkspur")
    assert properties.created == document.created
    assert plan_word(document) == plan_word(replace(document))


def test_a_draft_says_so_in_its_head_and_an_approved_plan_does_not() -> None:
    head = [p.text for p in small().sections[0].header.paragraphs]
    first = [p.text for p in small().sections[0].first_page_header.paragraphs]
    assert (head, first) == (["City of Larkspur · DRAFT"], ["DRAFT"])
    approved = read(plan_word(pdf_samples.approved()))
    assert [p.text for p in approved.sections[0].header.paragraphs] == ["City of Larkspur"]
    assert not any("Status: " in p.text for p in approved.paragraphs)
    assert [s.page_width.twips for s in (small().sections[0], approved.sections[0])] == [12240, 11906]  # type: ignore[union-attr]


def test_pictures_say_in_words_what_they_show() -> None:
    words = [str(found.get("descr")) for found in small().element.body.iter(qn("wp:docPr"))]
    assert words[0].startswith("Steps of the readiness conditions: 4 of 9 conditions are met. Leadership: ")
    assert words[1].startswith("Partners by sector and pillar. Local government: ")
    assert len(words) == 2


def test_every_table_but_the_facts_repeats_its_head_and_is_as_wide_as_its_page() -> None:
    for table in small().tables:
        assert table.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None
        assert 9340 <= sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) <= 9380


def test_links_and_bookmarks_lead_somewhere() -> None:
    body = small().element.body
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert anchors <= marks
    assert {"part_letter", "appendix_a", "appendix_b"} <= anchors
    targets = {rel.target_ref for rel in small().part.rels.values() if rel.is_external}
    assert "https://example.gov/mobility" in targets


LOGIC = tuple((f"Part {n}", (f"Line {n}", "Another") if n % 2 else ()) for n in range(6))
PRIORITIES = (
    PlannedPriority(
        1,
        "Homes",
        "A home for all.\n\nSoon.",
        (
            PlannedAction("1.1", "Build", (("Lead", "Ana"),), LOGIC),
            PlannedAction("1.2", "Buy", (("Lead", "Ben"),), tuple((name, ()) for name, _lines in LOGIC)),
        ),
    ),
    PlannedPriority(2, "Work", "", ()),
)


def test_the_logic_model_is_a_table_on_a_page_on_its_side() -> None:
    file = read(plan_word(replace(pdf_samples.small(), priorities=PRIORITIES)))
    assert [section.orientation for section in file.sections] == [0, 1, 0]
    found = [[cell.text for cell in row.cells] for table in file.tables for row in table.rows]
    assert found[found.index(["Action", *(f"Part {n}" for n in range(6))]) :][:2] == [
        ["Action", *(f"Part {n}" for n in range(6))],
        ["1.1 Build", "–", "Line 1\nAnother", "–", "Line 3\nAnother", "–", "Line 5\nAnother"],
    ]
    assert [text for _style, text in headings(file) if text.startswith("Logic model")] == [
        "Logic model of priority 1: Homes"
    ]


def test_a_plan_without_a_logic_model_has_no_page_on_its_side() -> None:
    assert len(small().sections) == 1


def test_a_picture_that_cannot_be_drawn_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(html: str) -> bytes:
        raise RenderError("no")

    monkeypatch.setattr("documents.picture.render_pdf", broken)
    file = read(plan_word(pdf_samples.small()))
    assert not list(file.element.body.iter(qn("wp:docPr")))
    assert any(p.text.startswith("Steps of the readiness conditions: 4 of 9") for p in file.paragraphs)


@pytest.mark.parametrize(
    "bad", ["\x00\x0b\x1b\ud800", "x" * 100_000, "\u202eעברית العربية 🎉", "=1+1 { DDE x } <w:p/> & ]]>"]
)
def test_hostile_words_anywhere_are_words(bad: str) -> None:
    document = pdf_samples.small()
    hostile = replace(
        document,
        place=f"Larkspur {bad}",
        status=bad,
        sections=tuple(replace(section, body=bad) for section in document.sections),
        roster=tuple(replace(one, name=bad, people=(bad,)) for one in document.roster),
        gaps=(bad,),
        priorities=(replace(PRIORITIES[0], title=bad, goal=bad),),
    )
    file = read(plan_word(hostile))
    codes = [field.get(qn("w:instr")) for field in file.element.body.iter(qn("w:fldSimple"))]
    codes += [str(code.text) for code in file.element.body.iter(qn("w:instrText"))]
    assert codes == ['TOC \\o "1-1" \\h \\z \\u']


# --- Its address and its command --------------------------------------------------------------------------


def test_the_plan_comes_as_a_word_file_with_a_name(vera: Client) -> None:
    response = vera.get(WORD)
    assert response.status_code == HTTPStatus.OK
    assert response.headers["Content-Type"] == DOCX_TYPE
    assert response.headers["Content-Disposition"] == 'attachment; filename="larkspur-mobility-action-plan.docx"'
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert read(response.content).paragraphs[0].text == "Larkspur County"


def test_a_browser_that_has_the_file_is_told_that_it_has_not_changed(ben: Client, vera: Client) -> None:
    etag = vera.get(WORD).headers["ETag"]
    again = vera.get(WORD, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", etag)
    assert vera.get("/larkspur/plan/export.pdf", headers={"If-None-Match": etag}).status_code == HTTPStatus.OK
    ben.post("/larkspur/plan/approach/", {"version": 1, "body": "New"})
    changed = vera.get(WORD, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["ETag"] != etag) == (HTTPStatus.OK, True)
    assert "New" in [paragraph.text for paragraph in read(changed.content).paragraphs]


def test_an_unchanged_plan_is_written_once(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(document: Document) -> bytes:
        made.append(document)
        return b"made"

    monkeypatch.setattr(finished, "WORD", replace(finished.WORD, make=make))
    assert [vera.get(WORD).content for _turn in range(2)] == [b"made"] * 2
    assert len(made) == 1


def test_only_the_towns_own_people_take_it(vera: Client, olaf: Client, client: Client) -> None:
    assert olaf.get(WORD).status_code == HTTPStatus.NOT_FOUND
    assert client.get(WORD).status_code == HTTPStatus.FOUND
    assert vera.post(WORD).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_town_without_a_plan_has_no_file(cast: Cast, vera: Client) -> None:
    cast.larkspur.plan.delete()
    assert vera.get(WORD).status_code == HTTPStatus.NOT_FOUND


def test_the_page_offers_it_beside_the_pdf(vera: Client) -> None:
    assert f'href="{WORD}"' in vera.get("/larkspur/plan/").content.decode()


def test_the_file_asks_as_many_queries_as_the_pdf(
    vera: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(finished, "render_pdf", lambda html, *_more: b"%PDF-")
    with CaptureQueriesContext(connection) as asked:
        vera.get("/larkspur/plan/export.pdf")
    with django_assert_num_queries(len(asked)):
        vera.get(WORD)


@pytest.mark.parametrize(("name", "begins"), [("plan.docx", b"PK"), ("PLAN.DOCX", b"PK"), ("plan.doc.pdf", b"%PDF-")])
def test_the_command_writes_what_the_ending_says(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, begins: bytes
) -> None:
    monkeypatch.setattr(finished, "render_pdf", lambda html, *_more: b"%PDF-")
    out = io.StringIO()
    call_command("export_plan", "larkspur", output=str(tmp_path / name), stdout=out)
    assert out.getvalue() == f"Written to {tmp_path / name}.\n"
    assert (tmp_path / name).read_bytes().startswith(begins)


# --- It says what the PDF says ----------------------------------------------------------------------------
#
# Word by word and in order, each section for itself. Left out, and why: hyphens and other signs, because a PDF breaks
# lines at them and paints the marks of lists as text; running heads and feet and the heads that a table repeats, which
# belong to pages; page numbers; the words inside the drawings, which the PDF paints after all else of a page; the
# sentence about the standards of PDF. The logic model, a drawing in one file and a table in the other, and the cover,
# which is painted in an order of its own, are compared by the number of each word.

PAGES_ALONE = re.compile(r"on page \d+|It is made for screen readers PDF UA1 and for archives PDF A3a")


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub("[\xad\u200b\u2011\ufffe\x02-]\\s*", "", text))


def written_sections(file: Read) -> list[list[str]]:
    """The words of cover and contents, then those of each section; without the tables of the logic model."""
    models = {paragraph for table in logic_models(file) for paragraph in table.iter(qn("w:p"))}
    found: list[list[str]] = [[]]
    for paragraph in file.element.body.iter(qn("w:p")):
        if paragraph.style == "Heading1":
            found.append([])
        if paragraph not in models:
            found[-1] += written(paragraph)
    return found


def written(element: Any) -> list[str]:
    texts = element.iter(qn("w:t"), qn("w:br"), qn("w:p"))
    return tokens("".join((one.text or "") if one.tag == qn("w:t") else " " for one in texts))


def logic_models(file: Read) -> list[Any]:
    return [table._tbl for table in file.tables if written(table._tbl)[:3] == ["Action", "Inputs", "Activities"]]


def printed_sections(pages: Sequence[str], document: Document, drawn: Sequence[list[str]]) -> list[list[str]]:
    """The words of cover and contents, then those of each section; without running lines and drawings."""
    place = re.escape(document.place)
    marks, section = r"(?:•\s+|1\.\s+(?:\d+\.\s+)*)*", r"(?:\d+\. .*?)?"
    running = re.compile(rf"{marks}{place}(?:\s+DRAFT)?\s+{section}Page \d+ of \d+", re.DOTALL)
    words = [word for page in pages for word in tokens(running.sub("", page))]
    for part in drawn:
        (place_of,) = [n for n in range(len(words)) if words[n : n + len(part)] == part]
        words[place_of : place_of + len(part)] = []
    found: list[list[str]] = [[]]
    titles = [tokens(f"{section.number}. {section.title}") for section in document.sections]
    first = [n for n in range(len(words)) if words[n : n + len(titles[0])] == titles[0]][1]
    for n, word in enumerate(words):
        at = len(found) - 1
        if n >= first and at < len(titles) and words[n : n + len(titles[at])] == titles[at]:
            found.append([])
        found[-1].append(word)
    return found


def differences(printed: list[str], written: list[str], repeated: Container[str]) -> list[str]:
    """What stands in one of them only, where it may not."""
    matcher = SequenceMatcher(None, printed, written, autojunk=False)
    pairs = [
        (" ".join(printed[a:b]), " ".join(written[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
    return [
        f"PDF: {left} | Word: {right}"
        for left, right in pairs
        # A narrow column breaks a word.
        if left.replace(" ", "") != right.replace(" ", "")
        and (right or not (left in repeated or PAGES_ALONE.fullmatch(left)))
    ]


@pytest.mark.one_engine
@pytest.mark.parametrize("slug", demo_data.TOWNS)
def test_the_demo_plan_says_the_same_in_both_files(db: None, slug: str) -> None:
    demo_data.seed(slug)
    document = queries.plan_document(Municipality.objects.get(slug=slug))
    file, html = read(plan_word(document)), document_html(document)
    with pypdfium2.PdfDocument(render_pdf(html)) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    svgs = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    drawn = [tokens(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))) for svg in svgs]
    (cover, *in_pdf), (front, *in_word) = printed_sections(pages, document, drawn), written_sections(file)
    heads = {" ".join(written(table._tbl.tr_lst[0])) for table in file.tables}
    assert [differences(*both, heads) for both in zip(in_pdf, in_word, strict=True)] == [[]] * 14
    page_numbers = Counter(word for word in cover if word.isdigit()) - Counter(word for word in front if word.isdigit())
    assert Counter(cover) - page_numbers == Counter([*front, *(["DRAFT"] if document.is_draft else [])])
    models = Counter(word for table in logic_models(file) for word in written(table))
    assert models - Counter({"Action": len(logic_models(file))}) == Counter(
        word for words in drawn[2:] for word in words
    )

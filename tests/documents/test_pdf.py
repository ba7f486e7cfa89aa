"""The PDF itself: accessible, archival, complete, the same every time, and deaf to the network."""

import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from documents.apart import RenderError
from documents.pdf import render_pdf
from plans.export.document import Document, document_html
from tests import pdfcheck
from tests.plans import pdf_samples

# One worker draws each sample once for all of these.
# WeasyPrint leaves its color profile to the garbage collector to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning"),
]
SHIPPED = ("Public-Sans", "Noto-Sans")


def _draw(document: Document) -> bytes:
    return render_pdf(document_html(document))


@pytest.fixture(scope="module")
def small() -> bytes:
    return _draw(pdf_samples.small())


@pytest.fixture(scope="module")
def approved() -> bytes:
    return _draw(pdf_samples.approved())


@pytest.fixture(scope="module")
def hard() -> bytes:
    return _draw(pdf_samples.hard())


def _texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


# --- Standards --------------------------------------------------------------------------------------------


def test_plans_keep_to_both_standards(small: bytes, hard: bytes, tmp_path: Path) -> None:
    paths = [tmp_path / "small.pdf", tmp_path / "hard.pdf"]
    for path, pdf in zip(paths, (small, hard), strict=True):
        path.write_bytes(pdf)
    assert pdfcheck.faults(*paths) == ""


def test_pip_checker_agrees_where_another_is_named(
    hard: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VERAPDF", raising=False)
    path = tmp_path / "plan.pdf"
    path.write_bytes(hard)
    assert pdfcheck.faults(path) == ""


@pytest.mark.parametrize(
    ("profile", "before", "after"),
    [("ua1", b"<pdfuaid:part>1</pdfuaid:part>", b""), ("3a", b"pdfaid:conformance", b"pdfaid:nothing")],
)
def test_broken_plan_is_reported(
    small: bytes, tmp_path: Path, profile: pdfcheck.Profile, before: bytes, after: bytes
) -> None:
    path = tmp_path / "broken.pdf"
    with pikepdf.open(BytesIO(small)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        assert before in metadata
        pdf.Root.Metadata.write(metadata.replace(before, after))
        pdf.save(path, static_id=True)
    finding = pdfcheck.check(profile, path)
    assert not finding.passed
    assert finding.words


def _elements(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    return [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == kind and "/P" in o]


def test_header_cells_say_what_they_head(small: bytes) -> None:
    with pikepdf.open(BytesIO(small)) as pdf:
        scopes = {(str(cell.P.P.S), str(cell.A.Scope)) for cell in _elements(pdf, "/TH")}
    assert scopes == {("/THead", "/Column"), ("/TBody", "/Row")}


def test_list_items_hold_a_label_and_one_body(hard: bytes) -> None:
    with pikepdf.open(BytesIO(hard)) as pdf:
        kids = {tuple(str(kid.S) for kid in item.K) for item in _elements(pdf, "/LI")}
    assert kids <= {("/Lbl", "/LBody"), ("/LBody",), ("/Lbl",)}


def test_title_author_language_and_date_are_told(small: bytes) -> None:
    with pikepdf.open(BytesIO(small)) as pdf:
        assert str(pdf.docinfo.Title) == "City of Larkspur: Mobility Action Plan"
        assert str(pdf.docinfo.Author) == "City of Larkspur"
        assert str(pdf.docinfo.CreationDate) == "D:20261124153000+00'00"
        assert str(pdf.Root.Lang) == "en-US"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True


@pytest.mark.parametrize("sample", ["small", "hard"])
def test_only_shipped_fonts_are_used(sample: str, request: pytest.FixtureRequest) -> None:
    with pikepdf.open(BytesIO(request.getfixturevalue(sample))) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o]
        names = {str(font.BaseFont).split("+")[1] for font in fonts}
    assert {name for name in names if not name.startswith(SHIPPED)} == set()
    assert "Public-Sans" in names


# --- What stands on the pages -----------------------------------------------------------------------------


def test_draft_stands_on_every_page_until_approved(small: bytes, approved: bytes) -> None:
    assert [n for n, text in enumerate(_texts(small), 1) if not re.search(r"\bDRAFT\b", text)] == []
    assert [n for n, text in enumerate(_texts(approved), 1) if "draft" in text.lower()] == []


def test_every_page_after_the_cover_tells_place_and_number(small: bytes) -> None:
    pages = _texts(small)
    assert "Page " not in pages[0]
    for number, text in enumerate(pages[1:], start=2):
        assert f"Page {number} of {len(pages)}" in text
        assert "City of Larkspur" in text


def test_no_page_is_blank_and_no_heading_stands_at_a_foot(hard: bytes) -> None:
    document = pypdfium2.PdfDocument(hard)
    assert [n for n, text in enumerate(_texts(hard), 1) if len(text) < 150] == []
    feet = [entry.get_title() for entry in document.get_toc() if entry.get_dest().get_view()[1][1] < 72 + 30]
    assert feet == []


def test_bookmarks_and_contents_lead_to_the_14_sections(small: bytes) -> None:
    document = pypdfium2.PdfDocument(small)
    sections = pdf_samples.small().sections
    top = [(e.get_title(), e.get_dest().get_index() + 1) for e in document.get_toc() if e.level == 0]
    assert [title for title, _page in top] == [f"{s.number}. {s.title}" for s in sections]
    contents = re.sub(r"[.\s]+", " ", _texts(small)[1])
    for title, page in top:
        assert re.sub(r"[.\s]+", " ", f"{title} {page}") in contents


def test_paper_follows_the_setting(small: bytes, approved: bytes) -> None:
    sizes = [tuple(map(round, pypdfium2.PdfDocument(pdf)[0].get_size())) for pdf in (small, approved)]
    assert sizes == [(612, 792), (595, 842)]


def test_long_names_stay_on_the_cover() -> None:
    document = replace(pdf_samples.small(), place="Consolidated Town of " * 7, title="Plan for Mobility " * 11)
    texts = _texts(_draw(replace(document, sections=(), conditions=())))
    assert "Prepared with the Urban Institute" in texts[0]
    assert texts[1].startswith("Contents")


def test_endless_word_is_printed_whole() -> None:
    section = replace(pdf_samples.small().sections[0], body="x" * 40_000)
    printed = "".join(_texts(_draw(replace(pdf_samples.small(), sections=(section,), conditions=()))))
    assert printed.count("x") >= 40_000


def test_long_tables_repeat_their_head(hard: bytes) -> None:
    pages = [text for text in _texts(hard) if "Eastside Neighbors" in text and "Figure 2" not in text]
    assert len(pages) > 2
    assert [text for text in pages if "Partner" not in text] == []


def test_same_page_gives_the_same_bytes(small: bytes) -> None:
    assert _draw(pdf_samples.small()) == small


# --- What is refused --------------------------------------------------------------------------------------


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and the list of what was asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


HOSTILE = (
    '<img src="{0}/img" alt="x">',
    '<link rel="stylesheet" href="{0}/css">',
    '<link rel="attachment" href="{0}/attachment">',
    '<style>@import url("{0}/import");</style>',
    '<style>@font-face {{ font-family: x; src: url("{0}/font"); }} p {{ font-family: x }}</style>',
    '<p style="background: url({0}/background)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{0}/svg"/></svg>',
    '<object data="{0}/object">x</object>',
    '<img src="file:///etc/hostname" alt="x">',
    '<img src="../manage.py" alt="x">',
    '<img src="https://static.invalid/%2e%2e/manage.py" alt="x">',
    '<img src="data:image/png;base64,iVBORw0KGgo=" alt="x">',
)


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_but_own_files_is_fetched(markup: str, trap: tuple[str, list[str]]) -> None:
    address, asked = trap
    page = f'<html lang="en"><title>x</title><body>{markup.format(address)}<p>x</p>'
    with pytest.raises(RenderError, match="refused to load"):
        render_pdf(page)
    assert asked == []


def test_prose_full_of_addresses_asks_nobody_and_still_prints(trap: tuple[str, list[str]]) -> None:
    address, asked = trap
    prose = f"![x]({address}/a) [y]({address}/b) <{address}/c> <img src={address}/d>\n\n[z]: {address}/e"
    document = pdf_samples.small()
    section = replace(document.sections[0], body=prose)
    pdf = _draw(replace(document, sections=(section,), conditions=document.conditions[:1]))
    assert pdf.startswith(b"%PDF")
    assert asked == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<title>x</title><p>x</p>", "lang"),
        ('<html lang="en"><p>x</p>', "title"),
        ('<html lang="en"><title>x</title><img src="img/print/in_place.svg">', "alt"),
        ('<html lang="en"><title>x</title><a href="#nowhere">x</a>', "nowhere"),
    ],
)
def test_page_that_would_make_a_poor_pdf_is_refused_in_plain_words(page: str, words: str) -> None:
    with pytest.raises(RenderError, match=rf"^The PDF could not be made: .*{words}"):
        render_pdf(page)

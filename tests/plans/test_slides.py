"""The plan as slides: titles, placeholders, alternative text, contrast, and never more than twelve."""

import io
import zipfile
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pptx
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Read

from documents.apart import RenderError
from documents.finished import PPTX_TYPE
from plans.export.document import Document
from plans.export.slides import plan_slides
from tests.conftest import Cast
from tests.plans import pdf_samples
from tests.plans.test_brief import LONG, planned


def read(content: bytes) -> Read:
    return pptx.Presentation(io.BytesIO(content))


def made(document: Document) -> Read:
    return read(plan_slides(document))


def titles(file: Read) -> list[str]:
    return [slide.shapes.title.text_frame.text if slide.shapes.title else "" for slide in file.slides]


def tables(file: Read) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in file.slides
        for shape in slide.shapes
        if shape.has_table
    ]


def test_a_small_plan_says_where_it_stands_and_what_it_lacks() -> None:
    file = made(pdf_samples.small())
    assert titles(file) == [
        "City of Larkspur: Mobility Action Plan",
        "Where we stand: prepare",
        "4 of 9 readiness conditions are met",
        "Priorities",
        "What will be done",
        "How it is measured",
        "The decision asked of the council",
    ]
    words = [shape.text_frame.text for slide in file.slides for shape in slide.placeholders if shape.has_text_frame]
    assert "The plan names no action yet." in words
    assert "State of Ohio · Nov 24, 2026\nDraft: 2 of 14 sections are approved" in words


def test_every_slide_of_a_draft_says_so_and_none_of_an_approved_plan() -> None:
    for document, word in ((pdf_samples.small(), "draft"), (pdf_samples.approved(), "")):
        slides = made(document).slides
        said = [" ".join(shape.text_frame.text for shape in slide.placeholders).lower() for slide in slides]
        assert [n for n, words in enumerate(said) if "draft" not in words] == ([] if word else list(range(len(said))))


@pytest.mark.parametrize(
    ("words", "rows"),
    [("", [6, 6, 4, 10]), (LONG, [4, 4, 4, 4, 4, 4, 2]), ("W" * 900, [6, 6, 4, 5, 5])],
)
def test_the_biggest_plan_has_twelve_slides_at_most_each_with_a_title_of_its_own(words: str, rows: list[int]) -> None:
    """Low rows share a slide; of the highest, four are on one."""
    file = made(planned(7, 9, 36, words))
    found = titles(file)
    assert (len(found), len(set(found)), all(found)) == (5 + len(rows), 5 + len(rows), True)
    assert [len(table) - 1 for table in tables(file)] == rows
    assert len(found) <= 12
    assert [len(notes) for notes in [[slide for slide in file.slides if slide.has_notes_slide]]] == [0]


def test_what_is_left_out_is_counted_on_the_last_slide_of_its_kind() -> None:
    file = made(planned(5, 5, 36))
    about = [slide.placeholders[1].text_frame.text for slide in file.slides if any(s.has_table for s in slide.shapes)]
    assert about == [
        *["Actions, who leads them, and when."] * 2,
        "The other 9 stand in the plan.",
        "180 measures: Behind 60, On track 60, No data 60. The other 170 stand in the plan.",
    ]
    numbers = [row[0] for table in tables(file)[:3] for row in table[1:]]
    assert numbers == [*("1.1", "1.2", "1.3", "1.4"), *(f"{p}.{a}" for p in range(2, 6) for a in (1, 2, 3))]


def test_pictures_and_tables_say_what_they_show_and_heads_are_heads() -> None:
    for slide in made(planned(1, 1, 1)).slides:
        for shape in slide.shapes:
            if shape.is_placeholder:
                continue
            assert shape._element.xpath(".//p:cNvPr/@descr")[0]
            assert not shape.has_table or (shape.table.first_row and shape.table.rows[0].cells[0].text)


def test_every_run_names_its_language_and_every_shape_its_own_number() -> None:
    file = made(planned(2, 2, 2))
    assert file.core_properties.language == "en-US"
    for slide in file.slides:
        assert {run.get("lang") for run in slide._element.iter(qn("a:rPr"))} == {"en-US"}
        numbers = [shape.shape_id for shape in slide.shapes]
        assert len(numbers) == len(set(numbers))


def test_everything_stands_on_its_slide_and_placeholders_are_filled() -> None:
    file = made(planned(5, 5, 36, LONG))
    for page, slide in enumerate(file.slides):
        kinds = [shape.placeholder_format.type.name for shape in slide.placeholders]
        assert ("SLIDE_NUMBER" in kinds) == bool(page)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top > 0
            assert shape.left + shape.width <= (file.slide_width or 0)
            assert shape.top + shape.height <= (file.slide_height or 0)
            assert shape.height > 0
            assert not shape.has_text_frame or shape.text_frame.text


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_stand_out_from_their_ground() -> None:
    file = made(planned(2, 2, 2))
    master = file.slide_master.element
    assert not list(master.iter(qn("a:tint")))
    (title,) = master.xpath(".//p:titleStyle/a:lvl1pPr/a:defRPr/a:solidFill/a:srgbClr/@val")
    for page, slide in enumerate(file.slides):
        ground = "162E51" if not page else "FFFFFF"
        for shape in slide.shapes:
            cells = [cell for row in shape.table.rows for cell in row.cells] if shape.has_table else []
            for cell in cells:
                (run,) = cell.text_frame.paragraphs[0].runs
                assert contrast(str(run.font.color.rgb), str(cell.fill.fore_color.rgb)) >= 4.5
            paragraphs = shape.text_frame.paragraphs if shape.has_text_frame else ()
            for run in (run for paragraph in paragraphs for run in paragraph.runs):
                color = str(run.font.color.rgb) if run.font.color.type else title
                assert contrast(color, ground) >= 4.5


def test_an_unchanged_plan_is_the_same_file_without_a_moment_of_its_making() -> None:
    document = planned(1, 1, 1)
    content = plan_slides(document)
    assert plan_slides(replace(document)) == content
    properties = read(content).core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (
        "City of Larkspur: Mobility Action Plan",
        *["City of Larkspur"] * 2,
    )
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert not [name for name in package.namelist() if "thumbnail" in name or "notesSlide" in name]


def test_a_picture_that_cannot_be_drawn_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(html: str) -> bytes:
        raise RenderError("no")

    monkeypatch.setattr("documents.picture.render_pdf", broken)
    slide = made(pdf_samples.small()).slides[2]
    assert slide.placeholders[1].text_frame.text.startswith("Steps of the readiness conditions: 4 of 9")


@pytest.mark.parametrize("bad", ["\x00\x0b\x1b\ud800", "x" * 100_000, "\u202eעברית 🎉", "=1+1 { DDE x } <a:p/> & ]]>"])
def test_hostile_words_are_words(bad: str) -> None:
    file = made(replace(planned(2, 2, 2, bad), place=bad, title=bad, status=bad))
    assert not [link for slide in file.slides for link in slide._element.iter(qn("a:hlinkClick"))]
    assert len(titles(file)) == 7


@pytest.fixture
def own_cache(tmp_path: Path, settings: LazySettings) -> None:
    settings.EXPORT_CACHE_DIR = tmp_path / "cache"


@pytest.mark.usefixtures("own_cache")
def test_they_come_as_a_file_with_a_name(vera: Client, olaf: Client) -> None:
    address = "/larkspur/plan/slides.pptx"
    response = vera.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (HTTPStatus.OK, PPTX_TYPE)
    assert response.headers["Content-Disposition"] == 'attachment; filename="larkspur-slides.pptx"'
    assert titles(read(response.content))[0] == "Larkspur County: Mobility Action Plan"
    again = vera.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert olaf.get(address).status_code == HTTPStatus.NOT_FOUND
    assert f'href="{address}"' in vera.get("/larkspur/plan/").content.decode()


@pytest.mark.usefixtures("own_cache")
def test_the_command_writes_slides_by_their_ending(cast: Cast, tmp_path: Path) -> None:
    call_command("export_plan", "larkspur", output=str(tmp_path / "plan.pptx"), stdout=io.StringIO())
    assert len(titles(read((tmp_path / "plan.pptx").read_bytes()))) == 7

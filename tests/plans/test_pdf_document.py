"""The finished page: what it says, and what it must not let through."""

from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.paper import for_paper, soften, widths
from documents.pdf import render_pdf
from plans.export.document import Evidence, PlannedPriority, Step, document_html
from strategy.rules.diagram import Row, sheets
from tests.plans import pdf_samples


def test_section_without_text_says_so() -> None:
    html = document_html(pdf_samples.small())
    assert html.count("This section has not been written yet.") == 7


def test_status_of_sections_stands_in_drafts_only() -> None:
    assert "Status: In review" in document_html(pdf_samples.small())
    assert "Status: In review" not in document_html(pdf_samples.approved())


def test_names_are_escaped_and_prose_cannot_leave_its_place() -> None:
    document = pdf_samples.small()
    letter = replace(document.sections[0], body="</div><style>@page{}</style><script>x</script>")
    html = document_html(replace(document, place="<b>&", sections=(letter, *document.sections[1:])))
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;" in html
    assert "<script>" not in html
    assert html.count("<style>") == 1


def test_replaced_characters_are_named_at_the_end() -> None:
    html = document_html(replace(pdf_samples.small(), place="Larkspur 🎉"))
    assert "Larkspur [party popper]" in html
    assert "party popper (U+1F389)." in html
    assert "stand in square brackets" not in document_html(pdf_samples.small())


def test_fonts_of_other_scripts_come_only_where_the_text_needs_them() -> None:
    assert "print-scripts.css" not in document_html(pdf_samples.small())
    assert "print-scripts.css" in document_html(replace(pdf_samples.small(), place="Ελλάδα"))


def test_picture_has_its_words_first_and_the_numbers_stand_in_a_table() -> None:
    html = document_html(pdf_samples.small())
    start = html.index("<svg")
    first_child = html[start:].split(">", 1)[1].lstrip()
    assert first_child.startswith("<title>Steps of the readiness conditions: 4 of 9")
    assert 'href="#appendix-a"' in html
    assert "style=" not in html[start : html.index("</svg>")]


def test_judgement_and_suggestion_both_stand_in_the_document() -> None:
    html = document_html(pdf_samples.small())
    assert html.count("The new charter already asks for this.") == 2
    assert "In place, judged" in html


@pytest.mark.parametrize(
    ("step", "claimed", "evidenced"),
    [
        (Step("a.1", "", "in_place"), True, False),
        (Step("a.1", "", "under_way"), False, False),
        (Step("a.1", "", "in_place", evidence=(Evidence("Minutes of Oct 6"),)), False, True),
        (Step("a.1", "", "under_way", evidence=(Evidence("Minutes of Oct 6"),)), False, False),
    ],
)
def test_step_in_place_is_claimed_or_evidenced(step: Step, claimed: bool, evidenced: bool) -> None:
    assert (step.claimed, step.evidenced) == (claimed, evidenced)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.gov/x", "https://example.gov/x"),
        ("https://example.gov/x y", ""),
        ("Minutes of Oct 6", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_evidence_is_a_link_only_where_it_is_one_web_address(text: str, link: str) -> None:
    assert Evidence(text).link == link


def test_address_of_a_link_is_printed_unless_it_is_its_own_words() -> None:
    named, bare = (
        '<a href="https://example.org/a" rel="noopener">here</a>',
        '<a href="https://b.org">b.org</a>',
    )
    html = for_paper(f"{named}, {bare}")
    assert html == f'{named} <span class="address">(example.org/a)</span>, {bare}'


BREAK = "\u200b"


def test_endless_words_get_places_to_break_and_tags_none() -> None:
    link = f'<a href="https://example.org/{"x" * 300}">'
    html = soften(f"{link}{'&amp;' * 100}</a> {'y' * 199}")
    assert html.replace("\u200b", "") == f"{link}{'&amp;' * 100}</a> {'y' * 199}"
    assert html == f"{link}{('&amp;' * 8 + BREAK) * 12}{'&amp;' * 4}</a> {'y' * 199}"


def test_columns_are_as_wide_as_their_words_ask_for() -> None:
    rows = [["Measure", "Base", "Target"], ["Share of households with a long name", "3%", "4%"]]
    first, second, third = widths(rows)
    assert first > 2 * third > 2 * second > 0


@given(st.lists(st.text(max_size=200), min_size=1, max_size=30))
def test_column_widths_fill_the_line(row: list[str]) -> None:
    rows = [row, row[::-1]]
    assert sum(widths(rows)) == pytest.approx(100)
    assert min(widths(rows)) > 0


@pytest.mark.one_engine
def test_the_section_after_the_logic_model_stands_upright() -> None:
    drawn = sheets(["Inputs", "Outputs"], [Row("1.1 Build", [["Money"], ["Homes"]])])
    priority = PlannedPriority(1, "Homes", "", (), drawn, "Inputs: Money. Outputs: Homes.")
    with pypdfium2.PdfDocument(render_pdf(document_html(replace(pdf_samples.small(), priorities=(priority,))))) as pdf:
        pages = [(page.get_size(), page.get_textpage().get_text_range()) for page in pdf]
    wide = [text for (width, height), text in pages if width > height]
    assert ["Money" in text for text in wide] == [True]
    assert "11. Measurement plan\r\nThis" not in wide[0]
    assert any("11. Measurement plan\r\nThis" in text for (width, height), text in pages if width < height)

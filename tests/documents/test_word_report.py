"""A Word file of many pages: real structures out of Markdown, and nothing that anybody wrote is run or breaks it."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document as Read
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.picture import Picture
from documents.word_markdown import write_markdown
from documents.word_parts import LEADING, Layout, Run
from documents.word_report import Report

CREATED = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


def report(**values: str) -> Report:
    told = {"author": "City of Larkspur", "created": CREATED, "paper": "letter", **values}
    return Report("City of Larkspur: Plan", **told)  # type: ignore[arg-type]


def read(made: Report) -> Read:
    return docx.Document(io.BytesIO(made.to_bytes()))


def marked(text: str) -> Read:
    made = report()
    write_markdown(made, text, base_level=1)
    return read(made)


def lines(file: Read) -> list[tuple[str, str]]:
    return [(str(p.style.name), p.text) for p in file.paragraphs if p.style]


def lists(file: Read) -> list[tuple[str, int, int]]:
    """The text, list and depth of every paragraph that has a mark."""
    found = [(p.text, p._p.find(f".//{qn('w:numId')}"), p._p.find(f".//{qn('w:ilvl')}")) for p in file.paragraphs]
    value = qn("w:val")
    return [
        (text, int(number.get(value)), int(depth.get(value)))
        for text, number, depth in found
        if number is not None and depth is not None
    ]


def test_words_stay_on_the_page_of_the_table_that_they_introduce_and_tables_go_by_themselves() -> None:
    made = report()
    made.line("Alone")
    made.line("Leads")
    made.grid(["Head"], [["One"]], [100])
    made.grid(["Head"], [["Two"]], [100])
    made.typed("First\n\nSecond", LEADING)
    found = [(p.text, bool(p.paragraph_format.keep_with_next)) for p in read(made).paragraphs]
    assert found == [
        ("Alone", False), ("Leads", True), ("", False), ("", False), ("First", True), ("Second", True),
    ]  # fmt: skip


def test_the_rows_of_a_table_without_a_head_stay_on_one_page() -> None:
    made = report()
    made.grid((), [["One"], ["Two"], ["Three"]], [100])
    made.grid(["Head"], [["One"], ["Two"]], [100])
    kept = [
        [bool(cell.paragraphs[0].paragraph_format.keep_with_next) for cell in table.column_cells(0)]
        for table in read(made).tables
    ]
    assert kept == [[True, True, False], [True, False, False]]


def test_headings_stand_below_the_sections_own_and_skip_no_level() -> None:
    file = marked("# One\n\n##### Two\n\nText\n\n# Three")
    assert lines(file) == [("Heading 2", "One"), ("Heading 3", "Two"), ("Normal", "Text"), ("Heading 2", "Three")]


def test_bold_italic_and_code_are_runs_of_their_own() -> None:
    (paragraph,) = marked("Plain **bold *both*** *slanted* `code`  \nnext").paragraphs
    found = [(run.text, bool(run.bold), bool(run.italic), run.font.name) for run in paragraph.runs if run.text.strip()]
    assert found == [
        ("Plain ", False, False, None),
        ("bold ", True, False, None),
        ("both", True, True, None),
        ("slanted", False, True, None),
        ("code", False, False, "Courier New"),
        ("next", False, False, None),
    ]
    assert paragraph.text == "Plain bold both slanted code\nnext"


@pytest.mark.parametrize(
    ("text", "address", "words"),
    [
        ("[here](https://example.org/a?b=1&c=2)", "https://example.org/a?b=1&c=2", "here (example.org/a?b=1&c=2)"),
        ("<https://example.org/a>", "https://example.org/a", "https://example.org/a"),
        ("[write](mailto:a@b.example)", "mailto:a@b.example", "write (a@b.example)"),
        ("[here](javascript:alert(1))", None, "here"),
        ("[here](file:///etc/passwd)", None, "here"),
        ("[here](http://127.0.0.1/)", None, "here"),
        (f"[here](https://example.org/{'x' * 3000})", None, f"here (example.org/{'x' * 3000})"),
    ],
)
def test_only_links_that_every_reader_takes_live(text: str, address: str | None, words: str) -> None:
    file = marked(text)
    (paragraph,) = file.paragraphs
    assert paragraph.text == words
    assert [link.address for link in paragraph.hyperlinks] == ([address] if address else [])


def test_lists_are_lists_each_numbered_one_counts_by_itself() -> None:
    file = marked("- a\n  - b\n    1. c\n- d\n\ntext\n\n5. five\n6. six\n\ntext\n\n1. one")
    bullets, deeper, five, one = 101, 102, 103, 104
    assert lists(file) == [
        ("a", bullets, 0),
        ("b", bullets, 1),
        ("c", deeper, 2),
        ("d", bullets, 0),
        ("five", five, 0),
        ("six", five, 0),
        ("one", one, 0),
    ]
    numbering = file.part.numbering_part.element
    starts = {
        int(num.get(qn("w:numId"))): num.find(".//" + qn("w:startOverride")).get(qn("w:val"))
        for num in numbering.findall(qn("w:num"))
        if num.find(".//" + qn("w:startOverride")) is not None
    }
    assert starts == {bullets: "1", deeper: "1", five: "5", one: "1"}


def test_what_follows_in_an_item_has_no_mark_and_an_empty_item_has_one() -> None:
    file = marked("1. first\n\n   second\n\n   > quoted\n\n       code\n\n2.\n3. - inner")
    assert [style for style, _text in lines(file)] == [
        *("List Number", "List Continue", "Quote", "Code"),
        *("List Number", "List Number", "List Bullet"),
    ]
    assert [text for text, _number, _depth in lists(file)] == ["first", "", "", "inner"]


def test_a_table_has_a_repeated_head_widths_and_alignment() -> None:
    file = marked("| Measure | Base |\n|:--|--:|\n| **Rent** and more words | 38% |\n")
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Measure", "Base"],
        ["Rent and more words", "38%"],
    ]
    assert [row._tr.find(".//" + qn("w:tblHeader")) is not None for row in table.rows] == [True, False]
    wide, narrow = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert wide > narrow > 0
    assert abs(wide + narrow - 9360) <= 1
    assert table.rows[1].cells[1].paragraphs[0].alignment == 2
    assert table.rows[1].cells[0].paragraphs[0].runs[0].bold


def test_a_page_on_its_side_and_upright_ones_after_it() -> None:
    made = report(paper="a4")
    made.head_and_foot([Run("Larkspur")], [Run("Draft")], "Page", "of")
    made.line("one")
    made.wide()
    assert made.width == 16838 - 2880
    made.line("two")
    made.upright()
    file = read(made)
    sizes = [(section.page_width.twips, section.page_height.twips) for section in file.sections]  # type: ignore[union-attr]
    assert sizes == [(11906, 16838), (16838, 11906), (11906, 16838)]
    assert [section.different_first_page_header_footer for section in file.sections] == [True, False, False]
    assert [section.header.paragraphs[0].text for section in file.sections] == ["Larkspur"] * 3
    foot = str(file.sections[2].footer._element.xml)
    assert ('w:instr="PAGE"' in foot, 'w:instr="NUMPAGES"' in foot) == (True, True)


def test_contents_is_a_field_that_shows_its_entries_as_links() -> None:
    made = report()
    made.contents("Contents", [("1. One", "one"), ("2. Two", "two")])
    made.heading("1. One", 1, bookmark="one")
    body = read(made).element.body
    assert [code.text for code in body.iter(qn("w:instrText"))] == ['TOC \\o "1-1" \\h \\z \\u']
    kinds = [char.get(qn("w:fldCharType")) for char in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))] == ["one", "two"]
    assert [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))] == ["one"]


def test_every_picture_has_its_words_and_one_that_could_not_be_drawn_is_its_words() -> None:
    made = report()
    made.picture(Picture("Bars & more", PNG), "Figure 1", "Caption one")
    made.picture(Picture("Only words", None), "Figure 2", "Caption two")
    file = read(made)
    assert [found.get("descr") for found in file.element.body.iter(qn("wp:docPr"))] == ["Bars & more"]
    assert lines(file)[1:] == [("Caption", "Caption one"), ("Normal", "Only words"), ("Caption", "Caption two")]


def test_what_reads_from_right_to_left_says_so() -> None:
    file = marked("עברית ראשונה\n\nEnglish first, then עברית")
    assert [p._p.find(".//" + qn("w:bidi")) is not None for p in file.paragraphs] == [True, False]


def test_the_file_says_its_title_its_place_its_moment_and_its_language() -> None:
    properties = read(report()).core_properties
    assert (properties.title, properties.author, properties.language) == (
        *("City of Larkspur: Plan", "City of Larkspur"),
        "en-US",
    )
    assert properties.created == properties.modified == CREATED
    styles = read(report()).styles.element
    assert {lang.get(qn("w:val")) for lang in styles.iter(qn("w:lang"))} == {"en-US"}


def test_the_same_words_are_the_same_bytes_and_tell_no_moment() -> None:
    one, two = report(), report()
    for made in (one, two):
        made.line("Words")
    assert one.to_bytes() == two.to_bytes()
    with zipfile.ZipFile(io.BytesIO(one.to_bytes())) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


HOSTILE = [
    "\x00\x01\x0b\x0c\x1b bell \ufffe\uffff\ud800",
    "=HYPERLINK(1)+cmd|' /C calc'!A0 { DDEAUTO c:\\windows } {= 1 + 1 } MERGEFIELD",
    "x" * 100_000,
    "\u202e gnihtemos \u2066 עברית العربية 🎉👩‍💻 中文",
    "<w:p/><script>alert(1)</script> &amp; ]]> <!-- -->",
    "[a](http://[::1/) [b](https://exa mple.org) [c](mailto:) [d](https://example.org/%zz\x07)",
    "> " * 200 + "deep",
    "- " * 100 + "deep",
    "999999999. far\n\n0. zero",
    "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n",
    "```\nfence\n\ttab\n",
    "![picture](https://example.org/x.png) ![](y)",
    "# \n\n- \n\n***\n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    file = marked(text)
    body = str(file.element.body.xml)
    assert "instrText" not in body
    assert "fldSimple" not in body
    for link in file.element.body.iter(qn("w:hyperlink")):
        assert file.part.rels[link.get(qn("r:id"))].target_ref.startswith(("https://", "http://", "mailto:"))


def test_hostile_text_stands_in_the_file_word_by_word() -> None:
    made = report()
    made.heading(HOSTILE[1], 2)
    made.line("x" * 100_000, Layout(style="Caption"))
    made.grid([HOSTILE[0]], [[HOSTILE[3]]], [100])
    file = read(made)
    assert file.paragraphs[0].text == HOSTILE[1]
    assert file.paragraphs[1].text == "x" * 100_000
    assert file.tables[0].rows[0].cells[0].text == " bell "
    assert file.tables[0].rows[1].cells[0].text == HOSTILE[3]


def words_of(file: Read) -> Iterable[str]:
    return (text.text or "" for text in file.element.body.iter(qn("w:t")))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab #*_-+1.)>|`\n\t[](){}!<\\:/=~&\x00\x0bא🎉"), max_size=120))
def test_no_text_breaks_the_file(text: str) -> None:
    assert "".join(words_of(marked(text))).count("\x00") == 0

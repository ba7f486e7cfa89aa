"""The CSV worksheet as pure values: reading, checking, writing, and cells that a spreadsheet would run."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.cells import guarded, unguarded
from readiness import forms
from readiness.models import ConditionAnswer, ConditionState, Evidence, StepAnswer, StepStatus
from readiness.rules import worksheet
from readiness.rules.worksheet import COLUMNS, WorksheetError, changes, evidence_cell, read, write

HEADER = "key,status,reason,note,evidence,owner,due"
STEP = "(use not_yet, under_way, in_place or leave empty)"
CONDITION = "(use in_place, partly, not_yet or leave empty)"
NO_HEADER = f"the header is missing: the first line names the columns, like {HEADER}"
NO_UTF_8 = "this is not UTF-8 text (a spreadsheet calls the format to choose CSV UTF-8)"
QUOTES = "a quotation mark is not closed, or not doubled inside its cell"


def row(key: str, **cells: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "key": key, **cells}


CURRENT = {
    "leadership": row("leadership", note="Ask the board"),
    "leadership.1": row("leadership.1", status="in_place", evidence="Memo 7", owner="Ana", due="2027-01-29"),
    "leadership.2": row("leadership.2"),
    "culture": row("culture", status="partly", reason="The garage is not heard."),
}


def faults(text: str | bytes) -> list[str]:
    """What is said of a worksheet over `CURRENT`."""
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(WorksheetError) as caught:
        changes(read(raw), CURRENT)
    return str(caught.value).split("\n")


def changed(text: str | bytes) -> dict[str, dict[str, str]]:
    raw = text.encode() if isinstance(text, str) else text
    return changes(read(raw), CURRENT)


def test_only_what_differs_is_a_change():
    sheet = f"{HEADER}\nleadership.1,under_way,,,Memo 7,Ana,2027-01-29\nleadership,,,Ask the board,,,\n"
    assert changed(sheet) == {"leadership.1": {"status": "under_way"}}


def test_a_column_left_out_stays_and_an_empty_cell_empties():
    assert changed("key,owner\nleadership.1,\n") == {"leadership.1": {"owner": ""}}


def test_columns_and_rows_come_in_any_order_and_the_header_in_any_case():
    sheet = "Note , DUE,key\nSoon,2027-03-31,leadership.2\n,,leadership\n"
    assert changed(sheet) == {
        "leadership.2": {"note": "Soon", "due": "2027-03-31"},
        "leadership": {"note": ""},
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_ending_and_byte_order_mark_reads_the_same(end: str, mark: str):
    sheet = f'{mark}key,note{end}leadership.2,"one{end}two"{end}'
    assert changed(sheet) == {"leadership.2": {"note": "one\ntwo"}}


def test_spaces_around_keys_words_and_dates_do_not_count_but_texts_are_kept_whole():
    sheet = "key,status,due,note\n leadership.2 , not_yet , 2027-03-31 , as typed \n"
    expected = {"status": "not_yet", "due": "2027-03-31", "note": " as typed "}
    assert changed(sheet) == {"leadership.2": expected}


def test_empty_rows_of_a_spreadsheet_are_passed_over_but_counted():
    assert changed("key,note\n\n,\n ,\nleadership.2,\n") == {}
    assert faults("key,note\n\n,\n ,\nmoney,\n") == ['line 5: unknown key "money"']


def test_every_bad_row_is_named_at_once_by_the_line_it_begins_on():
    sheet = (
        'key,status,note,due\nleadership.2,not_yet,"two\nlines",\nmoney,,,\nleadership.1,done,,soon\n'
        '"leader\nship",,,\nleadership.2,,,\nculture,a,b\n'
    )
    assert faults(sheet) == [
        'line 4: unknown key "money"',
        'line 5: unknown status "done" (use not_yet, under_way, in_place or leave empty)',
        'line 5: "soon" is not a date (write it like 2027-03-31)',
        'line 6: unknown key "leader\ufffdship"',
        'line 8: "leadership.2" is already on line 2',
        "line 9: cells in this row: 3, in the header: 4",
    ]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ("leadership.2,partly,,,,,", f'a step cannot be "partly" {STEP}'),
        ("leadership,under_way,x,,,,", f'a condition cannot be "under_way" {CONDITION}'),
        ("leadership,maybe,x,,,,", f'unknown status "maybe" {CONDITION}'),
        ("leadership.2,In place,,,,,", f'unknown status "In place" {STEP}'),
        ("leadership,partly,,,,,", "a judged condition needs a reason"),
        ('leadership,partly,"  \n",,,,', "a judged condition needs a reason"),
        ("culture,partly,,,,,", "a judged condition needs a reason"),
        ("leadership.2,,because,,,,", "a step takes no reason (leave it empty)"),
        ("leadership,,,,Memo,,", "a condition takes no evidence (leave it empty)"),
        ("leadership.2,,,,,,20270331", '"20270331" is not a date (write it like 2027-03-31)'),
        ("leadership.2,,,,,,2027-02-30", '"2027-02-30" is not a date (write it like 2027-03-31)'),
        ("leadership.2,,,,,,0000-01-01", '"0000-01-01" is not a date (write it like 2027-03-31)'),
        ("leadership.2,,,,,,3/31/2027", '"3/31/2027" is not a date (write it like 2027-03-31)'),
        ("leadership.2,,,,,,２０２７-03-31", '"２０２７-03-31" is not a date (write it like 2027-03-31)'),
        ("leadership.2,,,a\x00b,,,", "the note holds a control character (U+0000)"),
        ("leadership.2,,,,,a\x1b[2Jb,", "the owner holds a control character (U+001B)"),
        (
            "leadership.2,,,,file: a.pdf,,",
            'the evidence names a file that is not here, "file: a.pdf" (files are added on the page)',
        ),
        (f"leadership.2,,,{'n' * 20_001},,,", "the note has 20,001 characters, 20,000 is the most"),
        ('leadership.2,,,,,"a\nb",', "the owner must stay on one line"),
        (f"leadership.2,,,,{'e' * 2_001},,", "a line of the evidence has more than 2,000 characters"),
        (f"leadership.2,,,,,{'o' * 255},", "the owner has 255 characters, 254 is the most"),
        (f"{'k' * 60},,,,,,", f'unknown key "{"k" * 40}…"'),
        ("leadership\x1b.2,,,,,,", 'unknown key "leadership\ufffd.2"'),
        (",,,orphan,,,", 'unknown key ""'),
        ("leadership.2,,,a,,", "cells in this row: 6, in the header: 7"),
        ("leadership.2,,,a,,,,", "cells in this row: 8, in the header: 7"),
        ('leadership.2,,,"a"b,,,', QUOTES),
        ('leadership.2,,,"a,,,\nleadership,,,,,,\n', QUOTES),
        (f"leadership.2,,,{'n' * 200_000},,,", "a cell is far too long"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_told_why(cells: str, text: str):
    assert faults(f"{HEADER}\n{cells}\n") == [f"line 2: {text}"]


def test_a_judgement_may_rest_on_the_reason_that_is_stored_already():
    assert changed("key,status\nculture,in_place\n") == {"culture": {"status": "in_place"}}
    assert faults("key,reason\nculture,\n") == ["line 2: a judged condition needs a reason"]


def test_a_reason_may_stay_when_the_judgement_goes():
    assert changed("key,status\nculture,\n") == {"culture": {"status": ""}}
    assert changed("key,reason\nleadership,Kept for later\n") == {"leadership": {"reason": "Kept for later"}}


def test_what_is_stored_already_is_never_held_against_a_row():
    odd = {"leadership.1": row("leadership.1", note="bell\a" * 9_000, owner="two\nlines")}
    assert changes(read(write(odd.values()).encode()), odd) == {}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", f"line 1: {NO_HEADER}"),
        (b"\xef\xbb\xbf", f"line 1: {NO_HEADER}"),
        (
            b"\nleadership.1,in_place\n",
            f"line 2: {NO_HEADER}",
        ),
        (
            b"key;status\nleadership.1;in_place\n",
            f"line 1: {NO_HEADER}",
        ),
        (
            b"key,colour,status,Size\n",
            'line 1: unknown column "colour", "size" '
            "(the columns are key, status, reason, note, evidence, owner, due)",
        ),
        (b"key,note,note\n", 'line 1: the header names "note" more than once'),
        (b'key,"note\n', f"line 1: {QUOTES}"),
        (
            b"key,note\nleadership.2,caf\xe9\n",
            f"line 2: {NO_UTF_8}",
        ),
        (
            "key,note\n".encode("utf-16"),
            f"line 1: {NO_UTF_8}",
        ),
        (b"\x89PNG\r\n\x1a\n\x00", f"line 1: {NO_UTF_8}"),
        (b"k" * 5_000_001, "the file is larger than 5 MB"),
        (b"key\n" + b"leadership\n" * 5_001, "the file has more than 5,000 rows"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_worksheet_is_told_why_in_one_line(raw: bytes, text: str):
    assert faults(raw) == [text]


def test_a_file_of_the_most_rows_is_still_read():
    assert len(faults(b"key\n" + b"leadership\n" * 5_000)) == 4_999


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", "'", "''"])
def test_a_formula_becomes_text_and_comes_back(before: str, start: str):
    cell = f"{before}{start}SUM(A1)"
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "plain", "'quoted' words", "don't", "'", "1 - 2", "'9"])
def test_what_no_spreadsheet_would_run_is_left_alone(cell: str):
    assert (guarded(cell), unguarded(cell)) == (cell, cell)


@given(st.text())
def test_the_guard_loses_nothing(cell: str):
    assert unguarded(guarded(cell)) == cell


# Whatever UTF-8 can carry, with what is hard for CSV and spreadsheets coming often.
hard = st.text(
    st.one_of(st.sampled_from("'\"=+-@,;\r\n\t\x00 "), st.characters(exclude_categories=["Cs"])), max_size=30
)
cells = st.fixed_dictionaries({name: hard for name in COLUMNS if name != "key"})


def items(cell: str) -> str:
    """Pieces of evidence as the tables hold them: a line each, none empty, none twice."""
    lines = (line.strip() for line in cell.replace("\r", "\n").split("\n"))
    return evidence_cell((line, "") for line in dict.fromkeys(lines) if line)


@given(st.dictionaries(st.sampled_from(sorted(CURRENT)), cells))
def test_a_worksheet_taken_over_where_it_was_written_changes_nothing(stored: dict[str, dict[str, str]]):
    # Words and dates hold no spaces at their ends, because the tables hold none.
    current = {
        key: {
            "key": key,
            **row,
            "status": row["status"].strip(),
            "due": row["due"].strip(),
            "evidence": items(row["evidence"]),
        }
        for key, row in stored.items()
    }
    assert changes(read(write(current.values()).encode()), current) == {}


@given(st.lists(cells, min_size=1, max_size=4))
def test_no_cell_that_was_written_would_run(rows: list[dict[str, str]]):
    text = write({"key": "leadership", **row} for row in rows)
    written = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [len(line) for line in written] == [7] * (len(rows) + 1)
    assert not [cell for line in written for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(raw: bytes):
    with suppress(WorksheetError):
        assert changes(read(raw), CURRENT).keys() <= CURRENT.keys()


def test_limits_and_words_are_those_of_the_tables_and_the_pages():
    assert Evidence._meta.get_field("text").max_length == worksheet.MAX_LINK
    assert StepAnswer._meta.get_field("owner").max_length == worksheet.LIMITS["owner"]
    assert ConditionAnswer._meta.get_field("owner").max_length == worksheet.LIMITS["owner"]
    assert worksheet.LIMITS["note"] == worksheet.LIMITS["reason"] == forms.LONG
    assert set(worksheet.STEP_WORDS) == set(StepStatus.values)
    assert set(worksheet.CONDITION_WORDS) == set(ConditionState.values)

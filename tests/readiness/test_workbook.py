"""The Excel worksheet out and in: what it looks like, what it brings back, what it refuses."""

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from municipalities.records import overwrite
from readiness import exchange, imports, queries, services
from readiness.export import workbook
from readiness.export.files import xlsx_file
from readiness.models import ConditionAnswer, Evidence, Round, StepAnswer
from readiness.rules.worksheet import WorksheetError
from tests import factories
from tests.conftest import Cast
from tests.documents.test_uploads import in_short

Edit = Callable[[Worksheet], Any]


def round_of(cast: Cast) -> Round:
    return Round.objects.select_related("municipality").filter(municipality=cast.larkspur).latest("number")


def step(cast: Cast, key: str = "leadership.1") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.get(round=round_of(cast), key=key)
    return row


def taken(cast: Cast) -> bytes:
    return xlsx_file(queries.assessment(cast.larkspur))


def at(sheet: Worksheet, key: str, column: str) -> Any:
    """The cell of that row and column, as somebody finds it by looking."""
    head = {cell.value: cell.column for cell in sheet[workbook.HEAD_ROW]}
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == key)
    return sheet.cell(row, head[column])


def edited(raw: bytes, edit: Edit) -> bytes:
    book = load_workbook(io.BytesIO(raw))
    edit(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring_back(cast: Cast, raw: bytes, take: tuple[str, ...] = (), *, settled: bool = True) -> list[str]:
    round_ = round_of(cast)
    incoming = imports.read("worksheet.xlsx", raw, round_)
    return imports.apply(
        round_=round_, incoming=incoming, taken=take, by=cast.ben, because="Import of worksheet.xlsx", settled=settled
    )


def history() -> int:
    return StepAnswer.history.count() + ConditionAnswer.history.count() + Evidence.history.count()


def test_it_is_laid_out_for_a_meeting(cast: Cast):
    sheet = load_workbook(io.BytesIO(taken(cast))).active
    assert isinstance(sheet, Worksheet)
    assert sheet["A1"].value == "Larkspur County: readiness worksheet, round 1"
    assert [cell.value for cell in sheet[workbook.HEAD_ROW]] == list(workbook.HEAD)
    assert sheet.max_row == workbook.HEAD_ROW + 40
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows) == ("C5", "landscape", "$4:$4")
    assert not sheet.merged_cells.ranges
    choices = {str(v.formula1): len(v.sqref.ranges) for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert set(choices) == {'"Not yet,Under way,In place"', '"Not yet,Partly,In place"'}
    locked = [at(sheet, "leadership.1", name).protection.locked for name in ("Statement", "Status", "Why judged so")]
    assert locked == [True, False, True]


def test_what_was_filled_in_offline_comes_back(cast: Cast):
    def fill(sheet: Worksheet) -> None:
        at(sheet, "leadership.1", "Status").value = "In place"
        at(sheet, "leadership.1", "Note").value = "Told the board.\nAll nodded."
        at(sheet, "leadership.1", "Evidence").value = "Minutes\nhttps://larkspur.example/m"
        at(sheet, "leadership.1", "Owner").value = "Ben Carter"
        at(sheet, "leadership.1", "Due date").value = datetime.date(2027, 1, 29)
        at(sheet, "culture", "Status").value = "Partly"
        at(sheet, "culture", "Why judged so").value = "The garage is not heard."

    assert bring_back(cast, edited(taken(cast), fill)) == ["leadership.1", "culture"]
    row = step(cast)
    assert (row.status, row.note, row.owner, row.due) == (
        "in_place", "Told the board.\nAll nodded.", "Ben Carter", datetime.date(2027, 1, 29),
    )  # fmt: skip
    assert [item.text for item in row.evidence.all()] == ["Minutes", "https://larkspur.example/m"]
    assert ConditionAnswer.objects.get(round=row.round, key="culture").judged == "partly"
    newest = row.history.first()
    assert (newest.history_user, newest.history_change_reason) == (cast.ben, "Import of worksheet.xlsx")


text = st.text(
    st.one_of(st.sampled_from("'\"=+-@,; é_x000D"), st.characters(exclude_categories=["Cs", "Cc"])), max_size=20
).filter(lambda value: "_x" not in value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(["", "not_yet", "under_way", "in_place"]),
    note=st.lists(text, max_size=3).map("\n".join),
    owner=text,
    due=st.one_of(st.none(), st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1))),
)
@example(status="in_place", note="=1+1\n@x", owner="+1 555", due=None)
@example(status="", note="'=1", owner="-", due=datetime.date(2027, 1, 1))
def test_what_was_taken_away_and_brought_back_changes_nothing(
    cast: Cast, status: str, note: str, owner: str, due: datetime.date | None
):
    overwrite(step(cast), by=cast.ana, status=status, note=note, owner=owner, due=due)
    before = history()
    assert (bring_back(cast, taken(cast)), history()) == ([], before)


def test_a_step_in_place_says_whether_anything_shows_it(cast: Cast):
    for key in ("leadership.1", "leadership.2", "leadership.3"):
        overwrite(step(cast, key), by=cast.ana, status="in_place")
    factories.evidence(step(cast, "leadership.2"), "Minutes", cast.ana)
    row = factories.evidence(step(cast, "leadership.3"), "Minutes", cast.ana)
    services.verify(round_=round_of(cast), pk=row.pk, by=cast.ben)
    sheet = load_workbook(io.BytesIO(taken(cast))).active
    assert [at(sheet, f"leadership.{n}", "Shown").value for n in (1, 2, 3, 4)] == [
        "Claimed",
        "Evidenced",
        "Verified",
        None,
    ]


def test_no_cell_is_a_formula(cast: Cast):
    overwrite(step(cast), by=cast.ana, note='=HYPERLINK("https://evil.example")', owner="@ana")
    factories.evidence(step(cast), "=cmd|' /C calc'!A0")
    for row in load_workbook(io.BytesIO(taken(cast))).active.iter_rows():
        assert all(cell.data_type != "f" for cell in row)


def test_what_somebody_changed_here_meanwhile_is_a_conflict_to_choose_in(cast: Cast):
    def fill(sheet: Worksheet) -> None:
        at(sheet, "leadership.1", "Note").value = "From the sheet"
        at(sheet, "leadership.1", "Evidence").value = "Sheet memo"
        at(sheet, "leadership.2", "Note").value = "Only the sheet"

    raw = edited(taken(cast), fill)
    overwrite(step(cast), by=cast.ana, note="From the page", owner="Ana Reyes")
    overwrite(step(cast, "data.1"), by=cast.ana, note="Only the page")
    factories.evidence(step(cast), "Page memo", cast.ana)
    plan = imports.plan(round_of(cast), imports.read("w.xlsx", raw, round_of(cast)))
    assert [(line.name, line.now, line.then, line.conflict) for line in plan.lines] == [
        ("leadership.1:note", "From the page", "From the sheet", True),
        ("leadership.1:evidence", "Page memo", "Sheet memo", True),
        ("leadership.2:note", "", "Only the sheet", False),
    ]
    before = history()
    with pytest.raises(imports.ImportConflictError, match=r"leadership\.1:note, leadership\.1:evidence"):
        bring_back(cast, raw, settled=False)
    assert history() == before
    assert bring_back(cast, raw, ("leadership.1:note",)) == ["leadership.1", "leadership.2"]
    row = step(cast)
    assert (row.note, row.owner, [str(item) for item in row.evidence.all()]) == (
        "From the sheet", "Ana Reyes", ["Page memo"],
    )  # fmt: skip
    assert (step(cast, "leadership.2").note, step(cast, "data.1").note) == ("Only the sheet", "Only the page")


def test_columns_may_be_moved_and_left_out(cast: Cast):
    overwrite(step(cast), by=cast.ana, owner="Ana Reyes")

    def move(sheet: Worksheet) -> None:
        sheet.delete_cols(7, 2)
        sheet.move_range("E4:E44", cols=10)
        at(sheet, "leadership.1", "Note").value = "Moved"

    assert bring_back(cast, edited(taken(cast), move)) == ["leadership.1"]
    assert (step(cast).note, step(cast).owner) == ("Moved", "Ana Reyes")


def put(where: str, value: object) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet[where].value = value

    return edit


def second_sheet(sheet: Worksheet) -> None:
    sheet.parent.create_sheet("More")


def twice(sheet: Worksheet) -> None:
    sheet.cell(45, 1).value = "leadership.1"


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (put("E6", "=1+1"), "line 6: the cell E6 holds a formula; write the value itself"),
        (put("E6", '=HYPERLINK("https://evil.example","x")'), "holds a formula"),
        (put("E6", True), "line 6: the cell E6 holds True, not a text"),
        (put("C6", "Perhaps"), 'line 6: unknown status "Perhaps"'),
        (put("H6", "soon"), 'line 6: "soon" is not a date'),
        (put("A6", "leadership.99"), 'line 6: unknown key "leadership.99"'),
        (put("C5", "Partly"), "line 5: a judged condition needs a reason"),
        (put("F5", "Memo"), "line 5: a condition takes no evidence"),
        (put("G6", "x" * 255), "line 6: the owner has 255 characters, 254 is the most"),
        (put("F6", "file: budget.pdf"), "files are added on the page"),
        (put("E4", "Remarks"), "line 4: unknown column Remarks"),
        (put("E4", "Owner"), "line 4: the column Owner is there more than once"),
        (put("A4", None), "line 4: the column Key is missing"),
        (put("A3", "something"), "line 3: this is not a worksheet that was exported here"),
        (put("B3", "fairmont"), 'exported from another municipality, "fairmont"'),
        (put("C3", "2"), "exported from round 2; the current one is 1"),
        (put("C3", "one"), "this is not a worksheet that was exported here"),
        (lambda sheet: sheet.merge_cells("C6:D7"), "the sheet has merged cells (C6:D7); take them apart"),
        (second_sheet, "the file has more than one sheet"),
        (twice, '"leadership.1" is already on line 6'),
        (put("E50000", "far away"), "the sheet has more than 1,000 rows"),
    ],
)
def test_a_hostile_sheet_ends_in_a_clear_message_with_nothing_changed(cast: Cast, edit: Edit, problem: str):
    raw = edited(taken(cast), edit)
    before = history()
    with pytest.raises(WorksheetError) as refused:
        bring_back(cast, raw)
    assert problem in str(refused.value)
    assert history() == before


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


ENTITIES = (
    b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>"""
)
TYPES = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "this is not an Excel file"),
        (b"key,note\nleadership.1,x\n", "this is not an Excel file"),
        (b"PK\x03\x04 and then nothing", "this is not an Excel file"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (zipped(**{"[Content_Types].xml": TYPES, "word/document.xml": b""}), "this is not an Excel file"),
        (zipped(**{"[Content_Types].xml": TYPES, "xl/workbook.xml": ENTITIES}), "this is not an Excel file"),
        (zipped(**{"[Content_Types].xml": TYPES, "xl/workbook.xml": b"", "xl/vbaProject.bin": b""}), "macros"),
        (zipped(**{"[Content_Types].xml": TYPES, "xl/workbook.xml": b" " * 30_000_000}), "unpacks to far more"),
    ],
    ids=in_short,
)
def test_a_file_that_is_no_worksheet_is_refused_before_it_is_read(cast: Cast, raw: bytes, problem: str):
    with pytest.raises(WorksheetError) as refused:
        imports.read("w.xlsx", raw, round_of(cast))
    assert problem in str(refused.value)


@pytest.mark.one_engine
def test_many_rows_of_another_kind_are_refused(cast: Cast):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(3_000):
        sheet.append([f"key {number}", "in_place"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(WorksheetError, match=r"more than 1,000 rows|unpacks to far more"):
        imports.read("w.xlsx", out.getvalue(), round_of(cast))


def test_a_frozen_round_takes_nothing(cast: Cast):
    raw = edited(taken(cast), put("E6", "Late"))
    decision = services.Decision("prepare", "Not yet.", "Lena", "Mayor", datetime.date(2026, 11, 2))
    services.record_determination(round_=round_of(cast), decision=decision, by=cast.lena)
    with pytest.raises(services.RoundFrozenError):
        bring_back(cast, raw)


def test_the_same_queries_whatever_is_in_it(cast: Cast, django_assert_num_queries):
    small = edited(taken(cast), put("E6", "One"))

    def all_notes(sheet: Worksheet) -> None:
        for row in range(5, 45):
            sheet.cell(row, 5).value = "Words"

    for raw in (small, edited(taken(cast), all_notes)):
        incoming = imports.read("w.xlsx", raw, round_of(cast))
        round_ = round_of(cast)
        with django_assert_num_queries(5):
            imports.plan(round_, incoming)
    assert len(exchange.answers(round_of(cast))) == 40

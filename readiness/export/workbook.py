"""The worksheet as an Excel file: laid out for a meeting, filled in offline, read back with what it was taken from."""

import datetime
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from documents.spreadsheet import open_workbook, put_text
from documents.uploads import UploadError
from readiness.models import ConditionState, StepStatus
from readiness.queries import Assessment, ConditionView, StepView
from readiness.rules.worksheet import MAX_BYTES, Fault, Row, Sheet, WorksheetError

KIND = "mobility-planning worksheet 1"
# The head's words, the columns of the exchange format they stand for, and their widths in characters.
HEAD = {
    "Key": ("key", 15),
    "Statement": ("", 52),
    "Status": ("status", 13),
    "Why judged so": ("reason", 30),
    "Note": ("note", 44),
    "Evidence": ("evidence", 40),
    "Owner": ("owner", 22),
    "Due date": ("due", 13),
    "Version": ("", 9),
    "Mark": ("", 9),
    "Shown": ("", 12),
}
HEAD_ROW = 4
# A worksheet of ours has 45 rows; what has many more, or unpacks to much more, is something else.
MAX_ROWS = 1_000
MAX_UNPACKED = 10_000_000
_LINE = Side(style="thin", color="BFC4CC")
_FILL = PatternFill("solid", fgColor="E9EFF7")


@dataclass(frozen=True)
class Taken:
    """What a worksheet was taken from: the town, the round, the instrument; each row's version and evidence mark."""

    slug: str
    round: int
    instrument: str
    versions: Mapping[str, int]
    marks: Mapping[str, str]


def mark(evidence: str) -> str:
    """A short mark of an evidence cell, to tell whether it changed."""
    return hashlib.sha256(evidence.encode()).hexdigest()[:12]


def write(assessment: Assessment, rows: Mapping[str, Mapping[str, str]]) -> bytes:
    """The worksheet of a round; `rows` are its cells as the exchange format has them, by key."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101
    place = assessment.round.municipality
    title = _("%(place)s: readiness worksheet, round %(n)s") % {"place": place, "n": assessment.round.number}
    sheet.title = "Readiness"
    book.properties.title, book.properties.language, book.properties.creator = title, "en-US", str(place)
    _head(sheet, title, assessment)
    for view in assessment.conditions:
        _line(sheet, view, rows[view.key])
        for step in view.steps:
            _line(sheet, step, rows[step.step.key])
    _lay_out(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, title: str, assessment: Assessment) -> None:
    put_text(sheet.cell(1, 1), title).font = Font(bold=True, size=16)
    hint = _(
        "Fill in the white columns: choose a status, write notes; one piece of evidence a line. Then import the file."
    )
    put_text(sheet.cell(2, 1), hint)
    round_ = assessment.round
    for column, value in enumerate((KIND, round_.municipality.slug, round_.number, round_.instrument_version), start=1):
        put_text(sheet.cell(3, column), str(value)).font = Font(color="71767A", size=9)
    for column, name in enumerate(HEAD, start=1):
        cell = put_text(sheet.cell(HEAD_ROW, column), name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="162E51")


def _line(sheet: Worksheet, view: ConditionView | StepView, cells: Mapping[str, str]) -> None:
    row = sheet.max_row + 1
    condition = isinstance(view, ConditionView)
    statement = f"{view.name}\n{view.condition.question}" if isinstance(view, ConditionView) else view.step.statement
    words = {str(value): str(label) for value, label in (ConditionState if condition else StepStatus).choices}
    shown = {"": statement, **cells, "status": words.get(cells["status"], "")}
    for column, (name, _width) in enumerate(HEAD.values(), start=1):
        cell = sheet.cell(row, column)
        if name == "due" and cells["due"]:
            cell.value, cell.number_format = datetime.date.fromisoformat(cells["due"]), "yyyy-mm-dd"
        elif name or column == 2:
            put_text(cell, shown[name])
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(bottom=_LINE)
        open_ = name not in ("", "key") and not (condition and name == "evidence") and (condition or name != "reason")
        cell.protection = Protection(locked=not open_)
        if condition:
            cell.fill, cell.font = _FILL, Font(bold=column <= 2)
    sheet.cell(row, 9).value = view.answer.version
    put_text(sheet.cell(row, 10), mark(cells["evidence"]))
    if isinstance(view, StepView):
        put_text(sheet.cell(row, 11), _shown(view))


def _shown(step: StepView) -> str:
    """Whether anything shows a step that is in place."""
    told = ((step.verified, _("Verified")), (step.evidenced, _("Evidenced")), (step.claimed, _("Claimed")))
    return next((word for true, word in told if true), "")


def _lay_out(sheet: Worksheet) -> None:
    for number, (_name, width) in enumerate(HEAD.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for letter in ("I", "J"):
        sheet.column_dimensions[letter].hidden = True
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    _choices(sheet, StepStatus.labels, condition=False)
    _choices(sheet, ConditionState.labels, condition=True)
    dates = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True, showErrorMessage=True)
    dates.error = _("Write a date like 2027-03-31.")
    dates.add(f"H{HEAD_ROW + 1}:H{sheet.max_row}")
    sheet.add_data_validation(dates)


def _choices(sheet: Worksheet, labels: list[Any], *, condition: bool) -> None:
    words = [str(label) for label in labels]
    choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    choice.error = _("Choose one of: %(words)s.") % {"words": ", ".join(words)}
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        if ("." not in str(sheet.cell(row, 1).value)) == condition:
            choice.add(f"C{row}")
    sheet.add_data_validation(choice)


# --- Reading ------------------------------------------------------------------------------------------------


def read(raw: bytes) -> tuple[Taken, Sheet]:
    """A worksheet as it was filled in; raises WorksheetError where it is none of ours, or anything in it is amiss."""
    sheet = _open(raw)
    taken = _taken(sheet)
    columns = _columns(sheet)
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, cells in enumerate(sheet.iter_rows(min_row=HEAD_ROW + 1), start=HEAD_ROW + 1):
        try:
            values = {name: _value(cells[at], name) for name, at in columns.items() if name}
        except WorksheetError as wrong:
            faults.extend(wrong.faults)
            continue
        if any(values.values()):
            rows.append(Row(number, values.pop("key"), values))
    return _with_versions(taken, sheet), Sheet(tuple(rows), tuple(faults))


def _open(raw: bytes) -> Worksheet:
    if len(raw) > MAX_BYTES:
        raise WorksheetError(Fault(0, f"the file is larger than {MAX_BYTES // 1_000_000} MB"))
    try:
        book = open_workbook(raw, unpacked=MAX_UNPACKED)
    except UploadError as error:
        raise WorksheetError(Fault(0, REFUSED[error.code])) from error
    return _only_sheet(book)


REFUSED = {
    "content": "this is not an Excel file (xlsx), or it is damaged or locked by a password",
    "bomb": "the file unpacks to far more than a worksheet holds",
    "macros": "the file holds macros; save it without them",
}


def _only_sheet(book: Workbook) -> Worksheet:
    if len(book.sheetnames) != 1:
        raise WorksheetError(Fault(0, "the file has more than one sheet; keep only the worksheet"))
    sheet = book.worksheets[0] if book.worksheets else None
    if sheet is None or sheet.max_row > MAX_ROWS:
        raise WorksheetError(Fault(0, f"the sheet has more than {MAX_ROWS:,} rows"))
    if sheet.merged_cells.ranges:
        where = ", ".join(str(area) for area in list(sheet.merged_cells.ranges)[:3])
        raise WorksheetError(Fault(0, f"the sheet has merged cells ({where}); take them apart"))
    return sheet


def _taken(sheet: Worksheet) -> Taken:
    kind, slug, number, version = (sheet.cell(3, column).value for column in range(1, 5))
    if kind != KIND or not str(number).isdecimal():
        raise WorksheetError(Fault(3, "this is not a worksheet that was exported here (its third row says so)"))
    return Taken(str(slug), int(str(number)), str(version), {}, {})


def _columns(sheet: Worksheet) -> dict[str, int]:
    """Where each column of the exchange format stands; columns may be moved, not renamed."""
    names = [cell.value for cell in sheet[HEAD_ROW]]
    strangers = [str(name) for name in names if name not in (None, *HEAD)]
    if strangers:
        raise WorksheetError(Fault(HEAD_ROW, f"unknown column {', '.join(strangers)}"))
    twice = [name for name in HEAD if names.count(name) > 1]
    if twice or "Key" not in names:
        problem = f"the column {', '.join(twice)} is there more than once" if twice else "the column Key is missing"
        raise WorksheetError(Fault(HEAD_ROW, problem))
    return {HEAD[name][0]: at for at, name in enumerate(names) if name in HEAD}


def _value(cell: Cell, name: str) -> str:
    value = cell.value
    where = f"{cell.column_letter}{cell.row}"
    if cell.data_type == "f" or not isinstance(value, str | int | float | datetime.date | None):
        raise WorksheetError(Fault(cell.row, f"the cell {where} holds a formula; write the value itself"))
    if isinstance(value, bool) or cell.data_type == "e":
        raise WorksheetError(Fault(cell.row, f"the cell {where} holds {value}, not a text"))
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value if value is not None else "")
    )
    return _cleaned(text, name)


def _cleaned(text: str, name: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_\n", "\n")
    if name == "status":
        return WORDS.get(plain.strip().casefold(), plain.strip())
    if name == "evidence":
        return "\n".join(dict.fromkeys(line for line in map(str.strip, plain.split("\n")) if line))
    return plain.strip() if name in ("key", "due") else plain


WORDS = {str(label).casefold(): str(value) for value, label in (*StepStatus.choices, *ConditionState.choices)}


def _with_versions(taken: Taken, sheet: Worksheet) -> Taken:
    versions, marks = {}, {}
    for key, version, evidence in _versions(sheet):
        if isinstance(version, int) and not isinstance(version, bool):
            versions[str(key)] = version
        if isinstance(evidence, str):
            marks[str(key)] = evidence
    return Taken(taken.slug, taken.round, taken.instrument, versions, marks)


def _versions(sheet: Worksheet) -> Iterator[tuple[object, object, object]]:
    """The hidden columns, found by their names like the others."""
    at = {cell.value: cell.column for cell in sheet[HEAD_ROW]}
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        found = (sheet.cell(row, at[name]).value if name in at else None for name in ("Key", "Version", "Mark"))
        yield tuple(found)  # type: ignore[misc]

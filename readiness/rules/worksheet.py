"""
The assessment as a worksheet: CSV into checked changes, and rows into CSV.

A row answers a step (`leadership.1`) or a condition (`leadership`). Columns may come in any order; one
that is left out leaves its field as it is, an empty cell empties it.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from documents.cells import guarded, one_newline, unguarded
from municipalities.rules.text import control_character, printable
from readiness.rules.checklist import State, Status

COLUMNS = ("key", "status", "reason", "note", "evidence", "owner", "due")
LIMITS = {"reason": 20_000, "note": 20_000, "evidence": 20_000, "owner": 254}
ONE_LINE = ("owner",)
MAX_LINK = 2_000
# How a worksheet shows a file beside a step. Files come and go on the page alone.
FILE = "file: "
MAX_BYTES = 5_000_000
MAX_ROWS = 5_000

STEP_WORDS = tuple(str(status) for status in Status if status)
CONDITION_WORDS = (str(State.IN_PLACE), str(State.PARTLY), str(State.NOT_YET))

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong in the row that begins on `line`; 0 for the file as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


class WorksheetError(Exception):
    """A worksheet that cannot be taken over: every fault, in the order of the lines."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Row:
    """A row as it was read: the physical line it begins on, its key, the cells under its other columns."""

    line: int
    key: str
    cells: Cells


@dataclass(frozen=True)
class Sheet:
    """The rows that could be read, and what is wrong with those that could not."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()


def write(rows: Iterable[Cells]) -> str:
    """CSV with a header and a line feed after each row; no cell in it is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(one_newline(row[name])) for name in COLUMNS] for row in rows)
    return file.getvalue()


def read(raw: bytes) -> Sheet:
    """The rows of a CSV file; raises WorksheetError where it is none, or has no header of known columns."""
    lines = _lines(_text(raw))
    names = _header(*next(lines, (1, [])))
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        for line, cells in islice(lines, MAX_ROWS + 1):
            if len(cells) == len(names):
                values = {name: _value(name, cell) for name, cell in zip(names, cells, strict=True)}
                rows.append(Row(line, values.pop("key"), values))
            else:
                faults.append(Fault(line, f"cells in this row: {len(cells)}, in the header: {len(names)}"))
    except WorksheetError as unreadable:
        faults.extend(unreadable.faults)
    if len(rows) + len(faults) > MAX_ROWS:
        raise WorksheetError(Fault(0, f"the file has more than {MAX_ROWS:,} rows"))
    return Sheet(tuple(rows), tuple(faults))


def changes(sheet: Sheet, current: Mapping[str, Cells]) -> dict[str, dict[str, str]]:
    """
    What the sheet changes in the `current` cells: key to column to new cell. What is equal is left out.

    Raises WorksheetError with every fault of the sheet, those met while reading included.
    """
    found: dict[str, dict[str, str]] = {}
    first: dict[str, int] = {}
    faults = list(sheet.faults)
    for row in sheet.rows:
        if row.key not in current:
            faults.append(Fault(row.line, f"unknown key {quoted(row.key)}"))
        elif row.key in first:
            faults.append(Fault(row.line, f"{quoted(row.key)} is already on line {first[row.key]}"))
        else:
            first[row.key] = row.line
            found[row.key] = _difference(row.cells, current[row.key])
            faults += [Fault(row.line, text) for text in _wrong(found[row.key], row.cells, current[row.key])]
    if faults:
        raise WorksheetError(*faults)
    return {key: cells for key, cells in found.items() if cells}


def evidence_cell(items: Iterable[tuple[str, str]]) -> str:
    """The evidence of a step, a line each: links and document names (`text`), then the names of files."""
    rows = list(items)
    texts = [text for text, name in rows if not name]
    return "\n".join([*texts, *(f"{FILE}{name}" for _text, name in rows if name)])


def links(cell: str) -> tuple[str, ...]:
    """The links and document names in an evidence cell, each once; its files are not ours to change."""
    return tuple(line for line in cell.split("\n") if line and not line.startswith(FILE))


def quoted(cell: str) -> str:
    """The cell as a message may show it: short, on one line, nothing in it that a terminal would obey."""
    shown = printable(cell)
    return f'"{shown[:40]}…"' if len(shown) > 40 else f'"{shown}"'


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise WorksheetError(Fault(0, f"the file is larger than {MAX_BYTES // 1_000_000} MB"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        text = "this is not UTF-8 text (a spreadsheet calls the format to choose CSV UTF-8)"
        raise WorksheetError(Fault(line, text)) from error


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with a filled cell, and the physical line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise WorksheetError(Fault(line, _unreadable(error))) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _unreadable(error: csv.Error) -> str:
    if "limit" in str(error):
        return "a cell is far too long"
    return "a quotation mark is not closed, or not doubled inside its cell"


def _header(line: int, cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    if "key" not in names:
        text = f"the header is missing: the first line names the columns, like {','.join(COLUMNS)}"
        raise WorksheetError(Fault(line, text))
    strangers = [quoted(name) for name in names if name not in COLUMNS]
    if strangers:
        known = ", ".join(COLUMNS)
        raise WorksheetError(Fault(line, f"unknown column {', '.join(strangers)} (the columns are {known})"))
    twice = [quoted(name) for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise WorksheetError(Fault(line, f"the header names {', '.join(twice)} more than once"))
    return names


def _value(name: str, cell: str) -> str:
    """The cell as it is stored: one kind of newline, no apostrophe of ours, no spaces around bare words."""
    plain = unguarded(one_newline(cell))
    if name == "evidence":
        return "\n".join(dict.fromkeys(line for line in map(str.strip, plain.split("\n")) if line))
    return plain if name in LIMITS else plain.strip()


def _difference(new: Cells, old: Cells) -> dict[str, str]:
    return {name: cell for name, cell in new.items() if cell != one_newline(old[name])}


def _wrong(changed: Cells, cells: Cells, current: Cells) -> Iterator[str]:
    """What the row's cells would make wrong. What is stored already is not held against it."""
    row = {**current, **cells}
    step = "." in row["key"]
    if "status" in changed:
        yield from _wrong_status(changed["status"], step=step)
    if step and changed.get("reason"):
        yield "a step takes no reason (leave it empty)"
    if not step and changed.keys() & {"status", "reason"} and row["status"] and not row["reason"].strip():
        yield "a judged condition needs a reason"
    if not step and changed.get("evidence"):
        yield "a condition takes no evidence (leave it empty)"
    yield from _wrong_evidence(changed.get("evidence", ""), current["evidence"])
    for name in LIMITS:
        yield from _wrong_text(name, changed.get(name, ""))
    if changed.get("due") and not _is_date(changed["due"]):
        yield f"{quoted(changed['due'])} is not a date (write it like 2027-03-31)"


def _wrong_evidence(cell: str, before: str) -> Iterator[str]:
    if any(len(link) > MAX_LINK for link in links(cell)):
        yield f"a line of the evidence has more than {MAX_LINK:,} characters"
    known = before.split("\n")
    for line in cell.split("\n"):
        if line.startswith(FILE) and line not in known:
            yield f"the evidence names a file that is not here, {quoted(line)} (files are added on the page)"


def _wrong_status(status: str, *, step: bool) -> Iterator[str]:
    own, others = (STEP_WORDS, CONDITION_WORDS) if step else (CONDITION_WORDS, STEP_WORDS)
    if status and status not in own:
        what = f"a {'step' if step else 'condition'} cannot be" if status in others else "unknown status"
        yield f"{what} {quoted(status)} (use {', '.join(own)} or leave empty)"


def _wrong_text(name: str, cell: str) -> Iterator[str]:
    if len(cell) > LIMITS[name]:
        yield f"the {name} has {len(cell):,} characters, {LIMITS[name]:,} is the most"
    control = control_character(cell, allowed="\t\n")
    if control:
        yield f"the {name} holds a control character ({control})"
    if name in ONE_LINE and "\n" in cell:
        yield f"the {name} must stay on one line"


def _is_date(cell: str) -> bool:
    try:
        return bool(ISO_DATE.fullmatch(cell) and datetime.date.fromisoformat(cell))
    except ValueError:
        return False

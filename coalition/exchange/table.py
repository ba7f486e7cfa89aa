"""A CSV or Excel file as lines of text cells, whatever program wrote it."""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.exchange.columns import known_names
from documents.cells import unguarded
from documents.spreadsheet import BROKEN, open_workbook
from documents.uploads import UploadError

MAX_BYTES = 5_000_000
MAX_ROWS = 6_000
MAX_COLUMNS = 300
MAX_UNPACKED = 60_000_000
# How far down the line with the names of the columns may stand: titles and group heads come before it.
HEADER_WITHIN = 10
DELIMITERS = ",;\t|"


class TableError(Exception):
    """A file that cannot be read as a table, in words."""


@dataclass(frozen=True)
class Table:
    """The names of the columns, and every line with anything in it: its number in the file and a cell a column."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read(name: str, raw: bytes) -> Table:
    """The table in a file whose name ends in .csv, .txt or .xlsx; raises TableError."""
    if len(raw) > MAX_BYTES:
        raise TableError(_("The file is larger than %(n)s MB.") % {"n": MAX_BYTES // 1_000_000})
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".xlsx":
        return _table(_excel(raw))
    if kind in (".csv", ".txt"):
        return _table(_csv(_decoded(raw)))
    raise TableError(_("Choose a file that ends in .csv or .xlsx."))


def _table(lines: Iterable[tuple[int, Sequence[str]]]) -> Table:
    filled = ((number, tuple(cells)) for number, cells in lines if any(cells))
    # Not a line more is read than it takes to see that they are too many.
    found = list(islice(filled, MAX_ROWS + 1))
    if not found:
        raise TableError(_("There is nothing in the file."))
    if len(found) > MAX_ROWS:
        raise TableError(_("The file has more than %(n)s lines.") % {"n": f"{MAX_ROWS:,}"})
    at = _header_at(found)
    header = _trimmed(found[at][1])
    if len(header) > MAX_COLUMNS:
        words = {"n": len(header), "most": MAX_COLUMNS}
        raise TableError(_("The file has %(n)s columns; keep at most %(most)s.") % words)
    width = len(header)
    # A line that repeats the header comes of files put one under the other.
    rows = tuple(
        (number, (*cells[:width], *[""] * (width - len(cells))))
        for number, cells in found[at + 1 :]
        if any(cells[:width]) and _trimmed(cells) != header
    )
    if not rows:
        raise TableError(_("There is no line below the names of the columns."))
    return Table(header, rows)


def _header_at(lines: Sequence[tuple[int, Sequence[str]]]) -> int:
    """The line that knows most of our columns' names, the first of the file where none knows any."""
    scores = [known_names(cells) for _number, cells in lines[:HEADER_WITHIN]]
    return scores.index(max(scores))


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    last = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
    return tuple(cells[:last])


def _decoded(raw: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else the Windows encoding that older spreadsheets write."""
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableError(_("This is not a text file (a spreadsheet calls the format to choose “CSV UTF-8”)."))


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [unguarded(cell).strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(
            _("Line %(n)s cannot be read: a quotation mark is missing or too long.") % {"n": line}
        ) from error


def _delimiter(text: str) -> str:
    """The one that the first lines use most; a comma where none stands."""
    head = text[:20_000].splitlines()[:HEADER_WITHIN]
    return max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in head), default=0))


def _excel(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        book = open_workbook(raw, unpacked=MAX_UNPACKED, read_only=True, data_only=True)
        sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
        if sheet is None:
            raise TableError(_("The file has no sheet that can be seen."))
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), 1):
            yield number, [_cell(value) for value in cells]
    except UploadError as error:
        raise TableError(str(REFUSED[error.code])) from error
    except BROKEN as error:
        raise TableError(str(REFUSED["content"])) from error


REFUSED = {
    "content": gettext_lazy("This is not an Excel file (xlsx), or it is damaged or locked by a password."),
    "bomb": gettext_lazy("The file unpacks to far more than a roster holds."),
    "macros": gettext_lazy("The file holds macros; save it without them."),
}


def _cell(value: Any) -> str:
    """What a cell shows: whole numbers without a fraction, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unguarded(str(value)).strip()

"""A CSV or Excel file as lines of text cells, whatever program wrote it."""

import csv
import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from coalition.exchange.columns import known_names
from documents.uploads import UploadError, office_parts
from municipalities.rules.text import unguarded

MAX_BYTES = 5_000_000
MAX_ROWS = 6_000
MAX_COLUMNS = 300
MAX_UNPACKED = 60_000_000
# How far down the line with the names of the columns may stand: titles and group heads come before it.
HEADER_WITHIN = 10
DELIMITERS = ",;\t|"
_SHEET = "xl/workbook.xml"


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
    found = [(number, tuple(cells)) for number, cells in lines if any(cells)]
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
        office_parts(io.BytesIO(raw), _SHEET)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise TableError(_("The file unpacks to far more than a roster holds."))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
            if sheet is None:
                raise TableError(_("The file has no sheet that can be seen."))
            rows = sheet.iter_rows(max_row=MAX_ROWS + HEADER_WITHIN, max_col=MAX_COLUMNS + 1, values_only=True)
            yield from ((number, [_cell(value) for value in cells]) for number, cells in enumerate(rows, 1))
    except UploadError as error:
        raise TableError(_("This is not an Excel file (xlsx), or it holds macros or is damaged.")) from error
    except (InvalidFileException, ValueError, KeyError, TypeError, AttributeError, OSError, SyntaxError) as error:
        raise TableError(_("This Excel file is damaged or locked by a password.")) from error


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

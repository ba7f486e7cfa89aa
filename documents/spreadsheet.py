"""Excel files that people bring, opened only where they are harmless; and texts put into those they take away."""

import io
import warnings
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from documents.cells import FORMULA
from documents.uploads import SHEET, UploadError, office_parts

# What reading a damaged file may raise, when it is opened or further down.
BROKEN = (InvalidFileException, ValueError, KeyError, TypeError, AttributeError, OSError, SyntaxError)


def open_workbook(raw: bytes, *, unpacked: int, **options: Any) -> Workbook:
    """
    The workbook in an xlsx file that unpacks to at most so many bytes; `options` are openpyxl's.

    Raises UploadError: "content" for what is no such file, "macros", "bomb".
    """
    try:
        office_parts(io.BytesIO(raw), SHEET)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > unpacked:
                raise UploadError("bomb")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(raw), keep_links=False, **options)
    except BROKEN as error:
        raise UploadError("content") from error


def put_text(cell: Any, text: str) -> Any:
    """The cell with text as text: what a spreadsheet would run as a formula stays words."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = bool(FORMULA.match(text))
    return cell

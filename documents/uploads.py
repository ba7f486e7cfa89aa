"""
What people bring: a file is taken only where its name and its content agree on one of a few harmless kinds.

Nothing here is run, unpacked to the disk or shown in a page; a taken file is handed out again as an attachment.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MAX_BYTES = 20_000_000
MAX_NAME = 255
# Limits of what an office file may unpack to: far above what people write, far below what fills a machine.
MAX_PARTS = 5_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
CHUNK = 1 << 16


class UploadError(Exception):
    """A file that is not taken; `code` names the rule it breaks."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Checked:
    """A file that is taken: the name to show it by, its size in bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is sent as, and what its content must be like."""

    content_type: str
    fits: Callable[[IO[bytes]], bool]


def check(name: str, file: IO[bytes], *, kinds: Mapping[str, Kind] | None = None, most: int | None = None) -> Checked:
    """
    The file, where it is what its name says; raises UploadError.

    `kinds`: what may come, by the end of its name (else KINDS); `most`: how many bytes (else MAX_BYTES).
    """
    shown = clean_name(name)
    kind = (KINDS if kinds is None else kinds).get(PurePosixPath(shown).suffix.lower())
    if kind is None:
        raise UploadError("kind")
    size, digest = _measure(file, most or MAX_BYTES)
    if not kind.fits(file):
        raise UploadError("content")
    file.seek(0)
    return Checked(shown, size, digest)


def clean_name(name: str) -> str:
    """The last part of a path, without what hides or turns characters round; never empty, at most MAX_NAME long."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else c for c in last)
    shown = " ".join(plain.split()).strip(". ")
    stem, dot, suffix = shown.rpartition(".")
    if not dot or not stem:
        return shown[:MAX_NAME] or "file"
    return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"[-MAX_NAME:]


def content_type(name: str) -> str:
    """What a file of that name is sent as."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    return kind.content_type if kind else "application/octet-stream"


def _measure(file: IO[bytes], most: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise UploadError("large")
        digest.update(chunk)
    if size == 0:
        raise UploadError("empty")
    return size, digest.hexdigest()


def _ends(file: IO[bytes], length: int) -> bytes:
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - length))
    return file.read()


def _starts(file: IO[bytes], length: int) -> bytes:
    file.seek(0)
    return file.read(length)


def _is_pdf(file: IO[bytes]) -> bool:
    return _starts(file, 5) == b"%PDF-" and b"%%EOF" in _ends(file, 2048)


def _is_png(file: IO[bytes]) -> bool:
    # Whole: what follows a picture's end is a second file in disguise.
    return _starts(file, 8) == b"\x89PNG\r\n\x1a\n" and _ends(file, 12) == b"\0\0\0\0IEND\xaeB`\x82"


def _is_jpeg(file: IO[bytes]) -> bool:
    return _starts(file, 3) == b"\xff\xd8\xff" and _ends(file, 64).rstrip(b"\0").endswith(b"\xff\xd9")


def _is_webp(file: IO[bytes]) -> bool:
    head = _starts(file, 12)
    # Whole: the file says how long it is.
    length = file.seek(0, io.SEEK_END)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP" and int.from_bytes(head[4:8], "little") + 8 == length


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            return False
    return not re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text)


def office_parts(file: IO[bytes], main: str) -> frozenset[str]:
    """
    The names of the parts of an office file whose `main` part is there, within the limits; raises UploadError.

    Refused are macros, encryption, an archive behind other bytes, and what would unpack beyond MAX_UNPACKED bytes.
    """
    if _starts(file, 4) != b"PK\x03\x04":
        raise UploadError("content")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UploadError("content") from error
    names = frozenset(entry.filename for entry in entries)
    if len(entries) > MAX_PARTS or any(_swells(entries)):
        raise UploadError("bomb")
    if any("vbaproject" in name.lower() for name in names):
        raise UploadError("macros")
    if not {"[Content_Types].xml", main} <= names or any(entry.flag_bits & 1 for entry in entries):
        raise UploadError("content")
    return names


def _swells(entries: list[zipfile.ZipInfo]) -> Iterator[bool]:
    yield sum(entry.file_size for entry in entries) > MAX_UNPACKED
    for entry in entries:
        # A small part may well shrink a lot; only a large one is a danger.
        yield entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(1, entry.compress_size)


def _is_office(main: str) -> Callable[[IO[bytes]], bool]:
    def fits(file: IO[bytes]) -> bool:
        return bool(office_parts(file, main))

    return fits


_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD, SHEET = "word/document.xml", "xl/workbook.xml"
KINDS = {
    ".pdf": Kind("application/pdf", _is_pdf),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", _is_office(WORD)),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _is_office(SHEET)),
    ".png": Kind("image/png", _is_png),
    ".jpg": Kind("image/jpeg", _is_jpeg),
    ".jpeg": Kind("image/jpeg", _is_jpeg),
    ".txt": Kind("text/plain; charset=utf-8", _is_text),
    ".csv": Kind("text/csv; charset=utf-8", _is_text),
    ".md": Kind("text/markdown; charset=utf-8", _is_text),
}

# Those that can be drawn anew (`documents.pictures`). SVG is none of them: it is a page of its own and can run scripts.
PICTURES = {
    **{suffix: KINDS[suffix] for suffix in (".png", ".jpg", ".jpeg")},
    ".webp": Kind("image/webp", _is_webp),
}


class LimitedUpload(FileUploadHandler):
    """
    Drops a file that goes on beyond MAX_BYTES instead of filling the disk with it; the rest of the form arrives.

    The request then says so in `too_large`.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            self.request.too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

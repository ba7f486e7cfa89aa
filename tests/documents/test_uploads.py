"""What people bring: taken only where name and content agree."""

import hashlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import uploads
from documents.uploads import MAX_NAME, UploadError, check, clean_name, content_type

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20 + b"\xff\xd9"
MACHINE = b"MZ\x90\x00" + bytes(range(256))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)


def in_short(value: object) -> str:
    """For the name of a test: what is in a zip file is another from second to second."""
    return value if isinstance(value, str) else "file"


def office(main: str = uploads.WORD, *more: str, size: int = 10, types: bool = True) -> bytes:
    """An office file with that main part, each part of `size` bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (*(["[Content_Types].xml"] if types else []), main, *more):
            archive.writestr(name, b" " * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Memo.pdf", PDF),
        ("MEMO.PDF", PDF),
        ("board.png", PNG),
        ("garage.jpg", JPEG),
        ("garage.jpeg", JPEG + b"\0\0"),
        ("letter.docx", office()),
        ("budget.xlsx", office(uploads.SHEET)),
        ("notes.txt", "Zoë’s notes\r\n\tand more".encode()),
        ("notes.md", "\ufeffZoë".encode()),
        ("old.csv", "Zoë;1".encode("cp1252")),
    ],
    ids=in_short,
)
def test_a_file_that_is_what_it_says_is_taken(name: str, content: bytes):
    taken = check(name, io.BytesIO(content))
    assert (taken.name, taken.size, taken.sha256) == (name, len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("page.html", b"<script>alert(1)</script>", "kind"),
        ("setup.exe", MACHINE, "kind"),
        ("letter.docm", office(), "kind"),
        ("old.doc", b"\xd0\xcf\x11\xe0", "kind"),
        ("pdf", PDF, "kind"),
        ("memo.pdf.exe", PDF, "kind"),
        ("setup.pdf", MACHINE, "content"),
        ("setup.txt", MACHINE, "content"),
        ("page.pdf", b"<html>%PDF-1.7 %%EOF", "content"),
        ("cut.pdf", PDF[:12], "content"),
        ("letter.pdf", office(), "content"),
        ("letter.docx", PDF, "content"),
        ("sheet.docx", office(uploads.SHEET), "content"),
        ("letter.xlsx", office(), "content"),
        ("bare.docx", office(types=False), "content"),
        ("behind.docx", PDF + office(), "content"),
        ("cut.docx", office()[:60], "content"),
        ("macros.docx", office(uploads.WORD, "word/vbaProject.bin"), "macros"),
        ("macros.xlsx", office(uploads.SHEET, "xl/VBAPROJECT.BIN"), "macros"),
        ("bomb.xlsx", office(uploads.SHEET, "xl/sharedStrings.xml", size=2_000_000), "bomb"),
        ("parts.docx", office(uploads.WORD, *(f"p{n}" for n in range(uploads.MAX_PARTS)), size=0), "bomb"),
        ("second.png", PNG + b"PK\x03\x04", "content"),
        ("second.jpg", JPEG + b"PK\x03\x04", "content"),
        ("nothing.pdf", b"", "empty"),
        ("cp1252.txt", b"\x81\x8d", "content"),
    ],
    ids=in_short,
)
def test_a_file_that_is_something_else_is_refused(name: str, content: bytes, code: str):
    with pytest.raises(UploadError) as refused:
        check(name, io.BytesIO(content))
    assert refused.value.code == code


def test_a_file_is_measured_without_reading_on_beyond_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", uploads.CHUNK)
    check("just.txt", io.BytesIO(b"x" * uploads.CHUNK))
    file = io.BytesIO(b"x" * (uploads.CHUNK * 5))
    with pytest.raises(UploadError, match="large"):
        check("more.txt", file)
    assert file.tell() == uploads.CHUNK * 2


def test_an_encrypted_office_file_is_refused():
    content = bytearray(office())
    # The flag that says so stands in each entry's head and once more in the directory.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UploadError, match="content"):
        check("locked.docx", io.BytesIO(bytes(content)))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Ana\\memo.pdf", "memo.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("memo\u202efdp.exe", "memo fdp.exe"),
        ("  .hidden.txt ", "hidden.txt"),
        ("", "file"),
        ("...", "file"),
        ("Zoë 年.pdf", "Zoë 年.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
        ("x." + "y" * 400, "y" * MAX_NAME),
    ],
)
def test_a_name_loses_its_path_and_what_hides_in_it(name: str, shown: str):
    assert clean_name(name) == shown


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_clean_name_stays_as_it_is(name: str):
    once = clean_name(name)
    assert 0 < len(once) <= MAX_NAME
    assert not set(once) & set("/\\\r\n\0")
    assert clean_name(once) == once


@pytest.mark.parametrize(
    ("name", "sent_as"),
    [("a.PDF", "application/pdf"), ("a.txt", "text/plain; charset=utf-8"), ("a.html", "application/octet-stream")],
)
def test_a_file_is_sent_as_what_its_name_says(name: str, sent_as: str):
    assert content_type(name) == sent_as

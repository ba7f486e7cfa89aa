"""An unchanged plan is drawn once; a changed, damaged or unkept one is drawn anew."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
from django.conf import LazySettings

from documents import cache
from documents.apart import RenderError
from plans.export.document import Document
from tests.plans import pdf_samples

DOCUMENT = pdf_samples.small()


class Press:
    """Renders by counting."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, document: Document) -> bytes:
        self.runs += 1
        return f"%PDF {document.place} {self.runs}".encode()


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    return tmp_path / "exports"


def test_unchanged_document_is_rendered_once(folder: Path) -> None:
    press = Press()
    first, second = cache.cached_pdf(DOCUMENT, press), cache.cached_pdf(replace(DOCUMENT), press)
    assert first == second == b"%PDF City of Larkspur 1"
    assert press.runs == 1
    assert folder.stat().st_mode & 0o077 == 0


def test_any_changed_value_is_rendered_anew(folder: Path) -> None:
    press = Press()
    section = replace(DOCUMENT.sections[3], body="One word more.")
    sections = (*DOCUMENT.sections[:3], section, *DOCUMENT.sections[4:])
    for document in (DOCUMENT, replace(DOCUMENT, is_draft=False), replace(DOCUMENT, sections=sections)):
        cache.cached_pdf(document, press)
    assert press.runs == 3


def test_changed_template_style_or_engine_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key(DOCUMENT)
    monkeypatch.setattr(cache, "engine_digest", lambda: "another engine")
    assert cache.key(DOCUMENT) != before


def test_digest_covers_templates_styles_fonts_and_code() -> None:
    names = {path.name for path in cache._shaping_files()}
    assert {"document.html", "_bar_segments.svg.html", "print.css", "in_place.svg"} <= names
    assert {"pdf.py", "markdown.py"} <= names
    assert {"PublicSans-Regular.ttf", "noto-sans-hebrew-hebrew-400-normal.woff2"} <= names


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 100])
def test_damaged_file_is_rendered_anew_and_mended(folder: Path, damage: bytes) -> None:
    press = Press()
    cache.cached_pdf(DOCUMENT, press)
    (folder / cache.key(DOCUMENT)).write_bytes(damage)
    assert cache.cached_pdf(DOCUMENT, press).endswith(b" 2")
    assert cache.cached_pdf(DOCUMENT, press).endswith(b" 2")


def test_only_the_files_used_last_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 3)
    press = Press()
    documents = [replace(DOCUMENT, title=str(n)) for n in range(5)]
    for age, document in enumerate(documents[:3]):
        cache.cached_pdf(document, press)
        os.utime(folder / cache.key(document), (age, age))
    cache.cached_pdf(documents[0], press)
    cache.cached_pdf(documents[3], press)
    kept = {path.name for path in folder.iterdir()}
    assert kept == {cache.key(documents[n]) for n in (0, 2, 3)}


def test_folder_that_cannot_be_written_costs_no_document(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.EXPORT_CACHE_DIR = tmp_path / "file"
    press = Press()
    assert cache.cached_pdf(DOCUMENT, press).endswith(b" 1")


class SlowPress(Press):
    def __call__(self, document: Document) -> bytes:
        sleep(0.2)
        return super().__call__(document)


def test_the_same_document_asked_for_at_once_is_drawn_once(folder: Path) -> None:
    press, start = SlowPress(), Barrier(4)

    def ask(_n: int) -> bytes:
        start.wait()
        return cache.cached_pdf(DOCUMENT, press)

    with ThreadPoolExecutor(4) as people:
        found = list(people.map(ask, range(4)))
    assert (found, press.runs) == ([b"%PDF City of Larkspur 1"] * 4, 1)
    assert [path.name for path in folder.iterdir()] == [cache.key(DOCUMENT)]


def test_another_process_that_draws_the_document_is_waited_for(folder: Path) -> None:
    folder.mkdir()
    path = folder / cache.key(DOCUMENT)
    held = (
        "import fcntl, hashlib, pathlib, sys, time\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "lock = path.with_suffix('.lock').open('wb')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "time.sleep(0.3)\n"
        "path.write_bytes(hashlib.sha256(b'theirs').digest() + b'theirs')\n"
    )
    with subprocess.Popen([sys.executable, "-c", held, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert cache.cached_pdf(DOCUMENT, Press()) == b"theirs"


def test_a_document_that_could_not_be_drawn_is_drawn_by_the_next(folder: Path) -> None:
    def broken(document: Document) -> bytes:
        raise RenderError

    with pytest.raises(RenderError):
        cache.cached_pdf(DOCUMENT, broken)
    assert cache.cached_pdf(DOCUMENT, Press()).endswith(b" 1")


def test_where_nothing_can_be_locked_the_document_is_drawn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError

    monkeypatch.setattr("fcntl.flock", refuse)
    assert cache.cached_pdf(DOCUMENT, Press()).endswith(b" 1")


def test_the_key_is_reckoned_once_where_the_caller_has_it(folder: Path) -> None:
    cache.cached_pdf(DOCUMENT, Press(), known_as="mine")
    assert [path.name for path in folder.iterdir()] == ["mine"]

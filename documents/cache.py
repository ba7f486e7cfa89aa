"""Finished documents kept as files, found again by what they show: an unchanged document is never drawn twice."""

import dataclasses
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings

from documents.static_files import STATIC

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

D = TypeVar("D", bound="DataclassInstance")

KEPT = 200
_DIGEST_LENGTH = 32
_PACKAGES = (
    *("weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "cssselect2"),
    *("django", "markdown-it-py", "nh3"),
    *("python-docx", "python-pptx", "lxml", "pypdfium2", "pillow"),
)


def cached_pdf(document: D, render: Callable[[D], bytes], *, known_as: str | None = None) -> bytes:
    """The PDF of `document`, drawn where it is not kept yet; `known_as` is its key, where the caller has it."""
    return cached_file(known_as or key(document), lambda: render(document))


def cached_file(known_as: str, render: Callable[[], bytes]) -> bytes:
    """The file of that key: from the cache where it stands there whole, else rendered and put there.

    A key covers every value of the document and everything that shapes it
    (templates, styles, fonts, code, engine), so a file is never stale. The newest KEPT files stay. Whoever asks
    while it is being drawn, in this process or another, waits for that one.
    """
    path = Path(settings.EXPORT_CACHE_DIR) / known_as
    kept = kept_file(known_as)
    if kept is not None:
        return kept
    with _alone(path):
        made = _read(path)
        if made is None:
            made = render()
            _write(path, made)
    _prune(path.parent)
    return made


def kept_file(known_as: str) -> bytes | None:
    """The file of that key where it stands there whole; it is not made."""
    return _read(Path(settings.EXPORT_CACHE_DIR) / known_as)


def key(document: "DataclassInstance", form: str = "") -> str:
    """SHA-256 in hexadecimal over the document's kind and values, its `form` and the digest of what draws them."""
    values = json.dumps(dataclasses.asdict(document), sort_keys=True, default=_plain)
    kind = f"{type(document).__module__}.{type(document).__qualname__}"
    text = f"{engine_digest()}\n{kind} {form}\n{values}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def engine_digest() -> str:
    """One digest of all that turns a document into a file; reckoned once a process."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    for path in _shaping_files():
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _shaping_files() -> list[Path]:
    root = Path(settings.BASE_DIR)
    patterns = (
        (root / "templates", "**/pdf/*.html"),
        (root / "templates", "documents/*.html"),
        (root / "templates", "components/_*.svg.html"),
        (root, "documents/*.py"),
        (root, "*/export/*.py"),
        (STATIC, "css/print*.css"),
        (STATIC, "img/print/*"),
        (STATIC, "vendor/fonts/*.woff2"),
        (STATIC, "vendor/uswds/fonts/public-sans/*.ttf"),
    )
    return [path for folder, pattern in patterns for path in sorted(folder.glob(pattern))]


def _plain(value: object) -> str:
    """Dates as ISO text; lazy translations as their text."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(path: Path) -> bytes | None:
    """The document in a file whose digest fits; None where there is none, or a damaged one."""
    try:
        stored = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    digest, content = stored[:_DIGEST_LENGTH], stored[_DIGEST_LENGTH:]
    return content if hashlib.sha256(content).digest() == digest else None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one at a time for each path; where nothing can be locked, a document may be drawn twice."""
    lock = path.with_suffix(".lock")
    with ExitStack() as held:
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fcntl.flock(held.enter_context(lock.open("wb")), fcntl.LOCK_EX)
            # By then the file is there for whoever still waits, so that nobody needs this lock again.
            held.callback(_remove, lock)
        yield


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Appears whole or not at all; a full disk costs the cache, not the reader's document."""
    with suppress(OSError):
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(hashlib.sha256(content).digest() + content)
        os.replace(file.name, path)


def _prune(folder: Path) -> None:
    """Keeps the KEPT files that were used last. Another process may prune at the same time."""
    with suppress(OSError):
        files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEPT:]:
            path.unlink(missing_ok=True)

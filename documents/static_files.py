"""
The one place a document takes files from: the project's static folder, under an address of no machine, and what the
document itself was given.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from fontTools.ttLib import woff2
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(settings.BASE_DIR) / "static"
# `.invalid` is reserved and never resolves: should a fetch ever slip past, it goes nowhere.
BASE_URL = "https://static.invalid/"
_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf", ".woff2": "font/ttf"}
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class StaticFetcher(URLFetcher):
    """
    Answers for files of the static folder and for `pictures` (address below BASE_URL: file) alone.

    It keeps a list of what it refused.
    """

    def __init__(self, pictures: Mapping[str, Path] | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.refused: list[str] = []
        self.pictures = {BASE_URL + address: path for address, path in (pictures or {}).items()}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        try:
            if url in self.pictures:
                return _picture(url, self.pictures[url])
            path = _path(url)
            return URLFetcherResponse(url, _content(path), {"Content-Type": _TYPES[path.suffix]})
        except (OSError, ValueError, KeyError, StopIteration) as error:
            self.refused.append(url[:200])
            raise ValueError(f"not a file of this project: {url[:200]}") from error


def _picture(url: str, path: Path) -> URLFetcherResponse:
    content = path.read_bytes()
    kind = next(kind for start, kind in _PICTURES.items() if content.startswith(start))
    return URLFetcherResponse(url, content, {"Content-Type": kind})


def _path(url: str) -> Path:
    """The file in the static folder that `url` names. ValueError for any other address."""
    if not url.startswith(BASE_URL):
        raise ValueError(url)
    root = STATIC.resolve()
    path = (root / unquote(urlsplit(url).path).lstrip("/")).resolve()
    if not path.is_relative_to(root):
        raise ValueError(url)
    return path


@cache
def _content(path: Path) -> bytes:
    """A file's bytes, read once a process; a compressed font is unpacked, which costs more than its use."""
    data = path.read_bytes()
    if path.suffix != ".woff2":
        return data
    font = BytesIO()
    woff2.decompress(BytesIO(data), font)
    return font.getvalue()

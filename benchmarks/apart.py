"""What is called in the product's process apart; it loads no other module of the benchmark, for its memory."""

import json
import resource
from collections.abc import Callable, Mapping
from pathlib import Path

from weasyprint import HTML

from documents.pdf import draw_pdf
from documents.static_files import BASE_URL, StaticFetcher


def bare(html: str, pictures: Mapping[str, Path] | None = None) -> bytes:
    """What WeasyPrint alone makes of it, with the same variant and the same files."""
    page = HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFetcher(pictures))
    pdf: bytes = page.write_pdf(pdf_variant="pdf/a-3a")
    return pdf


DRAW: dict[str, Callable[[str], bytes]] = {"ours": draw_pdf, "bare": bare}


def peak_of(kind: str, html: str) -> bytes:
    """As JSON, the megabytes of this process before it draws and at the most."""
    base = _megabytes()
    DRAW[kind](html)
    return json.dumps({"base": base, "peak": _megabytes()}).encode()


def _megabytes() -> float:
    """The most memory that this process ever held (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

"""The PDF against bare WeasyPrint on the same finished HTML: seconds, memory, and an unchanged plan again."""

import gc
import resource
import time
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
from weasyprint import HTML

from benchmarks.pages import TOWN
from documents.cache import cached_file
from documents.pdf import draw_pdf, render_pdf
from documents.static_files import BASE_URL, StaticFetcher
from municipalities.models import Municipality
from plans.export.document import Document, document_html
from plans.finished import PDF
from plans.queries import plan_document
from tests.plans import pdf_samples

KINDS = ("ours", "bare")
# What an ordinary section holds: paragraphs, headings, a list, a table, a quote.
BODY = "\n\n".join(pdf_samples.PROSE[key] for key in ("summary", "approach", "vision", "letter"))


def document(portions: int) -> Document:
    """A plan with the ordinary text so many times, spread over its 14 sections, and a roster that grows with it."""
    small = pdf_samples.small()
    shares = [portions // len(small.sections) + (n < portions % len(small.sections)) for n in range(14)]
    sections = [
        replace(section, body="\n\n".join([BODY] * share))
        for section, share in zip(small.sections, shares, strict=True)
    ]
    roster = [
        replace(partner, name=f"{partner.name} {n}") for n in range(1 + portions // 7) for partner in small.roster
    ]
    return replace(small, sections=tuple(sections), roster=tuple(roster))


def bare(html: str) -> bytes:
    """What WeasyPrint alone makes of it, with the same variant and the same files."""
    page = HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFetcher())
    pdf: bytes = page.write_pdf(pdf_variant="pdf/a-3a")
    return pdf


DRAW: dict[str, Callable[[str], bytes]] = {"ours": render_pdf, "bare": bare}
# What ours does in its process apart, for memory, which is counted by the process.
DRAW_HERE: dict[str, Callable[[str], bytes]] = {"ours": draw_pdf, "bare": bare}


def compare(portions: int, runs: int) -> dict[str, object]:
    """Seconds of both in a warm process, in turn; who begins changes from run to run."""
    warm(document_html(document(0)))
    html = document_html(document(portions))
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for run in range(runs):
        for kind in KINDS if run % 2 == 0 else KINDS[::-1]:
            took, pdf = _timed(DRAW[kind], html)
            seconds[kind].append(took)
    return {"pages": pages(pdf), **seconds}


def warm(html: str) -> None:
    """Fonts, stylesheets and code are read once a process."""
    for draw in DRAW.values():
        draw(html)


def _timed(draw: Callable[[str], bytes], html: str) -> tuple[float, bytes]:
    gc.collect()
    start = time.perf_counter()
    pdf = draw(html)
    return time.perf_counter() - start, pdf


def pages(pdf: bytes) -> int:
    """The number of pages in the finished file."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return len(opened)
    finally:
        opened.close()


def peak(portions: int, kind: str) -> dict[str, object]:
    """Megabytes of this process, ready to draw and at the most: for a process of its own."""
    html = document_html(document(portions))
    base = megabytes()
    pdf = DRAW_HERE[kind](html)
    return {"base": base, "peak": megabytes(), "pages": pages(pdf)}


def megabytes() -> float:
    """The most memory that this process ever held (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def again(times: int) -> dict[str, object]:
    """Milliseconds to get an unchanged plan's PDF again: composed from the database first, and from the cache alone."""
    place = Municipality.objects.get(slug=TOWN)
    shown = plan_document(place)
    pdf = PDF.finished(shown)
    whole = [_milliseconds(lambda: PDF.finished(plan_document(place))) for _turn in range(times)]
    alone = [_milliseconds(lambda: cached_file(PDF.key(shown), _never)) for _turn in range(times)]
    return {"pages": pages(pdf), "composed": whole, "cached": alone}


def _never() -> bytes:
    raise RuntimeError("an unchanged plan was drawn again")


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000

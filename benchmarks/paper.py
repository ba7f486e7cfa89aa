"""The PDF against bare WeasyPrint on the same finished HTML: seconds, memory, and an unchanged plan again."""

import gc
import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pypdfium2

from benchmarks.apart import bare, peak_of
from benchmarks.pages import TOWN
from documents.apart import make_apart
from documents.cache import cached_file
from documents.pdf import render_pdf
from municipalities.models import Municipality, Role
from plans import pictures
from plans.export.document import Document, document_html
from plans.finished import PDF
from plans.queries import plan_document
from tests import factories
from tests.plans import pdf_samples, real_size

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


DRAW: dict[str, Callable[[str], bytes]] = {"ours": render_pdf, "bare": bare}


def compare(portions: int, runs: int) -> dict[str, object]:
    """Seconds of both in a warm process, in turn; who begins changes from run to run."""
    warm(document_html(document(0)))
    html = document_html(document(portions))
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for run in range(runs):
        for kind in KINDS if run % 2 == 0 else KINDS[::-1]:
            took, pdf = _timed(partial(DRAW[kind], html))
            seconds[kind].append(took)
    return {"pages": pages(pdf), **seconds}


def real(runs: int) -> dict[str, object]:
    """
    Seconds of a plan of real size as the product makes it, and of bare WeasyPrint on its finished HTML, in turn.

    Unlike `compare`, the product's seconds hold all that comes before and after: HTML, pictures, the data inside.
    """
    warm(document_html(document(0)))
    place = factories.place("real-size", "Real Size")
    real_size.fill(place, factories.member(place, "Ana Reyes", Role.ADVOCATE))
    shown = plan_document(place)
    html, files = document_html(shown), pictures.files(shown.pictures)
    makes: dict[str, Callable[[], bytes]] = {"ours": lambda: PDF.make(shown), "bare": lambda: bare(html, files)}
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for run in range(runs):
        for kind in KINDS if run % 2 == 0 else KINDS[::-1]:
            took, pdf = _timed(makes[kind])
            seconds[kind].append(took)
    return {"pages": pages(pdf), **seconds}


def warm(html: str) -> None:
    """Fonts, stylesheets and code are read once a process."""
    for draw in DRAW.values():
        draw(html)


def _timed(draw: Callable[[], bytes]) -> tuple[float, bytes]:
    gc.collect()
    start = time.perf_counter()
    pdf = draw()
    return time.perf_counter() - start, pdf


def pages(pdf: bytes) -> int:
    """The number of pages in the finished file."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return len(opened)
    finally:
        opened.close()


def peak(portions: int, kind: str) -> dict[str, float]:
    """Megabytes of the process apart that draws, ready to draw (`base`) and at the most (`peak`)."""
    found: dict[str, float] = json.loads(make_apart(peak_of, kind, document_html(document(portions))))
    return found


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

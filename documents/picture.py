"""Our drawings as pixels, for files that cannot be trusted with an SVG: drawn by the PDF's own engine and fonts."""

import html
import io
import logging
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import pypdfium2
from django.template.loader import render_to_string

from documents.apart import RenderError, Stage, tell
from documents.fonts import replace_uncovered
from documents.pdf import render_pdf

logger = logging.getLogger(__name__)

# Pixels for each unit of the drawing: sharp on paper at the width of a page.
SCALE = 2.5
_SIZE = re.compile(r'<svg[^>]* width="(\d+)" height="(\d+)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_PAGE = """<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>Picture</title>
<link rel="stylesheet" href="css/print.css"><style>@page bare {{ size: {0}px {1}px; margin: 0;
@top-left {{ content: none }} @top-right {{ content: none }} @bottom-left {{ content: none }}
@bottom-right {{ content: none }} }} body {{ page: bare }} svg {{ display: block; width: {0}px; height: {1}px }}</style>
</head><body>{2}</body></html>"""
# The library that reads the page is not made for several threads.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A drawing's words for who cannot see it, and its PNG, which is None where it could not be drawn."""

    words: str
    png: bytes | None


def picture(template: str, values: Mapping[str, object]) -> Picture:
    """The SVG of a template, which has a width, a height and a title; the same values give the same bytes."""
    tell(Stage.DRAW)
    svg = replace_uncovered(render_to_string(template, dict(values))).text
    title, size = _TITLE.search(svg), _SIZE.search(svg)
    words = html.unescape(title[1]) if title else ""
    try:
        return Picture(words, _pixels(render_pdf(_PAGE.format(*size.groups(), svg))) if size else None)
    except (RenderError, pypdfium2.PdfiumError):
        logger.exception("A picture of %s could not be drawn.", template)
        return Picture(words, None)


def _pixels(page: bytes) -> bytes:
    """The first page. CSS pixels are 3/4 of the page's points."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(page)
        try:
            image = document[0].render(scale=SCALE / 0.75).to_pil()
        finally:
            document.close()
    file = io.BytesIO()
    image.convert("RGB").quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()

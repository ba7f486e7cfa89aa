"""Slides (PPTX) that a screen reader can walk: a title on each, real placeholders, tables with a head, no notes."""

import io
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from documents.picture import Picture
from documents.word import clean, undated

INK, NAVY, QUIET, WHITE, WASH = "1B1B1B", "162E51", "565C65", "FFFFFF", "F0F4FA"
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.8
LINE = WIDTH - 2 * MARGIN
_TITLE_SLIDE, _TITLE_AND_CONTENT, _TITLE_ONLY = 0, 1, 5
_LONGEST_PROPERTY, _LONGEST_WORDS = 255, 8000
_TEXT, _MANY, _CELL, _SMALL = Pt(22), Pt(18), Pt(14), Pt(16)


class Deck:
    """Builds the slides one after the other. Everything is set as text: nothing becomes a field or a link."""

    def __init__(self, title: str, *, author: str, created: datetime, foot: str = "", language: str = "en-US") -> None:
        self._file = Presentation()
        self._language, self._foot = language, foot
        properties, moment = self._file.core_properties, created.astimezone(UTC).replace(tzinfo=None)
        properties.title, properties.author = clean(title)[:_LONGEST_PROPERTY], clean(author)[:_LONGEST_PROPERTY]
        properties.language, properties.last_modified_by = language, properties.author
        properties.created = properties.modified = moment
        # The template's picture shows the template.
        relations = self._file.part.package._rels
        for name in [name for name, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
            relations.pop(name)
        self._widen()
        self._dress()

    def _widen(self) -> None:
        """The template is narrow; ours is as wide as today's screens."""
        old = self._file.slide_width or Inches(10)
        self._file.slide_width, self._file.slide_height = Inches(WIDTH), Inches(HEIGHT)
        for page in (self._file.slide_master, *self._file.slide_layouts):
            for shape in page.shapes:
                if shape._element.find(f".//{qn('a:xfrm')}") is None:
                    continue  # Stands where its master has it.
                shape.left, shape.width = (int(side * Inches(WIDTH) / old) for side in (shape.left, shape.width))
        for page in (self._file.slide_master, *(self._file.slide_layouts[n] for n in (1, 5))):
            for shape in page.placeholders:
                if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
                    _place(shape, MARGIN, 0.5, LINE, 1.0)

    def _dress(self) -> None:
        """Titles and text in our colors, on the master, so that new slides look the same."""
        for page in (self._file.slide_master, *self._file.slide_layouts):
            for pale in list(page._element.iter(qn("a:tint"))):
                pale.getparent().remove(pale)
        styles = self._file.slide_master.element.find(qn("p:txStyles"))
        for kind, color, size in (("titleStyle", NAVY, 3200), ("bodyStyle", INK, 2200)):
            first = styles.find(f"{qn(f'p:{kind}')}/{qn('a:lvl1pPr')}")
            first.set("algn", "l")
            words = first.find(qn("a:defRPr"))
            words.set("sz", str(size))
            words.set("b", "1" if kind == "titleStyle" else "0")
            fill = words.find(qn("a:solidFill"))
            for old in list(fill):
                fill.remove(old)
            fill.append(fill.makeelement(qn("a:srgbClr"), {"val": color}))

    # --- Slides ---

    def cover(self, title: str, lines: Sequence[str]) -> None:
        """The first slide, white on the navy of a document's cover."""
        slide = self._slide(_TITLE_SLIDE, title, WHITE)
        background = slide.background.fill
        background.solid()
        background.fore_color.rgb = RGBColor.from_string(NAVY)
        _place(slide.shapes.title, MARGIN, 1.2, LINE, 2.6)
        _place(slide.placeholders[1], MARGIN, 4.0, LINE, 1.8)
        self._fill(slide.placeholders[1], lines, _TEXT, WHITE, marked=False)
        for paragraph in slide.placeholders[1].text_frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT

    def words(self, title: str, lines: Sequence[str], *, marked: bool = True, small: bool = False) -> None:
        """A slide of sentences, `marked` as a list; `small` where there are many."""
        slide = self._slide(_TITLE_AND_CONTENT, title)
        _place(slide.placeholders[1], MARGIN, 1.7, LINE, 5.0)
        self._fill(slide.placeholders[1], lines, _MANY if small else _TEXT, INK, marked=marked)

    def picture(self, title: str, drawn: Picture) -> None:
        """A slide of one picture with its alternative text; its words where it could not be drawn."""
        if drawn.png is None:
            self.words(title, [drawn.words], marked=False)
            return
        slide = self._slide(_TITLE_ONLY, title)
        shown = slide.shapes.add_picture(io.BytesIO(drawn.png), Inches(MARGIN), Inches(1.7), height=Inches(5.1))
        shown.left = int((Inches(WIDTH) - shown.width) / 2)
        shown._element.nvPicPr.cNvPr.set("descr", clean(drawn.words)[:_LONGEST_WORDS])

    def table(
        self, title: str, about: str, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
    ) -> None:
        """A slide of one table below a sentence `about` it; the columns in shares of the line."""
        slide = self._slide(_TITLE_AND_CONTENT, title)
        _place(slide.placeholders[1], MARGIN, 1.4, LINE, 0.5)
        self._fill(slide.placeholders[1], [about], _SMALL, QUIET, marked=False)
        place = (Inches(MARGIN), Inches(2.0), Inches(LINE), Inches(0.4 * (len(rows) + 1)))
        frame = slide.shapes.add_table(len(rows) + 1, len(head), *place)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(f"{title}. {about}"))
        for column, width in zip(frame.table.columns, widths, strict=True):
            column.width = int(Inches(LINE) * width / sum(widths))
        for n, row in enumerate((head, *rows)):
            for cell, text in zip(frame.table.rows[n].cells, row, strict=True):
                self._cell(cell, text, head=not n)

    def to_bytes(self) -> bytes:
        """The finished file; the same words with the same date always give the same bytes."""
        self._feet()
        file = io.BytesIO()
        self._file.save(file)
        return undated(file.getvalue())

    # --- Pieces ---

    def _slide(self, layout: int, title: str, color: str = "") -> Any:
        chosen = self._file.slide_layouts[layout]
        slide: Any = self._file.slides.add_slide(chosen)
        self._write(slide.shapes.title.text_frame.paragraphs[0], title, color=color)
        return slide

    def _feet(self) -> None:
        """The foot and the number of each slide but the first, where its layout has them; read out last."""
        for slide in list(self._file.slides)[1:]:
            for shape in slide.slide_layout.placeholders:
                kind = shape.placeholder_format.type
                if kind == PP_PLACEHOLDER.SLIDE_NUMBER or (kind == PP_PLACEHOLDER.FOOTER and self._foot):
                    foot = deepcopy(shape._element)
                    foot.nvSpPr.cNvPr.set("id", str(max(one.shape_id for one in slide.shapes) + 1))
                    slide.shapes._spTree.append(foot)
                    if kind == PP_PLACEHOLDER.FOOTER:
                        self._write(slide.shapes[-1].text_frame.paragraphs[0], self._foot, color=QUIET, bold=True)

    def _fill(self, place: Any, lines: Sequence[str], size: Pt, color: str, *, marked: bool) -> None:
        frame = place.text_frame
        frame.word_wrap = True
        for n, line in enumerate(lines):
            paragraph = frame.add_paragraph() if n else frame.paragraphs[0]
            paragraph.space_after = Pt(8)
            if not marked:
                properties = paragraph._p.get_or_add_pPr()
                properties.set("marL", "0")
                properties.set("indent", "0")
                properties.append(properties.makeelement(qn("a:buNone"), {}))
            self._write(paragraph, line, size, color)

    def _cell(self, cell: Any, text: str, *, head: bool) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(NAVY if head else WASH)
        self._write(cell.text_frame.paragraphs[0], text, _CELL, WHITE if head else INK, bold=head)

    def _write(self, paragraph: Any, text: str, size: Pt | None = None, color: str = "", *, bold: bool = False) -> None:
        """One run, on one line, in the language of the deck."""
        run = paragraph.add_run()
        run.text = " ".join(clean(text).split())
        run._r.get_or_add_rPr().set("lang", self._language)
        if size is not None:
            run.font.size = size
        if color:
            run.font.color.rgb = RGBColor.from_string(color)
        if bold:
            run.font.bold = True


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    """Where a shape stands, in inches."""
    shape.left, shape.top, shape.width, shape.height = (Inches(side) for side in (left, top, width, height))

"""A Word file of many pages: cover, contents, running head and foot, lists, pictures, tables and wide pages."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Inches, Twips
from docx.text.paragraph import Paragraph

from documents import word_parts as parts
from documents.picture import Picture
from documents.word import Document, clean
from documents.word_parts import Layout, Run, Words, element, plain, runs
from documents.word_styles import dress

INCH = 1440
MARGIN = INCH
SIZES = {"letter": (12240, 15840), "a4": (11906, 16838)}
# An address that every reader of Word files takes: its characters, and how long it may be.
_ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{1,2000}")
_BULLETS, _NUMBERS = 90, 91
_LONGEST_WORDS = 8000
PIXELS_AN_INCH = 150


class Report(Document):
    """Builds the file from top to bottom. Only what is asked for as a link, a list or a heading becomes one."""

    def __init__(
        self, title: str, *, author: str, created: datetime, paper: Literal["letter", "a4"], language: str = "en-US"
    ) -> None:
        super().__init__(title, language=language, author=author, created=created)
        self._paper = SIZES[paper]
        dress(self._docx)
        self._numbering: Any = self._docx.part.numbering_part.element
        for number, ordered in ((_NUMBERS, True), (_BULLETS, False)):
            self._numbering.insert(0, parts.numbering(number, ordered=ordered))
        self._lists, self._bookmarks, self._pictures = 100, 0, 0
        self._list_of_bullets: int | None = None
        self._turn(wide=False)

    # --- Pages ---

    @property
    def width(self) -> int:
        """What a line holds, in twentieths of a point."""
        section = self._docx.sections[-1]
        return int((section.page_width or 0) / 635) - 2 * MARGIN

    def wide(self) -> None:
        """What follows stands on pages on their side."""
        self._docx.add_section(WD_SECTION.NEW_PAGE)
        self._turn(wide=True)

    def upright(self) -> None:
        """What follows stands on upright pages again."""
        self._docx.add_section(WD_SECTION.NEW_PAGE)
        self._turn(wide=False)

    def _turn(self, *, wide: bool) -> None:
        section = self._docx.sections[-1]
        short, long = self._paper
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Twips(long), Twips(short)) if wide else (Twips(short), Twips(long))
        if len(self._docx.sections) > 1:
            section.different_first_page_header_footer = False

    def head_and_foot(self, head: Words, cover: Words | None, page: str, of: str) -> None:
        """The running head and "page n of N"; a cover, where there is one, has a head of its own and no foot."""
        section = self._docx.sections[0]
        foot = [parts.run(Run(f"{page} ")), parts.field("PAGE", "1"), parts.run(Run(f" {of} "))]
        foot.append(parts.field("NUMPAGES", "1"))
        self._replace(section.header, "Header", [parts.run(one) for one in runs(head)], plain(head))
        self._replace(section.footer, "Footer", foot, "")
        if cover is not None:
            section.different_first_page_header_footer = True
            self._replace(section.first_page_header, "Header", [parts.run(one) for one in runs(cover)], plain(cover))
            self._replace(section.first_page_footer, "Footer", [], "")

    def _replace(self, place: Any, style: str, content: Sequence[Any], words: str) -> None:
        place.is_linked_to_previous = False
        for old in list(place._element):
            place._element.remove(old)
        place._element.append(parts.paragraph(content, words, Layout(style=style, align="right")))

    # --- Words ---

    def _put(self, made: Any) -> None:
        self._docx.element.body.sectPr.addprevious(made)

    def line(self, words: Words, layout: Layout = parts.PLAIN) -> None:
        """One paragraph; newlines break its lines."""
        self._put(self._paragraph(words, layout))

    def _paragraph(self, words: Words, layout: Layout = parts.PLAIN) -> Any:
        return parts.paragraph(self._content(words), plain(words), layout)

    def _content(self, words: Words) -> Iterable[Any]:
        for one in runs(words):
            if one.link and _ADDRESS.fullmatch(one.link):
                place = self._docx.part.relate_to(one.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                link = element("hyperlink", [parts.run(one)], history=1)
                link.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", place)
                yield link
            elif one.anchor:
                yield element("hyperlink", [parts.run(one)], anchor=one.anchor, history=1)
            else:
                yield parts.run(one)

    def heading(self, text: Words, level: int, *, bookmark: str = "", new_page: bool = False) -> None:
        """A heading of level 1 to 6, which `bookmark` lets links lead to; level 0 is the title of the whole."""
        style = f"Heading{level}" if level else "Title"
        content = list(self._content(text))
        if bookmark:
            self._bookmarks += 1
            content.insert(0, element("bookmarkStart", id=self._bookmarks, name=bookmark))
            content.append(element("bookmarkEnd", id=self._bookmarks))
        self._put(parts.paragraph(content, plain(text), Layout(style=style, new_page=new_page)))

    def typed(self, text: str, layout: Layout = parts.PLAIN) -> None:
        """Text as somebody typed it: an empty line begins a paragraph, a newline breaks a line."""
        for block in re.split(r"\n\s*\n", clean(text).strip()):
            self.line(block, layout)

    def bullets(self, items: Iterable[Words]) -> None:
        number = self.new_list()
        for item in items:
            self.line(item, Layout(style="ListBullet", num=(number, 0)))

    def new_list(self, *, ordered: bool = False, depth: int = 0, start: int = 1) -> int:
        """The number of a list; each ordered one counts by itself, from `start`."""
        if not ordered and self._list_of_bullets is not None:
            return self._list_of_bullets
        self._lists += 1
        definition = _NUMBERS if ordered else _BULLETS
        self._numbering.append(parts.numbered(self._lists, definition, depth, start))
        if not ordered:
            self._list_of_bullets = self._lists
        return self._lists

    def contents(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        """
        A field that Word fills with the headings of level 1 and their pages.

        Until then it shows `entries` (words, bookmark), each of them a link.
        """
        self.line(title, Layout(style="TOCHeading", new_page=True))
        for number, (words, bookmark) in enumerate(entries):
            content = list(self._content([Run(words, anchor=bookmark)]))
            if not number:
                begin = element("fldChar", fldCharType="begin", dirty="true")
                code = element("instrText")
                code.text = 'TOC \\o "1-1" \\h \\z \\u'
                opening = (begin, code, element("fldChar", fldCharType="separate"))
                content[:0] = [element("r", [piece]) for piece in opening]
            if number == len(entries) - 1:
                content.append(element("r", [element("fldChar", fldCharType="end")]))
            self._put(parts.paragraph(content, words, Layout(style="TOC1")))

    # --- Tables and pictures ---

    def grid(
        self,
        head: Sequence[Words],
        rows: Iterable[Sequence[Words]],
        widths: Sequence[float],
        *,
        aligned: Sequence[str] = (),
        indent: int = 0,
    ) -> None:
        """
        A table, its columns in shares of the line, on the page of the words before it.

        `head` is repeated on every page; without one nothing is, and the few rows stay on one page.
        """
        before = self._docx.element.body.sectPr.getprevious()
        if before is not None and before.tag == qn("w:p") and before.text:
            Paragraph(before, self._docx._body).paragraph_format.keep_with_next = True
        whole = self.width - indent
        columns = [max(1, round(whole * width / sum(widths))) for width in widths]
        align = [*aligned, *[""] * (len(columns) - len(aligned))]
        made = [self._row(head, columns, align, head=True)] if head else []
        below = list(rows)
        made += [
            self._row(row, columns, align, with_next=not head and n < len(below))
            for n, row in enumerate(below, start=1)
        ]
        self._put(parts.table("Report", columns, made, headed=bool(head), indent=indent))
        # Two tables without anything between them would become one.
        self._put(parts.paragraph([], "", Layout(style="Small")))

    def _row(
        self,
        texts: Sequence[Words],
        columns: Sequence[int],
        align: Sequence[str],
        *,
        head: bool = False,
        with_next: bool = False,
    ) -> Any:
        cells = [
            parts.cell([self._paragraph(words, Layout(style="Small", align=side, with_next=head or with_next))], width)
            for words, width, side in zip(texts, columns, align, strict=True)
        ]
        return parts.row(cells, sum(len(plain(words)) for words in texts), head=head)

    def picture(self, drawn: Picture, name: str, caption: Words) -> None:
        """A picture as wide as the line, with its alternative text, above its caption; its words where it has none."""
        if drawn.png is None:
            self.line(drawn.words)
            self.line(caption, Layout(style="Caption"))
            return
        self._show(drawn.png, self.width / INCH, name, drawn.words)
        self._docx.paragraphs[-1].paragraph_format.keep_with_next = True
        self.line(caption, Layout(style="Caption"))

    def image(self, file: Path | None, words: str, pixels: int) -> None:
        """A picture that somebody brought, no wider than the line; its words where there is no file."""
        try:
            content = file.read_bytes() if file else None
        except OSError:
            content = None
        if content is None:
            self.line(words)
        else:
            self._show(content, min(self.width / INCH, pixels / PIXELS_AN_INCH), words, words)

    def _show(self, content: bytes, inches: float, name: str, words: str) -> None:
        shown = self._docx.add_picture(io.BytesIO(content), width=Inches(inches))
        self._pictures += 1
        described = shown._inline.docPr
        described.set("id", str(self._pictures))
        described.set("name", clean(name)[:_LONGEST_WORDS])
        described.set("descr", clean(words)[:_LONGEST_WORDS])

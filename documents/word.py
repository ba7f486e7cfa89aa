"""Word files that a screen reader can walk: real headings, flagged table heads, a title and a language."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import docx
from docx.document import Document as DocxDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches

from documents.cells import one_newline

# What XML 1.0 cannot hold, a tab and the newlines apart.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST_PROPERTY = 255
# The first day that a zip file can name: the same content is the same file on any day.
_NO_DAY = (1980, 1, 1, 0, 0, 0)


def clean(text: str) -> str:
    """`text` without what no Word file can hold, with one kind of newline."""
    return _CONTROL.sub("", one_newline(text))


def undated(package: bytes) -> bytes:
    """An Office file (a zip) without the moments at which its parts were written."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _NO_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


class Document:
    """Builds one Word file from top to bottom. Everything is set as text: nothing becomes a field or a link."""

    def __init__(self, title: str, language: str = "en-US", author: str = "", created: datetime | None = None) -> None:
        self._docx: DocxDocument = docx.Document()
        moment = (created or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
        properties = self._docx.core_properties
        properties.title, properties.author = clean(title)[:_LONGEST_PROPERTY], clean(author)[:_LONGEST_PROPERTY]
        properties.language, properties.comments = language, ""
        properties.created = properties.modified = moment
        self._speak(language)
        # The template's picture shows the template.
        relations = self._docx.part.package.rels
        for name in [name for name, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
            del relations[name]
        section = self._docx.sections[0]
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)

    def _speak(self, language: str) -> None:
        """Say in which language all of it is to be read out."""
        properties = self._docx.styles["Normal"].element.get_or_add_rPr()
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), language)
        properties.append(lang)

    def heading(self, text: str, level: int) -> None:
        self._docx.add_heading(clean(text), level)

    def paragraph(self, text: str, style: str | None = None) -> None:
        """A paragraph for each block of text between empty lines; single newlines stay inside it."""
        for block in re.split(r"\n{2,}", clean(text)):
            self._docx.add_paragraph(block, style)

    def bullets(self, items: Iterable[str]) -> None:
        for item in items:
            self._docx.add_paragraph(clean(item), "List Bullet")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] | None = None) -> None:
        """A table whose head repeats on every page and is known as such; `widths` in inches."""
        table = self._docx.add_table(rows=1, cols=len(head), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            cell.text = ""
            cell.paragraphs[0].add_run(clean(text)).bold = True
        flag = OxmlElement("w:tblHeader")
        flag.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(flag)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = clean(text)
        for column, width in zip(table.columns, widths or (), strict=False):
            for cell in column.cells:
                cell.width = Inches(width)

    def page_break(self) -> None:
        self._docx.add_page_break()

    def to_bytes(self) -> bytes:
        """The finished file; the same words with the same date always give the same bytes."""
        file = io.BytesIO()
        self._docx.save(file)
        return undated(file.getvalue())

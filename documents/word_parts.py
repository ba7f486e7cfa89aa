"""The pieces that a Word file is made of (WordprocessingML), each in the order that its schema asks for."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from documents.word import clean

MONO = "Courier New"
_RTL = {"R", "AL"}
_PIECES = re.compile(r"[\n\t]|[^\n\t]+")


@dataclass(frozen=True)
class Run:
    """Some words and how they are set. `link`: where they lead; `anchor`: a bookmark of this file that they lead to."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    anchor: str = ""
    style: str = ""


Words = str | Sequence[Run]


def runs(words: Words) -> tuple[Run, ...]:
    """Words of either kind, as runs."""
    return (Run(words),) if isinstance(words, str) else tuple(words)


def plain(words: Words) -> str:
    """The words without how they are set."""
    return words if isinstance(words, str) else "".join(run.text for run in words)


def element(tag: str, children: Iterable[Any] = (), **values: object) -> Any:
    """An element of the namespace w, its attributes in it too."""
    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def run(words: Run) -> Any:
    """A run: newlines break the line, a tab stays one, nothing else means anything."""
    text = clean(words.text)
    made = element("r")
    properties = list(_run_properties(words, text))
    if properties:
        made.append(element("rPr", properties))
    made.extend(_piece(piece) for piece in _PIECES.findall(text))
    return made


def _run_properties(words: Run, text: str) -> Iterable[Any]:
    style = words.style or ("Hyperlink" if words.link else "")
    if style:
        yield element("rStyle", val=style)
    if words.code:
        yield element("rFonts", ascii=MONO, hAnsi=MONO, cs=MONO)
    if words.bold:
        yield from (element("b"), element("bCs"))
    if words.italic:
        yield from (element("i"), element("iCs"))
    if _reads_right_to_left(text):
        yield element("rtl")


def _piece(piece: str) -> Any:
    if piece in "\n\t":
        return element("br" if piece == "\n" else "tab")
    made = element("t")
    made.set(qn("xml:space"), "preserve")
    made.text = piece
    return made


def _reads_right_to_left(text: str) -> bool:
    """Its first letter that has a direction is of Hebrew, Arabic or the like."""
    if text.isascii():
        return False
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((found for found in directions if found == "L" or found in _RTL), "L") in _RTL


@dataclass(frozen=True)
class Layout:
    """How a paragraph stands: `num` is its list and its depth in it, `indent` in twentieths of a point."""

    style: str = ""
    num: tuple[int, int] | None = None
    indent: int = 0
    align: str = ""
    new_page: bool = False
    with_next: bool = False


PLAIN = Layout()
# Stands on the page of what follows it.
LEADING = Layout(with_next=True)


def paragraph(content: Iterable[Any], words: str, layout: Layout = PLAIN) -> Any:
    """A paragraph of runs and links; `words`, what they say, tell its direction."""
    properties = list(_paragraph_properties(words, layout))
    return element("p", [*([element("pPr", properties)] if properties else []), *content])


def _paragraph_properties(words: str, layout: Layout) -> Iterable[Any]:
    if layout.style:
        yield element("pStyle", val=layout.style)
    if layout.with_next:
        yield element("keepNext")
    if layout.new_page:
        yield element("pageBreakBefore")
    if layout.num:
        number, depth = layout.num
        yield element("numPr", [element("ilvl", val=depth), element("numId", val=number)])
    if _reads_right_to_left(words):
        yield element("bidi")
    if layout.indent:
        yield element("ind", left=layout.indent)
    if layout.align:
        yield element("jc", val=layout.align)


def field(code: str, shown: str) -> Any:
    """A field of ours, never of anybody's text."""
    return element("fldSimple", [run(Run(shown))], instr=code)


# --- Tables -----------------------------------------------------------------------------------------------

# A row with more characters than this may break over pages.
UNBROKEN = 1200


def table(style: str, columns: Sequence[int], rows: Sequence[Any], *, headed: bool, indent: int = 0) -> Any:
    """A table with columns of these widths (twentieths of a point); the first column names its row."""
    properties = [
        element("tblStyle", val=style),
        element("tblW", w=sum(columns), type="dxa"),
        *([element("tblInd", w=indent, type="dxa")] if indent else []),
        element("tblLayout", type="fixed"),
        element("tblLook", val="04A0" if headed else "0480", firstRow=int(headed), lastRow=0, firstColumn=1,
                lastColumn=0, noHBand=0, noVBand=1),
    ]  # fmt: skip
    grid = element("tblGrid", [element("gridCol", w=width) for width in columns])
    return element("tbl", [element("tblPr", properties), grid, *rows])


def row(cells: Sequence[Any], characters: int, *, head: bool = False) -> Any:
    """A row of cells; the head is repeated on every page."""
    properties = [element("cantSplit")] if characters < UNBROKEN else []
    if head:
        properties.append(element("tblHeader"))
    return element("tr", [*([element("trPr", properties)] if properties else []), *cells])


def cell(paragraphs: Sequence[Any], width: int) -> Any:
    return element("tc", [element("tcPr", [element("tcW", w=width, type="dxa")]), *paragraphs])


# --- Lists ------------------------------------------------------------------------------------------------

DEEPEST_LIST = 8
STEP = 360
_BULLETS = "•–"
_NUMBERS = ("decimal", "lowerLetter", "lowerRoman")


def numbering(number: int, *, ordered: bool) -> Any:
    """The definition of a list of nine depths."""
    levels = [_level(depth, ordered) for depth in range(DEEPEST_LIST + 1)]
    return element("abstractNum", [element("multiLevelType", val="multilevel"), *levels], abstractNumId=number)


def _level(depth: int, ordered: bool) -> Any:
    kind = _NUMBERS[depth % len(_NUMBERS)] if ordered else "bullet"
    text = f"%{depth + 1}." if ordered else _BULLETS[depth % len(_BULLETS)]
    indent = element("ind", left=STEP * (depth + 1), hanging=STEP)
    marks = [element("start", val=1), element("numFmt", val=kind), element("lvlText", val=text)]
    return element("lvl", [*marks, element("lvlJc", val="left"), element("pPr", [indent])], ilvl=depth)


def numbered(number: int, definition: int, depth: int, start: int) -> Any:
    """A list of its own, which begins to count at `start`."""
    begin = element("lvlOverride", [element("startOverride", val=start)], ilvl=depth)
    return element("num", [element("abstractNumId", val=definition), begin], numId=number)

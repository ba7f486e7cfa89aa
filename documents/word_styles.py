"""How our Word files look: the styles of a report, in the colors of its PDF."""

from typing import Any

from docx.document import Document as DocxDocument
from docx.shared import Pt, RGBColor

from documents.word_parts import MONO, element

INK, NAVY, QUIET, LINK = "1B1B1B", "162E51", "565C65", "005EA2"
# The verdict's band: its edge and its ground.
BANDS = {
    "proceed": ("216E1F", "ECF3EC"),
    "prepare": ("B07D00", "FEF6DD"),
    "postpone": ("41608A", "E9EFF7"),
}
_HEADINGS = {1: 19, 2: 13, 3: 11, 4: 10.5, 5: 10.5, 6: 10.5}
_RULE = "A9AEB1"


def dress(file: DocxDocument) -> None:
    """Give a new file the styles that a report uses."""
    _text(file)
    for level, size in _HEADINGS.items():
        style: Any = file.styles[f"Heading {level}"]
        style.font.size, style.font.color.rgb, style.font.italic = Pt(size), RGBColor.from_string(NAVY), False
        style.font.bold = True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14), Pt(4)
    file.styles.element.extend(_styles())


def _text(file: DocxDocument) -> None:
    sizes: dict[str, tuple[float, str]] = {
        "Normal": (10.5, INK),
        "Title": (32, NAVY),
        "Subtitle": (18, NAVY),
        "TOC Heading": (19, NAVY),
        "Caption": (9, INK),
        "Quote": (10.5, INK),
        "Header": (8.5, QUIET),
        "Footer": (8.5, QUIET),
    }
    for name, (size, color) in sizes.items():
        style: Any = file.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(color)
    normal: Any = file.styles["Normal"]
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(7.5), 1.2
    subtitle: Any = file.styles["Subtitle"]
    subtitle.font.italic = False
    quote: Any = file.styles["Quote"]
    quote.paragraph_format.left_indent = Pt(18)


def _styles() -> list[Any]:
    tight = element("spacing", before=20, after=20, line=240, lineRule="auto")
    return [
        _character("Hyperlink", element("color", val=LINK), element("u", val="single")),
        _character("Quiet", element("color", val=QUIET)),
        _character("Word", element("b"), element("sz", val=34)),
        _paragraph("Small", [tight], element("sz", val=19), element("szCs", val=19)),
        _paragraph("TOC1", [element("spacing", before=60, after=60)], name="toc 1"),
        _paragraph("Code", [element("shd", val="clear", fill="F0F0F0")], element("rFonts", ascii=MONO, hAnsi=MONO)),
        _paragraph("Rule", [element("pBdr", [_line("bottom")])]),
        *(_band(key, *colors) for key, colors in BANDS.items()),
        _table(),
    ]


def _named(kind: str, identity: str, name: str, based_on: str, *parts: Any) -> Any:
    names = [element("name", val=name), element("basedOn", val=based_on), element("uiPriority", val=99)]
    return element("style", [*names, *parts], type=kind, styleId=identity, customStyle=1)


def _character(identity: str, *properties: Any) -> Any:
    return _named("character", identity, identity, "DefaultParagraphFont", element("rPr", properties))


def _paragraph(identity: str, layout: list[Any], *properties: Any, name: str = "") -> Any:
    runs = [element("rPr", properties)] if properties else []
    return _named("paragraph", identity, name or identity, "Normal", element("pPr", layout), *runs)


def _band(key: str, edge: str, ground: str) -> Any:
    border = element("pBdr", [element("left", val="single", sz=36, space=8, color=edge)])
    shade = element("shd", val="clear", fill=ground)
    room = element("spacing", before=0, after=0)
    return _paragraph(f"Band{key.title()}", [border, shade, room, element("ind", left=200)], name=f"Band {key}")


def _line(side: str) -> Any:
    return element(side, val="single", sz=4, space=0, color=_RULE)


def _table() -> Any:
    """Light rules between rows and none between columns; a clear head."""
    borders = element("tblBorders", [_line(side) for side in ("top", "bottom", "insideH")])
    sides = [element(side, w=80, type="dxa") for side in ("left", "right")]
    properties = element("tblPr", [borders, element("tblCellMar", sides)])
    head = [
        element("rPr", [element("b"), element("bCs")]),
        element("tcPr", [element("shd", val="clear", fill="E9EFF7"), element("vAlign", val="bottom")]),
    ]
    first = element("tblStylePr", head, type="firstRow")
    return _named("table", "Report", "Report table", "TableNormal", properties, first)

"""
The logic model drawn from left to right: where every box and arrow of it stands, in points of a landscape page.

Values in, values out. An SVG does not break lines by itself, so the lines are broken here, by the usual widths of
letters: a little too early rather than outside of a box.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

WIDTH = 648
# What a landscape page of US Letter has below a heading; A4 is as high.
HEIGHT = 400
GAP = 14
PAD = 5
SIZE, LINE = 7.5, 9.5
TITLE_SIZE, TITLE_LINE = 8.5, 12
HEAD = 22
BETWEEN_BOXES, BETWEEN_ROWS = 5, 12

_NARROW, _WIDE = frozenset("iljtfrI.,;:'|!()[] -"), frozenset("mwMW@%")


@dataclass(frozen=True)
class Row:
    """An action to draw: its title, and for each column the texts of its boxes."""

    title: str
    columns: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def placed(self) -> Iterator[tuple[float, str]]:
        """Its lines, each with the height of its foot."""
        return ((self.y + PAD + LINE * (n + 1) - 2, line) for n, line in enumerate(self.lines))

    @property
    def text_x(self) -> float:
        return self.x + PAD


@dataclass(frozen=True)
class Arrow:
    """From one column to the next that has a box; its point is at `end`."""

    start: float
    end: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """A row as it is drawn: the lines of its title with their feet, its boxes by column, its arrows."""

    y: float
    height: float
    title: tuple[tuple[float, str], ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Sheet:
    """As many rows as fit onto one page, below the names of the columns; one that is higher alone stands alone."""

    height: float
    heads: tuple[tuple[float, str], ...]
    rows: tuple[Drawn, ...]
    width: float = WIDTH

    @property
    def view(self) -> str:
        """For the viewBox of an SVG: a little more than the boxes, whose lines are half outside of them."""
        return f"-1 0 {self.width + 2:g} {self.height + 2:g}"


def sheets(columns: Sequence[str], rows: Iterable[Row]) -> tuple[Sheet, ...]:
    """The drawing, in as many sheets as it needs."""
    each = (WIDTH - GAP * (len(columns) - 1)) / len(columns)
    heads = tuple((n * (each + GAP), name) for n, name in enumerate(columns))
    found: list[Sheet] = []
    for row in rows:
        drawn = _drawn(row, each)
        last = found[-1] if found else None
        if last and last.height + BETWEEN_ROWS + drawn.height <= HEIGHT:
            moved = _down(drawn, last.height + BETWEEN_ROWS)
            found[-1] = replace(last, rows=(*last.rows, moved), height=last.height + BETWEEN_ROWS + drawn.height)
        else:
            found.append(Sheet(HEAD + drawn.height, heads, (_down(drawn, HEAD),)))
    return tuple(found)


def _drawn(row: Row, each: float) -> Drawn:
    """The row as if it stood at the top."""
    lines = wrap(row.title, WIDTH, TITLE_SIZE)
    title = tuple((TITLE_LINE * (n + 1) - 3, line) for n, line in enumerate(lines))
    top: float = TITLE_LINE * len(lines) + 3
    boxes: list[Box] = []
    edges: list[tuple[float, float]] = []
    bottom = top
    for n, texts in enumerate(row.columns):
        x, y = n * (each + GAP), top
        for text in texts:
            box_lines = wrap(text, each - 2 * PAD, SIZE)
            box = Box(x, y, each, LINE * len(box_lines) + 2 * PAD, box_lines)
            boxes.append(box)
            y += box.height + BETWEEN_BOXES
        if texts:
            edges.append((x, x + each))
            bottom = max(bottom, y - BETWEEN_BOXES)
    # All at one height, beside the first boxes: the eye follows one line.
    first = min((box.height for box in boxes), default=0)
    arrows = tuple(Arrow(left[1] + 2, right[0] - 2, top + first / 2) for left, right in pairwise(edges))
    return Drawn(0, bottom, title, tuple(boxes), arrows)


def _down(row: Drawn, by: float) -> Drawn:
    return Drawn(
        row.y + by,
        row.height,
        tuple((foot + by, line) for foot, line in row.title),
        tuple(replace(box, y=box.y + by) for box in row.boxes),
        tuple(replace(arrow, y=arrow.y + by) for arrow in row.arrows),
    )


def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """The text in lines of at most `width`; a word that is longer is broken anywhere. At least one line."""
    lines: list[str] = []
    line, used = "", 0.0
    for word in text.split():
        for piece in _pieces(word, width, size):
            wide = _width(piece, size)
            space = _width(" ", size) if line else 0
            if line and used + space + wide > width:
                lines.append(line)
                line, used, space = "", 0.0, 0
            line, used = f"{line} {piece}" if line else piece, used + space + wide
    return (*lines, line)


def _pieces(word: str, width: float, size: float) -> Iterator[str]:
    piece, used = "", 0.0
    for char in word:
        wide = _width(char, size)
        if piece and used + wide > width:
            yield piece
            piece, used = "", 0.0
        piece, used = piece + char, used + wide
    yield piece


def _width(text: str, size: float) -> float:
    return sum(map(_em, text)) * size


@lru_cache(4096)
def _em(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.1
    if char in _NARROW:
        return 0.36
    return 0.92 if char in _WIDE else 0.72 if char.isupper() else 0.59

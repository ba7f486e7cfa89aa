"""Markdown into the real structures of a Word file: the same tokens that `documents.markdown` draws for a page."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from documents.markdown import Shown, parsed
from documents.paper import printed_address, widths
from documents.word_parts import DEEPEST_LIST, STEP, Layout, Run, plain
from documents.word_report import Report

# How many tables and lists deep a table still moves to the right.
_DEEPEST_INDENT = 6
_ALIGNED = {"text-right": "right", "text-center": "center"}
# The greatest number that a list of Word begins with.
_LAST_NUMBER = 32767


def write_markdown(
    report: Report,
    text: str,
    *,
    base_level: int,
    pictures: Mapping[int, Shown] | None = None,
    files: Mapping[str, Path] | None = None,
) -> None:
    """
    `text` below a heading of `base_level` (1 to 5) of the report. Never raises.

    `pictures` are those that it may show, `files` where each lies, by its address; in a table a picture is its words.
    """
    _Writer(report, files or {}).write(parsed(text, base_level=base_level, pictures=pictures))


@dataclass
class _List:
    number: int
    style: str
    # The item's first paragraph carries its mark; what follows stands below it.
    fresh: bool = False


@dataclass
class _Table:
    head: list[list[Run]] = field(default_factory=list)
    rows: list[list[list[Run]]] = field(default_factory=list)
    aligned: list[str] = field(default_factory=list)


class _Writer:
    def __init__(self, report: Report, files: Mapping[str, Path]) -> None:
        self.report = report
        self.files = files
        self.lists: list[_List] = []
        self.quotes = 0
        self.heading = 0
        self.table: _Table | None = None
        self.in_head = False

    def write(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            step = _STEPS.get(token.type)
            if step:
                step(self, token)

    # --- Where the next words stand ---

    @property
    def _depth(self) -> int:
        return min(len(self.lists) - 1, DEEPEST_LIST)

    def _layout(self) -> Layout:
        """The layout of the next paragraph; the first of an item takes the item's mark."""
        indent = STEP * min(self.quotes, _DEEPEST_INDENT)
        if not self.lists:
            return Layout(style="Quote", indent=indent) if self.quotes else Layout()
        innermost = self.lists[-1]
        if innermost.fresh:
            innermost.fresh = False
            return Layout(style=innermost.style, num=(innermost.number, self._depth))
        style = "Quote" if self.quotes else "ListContinue"
        return Layout(style=style, indent=STEP * (self._depth + 1) + indent)

    def _mark(self) -> None:
        """An item in which nothing stands has its mark alone."""
        if self.lists and self.lists[-1].fresh:
            self.report.line("", self._layout())

    # --- One kind of token each ---

    def words(self, token: Token) -> None:
        found = list(_runs(token.children or ()))
        if self.heading:
            self._mark()
            self.report.heading(found, self.heading)
        elif self.table is None:
            self._paragraph(token, found)
        elif self.in_head:
            self.table.head.append(found)
        else:
            self.table.rows[-1].append(found)

    def _paragraph(self, token: Token, found: list[Run]) -> None:
        """The words, then the pictures among them, each on a line of its own."""
        shown = [child for child in token.children or () if child.type == "image"]
        if not shown:
            self.report.line(found, self._layout())
            return
        rest = list(_runs([child for child in token.children or () if child.type != "image"]))
        if plain(rest).strip():
            self.report.line(rest, self._layout())
        else:
            self._mark()
        for child in shown:
            self.report.image(
                self.files.get(str(child.attrs["src"])), str(child.attrs["alt"]), int(child.attrs["width"])
            )

    def open_heading(self, token: Token) -> None:
        self.heading = int(token.tag[1])

    def close_heading(self, token: Token) -> None:
        self.heading = 0

    def open_list(self, token: Token) -> None:
        self._mark()
        ordered = token.type == "ordered_list_open"
        start = min(int(token.attrs.get("start", 1)), _LAST_NUMBER)
        depth = min(len(self.lists), DEEPEST_LIST)
        number = self.report.new_list(ordered=ordered, depth=depth, start=start)
        self.lists.append(_List(number, "ListNumber" if ordered else "ListBullet"))

    def close_list(self, token: Token) -> None:
        self.lists.pop()

    def open_item(self, token: Token) -> None:
        self.lists[-1].fresh = True

    def close_item(self, token: Token) -> None:
        self._mark()

    def open_quote(self, token: Token) -> None:
        self._mark()
        self.quotes += 1

    def close_quote(self, token: Token) -> None:
        self.quotes -= 1

    def code(self, token: Token) -> None:
        self._mark()
        indent = STEP * len(self.lists[: DEEPEST_LIST + 1])
        self.report.line(token.content.rstrip("\n"), Layout(style="Code", indent=indent))

    def rule(self, token: Token) -> None:
        self._mark()
        self.report.line("", Layout(style="Rule"))

    def open_table(self, token: Token) -> None:
        self._mark()
        self.table = _Table()

    def open_head(self, token: Token) -> None:
        self.in_head = True

    def close_head(self, token: Token) -> None:
        self.in_head = False

    def open_row(self, token: Token) -> None:
        if self.table and not self.in_head:
            self.table.rows.append([])

    def open_cell(self, token: Token) -> None:
        if self.table and self.in_head:
            self.table.aligned.append(_ALIGNED.get(str(token.attrs.get("class", "")), ""))

    def close_table(self, token: Token) -> None:
        found, self.table = self.table, None
        if found and found.head:
            shares = widths([[plain(cell) for cell in row] for row in (found.head, *found.rows)])
            indent = STEP * min(len(self.lists), _DEEPEST_INDENT)
            self.report.grid(found.head, found.rows, shares, aligned=found.aligned, indent=indent)


_STEPS: dict[str, Callable[[_Writer, Token], None]] = {
    "inline": _Writer.words,
    "heading_open": _Writer.open_heading,
    "heading_close": _Writer.close_heading,
    "bullet_list_open": _Writer.open_list,
    "ordered_list_open": _Writer.open_list,
    "bullet_list_close": _Writer.close_list,
    "ordered_list_close": _Writer.close_list,
    "list_item_open": _Writer.open_item,
    "list_item_close": _Writer.close_item,
    "blockquote_open": _Writer.open_quote,
    "blockquote_close": _Writer.close_quote,
    "fence": _Writer.code,
    "code_block": _Writer.code,
    "hr": _Writer.rule,
    "table_open": _Writer.open_table,
    "thead_open": _Writer.open_head,
    "thead_close": _Writer.close_head,
    "tr_open": _Writer.open_row,
    "th_open": _Writer.open_cell,
    "table_close": _Writer.close_table,
}


# --- Inside a paragraph -----------------------------------------------------------------------------------

_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_EMPHASIS: dict[str, dict[str, Any]] = {
    "strong_open": {"bold": True},
    "strong_close": {"bold": False},
    "em_open": {"italic": True},
    "em_close": {"italic": False},
    "link_close": {"link": ""},
}


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    """Words with how they are set; the address of a link follows it, as on paper."""
    now, linked = Run(""), ""
    for token in tokens:
        if token.type == "link_open":
            now, linked = replace(now, link=str(token.attrs["href"])), ""
        elif token.type in _EMPHASIS:
            if token.type == "link_close" and printed_address(now.link, linked):
                yield Run(f" ({printed_address(now.link, linked)})", style="Quiet")
            now = replace(now, **_EMPHASIS[token.type])
        else:
            words = _BREAKS.get(token.type, token.content)
            linked += words
            if words:
                yield replace(
                    now, text=_SPACES.sub(" ", words) if words != "\n" else words, code=token.type == "code_inline"
                )


_SPACES = re.compile(r"[\t\n]")

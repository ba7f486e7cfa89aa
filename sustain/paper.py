"""What a report or a note says, as plain values: its page, its PDF, its Word file and what is kept of it show these."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from documents.markdown import is_safe_link, to_html
from documents.paper import for_paper, printed_address
from plans.rules.progress import words
from strategy.rules.progress import State
from strategy.wording import STATE_MARKS

NOTHING = "–"


@dataclass(frozen=True)
class Cell:
    """Some words; `state` has a mark beside them, `link` is where they lead, `more` stands below them, more quietly."""

    text: str
    state: str = ""
    link: str = ""
    more: str = ""

    @property
    def mark(self) -> str:
        """Of the printed styles."""
        return STATE_MARKS[State(self.state)] if self.state else ""

    @property
    def safe_link(self) -> str:
        """The link where anybody may follow it, or it leads to a page of ours; else nothing."""
        ours = self.link.startswith(f"{settings.SITE_URL}/")
        return self.link if ours or is_safe_link(self.link) else ""

    @property
    def address(self) -> str:
        """The link as it is printed after the words."""
        return printed_address(self.safe_link, self.text)


@dataclass(frozen=True)
class Table:
    """A table whose first column heads its rows; `widths` are shares of a line."""

    caption: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """How wide each is, for the printed styles."""
        return tuple(f"{100 * width / sum(self.widths):.1f}%" for width in self.widths)

    @property
    def labeled(self) -> tuple[tuple[Cell, tuple[tuple[str, Cell], ...]], ...]:
        """Each row's head, and its other cells with the heads of their columns."""
        return tuple((row[0], tuple(zip(self.head[1:], row[1:], strict=True))) for row in self.rows)


@dataclass(frozen=True)
class Part:
    """
    A heading and what stands below it, in this order: own words, lines, what is missing (`quiet`), a list, a table,
    further parts. `key` names the text of the team's own that it is.
    """

    title: str
    key: str = ""
    written: str = ""
    lines: tuple[str, ...] = ()
    quiet: str = ""
    items: tuple[Cell, ...] = ()
    table: Table | None = None
    parts: tuple["Part", ...] = ()

    @cached_property
    def html(self) -> SafeString:
        """The team's own words on a page, below a heading of level 2."""
        return mark_safe(to_html(self.written, base_level=2))  # noqa: S308  # sanitized there

    @property
    def words(self) -> int:
        """How many the team's own are."""
        return words(self.written)

    @property
    def wide(self) -> bool:
        """They may need to be moved sideways on a phone, so the keyboard must reach them."""
        return "<table>" in self.html

    @property
    def printed(self) -> SafeString:
        """The same on paper."""
        return mark_safe(for_paper(to_html(self.written, base_level=2)))  # noqa: S308  # sanitized there


@dataclass(frozen=True)
class Paper:
    """The whole. `created` is the moment of the newest change of anything that it shows."""

    title: str
    place: str
    state_line: str
    when: str
    status: str
    is_draft: bool
    created: datetime
    parts: tuple[Part, ...]
    paper: Literal["letter", "a4"] = "letter"
    language: str = "en-US"

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")

    @property
    def own(self) -> tuple[Part, ...]:
        """The parts in the team's own words."""
        return tuple(part for part in self.parts if part.key)


def as_text(paper: Paper) -> str:
    """All that it shows as data, to be kept."""
    return json.dumps(
        {**dataclasses.asdict(paper), "created": paper.created.isoformat()}, ensure_ascii=False, allow_nan=False
    )


def from_text(text: str) -> Paper:
    """A paper that was kept."""
    kept = json.loads(text)
    kept["created"] = datetime.fromisoformat(kept["created"])
    return Paper(**{**kept, "parts": tuple(_part(one) for one in kept["parts"])})


def _part(kept: dict[str, Any]) -> Part:
    table = kept["table"]
    return Part(
        **{
            **kept,
            "lines": tuple(kept["lines"]),
            "items": tuple(Cell(**one) for one in kept["items"]),
            "table": table and _table(table),
            "parts": tuple(_part(one) for one in kept["parts"]),
        }
    )


def _table(kept: dict[str, Any]) -> Table:
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in kept["rows"])
    return Table(kept["caption"], tuple(kept["head"]), tuple(kept["widths"]), rows)


def cells(*texts: str | Cell) -> tuple[Cell, ...]:
    """A row; what is empty is a dash."""
    return tuple(one if isinstance(one, Cell) else Cell(one or NOTHING) for one in texts)

"""What prose needs on paper: addresses after links, columns as wide as their words ask for, words that break.

`for_paper` takes the output of `documents.markdown`: its links hold only text and its tables never nest.
Column widths are reckoned here because the engine's own reckoning, with words that may break anywhere, costs
more than all the rest of a page.
"""

import re

_LINK = re.compile(r'<a href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TAG_OR_ENDLESS = re.compile(r"<[^>]*>|[^\s<>]{200,}")
_PIECE = re.compile(r"(?:&#?\w{1,8};|.){1,8}")
_BREAK = "\u200b"

# In characters: what a full line of a table holds, the longest word kept whole, the longest cell that counts,
# and the space between two columns.
LINE, WORD, CELL, GAP = 100, 18, 60, 4


def for_paper(html: str) -> str:
    """`html` with addresses printed after links and with the widths of table columns."""
    return _TABLE.sub(_with_widths, _LINK.sub(_with_address, html))


def soften(html: str) -> str:
    """Endless words get places to break: the engine takes seconds for each page of a word without any."""
    return _TAG_OR_ENDLESS.sub(_with_breaks, html)


def _with_breaks(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("<") else _BREAK.join(_PIECE.findall(match[0]))


def _with_address(link: re.Match[str]) -> str:
    href, words = link.groups()
    address = printed_address(href, words)
    return f'{link[0]} <span class="address">({address})</span>' if address else link[0]


def printed_address(href: str, words: str) -> str:
    """The address as it is printed after a link's words; nothing where the words name it."""
    address = re.sub(r"^(https?://|mailto:)", "", href).rstrip("/")
    return "" if address in words else address


def _with_widths(table: re.Match[str]) -> str:
    rows = [[_TAG.sub("", cell) for cell in _CELL.findall(row)] for row in _ROW.findall(table[1])]
    columns = "".join(f'<col style="width: {width:.1f}%">' for width in widths(rows))
    return f"<table><colgroup>{columns}</colgroup>{table[1]}</table>"


def widths(rows: list[list[str]]) -> list[float]:
    """Percentages, one a column: first its longest word, then its share of the rest by its longest cell."""
    columns = list(zip(*rows, strict=True))
    least = [GAP + max(3, *(_longest_word(cell) for cell in column)) for column in columns]
    wish = [GAP + max(0, *(min(len(cell), CELL) for cell in column)) for column in columns]
    more = [max(w - at_least, 0) for w, at_least in zip(wish, least, strict=True)]
    room = max(LINE - sum(least), 0) / (sum(more) or 1)
    chars = [at_least + extra * room for at_least, extra in zip(least, more, strict=True)]
    return [100 * c / sum(chars) for c in chars]


def _longest_word(cell: str) -> int:
    return min(WORD, max(map(len, cell.split()), default=0))

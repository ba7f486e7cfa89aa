"""Markdown to HTML that is safe on a page and well formed in a tagged PDF. Pure: text in, text out."""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

DEEPEST_HEADING = 6
_TAGS = frozenset(
    [
        *("a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    ]
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
_ALIGNMENTS = {"text-align:right": "text-right", "text-align:center": "text-center"}
# The sanitizer takes away an address that no browser could read, and leaves the link.
_DEAD_LINK = re.compile(r'<a rel="noopener">([^<]*)</a>')
_BREAKS = {"softbreak", "hardbreak"}

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 60}).enable("table")
# Every address is let through here, so that a refused link keeps its words; `is_safe_link` decides later.
_parser.validateLink = lambda url: True  # type: ignore[method-assign]


@dataclass(frozen=True)
class Shown:
    """Where a picture that may be shown is fetched from, and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Named:
    """A picture that a text names by its number, as in `![alternative text](image:12)`."""

    number: int
    alternative: str


# Of the product's own pictures alone; long enough for every number a database gives.
_OWN_PICTURE = re.compile(r"image:([0-9]{1,18})")


def to_html(text: str, *, base_level: int, pictures: Mapping[int, Shown] | None = None) -> str:
    """`text` as HTML whose headings stand under a heading of `base_level` (1 to 5) and never skip a level.

    Only links to http, https and mailto live, with nothing but text inside. A picture is shown where `pictures`
    has its number and the text its alternative text; any other, above all one from elsewhere, becomes its alternative
    text. Raw HTML is shown as the text that it is. Never raises.
    """
    return _drawn(parsed(text, base_level=base_level, pictures=pictures), bool(pictures))


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list, a table as a whole: its HTML and its words without any markup."""

    html: str
    words: str


def blocks(text: str, *, base_level: int, pictures: Mapping[int, Shown] | None = None) -> list[Block]:
    """What `to_html` gives, in its outermost parts."""
    parts = _outermost(parsed(text, base_level=base_level, pictures=pictures))
    return [Block(_drawn(part, bool(pictures)), _words(part)) for part in parts]


def _outermost(tokens: list[Token]) -> Iterator[list[Token]]:
    begin = 0
    for end, token in enumerate(tokens, start=1):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[begin:end]
            begin = end


def _words(tokens: list[Token]) -> str:
    """Of what stands in lines, and of code."""
    found = ("".join(map(_plain, token.children)) if token.children else token.content for token in tokens)
    return "\n".join(words for words in found if words)


def _drawn(tokens: list[Token], images: bool) -> str:
    return _DEAD_LINK.sub(r"\1", _clean(_parser.renderer.render(tokens, _parser.options, {}), images))


def parsed(text: str, *, base_level: int, pictures: Mapping[int, Shown] | None = None) -> list[Token]:
    """`text` as the tokens that `to_html` draws: safe links alone, headings below `base_level`, lists tightened."""
    tokens = _tokens(text)
    before = ""
    for token in tokens:
        # In a heading, which a list of contents repeats, a picture is its words.
        own = {} if before == "heading_open" else pictures or {}
        token.children = list(_inline(token.children, own)) if token.children else token.children
        before = token.type
        if token.type in ("th_open", "td_open"):
            _dress_cell(token)
    tokens = list(_spoken(tokens))
    _number_headings(tokens, base_level)
    _tighten(tokens)
    return tokens


def named_pictures(text: str) -> list[Named]:
    """The product's own pictures that a text names, in its order."""
    if "image:" not in text:
        return []
    inline = (child for token in _tokens(text) for child in token.children or ())
    found = ((_OWN_PICTURE.fullmatch(str(child.attrs["src"])), child) for child in inline if child.type == "image")
    return [Named(int(number[1]), _plain(child).strip()) for number, child in found if number]


def _tokens(text: str) -> list[Token]:
    return _parser.parse(text.encode("utf-8", "replace").decode())


def _clean(html: str, images: bool) -> str:
    classes = set(_ALIGNMENTS.values())
    return nh3.clean(
        html,
        tags={*_TAGS, "img"} if images else set(_TAGS),
        attributes={**_ATTRIBUTES, "img": {"src", "alt", "width", "height"}} if images else dict(_ATTRIBUTES),
        allowed_classes={"td": classes, "th": classes},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


# --- Blocks -----------------------------------------------------------------------------------------------


def _spoken(tokens: list[Token]) -> Iterator[Token]:
    """Leaves out headings and paragraphs (always open, text, close) in which nothing is said."""
    rest = iter(enumerate(tokens, start=1))
    for following, token in rest:
        if token.type in ("heading_open", "paragraph_open") and not _says_something(tokens[following]):
            next(rest)
            next(rest)
        else:
            yield token


def _says_something(inline: Token) -> bool:
    return any(child.content.strip() or child.type == "image" for child in inline.children or ())


def _number_headings(tokens: list[Token], base_level: int) -> None:
    """A heading's level is how deep it stands below others, whatever number of # it was typed with."""
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(base_level + len(above), DEEPEST_HEADING)}"


def _tighten(tokens: list[Token]) -> None:
    """An item's first paragraph loses its tag: a loose list looks like a tight one, and passes in PDF/UA."""
    for position, token in enumerate(tokens[:-1]):
        if token.type == "list_item_open" and tokens[position + 1].type == "paragraph_open":
            tokens[position + 1].hidden = tokens[position + 3].hidden = True


def _dress_cell(cell: Token) -> None:
    """The scope of a column's head; alignment as a class, since inline styles are refused on our pages."""
    alignment = _ALIGNMENTS.get(str(cell.attrs.pop("style", "")))
    if alignment:
        cell.attrs["class"] = alignment
    if cell.type == "th_open":
        cell.attrs["scope"] = "col"


# --- Links and pictures -----------------------------------------------------------------------------------


def _inline(children: list[Token], pictures: Mapping[int, Shown]) -> Iterator[Token]:
    rest = iter(children)
    for token in rest:
        if token.type == "link_open":
            yield from _link(token, rest)
        elif token.type == "image":
            yield _picture(token, pictures)
        else:
            yield token


def _picture(token: Token, pictures: Mapping[int, Shown]) -> Token:
    words = _plain(token)
    number = _OWN_PICTURE.fullmatch(str(token.attrs["src"]))
    shown = pictures.get(int(number[1])) if number and words.strip() else None
    if shown is None:
        return _text(words)
    token.attrs = {"src": shown.address, "alt": words, "width": shown.width, "height": shown.height}
    # The renderer writes the alternative text anew, out of these.
    token.children = [_text(words)]
    return token


def _link(opening: Token, rest: Iterator[Token]) -> Iterator[Token]:
    """Consumes `rest` to the link's end: the words alone, inside the link where it is safe and has words."""
    words, closing = "", opening
    for closing in rest:
        if closing.type == "link_close":
            break
        words += _plain(closing)
    opening.attrs.pop("title", None)
    if words.strip() and is_safe_link(opening.attrs["href"]):
        yield from (opening, _text(words), closing)
    else:
        yield _text(words)


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _plain(token: Token) -> str:
    """The words of a token without its markup; a picture's are its alternative text."""
    if token.type == "image":
        return "".join(_plain(child) for child in token.children or ())
    return " " if token.type in _BREAKS else token.content


def is_safe_link(url: str | int | float) -> bool:
    """A full http, https or mailto address that does not point at the reader's own machine or link."""
    try:
        parts = urlsplit(str(url))
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(parts.path)
    return parts.scheme in ("http", "https") and bool(host) and not _is_local(host)


def web_address(text: str) -> str:
    """The text where it is one safe address and nothing else, else nothing."""
    return text if text.split() == [text] and is_safe_link(text) else ""


def _is_local(host: str) -> bool:
    # As a browser reads it: full-width signs and other full stops are plain ones, and one at the end says nothing.
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = _address(host)
    except (OSError, ValueError):
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_link_local or mapped.is_loopback or mapped.is_unspecified)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Raises OSError or ValueError for a name. One of the fourth version has short, octal and hexadecimal forms too."""
    if ":" in host:
        return ipaddress.ip_address(host.split("%")[0])
    return ipaddress.IPv4Address(socket.inet_aton(host))

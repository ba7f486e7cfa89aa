"""Which characters the document's own fonts can draw, and words for those that they cannot.

The print stylesheets say which fonts there are: print.css those of every document, print-scripts.css those
that a document asks for only where its text needs them.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from documents.static_files import STATIC

_FACE = re.compile(r'@font-face\s*{[^}]*font-family:\s*"([^"]+)"[^}]*url\("([^"]+)"\)')
# Characters with a plain twin that reads the same.
_TWINS = {
    "\u2011": "-",
    "\u2010": "-",
    "\u2012": "–",
    "\u202f": "\u00a0",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u2028": " ",
    "\u2029": " ",
    "→": "->",
    "←": "<-",
}
_KEPT_CONTROLS = "\n\r\t"
# Joiners and selectors only tell how to draw the characters beside them.
_SELECTORS = re.compile("[\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SILENT_CATEGORIES = {"Cc", "Cf", "Cs"}


@dataclass(frozen=True)
class Covered:
    """A text that the fonts draw, the characters it lost, and whether it needs the fonts of other scripts."""

    text: str
    replaced: tuple[str, ...]
    scripts: bool


def replace_uncovered(text: str) -> Covered:
    """`text` with each character that no font draws as its name in square brackets: "[party popper]"."""
    basic, scripts = _coverage("print.css"), _coverage("print-scripts.css")
    text = _SELECTORS.sub("", text)
    foreign = {char for char in set(text) if char not in basic and char not in _KEPT_CONTROLS}
    lost = {char: _in_words(char) for char in foreign if char not in scripts or char in _TWINS}
    named = sorted(char for char, words in lost.items() if words.startswith("["))
    return Covered(
        text.translate({ord(char): words for char, words in lost.items()}),
        replaced=tuple(f"{_in_words(char)[1:-1]} (U+{ord(char):04X})" for char in named),
        scripts=bool(foreign - set(lost)),
    )


def _in_words(char: str) -> str:
    if char in _TWINS:
        return _TWINS[char]
    if unicodedata.category(char) in _SILENT_CATEGORIES:
        return ""
    return f"[{unicodedata.name(char, f'character U+{ord(char):04X}').lower()}]"


@cache
def _coverage(stylesheet: str) -> frozenset[str]:
    """What the fonts of a stylesheet draw; of a family's weights only what all of them draw."""
    css = STATIC / "css" / stylesheet
    families: dict[str, set[str]] = {}
    for family, url in _FACE.findall(css.read_text()):
        drawn = _characters(css.parent / url)
        families[family] = families.get(family, drawn) & drawn
    return frozenset(_union(families.values()))


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


def _characters(path: Path) -> set[str]:
    with TTFont(path, lazy=True) as font:
        drawn = map(chr, font.getBestCmap())
        return {char for char in drawn if unicodedata.category(char) != "Cc"}

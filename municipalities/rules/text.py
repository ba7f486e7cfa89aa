"""What may stand in a text that people type or import: something to read, and nothing that hides or turns it."""

import re
from collections.abc import Mapping
from unicodedata import category

# Characters that change the order or the lines of the text around them, wherever it is shown.
_TURNING = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_ADDRESS = re.compile(r"[<(]?[^\s<>()@]+@[^\s<>()@]+[>)]?")


def control_character(text: str, *, allowed: str = "") -> str:
    """The first control character that is not `allowed`, as `U+0007`, or nothing."""
    return next((_code(char) for char in text if category(char) == "Cc" and char not in allowed), "")


def hidden_character(text: str) -> str:
    """The first control or direction-changing character as `U+202E`, or nothing: for names, which stand in lines."""
    return next((_code(char) for char in text if category(char) == "Cc" or char in _TURNING), "")


def readable(text: str) -> bool:
    """At least one letter or digit, so that no row looks empty."""
    return any(char.isalnum() for char in text)


def printable(text: str) -> str:
    """The text on one line, with a mark for whatever a terminal would obey or a database refuse."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def without_address(typed: str, people: Mapping[str, str]) -> str:
    """
    Somebody as a document may name them: an e-mail address is not for everybody.

    A member's name stands for theirs (`people`, by address in lower case), nothing for anybody else's.
    """
    known = people.get(typed.strip().lower())
    return _ADDRESS.sub("", typed).strip() if known is None else known


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"

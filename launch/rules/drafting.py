"""A draft and the facts known so far become text; what is missing stays visible."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FILL_IN = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Segment:
    """Words of the draft itself (no `name`), or the fill-in of that name: its value, empty where it is missing."""

    text: str
    name: str = ""

    @property
    def missing(self) -> bool:
        return bool(self.name) and not self.text


def draft(text: str, facts: Mapping[str, str]) -> tuple[Segment, ...]:
    """The draft in pieces, in reading order. A value stands as it was typed: braces in it fill nothing in."""
    pieces = _FILL_IN.split(text)
    segments = []
    for place, piece in enumerate(pieces):
        if place % 2:
            value = facts.get(piece, "").strip()
            segments.append(Segment(value, piece))
        elif piece:
            segments.append(Segment(piece))
    return tuple(segments)


def missing(segments: tuple[Segment, ...]) -> tuple[str, ...]:
    """The names that are not filled in, each once, in reading order."""
    return tuple(dict.fromkeys(segment.name for segment in segments if segment.missing))


def plain(segments: tuple[Segment, ...], labels: Mapping[str, str]) -> str:
    """As text to copy: what is missing stands in square brackets under its label."""
    return "".join(f"[{labels[segment.name]}]" if segment.missing else segment.text for segment in segments)

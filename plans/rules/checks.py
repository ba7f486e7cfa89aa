"""What the sections of the plan still lack. Values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass

from plans.rules.progress import Status


@dataclass(frozen=True)
class Section:
    """`filled`: it has text, or fills itself from the other pages."""

    key: str
    status: Status
    filled: bool


@dataclass(frozen=True)
class Gap:
    """What is missing (`code`) in which section."""

    code: str
    key: str


def gaps(sections: Iterable[Section]) -> list[Gap]:
    """`empty`: it has no text; `unapproved`: it has, and nobody has approved it."""
    return [
        Gap("unapproved" if one.filled else "empty", one.key)
        for one in sections
        if not one.filled or one.status is not Status.APPROVED
    ]

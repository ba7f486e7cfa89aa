"""What the sections of the plan still lack. Values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass

from plans.rules.progress import Status


@dataclass(frozen=True)
class Section:
    """`filled`: it has text, or fills itself; `changed`: not what is below its text was approved with it."""

    key: str
    status: Status
    filled: bool
    changed: bool = False


@dataclass(frozen=True)
class Gap:
    """What is missing (`code`) in which section."""

    code: str
    key: str


def gaps(sections: Iterable[Section]) -> list[Gap]:
    """`empty`: no text; `unapproved`: nobody has approved it; `changed`: what is below it is not what was approved."""
    found = ((one.key, _code(one)) for one in sections)
    return [Gap(code, key) for key, code in found if code]


def _code(one: Section) -> str:
    if not one.filled:
        return "empty"
    if one.status is not Status.APPROVED:
        return "unapproved"
    return "changed" if one.changed else ""

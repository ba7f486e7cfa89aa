"""What a plan says now beside what it said when it was released. Values in, values out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    ADDED = "added"
    GONE = "gone"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Thing:
    """A priority, an action or a measure: what it is called, and what of it counts as changed where it differs."""

    name: str
    facts: str = ""


@dataclass(frozen=True)
class Change:
    """`then` and `now` are names where it is renamed, facts where it is changed."""

    kind: Kind
    name: str
    then: str = ""
    now: str = ""


def changes(before: Mapping[str, Thing], now: Mapping[str, Thing]) -> Iterator[Change]:
    """What is new, what is gone and what differs, by the things' keys: in the order of now, what is gone last."""
    for key, thing in now.items():
        known = before.get(key)
        if known is None:
            yield Change(Kind.ADDED, thing.name)
            continue
        if known.name != thing.name:
            yield Change(Kind.RENAMED, thing.name, known.name, thing.name)
        if known.facts != thing.facts:
            yield Change(Kind.CHANGED, thing.name, known.facts, thing.facts)
    for key, thing in before.items():
        if key not in now:
            yield Change(Kind.GONE, thing.name)

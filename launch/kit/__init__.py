"""What a launch kit consists of and how its drafts read: versioned data beside this file."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CURRENT = "2022"
DOCUMENTS = ("message", "talking")


@dataclass(frozen=True)
class Part:
    """One part: `label` is rationale, execution or who; `text` has its fill-ins in braces."""

    key: str
    document: str
    label: str
    title: str
    text: str


@lru_cache
def load(version: str = CURRENT) -> tuple[Part, ...]:
    """Every part in reading order: the internal message, then the talking points."""
    data = tomllib.loads((Path(__file__).parent / f"{version}.toml").read_text(encoding="utf-8"))
    return tuple(Part(document=document, **part) for document in DOCUMENTS for part in data[document])


def by_key(version: str = CURRENT) -> dict[str, Part]:
    return {part.key: part for part in load(version)}

"""The plan's 14 sections, as versioned data beside this file (the guide's outline)."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CURRENT = "2022"


@dataclass(frozen=True)
class OutlineSection:
    """`generated` sections fill themselves from the other apps and may carry prose besides."""

    key: str
    title: str
    guide_step: str
    generated: bool
    purpose: str
    guidance: str
    prompts: tuple[str, ...]


@lru_cache
def by_key(version: str = CURRENT) -> dict[str, OutlineSection]:
    """The same, found by key."""
    return {section.key: section for section in load(version)}


@lru_cache
def load(version: str = CURRENT) -> tuple[OutlineSection, ...]:
    """The sections in the plan's order."""
    raw = tomllib.loads((Path(__file__).parent / f"{version}.toml").read_text("utf-8"))
    return tuple(OutlineSection(**{**s, "prompts": tuple(s["prompts"])}) for s in raw["sections"])

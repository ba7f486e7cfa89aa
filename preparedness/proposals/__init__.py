"""What could be done for each step, in words of our own, by the instrument's version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Draft:
    """An action to begin with: a verb first, and what it usually takes."""

    title: str
    takes: str


@cache
def load(version: str) -> Mapping[str, Draft]:
    """The drafts by step key; raises FileNotFoundError for a version that has none."""
    text = (Path(__file__).parent / f"{version}.toml").read_text("utf-8")
    return {key: Draft(**entry) for key, entry in tomllib.loads(text).items()}

"""What makes a municipality a good partner: statements to be answered, versioned data beside this file."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CURRENT = "2026"


@dataclass(frozen=True)
class Statement:
    """One thing that a good partner does; `help` says how one would know."""

    key: str
    text: str
    help: str


@lru_cache
def load(version: str = CURRENT) -> tuple[Statement, ...]:
    """Every statement in reading order."""
    data = tomllib.loads((Path(__file__).parent / f"{version}.toml").read_text(encoding="utf-8"))
    return tuple(Statement(**statement) for statement in data["statement"])

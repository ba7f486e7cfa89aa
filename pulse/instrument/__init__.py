"""
The staff pulse: fifteen statements in our own words, as versioned data in every language of the survey.

Twelve of them follow the model of ORIC, a validated measure of organizational readiness for change in two
subscales, commitment and efficacy (Shea, Jacobs, Esserman, Bruce and Weiner 2014, Implementation Science 9:7;
after Weiner 2009). Three more speak to the conditions culture and buy-in (guide steps 3.4 and 3.5).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

CURRENT = "2026"
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Statement:
    """One statement: its subscale, the readiness condition it speaks to (may be empty), its text by language."""

    key: str
    scale: str
    condition: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class Instrument:
    """`points` has the five answers' words by language, from 1 (disagree) to 5 (agree)."""

    version: str
    statements: tuple[Statement, ...]
    scales: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, Mapping[str, str]]
    points: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, str]]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(statement.key for statement in self.statements)

    def of_scale(self, scale: str) -> tuple[str, ...]:
        """The keys of its statements."""
        return tuple(statement.key for statement in self.statements if statement.scale == scale)

    def of_condition(self, condition: str) -> tuple[str, ...]:
        return tuple(statement.key for statement in self.statements if statement.condition == condition)


@cache
def load(version: str = CURRENT) -> Instrument:
    """The instrument of that version; raises FileNotFoundError for one that was never used."""
    raw = tomllib.loads((Path(__file__).parent / f"{version}.toml").read_text("utf-8"))
    return Instrument(
        version=raw["version"],
        statements=tuple(
            Statement(s["key"], s["scale"], s.get("condition", ""), {name: s[name] for name in LANGUAGES})
            for s in raw["statements"]
        ),
        scales=raw["scales"],
        groups=raw["groups"],
        points={name: tuple(raw["points"][name]) for name in LANGUAGES},
        words=raw["words"],
    )

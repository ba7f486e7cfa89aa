"""The instrument: the guide's nine conditions and 31 steps, as versioned data beside this file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

CURRENT = "2022"


@dataclass(frozen=True)
class Step:
    """A statement that is or is not true of the municipality; `kind` is fact, belief or intention."""

    key: str
    statement: str
    kind: str
    help: str

    @property
    def condition(self) -> str:
        return self.key.partition(".")[0]


@dataclass(frozen=True)
class Condition:
    key: str
    name: str
    short: str
    guide_step: str
    why: str
    question: str
    hint: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Instrument:
    version: str
    source: str
    conditions: tuple[Condition, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Condition]:
        return {condition.key: condition for condition in self.conditions}

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        return {step.key: step for condition in self.conditions for step in condition.steps}


@lru_cache
def load(version: str = CURRENT) -> Instrument:
    """The instrument of that version; raises FileNotFoundError for one that was never published."""
    raw = tomllib.loads((Path(__file__).parent / f"{version}.toml").read_text("utf-8"))
    return Instrument(raw["version"], raw["source"], tuple(_condition(c) for c in raw["conditions"]))


def _condition(raw: dict[str, object]) -> Condition:
    steps = raw.pop("steps")
    assert isinstance(steps, list)  # noqa: S101
    return Condition(**raw, steps=tuple(Step(**step) for step in steps))  # type: ignore[arg-type]

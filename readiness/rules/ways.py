"""What would have to change: the shortest ways to the next level, and a round imagined otherwise (guide step 3.10)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from readiness.rules.checklist import Reading, State, Status
from readiness.rules.policy import Policy
from readiness.rules.recommendation import Verdict, recommend

MOST = 5


@dataclass(frozen=True)
class Way:
    """Steps that, once in place, reach `verdict`: none of them can be left out. `conditions` are met by it."""

    verdict: Verdict
    conditions: tuple[str, ...]
    steps: tuple[str, ...]


def step_key(condition: str, index: int) -> str:
    """The key of a condition's step, counted from 0: every instrument numbers them so."""
    return f"{condition}.{index + 1}"


def shortest(readings: Sequence[Reading], policy: Policy, *, most: int = MOST) -> tuple[Way, ...]:
    """
    The smallest sets of unmet steps that reach the next level, fewest steps first, then in the instrument's order.

    Exact: every set whose steps are all needed is weighed, the first `most` are given. A condition that the team
    judges not to be met stays so whatever its steps say, so no way leads through it. None on the highest level.
    """
    now = recommend(readings, policy)
    if now.distance is None:
        return ()
    open_ = [reading for reading in readings if not reading.met and reading.judged is None]
    required = tuple(now.distance.required)
    if not {reading.key for reading in open_} >= set(required):
        return ()
    free = [reading.key for reading in open_ if reading.key not in required]
    more = now.distance.conditions - len(required)
    chosen = (set(required) | set(others) for others in combinations(free, max(0, more)))
    ways = [_way(now.distance.verdict, readings, keys) for keys in chosen]
    return tuple(sorted(ways, key=lambda way: len(way.steps))[:most])


def _way(verdict: Verdict, readings: Sequence[Reading], keys: Collection[str]) -> Way:
    missing = [
        step_key(reading.key, index)
        for reading in readings
        if reading.key in keys
        for index, status in enumerate(reading.steps)
        if status is not Status.IN_PLACE
    ]
    return Way(verdict, tuple(reading.key for reading in readings if reading.key in keys), tuple(missing))


def blocked(readings: Sequence[Reading], policy: Policy) -> tuple[str, ...]:
    """The conditions that only another judgement could change: all steps in place, or judged, and yet not met."""
    return tuple(reading.key for reading in readings if not reading.met and reading.judged is not None)


def imagine(
    readings: Sequence[Reading], in_place: Collection[str], judged: Mapping[str, State | None]
) -> tuple[Reading, ...]:
    """
    The round if exactly the steps of `in_place` were in place and the conditions of `judged` were judged so.

    A step that is taken out of place counts as not yet; what is not in place keeps its status otherwise.
    """
    return tuple(
        replace(
            reading,
            steps=tuple(_imagined(reading, in_place)),
            judged=judged.get(reading.key, reading.judged),
        )
        for reading in readings
    )


def _imagined(reading: Reading, in_place: Collection[str]) -> Iterator[Status]:
    for index, status in enumerate(reading.steps):
        if step_key(reading.key, index) in in_place:
            yield Status.IN_PLACE
        else:
            yield Status.NOT_YET if status is Status.IN_PLACE else status

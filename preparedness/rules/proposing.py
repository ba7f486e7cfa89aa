"""Which steps propose an action, in which order (guide step 3.10)."""

from collections.abc import Collection, Sequence

from readiness.rules.checklist import Reading, Status
from readiness.rules.ways import Way, step_key

FIRST = 3


def proposed(readings: Sequence[Reading], taken: Collection[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """
    The unmet conditions with their steps that are not in place and not `taken` by a live action, nearest first.

    A condition that is met, by its steps or by the team's judgement, proposes nothing.
    """
    found = [
        (reading.key, tuple(key for key in missing(reading) if key not in taken), reading.steps_left)
        for reading in readings
        if not reading.met
    ]
    return tuple((key, steps) for key, steps, _left in sorted(found, key=lambda row: row[2]) if steps)


def missing(reading: Reading) -> tuple[str, ...]:
    """The keys of its steps that are not in place."""
    return tuple(step_key(reading.key, n) for n, status in enumerate(reading.steps) if status is not Status.IN_PLACE)


def most_changing(ways: Sequence[Way], taken: Collection[str], *, most: int = FIRST) -> tuple[str, ...]:
    """The steps that stand in the most of the shortest ways, in the first way's order where that is even."""
    order = list(dict.fromkeys(step for way in ways for step in way.steps))
    counted = sorted(order, key=lambda step: -sum(step in way.steps for way in ways))
    return tuple(step for step in counted if step not in taken)[:most]

"""How a measure stands against the straight line from its baseline to its target (guide step 8)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# A value that is older than so many of its periods tells nothing about today.
STALE_PERIODS = 2


class State(StrEnum):
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NO_DATA = "no_data"


class Why(StrEnum):
    """What decided the state."""

    LINE = "line"
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    NO_VALUE = "no_value"
    STALE = "stale"


@dataclass(frozen=True)
class Goal:
    """
    What a measure starts from and is to reach, each with its day. `better` is "up", "down" or empty.

    `every` is how many days lie between two values; None where nobody has said.
    """

    better: str
    baseline: Decimal | None
    baseline_on: datetime.date | None
    target: Decimal | None
    target_on: datetime.date | None
    every: int | None = None

    def rounded(self, value: Decimal) -> Decimal:
        """A value on the line with no more decimals than baseline and target have, and one at most."""
        places = [-int(one.normalize().as_tuple().exponent) for one in (self.baseline, self.target) if one is not None]
        return round(value, max(0, min(1, max(places, default=0))))

    @property
    def backwards(self) -> bool:
        """The target is worse than the baseline for what counts as better."""
        if self.baseline is None or self.target is None:
            return False
        change = self.target - self.baseline
        return (self.better == "up" and change < 0) or (self.better == "down" and change > 0)

    @property
    def rising(self) -> bool:
        """Whether more is better: as the target says, and where it is the baseline again, as `better` does."""
        if self.baseline is not None and self.target is not None and self.target != self.baseline:
            return self.target > self.baseline
        return self.better != "down"


@dataclass(frozen=True)
class Point:
    """One value of a measure, and the day it stands for."""

    on: datetime.date
    value: Decimal


@dataclass(frozen=True)
class Standing:
    """The state, what decided it, the value that was looked at, and what the line would have asked for on its day."""

    state: State
    why: Why
    last: Point | None = None
    expected: Decimal | None = None


def standing(goal: Goal, points: Iterable[Point], today: datetime.date) -> Standing:
    """
    On track: the newest value up to `today`, after the baseline's day, is at least as good as the line on its day.

    No data: without a baseline, a target, their days or such a value, or when the newest one is older than two periods.
    """
    if goal.baseline is None or goal.baseline_on is None:
        return Standing(State.NO_DATA, Why.NO_BASELINE)
    if goal.target is None or goal.target_on is None:
        return Standing(State.NO_DATA, Why.NO_TARGET)
    last = max((one for one in points if goal.baseline_on < one.on <= today), key=lambda one: one.on, default=None)
    if last is None:
        return Standing(State.NO_DATA, Why.NO_VALUE)
    if goal.every is not None and (today - last.on).days > STALE_PERIODS * goal.every:
        return Standing(State.NO_DATA, Why.STALE, last)
    asked = expected(goal.baseline, goal.baseline_on, goal.target, goal.target_on, last.on)
    good = last.value >= asked if goal.rising else last.value <= asked
    return Standing(State.ON_TRACK if good else State.BEHIND, Why.LINE, last, asked)


def expected(
    start: Decimal, start_on: datetime.date, end: Decimal, end_on: datetime.date, on: datetime.date
) -> Decimal:
    """Where the straight line stands on a day; before its start and after its end it is level."""
    if on >= end_on:
        return end
    if on <= start_on:
        return start
    share = Decimal((on - start_on).days) / Decimal((end_on - start_on).days)
    return start + (end - start) * share

"""Where the small chart of a measure has its lines and points. Values in, values out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from strategy.rules.progress import Goal, Point

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, FOOT = 84, 24, 18, 34


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    on: datetime.date
    value: Decimal


@dataclass(frozen=True)
class Chart:
    """The dots of the values in order, and the ends of the straight line where there is one."""

    dots: tuple[Dot, ...]
    line: tuple[Dot, Dot] | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def path(self) -> str:
        """For an SVG polyline."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def foot(self) -> int:
        return HEIGHT - FOOT

    @property
    def right(self) -> int:
        return WIDTH - RIGHT

    @property
    def marks(self) -> tuple[Dot, ...]:
        """The lowest and the highest of all, for the scale."""
        every = [*self.dots, *(self.line or ())]
        low, high = max(every, key=lambda dot: dot.y), min(every, key=lambda dot: dot.y)
        return (low,) if low.value == high.value else (low, high)

    @property
    def days(self) -> tuple[Dot, ...]:
        """The first and the last day."""
        every = sorted([*self.dots, *(self.line or ())], key=lambda dot: dot.on)
        return (every[0],) if every[0].on == every[-1].on else (every[0], every[-1])


def chart(goal: Goal, points: Sequence[Point]) -> Chart | None:
    """The chart; None where there is nothing to draw. Two values, or one and the line, are the least."""
    ends = _ends(goal)
    every = [*points, *ends]
    if len(every) < 2:
        return None
    days, values = [one.on for one in every], [one.value for one in every]
    first, span = min(days), (max(days) - min(days)).days or 1
    low, rise = min(values), (max(values) - min(values)) or Decimal(1)

    def dot(one: Point) -> Dot:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (one.on - first).days / span
        y = HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * float((one.value - low) / rise)
        return Dot(round(x, 1), round(y, 1), one.on, one.value)

    dots = tuple(dot(one) for one in sorted(points, key=lambda one: one.on))
    return Chart(dots, (dot(ends[0]), dot(ends[1])) if ends else None)


def _ends(goal: Goal) -> list[Point]:
    if goal.baseline is None or goal.baseline_on is None or goal.target is None or goal.target_on is None:
        return []
    return [Point(goal.baseline_on, goal.baseline), Point(goal.target_on, goal.target)]

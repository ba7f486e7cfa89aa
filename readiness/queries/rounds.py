"""All rounds of a municipality side by side, in a constant number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from municipalities.models import Municipality
from readiness import instrument
from readiness.models import ConditionAnswer, Determination, Round, StepAnswer
from readiness.queries.assessment import condition_of, readings
from readiness.queries.policy import policy_of
from readiness.rules.checklist import Reading
from readiness.rules.recommendation import recommend
from readiness.rules.rounds import Move, StepMove, moves

# The picture: its height for nine conditions, and the room of a round.
LEFT, TOP, STEP, WIDTH = 40, 16, 18, 110


@dataclass(frozen=True)
class RoundLine:
    """One round: how it read, what it recommends, what was decided; `x` and `y` place it in the picture."""

    round: Round
    readings: tuple[Reading, ...]
    met: int
    verdict: str
    determination: Determination | None
    x: int
    y: int

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(str(reading.state) for reading in self.readings)


@dataclass(frozen=True)
class MovedStep:
    step: instrument.Step
    move: StepMove


@dataclass(frozen=True)
class MoveLine:
    """One condition between two rounds: what moved, which way, and when it was last written in the later one."""

    condition: instrument.Condition
    move: Move
    steps: tuple[MovedStep, ...]
    when: datetime.datetime | None


@dataclass(frozen=True)
class Rounds:
    lines: tuple[RoundLine, ...]
    before: RoundLine | None
    after: RoundLine | None
    moves: tuple[MoveLine, ...]
    conditions: tuple[instrument.Condition, ...]

    @property
    def matrix(self) -> tuple[tuple[instrument.Condition, tuple[str, ...]], ...]:
        """Each condition with its state in every round, oldest first."""
        return tuple((c, tuple(line.states[n] for line in self.lines)) for n, c in enumerate(self.conditions))

    @property
    def changed(self) -> tuple[MoveLine, ...]:
        """The conditions in which anything is otherwise."""
        return tuple(line for line in self.moves if line.move.way != "same" or line.steps or line.move.judged_anew)

    @property
    def width(self) -> int:
        return LEFT + WIDTH * len(self.lines)

    @property
    def height(self) -> int:
        return TOP + STEP * 9 + 34

    @property
    def foot(self) -> int:
        return TOP + STEP * 9

    @property
    def axis(self) -> tuple[tuple[int, int], ...]:
        """The numbers of met conditions that the picture names, and where."""
        return tuple((_y(number), number) for number in (0, 3, 6, 9))

    @property
    def path(self) -> str:
        return " ".join(f"{line.x},{line.y}" for line in self.lines)


def rounds(municipality: Municipality, before: int | None = None, after: int | None = None) -> Rounds:
    """
    Every round, oldest first, and two of them compared: by their numbers, else the last two.

    Numbers that no round has are taken as not given. Raises Round.DoesNotExist before the first round.
    """
    rows = list(Round.objects.of(municipality).select_related("determination").order_by("number"))
    if not rows:
        raise Round.DoesNotExist
    steps, conditions = _by_round(StepAnswer, rows), _by_round(ConditionAnswer, rows)
    policy = policy_of(municipality)
    lines = []
    for place, row in enumerate(rows):
        found = readings(row.instrument, steps[row.pk], conditions[row.pk])
        decided = getattr(row, "determination", None)
        verdict = decided.recommendation["verdict"] if decided else str(recommend(found, policy).verdict)
        met = sum(reading.met for reading in found)
        x = LEFT + WIDTH * place + WIDTH // 2
        lines.append(RoundLine(row, found, met, verdict, decided, x, _y(met)))
    known = {line.round.number: line for line in lines}
    later = known.get(after or 0, lines[-1])
    earlier = known.get(before or 0) or known.get(later.round.number - 1)
    tool = rows[-1].instrument
    return Rounds(
        lines=tuple(lines),
        before=earlier,
        after=later if earlier else None,
        moves=_moves(earlier, later, [*steps[later.round.pk], *conditions[later.round.pk]]) if earlier else (),
        conditions=tool.conditions,
    )


def _y(met: int) -> int:
    return TOP + STEP * (9 - met)


def _by_round(kind: type[StepAnswer] | type[ConditionAnswer], rows: Iterable[Round]) -> dict[int, list]:
    found: dict[int, list] = {row.pk: [] for row in rows}
    for answer in kind.objects.filter(round__in=list(found)):
        found[answer.round_id].append(answer)
    return found


def _moves(
    before: RoundLine, after: RoundLine, written: Iterable[StepAnswer | ConditionAnswer]
) -> tuple[MoveLine, ...]:
    tool = after.round.instrument
    newest: dict[str, datetime.datetime] = {}
    for row in written:
        # A row of version 1 stands as the new round began with it.
        if row.version > 1:
            key = condition_of(row.key)
            newest[key] = max(row.updated_at, newest.get(key, row.updated_at))
    return tuple(
        MoveLine(
            condition=tool.by_key[move.key],
            move=move,
            steps=tuple(MovedStep(tool.steps[step.key], step) for step in move.steps),
            when=newest.get(move.key),
        )
        for move in moves(before.readings, after.readings)
    )

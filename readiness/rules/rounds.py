"""What moved between two rounds: conditions and steps, and which way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness.rules.checklist import Reading, State, Status
from readiness.rules.ways import step_key

_STATES = [State.NOT_YET, State.PARTLY, State.IN_PLACE]
# An unanswered step and one that is not yet there are equally far from being in place.
_RANK = {Status.UNANSWERED: 0, Status.NOT_YET: 0, Status.UNDER_WAY: 1, Status.IN_PLACE: 2}


@dataclass(frozen=True)
class StepMove:
    key: str
    before: Status
    after: Status

    @property
    def way(self) -> str:
        return _way(_RANK[self.before], _RANK[self.after])


@dataclass(frozen=True)
class Move:
    """One condition in two rounds: `way` is up, down or same; `steps` are those whose status is another."""

    key: str
    before: Reading
    after: Reading
    steps: tuple[StepMove, ...]

    @property
    def way(self) -> str:
        return _way(_STATES.index(self.before.state), _STATES.index(self.after.state))

    @property
    def judged_anew(self) -> bool:
        """The team judges otherwise than in the earlier round."""
        return self.before.judged is not self.after.judged


def _way(before: int, after: int) -> str:
    return "same" if before == after else "up" if after > before else "down"


def moves(before: Sequence[Reading], after: Sequence[Reading]) -> tuple[Move, ...]:
    """Each condition that both rounds have, in the later one's order."""
    earlier = {reading.key: reading for reading in before}
    return tuple(
        Move(reading.key, earlier[reading.key], reading, tuple(_steps(earlier[reading.key], reading)))
        for reading in after
        if reading.key in earlier
    )


def _steps(before: Reading, after: Reading) -> Iterator[StepMove]:
    for index, (old, new) in enumerate(zip(before.steps, after.steps, strict=False)):
        if old is not new:
            yield StepMove(step_key(after.key, index), old, new)

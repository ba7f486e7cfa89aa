"""States of steps and conditions (guide step 3.10): what the checklist suggests and what the team judges."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether a step is true of the municipality. Unanswered counts as not in place but is told apart."""

    UNANSWERED = ""
    NOT_YET = "not_yet"
    UNDER_WAY = "under_way"
    IN_PLACE = "in_place"


class State(StrEnum):
    """Whether a condition is there."""

    NOT_YET = "not_yet"
    PARTLY = "partly"
    IN_PLACE = "in_place"


def suggest(steps: Sequence[Status]) -> State:
    """The state that the checklist suggests: all in place, none begun, or something between."""
    if all(status is Status.IN_PLACE for status in steps):
        return State.IN_PLACE
    if any(status in (Status.IN_PLACE, Status.UNDER_WAY) for status in steps):
        return State.PARTLY
    return State.NOT_YET


@dataclass(frozen=True)
class Reading:
    """One condition as it stands: its steps' statuses and the team's judgement, where there is one."""

    key: str
    steps: tuple[Status, ...]
    judged: State | None = None

    @property
    def suggested(self) -> State:
        return suggest(self.steps)

    @property
    def state(self) -> State:
        return self.judged or self.suggested

    @property
    def met(self) -> bool:
        return self.state is State.IN_PLACE

    @property
    def overruled(self) -> bool:
        """The team judges otherwise than the checklist suggests."""
        return self.judged is not None and self.judged is not self.suggested

    @property
    def steps_left(self) -> int:
        return len(self.steps) - self.count(Status.IN_PLACE)

    @property
    def unanswered(self) -> int:
        return self.count(Status.UNANSWERED)

    def count(self, status: Status) -> int:
        return Counter(self.steps)[status]

"""A round imagined otherwise: what the page of what-if switches, and what would follow. Nothing is stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from readiness import instrument, wording
from readiness.queries.assessment import Assessment, ConditionView
from readiness.rules.checklist import Reading, State, Status
from readiness.rules.recommendation import Recommendation, recommend
from readiness.rules.ways import Way, blocked, imagine, shortest, step_key

# How a condition may be taken: as its steps say, or as met or not met whatever they say.
STEPS, MET, NOT_MET = "steps", "met", "not_met"
STATES: Mapping[str, State | None] = {STEPS: None, MET: State.IN_PLACE, NOT_MET: State.NOT_YET}


@dataclass(frozen=True)
class Switches:
    """What is switched: the keys of the steps in place, and each condition's way of being taken."""

    steps: frozenset[str]
    taken: Mapping[str, str]


@dataclass(frozen=True)
class ImaginedStep:
    step: instrument.Step
    on: bool
    moved: bool


@dataclass(frozen=True)
class ImaginedCondition:
    """One condition with its switches; `moved` where anything in it is otherwise than it stands."""

    view: ConditionView
    taken: str
    met: bool
    steps: tuple[ImaginedStep, ...]
    moved: bool


@dataclass(frozen=True)
class WayLine:
    """A shortest way: what it asks for, in words, and the switches that show it."""

    verdict: str
    steps: tuple[instrument.Step, ...]
    conditions: tuple[str, ...]
    switches: Switches


@dataclass(frozen=True)
class WhatIf:
    now: Recommendation
    then: Recommendation
    explanation: tuple[str, ...]
    conditions: tuple[ImaginedCondition, ...]
    ways: tuple[WayLine, ...]
    blocked: str

    @property
    def moved(self) -> bool:
        return any(condition.moved for condition in self.conditions)


def as_it_stands(assessment: Assessment) -> Switches:
    """The switches of the round itself."""
    readings = _readings(assessment)
    return Switches(
        frozenset(key for reading in readings for key in _in_place(reading)),
        {reading.key: _taken(reading) for reading in readings},
    )


def what_if(assessment: Assessment, switches: Switches) -> WhatIf:
    """What would follow; the shortest ways start from how the round stands."""
    readings, tool = _readings(assessment), assessment.instrument
    judged = {key: STATES[taken] for key, taken in switches.taken.items()}
    then = recommend(imagine(readings, switches.steps, judged), assessment.policy)
    stands = as_it_stands(assessment)
    return WhatIf(
        now=assessment.recommendation,
        then=then,
        explanation=wording.explanation(then, tool),
        conditions=tuple(_condition(view, switches, stands, then.met) for view in assessment.conditions),
        ways=tuple(_line(way, tool, stands) for way in shortest(readings, assessment.policy)),
        blocked=wording.names(blocked(readings, assessment.policy), tool),
    )


def _readings(assessment: Assessment) -> tuple[Reading, ...]:
    return tuple(view.reading for view in assessment.conditions)


def _in_place(reading: Reading) -> list[str]:
    return [step_key(reading.key, n) for n, status in enumerate(reading.steps) if status is Status.IN_PLACE]


def _taken(reading: Reading) -> str:
    if reading.judged is None:
        return STEPS
    return MET if reading.met else NOT_MET


def _condition(view: ConditionView, switches: Switches, stands: Switches, met: Collection[str]) -> ImaginedCondition:
    otherwise = switches.steps ^ stands.steps
    steps = tuple(ImaginedStep(s.step, s.step.key in switches.steps, s.step.key in otherwise) for s in view.steps)
    taken = switches.taken[view.key]
    moved = taken != stands.taken[view.key] or any(step.moved for step in steps)
    return ImaginedCondition(view, taken, view.key in met, steps, moved)


def _line(way: Way, tool: instrument.Instrument, stands: Switches) -> WayLine:
    return WayLine(
        verdict=str(way.verdict),
        steps=tuple(tool.steps[key] for key in way.steps),
        conditions=tuple(tool.by_key[key].short for key in way.conditions),
        switches=Switches(stands.steps | set(way.steps), stands.taken),
    )

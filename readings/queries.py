"""Readings as pages show them; nobody's is shown to who may not see it yet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import User
from readiness import queries as readiness
from readiness.instrument import Condition, Step
from readiness.models import Round, StepAnswer, StepStatus
from readiness.queries import Assessment
from readiness.rules.checklist import Status
from readings.models import Opening, Reading
from readings.rules.disagreement import disagreement


@dataclass(frozen=True)
class OwnStep:
    """A step as its reader sees it; `fault` says why what they typed was not stored."""

    step: Step
    status: str
    remark: str
    fault: str = ""


@dataclass(frozen=True)
class OwnCondition:
    condition: Condition
    steps: tuple[OwnStep, ...]


@dataclass(frozen=True)
class OwnReading:
    """
    One member's own reading, and who else has begun or is done (without a word of what they say).

    `answered` counts what is stored.
    """

    round: Round
    row: Reading | None
    conditions: tuple[OwnCondition, ...]
    answered: int
    others_done: tuple[str, ...]
    others_begun: int
    opened: bool

    @property
    def done(self) -> bool:
        return self.row is not None and self.row.done


@dataclass(frozen=True)
class Said:
    """What one member says of a step."""

    who: str
    status: str
    remark: str


@dataclass(frozen=True)
class StepLine:
    """One step over all readings; `bar` has the counts that the picture draws."""

    step: Step
    condition: str
    answer: StepAnswer
    said: tuple[Said, ...]
    apart: float

    @property
    def dom(self) -> str:
        return readiness.dom(self.step.key)

    @property
    def differ(self) -> bool:
        return self.apart > 0

    def _count(self, status: str) -> int:
        return Counter(said.status for said in self.said)[status]

    # What the bar of the design asks for.
    @property
    def in_place(self) -> int:
        return self._count(StepStatus.IN_PLACE)

    @property
    def under_way(self) -> int:
        return self._count(StepStatus.UNDER_WAY)

    @property
    def not_yet(self) -> int:
        return self._count(StepStatus.NOT_YET)

    @property
    def unanswered(self) -> int:
        return self._count("")


@dataclass(frozen=True)
class Comparison:
    assessment: Assessment
    readers: tuple[str, ...]
    lines: tuple[StepLine, ...]
    total: int

    @property
    def differing(self) -> int:
        return sum(line.differ for line in self.lines)


def own(
    round_: Round,
    user: User,
    *,
    typed: Mapping[str, tuple[str, str]] | None = None,
    faults: Mapping[str, str] | None = None,
) -> OwnReading:
    """The person's own reading, in a constant number of queries; `typed` stands over what is stored."""
    rows = list(Reading.objects.filter(round=round_).select_related("user"))
    row = next((row for row in rows if row.user_id == user.pk), None)
    others = [other for other in rows if other.user_id != user.pk]
    stored = row.answers if row else {}
    shown = Reading(round=round_, user=user, answers={**stored, **(typed or {})})
    wrong = faults or {}
    return OwnReading(
        round=round_,
        row=row,
        conditions=tuple(
            OwnCondition(
                c,
                tuple(OwnStep(s, shown.status(s.key), shown.remark(s.key), wrong.get(s.key, "")) for s in c.steps),
            )
            for c in round_.instrument.conditions
        ),
        answered=sum(bool(row.status(key)) for key in round_.instrument.steps) if row else 0,
        others_done=tuple(str(other.user) for other in others if other.done),
        others_begun=sum(not other.done for other in others),
        opened=Opening.objects.filter(round=round_).exists(),
    )


def may_compare(mine: OwnReading) -> bool:
    """Who is done, or everybody once the comparison is open or the round decided."""
    return mine.done or mine.opened or mine.round.frozen


def comparison(round_: Round, *, differing_only: bool = False) -> Comparison:
    """Every step with what each finished reading says, where they lie furthest apart first."""
    assessment = readiness.assessment_of(round_)
    rows = list(Reading.objects.filter(round=round_, done=True).select_related("user").order_by("user__name"))
    lines = [
        StepLine(
            step=view.step,
            condition=condition.condition.short,
            answer=view.answer,
            said=tuple(Said(str(r.user), r.status(view.step.key), r.remark(view.step.key)) for r in rows),
            apart=disagreement([Status(row.status(view.step.key)) for row in rows]),
        )
        for condition in assessment.conditions
        for view in condition.steps
    ]
    ordered = sorted(lines, key=lambda line: -line.apart)
    shown = tuple(line for line in ordered if line.differ or not differing_only)
    return Comparison(assessment, tuple(str(row.user) for row in rows), shown, len(lines))

"""From nine conditions to proceed, prepare or postpone, always explained (guide step 3.10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from readiness.rules.checklist import Reading
from readiness.rules.policy import Policy


class Verdict(StrEnum):
    POSTPONE = "postpone"
    PREPARE = "prepare"
    PROCEED = "proceed"


@dataclass(frozen=True)
class Reason:
    """One line of the explanation: a code that `readiness.wording` turns into a sentence, and its values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """An unmet condition: the steps not yet in place, and whether the policy requires it."""

    key: str
    steps_left: int
    required: bool


@dataclass(frozen=True)
class Distance:
    """What the next level up still asks for: so many more conditions met, `required` among them."""

    verdict: Verdict
    conditions: int
    required: tuple[str, ...]


@dataclass(frozen=True)
class Recommendation:
    verdict: Verdict
    policy: Policy
    met: tuple[str, ...]
    gaps: tuple[Gap, ...]
    unanswered: int
    rule: Reason
    distance: Distance | None

    @property
    def provisional(self) -> bool:
        return self.unanswered > 0

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The whole explanation in reading order; never empty."""
        lines = [
            Reason("counted", {"met": len(self.met), "total": len(self.met) + len(self.gaps)}),
            self.rule,
        ]
        if self.distance:
            lines.append(_distance_line(self.distance))
            lines.append(Reason("nearest", {"gaps": self.gaps[:3]}))
        elif self.gaps:
            lines.append(Reason("develop", {"gaps": self.gaps}))
        if self.provisional:
            lines.append(Reason("provisional", {"unanswered": self.unanswered}))
        return tuple(lines)


def recommend(conditions: Iterable[Reading], policy: Policy) -> Recommendation:
    """The recommendation that `policy` draws from the nine conditions, in the instrument's order."""
    readings = tuple(conditions)
    met = tuple(r.key for r in readings if r.met)
    gaps = tuple(
        sorted(
            (Gap(r.key, r.steps_left, r.key in policy.required) for r in readings if not r.met),
            key=lambda gap: gap.steps_left,
        )
    )
    lacking = tuple(r.key for r in readings if r.key in policy.required and not r.met)
    verdict, rule = _decide(len(met), lacking, policy)
    return Recommendation(
        verdict=verdict,
        policy=policy,
        met=met,
        gaps=gaps,
        unanswered=sum(r.unanswered for r in readings),
        rule=rule,
        distance=_distance(verdict, len(met), lacking, policy),
    )


def _decide(met: int, lacking: tuple[str, ...], policy: Policy) -> tuple[Verdict, Reason]:
    if met < policy.prepare:
        return Verdict.POSTPONE, Reason("few", {"least": policy.prepare})
    if met < policy.proceed:
        return Verdict.PREPARE, Reason("some", {"least": policy.prepare, "most": policy.proceed})
    if lacking:
        return Verdict.PREPARE, Reason("held", {"least": policy.proceed, "required": lacking})
    return Verdict.PROCEED, Reason("most", {"least": policy.proceed, "required": tuple(sorted(policy.required))})


def _distance(verdict: Verdict, met: int, lacking: tuple[str, ...], policy: Policy) -> Distance | None:
    if verdict is Verdict.PROCEED:
        return None
    if verdict is Verdict.POSTPONE:
        return Distance(Verdict.PREPARE, policy.prepare - met, ())
    return Distance(Verdict.PROCEED, max(policy.proceed - met, len(lacking)), lacking)


def _distance_line(distance: Distance) -> Reason:
    values = {"verdict": distance.verdict, "conditions": distance.conditions, "required": distance.required}
    return Reason("distance_required" if distance.required else "distance", values)

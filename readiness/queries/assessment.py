"""Rows of a round read into plain dataclasses, for pages, exports and the plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from municipalities.models import Municipality, ReadinessPolicy
from readiness import instrument, wording
from readiness.models import ConditionAnswer, Determination, Evidence, Round, StepAnswer
from readiness.queries.policy import policy_in, policy_of
from readiness.rules.checklist import Reading, State, Status
from readiness.rules.policy import Policy
from readiness.rules.recommendation import Recommendation, recommend


def recommendation_json(recommendation: Recommendation, tool: instrument.Instrument) -> dict[str, object]:
    """The recommendation as exports and snapshots keep it, in the words of the round's instrument."""
    return {
        "verdict": str(recommendation.verdict),
        "met": len(recommendation.met),
        "provisional": recommendation.provisional,
        "unanswered": recommendation.unanswered,
        "explanation": list(wording.explanation(recommendation, tool)),
    }


def readings(
    tool: instrument.Instrument, steps: Iterable[StepAnswer], conditions: Iterable[ConditionAnswer]
) -> tuple[Reading, ...]:
    """What the rules need of a round's rows, in the instrument's order."""
    answered = {row.key: row for row in steps}
    judged = {row.key: row for row in conditions}
    return tuple(_reading(condition, answered, judged[condition.key]) for condition in tool.conditions)


def _reading(condition: instrument.Condition, steps: Mapping[str, StepAnswer], answer: ConditionAnswer) -> Reading:
    statuses = tuple(Status(steps[step.key].status) for step in condition.steps)
    return Reading(condition.key, statuses, State(answer.judged) if answer.judged else None)


@dataclass(frozen=True)
class StepView:
    """One step: its words and its answer."""

    step: instrument.Step
    answer: StepAnswer
    evidence: tuple[Evidence, ...] = ()

    @property
    def dom(self) -> str:
        return dom(self.step.key)

    @cached_property
    def claimed(self) -> bool:
        """In place, with nothing to show for it (the difference is always visible)."""
        return self.answer.status == Status.IN_PLACE and not self.evidence

    @cached_property
    def evidenced(self) -> bool:
        return self.answer.status == Status.IN_PLACE and bool(self.evidence)

    @cached_property
    def verified(self) -> bool:
        """In place, and somebody else has looked at something that shows it."""
        return self.evidenced and any(row.verified_at for row in self.evidence)


@dataclass(frozen=True)
class ConditionView:
    """One condition: its words, its answer, its steps and how it reads."""

    condition: instrument.Condition
    answer: ConditionAnswer
    steps: tuple[StepView, ...]
    reading: Reading

    @property
    def key(self) -> str:
        return self.condition.key

    @property
    def first_unanswered(self) -> "StepView | None":
        return next((step for step in self.steps if not step.answer.status), None)

    @property
    def name(self) -> str:
        return self.condition.name

    @property
    def total(self) -> int:
        return len(self.steps)

    @cached_property
    def in_place(self) -> int:
        return self.reading.count(Status.IN_PLACE)

    @cached_property
    def under_way(self) -> int:
        return self.reading.count(Status.UNDER_WAY)

    @cached_property
    def not_yet(self) -> int:
        return self.reading.count(Status.NOT_YET)

    @cached_property
    def unanswered(self) -> int:
        return self.reading.unanswered

    @property
    def shown(self) -> str:
        """Its state; empty while nothing is answered, which is not the same as not yet."""
        return str(self.reading.state) if self.unanswered < self.total or self.reading.judged else ""

    @property
    def last(self) -> StepAnswer | ConditionAnswer:
        """The newest write in this condition."""
        rows: list[StepAnswer | ConditionAnswer] = [self.answer, *(view.answer for view in self.steps)]
        return max(rows, key=lambda row: row.updated_at)


@dataclass(frozen=True)
class Assessment:
    """A whole round: what stands where, what it recommends and, once decided, what leadership determined."""

    round: Round
    conditions: tuple[ConditionView, ...]
    policy: Policy
    recommendation: Recommendation
    determination: Determination | None
    previous: Determination | None = None

    @property
    def instrument(self) -> instrument.Instrument:
        return self.round.instrument

    @cached_property
    def explanation(self) -> tuple[str, ...]:
        """Frozen with the round, so that later wording or policy never rewrites what leadership saw."""
        if self.determination:
            return tuple(self.determination.recommendation["explanation"])
        return wording.explanation(self.recommendation, self.instrument)

    @property
    def claimed(self) -> int:
        """How many steps are in place with nothing to show for it."""
        return sum(step.claimed for view in self.conditions for step in view.steps)

    @property
    def evidenced(self) -> int:
        return sum(step.evidenced for view in self.conditions for step in view.steps)

    @property
    def answered(self) -> int:
        return len(self.instrument.steps) - self.recommendation.unanswered

    def condition(self, key: str) -> ConditionView:
        """The condition of that key; raises KeyError for one that the instrument does not have."""
        return {view.key: view for view in self.conditions}[key]

    @property
    def mark(self) -> str:
        """What a determination's writer has seen."""
        steps = [step.answer for view in self.conditions for step in view.steps]
        return mark(self.round, [*(view.answer for view in self.conditions), *steps], self.policy)

    @property
    def begun(self) -> bool:
        """Something is answered, or was decided without: no first day any more."""
        return self.answered > 0 or self.round.frozen or self.round.number > 1

    @property
    def earlier(self) -> range:
        """The numbers of the rounds before this one."""
        return range(1, self.round.number)

    @property
    def first_unanswered(self) -> StepView | None:
        return next((s for c in self.conditions for s in c.steps if not s.answer.status), None)

    @property
    def newest(self) -> ConditionView:
        """The condition somebody wrote in last: where to continue."""
        return max(self.conditions, key=lambda view: view.last.updated_at)


def mark(round_: Round, answers: Sequence[StepAnswer | ConditionAnswer], policy: Policy) -> str:
    """Changes with every write to the round or its policy; versions only ever rise, so their sum tells."""
    versions = sum(row.version for row in answers)
    return "-".join(map(str, (round_.number, versions, policy.proceed, policy.prepare, *sorted(policy.required))))


def assessment(municipality: Municipality, number: int | None = None) -> Assessment:
    """
    The current round (or the one of that number) with all its answers, in four queries whatever its size;
    one more where an earlier round was decided and this one is not.

    Raises Round.DoesNotExist.
    """
    rounds = Round.objects.of(municipality).select_related("determination", "municipality__policy")
    round_ = rounds.get(number=number) if number is not None else rounds.order_by("-number").first()
    if round_ is None:
        raise Round.DoesNotExist
    policy = round_.municipality.policy
    round_.municipality = municipality
    return _assessment(round_, StepAnswer.objects.of(round_), policy)


def assessment_of(round_: Round) -> Assessment:
    """The assessment of a round that is already at hand, and who wrote each step last (`answer.updated_by`)."""
    return _assessment(round_, StepAnswer.objects.of(round_).select_related("updated_by"))


def _assessment(round_: Round, rows: Iterable[StepAnswer], current: ReadinessPolicy | None = None) -> Assessment:
    steps = {row.key: row for row in rows}
    answers = {row.key: row for row in ConditionAnswer.objects.of(round_)}
    determination = getattr(round_, "determination", None)
    policy = _policy(round_, determination, current)
    shown = evidence_of(steps.values())
    views = tuple(_view(condition, steps, answers[condition.key], shown) for condition in round_.instrument.conditions)
    recommendation = recommend([view.reading for view in views], policy)
    return Assessment(round_, views, policy, recommendation, determination, _previous(round_))


def _previous(round_: Round) -> Determination | None:
    """What leadership decided on the round before this one; it stands until this one is decided."""
    if round_.number == 1 or round_.frozen:
        return None
    decided = Determination.objects.filter(round__municipality=round_.municipality, round__number__lt=round_.number)
    return decided.select_related("round").order_by("-round__number").first()


def evidence_of(steps: Iterable[StepAnswer]) -> Mapping[str, tuple[Evidence, ...]]:
    """What is beside each of these steps that has any, by the step's key, in one query."""
    keys = {step.pk: step.key for step in steps}
    found: dict[str, tuple[Evidence, ...]] = {}
    for row in Evidence.objects.filter(step__in=list(keys)).select_related("added_by", "verified_by"):
        key = keys[row.step_id]
        found[key] = (*found.get(key, ()), row)
    return found


def _view(
    condition: instrument.Condition,
    steps: Mapping[str, StepAnswer],
    answer: ConditionAnswer,
    evidence: Mapping[str, tuple[Evidence, ...]],
) -> ConditionView:
    views = tuple(StepView(step, steps[step.key], evidence.get(step.key, ())) for step in condition.steps)
    return ConditionView(condition, answer, views, _reading(condition, steps, answer))


def _policy(round_: Round, determination: Determination | None, current: ReadinessPolicy | None) -> Policy:
    if determination:
        return _frozen_policy(determination)
    return policy_in(current) if current else policy_of(round_.municipality)


def _frozen_policy(determination: Determination) -> Policy:
    frozen = determination.policy
    return Policy(frozen["proceed"], frozen["prepare"], frozenset(frozen["required"]))


def dom(key: str) -> str:
    """A step's or condition's key as part of an element's id."""
    return key.replace(".", "-")


def subjects(round_: Round) -> str:
    """How the subjects of comments on this round begin."""
    return f"round-{round_.number}/"


def condition_of(key: str) -> str:
    """The condition that a step's or a condition's key belongs to."""
    return key.partition(".")[0]


@dataclass(frozen=True)
class ConditionPage:
    """One condition and its neighbours."""

    view: ConditionView
    number: int
    total: int
    before: instrument.Condition | None
    after: instrument.Condition | None

    def retype(self, place: str, typed: Mapping[str, object]) -> None:
        """Show in the form at `place` what was typed and refused, at the version that its writer saw."""
        rows = {step.dom: step.answer for step in self.view.steps}
        row = rows.get(place, self.view.answer)
        for name in (*type(row).FIELDS, "version"):
            if name in typed:
                setattr(row, name, typed[name])


def condition_page(round_: Round, key: str) -> ConditionPage:
    """The page of a condition, in three queries; raises KeyError for one that the instrument does not have."""
    conditions = round_.instrument.conditions
    condition = round_.instrument.by_key[key]
    found, answers = _rows_of(round_, condition)
    steps = {row.key: row for row in found.select_related("updated_by")}
    view = _view(condition, steps, answers.select_related("updated_by").get(), evidence_of(steps.values()))
    place = conditions.index(view.condition)
    return ConditionPage(
        view=view,
        number=place + 1,
        total=len(conditions),
        before=conditions[place - 1] if place else None,
        after=conditions[place + 1] if place + 1 < len(conditions) else None,
    )


def condition_alone(round_: Round, key: str) -> ConditionView:
    """How a condition reads, in two queries: without what shows its steps and without who wrote them."""
    condition = round_.instrument.by_key[key]
    found, answers = _rows_of(round_, condition)
    return _view(condition, {row.key: row for row in found}, answers.get(), {})


def _rows_of(round_: Round, condition: instrument.Condition) -> tuple[QuerySet[StepAnswer], QuerySet[ConditionAnswer]]:
    steps = StepAnswer.objects.of(round_).filter(key__in=[step.key for step in condition.steps])
    return steps, ConditionAnswer.objects.of(round_).filter(key=condition.key)

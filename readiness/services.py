"""Everything that writes to a round, each under one transaction and one name."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from municipalities.models import Municipality, ReadinessPolicy
from municipalities.records import Outcome, amend, overwrite
from readiness import instrument, queries
from readiness.models import ConditionAnswer, Determination, Round, StepAnswer, blank_answers
from readiness.rules.policy import Policy
from readiness.rules.recommendation import recommend

A = TypeVar("A", StepAnswer, ConditionAnswer)


class RoundFrozenError(Exception):
    """The round has its determination; nothing in it changes any more."""


class RoundChangedError(Exception):
    """Somebody changed an answer or the policy after leadership had read them."""


class ReasonlessError(Exception):
    """A judgement would be left without a reason; `merged` is the answer that could not be stored."""

    def __init__(self, merged: Mapping[str, object]) -> None:
        self.merged = merged
        super().__init__("a judgement needs a reason")


class RoundOpenError(Exception):
    """A new round starts only after the last one has its determination."""


@transaction.atomic
def start_round(*, municipality: Municipality, by: User | None) -> Round:
    """A municipality's next round: blank the first time, then a copy of the last; raises RoundOpenError."""
    # One at a time, or two would both count as the next.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    last = Round.objects.of(municipality).current()
    if last and not last.frozen:
        raise RoundOpenError
    round_ = Round.objects.create(municipality=municipality, number=last.number + 1 if last else 1, started_by=by)
    for rows in blank_answers(round_):
        _copy(rows, last)
        type(rows[0]).objects.bulk_create([row.signed(by) for row in rows])
    return round_


def _copy(rows: Iterable[StepAnswer | ConditionAnswer], last: Round | None) -> None:
    rows = list(rows)
    kind = type(rows[0])
    before = {row.key: row for row in kind.objects.of(last)} if last else {}
    for row in rows:
        if row.key in before:
            for name in kind.FIELDS:
                setattr(row, name, getattr(before[row.key], name))


@transaction.atomic
def record_step(*, round_: Round, key: str, seen: int, values: Mapping[str, object], by: User) -> Outcome[StepAnswer]:
    """
    Store the fields of a step that its writer changed since version `seen`.

    Raises StepAnswer.DoesNotExist for an unknown key and RoundFrozenError after the determination.
    """
    return amend(_locked(StepAnswer, round_, key), seen=seen, values=values, by=by)


@transaction.atomic
def record_condition(
    *, round_: Round, key: str, seen: int, values: Mapping[str, object], by: User
) -> Outcome[ConditionAnswer]:
    """
    Like `record_step`, for the open question, the judgement and its reason.

    Raises ReasonlessError too, for what was sent or for what came of it together with somebody else's change.
    """
    row = _locked(ConditionAnswer, round_, key)
    try:
        with transaction.atomic():
            return amend(row, seen=seen, values=values, by=by)
    except IntegrityError as error:
        # The form has checked everything else; only `judgement_has_a_reason` is left to break.
        raise ReasonlessError({name: getattr(row, name) for name in row.FIELDS}) from error


def _locked(kind: type[A], round_: Round, key: str) -> A:
    row: A = kind.objects.of(round_).select_for_update().get(key=key)
    # Asked after the lock is ours: a determination locks every answer first, so none slips in behind it.
    if not Round.objects.open().filter(pk=round_.pk).exists():
        raise RoundFrozenError
    return row


@dataclass(frozen=True)
class Decision:
    """What leadership decided: `verdict` is a Verdict's value, the dates are local."""

    verdict: str
    rationale: str
    name: str
    title: str
    decided_on: datetime.date
    look_again_on: datetime.date | None = None


@transaction.atomic
def record_determination(*, round_: Round, decision: Decision, by: User, seen: str | None = None) -> Determination:
    """
    Leadership decides and the round freezes as it stands.

    `seen` is the `mark` of the assessment they read, None where nobody read a page (the demo). Raises
    RoundFrozenError the second time and RoundChangedError where `seen` is not how the round stands.
    """
    steps = list(StepAnswer.objects.of(round_).select_for_update().order_by("pk"))
    conditions = list(ConditionAnswer.objects.of(round_).select_for_update().order_by("pk"))
    policy = queries.policy_in(_locked_policy(round_.municipality))
    if not Round.objects.open().filter(pk=round_.pk).update(decided_at=timezone.now()):
        raise RoundFrozenError
    if seen not in (None, queries.mark(round_, (*steps, *conditions), policy)):
        raise RoundChangedError
    recommendation = recommend(queries.readings(round_.instrument, steps, conditions), policy)
    return Determination.objects.create(
        round=round_,
        person=by,
        policy=queries.policy_json(policy),
        recommendation=queries.recommendation_json(recommendation, round_.instrument),
        **vars(decision),
    )


class PolicyChangedError(Exception):
    """Somebody else changed the policy first."""


@transaction.atomic
def change_policy(
    *, municipality: Municipality, policy: Policy, by: User | None, seen: int | None = None
) -> ReadinessPolicy:
    """
    Store a municipality's policy. `seen` is the version its writer saw, None where nobody looked (a command).

    Raises PolicyError where it requires a condition nobody knows, PolicyChangedError where `seen` is not the last.
    """
    round_ = Round.objects.of(municipality).current()
    policy.check((round_.instrument if round_ else instrument.load()).by_key)
    row = _locked_policy(municipality)
    if seen not in (None, row.version):
        raise PolicyChangedError
    overwrite(row, by=by, **queries.policy_json(policy))
    return row


def _locked_policy(municipality: Municipality) -> ReadinessPolicy:
    row: ReadinessPolicy = ReadinessPolicy.objects.select_for_update().get(municipality=municipality)
    return row

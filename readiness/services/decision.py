"""Writes of leadership's determination and of the readiness policy."""

import datetime
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from municipalities.models import Municipality, ReadinessPolicy
from municipalities.records import moment, overwrite
from pulse.queries import result_json
from readiness import instrument, queries
from readiness.models import ConditionAnswer, Determination, Round, RoundFrozenError, StepAnswer
from readiness.rules.canonical import fingerprint
from readiness.rules.policy import Policy
from readiness.rules.recommendation import recommend


class RoundChangedError(Exception):
    """Somebody changed an answer or the policy after leadership had read them."""


@dataclass(frozen=True)
class Decision:
    """What leadership decided: `verdict` is a Verdict's value, the dates are local."""

    verdict: str
    rationale: str
    name: str
    title: str
    decided_on: datetime.date
    look_again_on: datetime.date | None = None
    conditions: str = ""


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
    if not Round.objects.open().filter(pk=round_.pk).exists():
        raise RoundFrozenError
    if seen not in (None, queries.mark(round_, (*steps, *conditions), policy)):
        raise RoundChangedError
    recommendation = recommend(queries.readings(round_.instrument, steps, conditions), policy)
    determination = Determination(
        round=round_,
        person=by,
        recorded_at=moment(),
        policy=queries.policy_json(policy),
        recommendation=queries.recommendation_json(recommendation, round_.instrument),
        **vars(decision),
    )
    pulse = result_json(round_.municipality, since=round_.started_at)
    determination.snapshot = queries.snapshot(round_, steps, conditions, determination, pulse)
    determination.fingerprint = fingerprint(determination.snapshot)
    determination.save()
    Round.objects.filter(pk=round_.pk).update(decided_at=determination.recorded_at)
    return determination


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

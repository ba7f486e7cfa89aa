"""The readiness policy as the rules and the exports take it."""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from municipalities.models import Municipality, ReadinessPolicy
from readiness.rules.policy import Policy


def policy_of(municipality: Municipality) -> Policy:
    """The municipality's readiness policy as the rules take it."""
    return policy_with_version(municipality)[0]


def policy_with_version(municipality: Municipality) -> tuple[Policy, int]:
    """The policy, and the version a form shows it at."""
    row = ReadinessPolicy.objects.get(municipality=municipality)
    return policy_in(row), row.version


def policy_in(row: ReadinessPolicy) -> Policy:
    """What a row says, as the rules take it."""
    return Policy(row.proceed, row.prepare, frozenset(row.required))


def policy_json(policy: Policy) -> dict[str, object]:
    """`{"proceed": 7, "prepare": 3, "required": ["leadership"]}`, as exports and snapshots keep it."""
    return {"proceed": policy.proceed, "prepare": policy.prepare, "required": sorted(policy.required)}


@dataclass(frozen=True)
class PolicyChange:
    """One change of the policy: `who` is None for a command."""

    who: str | None
    at: datetime.datetime
    before: Policy
    after: Policy


SHOWN = 10


def policy_changes(municipality: Municipality) -> tuple[PolicyChange, ...]:
    """The last changes of the policy, newest first, in one query."""
    rows = list(
        ReadinessPolicy.history.filter(municipality=municipality)
        .select_related("history_user")
        .order_by("-version")[: SHOWN + 1]
    )
    return tuple(
        PolicyChange(
            str(after.history_user) if after.history_user else None,
            after.history_date,
            policy_in(before),
            policy_in(after),
        )
        for after, before in pairwise(rows)
    )

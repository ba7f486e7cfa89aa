"""The readiness policy as the rules and the exports take it."""

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

"""Everything a round holds, as one JSON value: what a determination freezes and its fingerprint covers."""

from collections.abc import Collection, Iterable
from typing import Any

from readiness.models import ConditionAnswer, Determination, Evidence, Round, StepAnswer
from readiness.queries.assessment import evidence_of
from readiness.rules.canonical import differences, fingerprint

ANSWER = ("status", "note", "owner", "due")
JUDGEMENT = ("judged", "reason", "note", "owner", "due")
DECISION = ("verdict", "rationale", "conditions", "name", "title", "decided_on", "look_again_on")


def snapshot(
    round_: Round,
    steps: Collection[StepAnswer],
    conditions: Iterable[ConditionAnswer],
    determination: Determination,
    pulse: object = None,
) -> dict[str, Any]:
    """
    The round with its answers, evidence, policy, recommendation and determination.

    `pulse` is what the staff survey showed that day; surveys are kept apart from rounds, so it stands here alone.
    """
    beside = evidence_of(steps)
    return {
        "municipality": round_.municipality.slug,
        "round": round_.number,
        "instrument": round_.instrument_version,
        "steps": {
            row.key: {**_fields(row, ANSWER), "evidence": [_evidence(item) for item in beside.get(row.key, ())]}
            for row in steps
        },
        "conditions": {row.key: _fields(row, JUDGEMENT) for row in conditions},
        "policy": determination.policy,
        "recommendation": determination.recommendation,
        "determination": {**_fields(determination, DECISION), "person": determination.person.email},
        "pulse": pulse,
    }


def _fields(row: object, names: Iterable[str]) -> dict[str, object]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _evidence(row: Evidence) -> dict[str, object]:
    return {
        "text": row.text,
        "file": row.name,
        "sha256": row.sha256,
        "added_by": row.added_by.email if row.added_by else None,
        "verified_by": row.verified_by.email if row.verified_by else None,
    }


def changed_since_decided(determination: Determination) -> tuple[str, ...]:
    """
    What of a frozen round is not as it was decided on, each place by its path; nothing where all of it is.

    Both the rows and the stored snapshot are held against the fingerprint.
    """
    kept = determination.snapshot
    if fingerprint(kept) != determination.fingerprint:
        return ("snapshot",)
    round_ = determination.round
    steps = StepAnswer.objects.of(round_).order_by("pk")
    conditions = ConditionAnswer.objects.of(round_).order_by("pk")
    now = snapshot(round_, steps, conditions, determination, kept.get("pulse"))
    return tuple(differences(kept, now))

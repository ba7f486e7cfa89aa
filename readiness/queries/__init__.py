"""Rows of rounds read into plain dataclasses, for pages, exports and the plan."""

from readiness.queries.assessment import (
    Assessment,
    ConditionPage,
    ConditionView,
    StepView,
    assessment,
    assessment_of,
    condition_of,
    condition_page,
    dom,
    evidence_of,
    mark,
    readings,
    recommendation_json,
)
from readiness.queries.history import Change, changes_since
from readiness.queries.policy import policy_changes, policy_in, policy_json, policy_of, policy_with_version
from readiness.queries.snapshot import changed_since_decided, snapshot
from readiness.queries.tasks import open_conditions, open_steps

__all__ = [
    "Assessment",
    "Change",
    "ConditionPage",
    "ConditionView",
    "StepView",
    "assessment",
    "assessment_of",
    "changed_since_decided",
    "changes_since",
    "condition_of",
    "condition_page",
    "dom",
    "evidence_of",
    "mark",
    "open_conditions",
    "open_steps",
    "policy_changes",
    "policy_in",
    "policy_json",
    "policy_of",
    "policy_with_version",
    "readings",
    "recommendation_json",
    "snapshot",
]

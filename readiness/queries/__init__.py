"""Rows of rounds read into plain dataclasses, for pages, exports and the plan."""

from readiness.queries.assessment import (
    Assessment,
    ConditionPage,
    ConditionView,
    StepView,
    assessment,
    assessment_of,
    condition_alone,
    condition_of,
    condition_page,
    dom,
    evidence_of,
    mark,
    readings,
    recommendation_json,
    subjects,
)
from readiness.queries.history import Change, Entry, Filter, changes_since, history_of, writers
from readiness.queries.policy import policy_changes, policy_in, policy_json, policy_of, policy_with_version
from readiness.queries.review import Review, review_of
from readiness.queries.snapshot import changed_since_decided, snapshot
from readiness.queries.tasks import open_conditions, open_steps

__all__ = [
    "Assessment",
    "Change",
    "ConditionPage",
    "ConditionView",
    "Entry",
    "Filter",
    "Review",
    "StepView",
    "assessment",
    "assessment_of",
    "changed_since_decided",
    "changes_since",
    "condition_alone",
    "condition_of",
    "condition_page",
    "dom",
    "evidence_of",
    "history_of",
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
    "review_of",
    "snapshot",
    "subjects",
    "writers",
]

"""Everything that writes to a round, each under one transaction and one name."""

from readiness.models import RoundFrozenError
from readiness.services.answers import ReasonlessError, RoundOpenError, record_condition, record_step, start_round
from readiness.services.decision import (
    Decision,
    PolicyChangedError,
    RoundChangedError,
    change_policy,
    record_determination,
)
from readiness.services.evidence import (
    OwnEvidenceError,
    add_file,
    add_link,
    remove_evidence,
    set_texts,
    unverify,
    verify,
)
from readiness.services.review import acknowledge

__all__ = [
    "Decision",
    "OwnEvidenceError",
    "PolicyChangedError",
    "ReasonlessError",
    "RoundChangedError",
    "RoundFrozenError",
    "RoundOpenError",
    "acknowledge",
    "add_file",
    "add_link",
    "change_policy",
    "record_condition",
    "record_determination",
    "record_step",
    "remove_evidence",
    "set_texts",
    "start_round",
    "unverify",
    "verify",
]

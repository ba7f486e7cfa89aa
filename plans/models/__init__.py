"""The plan's tables: its sections and pictures, its releases, and the files that are being made."""

from plans.models.exports import Export, ExportState, Problem
from plans.models.pictures import Picture, picture_place
from plans.models.releases import (
    Feedback,
    FeedbackState,
    Publication,
    Release,
    ReleaseFrozenError,
    ReleaseQuerySet,
    fingerprint_of,
)
from plans.models.sections import Acceptance, Paper, Passage, Plan, Section, SectionStatus

__all__ = [
    "Acceptance",
    "Export",
    "ExportState",
    "Feedback",
    "FeedbackState",
    "Paper",
    "Passage",
    "Picture",
    "Plan",
    "Problem",
    "Publication",
    "Release",
    "ReleaseFrozenError",
    "ReleaseQuerySet",
    "Section",
    "SectionStatus",
    "fingerprint_of",
    "picture_place",
]

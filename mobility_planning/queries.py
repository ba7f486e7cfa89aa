"""What the leadership overview shows, composed from all apps."""

import datetime
from dataclasses import dataclass
from operator import attrgetter

from django.utils import timezone

from coalition import queries as coalition
from municipalities.models import Membership, Municipality
from plans import queries as plans
from readiness import queries as readiness
from readiness import wording

WEEK = datetime.timedelta(days=7)
NEWS = 6


@dataclass(frozen=True)
class GapLine:
    """An unmet condition, nearest first."""

    key: str
    name: str
    words: str
    required: bool


@dataclass(frozen=True)
class Overview:
    assessment: readiness.Assessment
    gaps: tuple[GapLine, ...]
    coverage: coalition.Coverage
    progress: plans.PlanProgress
    news: tuple[readiness.Change, ...]
    invited: bool

    @property
    def settled(self) -> bool:
        """The first three steps are behind them: begun, not alone, and somebody on the roster."""
        return self.assessment.begun and self.invited and self.coverage.members > 0


def overview(municipality: Municipality) -> Overview:
    """Readiness, coalition, plan and the week's changes, in a constant number of queries."""
    assessment = readiness.assessment(municipality)
    return Overview(
        assessment=assessment,
        gaps=_gaps(assessment),
        coverage=coalition.coverage(municipality),
        progress=plans.progress(municipality),
        news=_news(municipality, assessment),
        invited=Membership.objects.filter(municipality=municipality).count() > 1,
    )


def _gaps(assessment: readiness.Assessment) -> tuple[GapLine, ...]:
    conditions = assessment.instrument.by_key
    return tuple(
        GapLine(gap.key, conditions[gap.key].short, wording.gap_words(gap), gap.required)
        for gap in assessment.recommendation.gaps
    )


def _news(municipality: Municipality, assessment: readiness.Assessment) -> tuple[readiness.Change, ...]:
    changes = readiness.changes_since(assessment.round, timezone.now() - WEEK)
    return tuple(sorted(changes, key=attrgetter("at"), reverse=True)[:NEWS])

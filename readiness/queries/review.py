"""What the product knows for the step three review of a round."""

from dataclasses import dataclass

from municipalities.models import Membership, Role
from readiness.models import Acknowledgement, ConditionAnswer, StepAnswer
from readiness.queries.assessment import Assessment
from readiness.rules.review import Facts, Point, review


@dataclass(frozen=True)
class Review:
    points: tuple[Point, ...]
    readers: tuple[Acknowledgement, ...]

    def has_read(self, person: int) -> bool:
        return any(row.person_id == person for row in self.readers)


def review_of(assessment: Assessment) -> Review:
    """The three points of a round that is at hand, in four queries."""
    round_ = assessment.round
    readers = tuple(Acknowledgement.objects.of(round_))
    leaders = dict(
        Membership.objects.filter(municipality=round_.municipality, role=Role.LEADERSHIP).values_list(
            "user_id", "user__name"
        )
    )
    wrote: set[int] = set()
    for model in (StepAnswer, ConditionAnswer):
        # A row's first version is the blank or the copy that its round began with.
        entries = model.history.filter(round=round_, version__gt=1, history_user__in=leaders)
        wrote |= set(entries.values_list("history_user_id", flat=True).distinct())
    names = [leaders[pk] for pk in sorted(wrote)] + [row.name for row in readers]
    decided = assessment.determination
    if decided:
        names.append(decided.name)
    facts = Facts(
        total=len(assessment.instrument.steps),
        answered=assessment.answered,
        read=tuple(row.name for row in readers),
        took_part=tuple(dict.fromkeys(names)),
        decided=decided.verdict if decided else "",
    )
    return Review(review(facts), readers)

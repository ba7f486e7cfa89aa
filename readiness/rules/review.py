"""Which points of the step three review are done, each with its reason (guide step 3, review checklist)."""

from dataclasses import dataclass

from readiness.rules.recommendation import Reason


@dataclass(frozen=True)
class Facts:
    """
    What the product knows of a round.

    `read`: leaders who confirmed that they have read the conditions. `took_part`: leaders who answered, judged, read or
    decided. `decided`: the verdict, empty while there is none.
    """

    total: int
    answered: int
    read: tuple[str, ...] = ()
    took_part: tuple[str, ...] = ()
    decided: str = ""


@dataclass(frozen=True)
class Point:
    key: str
    done: bool
    reason: Reason


def review(facts: Facts) -> tuple[Point, ...]:
    """The three points, in the guide's order."""
    return (
        Point("review.1", bool(facts.read), Reason("read" if facts.read else "unread", {"names": facts.read})),
        _completed(facts),
        Point(
            "review.3", bool(facts.decided), Reason("decided" if facts.decided else "undecided", {"v": facts.decided})
        ),
    )


def _completed(facts: Facts) -> Point:
    values = {"left": facts.total - facts.answered, "total": facts.total, "names": facts.took_part}
    if facts.answered < facts.total:
        return Point("review.2", False, Reason("unanswered", values))
    if not facts.took_part:
        return Point("review.2", False, Reason("alone", values))
    return Point("review.2", True, Reason("together", values))

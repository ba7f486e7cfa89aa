"""How a section of the plan moves from its first word to its approval. Values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    NOT_STARTED = "not_started"
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"


# Where each status may be moved by hand. The first text moves a section to drafting by itself.
_MOVES = {
    Status.NOT_STARTED: (Status.IN_REVIEW,),
    Status.DRAFTING: (Status.IN_REVIEW,),
    Status.IN_REVIEW: (Status.APPROVED, Status.DRAFTING),
    Status.APPROVED: (Status.DRAFTING,),
}


def after_text(status: Status, text: str) -> Status:
    """The status once `text` is saved: the first words start the drafting."""
    return Status.DRAFTING if status is Status.NOT_STARTED and text.strip() else status


def frozen(status: Status) -> bool:
    """An approved section changes only after its approval has been withdrawn."""
    return status is Status.APPROVED


def leaders_only(status: Status, wanted: Status) -> bool:
    """Giving an approval and withdrawing it are both leadership's."""
    return Status.APPROVED in (status, wanted)


def possible(status: Status, wanted: Status, *, filled: bool) -> bool:
    """Whether the move exists; an empty section (not `filled`) is neither reviewed nor approved."""
    return wanted in _MOVES[status] and (filled or wanted is Status.DRAFTING)


class Own(StrEnum):
    """What makes a section somebody's own."""

    WROTE = "wrote"
    ASKED = "asked"


def own(person: int, *, written_by: int | None, asked_by: int | None) -> frozenset[Own]:
    """
    Why `person` leaves the approval to somebody else: nobody approves what they wrote, or asked to have approved.

    `written_by`: who changed the text last (None where there is none); `asked_by`: who sent it for review.
    """
    signed = {Own.WROTE: written_by, Own.ASKED: asked_by}
    return frozenset(why for why, by in signed.items() if by == person)


def returns(status: Status, wanted: Status, *, approves: bool, own: frozenset[Own]) -> bool:
    """Whether a move hands back what somebody else asked leadership to look at: then it says what is to change."""
    return (status, wanted) == (Status.IN_REVIEW, Status.DRAFTING) and approves and Own.ASKED not in own


def moves(status: Status, *, filled: bool, approves: bool, own: frozenset[Own] = frozenset()) -> tuple[Status, ...]:
    """Where a person may move the section from here, the next step first."""
    return tuple(
        wanted
        for wanted in _MOVES[status]
        if possible(status, wanted, filled=filled)
        and (approves or not leaders_only(status, wanted))
        and not (own and wanted is Status.APPROVED)
    )


@dataclass(frozen=True)
class Progress:
    """How many sections stand at each status."""

    not_started: int
    drafting: int
    in_review: int
    approved: int

    @property
    def total(self) -> int:
        return self.not_started + self.drafting + self.in_review + self.approved

    @property
    def begun(self) -> bool:
        return self.not_started < self.total

    @property
    def complete(self) -> bool:
        """The whole plan is approved when every section is."""
        return 0 < self.approved == self.total


def progress(statuses: Iterable[Status]) -> Progress:
    """The count of each status."""
    found = list(statuses)
    return Progress(*(found.count(status) for status in Status))


def words(text: str) -> int:
    """How many words a text has, a sign that stands alone not counted: what a page limit is measured in."""
    return sum(any(char.isalnum() for char in word) for word in text.split())

"""Threads of comments as values."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import User
from comments.models import Comment, Thread
from municipalities.models import Membership, Municipality


@dataclass(frozen=True)
class CommentLine:
    row: Comment
    edited: bool


@dataclass(frozen=True)
class ThreadView:
    """The comments on one subject, oldest first, and who settled it when."""

    subject: str
    comments: tuple[CommentLine, ...] = ()
    resolved_by: str = ""
    resolved_at: datetime.datetime | None = None

    @property
    def key(self) -> str:
        """The subject's last part."""
        return self.subject.rpartition("/")[2]

    @property
    def open(self) -> bool:
        return bool(self.comments) and self.resolved_at is None


@dataclass(frozen=True)
class Threads:
    """The threads whose subjects begin alike, by their last part; one without comments is there all the same."""

    prefix: str
    by_key: Mapping[str, ThreadView] = field(default_factory=dict)

    def of(self, key: str) -> ThreadView:
        return self.by_key.get(key) or ThreadView(f"{self.prefix}{key}")

    @property
    def newest_first(self) -> tuple[ThreadView, ...]:
        """Open ones before settled ones, each by its newest comment."""
        found = sorted(self.by_key.values(), key=lambda t: t.comments[-1].row.written_at, reverse=True)
        return tuple(sorted(found, key=lambda thread: not thread.open))


def threads(municipality: Municipality, prefix: str, begin: str = "") -> Threads:
    """All threads on subjects that begin so, in at most two queries; `begin` is how their last parts begin."""
    rows: dict[str, list[CommentLine]] = {}
    wanted = f"{prefix}{begin}"
    for row in Comment.objects.about(municipality, wanted).select_related("author"):
        rows.setdefault(row.subject, []).append(CommentLine(row, row.version > 1))
    if not rows:
        return Threads(prefix)
    settled = {row.subject: row for row in Thread.objects.about(municipality, wanted).select_related("resolved_by")}
    views = (_view(subject, tuple(lines), settled.get(subject)) for subject, lines in rows.items())
    return Threads(prefix, {view.key: view for view in views})


def open_subjects(municipality: Municipality, prefix: str) -> list[str]:
    """The subjects that begin so and have a thread that is open, in one query."""
    settled = Thread.objects.about(municipality, prefix).filter(resolved_at__isnull=False)
    found = Comment.objects.about(municipality, prefix).exclude(subject__in=settled.values("subject"))
    return list(found.order_by("subject").values_list("subject", flat=True).distinct())


def mentioning(municipality: Municipality, prefix: str, user: User) -> frozenset[str]:
    """The subjects that begin so and have a comment in which this person is mentioned."""
    found = Comment.objects.about(municipality, prefix).filter(mentions__user=user)
    return frozenset(found.order_by().values_list("subject", flat=True))


def _view(subject: str, lines: tuple[CommentLine, ...], row: Thread | None) -> ThreadView:
    if row is None or row.resolved_at is None:
        return ThreadView(subject, lines)
    return ThreadView(subject, lines, str(row.resolved_by), row.resolved_at)


def people(municipality: Municipality) -> dict[int, User]:
    """Every member who may sign in, by id: who can be mentioned."""
    seats = Membership.objects.filter(municipality=municipality, user__is_active=True).select_related("user")
    return {seat.user_id: seat.user for seat in seats}

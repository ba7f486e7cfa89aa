"""Threads of comments as values."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import User
from comments.models import Comment, Mention, Thread
from municipalities.models import Membership, Municipality


@dataclass(frozen=True)
class CommentLine:
    row: Comment
    edited: bool
    mentions: frozenset[int]


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

    def mentions(self, user: User) -> bool:
        return any(user.pk in line.mentions for line in self.comments)


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


def threads(municipality: Municipality, prefix: str) -> Threads:
    """All threads on subjects that begin so, in three queries."""
    rows: dict[str, list[CommentLine]] = {}
    named: dict[int, set[int]] = {}
    found = Comment.objects.about(municipality, prefix)
    for comment, user in Mention.objects.filter(comment__in=found).values_list("comment", "user"):
        named.setdefault(comment, set()).add(user)
    for row in found.select_related("author"):
        line = CommentLine(row, row.version > 1, frozenset(named.get(row.pk, ())))
        rows.setdefault(row.subject, []).append(line)
    settled = {row.subject: row for row in Thread.objects.about(municipality, prefix).select_related("resolved_by")}
    views = (_view(subject, tuple(lines), settled.get(subject)) for subject, lines in rows.items())
    return Threads(prefix, {view.key: view for view in views})


def _view(subject: str, lines: tuple[CommentLine, ...], row: Thread | None) -> ThreadView:
    if row is None or row.resolved_at is None:
        return ThreadView(subject, lines)
    return ThreadView(subject, lines, str(row.resolved_by), row.resolved_at)


def people(municipality: Municipality) -> dict[int, User]:
    """Every member who may sign in, by id: who can be mentioned."""
    seats = Membership.objects.filter(municipality=municipality, user__is_active=True).select_related("user")
    return {seat.user_id: seat.user for seat in seats}

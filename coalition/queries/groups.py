"""Working groups and meetings as their pages show them."""

import datetime
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from coalition.models import TEAM, Attendance, FollowUp, GroupMember, Meeting, MeetingFeed, Person, WorkingGroup
from municipalities.models import Municipality
from municipalities.queries import owned_by

PAGE = 20
FOUND = 10


@dataclass(frozen=True)
class GroupLine:
    """A working group in the list of them: who chairs it, how many they are, when it meets next."""

    row: WorkingGroup
    chair: str
    members: int
    next_on: datetime.date | None


def groups_listed(municipality: Municipality) -> tuple[GroupLine, ...]:
    """All working groups by name, those that have ended last; one query."""
    chair = GroupMember.objects.filter(group=OuterRef("pk"), chair=True).values("person__name")
    coming = Meeting.objects.filter(group=OuterRef("pk"), called_off=False).coming(timezone.localdate()).values("on")
    rows = WorkingGroup.objects.filter(municipality=municipality).annotate(
        chaired_by=Subquery(chair[:1]), next_on=Subquery(coming[:1]), people=Count("members")
    )
    # Django leaves the model's order out where it counts.
    ordered = rows.order_by(Lower("name"), "pk")
    lines = [GroupLine(row, row.chaired_by or "", row.people, row.next_on) for row in ordered]
    return tuple(sorted(lines, key=lambda line: line.row.ended_on is not None))


def past_meetings(meetings: QuerySet[Meeting], number: str | None) -> "Page[Meeting]":
    """A page of meetings that were, the latest first, each with its group and `came`, how many were there."""
    rows = meetings.past(timezone.localdate()).select_related("group")  # type: ignore[attr-defined]
    return Paginator(rows.annotate(came=Count("attendances")), PAGE).get_page(number)


def unfinished(municipality: Municipality) -> QuerySet[FollowUp]:
    """What follows from the meetings of a municipality and is not done, what is due first first."""
    rows: QuerySet[FollowUp] = FollowUp.objects.filter(meeting__municipality=municipality, done=False)
    return rows.select_related("meeting")


def open_follow_ups(municipality: Municipality, user: User) -> QuerySet[FollowUp]:
    """What this person took on in meetings and has not done."""
    return unfinished(municipality).filter(owned_by(user))


@dataclass(frozen=True)
class GroupPage:
    """A working group with its members (the chair first), its meetings, and whom a search for new members found."""

    row: WorkingGroup
    members: tuple[GroupMember, ...]
    coming: tuple[Meeting, ...]
    past: "Page[Meeting]"
    today: datetime.date
    found: tuple[Person, ...] = ()


def group_page(row: WorkingGroup, number: str | None = None, find: str = "") -> GroupPage:
    """Everything of a group; `find` looks for people of the coalition by name or partner who are not in it."""
    members = GroupMember.objects.filter(group=row).select_related("person__partner")
    today = timezone.localdate()
    meetings = Meeting.objects.filter(group=row)
    found: QuerySet[Person] = Person.objects.none()
    if find:
        wanted = Q(name__icontains=find) | Q(partner__name__icontains=find)
        others = Person.objects.of(row.municipality).exclude(seats__group=row)
        found = others.filter(wanted).as_read()[:FOUND]
    return GroupPage(
        row=row,
        members=tuple(members.order_by("-chair", "person__name", "pk")),
        coming=tuple(meetings.coming(today)),
        past=past_meetings(meetings, number),
        today=today,
        found=tuple(found),
    )


@dataclass(frozen=True)
class Seated:
    """Somebody on the attendance list: of the group (`person`) or a guest (`guest`, the attendance's number)."""

    name: str
    where: str
    came: bool
    person: int | None = None
    guest: int | None = None


@dataclass(frozen=True)
class MeetingPage:
    """A meeting: who came or should have, and what follows."""

    row: Meeting
    seated: tuple[Seated, ...]
    follow_ups: tuple[FollowUp, ...]
    today: datetime.date

    @property
    def came(self) -> tuple[Seated, ...]:
        return tuple(one for one in self.seated if one.came)


def meeting_page(row: Meeting) -> MeetingPage:
    """
    A meeting with everybody who came and who is awaited, in three queries.

    Awaited are the members of its group; where the whole coalition meets, its Management Team.
    """
    people = Person.objects.of(row.municipality)
    people = people.filter(seats__group=row.group_id) if row.group_id else people.filter(role__in=TEAM)
    there = {one.person or -one.pk: one for one in Attendance.objects.filter(meeting=row)}
    seated = [
        Seated(person.name, str(person.partner), person.pk in there, person=person.pk) for person in people.as_read()
    ]
    members = {one.person for one in seated}
    for key, one in there.items():
        if key < 0:
            seated.append(Seated(one.name, "", came=True, guest=one.pk))
        elif key not in members:
            # They have left the group, or the coalition, since.
            seated.append(Seated(one.name, "", came=True, person=key))
    return MeetingPage(
        row=row,
        seated=tuple(seated),
        follow_ups=tuple(FollowUp.objects.filter(meeting=row)),
        today=timezone.localdate(),
    )


def feed_meetings(feed: MeetingFeed) -> QuerySet[Meeting]:
    """What a calendar address shows, those that were too: a calendar keeps them."""
    rows: QuerySet[Meeting] = Meeting.objects.of(feed.municipality).select_related("group", "municipality")
    return rows.filter(group=feed.group_id) if feed.group_id else rows


def meeting_feeds(municipality: Municipality, user: User) -> QuerySet[MeetingFeed]:
    """The person's addresses that work, the newest first."""
    rows = MeetingFeed.objects.usable().filter(municipality=municipality, user=user)
    found: QuerySet[MeetingFeed] = rows.select_related("group")
    return found

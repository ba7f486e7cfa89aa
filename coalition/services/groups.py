"""Writes to working groups, their meetings and what follows from them."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from accounts.models import User
from coalition.models import Attendance, FollowUp, GroupMember, Meeting, MeetingFeed, Person, WorkingGroup
from municipalities import feeds
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, overwrite, remove

# --- Working groups -----------------------------------------------------------------------------------------


@transaction.atomic
def add_group(*, municipality: Municipality, values: Mapping[str, object], by: User | None) -> WorkingGroup:
    """A new working group; `values` are the model's fields."""
    return add(WorkingGroup(municipality=municipality, **values), by=by)


@transaction.atomic
def change_group(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[WorkingGroup]:
    """Store the fields that their writer changed since version `seen`; raises WorkingGroup.DoesNotExist."""
    return amend(_group(municipality, pk), seen=seen, values=values, by=by)


@transaction.atomic
def join_group(*, municipality: Municipality, group: int, person: int, by: User | None) -> GroupMember:
    """
    Somebody of the coalition joins; who is in it already stays as they are.

    Raises WorkingGroup.DoesNotExist and Person.DoesNotExist.
    """
    of = _group(municipality, group)
    who = Person.objects.of(municipality).get(pk=person)
    there = GroupMember.objects.filter(group=of, person=who).first()
    return there or add(GroupMember(group=of, person=who), by=by)


@transaction.atomic
def give_chair(*, municipality: Municipality, pk: int, by: User | None) -> GroupMember:
    """This member chairs the group from now on, and whoever did does not; raises GroupMember.DoesNotExist."""
    row = _member(municipality, pk)
    for other in GroupMember.objects.filter(group=row.group_id, chair=True).exclude(pk=pk):
        overwrite(other, by=by, chair=False)
    overwrite(row, by=by, chair=True)
    return row


@transaction.atomic
def leave_group(*, municipality: Municipality, pk: int, by: User) -> GroupMember:
    """A member is one no more; raises GroupMember.DoesNotExist."""
    row = _member(municipality, pk)
    remove(row.signed(by), by=by)
    return row


def _group(municipality: Municipality, pk: int) -> WorkingGroup:
    row: WorkingGroup = WorkingGroup.objects.select_for_update().get(municipality=municipality, pk=pk)
    return row


def _member(municipality: Municipality, pk: int) -> GroupMember:
    found: GroupMember = GroupMember.objects.get(group__municipality=municipality, pk=pk)
    # The group is the lock of all who are in it.
    _group(municipality, found.group_id)
    row: GroupMember = GroupMember.objects.select_related("person").get(pk=pk)
    return row


# --- Meetings -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_meeting(
    *, municipality: Municipality, group: int | None, values: Mapping[str, object], by: User | None
) -> Meeting:
    """A meeting of a group, or of the whole coalition (None); raises WorkingGroup.DoesNotExist."""
    of = None if group is None else _group(municipality, group)
    return add(Meeting(municipality=municipality, group=of, **values), by=by)


@transaction.atomic
def change_meeting(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Meeting]:
    """Store the fields that their writer changed since version `seen`; raises Meeting.DoesNotExist."""
    return amend(_meeting(municipality, pk), seen=seen, values=values, by=by)


@transaction.atomic
def take_attendance(
    *,
    municipality: Municipality,
    meeting: int,
    shown: Collection[int],
    present: Collection[int],
    gone: Collection[int] = (),
    guests: Iterable[str] = (),
    by: User | None,
) -> None:
    """
    Write down who came. Of the people (numbers) that were `shown`, those in `present` did and the others did not.

    `gone` are guests (numbers of attendances) who were not there after all, `guests` the names of new ones; whoever
    the writer did not see stays as they are. Raises Meeting.DoesNotExist. Numbers of other towns are passed over.
    """
    row = _meeting(municipality, meeting)
    there = {one.person: one for one in Attendance.objects.filter(meeting=row).exclude(person=None)}
    people = Person.objects.of(municipality).filter(pk__in=[pk for pk in present if pk in set(shown)])
    for person in people.order_by("pk"):
        if person.pk not in there:
            add(Attendance(meeting=row, person=person.pk, name=person.name), by=by)
    for pk in set(shown) - set(present):
        if pk in there:
            remove(there[pk].signed(by), by=by)
    for one in Attendance.objects.filter(meeting=row, person=None, pk__in=gone):
        remove(one.signed(by), by=by)
    known = {name.casefold() for name in Attendance.objects.filter(meeting=row).values_list("name", flat=True)}
    for name in guests:
        if name.casefold() not in known:
            known.add(name.casefold())
            add(Attendance(meeting=row, name=name), by=by)


def _meeting(municipality: Municipality, pk: int) -> Meeting:
    row: Meeting = Meeting.objects.of(municipality).select_for_update().get(pk=pk)
    return row


# --- What follows -------------------------------------------------------------------------------------------


@transaction.atomic
def add_follow_up(
    *, municipality: Municipality, meeting: int, values: Mapping[str, object], by: User | None
) -> FollowUp:
    """What somebody took on in a meeting; raises Meeting.DoesNotExist."""
    return add(FollowUp(meeting=_meeting(municipality, meeting), **values), by=by)


@transaction.atomic
def change_follow_up(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[FollowUp]:
    """Store the fields that their writer changed since version `seen`; raises FollowUp.DoesNotExist."""
    return amend(_follow_up(municipality, pk), seen=seen, values=values, by=by)


@transaction.atomic
def settle_follow_up(*, municipality: Municipality, pk: int, done: bool, by: User) -> FollowUp:
    """Say whether it is done; raises FollowUp.DoesNotExist."""
    row = _follow_up(municipality, pk)
    overwrite(row, by=by, done=done)
    return row


def _follow_up(municipality: Municipality, pk: int) -> FollowUp:
    rows = FollowUp.objects.filter(meeting__municipality=municipality).select_for_update(of=("self",))
    row: FollowUp = rows.get(pk=pk)
    return row


# --- Calendar addresses -------------------------------------------------------------------------------------


def open_meeting_feed(*, municipality: Municipality, user: User, group: int | None) -> tuple[MeetingFeed, str]:
    """
    An address for the meetings of a group, or for all, and its secret; an earlier one for the same stops working.

    Raises WorkingGroup.DoesNotExist.
    """
    of = None if group is None else WorkingGroup.objects.get(municipality=municipality, pk=group)
    return feeds.open_feed(MeetingFeed, municipality=municipality, user=user, group=of)


def revoke_meeting_feed(*, municipality: Municipality, user: User, pk: int) -> None:
    """The address stops working; raises MeetingFeed.DoesNotExist for one that is not the person's."""
    feeds.revoke_feed(MeetingFeed, municipality=municipality, user=user, pk=pk)

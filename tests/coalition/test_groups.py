"""Working groups and meetings: who is in them, who came, what follows, and that two writers lose nothing."""

import datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from coalition import queries, services
from coalition.models import Attendance, FollowUp, GroupMember, Meeting, MeetingFeed, Partner, Person, WorkingGroup
from mobility_planning.tasks import tasks
from municipalities.records import add, remove
from tests import factories
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/coalition/groups/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
MEETING: dict[str, Any] = {
    "title": "First session",
    "on": "2026-12-08",
    "starts": "10:00",
    "ends": "11:30",
    "place": "Library",
    "agenda": "Choose a chair",
    "decisions": "",
}


@pytest.fixture
def group(cast: Cast) -> WorkingGroup:
    values = {"name": "Homes", "pillar": "neighborhoods", "purpose": "Two metrics by spring"}
    return services.add_group(municipality=cast.larkspur, values=values, by=cast.ana)


@pytest.fixture
def college(cast: Cast) -> Partner:
    return factories.partner(cast.larkspur)


@pytest.fixture
def kim(cast: Cast, college: Partner) -> Person:
    return college.people.get()


@pytest.fixture
def seat(cast: Cast, group: WorkingGroup, kim: Person) -> GroupMember:
    return services.join_group(municipality=cast.larkspur, group=group.pk, person=kim.pk, by=cast.ana)


@pytest.fixture
def meeting(cast: Cast, group: WorkingGroup) -> Meeting:
    values = {"title": "First session", "on": timezone.localdate() - datetime.timedelta(days=1)}
    return services.add_meeting(municipality=cast.larkspur, group=group.pk, values=values, by=cast.ana)


def attend(cast: Cast, meeting: Meeting, **said: Any) -> None:
    values = {"shown": (), "present": (), **said}
    services.take_attendance(municipality=cast.larkspur, meeting=meeting.pk, by=cast.ben, **values)


def came(meeting: Meeting) -> set[str]:
    return set(meeting.attendances.values_list("name", flat=True))


def in_calendar(file: bytes) -> Any:
    """The one event of a calendar."""
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    return event


# --- Who may --------------------------------------------------------------------------------------------------


def test_who_may_read_and_who_may_write(cast: Cast, seat: GroupMember, meeting: Meeting):
    follow = services.add_follow_up(municipality=cast.larkspur, meeting=meeting.pk, values={"text": "Ask"}, by=cast.ana)
    for url in (PAGE, f"{PAGE}{seat.group_id}/", f"/larkspur/coalition/meetings/{meeting.pk}/"):
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}, url
    for url in (
        f"{PAGE}new/",
        f"{PAGE}{seat.group_id}/edit/",
        "/larkspur/coalition/meetings/new/",
        f"/larkspur/coalition/meetings/{meeting.pk}/edit/",
        f"/larkspur/coalition/follow-ups/{follow.pk}/",
    ):
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}, url


def test_nothing_of_another_town_can_be_named(cast: Cast, group: WorkingGroup, kim: Person, meeting: Meeting):
    there = factories.partner(cast.fairmont, person="Pat Roe").people.get()
    with pytest.raises(ObjectDoesNotExist):
        services.join_group(municipality=cast.larkspur, group=group.pk, person=there.pk, by=cast.ana)
    for call in (
        lambda: services.join_group(municipality=cast.fairmont, group=group.pk, person=there.pk, by=cast.olaf),
        lambda: services.add_meeting(municipality=cast.fairmont, group=group.pk, values={"title": "x"}, by=cast.olaf),
        lambda: services.add_follow_up(
            municipality=cast.fairmont, meeting=meeting.pk, values={"text": "x"}, by=cast.olaf
        ),
    ):
        with pytest.raises(ObjectDoesNotExist):
            call()
    attend(cast, meeting, shown={kim.pk, there.pk}, present={kim.pk, there.pk})
    assert came(meeting) == {"Kim Doe"}


# --- Groups ---------------------------------------------------------------------------------------------------


def test_a_group_from_its_founding_to_its_end(cast: Cast, ben: Client, kim: Person):
    sent = {"name": "Data", "purpose": "Read the metrics", "pillar": "", "meets": "Thursdays", "ended_on": ""}
    url = ben.post(f"{PAGE}new/", sent)["Location"]
    row = WorkingGroup.objects.get()
    assert (row.updated_by, row.history.count()) == (cast.ben, 1)
    assert "Kim Doe" in ben.get(f"{url}?find=kim").content.decode()
    assert "Kim Doe" in ben.get(f"{url}?find=community+coll").content.decode()
    assert "Nobody outside the group fits" in ben.get(f"{url}?find=nobody").content.decode()
    ben.post(f"{url}members/", {"person": kim.pk})
    ben.post(f"{url}members/", {"person": kim.pk})
    member = row.members.get()
    assert "Nobody outside the group fits" in ben.get(f"{url}?find=kim").content.decode()
    ben.post(f"/larkspur/coalition/seats/{member.pk}/chair/")
    assert queries.groups_listed(cast.larkspur)[0].chair == "Kim Doe"
    ben.post(f"{url}edit/", {**sent, "version": 1, "ended_on": "2026-11-01"})
    assert "ended Nov 1, 2026" in ben.get(PAGE).content.decode()
    assert ben.get("/larkspur/coalition/meetings/new/").context["form"].fields["group"].choices[1:] == []


@pytest.mark.parametrize("person", ["", "x", "-1", "٣", "9" * 40])
def test_what_is_nobodys_number_joins_no_group(ben: Client, group: WorkingGroup, person: str):
    assert ben.post(f"{PAGE}{group.pk}/members/", {"person": person}).status_code == 404
    assert not GroupMember.objects.exists()


def test_one_chair_at_a_time_and_the_history_says_who_gave_it(cast: Cast, seat: GroupMember, college: Partner):
    other = factories.person(college, "Lee Ray")
    second = services.join_group(municipality=cast.larkspur, group=seat.group_id, person=other.pk, by=cast.ana)
    for row in (seat, second):
        services.give_chair(municipality=cast.larkspur, pk=row.pk, by=cast.ben)
    chairs = {row.person.name: row.chair for row in GroupMember.objects.select_related("person")}
    assert chairs == {"Kim Doe": False, "Lee Ray": True}
    assert [h.history_user for h in GroupMember.history.filter(id=seat.pk)] == [cast.ben, cast.ben, cast.ana]
    with pytest.raises(IntegrityError), transaction.atomic():
        add(GroupMember(group=seat.group, person=factories.person(college, "Max"), chair=True), by=None)


def test_groups_are_listed_by_name_the_ended_ones_last(cast: Cast):
    today = timezone.localdate()
    for name, ended in (("beta", None), ("Alpha", today), ("Gamma", None), ("aardvark", None)):
        services.add_group(municipality=cast.larkspur, values={"name": name, "ended_on": ended}, by=None)
    assert [line.row.name for line in queries.groups_listed(cast.larkspur)] == ["aardvark", "beta", "Gamma", "Alpha"]


def test_who_leaves_the_coalition_leaves_the_group_and_comes_back_into_it(
    cast: Cast, seat: GroupMember, meeting: Meeting, kim: Person, college: Partner
):
    services.give_chair(municipality=cast.larkspur, pk=seat.pk, by=cast.ana)
    attend(cast, meeting, shown={kim.pk}, present={kim.pk})
    entry = services.remove_partner(municipality=cast.larkspur, pk=college.pk, by=cast.ben)
    assert not GroupMember.objects.exists()
    assert GroupMember.history.latest().history_user == cast.ben
    # They were there all the same.
    assert [one.name for one in queries.meeting_page(meeting).came] == ["Kim Doe"]
    services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ben)
    assert [(m.person.name, m.chair) for m in seat.group.members.all()] == [("Kim Doe", True)]
    assert [(one.name, one.person) for one in queries.meeting_page(meeting).came] == [("Kim Doe", kim.pk)]


def test_a_chair_that_was_given_away_meanwhile_stays_where_it_is(cast: Cast, seat: GroupMember, college: Partner):
    services.give_chair(municipality=cast.larkspur, pk=seat.pk, by=cast.ana)
    entry = services.remove_partner(municipality=cast.larkspur, pk=college.pk, by=cast.ana)
    other = factories.partner(cast.larkspur, name="Union", person="Lee Ray").people.get()
    second = services.join_group(municipality=cast.larkspur, group=seat.group_id, person=other.pk, by=cast.ana)
    services.give_chair(municipality=cast.larkspur, pk=second.pk, by=cast.ana)
    services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    assert {m.person.name: m.chair for m in seat.group.members.all()} == {"Kim Doe": False, "Lee Ray": True}


def test_who_is_taken_off_a_partner_is_taken_out_of_its_groups(cast: Cast, seat: GroupMember, kim: Person):
    services.remove_person(municipality=cast.larkspur, pk=kim.pk, by=cast.ben)
    assert not GroupMember.objects.exists()
    assert GroupMember.history.latest().history_user == cast.ben


# --- Meetings -------------------------------------------------------------------------------------------------


def test_a_meeting_from_its_date_to_its_decisions(cast: Cast, ben: Client, vera: Client, seat: GroupMember):
    url = ben.post("/larkspur/coalition/meetings/new/", {**MEETING, "group": seat.group_id})["Location"]
    row = Meeting.objects.get()
    assert (row.group, row.starts, row.updated_by) == (seat.group, datetime.time(10), cast.ben)
    ben.post(f"{url}edit/", {**MEETING, "version": 1, "decisions": "Kim <b>chairs</b>\r\nMeet monthly"})
    row.refresh_from_db()
    assert row.decisions == "Kim <b>chairs</b>\nMeet monthly"
    html = vera.get(url).content.decode()
    assert "Kim &lt;b&gt;chairs&lt;/b&gt;" in html
    assert "Dec 8, 2026, 10:00 a.m. to 11:30 a.m." in html
    assert "<form" not in html.partition("<main")[2]
    ben.post(f"{url}edit/", {**MEETING, "version": 2, "called_off": "on", "decisions": row.decisions})
    assert "called off" in vera.get(PAGE).content.decode()
    assert queries.groups_listed(cast.larkspur)[0].next_on is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "10:00"}, "The end comes before the beginning"),
        ({"starts": "", "ends": "10:00"}, "When does it begin?"),
        ({"starts": "25:00"}, "valid time"),
        ({"on": "2026-02-30"}, "valid date"),
        ({"title": ""}, "required"),
        ({"title": "\u202e"}, "hidden control character"),
        ({"group": "999999"}, "valid choice"),
    ],
)
def test_a_meeting_that_makes_no_sense_is_refused_with_a_reason(cast: Cast, ben: Client, wrong: dict, said: str):
    response = ben.post("/larkspur/coalition/meetings/new/", {**MEETING, **wrong})
    assert response.status_code == REFUSED
    assert said in response.content.decode()
    assert not Meeting.objects.exists()


def test_a_group_of_another_town_has_no_meeting_here(cast: Cast, ben: Client):
    other = services.add_group(municipality=cast.fairmont, values={"name": "Theirs"}, by=cast.olaf)
    page = ben.get(f"/larkspur/coalition/meetings/new/?group={other.pk}").content.decode()
    assert "Theirs" not in page
    response = ben.post("/larkspur/coalition/meetings/new/", {**MEETING, "group": other.pk})
    assert response.status_code == REFUSED


def test_two_writers_of_one_meeting_choose_between_times_and_texts(
    cast: Cast, ana: Client, ben: Client, meeting: Meeting
):
    url = f"/larkspur/coalition/meetings/{meeting.pk}/edit/"
    sent = {**MEETING, "version": 1}
    ben.post(url, {**sent, "starts": "08:30"})
    response = ana.post(url, {**sent, "starts": "09:15", "place": "Library"})
    assert response.status_code == HTTPStatus.CONFLICT
    html = response.content.decode()
    assert "8:30 a.m." in html
    assert "9:15 a.m." in html
    choice = {"version": 2, "only": "1", "starts": "09:15"}
    assert ana.post(url, choice).status_code == HTTPStatus.FOUND
    meeting.refresh_from_db()
    assert (meeting.starts, meeting.ends, meeting.title) == (
        datetime.time(9, 15),
        datetime.time(11, 30),
        MEETING["title"],
    )


def test_attendance_says_who_came_and_keeps_whom_its_writer_did_not_see(
    cast: Cast, ben: Client, meeting: Meeting, seat: GroupMember, kim: Person, college: Partner
):
    lee = factories.person(college, "Lee Ray")
    attend(cast, meeting, shown={lee.pk}, present={lee.pk})
    url = f"/larkspur/coalition/meetings/{meeting.pk}/attendance/"
    ben.post(url, {"shown": [kim.pk], "present": [kim.pk], "guests": "  Delia Marsh \r\n\r\ndelia marsh\nKim Doe"})
    assert came(meeting) == {"Lee Ray", "Kim Doe", "Delia Marsh"}
    guest = Attendance.objects.get(name="Delia Marsh")
    assert (guest.person, guest.updated_by) == (None, cast.ben)
    ben.post(url, {"shown": [kim.pk, lee.pk], "present": [lee.pk], "guest_shown": [guest.pk], "guests": ""})
    assert came(meeting) == {"Lee Ray"}
    assert Attendance.history.filter(history_type="-").count() == 2


@pytest.mark.parametrize("guests", ["x" * 151, "\u202eevil", "\n".join(f"Guest {n}" for n in range(501))])
def test_hostile_names_are_refused_and_the_ticks_stay(
    cast: Cast, ben: Client, meeting: Meeting, seat: GroupMember, kim: Person, guests: str
):
    url = f"/larkspur/coalition/meetings/{meeting.pk}/attendance/"
    response = ben.post(url, {"shown": [kim.pk, "x", "²"], "present": [kim.pk], "guests": guests})
    assert response.status_code == REFUSED
    assert f'value="{kim.pk}" checked' in response.content.decode()
    assert not Attendance.objects.exists()


def test_the_management_team_is_awaited_where_no_group_meets(cast: Cast, college: Partner, kim: Person):
    lead = factories.person(college, "Lee Ray", role="project_lead")
    row = services.add_meeting(
        municipality=cast.larkspur, group=None, values={"title": "All", "on": timezone.localdate()}, by=None
    )
    assert [(one.person, one.came) for one in queries.meeting_page(row).seated] == [(lead.pk, False)]


def test_a_meeting_goes_into_a_calendar(cast: Cast, vera: Client, group: WorkingGroup):
    values = {"on": datetime.date(2026, 12, 8), "starts": datetime.time(10), "ends": datetime.time(11, 30)}
    row = services.add_meeting(
        municipality=cast.larkspur, group=group.pk, values={**values, "title": "A; B\nX-EVIL:1"}, by=cast.ana
    )
    response = vera.get(f"/larkspur/coalition/meetings/{row.pk}/meeting.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    event = in_calendar(response.content)
    assert (event["SUMMARY"], "X-EVIL" in event) == ("Homes: A; B\nX-EVIL:1", False)
    assert event["DTSTART"].dt == datetime.datetime(2026, 12, 8, 10)  # noqa: DTZ001  # the clock's on the wall
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTEND"].dt == datetime.datetime(2026, 12, 8, 11, 30)  # noqa: DTZ001  # the same clock
    # An event that ends when it begins is none: without an end, calendars show a moment.
    services.change_meeting(municipality=cast.larkspur, pk=row.pk, seen=1, values={"ends": None}, by=cast.ana)
    event = in_calendar(vera.get(f"/larkspur/coalition/meetings/{row.pk}/meeting.ics").content)
    assert ("DTSTART" in event, "DTEND" in event) == (True, False)
    changes = {"called_off": True, "starts": None, "ends": None}
    services.change_meeting(municipality=cast.larkspur, pk=row.pk, seen=2, values=changes, by=cast.ana)
    event = in_calendar(vera.get(f"/larkspur/coalition/meetings/{row.pk}/meeting.ics").content)
    assert (event["DTSTART"].dt, event["STATUS"]) == (datetime.date(2026, 12, 8), "CANCELLED")


def addresses(client: Client, **which: object) -> str:
    """The new address that a calendar reads."""
    page = client.post("/larkspur/coalition/calendars/", which)
    # It says what somebody who gets hold of it can read.
    assert "can read the titles, times, places and agendas" in page.content.decode()
    return "/" + page.context["address"].split("/", 3)[3]


def test_a_secret_address_shows_the_meetings_of_a_group_or_all(cast: Cast, vera: Client, meeting: Meeting):
    all_on = {"title": "All of us", "on": meeting.on, "place": "Hall"}
    services.add_meeting(municipality=cast.larkspur, group=None, values=all_on, by=cast.ana)
    theirs = {"title": "Elsewhere", "on": meeting.on}
    services.add_meeting(municipality=cast.fairmont, group=None, values=theirs, by=cast.olaf)
    shown = {}
    for which in ({}, {"group": meeting.group_id}):
        calendar = Calendar.from_ical(Client().get(addresses(vera, **which)).content)
        shown[str(calendar["X-WR-CALNAME"])] = {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}
    assert shown == {
        f"{cast.larkspur}: meetings": {"Homes: First session", "All of us"},
        f"{cast.larkspur}: Homes": {"Homes: First session"},
    }


def test_an_address_dies_when_it_is_taken_back_made_anew_or_its_person_leaves(
    cast: Cast, vera: Client, ben: Client, group: WorkingGroup
):
    first, of_group = addresses(vera), addresses(vera, group=group.pk)
    second = addresses(vera)
    codes = [Client().get(url).status_code for url in (first, second, of_group)]
    assert codes == [404, 200, 200]
    assert "address made" in vera.get(PAGE).content.decode()
    assert "address made" not in ben.get(PAGE).content.decode()
    row = MeetingFeed.objects.usable().get(group=None)
    assert ben.post(f"/larkspur/coalition/calendars/{row.pk}/revoke/").status_code == 404
    assert vera.post(f"/larkspur/coalition/calendars/{row.pk}/revoke/").status_code == 302
    assert Client().get(second).status_code == 404
    remove(cast.vera.memberships.get(), by=cast.ana)
    assert Client().get(of_group).status_code == 404


@pytest.mark.parametrize("wanted", ["999999", "9" * 30, "x", "²"])
def test_no_address_is_made_for_a_group_that_is_not_there(vera: Client, wanted: str):
    assert vera.post("/larkspur/coalition/calendars/", {"group": wanted}).status_code == 404
    assert not MeetingFeed.objects.exists()


# --- What follows ---------------------------------------------------------------------------------------------


def test_a_follow_up_is_its_owners_task_until_it_is_done(cast: Cast, ana: Client, ben: Client, meeting: Meeting):
    url = f"/larkspur/coalition/meetings/{meeting.pk}/follow-ups/"
    ana.post(url, {"text": "Ask the <school>", "owner": "ben@larkspur.example", "due": "2026-01-01"})
    row = FollowUp.objects.get()
    today = timezone.localdate()
    found = tasks(cast.larkspur, cast.ben, today).overdue
    assert [(task.key, task.title, task.where) for task in found] == [
        (f"follow-up {row.pk}", "Ask the <school>", "First session")
    ]
    assert "Ask the &lt;school&gt;" in ben.get("/larkspur/tasks/").content.decode()
    assert "overdue" in ben.get(PAGE).content.decode()
    ben.post(f"/larkspur/coalition/follow-ups/{row.pk}/done/", {"done": "yes"})
    assert tasks(cast.larkspur, cast.ben, today).total == 0
    assert "Done: Ask the" in ben.get(PAGE).content.decode()
    assert "Ask the" not in ben.get(PAGE).content.decode()
    ben.post(f"/larkspur/coalition/follow-ups/{row.pk}/done/", {"done": "no"})
    assert tasks(cast.larkspur, cast.ben, today).total == 1


def test_a_follow_up_without_words_is_refused_and_what_was_typed_stays(cast: Cast, ana: Client, meeting: Meeting):
    url = f"/larkspur/coalition/meetings/{meeting.pk}/follow-ups/"
    response = ana.post(url, {"text": "", "owner": "Nobody at all"})
    assert response.status_code == REFUSED
    assert "Nobody at all" in response.content.decode()
    assert not FollowUp.objects.exists()


def test_two_writers_of_one_follow_up_merge(cast: Cast, ana: Client, ben: Client, meeting: Meeting):
    row = services.add_follow_up(municipality=cast.larkspur, meeting=meeting.pk, values={"text": "Ask"}, by=cast.ana)
    url = f"/larkspur/coalition/follow-ups/{row.pk}/"
    sent = {"version": 1, "text": "Ask", "owner": "", "due": ""}
    assert ben.get(url).status_code == HTTPStatus.OK
    ben.post(url, {**sent, "owner": "Ben Carter"})
    ana.post(url, {**sent, "due": "2027-01-31", "done": "on"})
    row.refresh_from_db()
    assert (row.owner, row.due, row.done) == ("Ben Carter", datetime.date(2027, 1, 31), True)


# --- Size -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2, 40])
def test_queries_do_not_grow_with_groups_members_and_meetings(
    cast: Cast, ben: Client, meeting: Meeting, seat: GroupMember, college: Partner, size: int, django_assert_num_queries
):
    for n in range(size):
        person = factories.person(college, f"Person {n}", role="data_lead")
        services.join_group(municipality=cast.larkspur, group=seat.group_id, person=person.pk, by=None)
        attend(cast, meeting, shown={person.pk}, present={person.pk})
        extra = services.add_group(municipality=cast.larkspur, values={"name": f"Group {n}"}, by=None)
        services.add_meeting(
            municipality=cast.larkspur, group=extra.pk, values={"title": f"M {n}", "on": meeting.on}, by=None
        )
        services.add_follow_up(municipality=cast.larkspur, meeting=meeting.pk, values={"text": f"F {n}"}, by=None)
    ben.get(PAGE)
    for url, queries_ in (
        (PAGE, 11),
        (f"{PAGE}{seat.group_id}/?find=per", 11),
        (f"/larkspur/coalition/meetings/{meeting.pk}/", 10),
    ):
        with django_assert_num_queries(queries_):
            ben.get(url)

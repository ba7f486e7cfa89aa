"""The preparedness plan: proposals become actions, done actions propose a step, calendars follow."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from municipalities.models import Membership
from municipalities.records import overwrite, remove
from preparedness import queries, services
from preparedness.models import Action, Feed
from readiness.models import Round, StepAnswer
from readiness.services import Decision, record_determination, record_step
from tests.conftest import Cast, signed_in

PLAN = "/larkspur/preparedness/"
NEW = f"{PLAN}new/"
FORM = {"title": "Ask the mayor", "how": "", "owner": "", "due": "", "resources": "", "status": "todo", "reason": ""}


@pytest.fixture
def action(cast: Cast) -> Action:
    values = {"title": "Ask the mayor", "steps": ["leadership.2"], "owner": "ben@larkspur.example"}
    return services.add_action(municipality=cast.larkspur, values=values, by=cast.ana)


def text(client: Client, url: str = PLAN) -> str:
    return client.get(url).content.decode()


def step(cast: Cast, key: str = "leadership.2") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.filter(round__municipality=cast.larkspur, key=key).latest("pk")
    return row


def only() -> Action:
    row: Action = Action.objects.get()
    return row


def test_an_unmet_step_proposes_an_action_that_can_be_changed_and_is_then_not_proposed_again(cast: Cast, ben: Client):
    assert f'href="{NEW}?step=leadership.2"' in text(ben)
    form = text(ben, f"{NEW}?step=leadership.2")
    assert 'value="Ask executive leadership to say in writing that the planning begins"' in form
    assert re.search(r'value="leadership.2"[^>]* checked', form)
    due = {"due": "2027-01-29", "steps": ["leadership.2"], "owner": "Ben Carter"}
    assert ben.post(NEW, {**FORM, **due}).status_code == 302
    row = only()
    assert (row.title, row.steps, row.due, row.owner, row.updated_by) == (
        "Ask the mayor", ["leadership.2"], datetime.date(2027, 1, 29), "Ben Carter", cast.ben,
    )  # fmt: skip
    page = text(ben)
    assert (f'href="{NEW}?step=leadership.2"' in page, "Jan 29, 2027" in page) == (False, True)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"title": "a\u202eb"}, "Take out the hidden control character"),
        ({"due": "soon"}, "Enter a valid date."),
        ({"steps": ["leadership.99"]}, "is not one of the available choices"),
        ({"status": "perhaps"}, "is not one of the available choices"),
        ({"status": "dropped"}, "Write why it is dropped."),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    cast: Cast, ben: Client, action: Action, sent: dict[str, object], problem: str
):
    for url, more in ((NEW, {}), (f"{PLAN}{action.pk}/", {"version": 1})):
        response = ben.post(url, {**FORM, "how": "Kept words", **more, **sent})
        assert (response.status_code, problem in response.content.decode()) == (422, True), url
        assert "Kept words" in response.content.decode()
    assert (Action.objects.count(), Action.history.count()) == (1, 1)


def test_two_people_on_one_field_get_both_texts_and_other_fields_are_merged(
    cast: Cast, ana: Client, ben: Client, action: Action
):
    url = f"{PLAN}{action.pk}/"
    kept = {**FORM, "steps": ["leadership.2"], "owner": "ben@larkspur.example", "version": 1}
    assert ana.post(url, {**kept, "title": "Ask her"}).status_code == 302
    assert ben.post(url, {**kept, "resources": "An hour"}).status_code == 302
    assert (only().title, only().resources, only().version) == ("Ask her", "An hour", 3)
    response = ben.post(url, {**kept, "title": "Ask him"})
    page = response.content.decode()
    assert (response.status_code, "Ask him" in page, "Ask her" in page, only().title) == (409, True, True, "Ask her")


def test_the_choice_between_two_texts_is_sent_as_the_page_offers_it(ana: Client, ben: Client, action: Action):
    url = f"{PLAN}{action.pk}/"
    kept = {**FORM, "steps": ["leadership.2"], "owner": "ben@larkspur.example", "version": 1}
    ana.post(url, {**kept, "title": "Ask her"})
    page = ben.post(url, {**kept, "title": "Ask him", "steps": ["leadership.2", "data.1"], "due": "2030-01-31"})
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert sent == {
        "csrfmiddlewaretoken": sent["csrfmiddlewaretoken"],
        "version": "2",
        "only": "1",
        "steps": "leadership.2 data.1",
        "due": "2030-01-31",
    }
    assert ben.post(url, {**sent, "title": "Ask both"}).status_code == 302
    row = only()
    assert (row.title, row.steps, str(row.due), row.owner, row.version) == (
        "Ask both",
        ["leadership.2", "data.1"],
        "2030-01-31",
        "ben@larkspur.example",
        3,
    )


def test_a_card_moves_by_its_buttons_and_dropping_asks_for_a_reason(cast: Cast, ben: Client, action: Action):
    url = f"{PLAN}{action.pk}/move/"
    for status in ("doing", "done", "todo"):
        assert ben.post(url, {"status": status})["Location"] == f"{PLAN}?view=board"
        assert only().status == status
    assert ben.post(url, {"status": "dropped"})["Location"] == f"{PLAN}{action.pk}/"
    assert (only().status, ben.post(url, {"status": "lost"}).status_code) == ("todo", 404)


def test_a_finished_action_proposes_its_step_and_somebody_confirms_it(
    cast: Cast, ana: Client, ben: Client, action: Action
):
    assert "Waiting to be confirmed" not in text(ana)
    ben.post(f"{PLAN}{action.pk}/move/", {"status": "done"})
    assert "Ask the mayor, finished by Ben Carter" in text(ana)
    assert step(cast).status == ""
    ana.post(f"{PLAN}{action.pk}/confirm/", {"step": "leadership.2", "version": 1})
    assert (step(cast).status, step(cast).updated_by) == ("in_place", cast.ana)
    assert "Waiting to be confirmed" not in text(ana)


def test_what_is_not_there_yet_goes_on(cast: Cast, ana: Client, action: Action):
    services.move(municipality=cast.larkspur, pk=action.pk, status="done", by=cast.ben)
    ana.post(f"{PLAN}{action.pk}/confirm/", {"step": "leadership.2", "version": 1, "not_yet": "1"})
    assert (only().status, step(cast).status) == ("doing", "")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"step": "leadership.1", "version": 1}, 404),
        ({"step": "x", "version": 1}, 404),
        ({"step": "leadership.2", "version": "one"}, 404),
        ({"step": "leadership.2", "version": "9" * 30}, 404),
        ({}, 404),
    ],
)
def test_only_what_waits_can_be_confirmed(cast: Cast, ana: Client, action: Action, sent: dict, status: int):
    services.move(municipality=cast.larkspur, pk=action.pk, status="done", by=cast.ben)
    assert ana.post(f"{PLAN}{action.pk}/confirm/", sent).status_code == status
    assert StepAnswer.objects.filter(status="in_place").count() == 0


def test_an_unfinished_action_confirms_nothing(cast: Cast, ana: Client, action: Action):
    assert ana.post(f"{PLAN}{action.pk}/confirm/", {"step": "leadership.2", "version": 1}).status_code == 404
    assert step(cast).status == ""


def test_a_step_that_changed_meanwhile_is_not_overwritten(cast: Cast, ana: Client, action: Action):
    services.move(municipality=cast.larkspur, pk=action.pk, status="done", by=cast.ben)
    round_ = Round.objects.get(municipality=cast.larkspur)
    record_step(round_=round_, key="leadership.2", seen=1, values={"status": "not_yet"}, by=cast.lena)
    response = ana.post(f"{PLAN}{action.pk}/confirm/", {"step": "leadership.2", "version": 1}, follow=True)
    assert "Somebody changed this step meanwhile" in response.content.decode()
    assert step(cast).status == "not_yet"


def decide(cast: Cast, verdict: str) -> None:
    today = timezone.localdate()
    again = today + datetime.timedelta(days=120) if verdict == "postpone" else None
    decision = Decision(verdict, "So it is.", "Lena", "Mayor", today, again)
    record_determination(round_=Round.objects.get(municipality=cast.larkspur), decision=decision, by=cast.lena)


def test_a_decided_round_waits_for_the_next_one(cast: Cast, ana: Client, action: Action):
    services.move(municipality=cast.larkspur, pk=action.pk, status="done", by=cast.ben)
    decide(cast, "prepare")
    assert "they can be confirmed in the next one" in text(ana)
    response = ana.post(f"{PLAN}{action.pk}/confirm/", {"step": "leadership.2", "version": 1}, follow=True)
    assert "Start a new one, then confirm." in response.content.decode()
    assert step(cast).status == ""


def test_postponed_says_when_to_look_again_and_what_would_change_most(cast: Cast, ben: Client):
    decide(cast, "postpone")
    page = text(ben)
    assert "Look again on" in page
    assert "the steps below would change most" in page
    top = page.split("Proposed actions")[0]
    assert top.count("Add this action") == 3


def test_the_same_rows_as_list_board_and_timeline_by_the_same_filter(cast: Cast, ben: Client, action: Action):
    other = {"title": "Find a room", "status": "doing", "due": timezone.localdate() - datetime.timedelta(days=3)}
    services.add_action(municipality=cast.larkspur, values=other, by=cast.ana)
    for view in ("list", "board", "timeline", "nonsense"):
        page = text(ben, f"{PLAN}?view={view}")
        assert ("Ask the mayor" in page, "Find a room" in page, "overdue" in page) == (True, True, True), view
        for query in ("text=ROOM", "status=doing"):
            page = text(ben, f"{PLAN}?view={view}&{query}")
            assert ("Ask the mayor" in page, "Find a room" in page) == (False, True), (view, query)
        for query in ("owner=Ben+Carter", "condition=leadership", "text=mayor"):
            page = text(ben, f"{PLAN}?view={view}&{query}")
            assert ("Ask the mayor" in page, "Find a room" in page) == (True, False), (view, query)
    assert "No action fits." in text(ben, f"{PLAN}?text=nothing")


def test_the_export_has_the_same_rows_and_no_formula(cast: Cast, ben: Client, action: Action):
    services.add_action(municipality=cast.larkspur, values={"title": "=HYPERLINK(1)"}, by=cast.ana)
    response = ben.get(f"{PLAN}export.csv")
    assert response["Content-Disposition"] == 'attachment; filename="larkspur-preparedness.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "title,status,owner,due,conditions,steps,resources,how,reason",
        "Ask the mayor,todo,Ben Carter,,Leadership,leadership.2,,,",
        "'=HYPERLINK(1),todo,,,,,,,",
    ]
    assert ben.get(f"{PLAN}export.csv?text=mayor").content.count(b"\n") == 2


def new_feed(client: Client, which: str = "mine") -> str:
    page = client.post(f"{PLAN}feeds/", {"which": which}).content.decode()
    found = re.search(r"/calendar/[\w-]{40,}\.ics", page)
    assert found
    return found[0]


def events(address: str) -> list[tuple[str, str]]:
    response = Client().get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [(str(event["SUMMARY"]), event.decoded("DTSTART").isoformat()) for event in found]


def test_a_calendar_reads_the_dates_by_a_secret_address(cast: Cast, ben: Client, action: Action):
    overwrite(action, by=cast.ana, due=datetime.date(2027, 1, 29), how="Line one\nATTENDEE:x;y,z\\")
    hostile = {"title": "A\r\nBEGIN:VALARM; b, c\\n", "due": datetime.date(2027, 2, 1), "status": "done"}
    services.add_action(municipality=cast.larkspur, values=hostile, by=cast.ana)
    assert events(new_feed(ben)) == [("Ask the mayor", "2027-01-29")]
    assert [when for _what, when in events(new_feed(ben, "all"))] == ["2027-01-29", "2027-02-01"]
    raw = Client().get(new_feed(ben, "all")).content
    assert b"\r\nBEGIN:VALARM" not in raw
    assert b"\r\nATTENDEE" not in raw
    assert f"UID:action-{action.pk}@larkspur.mobility-planning".encode() in raw
    assert b"STATUS:CONFIRMED" in raw


def test_an_address_ends_by_being_taken_back_renewed_or_by_leaving(cast: Cast, ben: Client, ana: Client):
    first, other = new_feed(ben), new_feed(ana)
    second = new_feed(ben)
    assert [Client().get(a).status_code for a in (first, second, other)] == [404, 200, 200]
    feed = Feed.objects.get(user=cast.ben, revoked_at=None)
    assert ana.post(f"{PLAN}feeds/{feed.pk}/revoke/").status_code == 404
    ben.post(f"{PLAN}feeds/{feed.pk}/revoke/")
    assert Client().get(second).status_code == 404
    third = new_feed(ben)
    cast.ben.is_active = False
    cast.ben.save()
    assert Client().get(third).status_code == 404
    remove(Membership.objects.get(user=cast.ana), by=cast.lena)
    assert [Client().get(a).status_code for a in (other, "/calendar/nothing.ics")] == [404, 404]


@pytest.mark.parametrize(("name", "read", "write"), [
    ("ana", 200, 302), ("ben", 200, 302), ("lena", 200, 302), ("vera", 200, 403), ("olaf", 404, 404),
])  # fmt: skip
def test_who_may_read_and_write(cast: Cast, action: Action, name: str, read: int, write: int):
    client = signed_in(cast[name])
    pages = [client.get(url).status_code for url in (PLAN, f"{PLAN}export.csv", f"{PLAN}{action.pk}/")]
    assert pages == [read] * 3
    posts = {
        NEW: FORM,
        f"{PLAN}{action.pk}/": {**FORM, "version": 1},
        f"{PLAN}{action.pk}/move/": {"status": "done"},
        f"{PLAN}{action.pk}/confirm/": {"step": "leadership.1", "version": 1, "not_yet": "1"},
    }
    assert [client.post(url, sent).status_code for url, sent in posts.items()] == [write] * 4
    if write == 302:
        assert client.post(f"{PLAN}999999/move/", {"status": "done"}).status_code == 404
        assert client.get(f"{PLAN}999999/").status_code == 404


@pytest.mark.parametrize("size", [3, 300])
def test_it_asks_as_much_whatever_the_number_of_actions(cast: Cast, ben: Client, django_assert_num_queries, size: int):
    rows = [
        Action(municipality=cast.larkspur, title=f"Action {n}", steps=["data.1"], status="done").signed(cast.ana)
        for n in range(size)
    ]
    Action.objects.bulk_create(rows)
    for view in ("list", "board", "timeline"):
        with django_assert_num_queries(11):
            ben.get(f"{PLAN}?view={view}")
    assert (
        len(
            queries.actions(
                cast.larkspur, Round.objects.get(municipality=cast.larkspur).instrument, timezone.localdate()
            )
        )
        == size
    )

"""The plan checks itself, and what it lacks is mended or accepted with a reason."""

import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from findings.models import Engagement, Finding
from municipalities.entries import add_entry
from plans.checks import Checks, checks
from plans.models import Acceptance
from plans.rules import checks as rules
from plans.rules.progress import Status
from plans.services import write_section
from strategy import services
from strategy.models import Part, StrategicAction
from tests.conftest import Cast, signed_in

URL = "/larkspur/plan/checks/"
TODAY = datetime.date(2026, 12, 1)


def found(cast: Cast) -> Checks:
    return checks(cast.larkspur, TODAY)


def codes(cast: Cast, area: str) -> list[tuple[str, str]]:
    return [(check.code, check.text) for check in found(cast).open if check.area == area]


@pytest.fixture
def action(cast: Cast) -> StrategicAction:
    priority = services.add_priority(municipality=cast.larkspur, values={"title": "Homes"}, by=cast.ana)
    values = {"title": "Settle debts", "priority_id": priority.pk}
    return services.add_action(municipality=cast.larkspur, values=values, by=cast.ana)


def test_sections_are_empty_or_wait_for_an_approval():
    sections = [
        rules.Section("letter", Status.NOT_STARTED, filled=False),
        rules.Section("readiness", Status.NOT_STARTED, filled=True),
        rules.Section("vision", Status.IN_REVIEW, filled=True),
        rules.Section("summary", Status.APPROVED, filled=True),
        # Its text was taken out by a way round: it is told all the same.
        rules.Section("needs", Status.APPROVED, filled=False),
    ]
    assert [(gap.code, gap.key) for gap in rules.gaps(sections)] == [
        ("empty", "letter"),
        ("unapproved", "readiness"),
        ("unapproved", "vision"),
        ("empty", "needs"),
    ]


def test_every_part_of_the_plan_is_told_and_where_to_mend_it(cast: Cast, action: StrategicAction):
    finding = add_entry(Finding, municipality=cast.larkspur, values={"text": "Filings cluster"}, by=cast.ana)
    values = {"title": "Supper", "method": "session", "on": datetime.date(2026, 10, 1)}
    talk = add_entry(Engagement, municipality=cast.larkspur, values=values, by=cast.ana)
    [line] = services.add_items(
        municipality=cast.larkspur, action=action.pk, part=Part.SHORT, texts=["Fewer filings"], by=cast.ana
    )
    told = {"name": "Filings", "better": "down", "baseline": Decimal(1), "target": Decimal(2)}
    measure = services.add_measure(municipality=cast.larkspur, item=line.pk, values=told, by=cast.ana)
    [bare] = services.add_items(
        municipality=cast.larkspur, action=action.pk, part=Part.OUTPUT, texts=["Cases"], by=cast.ana
    )
    write_section(municipality=cast.larkspur, key="vision", seen=1, values={"body": "A vision"}, by=cast.ana)
    places = {(check.code, check.subject): check.url for check in found(cast).every}
    edit = f"/larkspur/strategy/actions/{action.pk}/edit/"
    expected = {
        ("unspoken", "power"): "/larkspur/findings/findings/",
        ("unheard", ""): "/larkspur/findings/findings/",
        ("unfounded", f"findings-{finding.pk}"): f"/larkspur/findings/findings/{finding.pk}/",
        ("unreported", f"engagement-{talk.pk}"): f"/larkspur/findings/engagement/{talk.pk}/",
        ("few", ""): "/larkspur/strategy/",
        ("programs", ""): "/larkspur/strategy/",
        ("unanswered", f"finding-{finding.pk}"): "/larkspur/strategy/actions/new/",
        ("unled", f"action-{action.pk}"): edit,
        ("pointless", f"action-{action.pk}"): edit,
        ("undated", f"action-{action.pk}"): edit,
        ("unmeasured", f"item-{bare.pk}"): f"/larkspur/strategy/items/{bare.pk}/measure/",
        ("backwards", f"measure-{measure.pk}"): f"/larkspur/strategy/measures/{measure.pk}/edit/",
        ("empty", "section-letter"): "/larkspur/plan/letter/",
        ("unapproved", "section-vision"): "/larkspur/plan/vision/",
    }
    assert {key: places.get(key) for key in expected} == expected
    # Nothing stands twice, and every way to mend leads to a page.
    assert len(places) == len(found(cast).every)
    ana = signed_in(cast.ana)
    assert {ana.get(url).status_code for url in places.values()} == {HTTPStatus.OK}
    html = ana.get(URL).content.decode()
    assert all(url.replace("&", "&amp;") in html for url in places.values())
    titles = [area.title for area in found(cast).areas]
    assert titles == ["Findings and engagement", "Priorities and actions", "Measures", "Sections"]


def test_a_priority_without_an_action_leads_to_a_new_one_there(cast: Cast):
    row = services.add_priority(municipality=cast.larkspur, values={"title": "Homes"}, by=cast.ana)
    check = found(cast).find("idle", f"priority-{row.pk}")
    assert check
    assert check.url == f"/larkspur/strategy/actions/new/?priority={row.pk}"


def test_what_is_mended_is_told_no_more(cast: Cast, action: StrategicAction):
    assert "unled" in dict(codes(cast, "strategy"))
    sent = {"version": 1, "title": "Settle debts", "priority_id": action.priority_id, "lead": "Housing"}
    signed_in(cast.ana).post(f"/larkspur/strategy/actions/{action.pk}/edit/", sent)
    assert "unled" not in dict(codes(cast, "strategy"))


# --- Accepting --------------------------------------------------------------------------------------------


def accepting(action: StrategicAction, **sent: Any) -> dict[str, Any]:
    return {"code": "unled", "subject": f"action-{action.pk}", "reason": "The new director will.", **sent}


def test_what_is_accepted_stands_apart_with_its_reason_until_it_is_taken_back(cast: Cast, action: StrategicAction):
    ben = signed_in(cast.ben)
    before = len(found(cast).open)
    assert ben.post(URL, accepting(action)).status_code == HTTPStatus.FOUND
    told = found(cast)
    assert len(told.open) == before - 1
    assert [(check.code, str(check.accepted)) for check in told.accepted] == [("unled", "The new director will.")]
    html = ben.get(URL).content.decode()
    assert "The new director will." in html
    assert "Ben Carter" in html
    # Said again, the reason is replaced; its history keeps both.
    ben.post(URL, accepting(action, reason="In spring."))
    row = Acceptance.objects.get()
    assert [entry.reason for entry in row.history.order_by("pk")] == ["The new director will.", "In spring."]
    ben.post(f"{URL}{row.pk}/take-back/")
    assert len(found(cast).open) == before
    assert not Acceptance.objects.exists()
    assert ben.post(f"{URL}{row.pk}/take-back/").status_code == HTTPStatus.NOT_FOUND


def test_an_acceptance_waits_where_the_thing_is_mended_and_counts_again_where_it_is_not(
    cast: Cast, action: StrategicAction
):
    signed_in(cast.ana).post(URL, accepting(action))
    url = f"/larkspur/strategy/actions/{action.pk}/edit/"
    sent = {"version": 1, "title": "Settle debts", "priority_id": action.priority_id, "lead": "Housing"}
    signed_in(cast.ana).post(url, sent)
    assert found(cast).accepted == ()
    signed_in(cast.ana).post(url, {**sent, "version": 2, "lead": ""})
    assert [check.code for check in found(cast).accepted] == ["unled"]


@pytest.mark.parametrize("bad", [{"reason": ""}, {"reason": " \n "}, {"reason": "x" * 1001}, {"code": ""}])
def test_without_a_reason_nothing_is_accepted_and_what_was_typed_stays(
    cast: Cast, action: StrategicAction, bad: dict[str, str]
):
    answer = signed_in(cast.ana).post(URL, accepting(action, **bad))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Not accepted:" in answer.content.decode()
    if "code" not in bad:
        assert bad["reason"] in answer.content.decode()
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize("bad", [{"code": "luck"}, {"subject": "action-0"}, {"subject": "<script>"}])
def test_only_what_is_missing_can_be_accepted(cast: Cast, action: StrategicAction, bad: dict[str, str]):
    answer = signed_in(cast.ana).post(URL, accepting(action, **bad), follow=True)
    assert "That is not missing any more." in answer.content.decode()
    assert not Acceptance.objects.exists()


def test_who_may_read_accept_and_take_back(cast: Cast, action: StrategicAction):
    names = ("ana", "ben", "lena", "vera", "olaf")
    codes_ = {name: signed_in(cast[name]).get(URL).status_code for name in names}
    assert codes_ == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    codes_ = {name: signed_in(cast[name]).post(URL, accepting(action)).status_code for name in names}
    assert codes_ == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    row = Acceptance.objects.get()
    assert signed_in(cast.vera).post(f"{URL}{row.pk}/take-back/").status_code == HTTPStatus.FORBIDDEN
    theirs = f"/fairmont/plan/checks/{row.pk}/take-back/"
    assert signed_in(cast.olaf).post(theirs).status_code == HTTPStatus.NOT_FOUND
    html = signed_in(cast.vera).get(URL).content.decode()
    assert "Mend it" not in html
    assert "Accept with a reason" not in html
    assert Acceptance.objects.count() == 1


def test_hostile_words_are_inert(cast: Cast, action: StrategicAction):
    bad = "<script>alert(1)</script>"
    add_entry(Finding, municipality=cast.larkspur, values={"text": bad}, by=cast.ana)
    signed_in(cast.ana).post(URL, accepting(action, reason=bad))
    html = signed_in(cast.ana).get(URL).content.decode()
    assert bad not in html
    assert html.count("&lt;script&gt;alert(1)") >= 2


def test_the_number_of_queries_does_not_grow(
    cast: Cast, action: StrategicAction, django_assert_num_queries: DjangoAssertNumQueries
):
    ana: Client = signed_in(cast.ana)
    ana.get(URL)
    with django_assert_num_queries(15):
        ana.get(URL)
    for n in range(10):
        values = {"title": f"Action {n}", "priority_id": action.priority_id}
        row = services.add_action(municipality=cast.larkspur, values=values, by=cast.ben)
        signed_in(cast.ben).post(URL, accepting(row))
        add_entry(Finding, municipality=cast.larkspur, values={"text": f"Finding {n}"}, by=cast.ben)
    with django_assert_num_queries(15):
        ana.get(URL)

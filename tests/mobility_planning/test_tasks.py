"""My tasks: what names somebody as its owner and is not finished."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from mobility_planning.tasks import count, tasks
from municipalities.models import Membership
from municipalities.records import overwrite
from plans.models import Section
from readiness import services
from readiness.models import ConditionAnswer, Round, StepAnswer
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/tasks/"
TODAY = datetime.date(2026, 11, 26)


def give(cast: Cast, key: str, **values: object) -> None:
    kind = StepAnswer if "." in key else ConditionAnswer
    overwrite(kind.objects.get(round__municipality=cast.larkspur, key=key), by=cast.ana, **values)


def titles(cast: Cast, user: User) -> list[str]:
    found = tasks(cast.larkspur, user, TODAY)
    rows = (*found.overdue, *found.soon, *found.later, *found.undated)
    assert count(cast.larkspur, user) == found.total == len(rows)
    return [task.key for task in rows]


@pytest.mark.parametrize("owner", ["ben@larkspur.example", "BEN@Larkspur.example", "Ben Carter", "ben carter"])
def test_an_owner_is_known_by_address_or_name_in_whatever_case(cast: Cast, owner: str):
    give(cast, "leadership.1", owner=owner)
    assert titles(cast, cast.ben) == ["step leadership.1"]
    assert titles(cast, cast.ana) == []


@pytest.mark.parametrize("owner", ["", "Ben", "Ben Carter and others", "%", "ben_larkspur.example"])
def test_nobody_owns_what_only_looks_like_their_name(cast: Cast, owner: str):
    give(cast, "leadership.1", owner=owner)
    assert titles(cast, cast.ben) == []


def test_signs_in_a_name_stand_for_themselves_and_the_next_person_is_asked_for_anew(cast: Cast):
    User.objects.filter(pk=cast.ben.pk).update(name="B_n \\ 50%", email="b_n@larkspur.example")
    cast.ben.refresh_from_db()
    for key, owner in (("leadership.1", "ben@larkspur.example"), ("leadership.2", "Bon \\ 500"), ("data.1", "-2")):
        give(cast, key, owner=owner)
    assert titles(cast, cast.ben) == []
    give(cast, "data.2", owner="b_N \\ 50%")
    give(cast, "data.3", owner="lena@larkspur.example")
    assert (titles(cast, cast.ben), titles(cast, cast.lena), titles(cast, cast.ana)) == (
        ["step data.2"],
        ["step data.3"],
        [],
    )
    assert count(cast.fairmont, cast.ben) == 0


def test_somebody_without_a_name_does_not_own_what_nobody_owns(cast: Cast):
    User.objects.filter(pk=cast.ben.pk).update(name="")
    cast.ben.refresh_from_db()
    assert titles(cast, cast.ben) == []


def test_what_is_in_place_is_no_task_any_more(cast: Cast):
    for key, status in (("leadership.1", "in_place"), ("leadership.2", "under_way"), ("leadership.3", "")):
        give(cast, key, owner="Ben Carter", status=status)
    assert titles(cast, cast.ben) == ["step leadership.2", "step leadership.3"]


@pytest.mark.parametrize(
    ("steps", "judged", "open_"),
    [
        ("in_place", "", False),
        ("under_way", "", True),
        ("in_place", "partly", True),
        ("under_way", "in_place", False),
    ],
)
def test_a_condition_is_a_task_until_it_is_met(cast: Cast, steps: str, judged: str, open_: bool):
    for key in ("culture.1", "culture.2"):
        give(cast, key, status=steps)
    give(cast, "culture", owner="Ben Carter", judged=judged, reason="So we judge." if judged else "")
    assert titles(cast, cast.ben) == (["condition culture"] if open_ else [])


def test_the_most_pressing_comes_first(cast: Cast):
    days = {"leadership.1": 8, "leadership.2": -1, "leadership.3": 0, "leadership.4": 7}
    for key, day in days.items():
        give(cast, key, owner="Ben Carter", due=TODAY + datetime.timedelta(days=day))
    give(cast, "data.1", owner="Ben Carter")
    found = tasks(cast.larkspur, cast.ben, TODAY)
    assert [[task.key for task in group] for group in (found.overdue, found.soon, found.later, found.undated)] == [
        ["step leadership.2"],
        ["step leadership.3", "step leadership.4"],
        ["step leadership.1"],
        ["step data.1"],
    ]


def test_a_plan_section_is_its_owners_until_it_is_approved(cast: Cast):
    row = Section.objects.get(plan__municipality=cast.larkspur, key="letter")
    overwrite(row, by=cast.ana, owner=cast.ben)
    assert titles(cast, cast.ben) == ["section letter"]
    overwrite(row, by=cast.lena, status="approved", approved_by=cast.lena, approved_at=timezone.now())
    assert titles(cast, cast.ben) == []


def test_a_decided_round_and_another_town_ask_nothing_of_anybody(cast: Cast):
    give(cast, "leadership.1", owner="Ben Carter")
    assert tasks(cast.fairmont, cast.ben, TODAY).total == 0
    decision = services.Decision("prepare", "Not yet.", "Lena", "Mayor", TODAY - datetime.timedelta(days=1))
    round_ = Round.objects.get(municipality=cast.larkspur)
    services.record_determination(round_=round_, decision=decision, by=cast.lena)
    assert titles(cast, cast.ben) == []


@pytest.mark.parametrize("size", [3, 31])
def test_the_page_asks_as_much_whatever_its_size(cast: Cast, ben: Client, django_assert_num_queries, size: int):
    for row in StepAnswer.objects.filter(round__municipality=cast.larkspur)[:size]:
        overwrite(row, by=cast.ana, owner="Ben Carter")
    with django_assert_num_queries(11):
        assert ben.get(PAGE).content.decode().count('class="mp-task"') == size


def test_the_header_of_every_page_counts_them_in_one_query(cast: Cast, ben: Client):
    give(cast, "leadership.1", owner="Ben Carter")
    give(cast, "leadership", owner="Ben Carter")
    page = ben.get("/larkspur/coalition/").content.decode()
    assert re.findall(r'mp-header__count">(\d+)', page) == ["2"]
    assert "mp-header__count" not in signed_in(cast.ana).get("/larkspur/coalition/").content.decode()


def test_everybody_turns_their_own_reminders_off_and_on(cast: Cast):
    for name in ("ana", "ben", "lena", "vera"):
        client = signed_in(cast[name])
        for word, wanted in (("off", False), ("on", True), ("nonsense", False)):
            assert client.post(PAGE, {"reminders": word}).status_code == 302
            assert Membership.objects.get(user=cast[name]).reminders is wanted
    assert signed_in(cast.olaf).post(PAGE, {"reminders": "off"}).status_code == 404
    assert Membership.objects.get(user=cast.olaf).reminders is True


def test_the_page_without_tasks_says_how_one_gets_them(cast: Cast, ben: Client):
    page = ben.get(PAGE).content.decode()
    assert "Nothing is waiting for you" in page
    assert "ben@larkspur.example in the owner field" in page

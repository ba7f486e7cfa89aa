"""The leadership overview: what it shows to whom, and how many queries it takes."""

import datetime
import re

import pytest
from django.test import Client

from municipalities.models import Role
from readiness import services
from readiness.models import Round
from tests import factories
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/"


def html(client: Client, url: str = PAGE) -> str:
    return client.get(url).content.decode()


def answer(cast: Cast, *keys: str) -> None:
    round_ = Round.objects.of(cast.larkspur).current()
    assert round_ is not None
    for key in keys:
        services.record_step(round_=round_, key=key, seen=1, values={"status": "in_place", "note": key}, by=cast.ben)


def test_the_overview_takes_a_fixed_number_of_queries(cast: Cast, lena: Client, django_assert_num_queries):
    answer(cast, "leadership.1")
    with django_assert_num_queries(14):
        lena.get(PAGE)
    answer(cast, *(f"{c}.{n}" for c in ("partnerships", "data", "learning") for n in (1, 2, 3)))
    for n in range(20):
        factories.partner(cast.larkspur, name=f"Partner {n}")
        factories.member(cast.larkspur, f"Person{n} Doe", Role.VIEWER)
    with django_assert_num_queries(14):
        lena.get(PAGE)


def test_the_first_day_has_three_steps_that_are_ticked_off(olaf: Client, cast: Cast):
    page = html(olaf, "/fairmont/")
    assert re.findall(r"<h3>(.*?)</h3>", page) == [
        "Fill in the nine conditions",
        "Bring in the others",
        "List who should be in the coalition",
    ]
    assert "mp-verdict" not in page
    round_ = Round.objects.get(municipality=cast.fairmont)
    services.record_step(round_=round_, key="leadership.1", seen=1, values={"status": "not_yet"}, by=cast.olaf)
    page = html(olaf, "/fairmont/")
    assert ("Your first three steps" in page, "mp-verdict" in page, "Begin the assessment" in page) == (
        True,
        True,
        False,
    )
    factories.partner(cast.fairmont)
    factories.member(cast.fairmont, "Hana Bellwether", Role.VIEWER)
    assert "first three steps" not in html(olaf, "/fairmont/")


def test_a_viewer_is_not_asked_to_begin(vera: Client):
    page = html(vera)
    assert ("Three steps to begin" in page, "mp-verdict" in page) == (False, True)


@pytest.mark.parametrize(("name", "offered"), [("ana", False), ("ben", False), ("lena", True), ("vera", False)])
def test_only_leadership_is_offered_to_decide(cast: Cast, name: str, offered: bool):
    answer(cast, "leadership.1")
    assert ("Record determination" in html(signed_in(cast[name]))) is offered


def test_the_week_names_who_changed_what(cast: Cast, lena: Client):
    answer(cast, "data.1", "data.2")
    news = html(lena).split('id="news"')[1]
    assert news.count("<li>") == 1
    assert "Ben Carter" in news
    assert "/larkspur/readiness/data/" in news


def test_the_last_determination_stays_in_sight_when_a_new_round_begins(
    cast: Cast, lena: Client, django_assert_num_queries
):
    round_ = Round.objects.get(municipality=cast.larkspur)
    decision = services.Decision(
        "postpone", "Not yet.", "Lena W.", "Executive", datetime.date(2026, 11, 2), datetime.date(2027, 5, 1)
    )
    services.record_determination(round_=round_, decision=decision, by=cast.lena)
    page = html(lena)
    assert "look again May 1, 2027" in page
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    answer(cast, "leadership.1")
    page = html(lena)
    assert "Round 2 is not decided yet." in page
    assert "Not recorded yet." not in page
    last = page.split("Last determination:")[1].split("</p>")[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", last).split())
    assert words == "Postpone Nov 2, 2026, round 1 · look again May 1, 2027"
    with django_assert_num_queries(15):
        lena.get(PAGE)

"""The log of early wins, tried with the whole cast."""

import csv
import datetime
import io
import re
from http import HTTPStatus
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from coalition.models import Partner
from coalition.services import merge_partners
from municipalities.entries import set_aside
from municipalities.records import overwrite
from strategy.models import StrategicAction
from sustain.models import Win
from tests import factories
from tests.conftest import Cast, signed_in
from tests.sustain.conftest import Planned, log

HOME = "/larkspur/sustain/"
WINS = f"{HOME}wins/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
NEW: dict[str, Any] = {"what": "A hotline answers", "on": "2025-05-04"}


def page(cast: Cast, url: str = WINS, who: str = "ana") -> str:
    response = signed_in(cast[who]).get(url)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def test_who_may_read_and_who_may_write(cast: Cast):
    for url in (HOME, WINS, f"{WINS}export.csv"):
        read = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert read == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    wrote = {name: signed_in(cast[name]).post(f"{WINS}new/", NEW).status_code for name in NAMES}
    assert wrote == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    row = Win.objects.latest("pk")
    sent = {**NEW, "what": "Two answer", "version": 1}
    assert signed_in(cast.vera).post(f"{WINS}{row.pk}/", sent).status_code == HTTPStatus.FORBIDDEN
    assert signed_in(cast.vera).post(f"{WINS}{row.pk}/aside/").status_code == HTTPStatus.FORBIDDEN
    for url in (f"/fairmont/sustain/wins/{row.pk}/", f"/fairmont/sustain/wins/{row.pk}/aside/"):
        assert signed_in(cast.olaf).post(url, sent).status_code == HTTPStatus.NOT_FOUND
    assert set(Win.objects.values_list("what", "set_aside")) == {("A hotline answers", False)}


def test_an_empty_log_says_what_to_do(cast: Cast):
    assert "Log the first" in page(cast)
    assert "Log the first" not in page(cast, who="vera")
    assert "Nothing is logged yet." in page(cast, HOME)


def test_a_win_keeps_whom_to_thank_and_what_it_belongs_to(cast: Cast, partner: Partner, planned: Planned):
    chosen = {**NEW, "partners": [partner.pk], "thanks": "the night shift", "action_id": planned.action.pk}
    chosen |= {"evidence": "news.example/hotline", "public": "on"}
    assert signed_in(cast.ben).post(f"{WINS}new/", chosen).status_code == HTTPStatus.FOUND
    row = Win.objects.get()
    assert (row.partners, row.action, row.updated_by) == ((str(partner.pk),), planned.action, cast.ben)
    assert row.evidence == "https://news.example/hotline"
    shown = page(cast)
    assert "Housing Trust, the night shift" in shown
    assert 'href="https://news.example/hotline"' in shown
    assert "1 win, on May 4, 2025." in page(cast, HOME)


@pytest.mark.parametrize(
    "bad",
    [
        {"what": ""},
        {"what": "a\u202eb"},
        {"what": "…"},
        {"on": ""},
        {"on": "yesterday"},
        {"action_id": "0"},
        {"partners": ["0"]},
        {"thanks": "x" * 501},
        {"evidence": "javascript:alert(1)"},
        {"evidence": "ftp://files.example/a"},
        {"evidence": "http://127.0.0.1/a"},
        {"evidence": "http://localhost/a"},
    ],
)
def test_bad_input_gets_a_message_and_stores_nothing(cast: Cast, partner: Partner, bad: dict[str, Any]):
    answer = signed_in(cast.ana).post(f"{WINS}new/", {**NEW, **bad})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Win.objects.exists()


def test_only_who_agreed_to_be_named_can_be_named_and_only_of_ones_own_town(cast: Cast, planned: Planned):
    shy = factories.partner(cast.larkspur, name="Shy Lab")
    gone = factories.partner(cast.larkspur, name="Gone Bank", listed=True, status="declined")
    theirs = factories.partner(cast.fairmont, name="Theirs", listed=True)
    form = page(cast, f"{WINS}new/")
    assert not {name for name in ("Shy Lab", "Gone Bank", "Theirs") if name in form}
    for one in (shy, gone, theirs):
        answer = signed_in(cast.ana).post(f"{WINS}new/", {**NEW, "partners": [one.pk]})
        # Where nobody can be named, the field is not there and what was sent for it says nothing.
        assert answer.status_code == HTTPStatus.FOUND
    assert {row.partners for row in Win.objects.all()} == {()}
    answer = signed_in(cast.olaf).post("/fairmont/sustain/wins/new/", {**NEW, "action_id": planned.action.pk})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_who_no_longer_agrees_to_be_named_is_named_no_more(cast: Cast, partner: Partner):
    log(cast, partners=(str(partner.pk),))
    assert "Housing Trust" in page(cast)
    overwrite(partner, by=cast.ana, listed=False)
    assert "Housing Trust" not in page(cast)


def test_a_partner_that_was_merged_is_thanked_as_the_one_it_became(cast: Cast, partner: Partner):
    row = log(cast, partners=(str(partner.pk),))
    kept = factories.partner(cast.larkspur, name="Homes Trust", listed=True)
    merge_partners(municipality=cast.larkspur, kept=kept.pk, gone=partner.pk, by=cast.ana)
    assert "Homes Trust" in page(cast)
    form = page(cast, f"{WINS}{row.pk}/")
    assert re.search(rf'<input[^>]*value="{kept.pk}"[^>]*checked', form)


def test_two_writers_of_one_win_both_see_both(cast: Cast):
    row = log(cast, public=False)
    url = f"{WINS}{row.pk}/"
    assert signed_in(cast.ben).post(url, {**NEW, "what": "Ben's", "version": 1}).status_code == HTTPStatus.FOUND
    answer = signed_in(cast.ana).post(url, {**NEW, "what": "Ana's", "version": 1})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Ben&#x27;s" in answer.content.decode()
    assert "Ana&#x27;s" in answer.content.decode()
    # What is chosen there leaves the rest as it is.
    chosen = {"version": 2, "only": "1", "what": "Both"}
    assert signed_in(cast.ana).post(url, chosen).status_code == HTTPStatus.FOUND
    assert Win.objects.values_list("what", "on").get() == ("Both", datetime.date(2025, 5, 4))


def test_saving_unchanged_changes_nothing(cast: Cast, partner: Partner, planned: Planned):
    row = log(cast, partners=(str(partner.pk),), action_id=planned.action.pk, thanks="all")
    sent = {**NEW, "partners": [partner.pk], "action_id": planned.action.pk, "thanks": "all", "public": "on"}
    assert signed_in(cast.ana).post(f"{WINS}{row.pk}/", {**sent, "version": 1}).status_code == HTTPStatus.FOUND
    assert Win.objects.get().version == 1


def test_set_aside_is_listed_apart_and_put_back(cast: Cast):
    row, ana = log(cast), signed_in(cast.ana)
    said = ana.post(f"{WINS}{row.pk}/aside/", follow=True).content.decode()
    assert "Set aside, not deleted: A hotline answers" in said
    assert "1 set aside" in page(cast)
    assert "Nothing is logged yet." in page(cast, HOME)
    ana.post(f"{WINS}{row.pk}/aside/", {"back": "1"})
    assert [(one.set_aside, one.history_user) for one in Win.history.order_by("pk")] == [
        (False, cast.ana),
        (True, cast.ana),
        (False, cast.ana),
    ]


def test_an_action_set_aside_stays_with_the_win_that_names_it(cast: Cast, planned: Planned):
    row = log(cast, action_id=planned.action.pk)
    set_aside(StrategicAction, municipality=cast.larkspur, pk=planned.action.pk, aside=True, by=cast.ana)
    assert "Settle debts (set aside)" in page(cast, f"{WINS}{row.pk}/")
    assert "Settle debts" not in page(cast, f"{WINS}new/")


def test_the_log_shows_the_newest_first_and_a_year_alone(cast: Cast):
    log(cast, what="Older", on=datetime.date(2024, 2, 3))
    log(cast, what="Newest", on=datetime.date(2025, 6, 1))
    log(cast, what="Middle")
    shown = page(cast)
    assert sorted(("Newest", "Middle", "Older"), key=shown.index) == ["Newest", "Middle", "Older"]
    alone = page(cast, f"{WINS}?year=2024")
    assert ("Older" in alone, "Newest" in alone) == (True, False)
    # A year that nobody has written of shows all.
    assert "Newest" in page(cast, f"{WINS}?year=<b>")


def test_the_log_is_taken_along_and_no_cell_is_a_formula(cast: Cast, partner: Partner, planned: Planned):
    log(cast, partners=(str(partner.pk),), thanks="=1+1", action_id=planned.action.pk, evidence="https://a.example/")
    aside = log(cast, what="Aside")
    set_aside(Win, municipality=cast.larkspur, pk=aside.pk, aside=True, by=cast.ana)
    answer = signed_in(cast.vera).get(f"{WINS}export.csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(answer))) == [
        ["on", "what", "partners", "thanks", "action", "evidence", "public"],
        ["2025-05-04", "A hotline answers", "Housing Trust", "'=1+1", "Settle debts", "https://a.example/", "True"],
    ]


def test_hostile_words_are_inert(cast: Cast):
    bad = "<script>alert(1)</script>"
    log(cast, what=bad, thanks=bad, evidence="javascript:alert(1)")
    shown = page(cast)
    assert bad not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert 'href="javascript' not in shown


@pytest.mark.parametrize("members", [1, 40])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, planned: Planned, django_assert_num_queries: DjangoAssertNumQueries, members: int
):
    for n in range(members):
        one = factories.partner(cast.larkspur, name=f"Partner {n}", listed=True)
        log(cast, what=f"Win {n}", partners=(str(one.pk),), action_id=planned.action.pk)
    row, ana = Win.objects.latest("pk"), signed_in(cast.ana)
    for url, most in ((HOME, 7), (WINS, 7), (f"{WINS}{row.pk}/", 9), (f"{WINS}export.csv", 6)):
        with django_assert_num_queries(most):
            ana.get(url)

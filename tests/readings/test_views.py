"""Independent readings: each alone, then side by side, then one agreed answer."""

import datetime
import re

import pytest
from django.test import Client

from municipalities.models import Role
from municipalities.records import overwrite
from readiness.models import Round, RoundFrozenError, StepAnswer
from readiness.services import Decision, record_determination
from readings import services
from readings.models import Opening, Reading
from tests import factories
from tests.conftest import Cast, signed_in

OWN = "/larkspur/readings/"
COMPARE = f"{OWN}compare/"
SAVE = f"{OWN}save/"


def round_of(cast: Cast) -> Round:
    return Round.objects.get(municipality=cast.larkspur)


def step(cast: Cast, key: str = "culture.1") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.get(round__municipality=cast.larkspur, key=key)
    return row


def read(cast: Cast, name: str, *, done: bool = True, **said: str) -> None:
    """A reading by keyword: culture_1="in_place"."""
    answers = {key.replace("_", "."): (status, f"{name} remarks") for key, status in said.items()}
    services.record(round_=round_of(cast), by=cast[name], answers=answers, done=done)


def decide(cast: Cast) -> None:
    decision = Decision("prepare", "So it is.", "Lena", "Mayor", datetime.date(2026, 11, 2))
    record_determination(round_=round_of(cast), decision=decision, by=cast.lena)


def test_one_reads_bit_by_bit_and_comes_back_to_it(cast: Cast, ben: Client):
    sent = {"s-culture.1": "in_place", "r-culture.1": "I think so <b>", "s-culture.2": "", "r-culture.2": ""}
    assert ben.post(SAVE, {**sent, "near": "culture"})["Location"] == f"{OWN}#culture"
    assert ben.post(SAVE, {"s-data.1": "not_yet", "r-data.1": "", "near": "//evil"})["Location"] == OWN
    row = Reading.objects.get()
    assert (row.user, row.answers) == (
        cast.ben, {"culture.1": ["in_place", "I think so <b>"], "data.1": ["not_yet", ""]},
    )  # fmt: skip
    page = ben.get(OWN).content.decode()
    assert "You have read 2 of 31 steps." in page
    assert re.search(r'name="s-culture.1" value="in_place" checked', page)
    assert 'value="I think so &lt;b&gt;"' in page
    ben.post(SAVE, {"r-culture.1": "", "s-data.2": "in_place"})
    assert list(Reading.objects.get().answers) == ["data.1"]
    assert step(cast).status == ""


def test_nobody_sees_anothers_reading_before_their_own_is_done(cast: Cast, ana: Client, ben: Client, vera: Client):
    read(cast, "ana", culture_1="in_place")
    read(cast, "lena", done=False, culture_1="not_yet")
    for client in (ben, vera, signed_in(cast.lena)):
        assert client.get(COMPARE).status_code == 403
        page = client.get(OWN).content.decode()
        assert ("ana remarks" in page, "Done: Ana Reyes." in page) == (False, True)
    page = ana.get(COMPARE).content.decode()
    assert ("ana remarks" in page, "lena remarks" in page) == (True, False)
    sent = {"s-data.1": "in_place", "r-data.1": "typed last", "done": "1"}
    assert ben.post(SAVE, sent)["Location"] == COMPARE
    page = ben.get(COMPARE).content.decode()
    assert ("ana remarks" in page, "typed last" in page) == (True, True)


def test_a_finished_reading_stays_as_it_is(cast: Cast, ben: Client):
    read(cast, "ben", culture_1="in_place")
    page = ben.post(SAVE, {"s-culture.1": "not_yet", "r-culture.1": ""}, follow=True).content.decode()
    assert "so it stays as it is" in page
    assert Reading.objects.get().answers == {"culture.1": ["in_place", "ben remarks"]}


def test_the_advocate_opens_the_comparison_to_everybody(cast: Cast, ana: Client, ben: Client, vera: Client):
    read(cast, "lena", culture_1="not_yet")
    assert [client.post(f"{OWN}open/").status_code for client in (ben, vera)] == [403, 403]
    for _ in range(2):
        ana.post(f"{OWN}open/")
    assert Opening.objects.count() == 1
    assert ["lena remarks" in client.get(COMPARE).content.decode() for client in (ana, ben, vera)] == [True] * 3
    assert "The meeting agrees on" not in vera.get(COMPARE).content.decode()


def test_where_they_lie_furthest_apart_comes_first(cast: Cast, ana: Client):
    read(cast, "ana", culture_1="in_place", data_1="in_place", data_2="in_place")
    read(cast, "lena", culture_1="under_way", data_1="not_yet", data_2="in_place")
    page = ana.get(f"{COMPARE}?differ").content.decode()
    titles = re.findall(r'<section class="mp-card" id="([\w-]+)"', page)
    assert titles == ["data-1", "culture-1"]
    assert len(re.findall(r'<section class="mp-card" id="', ana.get(COMPARE).content.decode())) == 31
    assert "<title>1 in place, 0 under way, 1 not yet, 0 unanswered</title>" in page
    assert "Only where we differ (2)" in page


def test_what_the_meeting_agrees_on_is_the_checklists_answer(cast: Cast, ana: Client):
    read(cast, "ana", culture_1="in_place")
    assert ana.post(f"{COMPARE}culture.1/", {"status": "under_way", "version": 1})["Location"] == f"{COMPARE}#culture-1"
    assert (step(cast).status, step(cast).updated_by) == ("under_way", cast.ana)
    response = ana.post(f"{COMPARE}culture.2/?differ", {"status": "in_place", "version": 1})
    assert response["Location"] == f"{COMPARE}?differ#culture-2"
    overwrite(step(cast), by=cast.ben, status="not_yet")
    response = ana.post(f"{COMPARE}culture.1/", {"status": "in_place", "version": 2})
    page = response.content.decode()
    assert (response.status_code, "Somebody changed this step meanwhile" in page, step(cast).status) == (
        409,
        True,
        "not_yet",
    )


@pytest.mark.parametrize(
    ("url", "sent", "status"),
    [
        (SAVE, {"s-culture.1": "perhaps", "r-culture.1": ""}, 422),
        (SAVE, {"r-culture.1": "x" * 501}, 422),
        (SAVE, {"r-culture.1": "x" * 501, "done": "1"}, 422),
        (SAVE, {"r-culture.1": "a\x1bb"}, 422),
        (f"{COMPARE}nothing.1/", {"status": "in_place", "version": 1}, 404),
        (f"{COMPARE}culture.1/", {"status": "perhaps", "version": 1}, 404),
        (f"{COMPARE}culture.1/", {"status": "in_place"}, 404),
    ],
)
def test_bad_input_is_named_and_changes_nothing(cast: Cast, ben: Client, url: str, sent: dict, status: int):
    assert ben.post(url, sent).status_code == status
    assert (Reading.objects.count(), step(cast).status) == (0, "")


def test_what_is_refused_stands_as_it_was_typed_beside_why_and_so_does_the_rest(cast: Cast, ben: Client):
    sent = {"s-culture.1": "in_place", "r-culture.1": "a\x1bb", "s-data.1": "not_yet", "r-data.1": "Typed <too>"}
    page = ben.post(SAVE, sent).content.decode()
    assert 'value="a\x1bb" aria-invalid="true" aria-describedby="e-culture.1"' in page
    assert page.count("Take out the hidden control character and try again.") == 1
    assert 'href="#r-culture.1"' in page
    assert 'value="Typed &lt;too&gt;">' in page
    assert re.search(r'name="s-data.1" value="not_yet" checked', page)
    assert "You have read 0 of 31 steps." in page


def test_a_decided_round_keeps_its_readings_and_takes_no_more(cast: Cast, ana: Client, ben: Client):
    read(cast, "ana", culture_1="in_place")
    read(cast, "ben", done=False, culture_1="not_yet")
    decide(cast)
    for client, url, sent in (
        (ben, SAVE, {"s-culture.1": "in_place", "r-culture.1": ""}),
        (ben, SAVE, {"done": "1"}),
        (ana, f"{OWN}open/", {}),
        (ana, f"{COMPARE}culture.1/", {"status": "in_place", "version": 1}),
    ):
        assert "its readings stay as they are" in client.post(url, sent, follow=True).content.decode(), url
    assert "ana remarks" in ben.get(COMPARE).content.decode()
    with pytest.raises(RoundFrozenError):
        Reading.objects.get(user=cast.ben).save()


@pytest.mark.parametrize(("name", "status"), [("ana", 302), ("ben", 302), ("lena", 302), ("vera", 403), ("olaf", 404)])
def test_who_may_read_the_steps(cast: Cast, name: str, status: int):
    client = signed_in(cast[name])
    urls = {SAVE: {}, f"{COMPARE}culture.1/": {"status": "in_place", "version": 1}}
    assert [client.post(url, sent).status_code for url, sent in urls.items()] == [status] * 2
    assert client.get(OWN).status_code == (404 if name == "olaf" else 200)


@pytest.mark.parametrize("size", [3, 30])
def test_the_pages_ask_as_much_whatever_the_number_of_readers(
    cast: Cast, ana: Client, django_assert_num_queries, size: int
):
    for number in range(size):
        user = factories.UserFactory.create(name=f"Reader {number}")
        factories.add(factories.Membership(municipality=cast.larkspur, user=user, role=Role.CONTRIBUTOR), by=None)
        Reading(round=round_of(cast), user=user, done=True, answers={"data.1": ["in_place", "x"]}).signed(user).save()
    read(cast, "ana", culture_1="in_place")
    with django_assert_num_queries(7):
        ana.get(OWN)
    with django_assert_num_queries(12):
        assert ana.get(COMPARE).content.decode().count("“x”") == size
    for key in ("culture.1", "data.1", "data.2"):
        overwrite(step(cast, key), by=cast.ben, status="in_place")
    with django_assert_num_queries(12):
        assert ana.get(COMPARE).content.decode().count("Ben Carter") >= 3

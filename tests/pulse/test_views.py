"""The staff pulse: asked without a name, closed for good, and read without singling anybody out."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from municipalities.models import digest
from municipalities.records import overwrite
from pulse import queries, services
from pulse.models import Answer, Survey, Ticket
from readiness.models import Determination, Round, StepAnswer
from readiness.services import Decision, record_determination
from tests.conftest import Cast, signed_in

PULSE = "/larkspur/pulse/"
FORM = {"group": "heads", "c1": "4", "e1": "5", "w1": "2"}


@pytest.fixture
def survey(cast: Cast) -> Survey:
    return services.open_survey(municipality=cast.larkspur, by=cast.ana)


def answers(survey: Survey, **groups: tuple[int, int]) -> None:
    """So many people of each group, all of whom choose that number everywhere."""
    for group, (people, number) in groups.items():
        for _ in range(people):
            services.answer(survey=survey, group=group, choices=dict.fromkeys(survey.instrument.keys, number))


def close(survey: Survey) -> None:
    services.close_survey(survey=survey, by=None)
    survey.refresh_from_db()


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_the_advocate_opens_one_survey_at_a_time_and_closes_it_for_good(cast: Cast, ana: Client):
    ana.post(f"{PULSE}open/")
    ana.post(f"{PULSE}open/")
    survey = Survey.objects.get()
    assert f"/survey/{survey.token}/" in text(ana, PULSE)
    assert "cannot be opened again" in text(ana, f"{PULSE}{survey.pk}/close/")
    for _ in range(2):
        assert ana.post(f"{PULSE}{survey.pk}/close/")["Location"] == f"{PULSE}{survey.pk}/"
    survey.refresh_from_db()
    assert (survey.is_open, survey.closed_by) == (False, cast.ana)
    assert ana.get(f"{PULSE}{survey.pk}/close/").status_code == 302


@pytest.mark.parametrize(("language", "title"), [("en", "Staff survey"), ("es", "Encuesta al personal")])
def test_anybody_with_the_link_answers_once_in_each_browser(survey: Survey, language: str, title: str):
    client, url = Client(), f"/survey/{survey.token}/"
    page = client.get(f"{url}?lang={language}")
    assert (f'<html lang="{language}">' in page.content.decode(), title in page.content.decode()) == (True, True)
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    response = client.post(url, {**FORM, "lang": language})
    assert response["Location"] == f"/survey/thanks/?lang={language}"
    (row,) = Answer.objects.all()
    assert (row.group, row.choices) == ("heads", {"c1": 4, "e1": 5, "w1": 2})
    assert (client.get(url).status_code, client.post(url, FORM).status_code) == (410, 410)
    assert Client().post(url, FORM).status_code == 302
    assert Answer.objects.count() == 2


def test_nothing_of_who_answered_when_is_stored(cast: Cast, survey: Survey, ana: Client):
    ana.post(f"{PULSE}{survey.pk}/invite/", {"addresses": "joy@larkspur.example"})
    link = re.search(r"/survey/[\w-]+/", str(mail.outbox[0].body))
    assert link
    Client().post(link[0], FORM, REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Joy's browser")
    assert {field.name for field in Answer._meta.get_fields()} == {"id", "survey", "group", "choices"}
    assert {field.name for field in Ticket._meta.get_fields()} == {"id", "survey", "token_digest", "used"}
    assert not hasattr(Answer, "history")
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = str(cursor.fetchall()).lower()
        assert "joy@larkspur.example" not in rows, table
        assert "192.0.2.7" not in rows, table


def test_an_invitation_counts_once_and_another_browser_does_not_help(survey: Survey, ana: Client):
    sent = "Joy@larkspur.example, max@larkspur.example;\n joy@larkspur.example"
    ana.post(f"{PULSE}{survey.pk}/invite/", {"addresses": sent})
    assert [m.to for m in mail.outbox] == [["joy@larkspur.example"], ["max@larkspur.example"]]
    survey.refresh_from_db()
    assert (survey.invited, Ticket.objects.count()) == (2, 2)
    url = re.findall(r"/survey/[\w-]+/", str(mail.outbox[0].body))[0]
    assert Ticket.objects.filter(token_digest=digest(url.split("/")[2])).exists()
    assert Client().post(url, FORM).status_code == 302
    assert Client().post(url, FORM).status_code == 410
    assert "This link has been used" in Client().get(url).content.decode()
    assert (Answer.objects.count(), Ticket.objects.filter(used=True).count()) == (1, 1)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ("", "This field is required."),
        ("joy@larkspur.example nobody", "Not an e-mail address: nobody"),
        ("a@b.example\r\nBcc:c", "Not an e-mail address: bcc:c"),
        (" ".join(f"p{n}@x.example" for n in range(501)), "At most 500 addresses at once."),
    ],
)
def test_bad_addresses_are_named_and_nobody_is_invited(survey: Survey, ana: Client, sent: str, problem: str):
    response = ana.post(f"{PULSE}{survey.pk}/invite/", {"addresses": sent})
    assert (response.status_code, problem in response.content.decode()) == (422, True)
    assert (len(mail.outbox), Ticket.objects.count()) == (0, 0)


def test_a_mail_that_cannot_be_sent_is_named(survey: Survey, ana: Client, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("pulse.views.send_mail", refuse)
    response = ana.post(f"{PULSE}{survey.pk}/invite/", {"addresses": "joy@x.example"}, follow=True)
    assert "Not sent, try these again: joy@x.example" in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"c1": "3"}, "Choose where you stand."),
        ({"group": "mayor", "c1": "3"}, "Choose where you stand."),
        ({"group": "heads"}, "Answer at least one statement."),
        ({"group": "heads", "c1": "9", "c2": "5"}, "Select a valid choice"),
    ],
)
def test_an_answer_that_cannot_be_counted_comes_back_with_its_choices(survey: Survey, sent: dict, problem: str):
    response = Client().post(f"/survey/{survey.token}/", sent)
    page = response.content.decode()
    assert (response.status_code, problem in page, Answer.objects.count()) == (422, True, 0)
    if sent.get("c1") == "3":
        assert re.search(r'name="c1" value="3" checked', page)


def test_a_survey_that_is_not_there_or_closed_says_so(survey: Survey):
    assert Client().get("/survey/nothing/").status_code == 404
    close(survey)
    page = Client().get(f"/survey/{survey.token}/?lang=es")
    assert (page.status_code, "Esta encuesta está cerrada" in page.content.decode()) == (410, True)
    assert Client().post(f"/survey/{survey.token}/", FORM).status_code == 410
    with pytest.raises(services.ClosedError):
        services.answer(survey=survey, group="heads", choices={"c1": 1})
    with pytest.raises(services.ClosedError):
        services.issue_tickets(survey=survey, addresses=["a@b.example"])


def test_nothing_is_shown_while_it_is_open_or_under_five(survey: Survey, ben: Client):
    answers(survey, heads=(4, 4))
    url = f"{PULSE}{survey.pk}/"
    assert "Fewer than five answers so far" in text(ben, PULSE)
    assert "The survey is still open" in text(ben, url)
    assert ben.get(f"{url}export.csv").status_code == 404
    close(survey)
    assert "Fewer than five people answered" in text(ben, url)
    assert (queries.results(survey), ben.get(f"{url}export.csv").status_code) == (None, 404)


def test_groups_are_read_side_by_side_and_small_ones_are_not(survey: Survey, vera: Client):
    answers(survey, leadership=(6, 5), front_line=(8, 2), heads=(7, 4), partner=(2, 1))
    close(survey)
    found = queries.results(survey)
    assert found is not None
    # With two partners hidden alone, the total would tell of them: the smallest group that is left goes too.
    assert (found.total, dict(found.counts), found.hidden) == (
        23, {"heads": 7, "front_line": 8}, ("Executive leadership", "Partner organizations"),
    )  # fmt: skip
    assert found.gap == {}
    everybody = found.scales[0].everybody
    assert everybody is not None
    assert (everybody.people, everybody.mean) == (23, pytest.approx((30 + 16 + 28 + 2) / 23))
    page = text(vera, f"{PULSE}{survey.pk}/")
    assert "not shown, so that nobody can be told: Executive leadership, Partner organizations" in page
    csv = vera.get(f"{PULSE}{survey.pk}/export.csv").content.decode("utf-8-sig")
    assert "Commitment,heads,7,4.00,0.00,1.00" in csv
    assert ("leadership" in csv, "partner" in csv) == (False, False)


def test_the_gap_between_leaders_and_front_line_is_told(survey: Survey, ben: Client):
    answers(survey, leadership=(5, 5), front_line=(9, 2))
    close(survey)
    found = queries.results(survey)
    assert found is not None
    assert found.gap == dict.fromkeys(("commitment", "efficacy", "climate"), 3.0)
    assert "Leaders see it 3.0 points better than the front line" in text(ben, f"{PULSE}{survey.pk}/")


def test_the_picture_has_its_words_first_and_the_numbers_stand_in_a_table(survey: Survey, ben: Client):
    answers(survey, leadership=(5, 5), front_line=(9, 2))
    close(survey)
    page = text(ben, f"{PULSE}{survey.pk}/")
    pictures = re.findall(r'<svg class="mp-dots".*?</svg>', page, re.S)
    assert len(pictures) == 3
    for picture in pictures:
        assert re.match(
            r"<svg[^>]*><title>[^<]+: Everybody 3\.1, Executive leadership 5\.0, Front line staff 2\.0", picture
        )
        # Told apart without color: everybody is a square, a group a ring.
        assert (picture.count("<rect"), picture.count("<circle")) == (1, 2)
    rows = re.findall(r'<th scope="row">Commitment</th><td[^>]*>(.*?)</td>.*?data-label="Mean">(.*?)</td>', page)
    assert rows == [("Everybody", "3.1"), ("Executive leadership", "5.0"), ("Front line staff", "2.0")]


def test_a_later_survey_is_held_against_the_one_before(cast: Cast, survey: Survey, ben: Client):
    answers(survey, heads=(6, 2))
    close(survey)
    second = services.open_survey(municipality=cast.larkspur, by=cast.ana)
    answers(second, heads=(6, 4))
    close(second)
    assert queries.before(survey) is None
    before = queries.before(second)
    assert before is not None
    assert [
        (old.everybody.mean, new.everybody.mean) for old, new in before.pairs if old.everybody and new.everybody
    ] == [(2, 4)] * 3
    assert "Since the survey before" in text(ben, f"{PULSE}{second.pk}/")


def put_in_place(cast: Cast, *keys: str) -> None:
    for key in keys:
        overwrite(StepAnswer.objects.get(round__municipality=cast.larkspur, key=key), by=cast.ana, status="in_place")


@pytest.mark.parametrize(
    ("number", "other", "sentence"),
    [(2, 2, "the staff do not see it so"), (5, 1, "the staff are divided"), (4, 4, "")],
)
def test_beside_culture_the_page_says_where_the_staff_see_it_otherwise(
    cast: Cast, survey: Survey, ben: Client, number: int, other: int, sentence: str
):
    answers(survey, heads=(6, number), front_line=(6, other))
    close(survey)
    culture = "/larkspur/readiness/culture/"
    assert "The checklist says in place" not in text(ben, culture)
    assert "12 people gave this condition" in text(ben, culture)
    put_in_place(cast, "culture.1", "culture.2")
    page = text(ben, culture)
    assert ("The checklist says in place" in page) == bool(sentence)
    assert sentence in page
    assert "What the staff pulse says" not in text(ben, "/larkspur/readiness/data/")


def test_a_determination_freezes_what_the_pulse_showed(cast: Cast, survey: Survey):
    answers(survey, heads=(6, 4))
    close(survey)
    round_ = Round.objects.get(municipality=cast.larkspur)
    decision = Decision("prepare", "So it is.", "Lena", "Mayor", survey.opened_at.date())
    record_determination(round_=round_, decision=decision, by=cast.lena)
    kept = Determination.objects.get().snapshot["pulse"]
    assert (kept["people"], kept["groups"]) == (6, {"heads": 6})
    assert kept["scales"]["commitment"] == {
        "all": {"mean": 4.0, "spread": 0.0, "agreement": 1.0}, "heads": {"mean": 4.0, "spread": 0.0, "agreement": 1.0},
    }  # fmt: skip


def test_who_may_run_it_and_who_may_read_it(cast: Cast, survey: Survey):
    answers(survey, heads=(6, 4))
    close(survey)
    codes = {}
    for name in ("ana", "ben", "lena", "vera", "olaf"):
        client = signed_in(cast[name])
        reads = [
            client.get(url).status_code for url in (PULSE, f"{PULSE}{survey.pk}/", f"{PULSE}{survey.pk}/export.csv")
        ]
        writes = [client.post(f"{PULSE}{survey.pk}/{part}/").status_code for part in ("invite", "close")]
        codes[name] = (*reads, *writes, client.post(f"{PULSE}open/").status_code)
    assert codes == {
        "ana": (200, 200, 200, 422, 302, 302),
        "ben": (200, 200, 200, 403, 403, 403),
        "lena": (200, 200, 200, 403, 403, 403),
        "vera": (200, 200, 200, 403, 403, 403),
        "olaf": (404, 404, 404, 404, 404, 404),
    }


@pytest.mark.parametrize("size", [3, 300])
def test_the_pages_ask_as_much_whatever_the_number_of_answers(
    survey: Survey, ben: Client, django_assert_num_queries, size: int
):
    rows = [Answer(survey=survey, group="heads", choices={"c1": 4, "w1": 3}) for _ in range(size)]
    Answer.objects.bulk_create(rows)
    close(survey)
    with django_assert_num_queries(5):
        ben.get(PULSE)
    with django_assert_num_queries(8):
        ben.get(f"{PULSE}{survey.pk}/")

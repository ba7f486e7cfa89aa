"""A sign-in that ran out costs no word, and what was typed goes to nobody else."""

from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.unsaved import MOST_CHARACTERS
from tests.conftest import Cast, signed_in
from tests.factories import PASSWORD

STEP = "/larkspur/readiness/steps/leadership.1/"
LOGIN = "/accounts/login/"
BACK = f"{LOGIN}?next=/resume/"
HOSTILE = '"><script>alert("x")</script>'


@pytest.fixture
def kim(cast: Cast) -> User:
    return User.objects.create_user("kim@larkspur.example", name="Kim Doe", password=PASSWORD)


def ran_out(user: User) -> Client:
    """A browser in which `user` has read a page and whose sign-in is over."""
    client = signed_in(user)
    client.get("/")
    del client.cookies[settings.SESSION_COOKIE_NAME]
    return client


def sign_in(client: Client, email: str = "kim@larkspur.example") -> None:
    client.post(LOGIN, {"login": email, "password": PASSWORD})


def page(client: Client) -> str:
    html: str = client.get("/resume/").content.decode()
    return html


def test_reading_without_a_sign_in_leads_to_it_and_back(cast: Cast):
    response = Client().get("/larkspur/readiness/?unanswered")
    assert response.headers["Location"] == f"{LOGIN}?next=/larkspur/readiness/%3Funanswered"


def test_a_stranger_cannot_tell_whether_a_municipality_is_here(cast: Cast):
    here, nowhere = (Client().get(f"/{slug}/readiness/") for slug in ("larkspur", "nowhere"))
    assert here.status_code == nowhere.status_code == HTTPStatus.FOUND
    assert here.headers["Location"].replace("larkspur", "nowhere") == nowhere.headers["Location"]


def test_what_was_typed_is_shown_after_signing_in_and_ready_to_send(kim: User):
    client = ran_out(kim)
    response = client.post(STEP, {"version": "3", "note": "A long\nthought", "tag": ["one", "two"]})
    assert response.headers["Location"] == BACK
    sign_in(client)
    html = page(client)
    assert f'action="{STEP}"' in html
    assert '<p class="mp-typed-name">Note</p><div class="mp-typed">A long\nthought</div>' in html
    for name, value in (("version", "3"), ("note", "A long\nthought"), ("tag", "one"), ("tag", "two")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    assert "Version" not in html


def test_nothing_of_it_shows_before_signing_in(kim: User):
    client = ran_out(kim)
    client.post(STEP, {"version": "1", "note": "My secret thought"})
    assert client.get("/resume/").headers["Location"] == BACK
    assert "secret thought" not in client.get(LOGIN).content.decode()


def test_it_belongs_to_one_browser(cast: Cast, ben: Client):
    ran_out(cast.ben).post(STEP, {"version": "1", "note": "Mine"})
    assert ben.get("/resume/").headers["Location"] == "/"


def test_it_belongs_to_one_person_and_another_who_signs_in_there_neither_sees_nor_keeps_it(cast: Cast, kim: User):
    client = ran_out(cast.ben)
    client.post(STEP, {"version": "1", "note": "Mine"})
    assert "unsaved" in client.session
    sign_in(client)
    assert client.get("/resume/").headers["Location"] == "/"
    assert "unsaved" not in client.session


@pytest.mark.parametrize("forged", [None, "1", "1:forged"])
def test_where_nobody_was_signed_in_nothing_is_kept(cast: Cast, forged: str | None):
    client = Client()
    if forged:
        client.cookies[settings.LAST_READER_COOKIE_NAME] = forged
    client.post(STEP, {"version": "1", "note": "Planted"})
    assert "unsaved" not in client.session


def test_who_reads_is_noted_once_and_anew_only_when_another_signs_in(cast: Cast, kim: User):
    client = signed_in(cast.ben)
    assert [settings.LAST_READER_COOKIE_NAME in client.get("/").cookies for _ in range(2)] == [True, False]
    client.post("/accounts/logout/")
    sign_in(client)
    cookie = client.get("/").cookies[settings.LAST_READER_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    assert settings.LAST_READER_COOKIE_NAME not in Client().get("/livez").cookies


def test_saving_it_takes_it_off_the_shelf(cast: Cast):
    cast.ben.set_password(PASSWORD)
    cast.ben.save()
    client = ran_out(cast.ben)
    client.post(STEP, {"version": "1", "note": "Mine"})
    sign_in(client, cast.ben.email)
    client.post(STEP, {"version": "1", "note": "Mine"})
    assert client.get("/resume/").headers["Location"] == "/"
    assert "Mine" in client.get("/larkspur/readiness/leadership/").content.decode()


def test_saving_something_else_leaves_it_there(kim: User):
    client = ran_out(kim)
    client.post(STEP, {"version": "1", "note": "Mine"})
    sign_in(client)
    client.post("/larkspur/readiness/steps/leadership.2/", {"version": "1", "note": "Other"})
    assert "Mine" in page(client)


def test_it_can_be_let_go(kim: User):
    client = ran_out(kim)
    client.post(STEP, {"version": "1", "note": "Mine"})
    sign_in(client)
    assert client.post("/resume/").headers["Location"] == "/"
    assert client.get("/resume/").headers["Location"] == "/"


def test_hostile_text_is_shown_as_text(kim: User):
    client = ran_out(kim)
    client.post(STEP, {"version": "1", "note": HOSTILE, HOSTILE: "x"})
    sign_in(client)
    assert "<script>alert" not in page(client)


@pytest.mark.parametrize(
    "values",
    [
        {"note": "x" * (MOST_CHARACTERS + 1)},
        {"password": "my secret passphrase", "note": "x"},
        {"oldpassword": "my secret passphrase", "note": "x"},
        {"csrfmiddlewaretoken": "token"},
        {},
    ],
)
def test_passwords_and_what_nobody_types_are_not_kept(cast: Cast, values: dict[str, str]):
    client = ran_out(cast.ben)
    assert client.post(STEP, values).headers["Location"] == BACK
    assert "unsaved" not in client.session


def test_htmx_is_told_in_its_own_terms_and_keeps_the_text_itself(cast: Cast):
    client = ran_out(cast.ben)
    for send in (client.get, client.post):
        response = send(STEP, {"note": "Mine"}, headers={"HX-Request": "true"})
        assert (response.status_code, response.content) == (HTTPStatus.UNAUTHORIZED, b"")
    assert "unsaved" not in client.session


def strict(cast: Cast) -> Client:
    """Ben's browser, where forms need their token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ben)
    return client


def test_a_form_out_of_date_gets_its_text_back_to_send_again(cast: Cast):
    values = {"version": "1", "note": "Mine"}
    response = strict(cast).post(STEP, values, headers={"Origin": "http://testserver"})
    html = response.content.decode()
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "<h1>Please send this once more</h1>" in html
    assert '<input type="hidden" name="note" value="Mine">' in html
    assert f'action="{STEP}"' in html


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "https://testserver",
        "http://testserver.evil.example",
        "http://testserver:81",
    ],
)
def test_a_form_from_elsewhere_gets_nothing_back(cast: Cast, origin: str | None):
    headers = {"Origin": origin} if origin else {}
    response = strict(cast).post(STEP, {"version": "1", "note": "Planted"}, headers=headers)
    html = response.content.decode()
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Planted" not in html
    assert "<title>This page was out of date · Mobility Planning</title>" in html


@pytest.mark.parametrize("name", ["password", "oldpassword", "password1", "new_password"])
def test_a_form_out_of_date_never_shows_a_password(cast: Cast, name: str):
    values = {name: "my secret passphrase", "login": "kim@larkspur.example"}
    response = strict(cast).post(LOGIN, values, headers={"Origin": "http://testserver"})
    html = response.content.decode()
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert ("my secret passphrase" in html, "kim@larkspur.example" in html) == (False, False)


def test_hostile_text_of_a_form_out_of_date_is_shown_as_text(cast: Cast):
    values = {"note": HOSTILE, HOSTILE: HOSTILE}
    response = strict(cast).post(STEP, values, headers={"Origin": "http://testserver"})
    assert "<script>alert" not in response.content.decode()


def test_resume_knows_reading_and_posting(kim: User):
    client = ran_out(kim)
    client.post(STEP, {"version": "1", "note": "Mine"})
    sign_in(client)
    assert (client.head("/resume/").status_code, client.head("/resume/").content) == (HTTPStatus.OK, b"")
    assert client.put("/resume/").status_code == HTTPStatus.METHOD_NOT_ALLOWED

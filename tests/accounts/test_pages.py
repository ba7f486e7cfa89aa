"""Signing in and what belongs to it: nobody learns which addresses have an account."""

import re
from http import HTTPStatus

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.conftest import Cast, signed_in
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
CHANGE = "/accounts/password/change/"
NEW = "seven quiet herons"
OPEN = [LOGIN, RESET, "/accounts/password/reset/done/", "/accounts/password/reset/key/done/", "/accounts/inactive/"]


@pytest.fixture
def kim(cast: Cast) -> User:
    return User.objects.create_user("kim@larkspur.example", name="Kim Doe", password=PASSWORD)


def sign_in(email: str, password: str, client: Client | None = None, **extra: str):
    return (client or Client()).post(LOGIN, {"login": email, "password": password, **extra})


def plain(response, *emails: str) -> str:
    """The page without what differs by nature: the token, and the address that was typed."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    for email in emails:
        html = html.replace(email, "")
    return html


@pytest.mark.parametrize("url", [*OPEN, "/accounts/signup/", "/accounts/password/reset/key/1-abc/"])
def test_a_page_about_signing_in_renders_in_the_products_frame_with_one_heading(db: None, url: str):
    response = Client().get(url)
    html = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    assert (html.count("<h1"), 'class="mp-entrance"' in html, "{%" in html) == (1, True, False)


def test_no_template_of_allauths_own_is_shown_on_any_page(kim: User, settings: LazySettings):
    """A page without a template of ours would come in another frame."""
    unset = User.objects.create_user("joy@larkspur.example", name="Joy Hallbeck")
    pages = [Client().get(url) for url in (*OPEN, "/accounts/signup/", "/accounts/password/reset/key/1-abc/")]
    pages += [signed_in(kim).get(url) for url in (CHANGE, "/accounts/logout/", "/accounts/reauthenticate/")]
    pages.append(signed_in(unset).get("/accounts/password/set/"))
    drawn = {template.origin.name for page in pages for template in page.templates if "account" in str(template.name)}
    assert [name for name in drawn if not name.startswith(str(settings.BASE_DIR / "templates"))] == []


@pytest.mark.parametrize("url", [CHANGE, "/accounts/logout/", "/accounts/reauthenticate/"])
def test_a_page_about_ones_own_account_renders_and_needs_a_sign_in(kim: User, url: str):
    assert signed_in(kim).get(url).content.decode().count("<h1") == 1
    assert Client().get(url).status_code == HTTPStatus.FOUND


def test_signing_in_whatever_the_case_of_the_address(kim: User):
    assert sign_in("KIM@larkspur.example", PASSWORD).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(kim: User):
    known = sign_in("kim@larkspur.example", "wrong")
    unknown = sign_in("nobody@larkspur.example", "wrong")
    assert (known.status_code, unknown.status_code) == (HTTPStatus.OK, HTTPStatus.OK)
    assert "This e-mail address and password do not go together." in plain(known)
    assert plain(known, "kim@larkspur.example") == plain(unknown, "nobody@larkspur.example")


def test_a_closed_account_shows_only_to_who_knows_its_password(kim: User):
    kim.is_active = False
    kim.save()
    assert sign_in("kim@larkspur.example", PASSWORD).headers["Location"] == "/accounts/inactive/"
    assert plain(sign_in("kim@larkspur.example", "wrong"), "kim@") == plain(
        sign_in("who@larkspur.example", "wrong"), "who@"
    )


@pytest.mark.parametrize(
    "values", [{}, {"login": "kim"}, {"login": "", "password": ""}, {"login": "a\x00b", "password": "x"}]
)
def test_a_sign_in_that_cannot_be_is_named(kim: User, values: dict[str, str]):
    response = Client().post(LOGIN, values)
    assert (response.status_code, "You are not signed in yet" in response.content.decode()) == (HTTPStatus.OK, True)


def test_too_many_wrong_passwords_close_the_door_for_known_and_unknown_alike(kim: User):
    for email in ("kim@larkspur.example", "nobody@larkspur.example"):
        tries = [sign_in(email, "wrong", Client(REMOTE_ADDR="10.0.0.1")) for _ in range(5)]
        assert {r.status_code for r in tries} == {HTTPStatus.OK}
        late = sign_in(email, PASSWORD, Client(REMOTE_ADDR="10.0.0.2"))
        assert "Too many tries with a wrong password. Wait five minutes" in late.content.decode()
        assert "_auth_user_id" not in late.client.session


def test_too_many_requests_from_one_place_get_the_page_that_says_so(db: None):
    cache.clear()
    client = Client()
    codes = [client.post(LOGIN, {}).status_code for _ in range(31)]
    assert codes == [HTTPStatus.OK] * 30 + [HTTPStatus.TOO_MANY_REQUESTS]
    response = client.post(LOGIN, {})
    assert "<h1>Too many tries</h1>" in response.content.decode()
    assert Client(REMOTE_ADDR="10.0.0.9").post(LOGIN, {}).status_code == HTTPStatus.OK


def test_too_many_resets_get_the_page_that_says_so(kim: User):
    codes = [Client().post(RESET, {"email": "kim@larkspur.example"}).status_code for _ in range(6)]
    assert (codes[:5], codes[5]) == ([HTTPStatus.FOUND] * 5, HTTPStatus.TOO_MANY_REQUESTS)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_no_address_of_another_site_is_followed(kim: User, target: str):
    assert sign_in("kim@larkspur.example", PASSWORD, next=target).headers["Location"] == "/"
    assert signed_in(kim).post("/accounts/logout/", {"next": target}).headers["Location"] == LOGIN


def test_an_address_of_this_site_is_followed(kim: User):
    assert sign_in("kim@larkspur.example", PASSWORD, next="/larkspur/plan/").headers["Location"] == "/larkspur/plan/"


def test_signing_in_gives_a_fresh_session(kim: User):
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in("kim@larkspur.example", PASSWORD, client)
    assert client.session.session_key != before


def test_signing_out_is_a_post_and_ends_the_session(kim: User):
    client = signed_in(kim)
    assert (client.get("/accounts/logout/").status_code, "_auth_user_id" in client.session) == (HTTPStatus.OK, True)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(db: None):
    values = {"email": "mallory@evil.example", "password1": NEW, "password2": NEW}
    for response in (Client().get("/accounts/signup/"), Client().post("/accounts/signup/", values)):
        assert "<h1>Joining is by invitation</h1>" in response.content.decode()
    assert User.objects.count() == 0


@pytest.mark.parametrize("url", ["email/", "confirm-email/", "login/code/", "social/signup/", "3rdparty/", "2fa/"])
def test_the_pages_that_this_product_does_not_offer_are_not_there(cast: Cast, ana: Client, url: str):
    assert ana.get(f"/accounts/{url}").status_code == HTTPStatus.NOT_FOUND


def test_a_reset_answers_the_same_for_a_known_and_an_unknown_address(kim: User):
    known = Client().post(RESET, {"email": "kim@larkspur.example"}, follow=True)
    unknown = Client().post(RESET, {"email": "nobody@larkspur.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain == [("/accounts/password/reset/done/", HTTPStatus.FOUND)]
    assert plain(known) == plain(unknown)
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["kim@larkspur.example"], "Choose a new password"),
        (["nobody@larkspur.example"], "There is no account with this address"),
    ]


def reset_link() -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_the_mailed_link_sets_a_new_password_once_and_says_so(kim: User):
    client = Client()
    client.post(RESET, {"email": "kim@larkspur.example"})
    link = reset_link()
    form = client.get(link).headers["Location"]
    done = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert "<h1>Your new password is set</h1>" in done.content.decode()
    kim.refresh_from_db()
    assert kim.check_password(NEW)
    assert mail.outbox[-1].subject == "Your password was changed"
    assert "If this was not you, reset your password now" in mail.outbox[-1].body
    again = Client().get(link, follow=True)
    assert "<h1>This link does not work</h1>" in again.content.decode()


def test_a_mail_is_plain_text_for_people(kim: User):
    Client().post(RESET, {"email": "kim@larkspur.example"})
    body = str(mail.outbox[0].body)
    assert (body.startswith("Hello,\n\nsomebody, most likely you"), "&" in body, "{" in body) == (True, False, False)
    assert getattr(mail.outbox[0], "alternatives", []) == []


@pytest.mark.parametrize(
    ("one", "two", "problem"),
    [
        ("short", "short", "This password is too short."),
        (NEW, NEW + "x", "You must type the same password each time."),
        ("kim@larkspur.example", "kim@larkspur.example", "too similar to the e-mail address"),
    ],
)
def test_a_new_password_that_cannot_be_is_named_and_not_set(kim: User, one: str, two: str, problem: str):
    client = signed_in(kim)
    response = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": one, "password2": two})
    assert problem in response.content.decode()
    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)


def test_changing_the_password_needs_the_current_one_keeps_the_session_and_sends_word(kim: User):
    client = signed_in(kim)
    refused = client.post(CHANGE, {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert "This is not your current password." in refused.content.decode()
    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    kim.refresh_from_db()
    assert (kim.check_password(NEW), client.get(CHANGE).status_code) == (True, HTTPStatus.OK)
    assert [(m.to, m.subject) for m in mail.outbox] == [(["kim@larkspur.example"], "Your password was changed")]


def test_another_browser_is_signed_out_by_a_new_password(kim: User):
    here, elsewhere = signed_in(kim), signed_in(kim)
    here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert elsewhere.get(CHANGE).status_code == HTTPStatus.FOUND


def test_fields_are_named_in_the_products_words_without_placeholders(kim: User):
    pages = [Client().get(LOGIN), Client().get(RESET), signed_in(kim).get(CHANGE)]
    labels = [re.findall(r"<label[^>]*>([^<\n]+)", page.content.decode()) for page in pages]
    assert labels == [
        ["E-mail address", "Password"],
        ["E-mail address"],
        ["Current password", "New password", "New password again"],
    ]
    assert "placeholder" not in "".join(page.content.decode() for page in pages)


def test_a_browser_is_told_what_each_field_of_the_sign_in_is_for(db: None):
    html = Client().get(LOGIN).content.decode()
    assert re.findall(r'autocomplete="([^"]+)"', html) == ["email", "current-password"]


def test_no_page_about_signing_in_is_kept_by_a_cache(db: None):
    assert "no-store" in Client().get(LOGIN).headers["Cache-Control"]


def test_the_way_to_a_forgotten_password_stands_behind_the_button(kim: User):
    html = signed_in(kim).get(CHANGE).content.decode()
    assert html.index("Forgot your current password?") > html.index("Cancel")
    assert html.count("Forgot your") == 1

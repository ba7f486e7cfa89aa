"""The way in: every kind of reader, every kind of link."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from municipalities import services
from municipalities.models import Invitation, Membership, Role
from tests.conftest import Cast, signed_in
from tests.factories import PASSWORD, UserFactory

NEW = {"name": "Kim Doe", "password": "seven quiet herons"}


def invited(cast: Cast, email: str = "kim@larkspur.example", name: str = "") -> str:
    """The address of a fresh invitation to Larkspur."""
    role = Role.CONTRIBUTOR
    token = services.invite(municipality=cast.larkspur, email=email, role=role, name=name, by=cast.ana)[1]
    return f"/invitations/{token}/"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def text(response) -> str:
    html: str = response.content.decode()
    return html


def test_a_new_person_sees_who_invites_them_to_what_and_under_which_address(cast: Cast):
    html = text(Client().get(invited(cast, name="Kim Doe")))
    assert "Ana Reyes invites you as: Staff contributor." in html
    assert "You will sign in with <strong>kim@larkspur.example</strong>." in html
    assert 'value="Kim Doe"' in html
    assert 'autocomplete="new-password"' in html


def test_a_new_person_joins_is_signed_in_and_sees_the_overview(cast: Cast):
    client, url = Client(), invited(cast)
    response = client.post(url, NEW, follow=True)
    assert response.redirect_chain == [("/larkspur/", 302)]
    assert "Welcome to Larkspur County. You are here as: Staff contributor." in text(response)
    user = User.objects.get(email="kim@larkspur.example")
    assert (user.name, user.check_password(NEW["password"]), int(client.session["_auth_user_id"])) == (
        "Kim Doe",
        True,
        user.pk,
    )
    assert Membership.objects.get(user=user).role == "contributor"


def test_the_new_password_signs_in_at_the_front_door(cast: Cast):
    Client().post(invited(cast), NEW)
    response = Client().post("/accounts/login/", {"login": "kim@larkspur.example", "password": NEW["password"]})
    assert response.headers["Location"] == "/"


def test_looking_never_uses_the_link_up(cast: Cast):
    url = invited(cast)
    for _ in range(3):
        assert (Client().get(url).status_code, Client().head(url).status_code) == (200, 200)
    assert Invitation.objects.usable().count() == 1


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"password": "short"}, "Password: This password is too short. It must contain at least 12 characters."),
        ({"password": "kim@larkspur.example"}, "The password is too similar to the e-mail address."),
        ({"password": "qwerty123456"}, "This password is too common."),
        ({"password": ""}, "Password: This field is required."),
        ({"password": "x" * 1001}, "Ensure this value has at most 1000 characters"),
        ({"name": ""}, "Your name: This field is required."),
        ({"name": "..."}, "Use at least one letter or digit."),
        ({"name": "a\u202eb"}, "Take out the hidden control character (U+202E)"),
        ({"name": "x" * 151}, "Ensure this value has at most 150 characters"),
    ],
)
def test_a_name_or_a_password_that_cannot_be_is_named_and_nobody_joins(
    cast: Cast, values: dict[str, str], problem: str
):
    response = Client().post(invited(cast), {**NEW, **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in text(response)
    assert NEW["password"] not in text(response)
    assert Invitation.objects.usable().count() == 1
    assert not User.objects.filter(email="kim@larkspur.example").exists()


def test_the_person_it_was_sent_to_joins_by_one_button(cast: Cast, olaf: Client):
    url = invited(cast, "OLAF@fairmont.example")
    assert "You are signed in as <strong>olaf@fairmont.example</strong>." in text(olaf.get(url))
    assert olaf.post(url).headers["Location"] == "/larkspur/"
    assert Membership.objects.get(user=cast.olaf, municipality=cast.larkspur).role == "contributor"


def test_somebody_signed_in_under_another_address_is_told_and_cannot_join(cast: Cast, vera: Client):
    url = invited(cast)
    html = text(vera.get(url))
    assert "The invitation is for <strong>kim@larkspur.example</strong>" in html
    assert "you are signed in as <strong>vera@larkspur.example</strong>" in html
    assert f'<input type="hidden" name="next" value="{url}">' in html
    response = vera.post(url, NEW)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Invitation.objects.usable().count() == 1
    assert not User.objects.filter(email="kim@larkspur.example").exists()


def test_signing_out_comes_back_to_the_invitation(cast: Cast, vera: Client):
    url = invited(cast)
    response = vera.post("/accounts/logout/", {"next": url})
    assert response.headers["Location"] == url
    assert "Create account and join" in text(vera.get(url))


def test_a_known_person_is_asked_to_sign_in_and_comes_back_to_join(cast: Cast):
    with_password(cast.olaf)
    client, url = Client(), invited(cast, cast.olaf.email)
    assert f'href="/accounts/login/?next={url}"' in text(client.get(url))
    back = client.post("/accounts/login/", {"login": cast.olaf.email, "password": PASSWORD, "next": url})
    assert back.headers["Location"] == url
    assert client.post(url).headers["Location"] == "/larkspur/"


def test_a_known_person_cannot_be_given_another_password_by_the_link(cast: Cast):
    with_password(cast.olaf)
    client, url = Client(), invited(cast, cast.olaf.email)
    response = client.post(url, {"name": "Mallory", "password": "another long passphrase"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    cast.olaf.refresh_from_db()
    assert (cast.olaf.name, cast.olaf.check_password(PASSWORD)) == ("Olaf Sorensen", True)
    assert "_auth_user_id" not in client.session
    assert not Membership.objects.filter(user=cast.olaf, municipality=cast.larkspur).exists()


def test_an_account_without_a_password_is_set_up_by_the_link(cast: Cast):
    UserFactory.create(email="kim@larkspur.example", name="Kim", password=None)
    assert Client().post(invited(cast), NEW).headers["Location"] == "/larkspur/"
    assert User.objects.get(email="kim@larkspur.example").check_password(NEW["password"])


def spoil(how: str) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Invitation.objects.update(**{{"used": "used_at", "withdrawn": "revoked_at", "expired": "expires_at"}[how]: past})


@pytest.mark.parametrize("how", ["used", "withdrawn", "expired"])
def test_a_link_that_is_over_lets_nobody_in_and_reveals_nothing(cast: Cast, how: str):
    url = invited(cast, name="Kim Doe")
    spoil(how)
    unknown = text(Client().get("/invitations/no-such-token/"))
    for response in (Client().get(url), Client().post(url, NEW)):
        assert response.status_code == HTTPStatus.GONE
        assert text(response) == unknown
    for word in ("Larkspur", "kim", "Kim", "Ana"):
        assert word not in unknown
    assert "ask the person who invited you, or the Mobility Advocate" in unknown
    assert not User.objects.filter(email="kim@larkspur.example").exists()


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "%ff", "..%2f", "' OR 1=1 --", "larkspur", "é"])
def test_an_unknown_token_is_not_found(cast: Cast, token: str):
    invited(cast)
    for method in ("get", "post"):
        response = getattr(Client(), method)(f"/invitations/{token}/")
        assert response.status_code == HTTPStatus.NOT_FOUND
    assert Invitation.objects.usable().count() == 1


def test_the_stored_digest_is_no_key(cast: Cast):
    invited(cast)
    assert Client().get(f"/invitations/{Invitation.objects.get().token_digest}/").status_code == HTTPStatus.NOT_FOUND


def test_a_link_used_in_another_tab_meanwhile_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    url = invited(cast)

    def beaten(**kwargs: object) -> None:
        spoil("used")
        raise services.InvitationError

    monkeypatch.setattr("municipalities.services.accept", beaten)
    response = Client().post(url, NEW, follow=True)
    assert (response.redirect_chain, response.status_code) == ([(url, 302)], HTTPStatus.GONE)


def test_no_search_engine_no_cache_and_no_other_site_learns_the_address(cast: Cast):
    for url in (invited(cast), "/invitations/no-such-token/"):
        response = Client().get(url)
        # Not "no-referrer": browsers would then send the form with "Origin: null", which the CSRF check refuses.
        assert response.headers["Referrer-Policy"] == "strict-origin"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response.headers["Cache-Control"]


def test_other_methods_are_refused(cast: Cast):
    assert Client().put(invited(cast)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_joining_needs_the_forms_own_token(cast: Cast):
    client = Client(enforce_csrf_checks=True)
    assert client.post(invited(cast), NEW).status_code == HTTPStatus.FORBIDDEN
    assert Invitation.objects.usable().count() == 1


def test_a_fresh_session_is_given_on_joining(cast: Cast):
    client, url = Client(), invited(cast)
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.post(url, NEW)
    assert client.session.session_key != before


@pytest.mark.parametrize("name", [None, "olaf", "vera"])
def test_the_page_takes_a_fixed_number_of_queries(cast: Cast, name: str | None, django_assert_num_queries):
    client, url = signed_in(cast[name]) if name else Client(), invited(cast, "olaf@fairmont.example")
    with django_assert_num_queries(3 if name else 2):
        client.get(url)

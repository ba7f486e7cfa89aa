"""Pages of a municipality's people, tried with the whole cast."""

import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from municipalities import services
from municipalities.models import Invitation, Membership, Municipality, Role
from tests import factories
from tests.conftest import Cast, signed_in

SETTINGS = "/larkspur/settings/"
DETAILS = "/larkspur/settings/municipality/"
INVITE = "/larkspur/settings/invitations/"
KIM = {"name": "Kim Doe", "email": "Kim@Larkspur.example", "role": "contributor", "title": "Planner"}
HOSTILE = '<script>alert("x")</script>'
NAMES = ("ana", "ben", "lena", "vera", "olaf")


def seat(cast: Cast, name: str) -> Membership:
    row: Membership = Membership.objects.get(municipality=cast.larkspur, user=cast[name])
    return row


def member_url(cast: Cast, name: str, tail: str = "") -> str:
    return f"/larkspur/settings/members/{seat(cast, name).pk}/{tail}"


def invitation(cast: Cast, email: str = "kim@larkspur.example", **fields: str) -> Invitation:
    return services.invite(municipality=cast.larkspur, email=email, role=Role.VIEWER, by=cast.ana, **fields)[0]


def statuses(cast: Cast, url: str, values: Mapping[str, object] | None = None) -> dict[str, int]:
    """The answer to each of the cast, Ana last: a GET, or a POST of `values`."""
    found = {}
    for name in ("ben", "lena", "vera", "olaf", "ana"):
        client = signed_in(cast[name])
        response = client.get(url) if values is None else client.post(url, values)
        found[name] = response.status_code
    return found


def test_every_member_reads_the_settings_and_a_stranger_finds_nothing(cast: Cast):
    assert statuses(cast, SETTINGS) == {"ben": 200, "lena": 200, "vera": 200, "olaf": 404, "ana": 200}
    assert Client().get(SETTINGS).headers["Location"] == f"/accounts/login/?next={SETTINGS}"


ONLY_ANA = {"ben": 403, "lena": 403, "vera": 403, "olaf": 404}


def test_only_the_advocate_opens_the_pages_that_change_something(cast: Cast):
    for url in (DETAILS, INVITE, member_url(cast, "ben"), member_url(cast, "ben", "remove/")):
        assert statuses(cast, url) == {**ONLY_ANA, "ana": 200}, url


def test_only_the_advocate_changes_the_name(cast: Cast):
    values = {"name": "Larkspur Township", "state": "Iowa"}
    assert statuses(cast, DETAILS, values) == {**ONLY_ANA, "ana": 302}
    place = Municipality.objects.get(slug="larkspur")
    assert (place.name, place.state) == ("Larkspur Township", "Iowa")


def test_only_the_advocate_changes_a_role(cast: Cast):
    values = {"role": "viewer", "title": "Planner", "version": 1}
    assert statuses(cast, member_url(cast, "ben"), values) == {**ONLY_ANA, "ana": 302}
    assert (seat(cast, "ben").role, seat(cast, "ben").title) == ("viewer", "Planner")


def test_only_the_advocate_removes_a_member(cast: Cast):
    assert statuses(cast, member_url(cast, "vera", "remove/"), {}) == {**ONLY_ANA, "ana": 302} | {"vera": 403}
    assert not Membership.objects.filter(user=cast.vera).exists()
    assert signed_in(cast.vera).get("/larkspur/").status_code == 404


def test_only_the_advocate_invites(cast: Cast):
    assert statuses(cast, INVITE, KIM) == {**ONLY_ANA, "ana": 200}
    assert [(row.email, row.invited_by) for row in Invitation.objects.all()] == [("kim@larkspur.example", cast.ana)]


def test_only_the_advocate_withdraws_an_invitation(cast: Cast):
    url = f"{INVITE}{invitation(cast).pk}/withdraw/"
    assert statuses(cast, url, {}) == {**ONLY_ANA, "ana": 302}
    assert Invitation.objects.usable().count() == 0


def test_those_who_may_not_change_anything_and_see_no_way_to(cast: Cast, vera: Client):
    invitation(cast)
    html = vera.get(SETTINGS).content.decode()
    for way in ("settings/members", "settings/invitations", "settings/municipality", "kim@larkspur.example"):
        assert way not in html
    assert "Ask Ana Reyes to invite somebody" in html


def test_the_page_shows_members_policy_roles_and_own_account(cast: Cast, ana: Client):
    html = ana.get(SETTINGS).content.decode()
    assert 'href="mailto:ben@larkspur.example"' in html
    assert "with 7 or more of the nine conditions met; 1 is required" in html
    assert "Reads everything and takes exports, but changes nothing." in html
    assert 'href="/larkspur/readiness/policy/"' in html
    assert 'href="/accounts/password/change/"' in html
    assert "Nobody is invited at the moment." in html


@pytest.mark.parametrize(
    "tail", ["members/{other}/", "members/{other}/remove/", "members/999999/", "members/0/remove/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_of_another_town_or_of_none_is_not_found(cast: Cast, ana: Client, tail: str, method: str):
    other = Membership.objects.get(user=cast.olaf).pk
    url = SETTINGS + tail.format(other=other)
    values = {"role": "viewer", "title": "", "version": 1}
    assert getattr(ana, method)(url, values).status_code == 404
    assert Membership.objects.get(user=cast.olaf).role == "advocate"


@pytest.mark.parametrize("pk", ["999999", "99999999999999999999999", "-1", "x"])
def test_an_id_that_cannot_be_is_not_found(ana: Client, pk: str):
    for url in (f"{SETTINGS}members/{pk}/", f"{SETTINGS}members/{pk}/remove/", f"{INVITE}{pk}/withdraw/"):
        assert ana.post(url, {}).status_code == 404


def test_another_towns_invitation_cannot_be_withdrawn(cast: Cast, olaf: Client):
    row = invitation(cast)
    assert olaf.post(f"/fairmont/settings/invitations/{row.pk}/withdraw/").status_code == 404
    assert Invitation.objects.usable().count() == 1


def test_wrong_methods_are_refused(cast: Cast, ana: Client):
    assert ana.post(SETTINGS).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert ana.get(f"{INVITE}{invitation(cast).pk}/withdraw/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    for url in (DETAILS, INVITE, member_url(cast, "ben"), member_url(cast, "ben", "remove/")):
        assert ana.delete(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert Invitation.objects.usable().count() == 1


def test_asking_to_remove_removes_nobody(cast: Cast, ana: Client):
    html = ana.get(member_url(cast, "ben", "remove/")).content.decode()
    assert "Remove Ben Carter?" in html
    assert Membership.objects.filter(user=cast.ben).exists()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"name": "   "}, "Name: This field is required."),
        ({"name": "x" * 151}, "Ensure this value has at most 150 characters"),
        ({"name": "..."}, "Use at least one letter or digit."),
        ({"name": "a\u202eb"}, "Take out the hidden control character (U+202E)"),
        ({"name": "a\r\nBcc: x@y.example"}, "Take out the hidden control character (U+000D)"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"state": "x" * 61}, "Ensure this value has at most 60 characters"),
    ],
)
def test_a_name_that_cannot_be_is_named_and_not_stored(ana: Client, values: dict[str, str], problem: str):
    response = ana.post(DETAILS, {"name": "New name", "state": "Ohio", **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = response.content.decode()
    assert problem in html
    assert '<span class="mp-header__place">Larkspur County</span>' in html
    assert Municipality.objects.get(slug="larkspur").name == "Larkspur County"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"role": "king"}, "Role: Select a valid choice."),
        ({"role": ""}, "Role: This field is required."),
        ({"title": "x" * 151}, "Ensure this value has at most 150 characters"),
        ({"title": "a\u2066b"}, "Take out the hidden control character (U+2066)"),
        ({"version": "x"}, "Enter a whole number."),
        ({"version": 7}, "it is now: Staff contributor. Compare, then save again."),
    ],
)
def test_a_role_that_cannot_be_is_named_and_not_stored(cast: Cast, ana: Client, values: dict[str, str], problem: str):
    response = ana.post(member_url(cast, "ben"), {"role": "viewer", "title": "", "version": 1, **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in response.content.decode()
    assert (seat(cast, "ben").role, seat(cast, "ben").version) == ("contributor", 1)


def test_after_somebody_elses_change_the_same_form_sent_again_is_stored(cast: Cast, ana: Client):
    services.change_role(membership=seat(cast, "ben"), role=Role.LEADERSHIP, title="Planner", by=cast.ana)
    values = {"role": "viewer", "title": "Mine", "version": 1}
    response = ana.post(member_url(cast, "ben"), values)
    assert "it is now: Leadership, Planner." in response.content.decode()
    assert response.context["form"]["version"].value() == 2
    assert response.context["form"]["title"].value() == "Mine"
    assert ana.post(member_url(cast, "ben"), {**values, "version": 2}).status_code == 302
    assert seat(cast, "ben").title == "Mine"


def test_the_only_advocate_is_neither_lowered_nor_removed(cast: Cast, ana: Client):
    lowered = ana.post(member_url(cast, "ana"), {"role": "viewer", "title": "", "version": 1})
    removed = ana.post(member_url(cast, "ana", "remove/"))
    for response in (lowered, removed):
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Ana Reyes is the only Mobility Advocate" in response.content.decode()
    assert seat(cast, "ana").role == "advocate"
    assert member_url(cast, "ana", "remove/") not in ana.get(SETTINGS).content.decode()


def test_an_advocate_who_is_not_the_only_one_may_leave(cast: Cast, ana: Client):
    services.change_role(membership=seat(cast, "ben"), role=Role.ADVOCATE, title="", by=cast.ana)
    assert member_url(cast, "ana", "remove/") in ana.get(SETTINGS).content.decode()
    assert ana.post(member_url(cast, "ana", "remove/")).headers["Location"] == "/"
    assert ana.get(SETTINGS).status_code == 404


def mailed() -> str:
    """The link in the last mail."""
    found = re.search(r"https://plans\.example\.org/invitations/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


@pytest.fixture
def site(settings: LazySettings) -> None:
    settings.SITE_URL = "https://plans.example.org"


def test_the_link_is_mailed_and_nowhere_to_be_seen(cast: Cast, ana: Client, site: None):
    response = ana.post(INVITE, KIM)
    html = response.content.decode()
    token = mailed().rstrip("/").rpartition("/")[2]
    assert "We sent the link to kim@larkspur.example." in html
    assert "no-store" in response.headers["Cache-Control"]
    seen = html, ana.get(SETTINGS).content.decode(), str(list(Invitation.objects.values())), str(dict(ana.session))
    assert [token in place for place in seen] == [False] * 4
    assert "/invitations/" not in html.replace(INVITE, "")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]"])
def test_the_link_begins_as_the_settings_say_whatever_host_was_asked(cast: Cast, ana: Client, host: str, site: None):
    ana.post(INVITE, KIM, headers={"Host": host})
    assert Client().get(urlsplit(mailed()).path).status_code == 200


def test_the_mail_says_who_where_what_and_until_when(cast: Cast, ana: Client, site: None):
    ana.post(INVITE, KIM)
    (sent,) = mail.outbox
    until = timezone.localtime(Invitation.objects.get().expires_at)
    assert (sent.to, sent.subject) == (["kim@larkspur.example"], "Join Larkspur County in Mobility Planning")
    assert sent.body.strip().split("\n\n") == [
        "Hello Kim Doe,",
        "Ana Reyes invites you to work with Larkspur County on its readiness and its plan for upward mobility.",
        "Your role: Staff contributor. Fills in the conditions, keeps the coalition roster and writes the plan.",
        f"Open this link to join. It works once, until {until:%b} {until.day}, {until.year}:",
        mailed(),
        "The link is for you alone; please do not pass it on. If you did not expect it, you need not do anything.",
        "Mobility Planning",
    ]


def test_a_mail_without_a_name_greets_all_the_same_and_is_not_escaped(cast: Cast, ana: Client):
    ana.post(DETAILS, {"name": "St. Mary's & Larkspur", "state": ""})
    ana.post(INVITE, {**KIM, "name": ""})
    assert mail.outbox[0].subject == "Join St. Mary's & Larkspur in Mobility Planning"
    assert mail.outbox[0].body.startswith("Hello,\n\nAna Reyes invites you to work with St. Mary's & Larkspur on its")


def test_where_the_mail_cannot_be_sent_the_page_says_so_and_shows_the_link_which_works(
    cast: Cast, ana: Client, monkeypatch: pytest.MonkeyPatch
):
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("municipalities.views.send_mail", down)
    response = ana.post(INVITE, KIM)
    html, link = response.content.decode(), response.context["link"]
    assert "The e-mail to kim@larkspur.example could not be sent." in html
    assert (f'value="{link}"' in html, "no-store" in response.headers["Cache-Control"]) == (True, True)
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"email": "kim"}, "Enter a valid email address."),
        ({"email": ""}, "E-mail address: This field is required."),
        ({"email": "kim@larkspur.example\nBcc: x@y.example"}, "Enter a valid email address."),
        ({"email": "BEN@larkspur.example"}, "This person is a member already."),
        ({"email": f"{'x' * 250}@larkspur.example"}, "Ensure this value has at most 254 characters"),
        ({"role": "admin"}, "Role: Select a valid choice."),
        ({"name": "a\u202eb"}, "Take out the hidden control character (U+202E)"),
    ],
)
def test_an_invitation_that_cannot_be_is_named_and_not_made(ana: Client, values: dict[str, str], problem: str):
    response = ana.post(INVITE, {**KIM, **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in response.content.decode()
    assert (Invitation.objects.count(), len(mail.outbox)) == (0, 0)


def test_open_invitations_are_listed_with_their_last_day_and_those_that_ran_out(cast: Cast, ana: Client):
    row = invitation(cast)
    row.expires_at = timezone.now() - timedelta(days=1)
    row.save()
    used = invitation(cast, "used@larkspur.example")
    used.used_at = timezone.now()
    used.save()
    html = ana.get(SETTINGS).content.decode()
    assert "Ran out on" in html
    assert ("kim@larkspur.example" in html, "used@larkspur.example" in html) == (True, False)


def test_withdrawing_twice_says_so(cast: Cast, ana: Client):
    url = f"{INVITE}{invitation(cast).pk}/withdraw/"
    first, second = (ana.post(url, follow=True).content.decode() for _ in range(2))
    assert Invitation.objects.get().revoked_by == cast.ana
    assert "the link sent to kim@larkspur.example does not work any more" in first
    assert "This invitation was used or withdrawn already." in second


def test_hostile_names_are_shown_as_text(cast: Cast, ana: Client, site: None):
    ana.post(DETAILS, {"name": HOSTILE, "state": HOSTILE})
    ana.post(member_url(cast, "ben"), {"role": "viewer", "title": HOSTILE, "version": 1})
    cast.ben.name = HOSTILE
    cast.ben.save()
    invited = ana.post(INVITE, {**KIM, "name": HOSTILE, "title": HOSTILE})
    pages = [ana.get(url) for url in (SETTINGS, DETAILS, member_url(cast, "ben"), member_url(cast, "ben", "remove/"))]
    for response in [invited, *pages, Client().get(urlsplit(mailed()).path)]:
        assert "<script>alert" not in response.content.decode()
    assert "&lt;script&gt;alert" in pages[0].content.decode()


@pytest.mark.parametrize(("name", "queries"), [("ana", 7), ("vera", 6)])
def test_queries_do_not_grow_with_members_and_invitations(
    cast: Cast, name: str, queries: int, django_assert_num_queries
):
    client = signed_in(cast[name])
    with django_assert_num_queries(queries):
        client.get(SETTINGS)
    for n in range(12):
        factories.member(cast.larkspur, f"Member{n} Doe", Role.VIEWER)
        invitation(cast, f"guest{n}@larkspur.example")
    with django_assert_num_queries(queries):
        client.get(SETTINGS)


def test_the_pages_of_one_thing_take_a_fixed_number_of_queries(cast: Cast, ana: Client, django_assert_num_queries):
    for url, queries in (
        (DETAILS, 4),
        (INVITE, 4),
        (member_url(cast, "ben"), 5),
        (member_url(cast, "ben", "remove/"), 5),
    ):
        with django_assert_num_queries(queries):
            ana.get(url)

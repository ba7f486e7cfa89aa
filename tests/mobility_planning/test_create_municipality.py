"""A municipality's real start from the command line, up to the Advocate's first page."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from mobility_planning.management.commands import create_municipality
from municipalities.models import Invitation, Membership, Municipality, Role
from plans.models import Section
from readiness.models import Round, StepAnswer
from tests.conftest import Cast, signed_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def create(slug: str = "st-lucie", name: str = "St. Lucie County", email: str = "Ana@Lucie.example", *more: str) -> str:
    out = io.StringIO()
    call_command("create_municipality", slug, name, "--advocate", email, *more, stdout=out)
    return out.getvalue()


def refusal(*words: str) -> str:
    with pytest.raises(CommandError) as caught:
        create(*words)
    return str(caught.value)


def link(told: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/[\w-]+/)\n", told)
    assert found
    return found[1]


def test_the_municipality_has_its_policy_its_blank_round_and_its_empty_plan():
    create("st-lucie", "St. Lucie County", "ana@lucie.example", "--state", "Florida")
    place = Municipality.objects.get()
    assert (place.slug, place.name, place.state) == ("st-lucie", "St. Lucie County", "Florida")
    assert (place.policy.proceed, place.policy.prepare, place.policy.required) == (7, 3, ["leadership"])
    current = Round.objects.get(municipality=place)
    assert (current.number, StepAnswer.objects.of(current).filter(status="").count()) == (1, 31)
    assert Section.objects.filter(plan__municipality=place, body="").count() == 14
    assert (place.partners.count(), place.memberships.count()) == (0, 0)


def test_what_is_printed_says_where_for_whom_and_until_when(settings: Settings):
    settings.SITE_URL = "https://mobility.example"
    told = create().split("\n")
    until = timezone.localtime(timezone.now() + timedelta(days=7))
    assert told[:2] == [
        "St. Lucie County is set up at https://mobility.example/st-lucie/",
        f"Send ana@lucie.example this link. It works once, until {until:%B} {until.day}, {until.year}:",
    ]
    assert re.fullmatch(r"https://mobility\.example/invitations/[\w-]{43}/", told[2])


def test_the_link_lets_the_advocate_set_a_password_and_come_in_once():
    url = link(create())
    client = Client()
    assert client.get(url).status_code == 200
    joined = client.post(url, {"name": "Ana Reyes", "password": PASSWORD}, follow=True)
    assert joined.status_code == 200
    seat = Membership.objects.get()
    assert (seat.user.email, seat.user.name, seat.role) == ("ana@lucie.example", "Ana Reyes", Role.ADVOCATE)
    assert seat.user.check_password(PASSWORD)
    assert client.get("/st-lucie/").status_code == 200
    Client().post(url, {"name": "Olaf Sorensen", "password": "another long passphrase"})
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)
    assert User.objects.get().check_password(PASSWORD)


def test_somebody_who_signs_in_already_only_accepts(cast: Cast):
    url = link(create(email=cast.olaf.email.upper()))
    client = signed_in(cast.olaf)
    assert client.get(url).status_code == 200
    client.post(url, follow=True)
    assert sorted(m.municipality.slug for m in cast.olaf.memberships.all()) == ["fairmont", "st-lucie"]


def test_spaces_around_what_is_given_do_not_count():
    create(" st-lucie ", " St. Lucie County ", " ana@lucie.example ")
    assert list(Municipality.objects.values_list("slug", "name")) == [("st-lucie", "St. Lucie County")]
    assert Invitation.objects.get().email == "ana@lucie.example"


SLUG = "Address: Use lower-case letters, digits and single hyphens."
UNPRINTABLE = "A value holds characters that cannot be printed. Type it again."


@pytest.mark.parametrize(
    ("slug", "name", "email", "told"),
    [
        ("St-Lucie", "St. Lucie", "ana@lucie.example", SLUG),
        ("st--lucie", "St. Lucie", "ana@lucie.example", SLUG),
        ("st_lucie", "St. Lucie", "ana@lucie.example", SLUG),
        (
            "s" * 51,
            "St. Lucie",
            "ana@lucie.example",
            "Address: Ensure this value has at most 50 characters (it has 51).",
        ),
        ("", "St. Lucie", "ana@lucie.example", "Address: This field cannot be blank."),
        ("st-lucie", " ", "ana@lucie.example", "Name: This field cannot be blank."),
        (
            "st-lucie",
            "x" * 151,
            "ana@lucie.example",
            "Name: Ensure this value has at most 150 characters (it has 151).",
        ),
        ("admin", "Admin", "ana@lucie.example", 'The address "admin" belongs to the product itself. Choose another.'),
        ("st-lucie", "St. Lucie", "ana", '"ana" is not an e-mail address.'),
        ("st-lucie", "St. Lucie", "", '"" is not an e-mail address.'),
        (
            "st-lucie",
            "St. Lucie",
            f"{'a' * 250}@lucie.example",
            f'"{"a" * 250}@lucie.example" is not an e-mail address.',
        ),
        ("st-lucie", "St.\x00Lucie", "ana@lucie.example", UNPRINTABLE),
        ("st-lucie", "St.\udcffLucie", "ana@lucie.example", UNPRINTABLE),
    ],
)
def test_what_cannot_be_is_told_in_one_line_and_creates_nothing(slug: str, name: str, email: str, told: str):
    assert refusal(slug, name, email) == told
    assert (Municipality.objects.count(), Invitation.objects.count()) == (0, 0)


def test_an_address_that_is_taken_is_told_and_its_town_is_not_touched(cast: Cast):
    assert refusal("larkspur", "Another Larkspur") == 'There is a municipality "larkspur" already.'
    assert (Municipality.objects.get(slug="larkspur").name, Invitation.objects.count()) == ("Larkspur County", 0)


def test_a_failing_invitation_takes_the_municipality_back(monkeypatch: pytest.MonkeyPatch):
    def failing(**kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(create_municipality, "invite", failing)
    with pytest.raises(RuntimeError):
        create()
    assert not Municipality.objects.exists()


def test_the_advocate_must_be_named():
    with pytest.raises(CommandError, match="the following arguments are required: --advocate"):
        call_command("create_municipality", "st-lucie", "St. Lucie County")

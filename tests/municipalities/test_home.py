"""The first page: straight to the one municipality, to the choice of several, or what to do with none."""

import pytest
from django.test import Client

from municipalities.models import Membership, Role
from municipalities.records import add
from tests.conftest import Cast, signed_in
from tests.factories import UserFactory, member, place


def test_the_first_page_needs_a_sign_in(db: None):
    assert Client().get("/").headers["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize(("name", "slug"), [("ben", "larkspur"), ("olaf", "fairmont")])
def test_a_member_of_one_municipality_goes_straight_there(cast: Cast, name: str, slug: str):
    assert signed_in(cast[name]).get("/").headers["Location"] == f"/{slug}/"


def test_a_member_of_several_chooses_by_name_and_role(cast: Cast):
    add(Membership(municipality=cast.larkspur, user=cast.olaf, role=Role.VIEWER), by=cast.ana)
    html = signed_in(cast.olaf).get("/").content.decode()
    assert "<h1>Choose a municipality</h1>" in html
    assert '<a href="/larkspur/">Larkspur County<span>Ohio · Viewer</span></a>' in html
    assert '<a href="/fairmont/">City of Fairmont Bay<span>Ohio · Mobility Advocate</span></a>' in html


def test_a_member_of_none_learns_whom_to_ask_and_with_which_address(db: None):
    html = signed_in(UserFactory.create(email="kim@larkspur.example")).get("/").content.decode()
    assert "<h1>You do not belong to a municipality yet</h1>" in html
    assert "<strong>kim@larkspur.example</strong>" in html


def test_a_hostile_name_is_shown_as_text(cast: Cast):
    for slug in ("a", "b"):
        town = place(slug, "<script>alert(1)</script>")
        add(Membership(municipality=town, user=cast.vera, role=Role.VIEWER), by=None)
    assert "<script>alert" not in signed_in(cast.vera).get("/").content.decode()


def test_queries_do_not_grow_with_the_municipalities(cast: Cast, django_assert_num_queries):
    kim = member(cast.larkspur, "Kim Doe", Role.VIEWER)
    client = signed_in(kim)
    for slugs in (["a"], ["b", "c", "d", "e"]):
        for slug in slugs:
            add(Membership(municipality=place(slug, slug.upper()), user=kim, role=Role.VIEWER), by=None)
        with django_assert_num_queries(3):
            client.get("/")

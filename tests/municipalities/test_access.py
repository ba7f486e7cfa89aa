"""The one gate: each role tried with each action, against the table that people read."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from accounts.models import User
from municipalities import access
from municipalities.access import ALLOWED, Action
from municipalities.models import Membership, Role
from municipalities.queries import people
from municipalities.records import add
from municipalities.wording import MEANING
from tests.conftest import Cast

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"
HOLDERS = {Role.ADVOCATE: "ana", Role.CONTRIBUTOR: "ben", Role.LEADERSHIP: "lena", Role.VIEWER: "vera"}


def documented() -> dict[Role, frozenset[Action]]:
    """docs/roles.md read as `access.ALLOWED` is written; fails on a cell that is neither yes nor no."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    head, _rule, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    roles = {str(role.label): role for role in Role}
    table: dict[Role, set[Action]] = {role: set() for role in Role}
    for what, *cells in body:
        bold = re.match(r"\*\*(\w+)\*\*", what)
        assert bold, what
        for label, cell in zip(head[1:], cells, strict=True):
            if {"yes": True, "no": False}[cell]:
                table[roles[label]].add(Action(bold[1].lower()))
    return {role: frozenset(actions) for role, actions in table.items()}


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/larkspur/")
    request.user = user
    return request


def test_the_page_for_people_and_the_gate_say_the_same():
    assert documented() == ALLOWED


def test_the_page_names_every_action_in_its_order():
    named = re.findall(r"^\| \*\*(\w+)\*\*", PAGE.read_text(), re.MULTILINE)
    assert named == [action.name.capitalize() for action in Action]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_role_with_each_action(cast: Cast, role: Role, action: Action):
    request = request_of(cast[HOLDERS[role]])
    if action in documented()[role]:
        seat = access.enter(request, "larkspur", action)
        assert (seat.role, seat.municipality, seat.user) == (role, cast.larkspur, cast[HOLDERS[role]])
    else:
        with pytest.raises(PermissionDenied):
            access.enter(request, "larkspur", action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("slug", ["larkspur", "nowhere", ""])
def test_a_stranger_finds_nothing_whatever_they_want(cast: Cast, action: Action, slug: str):
    with pytest.raises(Http404):
        access.enter(request_of(cast.olaf), slug, action)


@pytest.mark.parametrize(
    ("gate", "action"),
    [
        (access.read, Action.READ),
        (access.contacts, Action.CONTACTS),
        (access.contribute, Action.CONTRIBUTE),
        (access.determine, Action.DETERMINE),
        (access.administer, Action.ADMINISTER),
    ],
)
def test_each_named_gate_asks_for_its_own_action(cast: Cast, gate, action: Action):
    for role, name in HOLDERS.items():
        request = request_of(cast[name])
        if action in ALLOWED[role]:
            assert gate(request, "larkspur").role == role
        else:
            with pytest.raises(PermissionDenied):
                gate(request, "larkspur")


@pytest.mark.parametrize("role", Role)
def test_what_templates_ask_is_what_the_gate_allows(cast: Cast, role: Role):
    seat = access.enter(request_of(cast[HOLDERS[role]]), "larkspur")
    asked = (seat.contributes, seat.determines, seat.approves, seat.administers)
    actions = (Action.CONTRIBUTE, Action.DETERMINE, Action.APPROVE, Action.ADMINISTER)
    assert asked == tuple(action in ALLOWED[role] for action in actions)


def test_a_person_of_two_towns_has_in_each_the_role_they_have_there(cast: Cast):
    add(Membership(municipality=cast.larkspur, user=cast.olaf, role=Role.VIEWER), by=cast.ana)
    here = access.enter(request_of(cast.olaf), "larkspur")
    there = access.enter(request_of(cast.olaf), "fairmont", Action.ADMINISTER)
    assert (here.role, there.role) == (Role.VIEWER, Role.ADVOCATE)
    assert [other.municipality for other in here.others] == [cast.fairmont]
    with pytest.raises(PermissionDenied):
        access.administer(request_of(cast.olaf), "larkspur")


def test_the_page_shows_who_tried_even_where_the_gate_stays_shut(cast: Cast):
    request = request_of(cast.vera)
    with pytest.raises(PermissionDenied, match="Your role in Larkspur County does not allow this"):
        access.administer(request, "larkspur")
    assert request.seat.role == Role.VIEWER  # type: ignore[attr-defined]


def test_every_role_is_explained():
    assert list(MEANING) == list(Role)


def test_the_people_to_propose_are_the_members_of_this_town_alone(cast: Cast):
    assert people(cast.larkspur) == ["Ana Reyes", "Ben Carter", "Lena Whitfield", "Vera Lindqvist"]

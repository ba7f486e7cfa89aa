"""A person is erased on request: nothing tells who they were, and counts and decisions stay true."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test import Client
from django.utils import timezone

from coalition import queries, services
from coalition.models import Partner, Person
from municipalities.models import Municipality
from tests import factories
from tests.conftest import Cast, signed_in

NAME, EMAIL, PHONE = "Zanzibaria Quill", "zq@example.org", "(555) 0199"


def told(place: Municipality, by: Any, *, individual: bool) -> Person:
    """Somebody who has been renamed, asked, met and named in a follow-up."""
    row = factories.partner(place, person=NAME, name=NAME if individual else "College", individual=individual)
    person = row.people.get()
    values = {"email": EMAIL, "phone": PHONE, "title": "Quill", "notes": f"Quill {PHONE}", "lived_experience": True}
    services.change_person(
        municipality=place, pk=person.pk, seen=1, values={**values, "role": "data_lead", "hours": 4}, by=by
    )
    if individual:
        asked = {"ask": "Quill?", "offer": "Quill!", "notes": "Quill", "website": "https://quill.example"}
        services.change_partner(municipality=place, pk=row.pk, seen=1, values=asked, by=by)
        said = {"on": timezone.localdate(), "text": "Quill said"}
        first = services.log_contact(municipality=place, partner=row.pk, values=said, by=by)
        services.remove_contact(municipality=place, pk=first.pk, by=by)
        services.log_contact(municipality=place, partner=row.pk, values=said, by=by)
        answers = {"pay": {"kept": "yes", "note": "Quill"}}
        services.answer_self_check(municipality=place, partner=row, seen={"pay": 0}, values=answers, by=by)
    group = services.add_group(municipality=place, values={"name": "Homes"}, by=by)
    seat = services.join_group(municipality=place, group=group.pk, person=person.pk, by=by)
    services.give_chair(municipality=place, pk=seat.pk, by=by)
    meeting = services.add_meeting(
        municipality=place, group=group.pk, values={"title": "One", "on": timezone.localdate()}, by=by
    )
    services.take_attendance(municipality=place, meeting=meeting.pk, shown={person.pk}, present={person.pk}, by=by)
    for owner in (NAME.upper(), EMAIL, "ben@larkspur.example", NAME):
        last = services.add_follow_up(
            municipality=place, meeting=meeting.pk, values={"text": "x", "owner": owner}, by=by
        )
    taken_over = {"owner": "ben@larkspur.example"}
    services.change_follow_up(municipality=place, pk=last.pk, seen=1, values=taken_over, by=by)
    return person


def everything_stored() -> str:
    """Every cell of the coalition's tables, histories too."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("coalition").get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


@pytest.mark.parametrize("individual", [True, False])
def test_nothing_tells_who_they_were_and_every_count_stays(cast: Cast, individual: bool):
    person = told(cast.larkspur, cast.ana, individual=individual)

    def count() -> tuple[object, ...]:
        return (
            Person.objects.count(),
            queries.coverage(cast.larkspur).members,
            queries.management_team(cast.larkspur).roles[2].hours,
            [(line.members, bool(line.chair)) for line in queries.groups_listed(cast.larkspur)],
            len(queries.meeting_page(person.seats.get().group.meetings.get()).came),
            queries.unfinished(cast.larkspur).count(),
        )

    before = count()
    # The number as it is written: its last four digits alone may stand in any moment or token.
    words = ("zanzibaria", "quill", EMAIL, PHONE)
    assert all(word in everything_stored() for word in words)
    services.erase_person(municipality=cast.larkspur, pk=person.pk, by=cast.ana)
    stored = everything_stored()
    assert not {word for word in words if word in stored}
    assert count() == before
    row = Person.objects.get(pk=person.pk)
    assert (row.name, row.lived_experience, row.updated_by, row.role) == ("Erased person", False, cast.ana, "data_lead")
    # Who did what when is kept.
    entries = Person.history.filter(id=person.pk).order_by("history_id")
    assert [(entry.history_type, entry.history_user) for entry in entries] == [
        ("+", None),
        ("~", cast.ana),
        ("~", cast.ana),
    ]
    owners = set(queries.unfinished(cast.larkspur).values_list("owner", flat=True))
    assert owners == {"", "ben@larkspur.example"}


def test_others_of_the_same_organization_and_its_log_are_left_alone(cast: Cast):
    person = told(cast.larkspur, cast.ana, individual=False)
    other = factories.person(person.partner, "Kim Doe", email="kim@example.org")
    said = {"on": timezone.localdate(), "text": "Kim called"}
    services.log_contact(municipality=cast.larkspur, partner=person.partner_id, values=said, by=cast.ana)
    services.erase_person(municipality=cast.larkspur, pk=person.pk, by=cast.ana)
    other.refresh_from_db()
    assert (other.name, other.email, other.version) == ("Kim Doe", "kim@example.org", 1)
    assert person.partner.contacts.get().text == "Kim called"


@pytest.mark.parametrize("individual", [True, False])
def test_a_form_that_was_open_does_not_bring_them_back(cast: Cast, ben: Client, individual: bool):
    person = told(cast.larkspur, cast.ana, individual=individual)
    version = person.partner.version + 1
    services.erase_person(municipality=cast.larkspur, pk=person.pk, by=cast.ana)
    url = f"/larkspur/coalition/people/{person.pk}/"
    assert ben.get(url).status_code == 404
    assert ben.post(url, {"version": 2, "name": NAME, "role": "partner", "email": EMAIL}).status_code == 409
    if individual:
        sent = {"version": version, "name": NAME, "sector": "education"}
        page = ben.post(f"/larkspur/coalition/partners/{person.partner_id}/edit/", sent)
        assert page.status_code == 409
    assert "quill" not in everything_stored()
    # What the history holds brings nobody back either.
    entry = services.remove_partner(municipality=cast.larkspur, pk=person.partner_id, by=cast.ana)
    services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    assert Person.objects.get(pk=person.pk).name == "Erased person"


def test_the_advocate_alone_erases_and_is_asked_first(cast: Cast, ana: Client):
    person = told(cast.larkspur, cast.ana, individual=False)
    url = f"/larkspur/coalition/people/{person.pk}/erase/"
    codes = {name: signed_in(cast[name]).post(url).status_code for name in ("ben", "lena", "vera", "olaf")}
    assert codes == {"ben": 403, "lena": 403, "vera": 403, "olaf": 404}
    assert "Erase at their request" in ana.get(f"/larkspur/coalition/people/{person.pk}/").content.decode()
    assert (
        "Erase at their request"
        not in signed_in(cast.ben).get(f"/larkspur/coalition/people/{person.pk}/").content.decode()
    )
    assert "It cannot be undone" in ana.get(url).content.decode()
    assert Person.objects.get(pk=person.pk).name == NAME
    page = ana.post(url, follow=True)
    assert "Erased person" in page.content.decode()
    assert ana.post(url).status_code == 404


def test_nobody_of_another_town_is_erased(cast: Cast):
    person = told(cast.larkspur, cast.ana, individual=False)
    with pytest.raises(ObjectDoesNotExist):
        services.erase_person(municipality=cast.fairmont, pk=person.pk, by=cast.olaf)
    assert Partner.objects.filter(people__name=NAME).exists()

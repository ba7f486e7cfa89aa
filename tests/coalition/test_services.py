"""Writes to the coalition: two writers, what is removed and comes back, and what goes along."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction

from coalition import queries, services
from coalition.models import Contact, Partner, Person, Promise
from municipalities.records import Outcome, Record, add
from tests import factories
from tests.conftest import Cast

VALUES = {"name": "Carrow Regional Hospital", "sector": "anchor", "pillars": ("work", "health"), "status": "asked"}


def change(cast: Cast, row: Partner, values: dict[str, object], name: str) -> Outcome[Partner]:
    """What comes of a change by somebody who saw the row's first version."""
    return services.change_partner(municipality=cast.larkspur, pk=row.pk, seen=1, values=values, by=cast[name])


def test_a_new_partner_is_stored_with_its_author_its_person_and_their_history(cast: Cast):
    told = {"name": "Imre Vandersloot", "email": "imre@hospital.example"}
    row = services.add_partner(municipality=cast.larkspur, values=VALUES, person=told, by=cast.ben)
    stored = Partner.objects.get(pk=row.pk)
    assert {name: getattr(stored, name) for name in VALUES} == VALUES
    assert (stored.version, stored.updated_by, stored.listed) == (1, cast.ben, False)
    person = stored.people.get()
    assert (person.name, person.email, person.role, person.listed) == (*told.values(), "partner", False)
    for kept in (stored, person):
        assert [(h.history_type, h.history_user) for h in kept.history.all()] == [("+", cast.ben)]


def test_pillars_are_kept_in_the_frameworks_order_whatever_order_they_came_in(cast: Cast):
    row = factories.partner(cast.larkspur, pillars=("governance", "education", "governance"))
    assert Partner.objects.get(pk=row.pk).pillars == ("education", "governance")
    assert list(Partner.objects.filter(pillars__contains="governance")) == [row]
    assert not Partner.objects.filter(pillars__contains="work").exists()


def test_an_individual_is_their_own_person_and_both_keep_one_name(cast: Cast):
    row = factories.partner(cast.larkspur, person="somebody else", name="Desmond Farragher", individual=True)
    person = row.people.get()
    assert person.name == "Desmond Farragher"
    change(cast, row, {"name": "Desmond F. Farragher"}, "ana")
    person.refresh_from_db()
    assert person.name == "Desmond F. Farragher"
    services.change_person(
        municipality=cast.larkspur, pk=person.pk, seen=person.version, values={"name": "Des"}, by=cast.ana
    )
    row.refresh_from_db()
    assert row.name == "Des"


def test_an_organization_keeps_its_name_when_its_person_gets_another(cast: Cast):
    row = factories.partner(cast.larkspur)
    person = row.people.get()
    services.change_person(municipality=cast.larkspur, pk=person.pk, seen=1, values={"name": "Kim"}, by=cast.ana)
    change(cast, row, {"name": "College"}, "ana")
    assert (Partner.objects.get().name, Person.objects.get().name) == ("College", "Kim")


def test_two_people_who_change_different_fields_are_merged(cast: Cast):
    row = factories.partner(cast.larkspur, pillars=("work",))
    change(cast, row, {"pillars": ("work", "health")}, "ben")
    outcome = change(cast, row, {"pillars": ("work",), "status": "asked"}, "ana")
    row.refresh_from_db()
    assert (outcome.changed, outcome.conflicts) == (("status",), ())
    assert outcome.foreign == {"pillars": ("work", "health")}
    assert (row.pillars, row.status, row.version) == (("work", "health"), "asked", 3)


def test_two_people_who_change_one_field_store_nothing_of_the_second(cast: Cast):
    row = factories.partner(cast.larkspur)
    change(cast, row, {"pillars": ("work",)}, "ben")
    outcome = change(cast, row, {"pillars": ("health",), "status": "asked"}, "ana")
    row.refresh_from_db()
    assert [(c.field, c.mine, c.theirs) for c in outcome.conflicts] == [("pillars", ("health",), ("work",))]
    assert (row.pillars, row.status, row.version) == (("work",), "identified", 2)


def test_another_towns_rows_are_not_there(cast: Cast):
    row = factories.partner(cast.larkspur)
    person = row.people.get()
    line = services.log_contact(
        municipality=cast.larkspur, partner=row.pk, values={"on": date(2026, 11, 2), "text": "Met."}, by=cast.ana
    )
    there: dict[str, Any] = {"municipality": cast.fairmont, "by": cast.olaf}
    for act in (
        lambda: services.change_partner(**there, pk=row.pk, seen=1, values=VALUES),
        lambda: services.move_partner(**there, pk=row.pk, status="asked"),
        lambda: services.remove_partner(**there, pk=row.pk),
        lambda: services.add_person(**there, partner=row.pk, values={"name": "X"}),
        lambda: services.change_person(**there, pk=person.pk, seen=1, values={"name": "X"}),
        lambda: services.remove_person(**there, pk=person.pk),
        lambda: services.log_contact(**there, partner=row.pk, values={"on": date(2026, 11, 2), "text": "X"}),
        lambda: services.remove_contact(**there, pk=line.pk),
    ):
        with pytest.raises(ObjectDoesNotExist):
            act()
    assert (Partner.objects.get().version, Person.objects.get().version, Contact.objects.count()) == (1, 1, 1)


# --- Removing and coming back -----------------------------------------------------------------------------


@pytest.fixture
def college(cast: Cast) -> Partner:
    """A partner with two people and a line in its log."""
    row = factories.partner(cast.larkspur)
    factories.person(row, "Lee Poe", email="lee@college.example")
    said = {"on": date(2026, 11, 2), "text": "They will think about it."}
    services.log_contact(municipality=cast.larkspur, partner=row.pk, values=said, by=cast.ben)
    return row


def everything() -> dict[str, list[object]]:
    kinds = (Partner, Person, Contact, Promise)
    return {k.__name__: list(k.objects.order_by("pk").values_list("pk", *k.FIELDS)) for k in kinds}


def test_what_is_removed_comes_back_as_it_was_under_its_old_numbers(cast: Cast, college: Partner):
    other = factories.partner(cast.larkspur, name="Other")
    # Somebody who was removed before stays away.
    services.remove_person(municipality=cast.larkspur, pk=factories.person(college, "Left").pk, by=cast.ana)
    answers = {"pay": {"kept": "partly", "note": "Within 60 days"}}
    services.answer_self_check(
        municipality=cast.larkspur, partner=college, seen={"pay": 0}, values=answers, by=cast.ana
    )
    before = everything()
    entry = services.remove_partner(municipality=cast.larkspur, pk=college.pk, by=cast.ben)
    assert Promise.history.latest().history_user == cast.ben
    assert [list(kind.objects.values_list("pk", flat=True)) for kind in (Partner, Contact)] == [[other.pk], []]
    assert queries.removed(cast.larkspur, entry) == queries.Removed(entry, "Larkspur Community College")
    row = services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    assert everything() == before
    assert [h.history_type for h in row.history.order_by("history_id")] == ["+", "-", "+"]
    assert {h.history_user for h in Person.history.filter(history_type="-", name="Lee Poe")} == {cast.ben}
    assert queries.removed(cast.larkspur, entry) is None


def test_a_removal_is_undone_once_and_only_in_its_own_town(cast: Cast, college: Partner):
    entry = services.remove_partner(municipality=cast.larkspur, pk=college.pk, by=cast.ana)
    assert services.remove_partner(municipality=cast.larkspur, pk=college.pk, by=cast.ben) == entry
    with pytest.raises(ObjectDoesNotExist):
        services.restore_partner(municipality=cast.fairmont, entry=entry, by=cast.olaf)
    assert queries.removed(cast.fairmont, entry) is None
    services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    with pytest.raises(services.AlreadyBackError):
        services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    second = services.remove_partner(municipality=cast.larkspur, pk=college.pk, by=cast.ana)
    with pytest.raises(services.AlreadyBackError):
        services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    assert second != entry
    services.restore_partner(municipality=cast.larkspur, entry=second, by=cast.ana)
    assert (Person.objects.count(), Contact.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Partner, {"name": ""}),
        (Partner, {"sector": "circus"}),
        (Partner, {"status": "perhaps"}),
        (Person, {"name": ""}),
        (Person, {"role": "clown"}),
        (Contact, {"text": ""}),
        (Contact, {"channel": "smoke"}),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(cast: Cast, kind: type[Record], values: dict[str, str]):
    partner = factories.partner(cast.larkspur)
    whole: dict[type[Record], dict[str, object]]
    whole = {
        Partner: {"municipality": cast.larkspur, "name": "X", "sector": "faith"},
        Person: {"partner": partner, "name": "X"},
        Contact: {"partner": partner, "on": date(2026, 11, 2), "text": "X"},
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        add(kind(**{**whole[kind], **values}), by=None)

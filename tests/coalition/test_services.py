"""Writes to the roster: two writers, what is removed and comes back, and what only the database can refuse."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction

from coalition import queries, services
from coalition.models import Member, Sector
from municipalities.records import Outcome
from tests import factories
from tests.conftest import Cast

VALUES = {"organisation": "Carrow Regional Hospital", "person": "Imre", "sector": "anchor", "status": "asked"}


def change(cast: Cast, row: Member, values: dict[str, object], name: str) -> Outcome[Member]:
    """What comes of a change by somebody who saw the row's first version."""
    return services.change_member(municipality=cast.larkspur, pk=row.pk, seen=1, values=values, by=cast[name])


def test_a_new_row_is_stored_with_its_author_and_its_first_history(cast: Cast):
    row = services.add_member(municipality=cast.larkspur, values=VALUES, by=cast.ben)
    stored = Member.objects.get(pk=row.pk)
    assert {name: getattr(stored, name) for name in VALUES} == VALUES
    assert (stored.role, stored.version, stored.updated_by) == ("partner", 1, cast.ben)
    assert [(h.history_type, h.history_user) for h in stored.history.all()] == [("+", cast.ben)]


def test_two_people_who_change_different_fields_are_merged(cast: Cast):
    row = factories.partner(cast.larkspur)
    change(cast, row, {"person": "Kim Roe"}, "ben")
    outcome = change(cast, row, {"person": "Kim Doe", "status": "asked"}, "ana")
    row.refresh_from_db()
    assert (outcome.changed, outcome.conflicts, outcome.foreign) == (("status",), (), {"person": "Kim Roe"})
    assert (row.person, row.status, row.version) == ("Kim Roe", "asked", 3)


def test_two_people_who_change_one_field_store_nothing_of_the_second(cast: Cast):
    row = factories.partner(cast.larkspur)
    change(cast, row, {"person": "Kim Roe"}, "ben")
    outcome = change(cast, row, {"person": "Kim Poe", "status": "asked"}, "ana")
    row.refresh_from_db()
    assert [(c.field, c.mine, c.theirs) for c in outcome.conflicts] == [("person", "Kim Poe", "Kim Roe")]
    assert (row.person, row.status, row.version) == ("Kim Roe", "identified", 2)


def test_two_people_who_each_take_one_name_away_cannot_leave_a_nameless_row(cast: Cast):
    row = factories.partner(cast.larkspur)
    change(cast, row, {"person": ""}, "ben")
    with pytest.raises(services.NamelessError):
        change(cast, row, {"organisation": ""}, "ana")
    row.refresh_from_db()
    assert (row.organisation, row.person, row.version) == ("Larkspur Community College", "", 2)


def test_another_towns_row_is_not_there(cast: Cast):
    row = factories.partner(cast.larkspur)
    with pytest.raises(Member.DoesNotExist):
        services.change_member(municipality=cast.fairmont, pk=row.pk, seen=1, values=VALUES, by=cast.olaf)
    with pytest.raises(ObjectDoesNotExist):
        services.remove_member(municipality=cast.fairmont, pk=row.pk, by=cast.olaf)
    assert Member.objects.filter(pk=row.pk).exists()


def test_a_removed_row_comes_back_as_it_was_with_its_history(cast: Cast):
    row = services.add_member(municipality=cast.larkspur, values=VALUES, by=cast.ben)
    entry = services.remove_member(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    assert not Member.objects.filter(pk=row.pk).exists()
    back = services.restore_member(municipality=cast.larkspur, entry=entry, by=cast.lena)
    assert {name: getattr(back, name) for name in VALUES} == VALUES
    assert (back.pk, back.version, back.updated_by) == (row.pk, 2, cast.lena)
    told = [(h.history_type, h.history_user) for h in back.history.order_by("history_id")]
    assert told == [("+", cast.ben), ("-", cast.ana), ("+", cast.lena)]


def test_removing_twice_is_one_removal(cast: Cast):
    row = factories.partner(cast.larkspur)
    entries = [services.remove_member(municipality=cast.larkspur, pk=row.pk, by=cast.ana) for _ in range(2)]
    assert entries[0] == entries[1]
    assert Member.history.filter(id=row.pk, history_type="-").count() == 1


def test_restoring_twice_is_refused_and_leaves_one_row(cast: Cast):
    row = factories.partner(cast.larkspur)
    entry = services.remove_member(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    services.restore_member(municipality=cast.larkspur, entry=entry, by=cast.ana)
    with pytest.raises(services.AlreadyBackError):
        services.restore_member(municipality=cast.larkspur, entry=entry, by=cast.ben)
    assert Member.objects.of(cast.larkspur).count() == 1


def test_only_the_last_removal_of_a_row_can_be_undone(cast: Cast):
    row = factories.partner(cast.larkspur, organisation="First name")
    first = services.remove_member(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    services.restore_member(municipality=cast.larkspur, entry=first, by=cast.ana)
    values = {"organisation": "Second name"}
    services.change_member(municipality=cast.larkspur, pk=row.pk, seen=2, values=values, by=cast.ana)
    second = services.remove_member(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    with pytest.raises(services.AlreadyBackError):
        services.restore_member(municipality=cast.larkspur, entry=first, by=cast.ana)
    assert queries.removed(cast.larkspur, first) is None
    assert services.restore_member(municipality=cast.larkspur, entry=second, by=cast.ana).organisation == "Second name"


def test_only_a_removal_of_this_towns_can_be_undone(cast: Cast):
    row = factories.partner(cast.larkspur)
    added = row.history.get().history_id
    removed = services.remove_member(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    for place, entry in ((cast.larkspur, added), (cast.fairmont, removed), (cast.larkspur, 10**18)):
        with pytest.raises(ObjectDoesNotExist):
            services.restore_member(municipality=place, entry=entry, by=cast.ana)
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"organisation": "", "person": ""}, "member_has_organisation_or_person"),
        ({"sector": "circus"}, "member_sector_known"),
        ({"role": "clown"}, "member_role_known"),
        ({"status": "maybe"}, "member_status_known"),
    ],
)
def test_the_database_refuses_what_no_form_lets_through(cast: Cast, values: dict[str, str], constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.partner(cast.larkspur, **values)


def test_the_roster_is_sorted_by_sector_then_names_whatever_their_case(cast: Cast):
    told = [
        ("residents", "", "Amy"),
        ("business", "beta", "Zed"),
        ("business", "Alpha", "b"),
        ("business", "alpha", "A"),
    ]
    for sector, organisation, person in told:
        factories.partner(cast.larkspur, sector=sector, organisation=organisation, person=person)
    factories.partner(cast.fairmont)
    rows = Member.objects.of(cast.larkspur).for_roster().values_list("sector", "organisation", "person")
    assert list(rows) == [told[3], told[2], told[1], told[0]]
    assert Sector.values.index("business") < Sector.values.index("residents")

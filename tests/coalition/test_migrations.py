"""The former roster's rows become partners and people, each with its history, and back."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from coalition.models import Person
from municipalities.models import Municipality
from municipalities.records import overwrite
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = [("coalition", "0001_initial")], [("coalition", "0004_remove_member")]
AT = datetime.datetime(2026, 5, 4, 15, 0, tzinfo=datetime.UTC)
ROWS = [
    ("Carrow Regional Hospital", "Imre", "anchor", "partner", "asked"),
    ("CARROW regional hospital", "Joy", "anchor", "champion", "committed"),
    ("", "Desmond Farragher", "residents", "champion", "declined"),
    ("Food Pantry League", "", "nonprofit", "partner", "identified"),
]


@pytest.fixture
def migrate() -> Iterator[Callable[[Any], Any]]:
    """Go to that state of the tables and get its models; afterwards the newest is there again."""

    def to(targets: Any) -> Any:
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        return executor.loader.project_state(targets).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def fields(rows: Any, *names: str) -> list[tuple[object, ...]]:
    return list(rows.order_by("pk").values_list(*names))


def test_nothing_of_the_roster_is_lost_there_and_back(db: None, migrate: Callable[[Any], Any]):
    ana = User.objects.create_user("ana@larkspur.example", name="Ana Reyes")
    place = Municipality(slug="larkspur", name="Larkspur").signed(None)
    place.save()
    member = migrate(OLD).get_model("coalition", "Member")
    columns = ("organisation", "person", "sector", "role", "status")
    for row in ROWS:
        told = dict(zip(columns, row, strict=True))
        member.objects.create(municipality_id=place.pk, updated_by_id=ana.pk, updated_at=AT, **told)

    apps = migrate(NEW)
    partner, person = (apps.get_model("coalition", name) for name in ("Partner", "Person"))
    assert fields(partner.objects, "name", "individual", "sector", "status", "listed") == [
        ("Carrow Regional Hospital", False, "anchor", "committed", False),
        ("Desmond Farragher", True, "residents", "declined", False),
        ("Food Pantry League", False, "nonprofit", "identified", False),
    ]
    assert fields(person.objects, "partner__name", "name", "role", "notes") == [
        (
            "Carrow Regional Hospital",
            "Imre",
            "partner",
            "On the former roster: Asked, Anchor institutions (hospital, university).",
        ),
        ("Carrow Regional Hospital", "Joy", "champion", ""),
        ("Desmond Farragher", "Desmond Farragher", "champion", ""),
    ]
    for kind, count in (("HistoricalPartner", 3), ("HistoricalPerson", 3)):
        signed = fields(apps.get_model("coalition", kind).objects, "history_type", "history_user_id", "history_date")
        assert signed == [("+", ana.pk, AT)] * count

    member = migrate(OLD).get_model("coalition", "Member")
    assert fields(member.objects, *columns) == [
        ("Carrow Regional Hospital", "Imre", "anchor", "partner", "committed"),
        ("Carrow Regional Hospital", "Joy", "anchor", "champion", "committed"),
        ("", "Desmond Farragher", "residents", "champion", "declined"),
        ("Food Pantry League", "", "nonprofit", "partner", "identified"),
    ]
    assert timezone.is_aware(member.objects.first().updated_at)


def test_the_names_of_whoever_is_there_already_are_folded(cast: Cast, migrate: Callable[[Any], Any]):
    partner = factories.partner(cast.larkspur, person="Kim DOE", name="Straße")
    person = partner.people.get()
    overwrite(person, by=cast.ana, email="Kim@X.example")
    migrate([("coalition", "0009_merge")])
    migrate([("coalition", "0011_fold_what_is_there")])
    partner.refresh_from_db()
    person.refresh_from_db()
    assert (partner.name_folded, person.name_folded, person.email_folded) == ("strasse", "kim doe", "kim@x.example")
    told = Person.history.order_by("history_id").values_list("name_folded", "email_folded")
    assert list(told) == [("kim doe", ""), ("kim doe", "kim@x.example")]

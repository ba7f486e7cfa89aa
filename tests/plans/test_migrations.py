"""Sections from before the review by two persons: their history tells who wrote and who asked; and the way back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from municipalities.models import Municipality

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = [("plans", "0001_initial")], [("plans", "0003_who_wrote_and_asked")]


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


# A section and what befell it: (who, text, status); the last is how it stands.
PASTS: dict[str, list[tuple[str, str, str]]] = {
    "letter": [("", "", "not_started")],
    "summary": [("", "", "not_started"), ("ben", "One", "drafting"), ("ana", "One", "drafting")],
    "approach": [
        ("", "", "not_started"),
        ("ben", "One", "drafting"),
        ("ben", "One", "in_review"),
        ("ana", "Two", "in_review"),
        ("lena", "Two", "in_review"),
    ],
    "vision": [("ben", "One", "in_review"), ("ben", "One", "drafting"), ("ana", "One", "in_review")],
    "theory": [("ben", "One", "in_review"), ("ben", "One", "drafting")],
    "actions": [("lena", "One", "in_review"), ("lena", "One", "approved")],
    "readiness": [("", "", "not_started"), ("ben", "", "in_review"), ("lena", "", "approved")],
}
SIGNED = {
    "letter": (None, None),
    "summary": ("ben", None),
    "approach": ("ana", "ben"),
    "vision": ("ben", "ana"),
    "theory": ("ben", None),
    "actions": ("lena", "lena"),
    "readiness": (None, "ben"),
}


def test_who_wrote_and_who_asked_is_found_in_the_history_and_gone_again(db: None, migrate: Callable[[Any], Any]):
    people: dict[str, int | None] = {"": None}
    for name in ("ana", "ben", "lena"):
        people[name] = User.objects.create_user(f"{name}@larkspur.example", name=name).pk
    place = Municipality(slug="larkspur", name="Larkspur").signed(None)
    place.save()
    apps = migrate(OLD)
    plan = apps.get_model("plans", "Plan").objects.create(municipality_id=place.pk)
    sections, history = (apps.get_model("plans", name).objects for name in ("Section", "HistoricalSection"))
    for key, past in PASTS.items():
        who, body, status = past[-1]
        approved = people[who] if status == "approved" else None
        told = {"plan_id": plan.pk, "key": key, "version": len(past)}
        row = sections.create(**told, body=body, status=status, updated_by_id=people[who], approved_by_id=approved)
        for version, (by, words, stood) in enumerate(past, start=1):
            history.create(
                **{**told, "version": version},
                id=row.pk,
                body=words,
                status=stood,
                history_date=timezone.now(),
                history_user_id=people[by],
                history_type="+" if version == 1 else "~",
            )
    kept = list(sections.order_by("pk").values("key", "body", "status", "version", "approved_by"))

    sections = migrate(NEW).get_model("plans", "Section").objects
    names = {pk: name or None for name, pk in people.items()}
    found = sections.values_list("key", "written_by", "asked_by")
    assert {key: (names[wrote], names[asked]) for key, wrote, asked in found} == SIGNED
    assert list(sections.order_by("pk").values("key", "body", "status", "version", "approved_by")) == kept

    sections = migrate(OLD).get_model("plans", "Section").objects
    assert list(sections.order_by("pk").values("key", "body", "status", "version", "approved_by")) == kept

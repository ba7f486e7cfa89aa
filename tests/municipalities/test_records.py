"""Every write leaves history; what would leave none is refused."""

import datetime

import pytest
from django.apps import apps
from django.db import IntegrityError

from municipalities.models import Membership, ReadinessPolicy, Role
from municipalities.records import Record, UntracedWriteError, add, amend, noted, overwrite, overwrite_many, remove
from tests import factories
from tests.conftest import Cast
from tests.factories import UserFactory

DAY = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


def seat(cast: Cast, name: str = "ben") -> Membership:
    row: Membership = Membership.objects.get(municipality=cast.larkspur, user=cast[name])
    return row


def story(pk: int) -> list[tuple[str, str, int, object]]:
    """The row's history, oldest first: kind, role, version, who."""
    entries = Membership.history.filter(id=pk).order_by("history_id")
    return [(entry.history_type, entry.role, entry.version, entry.history_user) for entry in entries]


def test_adding_overwriting_and_removing_each_leave_one_entry_with_its_author(cast: Cast):
    row, pk = seat(cast), seat(cast).pk
    overwrite(row, by=cast.ana, role=Role.VIEWER)
    remove(row, by=cast.lena)
    assert story(pk) == [
        ("+", "contributor", 1, None),
        ("~", "viewer", 2, cast.ana),
        ("-", "viewer", 2, cast.lena),
    ]


def test_overwriting_with_the_same_values_leaves_no_trace(cast: Cast):
    row = seat(cast)
    assert overwrite(row, by=cast.ana, role="contributor", title="") == ()
    assert (seat(cast).version, len(story(row.pk))) == (1, 1)


def test_overwriting_touches_only_what_changed(cast: Cast):
    row, stale = seat(cast), seat(cast)
    overwrite(row, by=cast.ana, title="Budget director")
    assert overwrite(stale, by=cast.ben, role=Role.VIEWER) == ("role",)
    assert (seat(cast).role, seat(cast).title, seat(cast).updated_by) == ("viewer", "Budget director", cast.ben)


def test_many_are_overwritten_as_one_is_and_what_does_not_change_is_left_alone(
    cast: Cast, django_assert_max_num_queries
):
    rows = [factories.partner(cast.larkspur, name=f"Partner {n}", notes="Old") for n in range(60)]
    changes = [(row, {"notes": "New", "status": "asked"} if n else {"notes": "Old"}) for n, row in enumerate(rows)]
    changes[1] = (rows[1], {"notes": "New"})
    # Opened and closed, one statement for the rows, one for their history.
    with django_assert_max_num_queries(8):
        overwrite_many(changes, by=cast.ana)
    kept = list(type(rows[0]).objects.order_by("pk").values_list("notes", "status", "version", "updated_by"))
    assert kept[:2] == [("Old", "identified", 1, None), ("New", "identified", 2, cast.ana.pk)]
    assert kept[2:] == [("New", "asked", 2, cast.ana.pk)] * 58
    assert [row.history.count() for row in rows] == [1] + [2] * 59
    last = rows[2].history.first()
    assert (last.history_type, last.notes, last.version, last.history_user) == ("~", "New", 2, cast.ana)
    overwrite_many([(rows[0], {"notes": "Old"})], by=cast.ana)
    overwrite_many([], by=cast.ana)
    assert rows[0].history.count() == 1


def test_bulk_create_keeps_history_for_each_row(cast: Cast):
    people = UserFactory.create_batch(3)
    rows = [Membership(municipality=cast.larkspur, user=user, role=Role.VIEWER).signed(cast.ana) for user in people]
    Membership.objects.bulk_create(rows)
    made = Membership.objects.filter(user__in=people)
    assert [story(row.pk) for row in made] == [[("+", "viewer", 1, cast.ana)]] * 3


def test_a_bulk_create_that_fails_leaves_neither_rows_nor_history(cast: Cast):
    before = Membership.history.count()
    rows = [Membership(municipality=cast.larkspur, user=cast.olaf, role=Role.VIEWER) for _ in range(2)]
    with pytest.raises(IntegrityError):
        Membership.objects.bulk_create(rows)
    assert (Membership.history.count(), Membership.objects.filter(user=cast.olaf).count()) == (before, 1)


@pytest.mark.parametrize(
    "write",
    [
        lambda: Membership.objects.update(title="x"),
        lambda: Membership.objects.filter(role="viewer").update(title="x"),
        lambda: Membership.objects.all().delete(),
        lambda: Membership.objects.filter(role="viewer").delete(),
        lambda: Membership.objects.bulk_update(list(Membership.objects.all()), ["title"]),
        lambda: ReadinessPolicy.objects.update(proceed=9),
        lambda: Membership._base_manager.update(title="x"),
        lambda: Membership._base_manager.all().delete(),
        lambda: Membership.objects.bulk_create(
            list(Membership.objects.all()), update_conflicts=True, update_fields=["title"], unique_fields=["id"]
        ),
        lambda: Membership.objects.bulk_create(list(Membership.objects.all()), ignore_conflicts=True),
        lambda: Membership.objects.bulk_create(list(Membership.objects.all()), None, True),
    ],
)
def test_a_write_without_history_is_refused_and_changes_nothing(cast: Cast, write):
    before = list(Membership.objects.values_list("pk", "title", "version"))
    with pytest.raises(UntracedWriteError, match="leaves no history"):
        write()
    assert list(Membership.objects.values_list("pk", "title", "version")) == before


@pytest.mark.parametrize(
    "write",
    [
        lambda: Membership.history.update(role="viewer"),
        lambda: Membership.history.all().delete(),
        lambda: Membership.history.filter(role="viewer").delete(),
        lambda: Membership.history.bulk_update(list(Membership.history.all()), ["role"]),
        lambda: Membership.objects.get(role="viewer", municipality__slug="larkspur").history.all().delete(),
    ],
)
def test_a_history_is_only_added_to(cast: Cast, write):
    before = list(Membership.history.values_list("history_id", "role"))
    with pytest.raises(UntracedWriteError, match="only ever added to"):
        write()
    assert list(Membership.history.values_list("history_id", "role")) == before


RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_no_manager_of_any_record_or_of_its_history_writes_without_a_trace(model: type[Record]):
    for manager in (model.objects, model._default_manager, model._base_manager, model.history):
        for name, values in (
            ("update", {"version": 9}),
            ("bulk_update", {"objs": [], "fields": ["version"]}),
            ("delete", {}),
        ):
            with pytest.raises(UntracedWriteError):
                getattr(manager.all(), name)(**values)


def test_refused_writes_are_refused_through_the_other_side_of_a_relation_too(cast: Cast):
    with pytest.raises(UntracedWriteError):
        cast.larkspur.memberships.update(title="x")
    with pytest.raises(UntracedWriteError):
        cast.ben.memberships.all().delete()


def test_two_writers_of_different_fields_are_merged(cast: Cast):
    amend(seat(cast), seen=1, values={"title": "Planner"}, by=cast.ana)
    outcome = amend(seat(cast), seen=1, values={"role": "viewer"}, by=cast.lena)
    assert (outcome.changed, outcome.conflicts) == (("role",), ())
    assert (seat(cast).role, seat(cast).title, seat(cast).version) == ("viewer", "Planner", 3)


def test_two_writers_of_one_field_get_both_values_and_nothing_is_stored(cast: Cast):
    amend(seat(cast), seen=1, values={"title": "Planner"}, by=cast.ana)
    outcome = amend(seat(cast), seen=1, values={"title": "Director", "role": "viewer"}, by=cast.lena)
    assert [(c.field, c.mine, c.theirs) for c in outcome.conflicts] == [("title", "Director", "Planner")]
    assert (dict(outcome.waiting), outcome.changed) == ({"role": "viewer"}, ())
    assert (seat(cast).role, seat(cast).title, seat(cast).version) == ("contributor", "Planner", 2)


@pytest.mark.parametrize("seen", [0, 7])
def test_a_version_that_nobody_knows_keeps_both_texts(cast: Cast, seen: int):
    outcome = amend(seat(cast), seen=seen, values={"title": "Director"}, by=cast.lena)
    assert [(c.mine, c.theirs) for c in outcome.conflicts] == [("Director", "")]
    assert seat(cast).version == 1


def test_noted_dates_and_explains_every_write_inside_and_none_after(cast: Cast):
    row = seat(cast)
    with noted(at=DAY, because="import " + "x" * 200):
        overwrite(row, by=None, title="Planner")
    newest = row.history.latest("history_id")
    assert (row.updated_at, newest.history_date, newest.history_change_reason) == (
        DAY,
        DAY,
        ("import " + "x" * 200)[:100],
    )
    overwrite(row, by=None, title="Director")
    assert (row.history.latest("history_id").history_change_reason, row.updated_at > DAY) == (None, True)


def test_a_new_row_is_signed_by_its_author(cast: Cast):
    row = add(Membership(municipality=cast.larkspur, user=cast.olaf, role=Role.VIEWER), by=cast.ana)
    assert (row.version, row.updated_by, story(row.pk)) == (1, cast.ana, [("+", "viewer", 1, cast.ana)])

"""Names are kept a second time as they are compared, by every way in which a record is written."""

import pytest
from django.db.models import Q

from coalition.models import Partner, Person
from municipalities.folded import along
from municipalities.records import forget, overwrite, overwrite_many
from tests import factories
from tests.conftest import Cast


def kept() -> list[str]:
    return list(Partner.objects.order_by("pk").values_list("name_folded", flat=True))


def history() -> list[str]:
    return list(Partner.history.order_by("history_id").values_list("name_folded", flat=True))


@pytest.mark.parametrize(
    ("name", "folded"), [("Straße 7", "strasse 7"), ("STRASSE", "strasse"), ("ΌΣΟΣ", "όσοσ"), ("ﬃ", "ffi")]
)
def test_a_name_is_folded_as_python_does_whatever_the_engine(cast: Cast, name: str, folded: str):
    factories.partner(cast.larkspur, name=name)
    assert (kept(), history()) == ([folded], [folded])
    assert Partner.objects.get(name_folded=name.casefold()).name == name


def test_the_longest_name_fits(cast: Cast):
    row = factories.partner(cast.larkspur, name="ΐ" * 200)
    assert (len(row.name_folded), kept()) == (600, [row.name_folded])


def test_every_write_keeps_it_in_step(cast: Cast):
    rows = [factories.partner(cast.larkspur, name=f"One {n}") for n in range(3)]
    assert overwrite(rows[0], by=cast.ana, name="TWO") == ("name",)
    overwrite_many([(rows[1], {"name": "THREE"}), (rows[2], {"notes": "x"})], by=cast.ana)
    Partner.objects.bulk_create([Partner(municipality=cast.larkspur, name="FOUR", sector="education").signed(cast.ana)])
    assert kept() == ["two", "three", "one 2", "four"]
    assert history() == ["one 0", "one 1", "one 2", "two", "three", "one 2", "four"]


def test_what_is_forgotten_is_forgotten_in_it_too(cast: Cast):
    row = factories.partner(cast.larkspur, name="Quill")
    forget(Partner, Q(id=row.pk), name="Erased")
    assert history() == ["erased"]


def test_only_what_is_folded_goes_along():
    assert along(Person, ("name", "title")) == {"name_folded": "name"}
    assert along(Person, ("email", "name")) == {"name_folded": "name", "email_folded": "email"}
    assert along(Person, ("title",)) == {}

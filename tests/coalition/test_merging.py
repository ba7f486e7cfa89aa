"""Two entries become one and two again: nothing is lost either way."""

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from coalition import queries, services
from coalition.models import Attendance, Contact, GroupMember, Merge, Partner, Person, Promise
from coalition.rules.joining import joined
from tests import factories
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/coalition/duplicates/"
TODAY = timezone.localdate()
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


# --- The rule -------------------------------------------------------------------------------------------------


@given(mine=WORDS, theirs=WORDS)
def test_no_text_of_either_is_lost(mine: str, theirs: str):
    both = str(joined({"notes": mine}, {"notes": theirs}, texts=("notes",))["notes"])
    assert both.startswith(mine)
    assert theirs in both


@given(mine=st.sets(st.sampled_from("abcde")), theirs=st.sets(st.sampled_from("abcde")))
def test_several_keys_are_those_of_both_each_once(mine: set[str], theirs: set[str]):
    both = joined({"keys": tuple(mine)}, {"keys": tuple(theirs)}, several=("keys",))["keys"]
    assert isinstance(both, tuple)
    assert sorted(both) == sorted(mine | theirs)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("", "x", "x"),
        ("x", "y", "x"),
        (None, 3, 3),
        (0, 3, 0),
        ("x", "", "x"),
        (None, None, None),
        (False, True, False),
    ],
)
def test_what_is_kept_stays_unless_it_is_empty(mine: object, theirs: object, both: object):
    assert joined({"a": mine}, {"a": theirs}) == {"a": both}


def test_what_says_least_gives_way_and_either_yes_is_a_yes():
    undecided = {"status": "identified"}
    assert joined({"status": "identified"}, {"status": "declined"}, undecided=undecided) == {"status": "declined"}
    assert joined({"status": "asked"}, {"status": "committed"}, undecided=undecided) == {"status": "asked"}
    assert joined({"lived": False}, {"lived": True}, either=("lived",)) == {"lived": True}


# --- Merge and undo -------------------------------------------------------------------------------------------


def state(cast: Cast) -> dict[str, Any]:
    """All that the coalition says, without versions and times."""
    fields: dict[Any, tuple[str, ...]] = {
        Partner: Partner.FIELDS,
        Person: (*Person.FIELDS, "partner_id", "account_id"),
        Contact: ("on", "text", "partner_id"),
        Promise: ("key", "kept", "note", "partner_id"),
        GroupMember: ("group_id", "person_id", "chair"),
        Attendance: ("meeting_id", "person", "name"),
    }
    return {
        kind.__name__: list(kind.objects.order_by("pk").values_list("pk", *names)) for kind, names in fields.items()
    }


def two_colleges(cast: Cast, *, individual: bool = False) -> tuple[Partner, Partner]:
    """Two entries that say different things, each with people, a log, a self-check, and seats in one group."""
    place, by = cast.larkspur, cast.ana
    rows = []
    group = services.add_group(municipality=place, values={"name": "Homes"}, by=by)
    meetings = [
        services.add_meeting(municipality=place, group=group.pk, values={"title": title, "on": TODAY}, by=by)
        for title in ("One", "Two")
    ]
    for n, facts in enumerate(
        (
            {"pillars": ("work",), "notes": "first", "status": "identified", "website": ""},
            {"pillars": ("health",), "notes": "second", "status": "committed", "website": "https://college.example"},
        )
    ):
        row = factories.partner(place, name="Carrow College", person=f"Kim {n}", individual=individual, **facts)
        rows.append(row)
        person = row.people.get()
        services.log_contact(municipality=place, partner=row.pk, values={"on": TODAY, "text": f"said {n}"}, by=by)
        answers = {"pay": {"kept": "yes" if n else "", "note": f"note {n}"}} | ({"data": {"kept": "no"}} if n else {})
        services.answer_self_check(
            municipality=place, partner=row, seen=dict.fromkeys(answers, 0), values=answers, by=by
        )
        seat = services.join_group(municipality=place, group=group.pk, person=person.pk, by=by)
        if n:
            services.give_chair(municipality=place, pk=seat.pk, by=by)
        for meeting in meetings[n:]:
            services.take_attendance(
                municipality=place, meeting=meeting.pk, shown={person.pk}, present={person.pk}, by=by
            )
    return rows[0], rows[1]


@pytest.mark.parametrize("individual", [False, True])
def test_two_partners_are_one_with_everything_and_two_again(cast: Cast, individual: bool):
    one, other = two_colleges(cast, individual=individual)
    before = state(cast)
    row = services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=other.pk, by=cast.ben)
    one.refresh_from_db()
    assert list(Partner.objects.all()) == [one]
    assert (one.pillars, one.notes, one.status) == (("work", "health"), "first\n\nsecond", "committed")
    assert one.website == "https://college.example"
    assert {line.text for line in one.contacts.all()} == {"said 0", "said 1"}
    assert {p.key: (p.kept, p.note) for p in one.promises.all()} == {
        "pay": ("yes", "note 0\n\nnote 1"),
        "data": ("no", ""),
    }
    assert one.people.count() == (1 if individual else 2)
    if individual:
        # One person has one seat, and the chair that either had; they were at each meeting once.
        assert [seat.chair for seat in GroupMember.objects.all()] == [True]
        assert Attendance.objects.count() == 2
    assert Partner.history.filter(id=other.pk).latest().history_user == cast.ben
    services.undo_merge(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    assert state(cast) == before


def test_two_people_are_one_with_their_seats_and_two_again(cast: Cast):
    one, other = (row.people.get() for row in two_colleges(cast))
    services.change_person(
        municipality=cast.larkspur,
        pk=other.pk,
        seen=1,
        values={"email": "kim@college.example", "role": "data_lead", "lived_experience": True},
        by=cast.ana,
    )
    before = state(cast)
    row = services.merge_people(municipality=cast.larkspur, kept=one.pk, gone=other.pk, by=cast.ben)
    one.refresh_from_db()
    assert (one.name, one.email, one.role, one.lived_experience) == ("Kim 0", "kim@college.example", "data_lead", True)
    assert [(seat.person_id, seat.chair) for seat in GroupMember.objects.all()] == [(one.pk, True)]
    assert [came.person for came in Attendance.objects.order_by("meeting")] == [one.pk, one.pk]
    services.undo_merge(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    assert state(cast) == before
    with pytest.raises(ObjectDoesNotExist):
        services.undo_merge(municipality=cast.larkspur, pk=row.pk, by=cast.ana)


def test_what_was_changed_since_stays_when_a_merge_is_undone(cast: Cast):
    one, other = two_colleges(cast)
    row = services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=other.pk, by=cast.ben)
    one.refresh_from_db()
    values = {"notes": "Written since"}
    services.change_partner(municipality=cast.larkspur, pk=one.pk, seen=one.version, values=values, by=cast.ana)
    services.undo_merge(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    one.refresh_from_db()
    assert (one.notes, one.pillars, one.status) == ("Written since", ("work",), "identified")


def test_merges_are_undone_from_the_last(cast: Cast):
    one, other = two_colleges(cast)
    third = factories.partner(cast.larkspur, name="Carrow College", person="Lee")
    before = state(cast)
    first = services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=other.pk, by=cast.ben)
    second = services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=third.pk, by=cast.ben)
    with pytest.raises(services.TooLateError):
        services.undo_merge(municipality=cast.larkspur, pk=first.pk, by=cast.ana)
    for row in (second, first):
        services.undo_merge(municipality=cast.larkspur, pk=row.pk, by=cast.ana)
    assert state(cast) == before


@pytest.mark.parametrize("what", ["removed", "back already", "erased"])
def test_a_merge_that_cannot_be_undone_says_so_and_changes_nothing(cast: Cast, ben: Client, what: str):
    one, other = two_colleges(cast, individual=what == "erased")
    row = services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=other.pk, by=cast.ben)
    if what == "removed":
        services.remove_partner(municipality=cast.larkspur, pk=one.pk, by=cast.ana)
    elif what == "erased":
        services.erase_person(municipality=cast.larkspur, pk=one.people.get().pk, by=cast.ana)
    else:
        entry = Partner.history.filter(id=other.pk, history_type="-").latest().pk
        services.restore_partner(municipality=cast.larkspur, entry=entry, by=cast.ana)
    before = state(cast)
    page = ben.post(f"/larkspur/coalition/merges/{row.pk}/undo/", follow=True)
    assert "cannot be undone any more" in page.content.decode()
    assert state(cast) == before


@pytest.mark.parametrize("individual", [False, True])
def test_who_is_erased_is_erased_in_what_was_merged_into_them(cast: Cast, individual: bool):
    one, other = two_colleges(cast, individual=individual)
    people = [row.people.get().pk for row in (one, other)]
    if individual:
        services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=other.pk, by=cast.ben)
    else:
        services.merge_people(municipality=cast.larkspur, kept=people[0], gone=people[1], by=cast.ben)
    services.erase_person(municipality=cast.larkspur, pk=people[0], by=cast.ana)
    assert set(Person.history.filter(id__in=people).values_list("name", flat=True)) == {"Erased person"}
    assert set(Attendance.history.values_list("name", flat=True)) == {"Erased person"}
    if individual:
        assert set(Partner.history.values_list("name", "notes", "website")) == {("Erased person", "", "")}
        assert set(Contact.history.values_list("text", flat=True)) == {"Erased."}
        assert set(Promise.history.values_list("note", flat=True)) == {""}


def test_what_cannot_be_one_is_refused(cast: Cast):
    one, _other = two_colleges(cast)
    alone = factories.partner(cast.larkspur, name="Kim", individual=True)
    there = factories.partner(cast.fairmont, name="Carrow College")
    for gone, error in ((one, services.NotOneError), (alone, services.NotOneError), (there, ObjectDoesNotExist)):
        with pytest.raises(error):
            services.merge_partners(municipality=cast.larkspur, kept=one.pk, gone=gone.pk, by=cast.ana)
        kept = one.people.get().pk
        with pytest.raises(error):
            services.merge_people(municipality=cast.larkspur, kept=kept, gone=gone.people.get().pk, by=cast.ana)
    assert not Merge.objects.exists()


# --- Pages ----------------------------------------------------------------------------------------------------


def test_the_alike_are_proposed_looked_at_and_merged(cast: Cast, ben: Client):
    one, other = two_colleges(cast)
    factories.person(one, "Lee <b>Ray</b>", email="LEE@x.example")
    factories.person(other, "L. Ray", email="lee@x.example")
    factories.person(one, "kim 0 ")
    factories.partner(cast.larkspur, name="Carrow College", individual=True)
    factories.partner(cast.fairmont, name="Carrow College")
    found = [(pair.kind, str(pair.kept), str(pair.gone), pair.why) for pair in queries.likenesses(cast.larkspur)]
    assert found == [
        ("partner", "Carrow College", "Carrow College", "the same name"),
        ("person", "Lee <b>Ray</b>", "L. Ray", "the same e-mail address"),
        ("person", "Kim 0", "kim 0 ", "the same name"),
    ]
    html = ben.get(PAGE).content.decode()
    assert "Lee &lt;b&gt;Ray&lt;/b&gt;" in html
    url = f"{PAGE}partner/{one.pk}/{other.pk}/"
    html = ben.get(url).content.decode()
    assert "Identified" in html
    assert f"{PAGE}partner/{other.pk}/{one.pk}/" in html
    page = ben.post(url, follow=True).content.decode()
    assert "Carrow College into Carrow College" in page
    assert ben.post(url).status_code == 404
    row = Merge.objects.get()
    assert "They are two again" in ben.post(f"/larkspur/coalition/merges/{row.pk}/undo/", follow=True).content.decode()


def test_senseless_pairs_are_not_there_to_look_at_either(cast: Cast, ben: Client):
    one, other = two_colleges(cast)
    alone = factories.partner(cast.larkspur, name="Kim", individual=True)
    kim, lee = one.people.get(), alone.people.get()
    for path in (
        "circus/1/2/",
        f"partner/{one.pk}/{one.pk}/",
        f"partner/{one.pk}/999999999/",
        f"partner/{one.pk}/{alone.pk}/",
        f"person/{kim.pk}/{lee.pk}/",
        f"person/{kim.pk}/999999999/",
    ):
        assert (ben.get(PAGE + path).status_code, ben.post(PAGE + path).status_code) == (404, 404), path
    assert other.people.exists()


def test_who_may_merge(cast: Cast):
    one, other = two_colleges(cast)
    url = f"{PAGE}partner/{one.pk}/{other.pk}/"
    for address in (PAGE, url):
        codes = {name: signed_in(cast[name]).get(address).status_code for name in ("ana", "ben", "vera", "olaf")}
        assert codes == {"ana": 200, "ben": 200, "vera": 403, "olaf": 404}
    assert signed_in(cast.vera).post(url).status_code == 403
    assert Partner.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("size", [3, 40])
def test_queries_do_not_grow_with_the_alike(cast: Cast, ben: Client, size: int, django_assert_num_queries):
    college = factories.partner(cast.larkspur)
    for n in range(size):
        for _twin in range(2):
            factories.person(college, f"Person {n}", email=f"p{n}@x.example")
        factories.partner(cast.larkspur, name="Union", person="")
    pairs = queries.likenesses(cast.larkspur)[0]
    services.merge_partners(municipality=cast.larkspur, kept=pairs.kept.pk, gone=pairs.gone.pk, by=cast.ana)
    ben.get(PAGE)
    with django_assert_num_queries(12):
        ben.get(PAGE)

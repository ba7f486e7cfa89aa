"""The versions of a section's text: which there are, what differs, and putting one back."""

import datetime
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from municipalities.records import noted
from plans import revisions, services
from plans.models import Section
from plans.rules.progress import Status
from plans.rules.revisions import LONGEST, PAUSE, Event, Save, event, joins
from plans.services import Refusal
from tests.conftest import Cast, signed_in
from tests.plans.test_queries import put

LIST = "/larkspur/plan/approach/revisions/"
COMPARE = "/larkspur/plan/approach/revisions/compare/"
RESTORE = "/larkspur/plan/approach/revisions/restore/"
EVERYBODY = ("vera", "olaf", "ben", "ana", "lena")
NOON = datetime.datetime(2026, 11, 24, 17, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
SECOND = datetime.timedelta(seconds=1)


def row(key: str = "approach") -> Section:
    found: Section = Section.objects.get(key=key, plan__municipality__slug="larkspur")
    return found


def text(response) -> str:
    return response.content.decode()


def write(cast: Cast, name: str, body: str, *, at: datetime.datetime = NOON) -> int:
    """The version that comes of it."""
    with noted(at=at):
        services.write_section(
            municipality=cast.larkspur, key="approach", seen=row().version, values={"body": body}, by=cast[name]
        )
    return row().version


def move(cast: Cast, name: str, status: Status, *, at: datetime.datetime = NOON) -> None:
    with noted(at=at):
        moved = services.move_section(
            municipality=cast.larkspur,
            key="approach",
            seen=row().version,
            status=status,
            by=cast[name],
            approves=name == "lena",
        )
    assert moved.refusal is None


def put_back(cast: Cast, version: int, name: str = "ben", *, seen: int | None = None) -> Refusal | None:
    return services.restore_section(
        municipality=cast.larkspur, key="approach", seen=seen or row().version, version=version, by=cast[name]
    )


def listed(cast: Cast) -> list[tuple[object, ...]]:
    """Newest first: (version, who, event)."""
    return [(e.version, e.who, e.event) for e in revisions.revisions(cast.larkspur, "approach").entries]


# --- The rules alone --------------------------------------------------------------------------------------


def saved(after: datetime.timedelta, person: int | None = 1, *, alone: bool = False) -> Save:
    return Save(1, NOON + after, person, alone)


@pytest.mark.parametrize(
    ("sitting", "save", "expected"),
    [
        ((saved(0 * MINUTE),), saved(PAUSE), True),
        ((saved(0 * MINUTE),), saved(PAUSE + SECOND), False),
        ((saved(0 * MINUTE),), saved(MINUTE, 2), False),
        ((saved(0 * MINUTE, None),), saved(MINUTE, None), True),
        ((saved(0 * MINUTE), saved(LONGEST - MINUTE)), saved(LONGEST), True),
        ((saved(0 * MINUTE), saved(LONGEST - MINUTE)), saved(LONGEST + SECOND), False),
        ((saved(0 * MINUTE, alone=True),), saved(MINUTE), False),
        ((saved(0 * MINUTE),), saved(MINUTE, alone=True), False),
    ],
)
def test_saves_of_one_person_without_a_long_pause_are_one_sitting(sitting: tuple, save: Save, expected: bool):
    assert joins(sitting, save) == expected


@pytest.mark.parametrize(
    ("before", "after", "comment", "expected"),
    [
        (Status.NOT_STARTED, Status.DRAFTING, "", None),
        (Status.DRAFTING, Status.DRAFTING, "Why", None),
        (Status.NOT_STARTED, Status.IN_REVIEW, "", Event.ASKED),
        (Status.DRAFTING, Status.IN_REVIEW, "", Event.ASKED),
        (Status.IN_REVIEW, Status.DRAFTING, "", Event.TAKEN_BACK),
        (Status.IN_REVIEW, Status.DRAFTING, "Why", Event.RETURNED),
        (Status.IN_REVIEW, Status.APPROVED, "", Event.APPROVED),
        (Status.APPROVED, Status.DRAFTING, "", Event.WITHDRAWN),
    ],
)
def test_the_steps_of_a_review_have_names(before: Status, after: Status, comment: str, expected: Event | None):
    assert event(before, after, comment=comment) is expected


# --- Which there are --------------------------------------------------------------------------------------


def test_a_new_section_has_the_empty_text_it_began_with(cast: Cast):
    found = revisions.revisions(cast.larkspur, "approach")
    assert [(e.version, e.who, e.first, e.before) for e in found.entries] == [(1, "The system", True, None)]


def test_the_emptiness_of_the_beginning_stays_beside_what_its_founder_writes_at_once(cast: Cast):
    cast.larkspur.plan.delete()
    with noted(at=NOON):
        services.start_plan(municipality=cast.larkspur, by=cast.ana)
    written = write(cast, "ana", "Text", at=NOON + MINUTE)
    assert [(version, who) for version, who, _event in listed(cast)] == [(written, "Ana Reyes"), (1, "Ana Reyes")]


def test_what_saved_itself_in_one_sitting_is_one_entry_and_its_last_text(cast: Cast):
    for minutes, body in enumerate(["One", "One two", "One two three"]):
        last = write(cast, "ben", body, at=NOON + minutes * MINUTE)
    other = write(cast, "ana", "Ana's", at=NOON + 3 * MINUTE)
    again = write(cast, "ben", "Ben's again", at=NOON + 4 * MINUTE)
    later = write(cast, "ben", "Much later", at=NOON + 15 * MINUTE)
    assert [(version, who) for version, who, _event in listed(cast)] == [
        (later, "Ben Carter"),
        (again, "Ben Carter"),
        (other, "Ana Reyes"),
        (last, "Ben Carter"),
        (1, "The system"),
    ]
    entry = revisions.revisions(cast.larkspur, "approach").entries[3]
    assert (len(entry.saves), entry.before, entry.at) == (3, 1, NOON + 2 * MINUTE)


def test_what_changes_no_word_is_no_version(cast: Cast):
    written = write(cast, "ben", "Text")
    for values in ({"owner_id": cast.ana.pk}, {"due": datetime.date(2027, 1, 1)}):
        services.write_section(
            municipality=cast.larkspur, key="approach", seen=row().version, values=values, by=cast.ana
        )
    assert row().version == written + 2
    assert [version for version, _who, _event in listed(cast)] == [written, 1]


def test_the_steps_of_the_review_stand_between_the_texts_and_part_them(cast: Cast):
    write(cast, "ben", "One")
    move(cast, "ben", Status.IN_REVIEW)
    with noted(at=NOON):
        services.return_section(
            municipality=cast.larkspur, key="approach", seen=row().version, comment="Shorter.", by=cast.lena
        )
    write(cast, "ben", "Two")
    move(cast, "ben", Status.IN_REVIEW)
    move(cast, "ana", Status.DRAFTING)
    move(cast, "ben", Status.IN_REVIEW)
    move(cast, "lena", Status.APPROVED)
    move(cast, "lena", Status.DRAFTING)
    assert [(who, step) for _version, who, step in listed(cast)] == [
        ("Lena Whitfield", Event.WITHDRAWN),
        ("Lena Whitfield", Event.APPROVED),
        ("Ben Carter", Event.ASKED),
        ("Ana Reyes", Event.TAKEN_BACK),
        ("Ben Carter", Event.ASKED),
        ("Ben Carter", None),
        ("Lena Whitfield", Event.RETURNED),
        ("Ben Carter", Event.ASKED),
        ("Ben Carter", None),
        ("The system", None),
    ]
    entries = revisions.revisions(cast.larkspur, "approach").entries
    assert [entry.comment for entry in entries if entry.comment] == ["Shorter."]


def test_another_sections_and_another_towns_texts_are_not_among_them(cast: Cast):
    here: dict[str, Any] = {"seen": 1, "values": {"body": "Elsewhere"}, "by": cast.ana}
    services.write_section(municipality=cast.larkspur, key="vision", **here)
    services.write_section(municipality=cast.fairmont, key="approach", **here)
    assert [version for version, _who, _event in listed(cast)] == [1]


# --- Putting one back -------------------------------------------------------------------------------------


def test_a_text_put_back_is_a_new_version_by_who_put_it_back(cast: Cast):
    first = write(cast, "ana", "First")
    write(cast, "ben", "Second", at=NOON + MINUTE)
    before = row().version
    assert put_back(cast, first, "lena") is None
    assert (row().body, row().version, row().written_by, row().updated_by) == (
        "First",
        before + 1,
        cast.lena,
        cast.lena,
    )
    newest = revisions.revisions(cast.larkspur, "approach").current
    assert (newest.who, newest.why) == ("Lena Whitfield", "Text of Nov 24, 2026, 12:00 PM restored")


def test_it_is_undone_by_putting_back_the_one_before_however_quickly(cast: Cast):
    now = timezone.now()
    first = write(cast, "ben", "First", at=now - 30 * MINUTE)
    second = write(cast, "ben", "Second", at=now)
    put_back(cast, first)
    found = revisions.revisions(cast.larkspur, "approach")
    assert found.current.before == second
    assert put_back(cast, second) is None
    assert row().body == "Second"
    write(cast, "ben", "Third", at=timezone.now())
    assert len(listed(cast)) == 6


def test_who_puts_a_text_back_does_not_approve_it(cast: Cast):
    first = write(cast, "ben", "First")
    write(cast, "ben", "Second")
    move(cast, "ben", Status.IN_REVIEW)
    put_back(cast, first, "lena")
    moved = services.move_section(
        municipality=cast.larkspur,
        key="approach",
        seen=row().version,
        status=Status.APPROVED,
        by=cast.lena,
        approves=True,
    )
    assert (moved.refusal, row().status) == (Refusal.WROTE, "in_review")


def test_a_text_is_not_put_back_over_one_that_was_not_seen(cast: Cast):
    first = write(cast, "ben", "First")
    seen = write(cast, "ben", "Second")
    write(cast, "ana", "Meanwhile")
    for old in (seen, 999):
        assert put_back(cast, first, seen=old) is Refusal.CHANGED
    assert put_back(cast, seen, seen=seen) is Refusal.CHANGED
    assert row().body == "Meanwhile"


def test_an_owner_named_meanwhile_does_not_stand_in_the_way(cast: Cast):
    first = write(cast, "ben", "First")
    seen = write(cast, "ben", "Second")
    services.write_section(
        municipality=cast.larkspur, key="approach", seen=seen, values={"owner_id": cast.ana.pk}, by=cast.ana
    )
    assert put_back(cast, first, seen=seen) is None
    assert (row().body, row().owner) == ("First", cast.ana)


def test_the_text_that_is_there_is_not_put_back(cast: Cast):
    first = write(cast, "ben", "First")
    assert put_back(cast, first) is Refusal.SAME
    assert row().version == first


def test_an_approved_text_is_not_replaced(cast: Cast):
    first = write(cast, "ben", "First")
    put(cast.larkspur, "approach", Status.APPROVED, "Final")
    with pytest.raises(services.SectionFrozenError):
        put_back(cast, first)
    assert (row().body, row().status) == ("Final", "approved")


def test_the_emptiness_of_the_beginning_can_come_back_and_go_again(cast: Cast):
    written = write(cast, "ben", "Text")
    assert put_back(cast, 1) is None
    assert (row().body, row().status) == ("", "drafting")
    assert put_back(cast, written) is None
    assert row().body == "Text"


@pytest.mark.parametrize("version", [2, 999])
def test_a_version_that_the_section_never_had_does_not_exist(cast: Cast, version: int):
    services.write_section(municipality=cast.larkspur, key="vision", seen=1, values={"body": "Elsewhere"}, by=cast.ben)
    with pytest.raises(Section.DoesNotExist):
        put_back(cast, version)


# --- The pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [LIST, COMPARE, f"{COMPARE}?older=1&newer=2", LIST.replace("approach", "readiness")])
def test_members_read_and_strangers_find_nothing(cast: Cast, url: str):
    write(cast, "ben", "Text")
    codes = {name: signed_in(cast[name]).get(url).status_code for name in EVERYBODY}
    assert codes == {"vera": 200, "olaf": 404, "ben": 200, "ana": 200, "lena": 200}
    assert Client().get(url).status_code == 302


def test_who_may_put_a_text_back(cast: Cast):
    first = write(cast, "ben", "First")
    codes = {}
    for name in EVERYBODY:
        write(cast, "ben", f"Over it for {name}")
        values = {"version": row().version, "text": first}
        codes[name] = signed_in(cast[name]).post(RESTORE, values).status_code
        assert (row().body == "First") == (codes[name] == 302)
    assert codes == {"vera": 403, "olaf": 404, "ben": 302, "ana": 302, "lena": 302}


def test_the_section_leads_to_its_revisions(cast: Cast, vera: Client):
    assert f'href="{LIST}"' in text(vera.get("/larkspur/plan/approach/"))


def test_the_list_says_who_wrote_when_and_leads_to_what_changed(cast: Cast, vera: Client, ben: Client):
    first = write(cast, "ben", "One two")
    second = write(cast, "ana", "One two three", at=NOON + MINUTE)
    html = text(vera.get(LIST))
    assert html.index("Ana Reyes") < html.index("Ben Carter")
    assert "Nov 24, 2026, 12:01 PM" in html
    assert "3 words" in html
    assert f'href="{COMPARE}?older={first}&amp;newer={second}"' in html
    assert "put the text before it back" not in html
    assert "put the text before it back" in text(ben.get(LIST))


def test_a_section_without_a_text_offers_nothing_to_put_back(ben: Client):
    html = text(ben.get(LIST))
    assert "began the section" in html
    assert "put the text before it back" not in html
    assert "The two texts are the same." in text(ben.get(COMPARE))


def test_an_approved_section_shows_its_texts_and_puts_none_back(cast: Cast, ben: Client):
    first = write(cast, "ben", "First")
    put(cast.larkspur, "approach", Status.APPROVED, "Final")
    assert RESTORE not in text(ben.get(LIST))
    assert RESTORE not in text(ben.get(COMPARE))
    assert "A text can be put back after leadership has withdrawn the approval." in text(ben.get(LIST))
    response = ben.post(RESTORE, {"version": row().version, "text": first}, follow=True)
    assert "Leadership has approved this section" in text(response)
    assert (row().body, row().status) == ("Final", "approved")


def test_what_changed_is_marked_and_said(cast: Cast, vera: Client):
    write(cast, "ben", "Rents rose by a lot.")
    write(cast, "ana", "Rents rose by a third.")
    html = text(vera.get(COMPARE))
    assert '<del><span class="usa-sr-only">[removed: </span>lot<span class="usa-sr-only"> end] </span></del>' in html
    assert '<ins><span class="usa-sr-only">[added: </span>third<span class="usa-sr-only"> end] </span></ins>' in html
    assert "1 word added, 1 removed." in " ".join(html.split())
    assert RESTORE not in html


def test_a_break_that_went_is_shown_by_a_sign_and_said(cast: Cast, vera: Client):
    write(cast, "ben", "A b c.\n\nD e f.")
    write(cast, "ana", "A b c. D e f.")
    assert 'a line break</span><span aria-hidden="true">¶</span>' in text(vera.get(COMPARE))


def test_many_lines_that_stayed_are_folded_away(cast: Cast, vera: Client):
    lines = [f"Line {n}" for n in range(9)]
    write(cast, "ben", "\n".join([*lines, "Old end"]))
    write(cast, "ana", "\n".join([*lines, "New end"]))
    html = text(vera.get(COMPARE))
    assert "<summary>9 lines that stayed</summary>" in html
    assert "Line 0" in html


def test_the_two_texts_may_be_named_in_either_order(cast: Cast, ben: Client):
    first = write(cast, "ben", "First text")
    second = write(cast, "ana", "Second text")
    pages = [
        ben.get(f"{COMPARE}?older={a}&newer={b}").context["comparison"] for a, b in ((first, second), (second, first))
    ]
    assert {(page.older.version, page.newer.version) for page in pages} == {(first, second)}


def test_a_version_within_a_sitting_can_be_compared_still(cast: Cast, ben: Client):
    within = write(cast, "ben", "One")
    last = write(cast, "ben", "One two", at=NOON + MINUTE)
    html = text(ben.get(f"{COMPARE}?older={within}&newer={last}"))
    assert f'<option value="{within}" selected>' in html
    assert "1 word added" in html


@pytest.mark.parametrize(
    "query",
    ["older=999&newer=1", "older=1&newer=999", "older=x", "newer=", "older=0", f"older={2**31}", f"newer={10**40}"],
)
def test_texts_that_are_not_there_are_not_found(cast: Cast, ben: Client, query: str):
    write(cast, "ben", "Text")
    assert ben.get(f"{COMPARE}?{query}").status_code == 404


@pytest.mark.parametrize("name", ["money", "approach2", "approach%00"])
def test_an_unknown_section_has_no_revisions(ben: Client, name: str):
    urls = [url.replace("approach", name) for url in (LIST, COMPARE)]
    assert [ben.get(url).status_code for url in urls] == [404, 404]
    assert ben.post(RESTORE.replace("approach", name), {"version": 1, "text": 1}).status_code == 404


def test_wrong_methods_are_refused(ben: Client):
    assert [ben.post(LIST).status_code, ben.post(COMPARE).status_code, ben.get(RESTORE).status_code] == [405] * 3


def test_a_text_is_put_back_from_its_page_and_the_next_page_undoes_it(cast: Cast, ben: Client):
    first = write(cast, "ben", "First", at=NOON)
    write(cast, "ana", "Second", at=NOON + MINUTE)
    response = ben.post(RESTORE, {"version": row().version, "text": first}, follow=True)
    assert "The text is put back." in text(response)
    assert row().body == "First"
    before = response.context["revisions"].current.before
    ben.post(RESTORE, {"version": response.context["view"].row.version, "text": before})
    assert row().body == "Second"


def test_somebody_elses_newer_text_is_not_overwritten(cast: Cast, ben: Client):
    first = write(cast, "ben", "First")
    seen = row().version
    write(cast, "ana", "Meanwhile")
    response = ben.post(RESTORE, {"version": seen, "text": first}, follow=True)
    assert "Somebody changed this section since you opened it." in text(response)
    assert row().body == "Meanwhile"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"version": "x", "text": 1}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"version": 1, "text": 10**40}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"version": 10**40, "text": 1}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"version": 2, "text": 999}, HTTPStatus.NOT_FOUND),
    ],
)
def test_a_crafted_restoration_changes_nothing(cast: Cast, ben: Client, values: dict[str, object], code: int):
    write(cast, "ben", "Text")
    assert ben.post(RESTORE, values).status_code == code
    assert (row().body, row().version) == ("Text", 2)


HOSTILE = "<script>alert(1)</script> </del><img src=x onerror=alert(1)>"


def test_hostile_text_is_shown_as_words(cast: Cast, vera: Client):
    """In a text, in a comment, in a name, and on both sides of a difference."""
    cast.ben.name = "<script>Ben</script>"
    cast.ben.save()
    write(cast, "ben", HOSTILE)
    move(cast, "ben", Status.IN_REVIEW)
    services.return_section(
        municipality=cast.larkspur, key="approach", seen=row().version, comment=HOSTILE, by=cast.lena
    )
    write(cast, "ben", "Plain", at=NOON + datetime.timedelta(days=1))
    write(cast, "ana", HOSTILE, at=NOON + datetime.timedelta(days=2))
    write(cast, "ben", f"{HOSTILE}\n\nMore", at=NOON + datetime.timedelta(days=3))
    plain, hostile, more = (
        entry.version for entry in reversed(revisions.revisions(cast.larkspur, "approach").texts[:3])
    )
    stayed = f"{COMPARE}?older={hostile}&newer={more}"
    for url in (LIST, stayed, f"{COMPARE}?older={plain}&newer={hostile}", f"{COMPARE}?older=2&newer={plain}"):
        html = text(vera.get(url))
        assert "<script>alert" not in html
        assert "<script>Ben" not in html
        assert "<img" not in html
    assert "&lt;script&gt;alert" in text(vera.get(LIST))
    assert "&lt;script&gt;alert" in text(vera.get(stayed))


def test_the_list_is_paged_and_the_oldest_stands_last(cast: Cast, ben: Client):
    for n in range(revisions.A_PAGE):
        write(cast, "ben", f"Text {n}", at=NOON + n * datetime.timedelta(days=1))
    first, last = ben.get(LIST), ben.get(f"{LIST}?page=2")
    assert "Page 1 of 2" in text(first)
    assert [len(page.context["page"].object_list) for page in (first, last)] == [revisions.A_PAGE, 1]
    assert "began the section" in text(last)
    assert ben.get(f"{LIST}?page=99").context["page"].number == 2


def test_one_chooses_among_the_newest_texts_and_the_two_that_are_shown(
    cast: Cast, ben: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(revisions, "CHOICES", 2)
    versions = [write(cast, "ben", f"Text {n}", at=NOON + n * datetime.timedelta(days=1)) for n in range(5)]
    page = ben.get(f"{COMPARE}?older=1&newer={versions[1]}").context["comparison"]
    assert [entry.version for entry in page.choices] == [versions[4], versions[3], versions[1], 1]


@pytest.mark.parametrize(("url", "queries"), [(LIST, 7), (COMPARE, 7)])
def test_pages_take_a_fixed_number_of_queries(
    cast: Cast, ben: Client, url: str, queries: int, django_assert_num_queries: Callable
):
    write(cast, "ben", "Text")
    with django_assert_num_queries(queries):
        ben.get(url)
    for n in range(30):
        write(cast, "ana" if n % 2 else "ben", f"Text {n}", at=NOON + n * MINUTE)
    move(cast, "ben", Status.IN_REVIEW)
    with django_assert_num_queries(queries):
        ben.get(url)


def test_putting_back_takes_a_fixed_number_of_queries(cast: Cast, ben: Client, django_assert_num_queries: Callable):
    first = write(cast, "ben", "First")
    for _ in range(2):
        write(cast, "ana", "Over it")
        version = row().version
        with django_assert_num_queries(9):
            ben.post(RESTORE, {"version": version, "text": first})

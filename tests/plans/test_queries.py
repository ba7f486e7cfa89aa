"""The plan as values: progress in words, where to go on, and the document that becomes the PDF."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from coalition.services import change_person, remove_partner
from mobility_planning import demo_data
from municipalities.models import Municipality, ReadinessPolicy, Role
from municipalities.records import noted, overwrite
from municipalities.wording import day
from plans import outline, queries, reviews, services
from plans.export.document import Document, Evidence
from plans.models import Section
from plans.rules.progress import Status
from readiness.models import Round
from readiness.services import (
    Decision,
    add_link,
    record_condition,
    record_determination,
    record_step,
    start_round,
    verify,
)
from tests import factories
from tests.conftest import Cast


def put(place: Municipality, key: str, status: Status, body: str = "Text") -> None:
    """Bring a section to `status`, whatever the way: a contributor writes and asks, leadership approves."""
    row = Section.objects.get(plan__municipality=place, key=key)
    approved = status is Status.APPROVED
    writer, leader = (place.memberships.get(role=role).user for role in (Role.CONTRIBUTOR, Role.LEADERSHIP))
    overwrite(row, by=writer, body=body)
    overwrite(
        row,
        by=leader if approved else writer,
        status=status.value,
        asked_by=writer if status in (Status.IN_REVIEW, Status.APPROVED) else None,
        approved_by=leader if approved else None,
        approved_at=timezone.now() if approved else None,
    )


def next_key(place: Municipality) -> str | None:
    view = queries.plan_page(place).next
    return view.key if view else None


def put_all(place: Municipality, status: Status) -> None:
    for key in outline.by_key():
        put(place, key, status)


# --- Progress ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approved", "drafting", "sentence"),
    [
        (0, 0, "Nothing is written yet."),
        (0, 3, "3 of 14 sections are begun, none is approved yet."),
        (1, 0, "1 of 14 sections is approved."),
        (9, 2, "9 of 14 sections are approved."),
        (14, 0, "All 14 sections are approved."),
    ],
)
def test_progress_is_one_plain_sentence(approved: int, drafting: int, sentence: str):
    rest = 14 - approved - drafting
    found = queries.progress_of(["approved"] * approved + ["drafting"] * drafting + ["not_started"] * rest)
    assert (found.sentence, found.approved, found.total) == (sentence, approved, 14)
    assert (found.complete, found.begun) == (approved == 14, approved + drafting > 0)


def test_progress_is_the_towns_own_in_one_query(cast: Cast, django_assert_num_queries):
    put_all(cast.larkspur, Status.APPROVED)
    with django_assert_num_queries(1):
        assert queries.progress(cast.larkspur).complete
    assert queries.progress(cast.fairmont).sentence == "Nothing is written yet."


def test_without_a_plan_nothing_is_written(db: None):
    bare = Municipality.objects.create(slug="bare", name="Bare")
    assert queries.progress(bare).sentence == "Nothing is written yet."


def test_writing_begins_with_what_does_not_sum_up_the_rest(cast: Cast):
    assert next_key(cast.larkspur) == "approach"


def test_writing_goes_on_where_somebody_wrote_last_and_ends_with_the_letter(cast: Cast):
    put(cast.larkspur, "findings", Status.DRAFTING)
    put(cast.larkspur, "approach", Status.DRAFTING)
    assert next_key(cast.larkspur) == "approach"
    for key in outline.by_key():
        if key not in queries.WRITTEN_LAST:
            put(cast.larkspur, key, Status.APPROVED)
    assert next_key(cast.larkspur) == "letter"
    put_all(cast.larkspur, Status.APPROVED)
    assert next_key(cast.larkspur) is None


def test_leadership_is_led_to_the_first_section_in_review(cast: Cast):
    assert queries.plan_page(cast.larkspur).to_review(cast.lena) is None
    put(cast.larkspur, "vision", Status.IN_REVIEW)
    put(cast.larkspur, "approach", Status.IN_REVIEW)
    waiting = queries.plan_page(cast.larkspur).to_review(cast.lena)
    assert waiting
    assert waiting.key == "approach"


def test_leadership_is_not_led_to_what_somebody_else_has_to_approve(cast: Cast):
    put(cast.larkspur, "approach", Status.IN_REVIEW)
    overwrite(Section.objects.get(plan__municipality=cast.larkspur, key="approach"), by=cast.lena, body="Hers now")
    put(cast.larkspur, "vision", Status.IN_REVIEW)
    waiting = queries.plan_page(cast.larkspur).to_review(cast.lena)
    assert waiting
    assert waiting.key == "vision"


def test_a_section_has_its_neighbors_and_the_ends_have_one(cast: Cast):
    page = queries.plan_page(cast.larkspur)
    middle = page.section("approach")
    assert middle.before
    assert middle.after
    assert (middle.before.key, middle.view.number, middle.after.key) == ("summary", 3, "readiness")
    assert page.section("letter").before is None
    assert page.section("appendices").after is None
    with pytest.raises(KeyError):
        page.section("money")


def test_an_owner_who_left_stays_a_choice_and_strangers_are_none(cast: Cast):
    row = Section.objects.get(plan__municipality=cast.larkspur, key="approach")
    team = reviews.team_of(cast.larkspur)
    names = [name for _pk, name in reviews.owners(team, row)]
    assert names == ["Ana Reyes", "Ben Carter", "Lena Whitfield", "Vera Lindqvist"]
    row.owner = cast.olaf
    assert (cast.olaf.pk, "Olaf Sorensen") in reviews.owners(team, row)


# --- The document -----------------------------------------------------------------------------------------


def document(cast: Cast) -> Document:
    return queries.plan_document(cast.larkspur)


def test_an_empty_plan_is_a_draft_document_with_all_its_parts(cast: Cast):
    shown = document(cast)
    assert (shown.place, shown.state_line, shown.title) == ("Larkspur County", "Ohio", "Mobility Action Plan")
    assert (shown.is_draft, shown.status) == (True, "Draft: 0 of 14 sections are approved")
    assert [(s.number, s.key) for s in shown.sections] == list(enumerate(outline.by_key(), start=1))
    assert [s.key for s in shown.sections if s.generated] == ["readiness", "coalition", "appendices"]
    assert (len(shown.conditions), sum(c.total for c in shown.conditions)) == (9, 31)
    assert (shown.verdict.key, shown.verdict.word, shown.determination) == ("postpone", "Postpone", None)
    assert shown.verdict.provisional.startswith("This is provisional: 31 steps")
    assert (shown.roster, shown.coverage) == (
        (),
        ("Nobody is committed or in conversation yet from any of the 12 sectors.",),
    )
    assert shown.sources[0].startswith("Urban Institute, Boosting Upward Mobility: A Planning Guide for Local Action.")


def test_the_verdict_says_the_rule_and_no_line_stands_twice(cast: Cast):
    shown = document(cast)
    assert shown.explanation == ("3 more conditions met would raise it to prepare.",)
    assert len(shown.gaps) == 9
    assert "step" in shown.gaps[0]


def test_answers_are_shown_with_names_for_addresses_and_dates_in_words(cast: Cast):
    round_ = Round.objects.get(municipality=cast.larkspur)
    values = {"status": "in_place", "note": "N", "owner": "Ben@larkspur.example"}
    due = datetime.date(2027, 1, 5)
    record_step(round_=round_, key="leadership.1", seen=1, values={**values, "due": due}, by=cast.ben)
    row = add_link(round_=round_, key="leadership.1", text="E", by=cast.ben)
    verify(round_=round_, pk=row.pk, by=cast.ana)
    on = day(timezone.now())
    judged = {"judged": "partly", "reason": "Why", "note": "Open"}
    record_condition(round_=round_, key="leadership", seen=1, values=judged, by=cast.ben)
    shown = document(cast).conditions[0]
    step = shown.steps[0]
    assert (step.status, step.note, step.evidence, step.owner, step.due) == (
        "in_place",
        "N",
        (Evidence("E", f"verified by Ana Reyes, {on}"),),
        "Ben Carter",
        "Jan 5, 2027",
    )
    assert (shown.judged, shown.reason, shown.open_note, shown.guide_step) == (
        "partly",
        "Why",
        "Open",
        "Guide step 3.1",
    )


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("gone@larkspur.example", ""),
        ("Pat Gone <gone@larkspur.example>", "Pat Gone"),
        ("Gone@Larkspur.example, Pat Gone", "Pat Gone"),
        ("olaf@fairmont.example", ""),
        ("Parks @ Recreation", "Parks @ Recreation"),
    ],
)
def test_the_address_of_somebody_else_is_not_printed(cast: Cast, typed: str, printed: str):
    round_ = Round.objects.get(municipality=cast.larkspur)
    record_step(round_=round_, key="leadership.1", seen=1, values={"owner": typed}, by=cast.ben)
    assert document(cast).conditions[0].steps[0].owner == printed


def test_the_address_of_a_member_without_a_name_is_not_printed(cast: Cast):
    cast.ben.name = ""
    cast.ben.save()
    round_ = Round.objects.get(municipality=cast.larkspur)
    record_step(round_=round_, key="leadership.1", seen=1, values={"owner": cast.ben.email}, by=cast.ana)
    assert document(cast).conditions[0].steps[0].owner == ""


def test_a_determination_is_shown_with_its_difference_and_its_date_to_look_again(cast: Cast):
    decision = Decision(
        "prepare", "Because.", "Lena W.", "Executive", datetime.date(2026, 11, 2), datetime.date(2027, 2, 1)
    )
    record_determination(round_=Round.objects.get(municipality=cast.larkspur), decision=decision, by=cast.lena)
    told = document(cast).determination
    assert told is not None
    assert (told.key, told.word, told.rationale, told.by, told.title) == (
        "prepare",
        "Prepare",
        "Because.",
        "Lena W.",
        "Executive",
    )
    assert told.on == "Nov 2, 2026, to look again on Feb 1, 2027"
    assert told.differs == "This differs from the recommendation, which is to postpone."


def test_only_who_agreed_is_named_and_nobody_who_declined(cast: Cast):
    college = factories.partner(cast.larkspur, name="College", status="committed", listed=True)
    factories.person(college, "Lee Poe", role="data_lead", listed=True)
    factories.partner(cast.larkspur, name="Quiet Fund", sector="philanthropy", status="asked")
    factories.partner(cast.larkspur, name="Secret Bank", sector="financial", status="declined", listed=True)
    shown = document(cast)
    assert [(p.name, p.people, p.sector, p.status, p.status_key) for p in shown.roster] == [
        ("College", ("Lee Poe (Data lead)",), "Schools and education", "Committed", "committed")
    ]
    assert shown.unlisted.startswith("1 more takes part or has been asked and is not named here")
    assert shown.coverage[0] == "2 partners, 1 of them committed."
    assert shown.coverage[1].startswith("Nobody is committed or in conversation yet from 10 of 12 sectors")
    assert [(c.short, c.whole.mark) for c in shown.covered if c.whole.number] == [
        ("Philanthropy", "in_conversation"),
        ("Schools", "committed"),
    ]
    assert "Quiet Fund" not in repr(shown)
    assert "Kim Doe" not in repr(shown)


def test_an_approved_plan_is_no_draft_and_bears_the_day_of_its_last_approval(cast: Cast):
    put_all(cast.larkspur, Status.APPROVED)
    day = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=timezone.get_current_timezone())
    for row in Section.objects.filter(plan__municipality=cast.larkspur):
        overwrite(row, by=cast.lena, approved_at=day)
    shown = document(cast)
    assert (shown.is_draft, shown.status, shown.date) == (False, "Approved on Mar 1, 2026", "Mar 1, 2026")
    put(cast.larkspur, "vision", Status.DRAFTING)
    assert document(cast).status == "Draft: 13 of 14 sections are approved"


@pytest.mark.parametrize("what", ["section", "plan", "step", "condition", "policy", "partner", "person", "removal"])
def test_the_document_is_as_old_as_the_newest_change_of_what_it_shows(cast: Cast, what: str):
    partner = factories.partner(cast.larkspur)
    at = timezone.now() + datetime.timedelta(days=3)
    round_ = Round.objects.get(municipality=cast.larkspur)
    note = {"note": "N"}
    here: dict[str, Any] = {"municipality": cast.larkspur, "seen": 1, "by": cast.ben}
    changes = {
        "section": lambda: services.write_section(**here, key="vision", values={"body": "B"}),
        "plan": lambda: services.change_plan(**here, values={"paper": "a4"}),
        "step": lambda: record_step(round_=round_, key="data.2", seen=1, values=note, by=cast.ben),
        "condition": lambda: record_condition(round_=round_, key="data", seen=1, values=note, by=cast.ben),
        "policy": lambda: overwrite(ReadinessPolicy.objects.get(municipality=cast.larkspur), by=cast.ana, proceed=8),
        "partner": lambda: factories.partner(cast.larkspur, name="Other"),
        "person": lambda: change_person(**here, pk=partner.people.get().pk, values={"title": "Dean"}),
        "removal": lambda: remove_partner(municipality=cast.larkspur, pk=partner.pk, by=cast.ana),
    }
    before = document(cast)
    with noted(at=at):
        changes[what]()
    after = document(cast)
    assert (before.created < at, after.created) == (True, at)


def test_what_another_town_does_changes_nothing(cast: Cast):
    before = document(cast)
    with noted(at=timezone.now() + datetime.timedelta(days=3)):
        services.write_section(
            municipality=cast.fairmont, key="vision", seen=1, values={"body": "Theirs"}, by=cast.olaf
        )
        factories.partner(cast.fairmont)
    assert document(cast) == before


def test_an_unchanged_plan_is_the_same_document(cast: Cast):
    assert document(cast) == document(cast)


@pytest.mark.parametrize("town", demo_data.TOWNS)
def test_the_demo_towns_are_documents(db: None, town: str):
    demo_data.seed(town)
    shown = queries.plan_document(Municipality.objects.get(slug=town))
    assert shown.verdict.key == {"larkspur": "prepare", "fairmont": "proceed"}[town]
    assert all("@" not in step.owner for condition in shown.conditions for step in condition.steps)
    assert shown.created <= timezone.now()


def test_the_document_takes_a_constant_number_of_queries(cast: Cast, django_assert_num_queries):
    factories.partner(cast.larkspur, listed=True)
    with django_assert_num_queries(23):
        document(cast)
    put_all(cast.larkspur, Status.IN_REVIEW)
    for n in range(12):
        factories.partner(cast.larkspur, name=f"Partner {n}", listed=True)
    with django_assert_num_queries(23):
        document(cast)


def test_the_last_determination_stands_until_the_next_round_is_decided(cast: Cast):
    first = Round.objects.get(municipality=cast.larkspur)
    decision = Decision("prepare", "Because.", "Lena W.", "Executive", datetime.date(2026, 11, 2))
    record_determination(round_=first, decision=decision, by=cast.lena)
    second = start_round(municipality=cast.larkspur, by=cast.ana)
    told = document(cast).determination
    assert told is not None
    assert (told.word, told.on) == ("Prepare", "Nov 2, 2026, on round 1")
    assert told.differs == "This differed from the recommendation of that day, which was to postpone."
    again = Decision(
        "postpone", "Not yet.", "Lena W.", "Executive", datetime.date(2026, 11, 9), datetime.date(2027, 3, 1)
    )
    record_determination(round_=second, decision=again, by=cast.lena)
    told = document(cast).determination
    assert told is not None
    assert (told.word, told.differs) == ("Postpone", "")


def test_a_section_that_fills_itself_is_not_said_to_wait_for_a_start(cast: Cast) -> None:
    shown = {view.key: view.shown for view in queries.plan_page(cast.larkspur).sections}
    assert {key for key, state in shown.items() if state == "fills_itself"} == {"readiness", "coalition", "appendices"}
    assert shown["summary"] == "not_started"

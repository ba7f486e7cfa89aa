"""Writes to the plan: versions, statuses, approvals."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from plans import outline, services
from plans.models import Plan, Section
from plans.rules.progress import Status
from plans.services import Refusal
from tests.conftest import Cast


def section(cast: Cast, key: str = "approach") -> Section:
    row: Section = Section.objects.get(plan__municipality=cast.larkspur, key=key)
    return row


def write(cast: Cast, key: str = "approach", *, name: str = "ben", seen: int = 1, **values: object):
    return services.write_section(municipality=cast.larkspur, key=key, seen=seen, values=values, by=cast[name])


def move(cast: Cast, status: Status, key: str = "approach", *, name: str = "lena", **more):
    return services.move_section(
        municipality=cast.larkspur,
        key=key,
        by=cast[name],
        status=status,
        **{"seen": section(cast, key).version, "approves": name == "lena", **more},
    )


def test_a_plan_begins_with_every_section_empty_and_remembered(cast: Cast):
    rows = Section.objects.filter(plan__municipality=cast.larkspur)
    assert {row.key for row in rows} == {*outline.by_key()}
    assert {(row.status, row.body, row.version, row.history.count()) for row in rows} == {("not_started", "", 1, 1)}


def test_the_first_text_starts_the_draft_under_its_writers_name(cast: Cast):
    outcome = write(cast, body="Why we plan", due=datetime.date(2027, 1, 15))
    row = section(cast)
    assert outcome.changed == ("body", "due", "status")
    assert (row.body, row.status, row.due, row.updated_by) == (
        "Why we plan",
        "drafting",
        datetime.date(2027, 1, 15),
        cast.ben,
    )
    assert row.history.first().history_user == cast.ben


def test_the_first_text_and_the_status_that_follows_from_it_are_one_version(cast: Cast):
    write(cast, body="Why we plan")
    assert (section(cast).version, section(cast).history.count()) == (2, 2)


@pytest.mark.parametrize("seen", [1, 999])
def test_nobody_is_asked_to_choose_a_status(cast: Cast, seen: int):
    write(cast, owner_id=cast.ben.pk)
    outcome = write(cast, name="ana", seen=seen, owner_id=cast.ana.pk, body="First")
    assert {conflict.field for conflict in outcome.conflicts} <= {"owner_id", "body"}
    assert {*outcome.waiting} <= {"body"}
    assert (section(cast).status, section(cast).owner) == ("not_started", cast.ben)


def test_saving_what_is_stored_leaves_no_trace(cast: Cast):
    assert write(cast, body="").changed == ()
    assert (section(cast).version, section(cast).history.count()) == (1, 1)


def test_an_owner_alone_does_not_start_the_draft(cast: Cast):
    write(cast, owner_id=cast.ben.pk)
    assert (section(cast).owner, section(cast).status) == (cast.ben, "not_started")


def test_two_writers_of_one_text_are_a_conflict_that_stores_nothing(cast: Cast):
    write(cast, body="Ben's")
    outcome = write(cast, name="ana", body="Ana's", due=datetime.date(2027, 1, 1))
    assert [(c.field, c.mine, c.theirs) for c in outcome.conflicts] == [("body", "Ana's", "Ben's")]
    assert (section(cast).body, section(cast).due) == ("Ben's", None)


def test_two_writers_of_different_fields_are_merged(cast: Cast):
    write(cast, body="Ben's")
    outcome = write(cast, name="ana", body="", owner_id=cast.ana.pk)
    assert (section(cast).body, section(cast).owner) == ("Ben's", cast.ana)
    assert outcome.foreign == {"body": "Ben's"}


def test_leadership_approves_and_its_name_and_moment_are_kept_until_it_withdraws(cast: Cast):
    write(cast, body="Text")
    move(cast, Status.IN_REVIEW, name="ben")
    move(cast, Status.APPROVED)
    row = section(cast)
    assert (row.status, row.approved_by, row.approved_at is not None) == ("approved", cast.lena, True)
    move(cast, Status.DRAFTING)
    row = section(cast)
    assert (row.status, row.approved_by, row.approved_at) == ("drafting", None, None)


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_nobody_else_approves_or_withdraws(cast: Cast, name: str):
    write(cast, body="Text")
    move(cast, Status.IN_REVIEW, name="ben")
    with pytest.raises(services.LeadersOnlyError):
        move(cast, Status.APPROVED, name=name, values={"body": "Smuggled in"})
    assert (section(cast).status, section(cast).body) == ("in_review", "Text")
    move(cast, Status.APPROVED)
    with pytest.raises(services.LeadersOnlyError):
        move(cast, Status.DRAFTING, name=name)
    assert section(cast).status == "approved"


def test_a_text_that_changed_since_it_was_seen_is_not_approved(cast: Cast):
    write(cast, body="Seen")
    move(cast, Status.IN_REVIEW, name="ben")
    seen = section(cast).version
    write(cast, seen=seen, body="Changed meanwhile")
    assert move(cast, Status.APPROVED, seen=seen).refusal is Refusal.CHANGED
    assert move(cast, Status.APPROVED, seen=seen, values={"body": "Seen"}).refusal is Refusal.CHANGED
    assert move(cast, Status.APPROVED, seen=999).refusal is Refusal.CHANGED
    assert section(cast).status == "in_review"


def test_an_owner_named_meanwhile_does_not_stand_in_the_way_of_an_approval(cast: Cast):
    write(cast, body="Seen")
    move(cast, Status.IN_REVIEW, name="ben")
    seen = section(cast).version
    write(cast, seen=seen, owner_id=cast.ben.pk)
    assert move(cast, Status.APPROVED, seen=seen, values={"body": "Seen"}).refusal is None
    assert section(cast).status == "approved"


def test_what_was_typed_goes_along_with_a_move(cast: Cast):
    assert move(cast, Status.IN_REVIEW, name="ben", values={"body": "Typed"}).refusal is None
    assert (section(cast).body, section(cast).status) == ("Typed", "in_review")


def test_what_was_typed_is_kept_where_the_move_is_refused(cast: Cast):
    moved = move(cast, Status.DRAFTING, name="ben", values={"body": "Typed"})
    assert moved.refusal is Refusal.IMPOSSIBLE
    assert (section(cast).body, section(cast).status) == ("Typed", "drafting")


def test_a_conflict_on_the_way_to_a_move_moves_nothing(cast: Cast):
    write(cast, body="Ben's")
    moved = move(cast, Status.IN_REVIEW, name="ana", seen=1, values={"body": "Ana's"})
    assert [c.field for c in moved.outcome.conflicts] == ["body"]
    assert (section(cast).body, section(cast).status) == ("Ben's", "drafting")


def test_an_empty_section_is_neither_reviewed_nor_approved(cast: Cast):
    assert move(cast, Status.IN_REVIEW, name="ben").refusal is Refusal.EMPTY
    write(cast, body="Text")
    move(cast, Status.IN_REVIEW, name="ben")
    write(cast, seen=section(cast).version, body="  ")
    assert move(cast, Status.APPROVED).refusal is Refusal.EMPTY
    assert section(cast).status == "in_review"


def test_a_section_that_fills_itself_needs_no_text(cast: Cast):
    move(cast, Status.IN_REVIEW, "readiness", name="ben")
    assert move(cast, Status.APPROVED, "readiness").refusal is None
    assert section(cast, "readiness").status == "approved"


def test_an_approved_section_is_frozen(cast: Cast):
    move(cast, Status.IN_REVIEW, name="ben", values={"body": "Text"})
    move(cast, Status.APPROVED)
    with pytest.raises(services.SectionFrozenError):
        write(cast, seen=section(cast).version, body="Late")
    with pytest.raises(services.SectionFrozenError):
        move(cast, Status.DRAFTING, values={"body": "Late"})
    assert (section(cast).body, section(cast).status) == ("Text", "approved")


# --- The review by two persons ----------------------------------------------------------------------------


def give_back(cast: Cast, comment: str = "Shorter, please.", *, name: str = "lena", seen: int | None = None):
    return services.return_section(
        municipality=cast.larkspur,
        key="approach",
        seen=seen or section(cast).version,
        comment=comment,
        by=cast[name],
    )


def trace(cast: Cast) -> tuple[object, ...]:
    row = section(cast)
    return (row.body, row.status, row.version, row.written_by, row.asked_by, row.returned)


def test_who_changed_the_text_last_has_written_it_whoever_signs_the_row_since(cast: Cast):
    write(cast, name="ana", body="Ana's")
    write(cast, seen=section(cast).version, owner_id=cast.ben.pk, due=datetime.date(2027, 1, 1))
    move(cast, Status.IN_REVIEW, name="ben")
    assert (section(cast).written_by, section(cast).asked_by, section(cast).updated_by) == (
        cast.ana,
        cast.ben,
        cast.ben,
    )
    write(cast, seen=section(cast).version, body="Ben's")
    assert section(cast).written_by == cast.ben


def test_an_old_page_that_names_an_owner_does_not_take_over_the_text(cast: Cast):
    write(cast, body="Ben's")
    write(cast, name="lena", body="", owner_id=cast.lena.pk)
    assert (section(cast).body, section(cast).owner, section(cast).written_by) == ("Ben's", cast.lena, cast.ben)


def test_nobody_approves_the_text_they_changed_last(cast: Cast):
    write(cast, name="lena", body="Lena's")
    move(cast, Status.IN_REVIEW, name="ben")
    before = trace(cast)
    assert move(cast, Status.APPROVED).refusal is Refusal.WROTE
    assert trace(cast) == before


def test_nobody_approves_the_text_that_they_change_as_they_approve_it(cast: Cast):
    write(cast, body="Ben's")
    move(cast, Status.IN_REVIEW, name="ben")
    assert move(cast, Status.APPROVED, values={"body": "Ben's, and Lena's"}).refusal is Refusal.WROTE
    row = section(cast)
    assert (row.body, row.status, row.written_by, row.approved_by) == (
        "Ben's, and Lena's",
        "in_review",
        cast.lena,
        None,
    )


def test_nobody_approves_what_they_asked_for(cast: Cast):
    write(cast, body="Ben's")
    move(cast, Status.IN_REVIEW)
    before = trace(cast)
    assert move(cast, Status.APPROVED).refusal is Refusal.ASKED
    assert trace(cast) == before


def test_another_person_of_leadership_approves_what_the_first_wrote_and_asked_for(cast: Cast):
    move(cast, Status.IN_REVIEW, values={"body": "Lena's"})
    assert move(cast, Status.APPROVED).refusal is Refusal.WROTE
    assert move(cast, Status.APPROVED, name="ana", approves=True).refusal is None
    row = section(cast)
    assert (row.status, row.approved_by, row.written_by, row.asked_by) == ("approved", cast.ana, cast.lena, cast.lena)


def test_what_fills_itself_has_no_author_and_still_somebody_who_asked(cast: Cast):
    write(cast, "readiness", name="lena", body="Words")
    write(cast, "readiness", name="lena", seen=2, body="")
    move(cast, Status.IN_REVIEW, "readiness")
    assert move(cast, Status.APPROVED, "readiness").refusal is Refusal.ASKED
    move(cast, Status.DRAFTING, "readiness")
    move(cast, Status.IN_REVIEW, "readiness", name="ben")
    assert move(cast, Status.APPROVED, "readiness").refusal is None


def test_words_in_what_fills_itself_are_somebodys(cast: Cast):
    write(cast, "readiness", name="lena", body="Words")
    move(cast, Status.IN_REVIEW, "readiness", name="ben")
    assert move(cast, Status.APPROVED, "readiness").refusal is Refusal.WROTE


def test_leadership_returns_a_section_with_its_comment_until_it_is_sent_again(cast: Cast):
    write(cast, body="Long")
    move(cast, Status.IN_REVIEW, name="ben")
    assert give_back(cast, " Shorter,\nplease. ").refusal is None
    row = section(cast)
    assert (row.status, row.returned, row.returned_by, row.returned_at is not None, row.asked_by) == (
        "drafting",
        "Shorter,\nplease.",
        cast.lena,
        True,
        None,
    )
    write(cast, seen=row.version, body="Short")
    assert section(cast).returned == "Shorter,\nplease."
    move(cast, Status.IN_REVIEW, name="ben")
    row = section(cast)
    assert (row.status, row.returned, row.returned_by, row.returned_at) == ("in_review", "", None, None)
    assert [past.returned for past in row.history.filter(returned_by=cast.lena)] == ["Shorter,\nplease."] * 2


@pytest.mark.parametrize("comment", ["", " \n "])
def test_leadership_does_not_return_without_a_word(cast: Cast, comment: str):
    write(cast, body="Text")
    move(cast, Status.IN_REVIEW, name="ben")
    before = trace(cast)
    assert give_back(cast, comment).refusal is Refusal.SILENT
    assert move(cast, Status.DRAFTING).refusal is Refusal.SILENT
    assert trace(cast) == before


@pytest.mark.parametrize("name", ["ana", "lena"])
def test_a_review_is_taken_back_without_a_word_by_the_team_and_by_who_asked(cast: Cast, name: str):
    write(cast, body="Text")
    move(cast, Status.IN_REVIEW, name="lena" if name == "lena" else "ben")
    assert move(cast, Status.DRAFTING, name=name).refusal is None
    assert (section(cast).status, section(cast).asked_by, section(cast).returned) == ("drafting", None, "")


def test_who_wrote_a_text_and_was_asked_returns_it_with_a_comment(cast: Cast):
    write(cast, name="lena", body="Lena's")
    move(cast, Status.IN_REVIEW, name="ben")
    assert give_back(cast).refusal is None


@pytest.mark.parametrize("status", [Status.NOT_STARTED, Status.DRAFTING, Status.APPROVED])
def test_only_what_waits_for_leadership_is_returned(cast: Cast, status: Status):
    if status is not Status.NOT_STARTED:
        write(cast, body="Text")
    if status is Status.APPROVED:
        move(cast, Status.IN_REVIEW, name="ben")
        move(cast, Status.APPROVED)
    before = trace(cast)
    assert give_back(cast).refusal is Refusal.IMPOSSIBLE
    assert trace(cast) == before


def test_who_asked_does_not_return_to_themselves(cast: Cast):
    move(cast, Status.IN_REVIEW, values={"body": "Text"})
    assert give_back(cast).refusal is Refusal.IMPOSSIBLE


def test_a_text_that_changed_since_it_was_seen_is_not_returned(cast: Cast):
    write(cast, body="Seen")
    move(cast, Status.IN_REVIEW, name="ben")
    seen = section(cast).version
    write(cast, seen=seen, body="Changed meanwhile")
    assert give_back(cast, seen=seen).refusal is Refusal.CHANGED
    assert give_back(cast, seen=999).refusal is Refusal.CHANGED
    assert section(cast).status == "in_review"


def test_the_database_holds_no_return_without_a_name_and_no_review_that_nobody_waits_for(cast: Cast):
    for values in ({"returned": "Why"}, {"status": "drafting", "returned_by": cast.lena}, {"asked_by": cast.ben}):
        row = section(cast)
        for name, value in values.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(update_fields=[*values])


# --- The rest ---------------------------------------------------------------------------------------------


def test_an_unknown_section_does_not_exist(cast: Cast):
    with pytest.raises(Section.DoesNotExist):
        write(cast, "money", body="Text")


def test_the_database_holds_no_approval_without_a_name(cast: Cast):
    row = section(cast)
    row.status = "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(update_fields=["status"])


def test_the_title_and_the_paper_are_merged_between_two_writers(cast: Cast):
    change = services.change_plan
    change(municipality=cast.larkspur, seen=1, values={"title": "Larkspur Moves", "paper": "letter"}, by=cast.ana)
    values = {"title": "Mobility Action Plan", "paper": "a4"}
    change(municipality=cast.larkspur, seen=1, values=values, by=cast.ben)
    plan = Plan.objects.get(municipality=cast.larkspur)
    assert (plan.title, plan.paper, plan.version) == ("Larkspur Moves", "a4", 3)


def test_two_titles_at_once_are_a_conflict(cast: Cast):
    services.change_plan(municipality=cast.larkspur, seen=1, values={"title": "One"}, by=cast.ana)
    outcome = services.change_plan(municipality=cast.larkspur, seen=1, values={"title": "Two"}, by=cast.ben)
    assert [(c.mine, c.theirs) for c in outcome.conflicts] == [("Two", "One")]

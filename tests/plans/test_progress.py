"""How a section moves from its first word to its approval: the rules alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules import progress
from plans.rules.progress import Own, Progress, Status

statuses = st.sampled_from(Status)
# One thing that happens to a section: somebody writes a text, or asks for a move.
acts = st.lists(st.tuples(st.sampled_from(["", "  \n", "Words"]), statuses, st.booleans()), max_size=12)


def walk(path: list[tuple[str, Status, bool]]) -> list[tuple[Status, str, bool]]:
    """Status, text and whether leadership acted, after each act that the rules allow."""
    status, text, seen = Status.NOT_STARTED, "", []
    for typed, wanted, approves in path:
        if not progress.frozen(status):
            text = typed
            status = progress.after_text(status, text)
        if wanted in progress.moves(status, filled=bool(text.strip()), approves=approves):
            status = wanted
            seen.append((status, text, approves))
    return seen


@given(acts)
def test_no_path_of_moves_reaches_approved_without_leadership(path):
    withheld = [(text, wanted, False) for text, wanted, _ in path]
    assert Status.APPROVED not in [status for status, _, _ in walk(withheld)]


@given(acts)
def test_whoever_approves_is_leadership_and_no_empty_section_is_approved(path):
    approvals = [(text, approves) for status, text, approves in walk(path) if status is Status.APPROVED]
    assert all(approves and text.strip() for text, approves in approvals)


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from(["", "A", "B"]), st.none() | statuses)))
def test_no_path_lets_anybody_approve_what_they_wrote_or_asked_for(path):
    """Each act is somebody's: a text where no status is wanted, a move otherwise."""
    status, text, wrote, asked = Status.NOT_STARTED, "", None, None
    for person, typed, wanted in path:
        own = progress.own(person, written_by=wrote, asked_by=asked)
        if wanted is None and not progress.frozen(status):
            wrote = wrote if typed == text else person
            text, status = typed, progress.after_text(status, typed)
        elif wanted in progress.moves(status, filled=bool(text), approves=True, own=own):
            assert wanted is not Status.APPROVED or person not in (wrote, asked)
            asked = person if wanted is Status.IN_REVIEW else asked
            status = wanted


@pytest.mark.parametrize(
    ("written_by", "asked_by", "expected"),
    [
        (None, None, set()),
        (2, 3, set()),
        (1, 2, {Own.WROTE}),
        (2, 1, {Own.ASKED}),
        (None, 1, {Own.ASKED}),
        (1, 1, {Own.WROTE, Own.ASKED}),
    ],
)
def test_a_section_is_whose_text_it_is_and_who_asked(written_by: int | None, asked_by: int | None, expected: set):
    assert progress.own(1, written_by=written_by, asked_by=asked_by) == expected


@given(statuses, statuses, st.booleans(), st.sets(st.sampled_from(Own)).map(frozenset))
def test_a_return_is_leaderships_answer_to_somebody_elses_request(status, wanted, approves, own):
    expected = (status, wanted, approves) == (Status.IN_REVIEW, Status.DRAFTING, True) and Own.ASKED not in own
    assert progress.returns(status, wanted, approves=approves, own=own) == expected


@given(statuses, st.sets(st.sampled_from(Own), min_size=1).map(frozenset))
def test_ones_own_is_offered_all_but_its_approval(status: Status, own: frozenset[Own]):
    everything = progress.moves(status, filled=True, approves=True)
    offered = progress.moves(status, filled=True, approves=True, own=own)
    assert offered == tuple(wanted for wanted in everything if wanted is not Status.APPROVED)


@given(statuses, statuses, st.booleans())
def test_what_is_offered_is_what_is_possible(status: Status, wanted: Status, filled: bool):
    offered = wanted in progress.moves(status, filled=filled, approves=True)
    assert offered == progress.possible(status, wanted, filled=filled)


@given(statuses, st.booleans())
def test_leadership_may_do_all_that_others_may(status: Status, filled: bool):
    others = progress.moves(status, filled=filled, approves=False)
    assert {*others} <= {*progress.moves(status, filled=filled, approves=True)}


@pytest.mark.parametrize(
    ("status", "approves", "expected"),
    [
        (Status.NOT_STARTED, True, (Status.IN_REVIEW,)),
        (Status.DRAFTING, False, (Status.IN_REVIEW,)),
        (Status.IN_REVIEW, False, (Status.DRAFTING,)),
        (Status.IN_REVIEW, True, (Status.APPROVED, Status.DRAFTING)),
        (Status.APPROVED, False, ()),
        (Status.APPROVED, True, (Status.DRAFTING,)),
    ],
)
def test_the_moves_of_a_written_section(status: Status, approves: bool, expected: tuple[Status, ...]):
    assert progress.moves(status, filled=True, approves=approves) == expected


@pytest.mark.parametrize(("status", "expected"), [(Status.NOT_STARTED, ()), (Status.IN_REVIEW, (Status.DRAFTING,))])
def test_an_empty_section_only_goes_back(status: Status, expected: tuple[Status, ...]):
    assert progress.moves(status, filled=False, approves=True) == expected


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (Status.NOT_STARTED, "Words", Status.DRAFTING),
        (Status.NOT_STARTED, " \n", Status.NOT_STARTED),
        (Status.DRAFTING, "", Status.DRAFTING),
        (Status.IN_REVIEW, "Words", Status.IN_REVIEW),
    ],
)
def test_the_first_words_start_the_drafting(status: Status, text: str, expected: Status):
    assert progress.after_text(status, text) is expected


@given(st.lists(statuses))
def test_the_counts_add_up_and_only_a_whole_plan_is_complete(found: list[Status]):
    counted = progress.progress(found)
    assert counted.total == len(found)
    assert counted.complete == (bool(found) and {*found} == {Status.APPROVED})
    assert counted.begun == any(status is not Status.NOT_STARTED for status in found)


def test_the_counts_stand_at_their_status():
    found = [Status.APPROVED, Status.DRAFTING, Status.APPROVED, Status.IN_REVIEW, Status.NOT_STARTED, Status.DRAFTING]
    assert progress.progress(found) == Progress(not_started=1, drafting=2, in_review=1, approved=2)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n ", 0),
        ("Two words", 2),
        ("- one\n- two – three", 3),
        ("| a | b |\n|---|---|", 2),
        ("# Título", 1),
    ],
)
def test_words_are_counted_and_lone_signs_are_not(text: str, count: int):
    assert progress.words(text) == count

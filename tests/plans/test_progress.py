"""How a section moves from its first word to its approval: the rules alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules import progress
from plans.rules.progress import Progress, Status

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

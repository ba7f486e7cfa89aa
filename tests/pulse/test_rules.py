"""Agreement by hand, and that nothing published stands for fewer than five people."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulse import instrument
from pulse.rules.agreement import agreement, summary
from pulse.rules.suppression import LEAST, shown


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], None),
        ([4, 4], None),
        ([4, 4, 4], 1.0),
        # Mean 4, squares 1 + 0 + 1 = 2, over 2 is 1, half of it .5.
        ([3, 4, 5], 0.5),
        # Mean 3, squares 4 + 4 + 0 = 8, over 2 is 4, half of it 2: below 0.
        ([1, 5, 3], 0.0),
        # Mean 3, squares 4 + 1 + 0 + 1 + 4 = 10, over 4 is 2.5: below 0.
        ([1, 2, 3, 4, 5], 0.0),
        # Mean 3.5, squares 4 * .25 = 1, over 3 is .3333, half of it .1667.
        ([3, 3, 4, 4], 1 - 1 / 6),
        # Mean 4.2, squares .04 * 4 + .64 = .8, over 4 is .2, half of it .1.
        ([4, 4, 4, 4, 5], 0.9),
    ],
)
def test_agreement_is_as_reckoned_by_hand(answers: list[int], expected: float | None):
    found = agreement(answers)
    assert found == (expected if expected is None else pytest.approx(expected))


@given(st.lists(st.integers(1, 5), min_size=3, max_size=30))
def test_agreement_lies_between_none_and_all_and_needs_no_order(answers: list[int]):
    found = agreement(answers)
    assert found is not None
    assert 0 <= found <= 1
    assert found == pytest.approx(agreement(sorted(answers)))
    assert (found == 1) == (len(set(answers)) == 1)


def test_a_summary_is_over_persons_and_what_they_left_out_does_not_count():
    found = summary([(5, 3), (4, 0), (0, 0), (2, 2)])
    assert found is not None
    # Persons' means 4, 4, 2: mean 10/3, squares 4/9 + 4/9 + 16/9 over 2 = 4/3.
    assert (found.people, found.mean, found.spread) == (3, pytest.approx(10 / 3), pytest.approx((4 / 3) ** 0.5))
    # The first item has 5, 4, 2: variance 7/3, below 0 after halving; the second has two answers only.
    assert (found.agreement, found.few) == (0.0, True)


def test_nobody_and_one_person_have_no_spread():
    assert summary([]) is None
    assert summary([(0, 0)]) is None
    one = summary([(4, 4)])
    assert one is not None
    assert (one.people, one.mean, one.spread, one.agreement) == (1, 4, 0, None)


def test_five_are_not_few():
    found = summary([(4,)] * 5)
    assert found is not None
    assert (found.few, found.agreement) == (False, 1)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 2, "b": 2}, None),
        ({"a": 5, "b": 0}, {"a"}),
        ({"a": 9, "b": 4}, set()),
        ({"a": 9, "b": 8, "c": 4}, {"a"}),
        ({"a": 9, "b": 3, "c": 2}, {"a"}),
        ({"a": 9, "b": 3, "c": 1}, set()),
        ({"a": 6, "b": 6, "c": 1}, {"b"}),
        ({"a": 6, "b": 7, "c": 8}, {"a", "b", "c"}),
    ],
)
def test_a_group_that_subtraction_would_reveal_is_hidden_too(counts: dict[str, int], expected: set[str] | None):
    assert shown(counts) == expected


@settings(max_examples=500)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1))
def test_nothing_that_can_be_worked_out_stands_for_fewer_than_five(counts: dict[str, int]):
    open_ = shown(counts)
    total = sum(counts.values())
    if open_ is None:
        assert total < LEAST
        return
    for some in chain.from_iterable(combinations(sorted(open_), size) for size in range(len(open_) + 1)):
        together = sum(counts[group] for group in some)
        for derived in (together, total - together):
            assert derived == 0 or derived >= LEAST, (counts, open_, some)


def test_the_instrument_has_fifteen_statements_in_two_languages():
    tool = instrument.load()
    assert [len(tool.of_scale(scale)) for scale in tool.scales] == [5, 7, 3]
    assert tool.of_condition("culture") == ("w1", "w2")
    assert tool.of_condition("buy-in") == ("w3",)
    assert all(s.text["en"] and s.text["es"] and s.text["en"] != s.text["es"] for s in tool.statements)
    assert set(tool.words["en"]) == set(tool.words["es"])
    assert [len(words) for words in tool.points.values()] == [5, 5]

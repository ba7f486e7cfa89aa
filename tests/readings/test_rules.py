"""How far readings lie apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.rules.checklist import Status
from readings.rules.disagreement import disagreement

N, U, P, X = Status.NOT_YET, Status.UNDER_WAY, Status.IN_PLACE, Status.UNANSWERED
readings = st.lists(st.sampled_from(list(Status)), max_size=8)


@pytest.mark.parametrize(
    ("statuses", "apart"),
    [
        ([], 0),
        ([P], 0),
        ([P, X, X], 0),
        ([P, P, P], 0),
        ([N, P], 1),
        ([N, N, P, P], 1),
        ([N, P, P], 1),
        ([N, P, P, P], 0.75),
        ([U, P], 0.5),
        ([N, U, P], 1),
        ([N, P, X], 1),
    ],
)
def test_it_is_none_where_all_agree_and_one_where_half_stand_at_either_end(statuses: list[Status], apart: float):
    assert disagreement(statuses) == apart


@given(readings)
def test_it_lies_between_none_and_one_whoever_says_it(statuses: list[Status]):
    found = disagreement(statuses)
    assert 0 <= found <= 1
    assert found == pytest.approx(disagreement(statuses[::-1]))
    turned = {N: P, P: N}
    assert found == pytest.approx(disagreement([turned.get(status, status) for status in statuses]))
    assert (found == 0) == (len({status for status in statuses if status is not X}) < 2)


@given(readings)
def test_who_has_not_answered_changes_nothing(statuses: list[Status]):
    assert disagreement([*statuses, X]) == disagreement(statuses)

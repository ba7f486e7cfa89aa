"""One way to write a value down, and where two values differ."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.rules.canonical import canonical, differences, fingerprint

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def test_keys_are_ordered_and_nothing_is_put_between():
    assert canonical({"b": [1, None, True], "a": "Zoë\n"}) == '{"a":"Zoë\\n","b":[1,null,true]}'.encode()


def test_the_fingerprint_is_the_sha_256_of_that():
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(values)
def test_what_a_database_hands_back_has_the_same_fingerprint(value: object):
    assert fingerprint(json.loads(json.dumps(value))) == fingerprint(value)


@given(values, values)
def test_values_differ_where_their_fingerprints_do(left: object, right: object):
    # 1 and True are equal in Python, and not in JSON.
    same = list(differences(left, right)) == []
    assert same or fingerprint(left) != fingerprint(right)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(value: float):
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(value)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 1, "y": 3}}, ["a > y"]),
        ({"a": 1}, {"b": 1}, ["a", "b"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a > 2"]),
        ({"a": [1]}, {"a": [1, 2]}, ["a"]),
        ({"a": {"x": 1}}, {"a": 1}, ["a"]),
        ({"a": {"x": 1}}, {"a": {}}, ["a > x"]),
        (1, 2, ["everything"]),
        ([1, {"a": 2}], [1, {"a": 2}], []),
    ],
)
def test_a_difference_is_named_by_its_place(before: object, after: object, found: list[str]):
    assert list(differences(before, after)) == found

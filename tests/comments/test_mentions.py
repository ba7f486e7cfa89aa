"""Who is mentioned in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.rules.mentions import mentioned

PEOPLE = {
    1: ("Ann", "ann@x.example"),
    2: ("Ann Lee", "lee@x.example"),
    3: ("José (Pepe) Díaz", "pepe@x.example"),
    4: ("", "nameless@x.example"),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann, look", {1}),
        ("@ann lee look", {2}),
        ("@Ann Lee and @Ann.", {1, 2}),
        ("(@José (Pepe) Díaz)", {3}),
        ("@lee@x.example and @NAMELESS@X.example", {2, 4}),
        ("Ann Lee", set()),
        ("mail@Ann", set()),
        ("@@Ann", set()),
        ("@Annabel", set()),
        ("@Ann@x", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_a_member_is_mentioned_by_a_whole_name_or_address_behind_the_sign(text: str, found: set[int]):
    assert mentioned(text, PEOPLE) == found


def test_nobody_is_mentioned_where_nobody_has_a_name():
    assert mentioned("@Ann", {}) == set()
    assert mentioned("@ ", {1: ("", " ")}) == set()


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)


@given(names, st.text(max_size=8))
def test_every_name_can_be_mentioned_and_no_text_breaks_it(name: str, text: str):
    assert mentioned(f"@{name}", {1: (name,)}) == {1}
    assert mentioned(text, {1: (name,)}) <= {1}

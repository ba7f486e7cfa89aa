"""Which paragraph a comment is on, before and after the text has changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.rules.passages import ALIKE, NAME, QUOTE, Found, Paragraphs, begin, digest, quote

WORDS = st.lists(st.sampled_from(["rent", "homes", "bus", "clinic", "court", "school"]), min_size=1).map(" ".join)
FIRST = "Rents rose faster than pay in every part of the county."
SECOND = "Child care ends before the shift does."


def find(words: str, text: list[str]) -> Found | None:
    return Paragraphs(text).find(digest(words), quote(words))


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, unique=True), st.data())
def test_a_paragraph_is_found_wherever_it_stands(text: list[str], data: st.DataObject):
    wanted = data.draw(st.sampled_from(text))
    shuffled = data.draw(st.permutations(text))
    assert find(wanted, shuffled) == Found(shuffled.index(wanted), changed=False)


@settings(deadline=None)
@given(st.text(), st.lists(st.text()))
def test_any_words_find_a_place_of_the_text_or_none(words: str, text: list[str]):
    found = find(words, text)
    assert found is None or 0 <= found.place < len(text)


def test_spaces_and_lines_make_no_other_paragraph():
    assert find("Rents\nrose  faster", ["Other", " Rents rose faster\n"]) == Found(1, changed=False)
    assert digest("Rents\n rose") == digest("Rents rose") != digest("Rents  rose faster")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ([SECOND, FIRST.replace("pay", "wages")], Found(1, changed=True)),
        ([FIRST.replace("every part of the", "the whole"), SECOND], Found(0, changed=True)),
        ([FIRST.upper()], Found(0, changed=True)),
        (["Rents are high.", FIRST.replace(".", ", says the court.")], Found(1, changed=True)),
        ([SECOND], None),
        (["Rents rose."], None),
        ([""], None),
        ([], None),
    ],
)
def test_a_paragraph_written_otherwise_is_found_while_half_of_its_words_stay(text: list[str], found: Found | None):
    assert find(FIRST, text) == found


def test_half_of_the_words_is_the_bound():
    assert ALIKE == 0.5
    assert find("a b c d", ["a b x y"]) == Found(0, changed=True)
    assert find("a b c d", ["a b x y z"]) is None


def test_the_nearest_of_several_is_taken_and_the_same_before_a_like_one():
    near, nearer = FIRST.replace("county", "state").replace("pay", "wages"), FIRST.replace("pay", "wages")
    assert find(FIRST, [near, nearer]) == Found(1, changed=True)
    assert find(FIRST, [nearer, FIRST]) == Found(1, changed=False)


def test_a_long_paragraph_is_told_by_all_of_it_and_quoted_by_its_beginning():
    long = "word " * 1_000
    assert (len(quote(long)), digest(long) == digest(quote(long))) == (QUOTE, False)
    assert find(long, [long + "more"]) == Found(0, changed=True)


def test_words_that_say_nothing_have_no_digest():
    assert (digest(" \n"), quote(" \n"), begin(" ")) == ("", "", "")


def test_a_name_is_its_first_words():
    assert begin("A\n b") == "A b"
    assert begin("x" * (NAME + 1)) == "x" * NAME + "…"

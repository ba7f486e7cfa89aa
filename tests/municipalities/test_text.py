"""What may stand in a text: control characters, what turns it round, and something to read."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.rules.text import control_character, hidden_character, printable, readable


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Kim Doe", ""),
        ("Zoë Ó Súilleabháin, 鈴木", ""),
        ("نگار\u200cخانه", ""),
        ("a\tb", "U+0009"),
        ("a\x00b", "U+0000"),
        ("a\x9bb", "U+009B"),
        ("lord\u202egnik", "U+202E"),
        ("two\u2028lines", "U+2028"),
        ("\u2067x\x07", "U+2067"),
    ],
)
def test_the_first_hidden_character_of_a_name_is_named(text: str, hidden: str):
    assert hidden_character(text) == hidden


def test_a_long_text_may_hold_what_its_field_allows():
    assert control_character("a\tb\nc\u202e", allowed="\t\n") == ""
    assert control_character("a\tb\nc\r", allowed="\t\n") == "U+000D"


@given(st.text())
def test_a_text_without_hidden_characters_has_no_control_characters_either(text: str):
    assert bool(control_character(text)) == any(category(char) == "Cc" for char in text)
    assert not control_character(text) or hidden_character(text)


@pytest.mark.parametrize(("text", "yes"), [("", False), (" -–\u200b·", False), ("☃", False), ("é", True), ("７", True)])
def test_a_readable_text_has_a_letter_or_a_digit(text: str, yes: bool):
    assert readable(text) is yes


@given(st.text(st.characters()))
def test_a_printable_text_stays_on_its_line_and_can_be_stored(text: str):
    shown = printable(text)
    assert (len(shown), shown.isprintable(), printable(shown)) == (len(text), True, shown)
    shown.encode()


def test_what_is_printable_already_is_left_alone():
    assert printable("autumn – Zoë's.csv") == "autumn – Zoë's.csv"
    assert printable("a\x1b[2J\n\udcff") == "a\ufffd[2J\ufffd\ufffd"

"""What differs between two texts: the rules alone."""

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules import difference as rules
from plans.rules.difference import difference

texts = st.text(alphabet="ab .,!\n-é", max_size=60) | st.lists(
    st.sampled_from(["One two.", "Three four five.", "\n\n", "\n", " ", "six", "*seven*"]), max_size=14
).map("".join)
LONGEST = 60_000


def shown(old: str, new: str, **more: int) -> list[list[tuple[str, str]]]:
    """Each paragraph as its pieces: = stayed, - went, + came."""
    signs = {rules.Kind.SAME: "=", rules.Kind.OUT: "-", rules.Kind.IN: "+"}
    found = difference(old, new, **more)
    return [[(signs[piece.kind], piece.text) for piece in paragraph.pieces] for paragraph in found.paragraphs]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("Same.", "Same.", [[("=", "Same.")]]),
        ("", "New.", [[("+", "New.")]]),
        ("Old.", "", [[("-", "Old.")]]),
        (
            "Rents rose by a lot.\n\nPay did not.",
            "Rents rose by a third.\n\nPay did not.",
            [[("=", "Rents rose by a "), ("-", "lot"), ("+", "third"), ("=", ".")], [("=", "Pay did not.")]],
        ),
        ("A\n\nC", "A\n\nB b\n\nC", [[("=", "A")], [("+", "B b")], [("=", "C")]]),
        ("A\n\nB b\n\nC", "A\n\nC", [[("=", "A")], [("-", "B b")], [("=", "C")]]),
        # Two lines with little in common are not one that was changed.
        ("Old words here.", "Something else now", [[("-", "Old words here.")], [("+", "Something else now")]]),
        # A break that went is shown where it stood, one that came ends its line.
        ("A b c.\n\nD e f.", "A b c. D e f.", [[("=", "A b c. "), ("-", "\n\n"), ("=", "D e f.")]]),
        ("A b c. D e f.", "A b c.\n\nD e f.", [[("=", "A b c."), ("+", "\n\n")], [("=", "D e f.")]]),
        # As many lines as before are compared one by one.
        (
            "- one fine day\n- two fine days\n",
            "- one good day\n- two good days\n",
            [
                [("=", "- one "), ("-", "fine "), ("+", "good "), ("=", "day")],
                [("=", "- two "), ("-", "fine "), ("+", "good "), ("=", "days")],
            ],
        ),
        # A sentence that is another stands in the line of the one that it follows.
        (
            "All of us know this now. It is weak here.\nEnd",
            "All of us know this now. Nobody came twice.\nEnd",
            [
                [("=", "All of us know this now. "), ("-", "It is weak here."), ("+", "Nobody came twice.")],
                [("=", "End")],
            ],
        ),
        ("It’s 3-day old.", "It’s 4-day old.", [[("=", "It’s "), ("-", "3-day "), ("+", "4-day "), ("=", "old.")]]),
    ],
)  # fmt: skip
def test_what_went_and_what_came_stands_in_its_paragraph(old: str, new: str, expected: list):
    assert shown(old, new) == expected


@given(texts, texts, st.sampled_from([0, 40, rules.STEPS]))
def test_both_texts_can_be_read_out_of_their_difference(old: str, new: str, steps: int):
    pieces = [piece for line in shown(old, new, steps=steps) for piece in line]
    assert bare("".join(text for sign, text in pieces if sign != "+")) == bare(old)
    assert bare("".join(text for sign, text in pieces if sign != "-")) == bare(new)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str):
    found = difference(text, text)
    assert (found.changed, found.spacing, found.added, found.removed) == (False, False, 0, 0)


@pytest.mark.parametrize(
    ("old", "new"), [("A\nB", "A\n\nB"), ("A b", "A   b"), ("A  ", "A"), (" A", "A"), ("A\tb", "A b")]
)
def test_blanks_and_the_number_of_breaks_are_named_and_not_marked(old: str, new: str):
    found = difference(old, new)
    assert (found.changed, found.spacing) == (False, True)


def test_words_are_counted_and_signs_are_not():
    found = difference("One two three four five.", "One 2 and a half, three four five!")
    assert (found.added, found.removed) == (4, 1)


def test_lines_that_stayed_stand_together_between_those_that_changed():
    found = difference("a\nb\nc\nd\ne", "a\nb\nX\nd\ne")
    assert [(changed, len(lines)) for changed, lines in found.runs] == [(False, 2), (True, 2), (False, 2)]
    assert list(difference("", "").runs) == []


def test_with_too_few_steps_the_difference_is_coarser_and_not_wrong():
    old, new = "One two three four five six.", "One 2 three four 5 six."
    assert len(shown(old, new)[0]) == 7
    assert shown(old, new, steps=0) == [[("-", old)], [("+", new)]]


def _lines(words: list[str]) -> str:
    return "\n".join(words)[:LONGEST]


def _hard() -> dict[str, tuple[str, str]]:
    """Pairs of texts of the form's limit that a plain comparison would not be done with in minutes."""
    pick = random.Random(7)
    a, b = ([pick.choice("ab") for _ in range(30_000)] for _ in range(2))
    numbers = [str(n) for n in range(12_000)]
    return {
        "two words again and again": (" ".join(a), " ".join(b)),
        "two lines again and again": (_lines(a), _lines(b)),
        "two sentences again and again": (". ".join(a)[:LONGEST], ". ".join(b)[:LONGEST]),
        "signs": (".!" * 30_000, "!." * 30_000),
        "breaks": ("\n" * LONGEST, "\n" * (LONGEST - 1) + "a"),
        "blanks": (" " * LONGEST, "a" + " " * (LONGEST - 1)),
        "every second line": (_lines([f"{n}\n{n}a" for n in range(4000)]), _lines([f"{n}\n{n}b" for n in range(4000)])),
        "turned round": (_lines(numbers), _lines(numbers[::-1])),
        "one word": ("a" * LONGEST, "b" * LONGEST),
    }


@pytest.mark.parametrize("name", _hard())
def test_the_longest_texts_are_compared_within_the_steps_there_are(name: str, monkeypatch: pytest.MonkeyPatch):
    """Counted in what difflib is given to do; the clock, of this work alone, only catches what would hang."""
    given_out: list[int] = []
    plain = rules.SequenceMatcher

    def counted(junk: None, a: list[str], b: list[str], *, autojunk: bool):
        given_out.append(rules._cost(a, b))
        return plain(junk, a, b, autojunk=autojunk)

    monkeypatch.setattr(rules, "SequenceMatcher", counted)
    old, new = _hard()[name]
    began = time.thread_time()
    found = difference(old, new)
    assert sum(given_out) <= rules.STEPS
    assert time.thread_time() - began < 60
    assert bare("".join(p.text for line in found.paragraphs for p in line.pieces if p.kind != rules.Kind.IN)) == bare(
        old
    )


def test_a_long_text_with_an_edit_in_every_paragraph_is_shown_word_by_word():
    pick = random.Random(7)
    known = [f"{one}{other}" for one in "abcdefghij" for other in "klmnopqrst"]
    old = [[pick.choice(known) for _ in range(120)] for _ in range(160)]
    new = [[*line[:60], "EDITED", *line[61:]] for line in old]
    before, after = ("\n\n".join(" ".join(line) + "." for line in lines) for lines in (old, new))
    assert 50_000 < len(before) < LONGEST
    found = difference(before, after)
    assert (found.added, found.removed, len(found.paragraphs)) == (160, 160, 160)

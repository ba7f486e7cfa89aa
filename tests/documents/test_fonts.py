"""What the shipped fonts draw, and words for the rest."""

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from documents import fonts
from documents.fonts import replace_uncovered


def test_text_that_public_sans_draws_is_left_alone() -> None:
    covered = replace_uncovered("Plan for “Larkspur” – ½ done, 3 ≥ 2\n\t©")
    assert covered == fonts.Covered("Plan for “Larkspur” – ½ done, 3 ≥ 2\n\t©", (), scripts=False)


@pytest.mark.parametrize("text", ["Łódź ǆ", "Ελληνικά", "Кириллица", "עברית", "العربية", "हिन्दी"])
def test_other_scripts_are_drawn_by_their_own_fonts(text: str) -> None:
    assert replace_uncovered(text) == fonts.Covered(text, (), scripts=text[0] != " ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("🎉", "[party popper]"),
        ("👩‍💻", "[woman][personal computer]"),
        ("☑️ done", "[ballot box with check] done"),
        ("\ue000", "[character u+e000]"),
    ],
)
def test_character_without_a_shape_becomes_its_name(text: str, words: str) -> None:
    assert replace_uncovered(text).text == words


def test_what_was_replaced_is_told_once_each() -> None:
    told = replace_uncovered("🎉 🎉 ☑").replaced
    assert told == ("ballot box with check (U+2611)", "party popper (U+1F389)")


def test_control_characters_go_and_lookalikes_stay_readable_without_being_told() -> None:
    covered = replace_uncovered("a\x00\x07\ud800b non\u2011break → c")
    assert (covered.text, covered.replaced) == ("ab non-break -> c", ())


@given(st.text())
def test_result_is_covered_whatever_comes_in(text: str) -> None:
    once = replace_uncovered(text)
    assert replace_uncovered(once.text).text == once.text
    assert not replace_uncovered(once.text).replaced


def test_every_weight_of_a_family_draws_the_same_characters() -> None:
    for stylesheet in ("print.css", "print-scripts.css"):
        css = fonts.STATIC / "css" / stylesheet
        families: dict[str, set[frozenset[int]]] = {}
        for family, url in fonts._FACE.findall(css.read_text()):
            with TTFont(css.parent / url) as font:
                families.setdefault(family, set()).add(frozenset(font.getBestCmap()))
        assert families
        assert {family for family, drawn in families.items() if len(drawn) > 1} == set()

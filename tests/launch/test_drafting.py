"""The rule that fills in the drafts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from launch import kit, wording
from launch.rules.drafting import Segment, draft, missing, plain

NAMES = sorted(wording.fill_ins())
FACTS = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60))
PARTS = st.sampled_from(kit.load())


def test_a_draft_reads_with_its_facts_and_shows_what_is_missing():
    segments = draft("{lead_department} leads in {place}.", {"place": "Larkspur"})
    assert segments == (
        Segment("", "lead_department"),
        Segment(" leads in "),
        Segment("Larkspur", "place"),
        Segment("."),
    )
    assert missing(segments) == ("lead_department",)
    assert plain(segments, {"lead_department": "lead department"}) == "[lead department] leads in Larkspur."


def test_braces_in_a_value_fill_nothing_in():
    assert plain(draft("{place}!", {"place": "{budget} <b>", "budget": "9"}), {}) == "{budget} <b>!"


def test_every_fill_in_of_the_kit_is_known_and_every_known_one_is_used():
    used = {s.name for part in kit.load() for s in draft(part.text, {}) if s.name}
    assert used == set(NAMES)


def test_the_kit_has_eight_parts_and_four_questions_each_with_a_label():
    parts = kit.load()
    assert [sum(p.document == name for p in parts) for name in kit.DOCUMENTS] == [8, 4]
    assert {p.label for p in parts} == set(wording.LABELS)
    assert len({p.key for p in parts}) == len(parts)


@settings(max_examples=150)
@given(PARTS, FACTS)
def test_whatever_the_facts_they_stand_verbatim_and_nothing_is_left_in_braces(part: kit.Part, facts: dict[str, str]):
    segments = draft(part.text, facts)
    filled = {name for name in facts if facts[name].strip()}
    for segment in segments:
        if segment.name:
            assert segment.text == facts.get(segment.name, "").strip()
        else:
            assert "{" not in segment.text
            assert "}" not in segment.text
    assert set(missing(segments)) == {s.name for s in segments if s.name} - filled
    assert "".join(s.text or f"{{{s.name}}}" for s in segments if s.name not in filled) == "".join(
        f"{{{s.name}}}" if s.name else s.text for s in segments if s.name not in filled
    )

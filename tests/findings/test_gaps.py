"""What findings and engagement lack, from plain values."""

from hypothesis import given
from hypothesis import strategies as st

from findings.rules.gaps import Engagement, Finding, Gap, gaps

PARTS = ("success", "power", "belonging")
WHOLE = Finding(1, PARTS, metrics=True, heard=True, qualities=("strong",))


def codes(*found: Finding, held: tuple[Engagement, ...] = ()) -> list[Gap]:
    return gaps(PARTS, found, held)


def test_a_whole_base_lacks_nothing():
    assert codes(WHOLE, held=(Engagement(1, past=True, heard=True, reported=True),)) == []


def test_a_part_of_the_definition_that_nothing_speaks_to_is_named():
    one = Finding(1, ("success",), metrics=False, heard=True, qualities=())
    assert codes(one) == [Gap("unspoken", part="power"), Gap("unspoken", part="belonging")]


def test_findings_that_nobody_told_are_said_so_once():
    one, two = (Finding(pk, PARTS, metrics=True, heard=False, qualities=()) for pk in (1, 2))
    assert codes(one, two) == [Gap("unheard")]


def test_what_nothing_shows_and_what_only_weak_data_show():
    bare = Finding(2, (), metrics=False, heard=False, qualities=())
    weak = Finding(3, (), metrics=False, heard=False, qualities=("weak", "weak"))
    mixed = Finding(4, (), metrics=False, heard=False, qualities=("weak", "unknown"))
    assert codes(WHOLE, bare, weak, mixed) == [Gap("unfounded", 2), Gap("weak", 3)]


def test_an_engagement_to_come_lacks_nothing_yet():
    coming = Engagement(1, past=False, heard=False, reported=False)
    past = Engagement(2, past=True, heard=False, reported=False)
    assert codes(WHOLE, held=(coming, past)) == [Gap("unwritten", 2), Gap("unreported", 2)]


FINDINGS = st.builds(
    Finding,
    st.integers(1, 9),
    st.lists(st.sampled_from(PARTS), unique=True).map(tuple),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["strong", "weak", "unknown"]), max_size=3).map(tuple),
)


@given(st.lists(FINDINGS, max_size=6))
def test_a_whole_finding_more_never_adds_a_gap(found: list[Finding]):
    before = gaps(PARTS, found, ())
    assert [gap for gap in gaps(PARTS, [*found, WHOLE], ()) if gap not in before] == []

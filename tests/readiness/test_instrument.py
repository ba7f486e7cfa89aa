"""The instrument is the guide's nine conditions and 31 steps, under the keys that answers keep for good."""

import pytest

from readiness.instrument import load

SHAPE = {
    "leadership": 4,
    "partnerships": 3,
    "capacity": 4,
    "culture": 2,
    "buy-in": 4,
    "equity": 5,
    "data": 4,
    "engagement": 2,
    "learning": 3,
}


def test_nine_conditions_and_31_steps_under_their_keys():
    assert {c.key: len(c.steps) for c in load().conditions} == SHAPE
    assert list(load().steps) == [f"{key}.{n}" for key, count in SHAPE.items() for n in range(1, count + 1)]


def test_conditions_cite_the_guide_in_order():
    assert [c.guide_step for c in load().conditions] == [f"3.{n}" for n in range(1, 10)]


def test_every_step_is_a_statement_with_help_and_a_kind():
    for step in load().steps.values():
        assert step.statement.endswith(".")
        assert step.help
        assert step.kind in {"fact", "belief", "intention"}


def test_a_version_that_was_never_published_is_not_found():
    with pytest.raises(FileNotFoundError):
        load("1999")

"""The rules of guide step 3.10, fed with plain values."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness import wording
from readiness.instrument import load
from readiness.rules.checklist import Reading, State, Status, suggest
from readiness.rules.policy import Policy, PolicyError
from readiness.rules.recommendation import Verdict, recommend

KEYS = tuple(load().by_key)
STEPS = {c.key: len(c.steps) for c in load().conditions}

statuses = st.sampled_from(list(Status))
readings = st.tuples(
    *(
        st.builds(
            Reading,
            key=st.just(key),
            steps=st.tuples(*[statuses] * STEPS[key]),
            judged=st.none() | st.sampled_from(list(State)),
        )
        for key in KEYS
    )
)
policies = st.builds(
    lambda levels, required: Policy(max(levels), min(levels), required),
    st.lists(st.integers(1, 9), min_size=2, max_size=2, unique=True),
    st.frozensets(st.sampled_from(KEYS)),
)


def pattern(met: tuple[bool, ...]) -> tuple[Reading, ...]:
    """Nine conditions, each with all its steps in place or none."""
    return tuple(
        Reading(key, (Status.IN_PLACE if m else Status.NOT_YET,) * STEPS[key]) for key, m in zip(KEYS, met, strict=True)
    )


def test_the_checklist_suggests_in_place_only_where_every_step_is():
    assert suggest((Status.IN_PLACE, Status.IN_PLACE)) is State.IN_PLACE
    assert suggest((Status.IN_PLACE, Status.UNANSWERED)) is State.PARTLY
    assert suggest((Status.UNDER_WAY, Status.NOT_YET)) is State.PARTLY
    assert suggest((Status.NOT_YET, Status.UNANSWERED)) is State.NOT_YET


def test_a_judgement_stands_over_the_suggestion_and_both_are_told():
    reading = Reading("culture", (Status.IN_PLACE, Status.IN_PLACE), judged=State.PARTLY)
    assert (reading.state, reading.suggested, reading.met, reading.overruled) == (
        State.PARTLY,
        State.IN_PLACE,
        False,
        True,
    )
    assert not Reading("culture", reading.steps, judged=State.IN_PLACE).overruled


@pytest.mark.parametrize("met", list(product((False, True), repeat=9)))
def test_every_pattern_of_met_conditions_under_the_default_policy(met: tuple[bool, ...]):
    count, leadership = sum(met), met[0]
    expected = Verdict.POSTPONE if count <= 2 else Verdict.PROCEED if count >= 7 and leadership else Verdict.PREPARE
    assert recommend(pattern(met), Policy()).verdict is expected


@given(met=st.tuples(*[st.booleans()] * 9), policy=policies)
def test_every_pattern_under_any_policy(met: tuple[bool, ...], policy: Policy):
    count = sum(met)
    lacking = {key for key, m in zip(KEYS, met, strict=True) if not m} & policy.required
    result = recommend(pattern(met), policy)
    if count < policy.prepare:
        assert result.verdict is Verdict.POSTPONE
    elif count < policy.proceed or lacking:
        assert result.verdict is Verdict.PREPARE
    else:
        assert result.verdict is Verdict.PROCEED


@given(conditions=readings, policy=policies, data=st.data())
def test_a_step_put_in_place_never_lowers_the_recommendation(
    conditions: tuple[Reading, ...], policy: Policy, data: st.DataObject
):
    place = data.draw(st.integers(0, 8))
    step = data.draw(st.integers(0, len(conditions[place].steps) - 1))
    old = conditions[place]
    steps = (*old.steps[:step], Status.IN_PLACE, *old.steps[step + 1 :])
    better = (*conditions[:place], Reading(old.key, steps, old.judged), *conditions[place + 1 :])
    rising = list(Verdict)
    assert rising.index(recommend(better, policy).verdict) >= rising.index(recommend(conditions, policy).verdict)


@given(conditions=readings, policy=policies)
def test_every_verdict_is_explained_in_full(conditions: tuple[Reading, ...], policy: Policy):
    result = recommend(conditions, policy)
    sentences = wording.explanation(result, load())
    assert len(sentences) >= 2
    assert all(s.endswith(".") and "%" not in s for s in sentences)
    assert set(result.met) | {gap.key for gap in result.gaps} == set(KEYS)
    assert [gap.steps_left for gap in result.gaps] == sorted(gap.steps_left for gap in result.gaps)
    assert result.provisional == any(Status.UNANSWERED in r.steps for r in conditions)


@given(conditions=readings, policy=policies)
def test_the_distance_is_exact_the_next_level_comes_with_so_many_conditions_and_no_fewer(
    conditions: tuple[Reading, ...], policy: Policy
):
    result = recommend(conditions, policy)
    if result.distance is None:
        assert result.verdict is Verdict.PROCEED
        return
    must = list(result.distance.required)
    others = [gap.key for gap in result.gaps if gap.key not in must]
    enough = [*must, *others][: result.distance.conditions]
    assert recommend(_met_too(conditions, enough), policy).verdict is result.distance.verdict
    assert recommend(_met_too(conditions, enough[:-1]), policy).verdict is result.verdict


def _met_too(conditions: tuple[Reading, ...], keys: list[str]) -> tuple[Reading, ...]:
    return tuple(Reading(r.key, r.steps, State.IN_PLACE) if r.key in keys else r for r in conditions)


def test_a_required_condition_not_met_holds_proceed_down_to_prepare_and_nothing_else():
    eight = pattern((False, *[True] * 8))
    held = recommend(eight, Policy())
    assert held.verdict is Verdict.PREPARE
    assert held.rule.code == "held"
    assert held.distance is not None
    assert (held.distance.conditions, held.distance.required) == (1, ("leadership",))
    assert recommend(eight, Policy(required=frozenset())).verdict is Verdict.PROCEED
    three = pattern((False, True, True, True, *[False] * 5))
    assert recommend(three, Policy()).rule.code == "some"


def test_with_all_nine_met_nothing_is_left_to_develop():
    result = recommend(pattern((True,) * 9), Policy())
    assert wording.explanation(result, load()) == (
        "9 of 9 conditions are met.",
        "That is at least the 7 needed, with every required condition (Leadership) among them, "
        "so the recommendation is to proceed.",
    )


def test_the_sentences_of_a_held_recommendation():
    result = recommend(pattern((False, *[True] * 8)), Policy())
    assert wording.explanation(result, load()) == (
        "8 of 9 conditions are met.",
        "That is enough to proceed (7), but a required condition is not met: Leadership. "
        "So the recommendation is held at prepare.",
        "1 more condition met would raise it to proceed; it must be Leadership.",
        "Nearest to being met: Leadership (4 steps left).",
    )


@pytest.mark.parametrize(("proceed", "prepare"), [(7, 0), (3, 3), (2, 3), (10, 3), (0, -1)], ids=str)
def test_a_policy_whose_levels_do_not_rise_is_refused(proceed: int, prepare: int):
    with pytest.raises(PolicyError) as caught:
        Policy(proceed, prepare)
    assert caught.value.code == "levels"
    assert "must rise" in wording.policy_problem(caught.value)


def test_a_policy_that_requires_a_stranger_is_refused_by_name():
    Policy().check(KEYS)
    with pytest.raises(PolicyError) as caught:
        Policy(required=frozenset({"leadership", "money"})).check(KEYS)
    assert wording.policy_problem(caught.value) == "Unknown condition: money."


def test_verdicts_rise_from_postpone_to_proceed():
    assert list(Verdict) == [Verdict.POSTPONE, Verdict.PREPARE, Verdict.PROCEED]

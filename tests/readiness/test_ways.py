"""The shortest ways to the next level, against trying out every set of steps; and a round imagined otherwise."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.rules.checklist import Reading, State, Status
from readiness.rules.policy import Policy
from readiness.rules.recommendation import Verdict, recommend
from readiness.rules.ways import Way, blocked, imagine, shortest, step_key

N, U, P, X = Status.NOT_YET, Status.UNDER_WAY, Status.IN_PLACE, Status.UNANSWERED
LEVELS = [Verdict.POSTPONE, Verdict.PREPARE, Verdict.PROCEED]
statuses = st.sampled_from(list(Status))
judgements = st.sampled_from([None, None, None, State.IN_PLACE, State.PARTLY])


@st.composite
def states(draw: st.DrawFn) -> tuple[tuple[Reading, ...], Policy]:
    """Some conditions with few steps and a policy that fits them, small enough to try every set of steps."""
    count = draw(st.integers(2, 5))
    readings = tuple(
        Reading(f"c{n}", tuple(draw(st.lists(statuses, min_size=1, max_size=2))), draw(judgements))
        for n in range(count)
    )
    prepare = draw(st.integers(1, count - 1))
    required = draw(st.sets(st.sampled_from([r.key for r in readings]), max_size=2))
    return readings, Policy(draw(st.integers(prepare + 1, count)), prepare, frozenset(required))


def tried_out(readings: tuple[Reading, ...], policy: Policy) -> list[tuple[str, ...]]:
    """Every smallest set of unmet steps that raises the verdict, by trying all of them."""
    open_ = [step_key(r.key, n) for r in readings for n, status in enumerate(r.steps) if status is not P and not r.met]
    now = LEVELS.index(recommend(readings, policy).verdict)
    in_place = {step_key(r.key, n) for r in readings for n, status in enumerate(r.steps) if status is P}
    found: list[tuple[str, ...]] = []
    for steps in chain.from_iterable(combinations(open_, size) for size in range(1, len(open_) + 1)):
        then = recommend(imagine(readings, in_place | set(steps), {}), policy)
        if LEVELS.index(then.verdict) > now and not any(set(less) <= set(steps) for less in found):
            found.append(steps)
    return found


@settings(max_examples=300, deadline=None)
@given(states())
def test_the_ways_are_those_that_trying_out_finds(state: tuple[tuple[Reading, ...], Policy]):
    readings, policy = state
    found = tried_out(readings, policy)
    ways = shortest(readings, policy, most=1000)
    assert {way.steps for way in ways} == set(found)
    assert [len(way.steps) for way in ways] == sorted(len(steps) for steps in found)
    assert shortest(readings, policy) == ways[:5]


def nine(*met: int, left: int = 1) -> tuple[Reading, ...]:
    keys = ("leadership", "partnerships", "capacity", "culture", "buy-in", "equity", "data", "engagement", "learning")
    return tuple(Reading(key, (P, *([P if n in met else N] * left))) for n, key in enumerate(keys))


def test_the_fewest_steps_come_first_then_the_instruments_order():
    readings = list(nine(1, 2, 3, 4, 5))
    readings[0] = Reading("leadership", (P, U, X))
    readings[6] = Reading("data", (N, N))
    ways = shortest(readings, Policy())
    assert ways == (
        Way(Verdict.PROCEED, ("leadership", "engagement"), ("leadership.2", "leadership.3", "engagement.2")),
        Way(Verdict.PROCEED, ("leadership", "learning"), ("leadership.2", "leadership.3", "learning.2")),
        Way(Verdict.PROCEED, ("leadership", "data"), ("leadership.2", "leadership.3", "data.1", "data.2")),
    )


def test_at_most_five_of_them_are_given():
    assert len(shortest(nine(), Policy())) == 5
    assert {way.verdict for way in shortest(nine(), Policy())} == {Verdict.PREPARE}


def test_there_is_no_way_up_from_the_highest_level():
    assert shortest(nine(*range(9)), Policy()) == ()


def test_no_way_leads_through_a_judgement():
    readings = [Reading("leadership", (P, P), State.PARTLY), *nine(*range(9))[1:]]
    assert shortest(readings, Policy()) == ()
    assert blocked(readings, Policy()) == ("leadership",)
    assert blocked(nine(), Policy()) == ()


def test_a_required_condition_alone_may_be_the_way():
    assert shortest(nine(*range(1, 9)), Policy()) == (Way(Verdict.PROCEED, ("leadership",), ("leadership.2",)),)


def test_imagining_leaves_alone_what_is_not_switched():
    readings = (Reading("a", (P, U, X)), Reading("b", (P,), State.PARTLY))
    assert imagine(readings, {"a.1", "b.1"}, {}) == readings
    assert imagine(readings, {"a.2"}, {"b": None}) == (Reading("a", (N, P, X)), Reading("b", (N,)))
    assert imagine(readings, {"a.1"}, {"a": State.IN_PLACE})[0] == Reading("a", (P, U, X), State.IN_PLACE)

"""Which steps propose an action, and where dates stand on a line of time."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preparedness import proposals
from preparedness.rules.proposing import most_changing, proposed
from preparedness.rules.timeline import WIDTH, Span, span
from readiness import instrument
from readiness.rules.checklist import Reading, State, Status
from readiness.rules.recommendation import Verdict
from readiness.rules.ways import Way

N, U, P = Status.NOT_YET, Status.UNDER_WAY, Status.IN_PLACE
DAY = datetime.date(2026, 11, 26)
days = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))


def test_every_step_of_the_instrument_has_a_draft_of_its_own():
    drafts = proposals.load("2022")
    assert list(drafts) == list(instrument.load("2022").steps)
    assert len({draft.title for draft in drafts.values()}) == 31


def test_unmet_steps_are_proposed_nearest_condition_first():
    readings = (
        Reading("a", (N, U, P)),
        Reading("b", (P, N)),
        Reading("c", (P, P)),
        Reading("d", (N,), State.IN_PLACE),
        Reading("e", (P,), State.PARTLY),
    )
    assert proposed(readings, set()) == (("b", ("b.2",)), ("a", ("a.1", "a.2")))
    assert proposed(readings, {"b.2", "a.1"}) == (("a", ("a.2",)),)


def test_the_steps_of_most_ways_change_most():
    ways = [
        Way(Verdict.PREPARE, ("a", "b"), ("a.1", "b.1")),
        Way(Verdict.PREPARE, ("b", "c"), ("b.1", "c.1")),
        Way(Verdict.PREPARE, ("b", "d"), ("b.1", "d.1")),
    ]
    assert most_changing(ways, set()) == ("b.1", "a.1", "c.1")
    assert most_changing(ways, {"b.1"}) == ("a.1", "c.1", "d.1")
    assert most_changing([], set()) == ()


@given(st.lists(days, max_size=6), days)
def test_every_day_and_today_stand_on_the_line_in_their_order(known: list[datetime.date], today: datetime.date):
    line = span(known, today)
    assert (line.start.day, (line.end + datetime.timedelta(days=1)).day) == (1, 1)
    places = [line.place(day) for day in sorted([*known, today])]
    assert places == sorted(places)
    assert all(0 <= place <= WIDTH for place in places)


@pytest.mark.parametrize(("day", "place"), [(0, 0), (-9, 0), (5, 500), (10, 1000), (99, 1000)])
def test_what_lies_beyond_an_end_stands_at_it(day: int, place: int):
    assert Span(DAY, DAY + datetime.timedelta(days=10)).place(DAY + datetime.timedelta(days=day)) == place

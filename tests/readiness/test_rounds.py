"""Rounds side by side: what moved, which way, when."""

import datetime
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from municipalities.records import overwrite
from readiness import services
from readiness.models import ConditionAnswer, Round, StepAnswer
from readiness.rules.checklist import Reading, State, Status
from readiness.rules.rounds import Move, StepMove, moves
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/readiness/rounds/"
N, U, P, X = Status.NOT_YET, Status.UNDER_WAY, Status.IN_PLACE, Status.UNANSWERED
readings = st.builds(
    Reading,
    st.just("a"),
    st.lists(st.sampled_from(list(Status)), min_size=2, max_size=2).map(tuple),
    st.sampled_from([None, *State]),
)


def test_a_condition_moves_with_its_steps_and_its_judgement():
    before = (Reading("a", (N, U)), Reading("b", (P,), State.PARTLY), Reading("gone", (P,)))
    after = (Reading("b", (P,)), Reading("a", (P, X)), Reading("new", (P,)))
    assert moves(before, after) == (
        Move("b", before[1], after[0], ()),
        Move("a", before[0], after[1], (StepMove("a.1", N, P), StepMove("a.2", U, X))),
    )
    b, a = moves(before, after)
    assert (b.way, b.judged_anew, a.way, a.judged_anew) == ("up", True, "same", False)
    assert [step.way for step in a.steps] == ["up", "down"]
    assert StepMove("a.1", X, N).way == "same"


@given(readings, readings)
def test_going_back_is_the_other_way(one: Reading, other: Reading):
    opposite = {"up": "down", "down": "up", "same": "same"}
    ((there,), (back,)) = moves([one], [other]), moves([other], [one])
    assert back.way == opposite[there.way]
    assert [step.way for step in back.steps] == [opposite[step.way] for step in there.steps]


def decide(cast: Cast, day: int) -> None:
    decision = services.Decision("prepare", "So it is.", "Lena", "Mayor", datetime.date(2026, 1, day))
    round_ = Round.objects.get(municipality=cast.larkspur, decided_at=None)
    services.record_determination(round_=round_, decision=decision, by=cast.lena)


def put(cast: Cast, status: str, *keys: str) -> None:
    for key in keys:
        row = StepAnswer.objects.get(round__municipality=cast.larkspur, round__decided_at=None, key=key)
        overwrite(row, by=cast.ben, status=status)


@pytest.fixture
def three(cast: Cast) -> None:
    put(cast, "in_place", "culture.1", "culture.2", "engagement.1")
    decide(cast, 5)
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    put(cast, "in_place", "engagement.2")
    put(cast, "not_yet", "culture.2")
    decide(cast, 6)
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    put(cast, "in_place", "culture.2")


def test_one_round_says_what_the_page_will_show(cast: Cast, vera: Client):
    page = vera.get(PAGE).content.decode()
    assert "One round so far" in page
    assert "From round" not in page


def test_the_last_two_are_compared_and_any_two_can_be(three: None, ben: Client):
    page = ben.get(PAGE).content.decode()
    assert "From round 2 to round 3" in page
    assert re.findall(r'<h3 class="mp-flush">(\w+)', page) == ["Culture"]
    page = ben.get(f"{PAGE}?before=1&after=2").content.decode()
    assert "From round 1 to round 2" in page
    changed = re.findall(r'<h3 class="mp-flush">(\w+).*?(better|worse)', page, re.S)
    assert changed == [("Culture", "worse"), ("Engagement", "better")]
    for nonsense in ("before=9&after=8", "before=x", "after=99999999999999999999"):
        assert "From round 2 to round 3" in ben.get(f"{PAGE}?{nonsense}").content.decode()


def test_the_picture_has_its_words_first_and_the_same_numbers_stand_in_the_table(three: None, ben: Client):
    page = ben.get(PAGE).content.decode()
    picture = re.findall(r'<svg class="mp-trend".*?</svg>', page, re.S)[0]
    assert re.match(
        r"<svg[^>]*><title>Conditions met: round 1, 1 of 9; round 2, 1 of 9; round 3, 2 of 9</title>", picture
    )
    row = re.findall(r'<th scope="row">Conditions met</th>(.*?)</tr>', page, re.S)[0]
    assert re.findall(r"<td>(\d)</td>", row) == ["1", "1", "2"]
    assert page.count("policy 7/3") == 2


def test_a_judgement_alone_is_a_move_too(cast: Cast, three: None, ben: Client):
    row = ConditionAnswer.objects.get(round__municipality=cast.larkspur, round__decided_at=None, key="data")
    overwrite(row, by=cast.ana, judged="partly", reason="So we see it.")
    assert "judged anew" in ben.get(PAGE).content.decode()


def test_who_may_read_it(cast: Cast):
    codes = {name: signed_in(cast[name]).get(PAGE).status_code for name in ("ana", "ben", "lena", "vera", "olaf")}
    assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}


@pytest.mark.parametrize("size", [3, 12])
def test_it_asks_as_much_whatever_the_number_of_rounds(cast: Cast, ben: Client, django_assert_num_queries, size: int):
    for day in range(1, size):
        decide(cast, day)
        services.start_round(municipality=cast.larkspur, by=cast.ana)
    with django_assert_num_queries(8):
        ben.get(PAGE)

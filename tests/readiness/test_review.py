"""The step three review: the rule, and its page tried with the whole cast."""

from itertools import product

import pytest
from django.test import Client

from municipalities.records import moment
from readiness import review_wording
from readiness.models import Acknowledgement, Round, RoundFrozenError
from readiness.rules.review import Facts, review
from readiness.services import Decision, acknowledge, record_determination, record_step
from tests import factories
from tests.conftest import Cast, signed_in

REVIEW = "/larkspur/readiness/review/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")


@pytest.mark.parametrize("answered", [0, 30, 31])
@pytest.mark.parametrize("names", [(), ("Lena",)])
def test_each_point_is_done_for_its_reason(answered: int, names: tuple[str, ...]):
    for read, decided in product(((), ("Lena",)), ("", "proceed")):
        points = review(Facts(31, answered, read, names, decided))
        assert [p.key for p in points] == list(review_wording.POINTS)
        assert [p.done for p in points] == [bool(read), answered == 31 and bool(names), bool(decided)]
        assert [p.reason.code for p in points] == [
            "read" if read else "unread",
            "unanswered" if answered < 31 else "together" if names else "alone",
            "decided" if decided else "undecided",
        ]
        assert all(review_wording.reason(p.reason) for p in points)


def test_leadership_alone_confirms(cast: Cast):
    assert {n: signed_in(cast[n]).get(REVIEW).status_code for n in NAMES} == dict.fromkeys(NAMES, 200) | {"olaf": 404}
    codes = {name: signed_in(cast[name]).post(REVIEW).status_code for name in NAMES}
    assert codes == {"ana": 403, "ben": 403, "lena": 302, "vera": 403, "olaf": 404}
    assert [(row.name, row.person) for row in Acknowledgement.objects.all()] == [("Lena Whitfield", cast.lena)]


def test_confirming_twice_is_confirming_once_and_the_page_says_who(cast: Cast, lena: Client):
    lena.post(REVIEW)
    lena.post(REVIEW)
    assert Acknowledgement.history.count() == 1
    page = lena.get(REVIEW).content.decode()
    assert "Confirmed on this page by Lena Whitfield." in page
    assert "Confirm that I have read them" not in page


def test_a_decided_round_takes_no_confirmation(cast: Cast, lena: Client):
    round_ = Round.objects.get(municipality=cast.larkspur)
    record_determination(round_=round_, decision=Decision("prepare", "Why", "L", "M", moment().date()), by=cast.lena)
    with pytest.raises(RoundFrozenError):
        acknowledge(round_=round_, by=cast.lena)
    assert lena.post(REVIEW, follow=True).status_code == 200
    assert Acknowledgement.objects.count() == 0
    assert "The determination is recorded: prepare." in lena.get(REVIEW).content.decode()


def test_a_leader_who_answered_took_part(cast: Cast, lena: Client, django_assert_num_queries):
    round_ = Round.objects.get(municipality=cast.larkspur)
    for key in round_.instrument.steps:
        record_step(round_=round_, key=key, seen=1, values={"status": "in_place"}, by=cast.ana)
    assert "nobody of leadership" in lena.get(REVIEW).content.decode()
    record_step(round_=round_, key="leadership.1", seen=2, values={"note": "Yes."}, by=cast.lena)
    for evidence in (3, 297):
        for n in range(evidence):
            factories.evidence(round_.steps.get(key="data.1"), f"Paper {n}")
        with django_assert_num_queries(12):
            page = lena.get(REVIEW).content.decode()
    assert "of leadership, Lena Whitfield took part" in page

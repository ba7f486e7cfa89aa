"""What if: switches in the address, nothing stored."""

import re

import pytest
from django.test import Client

from municipalities.records import overwrite
from readiness import queries
from readiness.models import ConditionAnswer, StepAnswer
from readiness.queries.what_if import as_it_stands, what_if
from readiness.views.what_if import address
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/readiness/what-if/"


def put_in_place(cast: Cast, *conditions: str) -> None:
    for row in StepAnswer.objects.filter(round__municipality=cast.larkspur):
        if queries.condition_of(row.key) in conditions:
            overwrite(row, by=cast.ana, status="in_place")


def word(client: Client, url: str, **extra: object) -> str:
    """The verdict that the page shows first."""
    page = client.get(url, **extra).content.decode()  # type: ignore[arg-type]
    found = re.search(r'mp-verdict__word">.*?</svg>(\w+)<', page, re.S)
    assert found
    return found[1]


def test_it_begins_as_it_stands(cast: Cast, ben: Client):
    put_in_place(cast, "culture", "engagement")
    page = ben.get(PAGE).content.decode()
    assert word(ben, PAGE) == "Postpone"
    assert "As it stands, the recommendation is" in page
    assert len(re.findall(r'name="step" value="[\w.-]+" checked', page)) == 4


def test_steps_and_conditions_are_switched_by_the_address_and_nothing_is_stored(cast: Cast, ben: Client):
    put_in_place(cast, "culture", "engagement")
    before = StepAnswer.history.count()
    steps = "step=culture.1&step=culture.2&step=engagement.1&step=engagement.2"
    assert word(ben, f"{PAGE}?asked=1&{steps}") == "Postpone"
    assert word(ben, f"{PAGE}?asked=1&{steps}&c-data=met") == "Prepare"
    three = "".join(f"&step=learning.{n}" for n in (1, 2, 3))
    assert word(ben, f"{PAGE}?asked=1&{steps}{three}") == "Prepare"
    assert word(ben, f"{PAGE}?asked=1&{steps}{three}&c-culture=not_met") == "Postpone"
    assert (StepAnswer.history.count(), StepAnswer.objects.filter(status="in_place").count()) == (before, 4)


def test_only_what_follows_comes_as_a_fragment(ben: Client):
    page = ben.get(f"{PAGE}?asked=1", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith("<section")
    assert "<form" not in page


@pytest.mark.parametrize(
    "query", ["asked=1&step=nothing.9", "asked=1&c-culture=perhaps", "asked=1&c-x=met", "step=data.1"]
)
def test_what_nobody_knows_switches_nothing(ben: Client, query: str):
    assert word(ben, f"{PAGE}?{query}") == "Postpone"


def test_a_way_is_a_link_that_reaches_the_next_level(cast: Cast, ben: Client):
    put_in_place(cast, "culture", "engagement")
    ways = what_if(queries.assessment(cast.larkspur), as_it_stands(queries.assessment(cast.larkspur))).ways
    assert [len(way.steps) for way in ways] == [3, 3, 4, 4, 4]
    for way in ways:
        assert word(ben, f"{PAGE}?{address(way.switches)}") == "Prepare"


def test_a_judgement_that_stands_in_the_way_is_named(cast: Cast, ben: Client):
    put_in_place(cast, "culture", "engagement")
    row = ConditionAnswer.objects.get(round__municipality=cast.larkspur, key="culture")
    overwrite(row, by=cast.ana, judged="partly", reason="Not heard.")
    page = ben.get(PAGE).content.decode()
    assert "Judged not to be met, whatever the steps say: Culture." in page
    assert re.search(r'name="c-culture" value="not_met" checked', page)


def test_everybody_reads_it_and_strangers_do_not(cast: Cast):
    codes = {name: signed_in(cast[name]).get(PAGE).status_code for name in ("ana", "ben", "lena", "vera", "olaf")}
    assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    assert signed_in(cast.ana).post(PAGE).status_code == 405


def test_it_takes_a_fixed_number_of_queries(cast: Cast, ben: Client, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(8):
            ben.get(PAGE)
        put_in_place(cast, "culture", "engagement", "data")


def test_a_policy_is_tried_out_before_it_is_saved(cast: Cast, ana: Client):
    put_in_place(cast, "culture", "engagement")
    query = "?proceed=2&prepare=1&version=1"
    page = ana.get(f"/larkspur/readiness/policy/{query}").content.decode()
    assert "Under this policy round 1 would come to" in page
    assert word(ana, f"/larkspur/readiness/policy/{query}") == "Proceed"
    assert queries.policy_of(cast.larkspur).proceed == 7
    wrong = ana.get("/larkspur/readiness/policy/?proceed=1&prepare=3&version=1")
    assert "Under this policy" not in wrong.content.decode()
    assert "The numbers must rise" in wrong.content.decode()


def test_the_changes_of_the_policy_are_told(cast: Cast, ana: Client):
    assert "Changes" not in ana.get("/larkspur/readiness/policy/").content.decode()
    ana.post("/larkspur/readiness/policy/", {"proceed": 8, "prepare": 3, "required": ["data"], "version": 1})
    page = ana.get("/larkspur/readiness/policy/").content.decode()
    assert "proceed with 7 → 8" in page
    assert "leadership → data" in page

"""The good partner self-check: answered together, nothing lost, offered as evidence."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from coalition import good_partner
from coalition.models import Promise
from coalition.queries.good_partner import self_check
from readiness.models import Evidence
from tests import factories
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/coalition/good-partner/"
KEYS = [statement.key for statement in good_partner.load()]
NAMES = ("ana", "ben", "lena", "vera", "olaf")


def sheet(**said: tuple[str, str]) -> dict[str, Any]:
    """The whole form as a browser sends it: `key=(kept, note)`, the others unanswered."""
    values: dict[str, Any] = {f"{key}-version": 0 for key in KEYS}
    for key in KEYS:
        kept, note = said.get(key, ("", ""))
        values |= {f"{key}-note": note} | ({f"{key}-kept": kept} if kept else {})
    return values


def stored() -> dict[str, tuple[str, str]]:
    return {row.key: (row.kept, row.note) for row in Promise.objects.filter(partner=None)}


def test_every_statement_has_its_own_key_words_and_help():
    assert len(set(KEYS)) == len(KEYS) == 8
    assert all(s.text.endswith(".") and s.help and len(s.key) <= 20 for s in good_partner.load())


def test_who_may_read_and_who_may_answer(cast: Cast):
    partner = factories.partner(cast.larkspur)
    for url in (PAGE, f"/larkspur/coalition/partners/{partner.pk}/good-partner/"):
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
        codes = {name: signed_in(cast[name]).post(url, sheet()).status_code for name in NAMES}
        assert codes == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert not Promise.objects.exists()
    other = factories.partner(cast.fairmont)
    assert signed_in(cast.ana).get(f"/larkspur/coalition/partners/{other.pk}/good-partner/").status_code == 404


def test_answers_are_kept_with_their_author_and_summed_up(cast: Cast, ben: Client, vera: Client):
    ben.post(PAGE, sheet(pay=("yes", "$30 an <b>hour</b>"), data=("partly", ""), answer=("", "Ask Vera")))
    assert stored() == {"pay": ("yes", "$30 an <b>hour</b>"), "data": ("partly", ""), "answer": ("", "Ask Vera")}
    row = Promise.objects.get(key="pay")
    assert (row.updated_by, row.version, row.history.count()) == (cast.ben, 1, 1)
    html = vera.get(PAGE).content.decode()
    assert "1 of 8 kept, 6 not answered." in html
    assert escape("Still to do: Data goes both ways: we share what we know") in html
    assert "$30 an &lt;b&gt;hour&lt;/b&gt;" in html
    assert "<textarea" not in html


def test_two_writers_of_different_statements_are_both_kept(ana: Client, ben: Client):
    ben.post(PAGE, sheet(pay=("yes", "")))
    assert ana.post(PAGE, sheet(where=("no", ""))).status_code == 302
    assert stored() == {"pay": ("yes", ""), "where": ("no", "")}
    # An answer is taken back by who has seen it, and only by them.
    assert (
        ana.post(PAGE, sheet(pay=("", ""), where=("no", "")) | {"pay-version": 1, "where-version": 1}).status_code
        == 302
    )
    assert stored() == {"pay": ("", ""), "where": ("no", "")}


def test_two_writers_of_one_statement_see_both_and_lose_nothing(cast: Cast, ana: Client, ben: Client):
    ben.post(PAGE, sheet(pay=("yes", "Ben's <words>")))
    response = ana.post(PAGE, sheet(pay=("no", "Ana's words"), where=("yes", "Library")))
    html = response.content.decode()
    assert response.status_code == 409
    assert escape("Ben's <words>") in html
    assert escape("Ana's words") in html
    assert "Ben Carter answered meanwhile: Yes" in html.replace("\n", " ")
    assert stored() == {"pay": ("yes", "Ben's <words>"), "where": ("yes", "Library")}
    assert 'name="pay-version" value="1"' in html
    both = sheet(pay=("partly", "Both"), where=("yes", "Library")) | {"pay-version": 1, "where-version": 1}
    assert ana.post(PAGE, both).status_code == 302
    assert stored()["pay"] == ("partly", "Both")
    assert self_check(cast.larkspur).kept == 1


@pytest.mark.parametrize(
    "values",
    [
        {"pay-kept": "perhaps"},
        {"pay-note": "x" * 20_001},
        {"pay-note": "a\x00b"},
        {"pay-version": "minus"},
        {"pay-version": "-1"},
        {"pay-version": "9" * 40},
        {"pay-version": ""},
    ],
)
def test_bad_input_is_said_and_stores_nothing(ben: Client, values: dict[str, str]):
    response = ben.post(PAGE, sheet(where=("yes", "Library")) | values)
    assert (response.status_code, stored()) == (422, {})
    assert "Nothing is saved" in response.content.decode()
    assert "Library" in response.content.decode()


def test_a_partner_has_a_check_of_its_own(cast: Cast, ben: Client):
    partner, other = factories.partner(cast.larkspur, name="Acme"), factories.partner(cast.larkspur, name="Zeta")
    ben.post(f"/larkspur/coalition/partners/{partner.pk}/good-partner/", sheet(pay=("no", "")))
    assert stored() == {}
    html = ben.get(PAGE).content.decode()
    assert ("Acme" in html, "Zeta" in html, "0 of 8 kept, 7 not answered" in html) == (True, False, True)
    assert self_check(cast.larkspur, other).answered == 0


def test_the_whole_check_becomes_evidence_for_the_step(cast: Cast, ben: Client, vera: Client):
    some = dict.fromkeys(KEYS[:-1], ("yes", ""))
    ben.post(PAGE, sheet(**some))
    assert ben.get(PAGE).context["evidence"] == ""
    last = sheet(**some, **{KEYS[-1]: ("no", "")}) | {f"{key}-version": 1 for key in KEYS[:-1]}
    assert ben.post(PAGE, last).status_code == 302
    text = ben.get(PAGE).context["evidence"]
    assert "7 of 8 kept" in text
    assert text.endswith("/larkspur/coalition/good-partner/")
    assert vera.get(PAGE).context["evidence"] == ""
    response = ben.post("/larkspur/readiness/steps/partnerships.3/evidence/", {"text": text}, follow=True)
    assert response.status_code == 200
    row = Evidence.objects.get()
    assert (row.text, row.step.key, row.added_by) == (text, "partnerships.3", cast.ben)


@pytest.mark.parametrize("size", [1, 40])
def test_queries_do_not_grow_with_the_partners(cast: Cast, ben: Client, size: int, django_assert_num_queries):
    for n in range(size):
        partner = factories.partner(cast.larkspur, name=f"Partner {n}")
        ben.post(f"/larkspur/coalition/partners/{partner.pk}/good-partner/", sheet(pay=("no", ""), where=("yes", "")))
    with django_assert_num_queries(6):
        ben.get(PAGE)

"""Pages of the readiness assessment, tried with the whole cast."""

import html
import json
import re
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from municipalities.models import ReadinessPolicy
from readiness import services
from readiness.models import ConditionAnswer, Determination, Round, StepAnswer
from tests.conftest import Cast, signed_in

STEP = "/larkspur/readiness/steps/leadership.1/"
QUESTION = "/larkspur/readiness/leadership/question/"
JUDGEMENT = "/larkspur/readiness/leadership/judgement/"
HTMX = {"HX-Request": "true"}


def row(key: str = "leadership.1") -> StepAnswer:
    found: StepAnswer = StepAnswer.objects.get(key=key, round__municipality__slug="larkspur")
    return found


def condition(key: str = "leadership") -> ConditionAnswer:
    found: ConditionAnswer = ConditionAnswer.objects.get(key=key, round__municipality__slug="larkspur")
    return found


PAGES = [
    "/larkspur/readiness/",
    "/larkspur/readiness/?unanswered",
    "/larkspur/readiness/leadership/",
    "/larkspur/readiness/policy/",
    "/larkspur/readiness/determination/",
    "/larkspur/readiness/rounds/1/",
]


@pytest.mark.parametrize("url", PAGES)
def test_members_read_and_strangers_find_nothing(cast: Cast, url: str):
    codes = {name: signed_in(cast[name]).get(url).status_code for name in ("ana", "ben", "lena", "vera", "olaf")}
    assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    ("url", "values"),
    [
        (STEP, {"version": 1, "status": "in_place"}),
        (QUESTION, {"version": 1, "note": "Money"}),
        (JUDGEMENT, {"version": 1, "judged": "partly", "reason": "Two heads are new."}),
    ],
)
def test_who_may_answer(cast: Cast, url: str, values: dict[str, object]):
    codes = {n: signed_in(cast[n]).post(url, values).status_code for n in ("vera", "olaf", "ben", "ana", "lena")}
    assert codes == {"vera": 403, "olaf": 404, "ben": 302, "ana": 302, "lena": 302}
    assert signed_in(cast.ben).get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_viewer_who_tries_to_write_changes_nothing(cast: Cast, vera: Client):
    vera.post(STEP, {"version": 1, "status": "in_place"})
    assert (row().status, row().version) == ("", 1)


@pytest.mark.parametrize(
    "key", ["leadership.9", "money.1", "leadership", "..", "leadership.1.1", "leadership.%00", "%00", "leadership.99"]
)
def test_an_unknown_step_is_not_found(ben: Client, key: str):
    for values in ({"version": 1, "note": "x"}, {"version": "none"}, {}):
        assert ben.post(f"/larkspur/readiness/steps/{key}/", values).status_code == 404


def test_an_unknown_condition_is_not_found(ben: Client):
    assert ben.get("/larkspur/readiness/money/").status_code == 404
    assert ben.post("/larkspur/readiness/money/question/", {"version": 1, "note": "x"}).status_code == 404
    assert ben.post("/larkspur/readiness/money/judgement/", {}).status_code == 404
    for number in ("0", "7", "9" * 30):
        assert ben.get(f"/larkspur/readiness/rounds/{number}/").status_code == 404


def test_a_step_saved_without_scripts_comes_back_to_its_card(ben: Client):
    response = ben.post(STEP, {"version": 1, "status": "under_way", "note": "Line one\r\nLine two"})
    assert response.headers["Location"] == "/larkspur/readiness/leadership/#leadership-1"
    assert (row().status, row().note) == ("under_way", "Line one\nLine two")


def test_a_step_saved_with_htmx_answers_with_its_version_and_the_progress(ben: Client):
    response = ben.post(STEP, {"version": 1, "status": "in_place"}, headers=HTMX)
    html = response.content.decode()
    assert 'id="version-leadership-1" value="2" hx-swap-oob="true"' in html
    assert "by Ben Carter" in html
    assert "1 of 4 steps in place" in html


def test_what_is_not_sent_stays_as_it_is(ben: Client):
    ben.post(STEP, {"version": 1, "status": "in_place", "note": "Kept", "due": "2027-01-15"})
    ben.post(STEP, {"version": 2, "note": "Changed"})
    assert (row().status, row().note, str(row().due)) == ("in_place", "Changed", "2027-01-15")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"version": 1, "status": "done"}, "Status: Select a valid choice."),
        ({"version": 1, "due": "tomorrow"}, "Due date: Enter a valid date."),
        ({"version": 1, "note": "x" * 20_001}, "Note: Ensure this value has at most 20000 characters"),
        ({"version": 1, "note": "a\x00b"}, "Note: Take out the hidden control character (U+0000)"),
        ({"version": 1, "owner": "Ana\x07"}, "Owner: Take out the hidden control character (U+0007)"),
        ({"note": "no version"}, "Version: This field is required."),
        ({"version": "x", "note": "n"}, "Version: Enter a whole number."),
    ],
)
def test_bad_input_is_named_and_changes_nothing(ben: Client, values: dict[str, object], problem: str):
    for headers in (HTMX, {}):
        response = ben.post(STEP, values, headers=headers)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert problem in response.content.decode()
    assert (row().version, row().history.count()) == (1, 1)


def test_refused_input_stays_in_the_form_without_scripts(ben: Client):
    html = ben.post(STEP, {"version": 1, "note": "My long note", "due": "soon"}).content.decode()
    assert "My long note</textarea>" in html


def test_refused_input_comes_back_whole_and_at_the_version_that_its_writer_saw(cast: Cast, ana: Client, ben: Client):
    ana.post(STEP, {"version": 1, "note": "Ana's"})
    sent = {"version": 1, "note": "Ben's", "due": "2027-01-15", "owner": "x" * 255}
    page = ben.post(STEP, sent).content.decode()
    assert 'id="version-leadership-1" value="1"' in page
    assert 'name="due" value="2027-01-15"' in page
    # So that his next save does not quietly undo hers.
    assert ben.post(STEP, {**sent, "owner": "Ben"}).status_code == HTTPStatus.CONFLICT
    assert row().note == "Ana's"


def test_line_breaks_of_a_word_processor_become_ordinary_ones(ben: Client):
    ben.post(STEP, {"version": 1, "note": "One\vtwo\fthree\r\nfour\rfive\tsix"})
    assert row().note == "One\ntwo\nthree\nfour\nfive\tsix"


def test_a_note_of_the_most_characters_is_taken_however_its_lines_are_sent(ben: Client):
    ben.post(STEP, {"version": 1, "note": "x\r\n" * 9_999 + "xy"})
    assert len(row().note) == 20_000


def test_a_conflict_offers_both_texts_with_and_without_htmx(cast: Cast, ana: Client, ben: Client):
    ben.post(STEP, {"version": 1, "note": "Ben's <b>words</b>"})
    for headers in (HTMX, {}):
        response = ana.post(STEP, {"version": 1, "note": "Ana's words", "status": "in_place"}, headers=headers)
        html = response.content.decode()
        assert response.status_code == HTTPStatus.CONFLICT
        assert "Ana&#x27;s words</textarea>" in html
        assert "Ben&#x27;s &lt;b&gt;words&lt;/b&gt;</textarea>" in html
        assert '<input type="hidden" name="status" value="in_place">' in html
    assert row().note == "Ben's <b>words</b>"


def test_evidence_is_a_link_only_where_it_is_a_web_address(cast: Cast, ben: Client, vera: Client):
    ben.post(f"{STEP}evidence/", {"text": "https://larkspur.example/memo"})
    ben.post("/larkspur/readiness/steps/leadership.2/evidence/", {"text": "javascript:alert(1)"})
    html = vera.get("/larkspur/readiness/leadership/").content.decode()
    assert '<a href="https://larkspur.example/memo" rel="noopener nofollow">' in html
    assert 'href="javascript' not in html


def test_a_judgement_needs_a_reason_and_both_stay_visible(ben: Client, vera: Client):
    refused = ben.post(JUDGEMENT, {"version": 1, "judged": "in_place", "reason": ""})
    assert "Write why you judge otherwise" in refused.content.decode()
    assert condition().judged == ""
    ben.post(JUDGEMENT, {"version": 1, "judged": "in_place", "reason": "The board voted."})
    taken_away = ben.post(JUDGEMENT, {"version": 2, "reason": ""})
    assert taken_away.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write why you judge otherwise" in taken_away.content.decode()
    assert (condition().judged, condition().reason, condition().version) == ("in_place", "The board voted.", 2)
    html = vera.get("/larkspur/readiness/leadership/").content.decode()
    assert "as judged; the checklist suggests" in html
    assert "The board voted." in html


def test_a_judgement_whose_reason_another_clears_is_refused_and_shown_as_it_would_be(ana: Client, ben: Client):
    ana.post(JUDGEMENT, {"version": 1, "judged": "", "reason": "Old"})
    ana.post(JUDGEMENT, {"version": 2, "judged": "partly", "reason": "Old"})
    for headers in ({}, HTMX):
        response = ben.post(JUDGEMENT, {"version": 2, "judged": "", "reason": ""}, headers=headers)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Write why you judge otherwise" in response.content.decode()
        assert (condition().judged, condition().reason, condition().version) == ("partly", "Old", 3)
    shown = ben.post(JUDGEMENT, {"version": 2, "judged": "", "reason": ""}).context["view"].answer
    assert (shown.judged, shown.reason, shown.version) == ("partly", "", 3)


def test_a_judgement_sent_without_its_reason_keeps_the_one_that_is_stored(ben: Client):
    ben.post(JUDGEMENT, {"version": 1, "reason": "Two heads are new."})
    assert ben.post(JUDGEMENT, {"version": 2, "judged": "partly"}).status_code == HTTPStatus.FOUND
    assert (condition().judged, condition().reason) == ("partly", "Two heads are new.")


def determine(client: Client, **values: object) -> Any:
    page = client.get("/larkspur/readiness/determination/")
    seen = page.context["form"]["seen"].value()
    sent = {
        "verdict": "prepare",
        "rationale": "Build up data first.",
        "name": "Lena Whitfield",
        "title": "County Executive",
        "decided_on": timezone.localdate().isoformat(),
        "seen": seen,
        **values,
    }
    return client.post("/larkspur/readiness/determination/", sent)


def test_leadership_decides_after_a_page_that_repeats_it(cast: Cast, lena: Client, vera: Client):
    confirm = determine(lena)
    html = confirm.content.decode()
    assert "Build up data first." in html
    assert "This differs from the recommendation" in html
    assert not Determination.objects.exists()
    done = determine(lena, confirmed="yes")
    assert done.status_code == 302
    decided = Determination.objects.get()
    assert (decided.verdict, decided.person, decided.title) == ("prepare", cast.lena, "County Executive")
    page = vera.get("/larkspur/readiness/determination/").content.decode()
    assert "Leadership decided otherwise." in page
    assert "Build up data first." in page


@pytest.mark.parametrize("name", ["ana", "ben", "vera"])
def test_only_leadership_decides(cast: Cast, name: str):
    client = signed_in(cast[name])
    assert client.post("/larkspur/readiness/determination/", {"verdict": "proceed"}).status_code == 403
    assert not Determination.objects.exists()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"verdict": "perhaps"}, "Select a valid choice"),
        ({"rationale": "  "}, "This field is required"),
        ({"decided_on": "2999-01-01"}, "cannot be in the future"),
        ({"verdict": "postpone"}, "Name a date to look again"),
        ({"look_again_on": "2020-01-01"}, "Choose a date after the decision"),
        ({"seen": "1-0-7-3-leadership"}, "Somebody changed an answer or the policy"),
    ],
)
def test_a_determination_that_cannot_be_is_named_and_not_recorded(lena: Client, values: dict[str, str], problem: str):
    response = determine(lena, confirmed="yes", **values)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in response.content.decode()
    assert not Determination.objects.exists()


def test_a_frozen_round_is_read_only_for_everybody(cast: Cast, lena: Client, ben: Client):
    determine(lena, confirmed="yes")
    assert "js-autosave" not in ben.get("/larkspur/readiness/leadership/").content.decode()
    response = ben.post(STEP, {"version": 1, "note": "late"}, headers=HTMX)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "cannot be changed any more" in response.content.decode()
    assert row().note == ""


def test_what_was_typed_for_a_round_that_froze_meanwhile_is_shown_to_copy(cast: Cast, lena: Client, ben: Client):
    determine(lena, confirmed="yes")
    sent = {"version": 1, "status": "in_place", "note": "Late\n<words>", "owner": " ", "due": "soon"}
    response = ben.post(STEP, sent)
    assert response.status_code == HTTPStatus.CONFLICT
    assert response.context["unsaved"]["typed"] == [
        ("Status", "In place"),
        ("Note", "Late\n<words>"),
        ("Due date", "soon"),
    ]
    page = response.content.decode()
    assert "Late\n&lt;words&gt;</textarea>" in page
    assert "cannot be changed any more" in page
    assert "js-autosave" not in page
    assert (row().note, row().status) == ("", "")


@pytest.mark.parametrize("more", [{}, {"confirmed": "yes"}, {"edit": "yes"}])
def test_the_second_leaders_words_are_shown_to_copy(cast: Cast, lena: Client, more: dict[str, str]):
    determine(lena, confirmed="yes")
    sent = {"verdict": "proceed", "rationale": "We cannot wait.", "seen": "1-40-7-3-leadership", **more}
    response = lena.post("/larkspur/readiness/determination/", sent)
    assert response.status_code == HTTPStatus.CONFLICT
    assert response.context["unsaved"]["typed"] == [("Determination", "Proceed"), ("Rationale", "We cannot wait.")]
    page = response.content.decode()
    assert "recorded a determination first" in page
    assert "We cannot wait.</textarea>" in page
    assert Determination.objects.get().rationale == "Build up data first."


@pytest.mark.parametrize("name", ["write", "decide"])
def test_a_determination_never_freezes_what_its_writer_has_not_seen(
    cast: Cast, lena: Client, monkeypatch: pytest.MonkeyPatch, name: str
):
    """Somebody writes, or decides, between the reading of the page's state and the recording."""
    record = services.record_determination
    others: list[str] = []

    def meanwhile(*, round_: Round, **values: Any) -> Determination:
        if not others:
            others.append(name)
            if name == "decide":
                record(round_=round_, **{**values, "by": cast.ana})
            else:
                services.record_step(round_=round_, key="data.1", seen=1, values={"status": "in_place"}, by=cast.ben)
        return record(round_=round_, **values)

    monkeypatch.setattr(services, "record_determination", meanwhile)
    response = determine(lena, confirmed="yes")
    page = response.content.decode()
    assert "Build up data first." in page
    if name == "decide":
        assert (response.status_code, Determination.objects.get().person) == (HTTPStatus.CONFLICT, cast.ana)
        assert "recorded a determination first" in page
    else:
        assert (response.status_code, Determination.objects.exists()) == (HTTPStatus.UNPROCESSABLE_ENTITY, False)
        assert "Somebody changed an answer or the policy" in page
        current = Round.objects.get(municipality=cast.larkspur)
        assert current.decided_at is None
        again = response.context["form"]["seen"].value()
        assert determine(lena, confirmed="yes", seen=again).status_code == HTTPStatus.FOUND


def test_a_new_round_is_begun_by_the_advocate_once_the_last_is_decided(cast: Cast, ana: Client, lena: Client):
    new = "/larkspur/readiness/rounds/new/"
    assert "Round 1 is still open" in ana.get(new).content.decode()
    ana.post(new)
    assert Round.objects.filter(municipality=cast.larkspur).count() == 1
    determine(lena, confirmed="yes")
    assert (lena.post(new).status_code, lena.get(new).status_code) == (403, 403)
    page = ana.get(new).content.decode()
    assert ("Start round 2" in page, Round.objects.filter(municipality=cast.larkspur).count()) == (True, 1)
    ana.post(new)
    assert Round.objects.get(municipality=cast.larkspur, decided_at=None).number == 2
    assert ana.get("/larkspur/readiness/rounds/1/").status_code == 200


POLICY = {"proceed": 8, "prepare": 4, "required": ["leadership", "data"], "version": 1}


def test_the_advocate_changes_the_policy_and_nobody_else(cast: Cast, ana: Client):
    codes = {
        n: signed_in(cast[n]).post("/larkspur/readiness/policy/", POLICY).status_code
        for n in ("ben", "lena", "vera", "olaf")
    }
    assert codes == {"ben": 403, "lena": 403, "vera": 403, "olaf": 404}
    assert ana.post("/larkspur/readiness/policy/", POLICY).status_code == 302
    policy = ReadinessPolicy.objects.get(municipality=cast.larkspur)
    assert (policy.proceed, policy.prepare, policy.required) == (8, 4, ["data", "leadership"])


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"prepare": 8}, "The numbers must rise"),
        ({"proceed": 12}, "less than or equal to 9"),
        ({"required": ["money"]}, "Select a valid choice"),
        ({"version": 0}, "Somebody changed the policy"),
    ],
)
def test_a_policy_that_cannot_be_is_named_and_not_stored(ana: Client, cast: Cast, values: dict, problem: str):
    response = ana.post("/larkspur/readiness/policy/", {**POLICY, **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in response.content.decode()
    assert ReadinessPolicy.objects.get(municipality=cast.larkspur).proceed == 7


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/larkspur/readiness/", 8),
        ("/larkspur/readiness/leadership/", 10),
        ("/larkspur/readiness/rounds/1/", 8),
    ],
)
def test_queries_do_not_grow_with_the_answers(
    cast: Cast, ben: Client, url: str, queries: int, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        ben.get(url)
    current = Round.objects.get(municipality=cast.larkspur)
    for key in current.instrument.steps:
        services.record_step(
            round_=current,
            key=key,
            seen=1,
            values={"status": "in_place", "note": "A note"},
            by=cast.ana,
        )
    with django_assert_num_queries(queries):
        ben.get(url)


def test_saving_a_step_takes_a_fixed_number_of_queries(ben: Client, django_assert_num_queries):
    with django_assert_num_queries(12):
        ben.post(STEP, {"version": 1, "note": "One"}, headers=HTMX)
    with django_assert_num_queries(12):
        ben.post(STEP, {"version": 2, "note": "Two"}, headers=HTMX)


def test_what_another_wrote_comes_with_the_answer_and_not_in_a_header(ben: Client, ana: Client):
    long = "&quot; <b>" * 2000
    ben.post(STEP, {"version": 1, "note": long}, headers=HTMX)
    answer = ana.post(STEP, {"version": 1, "status": "in_place"}, headers=HTMX)
    told = re.search(r'data-foreign="([^"]*)"', answer.content.decode())
    assert told is not None
    assert json.loads(html.unescape(told[1])) == {"note": long.strip()}
    assert sum(len(name) + len(value) for name, value in answer.headers.items()) < 2000


def test_a_condition_with_nothing_answered_is_unanswered_and_not_not_yet(cast: Cast, ben: Client):
    def shown() -> str:
        page = ben.get("/larkspur/readiness/leadership/").content.decode()
        return re.sub(r"<[^>]+>", " ", page.split('id="progress"')[1].split("mp-progress__words")[1]).split()[1]

    assert shown() == "Unanswered"
    ben.post(STEP, {"version": 1, "status": "not_yet"})
    assert shown() == "Not"
    ben.post(STEP, {"version": 2, "status": ""})
    ben.post(JUDGEMENT, {"version": 1, "judged": "partly", "reason": "Two heads are new."})
    assert shown() == "Partly"


def test_a_conflict_with_oneself_says_so(ben: Client):
    ben.post(STEP, {"version": 1, "note": "Here"})
    page = ben.post(STEP, {"version": 1, "note": "There"}).content.decode()
    assert "You changed this in another window" in page
    assert "Ben Carter changed this" not in page


def test_a_closed_round_sends_nobody_to_its_unanswered_steps(cast: Cast, ana: Client, lena: Client):
    assert "Go to the first unanswered step" in ana.get("/larkspur/readiness/").content.decode()
    determine(lena, confirmed="yes", verdict="postpone", look_again_on="2999-01-01")
    page = ana.get("/larkspur/readiness/").content.decode()
    assert "Go to the first unanswered step" not in page
    assert "Leadership wants to look again on Jan 1, 2999." in page

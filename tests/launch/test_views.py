"""Pages of the launch kit, tried with the whole cast."""

import io
from datetime import date
from http import HTTPStatus
from pathlib import Path

import docx
import pytest
from django.test import Client

from launch.models import Facts, Part
from launch.queries import launch_kit
from launch.services import write_facts, write_part
from municipalities.records import moment
from readiness.models import Round
from readiness.services import Decision, record_determination, start_round
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in

KIT = "/larkspur/launch/"
FACTS = f"{KIT}facts/"
LEAD = f"{KIT}parts/lead/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
PAGES = (KIT, f"{KIT}rounds/1/", f"{KIT}rounds/1/text/", f"{KIT}rounds/1/launch-kit.docx")


def facts(cast: Cast, **values: object) -> None:
    write_facts(municipality=cast.larkspur, seen=1, values=values, by=cast.ana)


def decide(cast: Cast) -> None:
    decision = Decision("proceed", "Ready.", "Lena", "Mayor", moment().date())
    record_determination(round_=Round.objects.get(municipality=cast.larkspur), decision=decision, by=cast.lena)


def test_members_read_the_kit_and_strangers_find_nothing(cast: Cast):
    for url in PAGES:
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}, url
        assert signed_in(cast.ana).post(url).status_code == 405, url


@pytest.mark.parametrize(
    ("url", "posted"), [(FACTS, {"version": 1, "budget": "$5"}), (LEAD, {"version": 0, "text": "We."})]
)
def test_who_contributes_writes_the_kit(cast: Cast, url: str, posted: dict[str, object]):
    codes = {name: signed_in(cast[name]).post(url, posted).status_code for name in NAMES}
    assert codes == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert {name: signed_in(cast[name]).get(url).status_code for name in ("ana", "vera", "olaf")} == {
        "ana": 200,
        "vera": 403,
        "olaf": 404,
    }


def test_an_unknown_part_or_round_is_not_found(ana: Client):
    assert ana.post(f"{KIT}parts/nothing/", {"version": 0, "text": "x"}).status_code == 404
    assert ana.get(f"{KIT}rounds/9/").status_code == 404


def test_a_fact_fills_in_the_drafts_and_is_missed_no_more(cast: Cast, ana: Client):
    assert "lead_department" in {item.name for item in launch_kit(cast.larkspur).missing}
    ana.post(FACTS, {"version": 1, "lead_department": "Office of <Mobility>", "starts_on": "2026-03-02"})
    kit = launch_kit(cast.larkspur)
    assert {"lead_department", "starts_on"} & {item.name for item in kit.missing} == set()
    assert kit.part("lead").words == "Office of <Mobility> leads the work day by day and answers your questions."
    assert "On Mar 2, 2026," in kit.part("start").words
    assert "Office of &lt;Mobility&gt;" in ana.get(KIT).content.decode()


def test_the_roster_fills_in_the_sectors(cast: Cast):
    factories.partner(cast.larkspur)
    assert (
        launch_kit(cast.larkspur)
        .part("sectors")
        .words.endswith("At the table, or invited to it: schools and education.")
    )


def test_ones_own_text_stands_and_the_page_says_when_the_draft_has_moved_on(cast: Cast, ana: Client):
    ana.post(LEAD, {"version": 0, "text": "Ask us anything."})
    view = launch_kit(cast.larkspur).part("lead")
    assert (view.words, view.edited, view.moved_on) == ("Ask us anything.", True, False)
    facts(cast, lead_department="Planning")
    assert launch_kit(cast.larkspur).part("lead").moved_on
    page = ana.get(KIT).content.decode()
    assert "The draft has moved on" in page
    assert "Planning leads the work day by day" in page


def test_ones_own_text_may_have_several_lines_and_nothing_hidden(cast: Cast, ana: Client):
    ana.post(LEAD, {"version": 0, "text": "Ask us\r\nanything.\r\n\r\nReally."})
    assert launch_kit(cast.larkspur).part("lead").words == "Ask us\nanything.\n\nReally."
    for bad in ("Ask\x07us", "Ask\n\u202eus", "\n …\n"):
        assert ana.post(LEAD, {"version": 1, "text": bad}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, repr(bad)
    assert launch_kit(cast.larkspur).part("lead").words == "Ask us\nanything.\n\nReally."


def test_the_draft_is_used_again_and_that_is_undone(cast: Cast, ana: Client):
    ana.post(LEAD, {"version": 0, "text": "Ask us anything."})
    version = launch_kit(cast.larkspur).part("lead").version
    page = ana.post(LEAD, {"version": version, "text": "Ask us anything.", "draft": "1"})
    assert "Undo: use my text" in page.content.decode()
    view = launch_kit(cast.larkspur).part("lead")
    assert not view.edited
    ana.post(LEAD, {"version": view.version, "text": "Ask us anything."})
    assert launch_kit(cast.larkspur).part("lead").words == "Ask us anything."


def test_a_text_that_repeats_the_draft_goes_on_following_the_facts(cast: Cast, ana: Client):
    ana.post(LEAD, {"version": 0, "text": launch_kit(cast.larkspur).part("lead").draft})
    assert not launch_kit(cast.larkspur).part("lead").edited


def test_two_texts_for_one_part_are_both_shown(cast: Cast, ana: Client, ben: Client):
    ana.post(LEAD, {"version": 0, "text": "By Ana."})
    page = ben.post(LEAD, {"version": 0, "text": "By Ben."})
    assert page.status_code == 409
    assert "By Ana." in page.content.decode()
    assert "By Ben." in page.content.decode()
    assert launch_kit(cast.larkspur).part("lead").words == "By Ana."


def test_two_values_for_one_fact_are_both_shown(cast: Cast, ana: Client, ben: Client):
    ana.post(FACTS, {"version": 1, "budget": "$5"})
    page = ben.post(FACTS, {"version": 1, "budget": "$6"})
    assert page.status_code == 409
    assert Facts.objects.get().budget == "$5"
    assert "$6" in page.content.decode()


def test_a_refused_form_comes_back_with_what_was_typed(cast: Cast, ana: Client):
    page = ana.post(FACTS, {"version": 1, "budget": "$" * 101, "plans": "Kept words"})
    assert page.status_code == 422
    assert "Kept words" in page.content.decode()
    htmx = ana.post(FACTS, {"version": 1, "starts_on": "someday"}, headers={"HX-Request": "true"})
    assert (htmx.status_code, "Not saved." in htmx.content.decode()) == (422, True)


def test_a_decided_round_keeps_an_editable_kit_and_the_next_begins_with_a_copy(cast: Cast, ana: Client):
    facts(cast, budget="$5")
    write_part(municipality=cast.larkspur, key="lead", seen=0, text="First words.", drafted="d", by=cast.ana)
    assert "A launch follows when" in ana.get(KIT).content.decode()
    decide(cast)
    assert "A launch follows when" not in ana.get(KIT).content.decode()
    assert (
        ana.post(LEAD, {"version": launch_kit(cast.larkspur).part("lead").version, "text": "Second."}).status_code
        == 302
    )
    start_round(municipality=cast.larkspur, by=cast.ana)
    kit = launch_kit(cast.larkspur)
    assert (kit.round.number, kit.part("lead").words, kit.facts.budget) == (2, "Second.", "$5")
    ana.post(LEAD, {"version": kit.part("lead").version, "text": "Third."})
    assert [launch_kit(cast.larkspur, n).part("lead").words for n in (1, 2)] == ["Second.", "Third."]
    assert Part.objects.count() == 2


def test_what_is_taken_away_says_the_same(cast: Cast, ana: Client):
    facts(cast, lead_department="Planning\x0b Office")
    text = ana.get(f"{KIT}rounds/1/text/")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "[budget]" in text.content.decode()
    word = docx.Document(io.BytesIO(ana.get(f"{KIT}rounds/1/launch-kit.docx").content))
    words = [p.text for p in word.paragraphs]
    assert "Planning Office leads the work day by day and answers your questions." in words
    assert [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"] == [
        "Internal launch message",
        "Talking points",
    ]


@pytest.mark.parametrize("members", [3, 300])
def test_the_kit_asks_the_same_queries_whatever_the_roster(
    cast: Cast, ana: Client, members: int, django_assert_num_queries
):
    for _n in range(members):
        factories.partner(cast.larkspur)
    facts(cast, starts_on=date(2026, 3, 2))
    with django_assert_num_queries(8):
        ana.get(KIT)


@pytest.mark.one_engine
def test_the_pdf_passes_both_profiles_whatever_is_filled_in(cast: Cast, ana: Client, tmp_path: Path):
    plain, hard = tmp_path / "plain.pdf", tmp_path / "hard.pdf"
    plain.write_bytes(ana.get(f"{KIT}rounds/1/launch-kit.pdf").content)
    text = "\u202a漢字 <b> {place} \U0001f3d9 " * 12
    facts(cast, lead_department=text[:200], plans=text, groups=text)
    write_part(municipality=cast.larkspur, key="team", seen=0, text=text * 30, drafted="", by=cast.ana)
    hard.write_bytes(ana.get(f"{KIT}rounds/1/launch-kit.pdf").content)
    assert plain.read_bytes() != hard.read_bytes()
    assert pdfcheck.faults(plain, hard) == ""

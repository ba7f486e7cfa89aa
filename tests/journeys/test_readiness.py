"""Readiness, as its people go it: the worksheet offline, the pulse on a phone, readings, a decision, a new round."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from municipalities.records import overwrite
from pulse.models import Answer, Survey
from readiness.models import Determination, Evidence, Round, StepAnswer
from tests.conftest import Cast
from tests.journeys.conftest import follow
from tests.readiness.test_workbook import at

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def step(cast: Cast, key: str) -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.filter(round__municipality=cast.larkspur, key=key).latest("pk")
    return row


def test_a_worksheet_goes_offline_and_comes_back_with_a_conflict_chosen(cast: Cast, sign_in, axe, tmp_path: Path):
    ben: Page = sign_in(cast.ben)
    ben.goto("/larkspur/readiness/")
    follow(ben.get_by_role("link", name="Worksheet and exports"))
    with ben.expect_download() as loading:
        ben.get_by_role("link", name="Excel worksheet").click()
    path = tmp_path / "meeting.xlsx"
    loading.value.save_as(path)
    book = load_workbook(io.BytesIO(path.read_bytes()))
    at(book.active, "leadership.1", "Status").value = "In place"
    at(book.active, "leadership.1", "Note").value = "Said at the meeting."
    at(book.active, "data.1", "Note").value = "The meeting's words"
    book.save(path)
    overwrite(step(cast, "data.1"), by=cast.ana, note="Ana's words")
    ben.get_by_label("Worksheet").set_input_files(path)
    follow(ben.get_by_role("button", name="Show what would change"))
    expect(ben.get_by_text("1 field was changed here after the worksheet was taken")).to_be_visible()
    assert axe(ben) == []
    assert step(cast, "leadership.1").note == ""
    ben.get_by_text("Take the worksheet's").click()
    follow(ben.get_by_role("button", name="Apply 3 changes"))
    expect(ben.get_by_text("2 rows changed by meeting.xlsx.")).to_be_visible()
    assert (step(cast, "leadership.1").status, step(cast, "data.1").note) == ("in_place", "The meeting's words")


def test_the_pulse_is_answered_on_a_phone_in_spanish_by_keyboard(cast: Cast, sign_in, axe):
    ana: Page = sign_in(cast.ana)
    ana.goto("/larkspur/pulse/")
    follow(ana.get_by_role("button", name="Open a survey"))
    address = ana.get_by_label("Link to pass on").input_value()
    phone: Page = sign_in(None, width=360, height=740)
    phone.goto(re.sub(r"^https?://[^/]+", "", address))
    follow(phone.get_by_role("link", name="Español"))
    expect(phone.get_by_role("heading", name="Encuesta al personal")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert axe(phone) == []
    phone.locator("#group-leadership").focus()
    phone.keyboard.press("ArrowDown")
    for _ in range(15):
        phone.keyboard.press("Tab")
        phone.keyboard.press("Space")
        phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Tab")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Gracias")).to_be_visible()
    answer = Answer.objects.get()
    assert (answer.group, set(answer.choices.values()), len(answer.choices)) == ("heads", {2}, 15)
    ana.reload()
    follow(ana.get_by_role("link", name="Close the survey"))
    follow(ana.get_by_role("button", name="Close the survey"))
    expect(ana.get_by_role("heading", name="Fewer than five people answered")).to_be_visible()
    assert axe(ana) == []
    assert Survey.objects.get().is_open is False


@pytest.mark.parametrize("width", [1280, 360])
def test_two_readings_come_to_one_agreed_answer(cast: Cast, sign_in, axe, width: int):
    pages = {}
    for who, word in ((cast.ana, "In place"), (cast.ben, "Not yet")):
        page: Page = sign_in(who, width=width)
        page.goto("/larkspur/readings/")
        form = page.locator("#culture")
        form.locator("fieldset").first.get_by_label(word).check(force=True)
        page.locator("#data").get_by_label("Remark").first.fill(f"{who.name} was here")
        follow(form.get_by_role("button", name="Save"))
        expect(page.get_by_text("You have read 1 of 31 steps.")).to_be_visible()
        expect(page.locator("#data").get_by_label("Remark").first).to_have_value(f"{who.name} was here")
        page.locator("#data").get_by_label("Remark").last.fill("typed last")
        assert axe(page) == []
        follow(page.get_by_role("button", name="My reading is done"))
        pages[who.name] = page
    ben = pages["Ben Carter"]
    expect(ben.get_by_text("typed last")).to_have_count(2)
    follow(ben.get_by_role("link", name="Only where we differ (1)"))
    card = ben.locator("#culture-1")
    expect(card).to_contain_text("Ana Reyes: In place")
    expect(card).to_contain_text("Ben Carter: Not yet")
    assert axe(ben) == []
    card.get_by_label("The meeting agrees on").select_option("Under way")
    follow(card.get_by_role("button", name="Record"))
    expect(ben.get_by_text("Agreed and recorded.")).to_be_visible()
    expect(ben.locator("#culture-1:target")).to_contain_text("Ana Reyes: In place")
    assert (step(cast, "culture.1").status, step(cast, "culture.1").updated_by) == ("under_way", cast.ben)


def test_from_evidence_and_what_if_to_the_determination_and_a_new_round(cast: Cast, sign_in, axe):
    ben: Page = sign_in(cast.ben)
    ben.goto("/larkspur/readiness/culture/")
    card = ben.locator("#culture-1")
    card.get_by_text("Add evidence to this step").click()
    card.get_by_label("Link or name of a document").fill("Minutes of May 5")
    follow(card.get_by_role("button", name="Add evidence"))
    ana: Page = sign_in(cast.ana)
    ana.goto("/larkspur/readiness/culture/")
    follow(ana.locator("#culture-1").get_by_role("button", name="Mark as verified"))
    expect(ana.locator("#culture-1")).to_contain_text("verified by Ana Reyes")
    assert axe(ana) == []
    lena: Page = sign_in(cast.lena)
    lena.goto("/larkspur/readiness/")
    follow(lena.get_by_role("link", name="What if"))
    for name in ("Culture", "Engagement", "Partnerships"):
        row = lena.locator(".mp-switches").filter(has_text=name)
        row.locator("summary").click()
        row.get_by_text("as met").click()
    expect(lena.locator("#what-follows")).to_contain_text("Prepare")
    assert axe(lena) == []
    assert StepAnswer.objects.exclude(status="").count() == 0
    lena.goto("/larkspur/readiness/determination/")
    lena.locator("label[for=id_verdict_1]").click()
    lena.get_by_label("Rationale").fill("Build up first.")
    lena.get_by_label("Conditions of the decision").fill("If the budget passes.")
    lena.get_by_label("Your title").fill("Mayor")
    follow(lena.get_by_role("button", name="Review before recording"))
    expect(lena.get_by_text("If the budget passes.")).to_be_visible()
    follow(lena.get_by_role("button", name="Record determination"))
    expect(lena.locator(".mp-fingerprint")).to_have_text(Determination.objects.get().fingerprint)
    assert axe(lena) == []
    ana.goto("/larkspur/readiness/")
    follow(ana.get_by_role("link", name="Start a new round"))
    expect(ana.get_by_role("button", name="Start round 2")).to_be_visible()
    assert axe(ana) == []
    follow(ana.get_by_role("button", name="Start round 2"))
    assert Round.objects.get(municipality=cast.larkspur, decided_at=None).number == 2
    assert Evidence.objects.filter(text="Minutes of May 5", verified_by=cast.ana).count() == 2
    call_command("verify_round", "larkspur", "1")

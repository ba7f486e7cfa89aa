"""Keeping the plan alive in a real browser: a win logged, the annual report written and finished, its files taken."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from sustain.models import AnnualReport, Handover
from tests.journeys.conftest import SignIn, all_saved
from tests.journeys.pasted_samples import SAMPLES, WORD_MARKDOWN, paste

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def take(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return download.value.suggested_filename


def test_olaf_logs_a_win_and_finishes_the_report_and_leadership_opens_it_again(demo: None, sign_in: SignIn):
    report = AnnualReport.objects.get(municipality__slug="fairmont")
    day = report.starts_on.replace(month=2)
    page = sign_in(User.objects.get(email="olaf@fairmont.example"))
    page.goto("/fairmont/plan/")
    page.get_by_role("link", name="Sustain", exact=True).click()
    page.get_by_role("link", name="Log a win").click()
    page.get_by_label("What was achieved").fill("The first table met")
    page.get_by_label("When").fill(day.isoformat())
    page.get_by_text("Bayhaven Medical Center").click()
    page.get_by_text("It may be told in public").click()
    page.get_by_role("button", name="Log a win").click()
    expect(page.get_by_role("row").filter(has_text="The first table met")).to_contain_text("Bayhaven Medical Center")
    page.get_by_role("link", name="Sustain").click()
    page.get_by_role("link", name=str(report)).click()
    achieved = page.locator("section").filter(has=page.get_by_role("heading", name="What was achieved"))
    expect(achieved).to_contain_text("The first table met")
    text = page.get_by_role("textbox", name="What changes next year")
    text.fill("We open longer.")
    text.evaluate("(area) => area.setSelectionRange(8, 14)")
    page.locator("[aria-controls=id_changes]").get_by_role("button", name="Bold").click()
    expect(text).to_have_value("We open **longer**.")
    expect(page.locator(".js-save-state")).to_have_text(re.compile(r"Saved \d+:\d\d [AP]M by Olaf Sorensen"))
    expect(page.locator("#own-changes strong")).to_have_text("longer")
    page.get_by_role("link", name="Finish the report").click()
    expect(page.locator("main")).to_contain_text("We open longer.")
    page.get_by_role("button", name="Finish the report").click()
    expect(page.get_by_role("heading", name=re.compile("Finished on .* by Olaf Sorensen"))).to_be_visible()
    expect(page.locator("textarea")).to_have_count(0)
    named = f"fairmont-annual-progress-report-{report.ends_on}"
    assert [take(page, "Take as Word"), take(page, "Take as PDF")] == [f"{named}.docx", f"{named}.pdf"]
    leader = sign_in(User.objects.get(email="delphine@fairmont.example"), width=360)
    leader.goto(page.url)
    leader.get_by_role("button", name="Open it again").click()
    expect(leader.get_by_role("textbox", name="What changes next year")).to_have_value("We open **longer**.")


def test_without_scripts_the_handover_note_is_a_form(demo: None, sign_in: SignIn):
    page = sign_in(User.objects.get(email="ana@larkspur.example"), scripts=False)
    page.goto("/larkspur/sustain/")
    page.get_by_role("link", name="Handover note").click()
    page.get_by_role("textbox", name="What to do first").fill("1. Listen\n2. Ask")
    page.get_by_role("button", name="Save the texts").click()
    expect(page.locator("#own-first li")).to_have_text(["Listen", "Ask"])


def test_each_text_has_a_preview_of_its_own_that_follows_it_before_it_is_saved(demo: None, sign_in: SignIn, axe: Any):
    report = AnnualReport.objects.get(municipality__slug="fairmont")
    page = sign_in(User.objects.get(email="olaf@fairmont.example"))
    page.goto(f"/fairmont/sustain/reports/{report.pk}/")
    page.route(re.compile(rf"/{report.pk}/$"), lambda route: route.abort())
    text = page.get_by_role("textbox", name="What was learned")
    text.fill("# Ask early\n\nCall **late**.\n\n| Place | Calls |\n|---|---|\n| Lower Point | 12 |")
    learned, summary = (page.locator(f"[data-preview-of=id_{name}]") for name in ("learned", "summary"))
    expect(learned.locator("h3").nth(1)).to_have_text("Ask early")
    expect(learned.locator("strong")).to_have_text("late")
    expect(summary.locator("strong")).to_have_text("staying in the home they have")
    expect(page.locator("#own-learned strong")).to_have_count(0)
    typed, shown = text.bounding_box(), learned.bounding_box()
    assert typed
    assert shown
    assert shown["x"] > typed["x"] + typed["width"]
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    typed, shown = text.bounding_box(), learned.bounding_box()
    assert typed
    assert shown
    assert shown["y"] > typed["y"] + typed["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert axe(page) == []


def test_what_is_pasted_from_word_is_clean_and_said_beside_its_own_text(demo: None, sign_in: SignIn):
    page = sign_in(User.objects.get(email="olaf@fairmont.example"))
    page.goto("/fairmont/sustain/handover/")
    text = page.get_by_role("textbox", name="What to do first")
    text.fill("")
    assert paste(page, SAMPLES["Word"][0], area="id_first")
    expect(text).to_have_value(WORD_MARKDOWN)
    words = page.locator("[aria-controls=id_first] + .js-writing-words")
    expect(words).to_contain_text("Pasted with its headings, lists, tables, links")
    expect(page.locator("[data-preview-of=id_first] table")).to_be_visible()
    all_saved(page)
    expect(page.locator("#own-first table")).to_be_visible()
    assert Handover.objects.get(municipality__slug="fairmont").first == WORD_MARKDOWN

"""Keeping the plan alive in a real browser: a win logged, the annual report written and finished, its files taken."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from sustain.models import AnnualReport
from tests.journeys.conftest import SignIn

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
    text = page.get_by_label("What changes next year")
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
    expect(leader.get_by_label("What changes next year")).to_have_value("We open **longer**.")


def test_without_scripts_the_handover_note_is_a_form(demo: None, sign_in: SignIn):
    page = sign_in(User.objects.get(email="ana@larkspur.example"), scripts=False)
    page.goto("/larkspur/sustain/")
    page.get_by_role("link", name="Handover note").click()
    page.get_by_label("What to do first").fill("1. Listen\n2. Ask")
    page.get_by_role("button", name="Save the texts").click()
    expect(page.locator("#own-first li")).to_have_text(["Listen", "Ask"])

"""The launch kit in a real browser: facts typed, a part in one's own words, and the files taken along."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Cast
from tests.journeys.conftest import follow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
KIT = "/larkspur/launch/"


def take(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return download.value.suggested_filename


def test_ana_fills_in_the_facts_edits_a_part_and_takes_both_files(cast: Cast, sign_in):
    page = sign_in(cast.ana, width=360)
    page.goto(KIT)
    lead = page.locator("#lead")
    follow(lead.get_by_role("link", name="missing: lead department"))
    page.get_by_label("Lead department").fill("Office of Mobility")
    expect(page.locator(".js-save-state")).to_have_text(re.compile(r"Saved \d+:\d\d [AP]M by Ana Reyes"))
    page.goto(KIT)
    expect(lead).to_contain_text("Office of Mobility leads the work day by day")
    expect(lead.locator(".mp-missing")).to_have_count(0)
    follow(lead.get_by_role("link", name="Edit"))
    page.get_by_label("Your text").fill("Ask Kim, who leads this.")
    follow(page.get_by_role("button", name="Save text"))
    expect(lead).to_contain_text("Ask Kim, who leads this.")
    expect(lead).to_contain_text("Your own words")
    assert [take(page, "Take as Word"), take(page, "Take as PDF")] == [
        "larkspur-launch-kit.docx",
        "larkspur-launch-kit.pdf",
    ]

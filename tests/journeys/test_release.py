"""An empty plan becomes a released PDF between two persons, seen in real browsers; a third one reads it."""

import hashlib
import io
import re
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from plans.models import Section
from tests.conftest import Cast
from tests.journeys.conftest import all_saved, follow
from tests.plans.test_releases import approve

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
FIRST = "People here want wages that cover a home, a voice in what is built, and streets where they are known."
AMENDED = "They told us so at nine kitchen tables."


def to_the_plan(page: Page) -> None:
    side = page.get_by_role("navigation", name="Sections of this municipality")
    follow(side.get_by_role("link", name="Plan", exact=True))


def write(ana: Page, axe, words: str) -> None:
    """The section as it is typed, saved and sent for review."""
    text = ana.locator("#section-body")
    text.press("Control+End")
    ana.keyboard.insert_text(words)
    expect(ana.locator("#section-preview")).to_contain_text(words.strip())
    all_saved(ana)
    expect(ana.locator("#section-status")).to_contain_text("Drafting")
    assert axe(ana) == []
    follow(ana.get_by_role("button", name="Send for review"))
    expect(ana.locator(".mp-messages")).to_contain_text("Sent for review.")
    assert axe(ana) == []


def open_review(lena: Page, axe) -> None:
    """From the plan to the section that waits for leadership."""
    to_the_plan(lena)
    assert axe(lena) == []
    follow(lena.get_by_role("link", name="Review Our approach"))
    expect(lena.locator("#section-preview")).to_contain_text(FIRST)
    expect(lena.locator("#section-status")).to_contain_text("Ana Reyes asked for this review.")
    assert axe(lena) == []


def release(lena: Page, axe) -> str:
    """The plan approved as a whole; the address at which everybody reads it."""
    to_the_plan(lena)
    follow(lena.get_by_role("navigation", name="What the plan is made of").get_by_role("link", name="Releases"))
    assert axe(lena) == []
    lena.get_by_label("What is new").fill("Our first plan.")
    follow(lena.get_by_role("button", name="Approve the plan and release it"))
    expect(lena.get_by_role("heading", name="Release 1 is public")).to_be_visible()
    assert axe(lena) == []
    return re.sub(r"^https?://[^/]+", "", lena.locator("main code").first.inner_text())


def words(path: Path) -> str:
    """All text of a PDF, its lines joined."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    return " ".join(" ".join(pages).split())


def test_an_empty_plan_becomes_a_released_pdf_between_two_persons(cast: Cast, sign_in, axe, tmp_path: Path):
    ana, lena, reader = sign_in(cast.ana), sign_in(cast.lena), sign_in(None, width=360)
    for page in (ana, lena):
        page.goto("/larkspur/")
        assert axe(page) == []

    # Ana begins where nothing stands yet, and sends her words for review.
    to_the_plan(ana)
    expect(ana.get_by_role("heading", name="Write the first section")).to_be_visible()
    assert axe(ana) == []
    follow(ana.get_by_role("table", name="Sections of the plan").get_by_role("link", name="Our approach"))
    assert axe(ana) == []
    write(ana, axe, FIRST)

    # Lena opens it in a browser of her own, and returns it with a comment.
    open_review(lena, axe)
    lena.get_by_text("Return it with a comment").click()
    lena.get_by_label("What should change").fill("Say who told us.")
    assert axe(lena) == []
    follow(lena.get_by_role("button", name="Return to drafting"))
    expect(lena.locator(".mp-messages")).to_contain_text("Returned with your comment.")
    assert axe(lena) == []

    # Ana amends it and sends it again; the other sections were written and approved meanwhile.
    ana.reload()
    expect(ana.locator(".mp-plan-returned")).to_contain_text("Say who told us.")
    assert axe(ana) == []
    write(ana, axe, f"\n\n{AMENDED}")
    approve(cast.larkspur, cast.ana, cast.lena, but=("approach",))

    # Lena approves it, then the plan as a whole.
    open_review(lena, axe)
    expect(lena.locator("#section-preview")).to_contain_text(AMENDED)
    follow(lena.get_by_role("button", name="Approve section"))
    expect(lena.locator("#section-status")).to_contain_text("by Lena Whitfield on")
    assert axe(lena) == []
    row = Section.objects.get(plan__municipality=cast.larkspur, key="approach")
    assert (row.body, row.written_by, row.approved_by) == (f"{FIRST}\n\n{AMENDED}", cast.ana, cast.lena)
    address = release(lena, axe)

    # Somebody without an account reads it and takes the PDF along.
    reader.goto(address)
    expect(reader.get_by_role("main")).to_contain_text(AMENDED)
    assert axe(reader) == []
    with reader.expect_download() as pdf:
        reader.get_by_role("link", name="The whole plan as PDF").click()
    pdf.value.save_as(tmp_path / "plan.pdf")
    text = words(tmp_path / "plan.pdf")
    assert (FIRST in text, AMENDED in text) == (True, True)

    # The fingerprint that the page shows is that of the files that the reader has.
    shown = reader.locator(".mp-public__print code").inner_text()
    data = reader.request.get(f"{address}1/plan.json").body()
    assert hashlib.sha256(data + (tmp_path / "plan.pdf").read_bytes()).hexdigest() == shown
    said = io.StringIO()
    call_command("verify_release", "larkspur", "1", stdout=said)
    assert said.getvalue().split("\n")[1] == shown

"""Waiting for a large plan's file: the bar, the file that comes by itself, and the same without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from playwright.sync_api import Page, expect

from documents.apart import Stage
from plans import exports
from plans.models import Export, ExportState, Problem
from tests.conftest import Cast
from tests.journeys.conftest import SignIn

pytestmark = [pytest.mark.journey, pytest.mark.one_engine, pytest.mark.django_db(transaction=True)]

READY = "The file is ready: larkspur-mobility-action-plan.pdf"


@pytest.fixture(autouse=True)
def worker(settings: LazySettings, tmp_path: Path) -> None:
    settings.BACKGROUND_WORKER = True
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_bar_goes_on_and_the_file_comes_by_itself(
    cast: Cast, sign_in: SignIn, axe: Callable[[Page], list[str]], width: int
) -> None:
    page = sign_in(cast.vera, width=width)
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.suggested_filename))
    page.goto("/larkspur/plan/")
    page.click("text=Export PDF")
    page.wait_for_url("**/plan/exports/*/")
    expect(page.locator("#export-words")).to_have_text("It waits for its turn.")
    assert axe(page) == []

    # The focus stays on a button while the bar goes on beside it.
    page.focus("text=E-mail me when it is ready")
    Export.objects.update(state=ExportState.RUNNING)
    exports._alive(Export.objects.get(), Stage.LAYOUT, 34)
    expect(page.locator("#export-words")).to_have_text("Step 2 of 4: laying out the pages, 34 so far")
    assert page.locator("progress").evaluate("bar => [bar.value, bar.max, bar.labels.length]") == [1, 4, 0]
    expect(page.locator("button:has-text('E-mail me')")).to_be_focused()
    page.click("text=E-mail me when it is ready")
    expect(page.locator("#export-tools")).to_contain_text(f"We will e-mail {cast.vera.email} when the file is ready.")
    assert axe(page) == []
    page.focus("#export-tools button")

    Export.objects.update(state=ExportState.WAITING)
    with page.expect_download() as coming:
        assert exports.make_next() is True
    assert coming.value.suggested_filename == "larkspur-mobility-action-plan.pdf"
    assert coming.value.path().read_bytes().startswith(b"%PDF-")
    expect(page.locator("#announce")).to_have_text(READY)
    expect(page.locator("a:has-text('Save the file')")).to_be_focused()
    expect(page.locator("#export-tools button")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    assert len(mail.outbox) == 1

    # An unchanged plan's file comes at once.
    page.goto("/larkspur/plan/")
    with page.expect_download() as again:
        page.click("text=Export PDF")
    assert again.value.path().read_bytes().startswith(b"%PDF-")
    assert saved == ["larkspur-mobility-action-plan.pdf"] * 2
    assert Export.objects.count() == 1


def test_a_file_that_is_not_made_says_what_to_do(cast: Cast, sign_in: SignIn, axe: Callable[[Page], list[str]]) -> None:
    page = sign_in(cast.ben)
    page.goto("/larkspur/plan/export.pdf")
    Export.objects.update(state=ExportState.FAILED, problem=Problem.MEMORY)
    expect(page.locator("#export-job")).to_contain_text("Find the longest table")
    expect(page.locator("#announce")).to_contain_text("It would need too much memory to make.")
    assert axe(page) == []
    page.click("text=Try again")
    expect(page.locator("#export-words")).to_have_text("It waits for its turn.")
    page.click("text=Stop")
    expect(page.locator("main")).to_contain_text("Stopped. Nothing of the file is kept.")


def test_without_a_script_its_buttons_and_its_link_do_the_same(cast: Cast, sign_in: SignIn) -> None:
    """The browser of the tests leaves out what stands in `noscript`: test_exports.py of the plans reads that."""
    page = sign_in(cast.ben, scripts=False)
    page.goto("/larkspur/plan/export.pdf")
    expect(page.locator("#export-job")).to_contain_text("It waits for its turn.")
    page.click("text=E-mail me when it is ready")
    expect(page.locator("main")).to_contain_text(f"We will e-mail {cast.ben.email}")
    assert exports.make_next() is True
    page.reload()
    expect(page.locator("#export-job")).to_contain_text(READY)
    with page.expect_download() as coming:
        page.click("text=Save the file")
    assert coming.value.path().read_bytes().startswith(b"%PDF-")

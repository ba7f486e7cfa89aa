"""A section of the plan from its first words to its approval, seen in real browsers."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from comments.models import Comment
from plans.models import Section
from plans.rules.passages import digest
from plans.rules.progress import Status
from plans.services import write_section
from tests.conftest import Cast
from tests.journeys.conftest import all_saved, drafts, follow, until
from tests.plans.test_queries import put

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGE = "/larkspur/plan/approach/"
TEXT = "#section-body"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, settings) -> None:
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"


def stored() -> Section:
    row: Section = Section.objects.get(key="approach", plan__municipality__slug="larkspur")
    return row


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name))


def too_soon(page: Page) -> None:
    """What is typed from now on does not get to save itself."""
    page.route(re.compile(f"{PAGE}$"), lambda route: route.abort())


def send_for_review(page: Page, words: str) -> None:
    page.goto(PAGE)
    page.fill(TEXT, words)
    page.locator(TEXT).blur()
    expect(page.locator(".js-save-state")).to_contain_text("by Ben Carter")
    press(page, "Send for review")
    expect(page.locator(".mp-messages")).to_contain_text("Sent for review.")


def read_and_write(page: Page, words: str) -> None:
    """Leadership reads first; the text to change is folded away behind it."""
    page.goto(PAGE)
    too_soon(page)
    expect(page.locator("#section-preview")).to_be_visible()
    expect(page.locator(TEXT)).to_be_hidden()
    page.get_by_text("Change the text yourself").click()
    page.locator(TEXT).press("Control+End")
    page.locator(TEXT).press_sequentially(words)


def approve(page: Page) -> None:
    read_and_write(page, "")
    press(page, "Approve section")
    expect(page.locator("#section-status")).to_contain_text("by Lena Whitfield")


def test_a_section_is_written_reviewed_approved_and_exported(cast: Cast, sign_in):
    ben, lena = sign_in(cast.ben), sign_in(cast.lena)
    ben.goto(PAGE)
    ben.fill(TEXT, "## Why now\n\nRents **rise**.")
    ben.locator(TEXT).blur()
    expect(ben.locator("#section-preview strong")).to_have_text("rise")
    expect(ben.locator("#section-status")).to_contain_text("Drafting")
    # What is typed on the way to the button goes along, and nothing of it stays behind in the browser.
    ben.locator(TEXT).press("Control+End")
    ben.locator(TEXT).press_sequentially(" More.")
    press(ben, "Send for review")
    expect(ben.locator(".mp-messages")).to_contain_text("Sent for review.")
    expect(ben).to_have_url(re.compile(f"{PAGE}$"))
    assert drafts(ben) == []
    # What she adds goes along too and is hers: somebody else has to approve it, or to write last.
    read_and_write(lena, " Much more.")
    press(lena, "Approve section")
    expect(lena.locator(".mp-messages")).to_contain_text("another person of leadership approves it")
    expect(lena.get_by_role("button", name="Approve section")).to_have_count(0)
    assert drafts(lena) == []
    assert (stored().body, stored().status) == ("## Why now\n\nRents **rise**. More. Much more.", "in_review")
    ben.goto(PAGE)
    ben.locator(TEXT).press("Control+End")
    ben.locator(TEXT).press_sequentially(" Enough.")
    ben.locator(TEXT).blur()
    all_saved(ben)
    expect(ben.locator(".js-save-state")).to_contain_text("by Ben Carter")
    lena.unroute(re.compile(f"{PAGE}$"))
    approve(lena)
    assert (stored().body, stored().status) == ("## Why now\n\nRents **rise**. More. Much more. Enough.", "approved")
    lena.goto("/larkspur/plan/")
    with lena.expect_download() as download:
        lena.get_by_role("link", name="Export PDF").click()
    expect(lena.locator(".js-export-words")).to_contain_text("The PDF is ready")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_a_move_lets_a_save_that_is_under_way_come_first(cast: Cast, sign_in):
    """The server has the first words already when the last ones are sent along: both are Ben's, and no conflict."""
    ben = sign_in(cast.ben)
    ben.goto(PAGE)
    ben.fill(TEXT, "Before.")
    ben.locator(TEXT).blur()
    expect(ben.locator(".js-save-state")).to_contain_text("by Ben Carter")
    held: list[tuple[Route, APIResponse]] = []
    ben.route(re.compile(f"{PAGE}$"), lambda route: route.continue_() if held else held.append((route, route.fetch())))
    ben.fill(TEXT, "First words")
    ben.locator(TEXT).blur()
    expect(ben.locator(".js-save-state")).to_contain_text("Saving")
    until(ben, lambda: bool(held))
    ben.fill(TEXT, "First words and last words")
    with ben.expect_navigation():
        ben.get_by_role("button", name="Send for review").click()
        route, answer = held[0]
        route.fulfill(response=answer)
    expect(ben.locator(".mp-messages")).to_contain_text("Sent for review.")
    assert (stored().body, stored().status, drafts(ben)) == ("First words and last words", "in_review", [])


def test_a_save_that_goes_by_itself_does_not_press_the_button_that_has_the_focus(cast: Cast, sign_in):
    ben = sign_in(cast.ben)
    ben.goto(PAGE)
    ben.fill(TEXT, "Before.")
    ben.locator(TEXT).blur()
    expect(ben.locator(".js-save-state")).to_contain_text("by Ben Carter")
    too_soon(ben)
    ben.fill(TEXT, "After.")
    ben.get_by_role("button", name="Send for review").focus()
    expect(ben.locator(".js-save-state")).to_contain_text("Not saved: the server cannot be reached")
    ben.unroute(re.compile(f"{PAGE}$"))
    all_saved(ben)
    assert (stored().body, stored().status) == ("After.", "drafting")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_section_comes_back_with_a_comment_that_goes_when_it_is_sent_again(cast: Cast, sign_in, axe, scripts: bool):
    ben, lena = sign_in(cast.ben, scripts=scripts), sign_in(cast.lena, scripts=scripts)
    send_for_review(sign_in(cast.ben), "A long text.")
    lena.goto(PAGE)
    lena.get_by_text("Return it with a comment").click()
    lena.get_by_label("What should change").fill("Shorter, please.")
    if scripts:
        assert axe(lena) == []
    press(lena, "Return to drafting")
    expect(lena.locator(".mp-messages")).to_contain_text("Returned with your comment.")
    ben.goto(PAGE)
    expect(ben.locator(".mp-plan-returned")).to_contain_text("Shorter, please.")
    if scripts:
        assert axe(ben) == []
    ben.fill(TEXT, "A text.")
    press(ben, "Send for review")
    expect(ben.locator(".mp-messages")).to_contain_text("Sent for review.")
    expect(ben.locator(".mp-plan-returned")).to_have_count(0)
    assert (stored().body, stored().status, stored().returned) == ("A text.", "in_review", "")


def test_leadership_that_writes_in_a_review_returns_it_all_the_same(cast: Cast, sign_in):
    """The page goes on with the version that its own save has made."""
    lena = sign_in(cast.lena)
    send_for_review(sign_in(cast.ben), "A text.")
    lena.goto(PAGE)
    lena.get_by_text("Change the text yourself").click()
    lena.fill(TEXT, "A text, and hers.")
    lena.locator(TEXT).blur()
    expect(lena.locator("#section-status")).to_contain_text("nobody approves what they wrote")
    lena.get_by_text("Return it with a comment").click()
    lena.get_by_label("What should change").fill("Go over it once more.")
    press(lena, "Return to drafting")
    expect(lena.locator(".mp-messages")).to_contain_text("Returned with your comment.")
    assert (stored().body, stored().status) == ("A text, and hers.", "drafting")


@pytest.mark.parametrize("saved", [True, False])
def test_returning_lets_a_save_that_is_under_way_come_first(cast: Cast, sign_in, saved: bool):
    """The page knows no newer version than its own save's; where that fails, the section stays and so do the words."""
    lena = sign_in(cast.lena)
    send_for_review(sign_in(cast.ben), "A text.")
    lena.goto(PAGE)
    lena.get_by_text("Return it with a comment").click()
    lena.get_by_label("What should change").fill("Go over it once more.")
    lena.get_by_text("Change the text yourself").click()
    held: list[tuple[Route, APIResponse | None]] = []
    lena.route(re.compile(f"{PAGE}$"), lambda route: held.append((route, route.fetch() if saved else None)))
    lena.fill(TEXT, "A text, and hers.")
    lena.locator(TEXT).blur()
    until(lena, lambda: bool(held))
    expect(lena.locator(".js-save-state")).to_contain_text("Saving")
    lena.get_by_role("button", name="Return to drafting").click()
    [(route, answer)] = held
    if answer:
        with lena.expect_navigation():
            route.fulfill(response=answer)
        expect(lena.locator(".mp-messages")).to_contain_text("Returned with your comment.")
        assert (stored().body, stored().status) == ("A text, and hers.", "drafting")
    else:
        route.abort()
        expect(lena.locator(".js-save-state")).to_contain_text("Not saved: the server cannot be reached")
        expect(lena.get_by_label("What should change")).to_have_value("Go over it once more.")
        assert (stored().body, stored().status) == ("A text.", "in_review")
        assert "A text, and hers." in drafts(lena)[0]


@pytest.mark.parametrize("scripts", [True, False])
def test_words_typed_while_leadership_approves_are_shown_to_copy(cast: Cast, sign_in, axe, scripts: bool):
    ben, lena = sign_in(cast.ben, scripts=scripts), sign_in(cast.lena)
    send_for_review(sign_in(cast.ben), "Seen by all.")
    ben.goto(PAGE)
    approve(lena)
    too_soon(ben)
    ben.fill(TEXT, "Seen by all. And by Ben.")
    press(ben, "Back to drafting")
    expect(ben.get_by_role("alert")).to_contain_text("Leadership has approved this section")
    expect(ben.get_by_label("What you typed, to copy")).to_have_value("Seen by all. And by Ben.")
    expect(ben.locator("#section-preview")).to_contain_text("Seen by all.")
    assert (stored().body, stored().status) == ("Seen by all.", "approved")
    if scripts:
        assert "And by Ben." in drafts(ben)[0]
        assert axe(ben) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_earlier_text_is_compared_put_back_and_fetched_again(cast: Cast, sign_in, axe, scripts: bool):
    for seen, (user, body) in enumerate([(cast.ben, "Rents rose by a lot."), (cast.ana, "Rents rose by a third.")], 1):
        write_section(municipality=cast.larkspur, key="approach", seen=seen, values={"body": body}, by=user)
    ben = sign_in(cast.ben, scripts=scripts)
    ben.goto(PAGE)
    follow(ben.get_by_role("link", name="Revisions", exact=True))
    follow(ben.get_by_role("link", name="What changed").first)
    expect(ben.locator(".mp-compare del")).to_contain_text("lot")
    expect(ben.locator(".mp-compare ins")).to_contain_text("third")
    if scripts:
        assert axe(ben) == []
    press(ben, "Put the older text back")
    expect(ben.locator(".mp-messages")).to_contain_text("The text is put back.")
    assert stored().body == "Rents rose by a lot."
    if scripts:
        assert axe(ben) == []
    press(ben, "Undo: put the text before it back")
    expect(ben.locator(".mp-revisions__entry").first).to_contain_text("put an earlier text back")
    assert (stored().body, stored().version) == ("Rents rose by a third.", 5)


@pytest.mark.parametrize("choice", ["Save my choice", "Keep what Ana Reyes wrote"])
def test_a_move_into_a_conflict_asks_once_and_leaves_nothing_behind(cast: Cast, sign_in, choice: str):
    ben, ana = sign_in(cast.ben), sign_in(cast.ana)
    send_for_review(ben, "Before.")
    ana.goto(PAGE)
    ana.fill(TEXT, "Ana's.")
    ana.locator(TEXT).blur()
    expect(ana.locator(".js-save-state")).to_contain_text("by Ana Reyes")
    too_soon(ben)
    ben.fill(TEXT, "Ben's.")
    press(ben, "Back to drafting")
    expect(ben.get_by_label("Text: yours")).to_have_value("Ben's.")
    ben.unroute(re.compile(f"{PAGE}$"))
    follow(ben.get_by_text(choice))
    kept = "Ben's." if choice == "Save my choice" else "Ana's."
    expect(ben.locator(TEXT)).to_have_value(kept)
    assert (stored().body, drafts(ben)) == (kept, [])


def test_a_comment_is_made_on_a_paragraph_by_its_mark_and_answered_by_keyboard(cast: Cast, sign_in, axe):
    put(cast.larkspur, "approach", Status.IN_REVIEW, "The first thing.\n\nThe second thing.")
    lena = sign_in(cast.lena)
    lena.goto(PAGE)
    lena.get_by_role("link", name="Comment on paragraph 2").click()
    expect(lena.get_by_label("About")).to_have_value(digest("The second thing."))
    expect(lena.locator("#new-comment")).to_be_focused()
    lena.keyboard.insert_text("Which one?")
    follow(lena.get_by_role("button", name="Post comment"))
    expect(lena.get_by_role("link", name="1 comment on paragraph 2")).to_be_visible()
    assert axe(lena) == []

    # While Ana types above it, the mark moves along with its paragraph.
    ana = sign_in(cast.ana)
    ana.goto(PAGE)
    ana.locator(TEXT).fill("New.\n\nThe first thing.\n\nThe second thing, at last.")
    expect(ana.get_by_role("link", name="1 comment on paragraph 3")).to_be_visible()
    all_saved(ana)
    ana.locator("summary", has_text="Reply").focus()
    ana.keyboard.press("Enter")
    ana.keyboard.press("Tab")
    ana.keyboard.insert_text("The tax.")
    ana.keyboard.press("Tab")
    with ana.expect_navigation():
        ana.keyboard.press("Enter")
    expect(ana.locator(".mp-passage")).to_contain_text("changed since")
    assert [row.text for row in Comment.objects.all()] == ["Which one?", "The tax."]
    assert axe(ana) == []

"""Nothing typed is ever lost: seen in real browsers."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from readiness.models import StepAnswer
from tests.conftest import Cast
from tests.journeys.conftest import drafts, follow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGE = "/larkspur/readiness/leadership/"
NOTE = "#leadership-1-note"


def card(page: Page):
    return page.locator("#leadership-1")


def saved(page: Page):
    return card(page).locator(".js-save-state")


def stored(key: str = "leadership.1") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.get(key=key, round__municipality__slug="larkspur")
    return row


def test_a_step_saves_itself_says_when_and_by_whom_and_moves_the_progress(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    card(page).get_by_label("In place").check()
    expect(saved(page)).to_have_text(re.compile(r"Saved \d+:\d\d [AP]M by Ben Carter"))
    expect(page.locator("#progress")).to_contain_text("1 of 4 steps in place")
    page.fill(NOTE, "The council heard it on Monday.")
    expect(page.locator("#version-leadership-1")).to_have_value("3")
    expect(saved(page)).to_have_text(re.compile("Saved"))
    expect(page.locator("#announce")).to_have_text(re.compile("Saved .* by Ben Carter"))
    assert page.locator(NOTE).evaluate("field => field === document.activeElement")
    assert (stored().status, stored().note) == ("in_place", "The council heard it on Monday.")
    assert stored().history.count() == 3


def quarrel(sign_in, cast: Cast) -> Page:
    """Ana's page with both texts, after Ben wrote first."""
    ana, ben = sign_in(cast.ana), sign_in(cast.ben)
    ana.goto(PAGE)
    ben.goto(PAGE)
    ben.fill(NOTE, "Ben was here.")
    ben.locator(NOTE).blur()
    expect(saved(ben)).to_contain_text("Saved")
    ana.fill(NOTE, "Ana knows better.")
    ana.locator(NOTE).blur()
    expect(ana.get_by_label("Note: yours")).to_have_value("Ana knows better.")
    ana.on("dialog", lambda dialog: dialog.accept())
    return ana


def test_two_people_on_one_note_get_both_texts_side_by_side(cast: Cast, sign_in):
    ana = quarrel(sign_in, cast)
    panel = ana.locator("#conflict-leadership-1")
    expect(panel).to_contain_text("Ben Carter changed this")
    expect(panel.get_by_label("Note: yours")).to_have_value("Ana knows better.")
    expect(panel.get_by_label("Note: by Ben Carter")).to_have_value("Ben was here.")
    assert stored().note == "Ben was here."
    panel.get_by_label("Note: yours").fill("Ana knows better. Ben was here.")
    follow(panel.get_by_role("button", name="Save my choice"))
    expect(ana.locator(NOTE)).to_have_value("Ana knows better. Ben was here.")
    assert stored().note == "Ana knows better. Ben was here."


def test_what_somebody_else_changed_beside_my_text_comes_in_and_is_not_undone(cast: Cast, sign_in):
    ana, ben = sign_in(cast.ana), sign_in(cast.ben)
    ana.goto(PAGE)
    ben.goto(PAGE)
    card(ben).get_by_label("Under way").check()
    expect(saved(ben)).to_contain_text("Saved")
    ana.fill(NOTE, "A first word")
    ana.locator(NOTE).blur()
    expect(saved(ana)).to_contain_text("by Ana Reyes")
    expect(card(ana).get_by_label("Under way")).to_be_checked()
    ana.fill(NOTE, "A first word, and a second")
    ana.locator(NOTE).blur()
    expect(ana.locator("#version-leadership-1")).to_have_value("4")
    assert (stored().status, stored().note) == ("under_way", "A first word, and a second")


def test_a_server_out_of_reach_is_said_and_tried_again(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    page.route("**/readiness/steps/**", lambda route: route.abort())
    page.fill(NOTE, "Typed in a tunnel.")
    page.locator(NOTE).blur()
    # It says so until the next try; here every try fails until it was seen.
    expect(saved(page)).to_contain_text("Not saved: the server cannot be reached")
    page.unroute("**/readiness/steps/**")
    expect(saved(page)).to_contain_text("by Ben Carter")
    assert stored().note == "Typed in a tunnel."


def test_a_sign_in_that_ran_out_keeps_the_text_and_goes_on_after_signing_in_again(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="session")
    page.fill(NOTE, "A long afternoon's work.")
    page.locator(NOTE).blur()
    expect(saved(page)).to_contain_text("you have been signed out")
    expect(saved(page).get_by_role("link")).to_have_attribute("target", "_blank")
    page.context.add_cookies([c for c in cookies if c["name"] == "session"])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(saved(page)).to_contain_text("by Ben Carter")
    assert stored().note == "A long afternoon's work."


def test_a_reload_in_the_middle_of_a_sentence_costs_nothing(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    page.route("**/readiness/steps/**", lambda route: route.abort())
    page.fill(NOTE, "Half a sent")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/readiness/steps/**")
    page.reload()
    expect(page.locator(NOTE)).to_have_value("Half a sent")
    expect(saved(page)).to_contain_text("by Ben Carter")
    assert stored().note == "Half a sent"


@pytest.mark.parametrize(
    ("who", "path", "field", "button"),
    [
        ("ben", PAGE, "#leadership-judgement-reason", "Save judgement"),
        ("lena", "/larkspur/readiness/determination/", "#id_rationale", "Review before recording"),
        ("ben", "/larkspur/readings/", "[name='r-data.1']", "and stay at Data"),
    ],
)
def test_leaving_a_text_that_only_its_button_saves_asks_first(
    cast: Cast, sign_in, who: str, path: str, field: str, button: str
):
    page = sign_in(cast[who])
    page.goto(path)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill(field, "Two heads are new.")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Overview").click(no_wait_after=True)
    expect(page.locator(field)).to_have_value("Two heads are new.")
    assert asked == ["beforeunload"]
    # What is still missing is the server's to say: here it is about leaving.
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("button", name=button).click()
    assert asked == ["beforeunload"]


def test_typing_that_ends_at_what_is_stored_is_saved_and_says_so(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    page.fill(NOTE, "Settled.")
    page.locator(NOTE).blur()
    expect(saved(page)).to_contain_text("by Ben Carter")
    # Before it saves itself, so its clock stands still: a busy machine would press the second key too late.
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 3600000"))
    page.locator(NOTE).press_sequentially("x")
    expect(saved(page)).to_contain_text("Not saved yet")
    page.locator(NOTE).press("Backspace")
    expect(saved(page)).to_contain_text("by Ben Carter")


def test_a_judgement_without_its_reason_is_refused_in_place_and_saved_with_it(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    judgement = page.locator("#leadership-judgement")
    judgement.get_by_label("In place").check()
    judgement.get_by_role("button", name="Save judgement").click()
    expect(judgement.locator(".js-save-state")).to_contain_text("Write why")
    expect(page.locator("#announce")).to_contain_text("Write why")
    expect(page.locator("#progress")).not_to_contain_text("as judged")
    judgement.get_by_label("Reason").fill("The mayor signed.")
    judgement.get_by_role("button", name="Save judgement").click()
    expect(judgement.locator(".js-save-state")).to_contain_text("by Ben Carter")
    expect(page.locator("#progress")).to_contain_text("In place as judged")


def test_the_same_form_works_with_scripts_off_and_offers_both_texts_there_too(cast: Cast, sign_in):
    ana, ben = sign_in(cast.ana, scripts=False), sign_in(cast.ben, scripts=False)
    ana.goto(PAGE)
    ben.goto(PAGE)
    for page, words in ((ben, "Ben's"), (ana, "Ana's")):
        page.fill(NOTE, words)
        follow(card(page).get_by_role("button", name="Save step"))
    expect(ben.locator(".mp-messages")).to_contain_text("Saved")
    panel = ana.locator("#conflict-leadership-1")
    expect(panel.get_by_label("Note: yours")).to_have_value("Ana's")
    expect(panel.get_by_label("Note: by Ben Carter")).to_have_value("Ben's")
    follow(panel.get_by_role("button", name="Save my choice"))
    expect(ana.locator(NOTE)).to_have_value("Ana's")
    assert stored().note == "Ana's"


def test_a_status_that_was_cleared_while_the_network_was_away_stays_cleared(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    in_place = card(page).get_by_label("In place")
    in_place.check()
    expect(saved(page)).to_contain_text("by Ben Carter")
    page.route("**/readiness/steps/**", lambda route: route.abort())
    card(page).get_by_role("button", name="Clear the status").click()
    expect(saved(page)).to_contain_text("Not saved: the server cannot be reached")
    page.locator(NOTE).focus()
    page.unroute("**/readiness/steps/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#progress")).to_contain_text("0 of 4 steps in place")
    expect(in_place).not_to_be_checked()
    assert stored().status == ""


def test_a_status_that_was_cleared_outlives_a_reload_too(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    card(page).get_by_label("In place").check()
    expect(saved(page)).to_contain_text("by Ben Carter")
    page.route("**/readiness/steps/**", lambda route: route.abort())
    card(page).get_by_role("button", name="Clear the status").click()
    expect(saved(page)).to_contain_text("Not saved")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/readiness/steps/**")
    page.reload()
    expect(page.locator("#progress")).to_contain_text("0 of 4 steps in place")
    assert stored().status == ""


def test_both_texts_of_a_conflict_come_back_after_a_reload_until_one_is_chosen(cast: Cast, sign_in):
    ana = quarrel(sign_in, cast)
    ana.reload()
    expect(ana.get_by_label("Note: yours")).to_have_value("Ana knows better.")
    expect(ana.get_by_label("Note: by Ben Carter")).to_have_value("Ben was here.")
    follow(ana.get_by_role("button", name="Save my choice"))
    expect(ana.locator(NOTE)).to_have_value("Ana knows better.")
    ana.reload()
    expect(ana.locator(NOTE)).to_have_value("Ana knows better.")
    assert (stored().note, stored().version) == ("Ana knows better.", 3)
    assert drafts(ana) == []


def test_keeping_what_the_other_wrote_drops_mine(cast: Cast, sign_in):
    ana = quarrel(sign_in, cast)
    follow(ana.get_by_role("link", name="Keep what Ben Carter wrote"))
    expect(ana.locator(NOTE)).to_have_value("Ben was here.")
    expect(ana.locator("#conflict-leadership-1")).to_be_empty()
    assert (stored().note, stored().version) == ("Ben was here.", 2)
    assert drafts(ana) == []


def test_a_choice_that_does_not_reach_the_server_comes_back_with_the_page(cast: Cast, sign_in):
    ana = quarrel(sign_in, cast)
    ana.get_by_label("Note: yours").fill("Both of us.")
    ana.route("**/readiness/steps/**", lambda route: route.abort())
    ana.get_by_role("button", name="Save my choice").click()
    ana.wait_for_url("chrome-error://**")
    ana.unroute("**/readiness/steps/**")
    ana.goto(PAGE)
    expect(ana.locator(NOTE)).to_have_value("Both of us.")
    expect(saved(ana)).to_contain_text("by Ana Reyes")
    assert (stored().note, stored().version) == ("Both of us.", 3)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "you are not allowed to change this"),
        (404, "the server could not take this"),
        (429, "the server is busy"),
        (503, "the server cannot be reached"),
    ],
)
def test_what_went_wrong_is_said_in_its_own_words(cast: Cast, sign_in, status: int, words: str):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    page.route("**/readiness/steps/**", lambda route: route.fulfill(status=status, body=""))
    page.fill(NOTE, "A word")
    page.locator(NOTE).blur()
    expect(saved(page)).to_contain_text(f"Not saved: {words}")
    expect(page.locator("#announce")).to_contain_text(words)

"""A town's whole path, as its people go it: from the sign-in to the plan as a PDF."""

import re
from pathlib import Path

import pypdfium2
import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from readiness.models import Determination, StepAnswer
from tests.conftest import Cast
from tests.factories import PASSWORD
from tests.journeys.conftest import all_saved, follow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sign_in_by_hand(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto("/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))


def words(path: Path) -> str:
    """All text of a PDF."""
    document = pypdfium2.PdfDocument(path)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def answer(ana: Page) -> None:
    """The nine conditions, the first of them opened from its first unanswered step."""
    follow(ana.get_by_role("navigation", name="Sections").get_by_role("link", name="Readiness"))
    expect(ana.get_by_text("0 of 31 steps are answered")).to_be_visible()
    follow(ana.get_by_role("link", name="first unanswered step"))
    card = ana.locator("#leadership-1")
    card.get_by_label("In place").check()
    expect(card.locator(".js-save-state")).to_contain_text("by Ana Reyes")
    card.get_by_label("Note").fill("The mayor said it in her budget speech.")
    card.get_by_label("Note").blur()
    expect(ana.locator("#version-leadership-1")).to_have_value("3")
    card.get_by_text("Add evidence to this step").click()
    card.get_by_label("Link or name of a document").fill("https://larkspur.example/speech")
    card.get_by_label("File").set_input_files({"name": "speech.txt", "mimeType": "", "buffer": b"We begin."})
    follow(card.get_by_role("button", name="Add evidence"))
    expect(card.get_by_role("link", name="speech.txt")).to_be_visible()
    expect(card.get_by_text("Somebody else can verify it.")).to_be_visible()
    question = ana.locator("#leadership-question")
    question.locator("textarea").fill("Say it to the council too.")
    question.locator("textarea").blur()
    expect(question.locator(".js-save-state")).to_contain_text("by Ana Reyes")


def judge(ana: Page) -> None:
    """Otherwise than the checklist suggests, with a reason; both stay visible."""
    judgement = ana.locator("#leadership-judgement")
    judgement.get_by_label("In place").check()
    judgement.get_by_label("Reason").fill("The rest is a formality.")
    judgement.get_by_role("button", name="Save judgement").click()
    expect(judgement.locator(".js-save-state")).to_contain_text("by Ana Reyes")
    expect(ana.locator("#progress")).to_contain_text("as judged; the checklist suggests")
    ana.reload()
    expect(judgement.get_by_label("In place")).to_be_checked()
    expect(judgement.get_by_label("Follow the checklist: Partly")).to_be_visible()
    expect(judgement.get_by_label("Reason")).to_have_value("The rest is a formality.")


def gather_and_write(ana: Page) -> None:
    """A partner of the coalition, a section of the plan."""
    follow(ana.get_by_role("navigation", name="Sections").get_by_role("link", name="Coalition"))
    follow(ana.get_by_role("link", name=re.compile("Add")).first)
    ana.get_by_label("Name", exact=True).fill("Larkspur Food Bank")
    ana.get_by_label("Sector", exact=True).select_option(label="Nonprofits and community-based organizations")
    ana.locator("label", has_text="agreed to be named in public").click()
    follow(ana.get_by_role("button", name=re.compile("Add|Save")))
    expect(ana.get_by_role("main")).to_contain_text("Larkspur Food Bank")
    follow(ana.get_by_role("navigation", name="Sections").get_by_role("link", name="Plan"))
    follow(ana.get_by_role("main").get_by_role("link", name=re.compile("Executive summary")).first)
    ana.locator("textarea[name=body]").fill("We begin with **bus passes**.\n\n- First\n- Second")
    ana.locator("textarea[name=body]").blur()
    expect(ana.locator(".js-save-state").first).to_contain_text("by Ana Reyes")


def decide(lena: Page) -> None:
    """Leadership reads and decides."""
    lena.goto("/larkspur/")
    expect(lena.locator(".mp-verdict")).to_contain_text("Postpone")
    expect(lena.locator(".mp-verdict")).to_contain_text("1 of 9 conditions are met")
    follow(lena.get_by_role("link", name="Record determination"))
    lena.locator("label", has_text="Prepare").click()
    lena.get_by_label("Rationale").fill("We want to be ready by spring.")
    lena.get_by_label("Your title").fill("County Administrator")
    follow(lena.get_by_role("button", name="Review before recording"))
    expect(lena.get_by_role("main")).to_contain_text("differs from the recommendation")
    follow(lena.get_by_role("button", name="Record determination"))
    expect(lena.get_by_role("main")).to_contain_text("We want to be ready by spring.")
    assert Determination.objects.get().verdict == "prepare"


def take_home(ana: Page, path: Path) -> None:
    """The plan as a PDF, with all of it."""
    ana.goto("/larkspur/plan/")
    with ana.expect_download() as download:
        ana.get_by_role("link", name=re.compile("PDF")).first.click()
    download.value.save_as(path)
    assert download.value.suggested_filename == "larkspur-mobility-action-plan.pdf"
    text = words(path)
    for found in (
        "Larkspur County",
        "Prepare",
        "We want to be ready by spring.",
        "bus passes",
        "Larkspur Food Bank",
        "Draft",
    ):
        assert found in text, found


def test_from_the_sign_in_to_the_plan(cast: Cast, sign_in, tmp_path: Path):
    ana = sign_in(None)
    sign_in_by_hand(ana, cast.ana)
    expect(ana.get_by_role("heading", level=1)).to_have_text(re.compile("Larkspur County"))
    answer(ana)
    judge(ana)
    gather_and_write(ana)
    decide(sign_in(cast.lena))
    # The round is frozen: Ana reads, and can write no more.
    ana.goto("/larkspur/readiness/leadership/")
    expect(ana.locator(".js-autosave")).to_have_count(0)
    expect(ana.get_by_role("main")).to_contain_text("The mayor said it in her budget speech.")
    take_home(ana, tmp_path / "plan.pdf")


def focused(page: Page) -> dict[str, object]:
    """What has the focus: its words, and how thick its outline is."""
    found: dict[str, object] = page.evaluate(
        """() => {
            const e = document.activeElement;
            const seen = e.matches("input[type=radio], input[type=checkbox]") ? e.nextElementSibling : e;
            const style = getComputedStyle(seen);
            return {
                text: (e.innerText || e.value || e.getAttribute("aria-label") || e.name || "").trim().slice(0, 60),
                id: e.id, name: e.name || "", tag: e.tagName, type: e.type || "",
                outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
            };
        }"""
    )
    return found


def tab_to(page: Page, *, most: int = 60, **wanted: str) -> None:
    """Tab until that element has the focus; every stop on the way shows where it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["tag"] == "BODY" or float(str(here["outline"])) >= 2, f"no visible focus: {here}"
        if all(re.search(pattern, str(here[key])) for key, pattern in wanted.items()):
            return
    pytest.fail(f"{wanted} cannot be reached by the keyboard")


def test_everything_by_the_keyboard_alone(cast: Cast, sign_in):
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    page = sign_in(None)
    page.goto("/")
    tab_to(page, name="login")
    page.keyboard.type(cast.ana.email)
    tab_to(page, name="password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/larkspur/")
    page.keyboard.press("Tab")
    assert focused(page)["text"] == "Skip to main content"
    tab_to(page, tag="^A$", text="^Readiness$")
    page.keyboard.press("Enter")
    page.wait_for_url("**/readiness/")
    tab_to(page, tag="^A$", text="commitment from local government leadership")
    page.keyboard.press("Enter")
    page.wait_for_url("**/leadership/")
    tab_to(page, type="radio", name="status")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#leadership-1 .js-save-state")).to_contain_text("by Ana Reyes")
    assert str(focused(page)["name"]) == "status"
    tab_to(page, id="^leadership-1-note$")
    page.keyboard.type("Typed without a mouse.")
    tab_to(page, text="Save step")
    page.keyboard.press("Enter")
    all_saved(page)
    expect(page.locator("#leadership-1 .js-save-state")).to_contain_text("by Ana Reyes")
    row = StepAnswer.objects.get(key="leadership.1", round__municipality=cast.larkspur)
    assert (row.note, bool(row.status)) == ("Typed without a mouse.", True)


def test_the_overview_prints_on_one_page(demo, sign_in, tmp_path: Path):
    for who in ("lena@larkspur.example", "delphine@fairmont.example"):
        page = sign_in(User.objects.get(email=who))
        page.goto("/")
        page.pdf(
            path=tmp_path / "overview.pdf",
            format="Letter",
            margin=dict.fromkeys(("top", "bottom", "left", "right"), "0.5in"),
        )
        assert len(pypdfium2.PdfDocument(tmp_path / "overview.pdf")) == 1, who


def test_a_round_after_the_determination_begins_where_the_last_one_stood(demo, sign_in):
    olaf = User.objects.get(email="olaf@fairmont.example")
    page = sign_in(olaf)
    page.goto("/fairmont/readiness/")
    follow(page.get_by_role("link", name="Start a new round"))
    follow(page.get_by_role("button", name="Start round 2"))
    expect(page.get_by_role("main")).to_contain_text("Round 2")
    expect(page.locator(".js-autosave, a[href$='/leadership/']").first).to_be_visible()


def test_whoever_is_invited_joins_by_the_link_once(cast: Cast, sign_in):
    ana = sign_in(cast.ana)
    ana.goto("/larkspur/settings/")
    follow(ana.get_by_role("link", name="Invite somebody"))
    ana.get_by_label("E-mail address").fill("joy@larkspur.example")
    ana.locator("label", has_text="Staff contributor").click()
    follow(ana.get_by_role("button", name=re.compile("invit", re.I)))
    expect(ana.get_by_text("We sent the link to joy@larkspur.example.")).to_be_visible()
    path = re.findall(r"https?://[^/]+(/invitations/\S+)", str(mail.outbox[-1].body))[0]
    joy = sign_in(None)
    joy.goto(path)
    joy.get_by_label("Your name").fill("Joy Hallbeck")
    joy.get_by_label("Password").fill(PASSWORD)
    joy.get_by_role("button", name="Create account and join").click()
    joy.wait_for_url("**/larkspur/")
    joy.goto("/larkspur/readiness/leadership/")
    expect(joy.locator(".js-autosave").first).to_be_visible()
    later = sign_in(None)
    response = later.goto(path)
    assert response is not None
    assert response.status == 410

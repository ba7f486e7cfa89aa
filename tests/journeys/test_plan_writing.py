"""Help with writing a section, in a real browser: the buttons above the text, its preview, what is pasted."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from plans.models import Picture, Section
from tests.conftest import Cast
from tests.documents.test_pictures import drawn
from tests.journeys.conftest import all_saved, follow
from tests.journeys.pasted_samples import SAMPLES, WORD_MARKDOWN, paste

pytestmark = [pytest.mark.journey, pytest.mark.one_engine, pytest.mark.django_db(transaction=True)]
PAGE = "/larkspur/plan/approach/"
TEXT = "#section-body"


def stored() -> str:
    body: str = Section.objects.get(key="approach", plan__municipality__slug="larkspur").body
    return body


def write(page: Page, text: str) -> None:
    """`text` in the text area; what stands between « and » is selected, | alone is the caret."""
    start, end = (text.index("«"), text.index("»") - 1) if "«" in text else (text.index("¦"), text.index("¦"))
    plain = re.sub("[«»¦]", "", text)
    page.evaluate(
        """([plain, start, end]) => {
            const area = document.getElementById("section-body");
            area.value = plain;
            area.focus();
            area.setSelectionRange(start, end);
        }""",
        [plain, start, end],
    )


def written(page: Page) -> str:
    """What stands in the text area, in the same signs."""
    value, start, end = page.evaluate(
        """() => {
            const area = document.getElementById("section-body");
            return [area.value, area.selectionStart, area.selectionEnd];
        }"""
    )
    chosen = f"«{value[start:end]}»" if end > start else "¦"
    return f"{value[:start]}{chosen}{value[end:]}"


def tool(page: Page, name: str):
    return page.get_by_role("toolbar", name="Formatting").get_by_role("button", name=name, exact=True)


# (button, before, after, after pressing it once more)
PRESSED = [
    ("Bold", "Rents «rise» fast", "Rents **«rise»** fast", "Rents «rise» fast"),
    ("Bold", "Rents « rise » fast", "Rents  **«rise»**  fast", "Rents  «rise»  fast"),
    ("Bold", "Rents ri¦se fast", "Rents **ri¦se** fast", "Rents ri¦se fast"),
    ("Bold", "Rents ¦rise fast", "Rents **¦rise** fast", "Rents ¦rise fast"),
    ("Bold", "Rents rise¦ fast", "Rents **rise¦** fast", "Rents rise¦ fast"),
    ("Bold", "Rents **rise v¦ery** fast", "Rents rise v¦ery fast", "Rents rise **v¦ery** fast"),
    ("Bold", "Rents «**rise**» fast", "Rents «rise» fast", "Rents **«rise»** fast"),
    ("Bold", "a *«b»* c", "a ***«b»*** c", "a *«b»* c"),
    ("Bold", "¦", "**«bold words»**", "«bold words»"),
    ("Bold", "«- one\n\n2. two»", "«- **one**\n\n2. **two**»", "«- one\n\n2. two»"),
    ("Bold", "«| a | b |\n|---|---|\n| c |  |»", "«| **a** | **b** |\n|---|---|\n| **c** |  |»", None),
    ("Italic", "Rents «rise» fast", "Rents *«rise»* fast", "Rents «rise» fast"),
    ("Italic", "**«b»**", "***«b»***", "**«b»**"),
    ("Italic", "**all *o¦f* it**", "**all o¦f it**", "**all *o¦f* it**"),
    ("Italic", "2 * 3 * «four»", "2 * 3 * *«four»*", "2 * 3 * «four»"),
    ("Heading", "Why n¦ow\n\nText", "## Why n¦ow\n\nText", "Why n¦ow\n\nText"),
    ("Heading", "### Why n¦ow", "## Why n¦ow", "Why n¦ow"),
    ("Heading", "¦", "## ¦", "¦"),
    ("Subheading", "- Why n¦ow", "### Why n¦ow", "Why n¦ow"),
    ("List", "«one\n\ntwo\n»\nthree", "«- one\n\n- two»\n\nthree", "«one\n\ntwo»\n\nthree"),
    ("List", "«1. one\n   2. two»", "«- one\n   - two»", "«one\n   two»"),
    ("Numbered list", "«- one\n- two»", "«1. one\n2. two»", "«one\ntwo»"),
    ("Quote", "«Ask us.\n\nFirst.»", "«> Ask us.\n>\n> First.»", "«Ask us.\n\nFirst.»"),
    ("Quote", "¦", "> ¦", "¦"),
    ("Link", "the «city budget» of", "the [city budget](«https://») of", "the «city budget» of"),
    (
        "Link",
        "see «https://example.gov/a»",
        "see [«words of the link»](https://example.gov/a)",
        "see «words of the link»",
    ),
    ("Link", "a [bud¦get](https://example.gov) b", "a «budget» b", None),
    ("Table", "Before¦\nAfter", "Before\n\n| «Column 1» | Column 2 |\n|---|---|\n|  |  |\n\nAfter", None),
    ("Table", "¦", "| «Column 1» | Column 2 |\n|---|---|\n|  |  |", None),
    ("Table", "| a¦ | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| ¦ |  |\n| c | d |", None),
]


def test_each_button_changes_what_is_selected_and_takes_it_back(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    found, wanted = [], []
    for name, before, after, again in PRESSED:
        write(page, before)
        tool(page, name).click()
        seen = [name, before, written(page)]
        if again is not None:
            tool(page, name).click()
            seen.append(written(page))
        found.append(seen)
        wanted.append([name, before, after] + ([again] if again is not None else []))
    assert [pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]] == []


def test_what_a_button_does_saves_itself_and_is_undone_like_typing(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    page.locator(TEXT).press_sequentially("Rents rise")
    page.keyboard.press("Control+b")
    assert written(page) == "Rents **rise¦**"
    expect(tool(page, "Bold")).to_have_attribute("aria-pressed", "true")
    all_saved(page)
    expect(page.locator(".js-save-state")).to_contain_text("by Ben Carter")
    assert stored() == "Rents **rise**"
    page.keyboard.press("Control+z")
    expect(page.locator(TEXT)).to_have_value("Rents rise")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(TEXT)).to_have_value("Rents **rise**")
    write(page, "Rents ri¦se")
    page.keyboard.press("Control+i")
    page.keyboard.press("Control+k")
    assert written(page) == "Rents *[rise](«https://»)*"


def test_the_buttons_are_one_stop_with_arrows_and_keep_their_place(cast: Cast, sign_in, axe):
    page = sign_in(cast.ben, width=320)
    page.goto(PAGE)
    stops = page.locator("[role=toolbar] [tabindex='0']")
    expect(stops).to_have_attribute("aria-label", "Heading")
    page.locator(TEXT).focus()
    page.keyboard.press("Shift+Tab")
    expect(tool(page, "Heading")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(tool(page, "Picture")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(tool(page, "Bold")).to_be_focused()
    expect(stops).to_have_count(1)
    page.keyboard.press("Enter")
    assert written(page) == "**«bold words»**"
    page.keyboard.press("Shift+Tab")
    expect(tool(page, "Bold")).to_be_focused()
    page.keyboard.press("End")
    expect(tool(page, "Picture")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(page.locator(TEXT)).to_be_focused()
    boxes = page.locator("[data-tool]").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert {(box["width"], box["height"]) for box in boxes} == {(44, 44)}
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert axe(page) == []


def test_a_text_that_is_full_stays_as_it_is_and_says_so(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    write(page, "x" * 59_995 + " «yz»")
    tool(page, "Bold").click()
    expect(page.get_by_text("There is no room left for that")).to_be_visible()
    assert written(page) == "x" * 59_995 + " «yz»"


def test_without_scripts_there_are_no_buttons(cast: Cast, sign_in):
    page = sign_in(cast.ben, scripts=False)
    page.goto(PAGE)
    expect(page.locator(TEXT)).to_be_visible()
    expect(page.get_by_role("toolbar")).to_have_count(0)


# --- The preview ------------------------------------------------------------------------------------------


def never_saved(page: Page) -> None:
    page.route(re.compile(f"{PAGE}$"), lambda route: route.abort())


def test_the_preview_follows_the_typing_before_anything_is_saved(cast: Cast, sign_in, axe):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    never_saved(page)
    page.locator(TEXT).press_sequentially("# Why now\n\nRents **rise**.")
    expect(page.locator("#section-preview h3")).to_have_text("Why now")
    expect(page.locator("#section-preview strong")).to_have_text("rise")
    expect(page.locator(TEXT)).to_be_focused()
    assert (stored(), written(page)) == ("", "# Why now\n\nRents **rise**.¦")
    assert axe(page) == []


def test_a_save_never_puts_an_older_text_into_the_preview(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    held: list[Route] = []
    page.route(re.compile(f"{PAGE}$"), lambda route: route.continue_() if held else held.append(route))
    page.locator(TEXT).press_sequentially("Old")
    expect(page.locator(".js-save-state")).to_contain_text("Saving")
    page.locator(TEXT).press_sequentially(" and new")
    expect(page.locator("#section-preview")).to_contain_text("Old and new")
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
            window.seen.push(document.querySelector("#section-preview .mp-prose").textContent.trim());
        }).observe(document.querySelector(".js-preview"), {childList: true, subtree: true}); }"""
    )
    held[0].continue_()
    all_saved(page)
    expect(page.locator(".js-save-state")).to_contain_text("by Ben Carter")
    expect(page.locator("#section-preview")).to_contain_text("Old and new")
    expect(page.locator("#version-section")).to_have_value("3")
    assert "Old" not in page.evaluate("window.seen")
    assert stored() == "Old and new"


def test_text_and_preview_stand_side_by_side_where_both_have_room(cast: Cast, sign_in, axe):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    never_saved(page)
    page.fill(TEXT, "A paragraph.\n\n" * 200 + "## The end")
    preview = page.locator(".js-preview")
    expect(preview.locator("h3")).to_have_text("The end")
    text, shown = page.locator(TEXT).bounding_box(), preview.bounding_box()
    assert shown["x"] > text["x"] + text["width"]
    assert shown["height"] <= 900
    # The end is being written, so the end is shown; and the keyboard reaches what can be moved.
    page.locator(TEXT).press("Control+End")
    expect(preview.locator("h3")).to_be_in_viewport()
    expect(preview).to_have_attribute("tabindex", "0")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    expect(preview).not_to_have_attribute("tabindex", "0")
    text, shown = page.locator(TEXT).bounding_box(), preview.bounding_box()
    assert shown["y"] > text["y"] + text["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


# --- Pasting ----------------------------------------------------------------------------------------------


def test_what_is_pasted_becomes_clean_markdown(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    found = {}
    for name, (html, _markdown) in SAMPLES.items():
        write(page, "¦")
        found[name] = written(page).removesuffix("¦") if paste(page, html) else None
    assert found == {name: markdown for name, (_html, markdown) in SAMPLES.items()}


def test_a_paste_says_what_came_saves_itself_and_is_undone_at_once(cast: Cast, sign_in, axe):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    page.locator(TEXT).press_sequentially("Before")
    assert paste(page, SAMPLES["Word"][0])
    words = page.get_by_role("status").filter(has_text="Pasted with its")
    expect(words).to_have_text(
        "Pasted with its headings, lists, tables, links and bold and slanted words. Pictures were left out. "
        "Undo takes it back; Ctrl+Shift+V pastes the words alone."
    )
    assert written(page) == f"Before\n\n{WORD_MARKDOWN}¦"
    expect(page.locator("#section-preview h3")).to_have_text("Why now")
    expect(page.locator("#section-preview table")).to_be_visible()
    all_saved(page)
    expect(page.locator(".js-save-state")).to_contain_text("by Ben Carter")
    assert stored() == f"Before\n\n{WORD_MARKDOWN}"
    assert axe(page) == []
    page.keyboard.press("Control+z")
    expect(page.locator(TEXT)).to_have_value("Before")


def test_a_long_paste_is_one_input_and_one_step_for_undo(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    write(page, "Before¦")
    page.evaluate("""() => { window.inputs = 0; document.addEventListener("input", () => { window.inputs += 1; }); }""")
    assert paste(page, "<h1>All</h1>" + "<p>One &lt;b&gt; &amp;amp; two</p><ul><li>a</li><li>b</li></ul>" * 300)
    assert written(page) == "Before\n\n## All" + "\n\nOne <b> \\&amp; two\n\n- a\n- b" * 300 + "¦"
    assert page.evaluate("window.inputs") == 1
    page.keyboard.press("Control+z")
    assert written(page) == "Before¦"


def test_words_from_a_line_stay_in_their_line(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    write(page, "Rents «fall» fast")
    assert paste(page, "<span>really <b>rise</b></span>", "really rise")
    assert written(page) == "Rents really **rise**¦ fast"
    write(page, "One¦ two")
    assert paste(page, "<ul><li>a</li></ul>", "a")
    assert written(page) == "One\n\n- a¦\n\n two"


def test_a_paste_that_does_not_fit_changes_nothing_and_says_so(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    write(page, "x" * 59_990 + "¦")
    assert paste(page, "<h1>Too long</h1><p>for what is left</p>")
    expect(page.get_by_text("There is no room left for that")).to_be_visible()
    assert written(page) == "x" * 59_990 + "¦"


def test_ctrl_shift_v_pastes_the_words_alone(cast: Cast, sign_in):
    page = sign_in(cast.ben)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(PAGE)
    page.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob(["<h2>Why</h2><p><b>Now</b></p>"], { type: "text/html" }),
            "text/plain": new Blob(["Why Now"], { type: "text/plain" }),
        })])"""
    )
    page.locator(TEXT).focus()
    page.keyboard.press("Control+v")
    expect(page.locator(TEXT)).to_have_value("## Why\n\n**Now**")
    page.fill(TEXT, "")
    page.keyboard.press("Control+Shift+v")
    expect(page.locator(TEXT)).to_have_value("Why Now")


# --- Pictures ---------------------------------------------------------------------------------------------


def choose(page: Page, name: str, content: bytes, alternative: str) -> None:
    page.set_input_files("#section-picture", {"name": name, "mimeType": "image/png", "buffer": content})
    page.get_by_label("Alternative text").fill(alternative)
    page.get_by_role("button", name="Add picture").click()


def test_a_picture_is_chosen_described_and_stands_where_the_text_was_left(cast: Cast, sign_in, axe):
    page = sign_in(cast.ben)
    page.goto(PAGE)
    write(page, "Be¦fore\nAfter")
    tool(page, "Picture").click()
    expect(page.locator("#section-picture")).to_be_focused()
    choose(page, "logo.png", b"<svg/>", "The river walk")
    expect(page.get_by_role("alert")).to_contain_text("not the picture that its name says")
    expect(page.get_by_role("alert")).to_be_focused()
    assert axe(page) == []
    choose(page, "walk.png", drawn(size=(300, 200)), "The river walk")
    expect(page.locator("#section-preview img")).to_have_attribute("alt", "The river walk")
    number = Picture.objects.get().pk
    assert written(page) == f"Before\n\n![The river walk](image:{number})¦\n\nAfter"
    expect(page.get_by_text("The picture was added to the text.")).to_be_visible()
    expect(page.locator(TEXT)).to_be_focused()
    assert (
        page.locator("#section-preview img").evaluate("async img => { await img.decode(); return img.naturalWidth; }")
        == 300
    )
    all_saved(page)
    expect(page.locator(".js-save-state")).to_contain_text("by Ben Carter")
    assert stored() == f"Before\n\n![The river walk](image:{number})\n\nAfter"
    assert axe(page) == []
    page.keyboard.press("Control+z")
    expect(page.locator(TEXT)).to_have_value("Before\nAfter")


def test_without_scripts_a_picture_is_added_and_its_line_shown_to_copy(cast: Cast, sign_in):
    page = sign_in(cast.ben, scripts=False)
    page.goto(PAGE)
    page.get_by_text("Pictures", exact=True).click()
    choose(page, "walk.png", drawn(), "The river walk")
    expect(page.locator(".mp-messages")).to_contain_text("![The river walk](image:")
    line = f"![The river walk](image:{Picture.objects.get().pk})"
    expect(page.locator(".mp-messages")).to_contain_text(line)
    page.fill(TEXT, line)
    follow(page.get_by_role("button", name="Save section"))
    expect(page.locator("#section-preview img")).to_have_attribute("alt", "The river walk")


def test_what_is_typed_while_a_script_is_still_on_its_way_is_saved(cast: Cast, sign_in):
    ana = sign_in(cast.ana)
    held: list[Route] = []
    ana.route("**/paste*.js", lambda route: held.append(route))  # noqa: PLW0108  # Playwright wants a function
    with ana.expect_request("**/paste*.js"):
        ana.goto("/larkspur/plan/vision/", wait_until="commit")
    ana.get_by_role("textbox", name="Text of this section").fill("Typed early")
    # Anything that looks at the form by then finds it as it was printed, and no script stumbles (conftest.py).
    ana.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held[0].continue_()
    expect(ana.locator(".js-save-state")).to_contain_text("Saved")
    assert Section.objects.get(plan__municipality=cast.larkspur, key="vision").body == "Typed early"

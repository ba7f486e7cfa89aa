"""Pages of the plan, tried with the whole cast."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client

from documents import cache as export_cache
from documents import finished as finished_files
from documents.apart import RenderError
from documents.pdf import composed
from municipalities.models import Membership, Role
from municipalities.records import overwrite
from plans import finished
from plans.models import Plan, Section
from plans.rules.progress import Status
from tests.conftest import Cast, signed_in
from tests.plans.test_queries import put, put_all

PLAN = "/larkspur/plan/"
SECTION = "/larkspur/plan/approach/"
STATUS = "/larkspur/plan/approach/status/"
RETURN = "/larkspur/plan/approach/return/"
PDF = "/larkspur/plan/export.pdf"
HTMX = {"HX-Request": "true"}
EVERYBODY = ("vera", "olaf", "ben", "ana", "lena")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, settings) -> None:
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"


def row(key: str = "approach") -> Section:
    found: Section = Section.objects.get(key=key, plan__municipality__slug="larkspur")
    return found


def text(response) -> str:
    return response.content.decode()


# --- Who may what -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [PLAN, SECTION, "/larkspur/plan/readiness/", "/larkspur/plan/appendices/", PDF])
def test_members_read_and_strangers_find_nothing(cast: Cast, url: str):
    codes = {name: signed_in(cast[name]).get(url).status_code for name in EVERYBODY}
    assert codes == {"vera": 200, "olaf": 404, "ben": 200, "ana": 200, "lena": 200}
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    ("url", "values"),
    [
        (PLAN, {"version": 1, "title": "Larkspur Moves", "paper": "a4"}),
        (SECTION, {"version": 1, "body": "Why we plan"}),
        ("/larkspur/plan/readiness/status/", {"version": 1, "status": "in_review"}),
    ],
)
def test_who_may_write(cast: Cast, url: str, values: dict[str, object]):
    codes = {name: signed_in(cast[name]).post(url, values).status_code for name in EVERYBODY}
    assert codes == {"vera": 403, "olaf": 404, "ben": 302, "ana": 302, "lena": 302}


def test_a_viewer_who_tries_to_write_changes_nothing(cast: Cast, vera: Client):
    vera.post(SECTION, {"version": 1, "body": "Mine"})
    vera.post("/larkspur/plan/readiness/status/", {"version": 1, "status": "in_review"})
    vera.post(PLAN, {"version": 1, "title": "Mine", "paper": "a4"})
    assert (row().version, row("readiness").version, Plan.objects.get(municipality=cast.larkspur).version) == (1, 1, 1)


@pytest.mark.parametrize(
    ("status", "wanted", "codes"),
    [
        ("in_review", "approved", {"vera": 403, "olaf": 404, "ben": 403, "ana": 403, "lena": 302}),
        ("approved", "drafting", {"vera": 403, "olaf": 404, "ben": 403, "ana": 403, "lena": 302}),
    ],
)
def test_only_leadership_approves_and_withdraws(cast: Cast, status: str, wanted: str, codes: dict[str, int]):
    put(cast.larkspur, "approach", Status(status))
    values = {"version": row().version, "status": wanted}
    found = {}
    for name in EVERYBODY:
        assert row().status == status
        found[name] = signed_in(cast[name]).post(STATUS, values).status_code
    assert (found, row().status) == (codes, wanted)


@pytest.mark.parametrize("name", ["money", "approach2", "..", "approach%00"])
def test_an_unknown_section_is_not_found(cast: Cast, ben: Client, vera: Client, name: str):
    assert vera.get(f"/larkspur/plan/{name}/").status_code == 404
    assert ben.post(f"/larkspur/plan/{name}/", {"version": 1, "body": "x"}).status_code == 404
    assert ben.post(f"/larkspur/plan/{name}/status/", {"version": 1, "status": "in_review"}).status_code == 404


def test_wrong_methods_are_refused(cast: Cast, lena: Client):
    codes = [lena.get(STATUS), lena.post(PDF), lena.put(SECTION), lena.delete(PLAN), lena.delete(SECTION)]
    assert [response.status_code for response in codes] == [HTTPStatus.METHOD_NOT_ALLOWED] * 5


def test_a_town_without_a_plan_has_no_plan_pages(cast: Cast, ana: Client):
    cast.larkspur.plan.delete()
    assert [ana.get(url).status_code for url in (PLAN, SECTION, PDF)] == [404, 404, 404]
    assert ana.post(PLAN, {"version": 1, "title": "T", "paper": "a4"}).status_code == 404


# --- The plan's page --------------------------------------------------------------------------------------


def test_an_empty_plan_offers_the_first_step_to_those_who_write(cast: Cast, ben: Client, vera: Client):
    assert "Begin with Our approach" in text(ben.get(PLAN))
    html = text(vera.get(PLAN))
    assert "Nothing is written yet." in html
    assert "Begin with" not in html
    assert "Save title and paper" not in html


def test_the_plan_leads_writers_on_and_leadership_to_what_waits(cast: Cast, ben: Client, lena: Client):
    put(cast.larkspur, "findings", Status.DRAFTING)
    put(cast.larkspur, "vision", Status.IN_REVIEW)
    assert "Continue with Summary of upward mobility findings" in text(ben.get(PLAN))
    assert "Review Community vision statement" in text(lena.get(PLAN))


def test_a_draft_says_so_until_everything_is_approved(cast: Cast, vera: Client):
    assert "Every page and every slide of its files says so" in text(vera.get(PLAN))
    put_all(cast.larkspur, Status.APPROVED)
    html = text(vera.get(PLAN))
    assert "Every page and every slide of its files says so" not in html
    assert "All 14 sections are approved." in html


def test_title_and_paper_are_saved(cast: Cast, ana: Client):
    response = ana.post(PLAN, {"version": 1, "title": "Larkspur <b>Moves</b>", "paper": "a4"}, follow=True)
    assert "Title and paper saved." in text(response)
    assert "<h1>Larkspur &lt;b&gt;Moves&lt;/b&gt;</h1>" in text(response)
    assert Plan.objects.get(municipality=cast.larkspur).paper == "a4"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"title": " "}, "This field is required."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
        ({"paper": "tabloid"}, "Select a valid choice."),
        ({"version": "x"}, "Enter a whole number."),
    ],
)
def test_a_title_or_paper_that_cannot_be_is_named_and_not_stored(
    cast: Cast, ana: Client, values: dict[str, str], problem: str
):
    response = ana.post(PLAN, {"version": 1, "title": "T", "paper": "a4", **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert problem in text(response)
    assert Plan.objects.get(municipality=cast.larkspur).version == 1


def test_two_titles_at_once_are_both_shown(cast: Cast, ana: Client, ben: Client):
    ben.post(PLAN, {"version": 1, "title": "Ben's", "paper": "letter"})
    response = ana.post(PLAN, {"version": 1, "title": "Ana's", "paper": "letter"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert 'value="Ana&#x27;s"' in text(response)
    assert 'value="Ben&#x27;s"' in text(response)
    assert Plan.objects.get(municipality=cast.larkspur).title == "Ben's"


# --- Writing a section ------------------------------------------------------------------------------------


def test_a_section_saved_without_scripts_comes_back_to_its_page(cast: Cast, ben: Client):
    values = {"version": 1, "body": "One\r\n\r\nTwo", "owner_id": cast.ana.pk, "due": "2027-01-15"}
    response = ben.post(SECTION, values)
    assert response.headers["Location"] == SECTION
    assert (row().body, row().owner, str(row().due), row().status) == ("One\n\nTwo", cast.ana, "2027-01-15", "drafting")


def test_a_section_saved_with_htmx_answers_with_version_preview_and_next_step(ben: Client):
    html = text(ben.post(SECTION, {"version": 1, "body": "## Why\n\n**Now**"}, headers=HTMX))
    assert f'id="version-section" value="{row().version}" hx-swap-oob="true"' in html
    assert "by Ben Carter" in html
    assert "<h3>Why</h3>" in html
    assert "<strong>Now</strong>" in html
    assert "Send for review" in html


def test_buttons_are_exchanged_only_where_the_status_has_changed(ben: Client):
    ben.post(SECTION, {"version": 1, "body": "One"}, headers=HTMX)
    html = text(ben.post(SECTION, {"version": row().version, "body": "Two"}, headers=HTMX))
    assert 'id="section-preview"' in html
    assert 'id="section-status"' not in html


def test_what_is_not_sent_stays_as_it_is(cast: Cast, ben: Client):
    ben.post(SECTION, {"version": 1, "body": "Kept", "owner_id": cast.ben.pk, "due": "2027-01-15"})
    ben.post(SECTION, {"version": row().version, "due": ""})
    assert (row().body, row().owner, row().due) == ("Kept", cast.ben, None)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"version": 1, "body": "x" * 60_001}, "Text: 60001 characters are too many: 60000 is the most."),
        ({"version": 1, "body": "W" * 100_000}, "Text: 100000 characters are too many: 60000 is the most."),
        ({"version": 1, "body": "|a|\n|-|\n" + "|b|\n" * 10_000}, "Text: 10002 lines are too many: 2000 is the most."),
        ({"version": 1, "body": "a\r\n" * 2_000 + "end"}, "Text: 2001 lines are too many: 2000 is the most."),
        ({"version": 1, "body": "|a" * 42 + "|"}, "Text: A table with 42 columns is too wide: 40 is the most."),
        ({"version": 1, "body": "a\x00b"}, "Text: Null characters are not allowed."),
        ({"version": 1, "due": "soon"}, "Due date: Enter a valid date."),
        ({"version": 1, "owner_id": "somebody"}, "Owner: Select a valid choice."),
        ({"version": 1, "owner_id": "999999"}, "Owner: Select a valid choice."),
        ({"body": "no version"}, "Version: This field is required."),
        ({"version": 0, "body": "x"}, "Version: Ensure this value is greater than or equal to 1."),
    ],
)
def test_bad_input_is_named_and_changes_nothing(ben: Client, values: dict[str, object], problem: str):
    for headers in (HTMX, {}):
        response = ben.post(SECTION, values, headers=headers)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert problem in text(response)
    assert (row().version, row().history.count()) == (1, 1)


def test_an_owner_from_another_town_is_refused(cast: Cast, ben: Client):
    for url, more in ((SECTION, {}), ("/larkspur/plan/readiness/status/", {"status": "in_review"})):
        response = ben.post(url, {"version": 1, "owner_id": cast.olaf.pk, **more})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Olaf" not in text(response)
    assert (row().owner, row("readiness").version) == (None, 1)


def test_refused_input_stays_in_the_form_without_scripts(ben: Client):
    html = text(ben.post(SECTION, {"version": 1, "body": "My long text", "due": "soon"}))
    assert "My long text</textarea>" in html


def test_a_conflict_offers_both_texts_with_and_without_htmx(ana: Client, ben: Client):
    ben.post(SECTION, {"version": 1, "body": "Ben's <b>words</b>"})
    for headers in (HTMX, {}):
        response = ana.post(SECTION, {"version": 1, "body": "Ana's words", "due": "2027-01-15"}, headers=headers)
        assert response.status_code == HTTPStatus.CONFLICT
        assert "Ana&#x27;s words</textarea>" in text(response)
        assert "Ben&#x27;s &lt;b&gt;words&lt;/b&gt;</textarea>" in text(response)
        assert '<input type="hidden" name="due" value="2027-01-15">' in text(response)
        assert f'action="{SECTION}"' in text(response)
    assert (row().body, row().due) == ("Ben's <b>words</b>", None)


def test_the_choice_of_a_conflict_is_saved(ana: Client, ben: Client):
    ben.post(SECTION, {"version": 1, "body": "Ben's"})
    assert ana.post(SECTION, {"version": row().version, "body": "Both"}).status_code == 302
    assert row().body == "Both"


HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)>

[click](javascript:alert(1)) [data](data:text/html,x) <a href="https://x.example" onclick="x()">raw</a>

[good](https://larkspur.example/memo)"""


@pytest.mark.parametrize("name", ["ben", "vera"])
def test_hostile_markdown_is_shown_as_words(cast: Cast, ben: Client, name: str):
    saved = text(ben.post(SECTION, {"version": 1, "body": HOSTILE}, headers=HTMX))
    page = text(signed_in(cast[name]).get(SECTION))
    for html in (saved, page):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html
        assert 'href="data:' not in html
        assert "<a onclick" not in html
        assert "&lt;script&gt;" in html
        assert '<a href="https://larkspur.example/memo" rel="noopener">good</a>' in html


def test_a_text_cannot_break_out_of_its_field(ben: Client):
    ben.post(SECTION, {"version": 1, "body": "</textarea><script>alert(1)</script>"})
    assert "</textarea><script>" not in text(ben.get(SECTION))


def test_a_generated_section_says_what_it_shows_and_carries_prose(ben: Client, vera: Client):
    assert 'href="/larkspur/coalition/"' in text(vera.get("/larkspur/plan/coalition/"))
    ben.post("/larkspur/plan/coalition/", {"version": 1, "body": "We meet on Tuesdays."})
    assert "<p>We meet on Tuesdays.</p>" in text(vera.get("/larkspur/plan/coalition/"))


def test_the_most_that_fits_is_said_and_a_line_break_counts_once(ben: Client):
    html = text(ben.get(SECTION))
    assert 'maxlength="60000"' in html
    assert "At most 60,000 characters" in html
    body = f"{'x' * 39}\r\n" * 1_499 + "x" * 40
    assert ben.post(SECTION, {"version": 1, "body": body}).status_code == 302
    assert len(row().body) == 60_000
    assert ben.post(SECTION, {"version": row().version, "body": body + "z"}).status_code == 422


# --- Moves ------------------------------------------------------------------------------------------------


def test_buttons_say_in_plain_words_what_each_person_may_do(cast: Cast, ben: Client, lena: Client, vera: Client):
    def labels(client: Client) -> list[str]:
        return [move.label for move in client.get(SECTION).context["moves"]]

    assert labels(ben) == []
    put(cast.larkspur, "approach", Status.DRAFTING)
    assert (labels(ben), labels(vera)) == (["Send for review"], [])
    put(cast.larkspur, "approach", Status.IN_REVIEW)
    assert (labels(ben), labels(lena)) == (["Back to drafting"], ["Approve section"])
    assert [RETURN in text(client.get(SECTION)) for client in (ben, lena, vera)] == [False, True, False]
    put(cast.larkspur, "approach", Status.APPROVED)
    assert (labels(ben), labels(lena)) == ([], ["Withdraw approval"])


def test_a_move_without_scripts_saves_what_was_typed(ben: Client):
    response = ben.post(STATUS, {"version": 1, "status": "in_review", "body": "Typed just now"}, follow=True)
    assert "Sent for review." in text(response)
    assert (row().body, row().status) == ("Typed just now", "in_review")


def test_leadership_approves_what_it_has_seen(cast: Cast, lena: Client, ben: Client):
    put(cast.larkspur, "approach", Status.IN_REVIEW, "Seen")
    seen = row().version
    ben.post(SECTION, {"version": seen, "body": "Changed meanwhile"})
    for values in ({}, {"body": "Seen"}):
        response = lena.post(STATUS, {"version": seen, "status": "approved", **values}, follow=True)
        assert "Somebody changed this section since you opened it." in text(response)
        assert row().status == "in_review"
    response = lena.post(STATUS, {"version": row().version, "status": "approved"}, follow=True)
    assert "Section approved." in text(response)
    assert (row().approved_by, row().body) == (cast.lena, "Changed meanwhile")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"status": "in_review"}, "The section has no text yet."),
        ({"status": "drafting"}, "cannot be moved there"),
        ({"status": "not_started"}, "cannot be moved there"),
        ({"status": "approved"}, "cannot be moved there"),
    ],
)
def test_a_move_that_cannot_be_is_explained(lena: Client, values: dict[str, str], problem: str):
    assert problem in text(lena.post(STATUS, {"version": 1, **values}, follow=True))
    assert (row().status, row().version) == ("not_started", 1)


@pytest.mark.parametrize(
    "values", [{"status": "published"}, {"status": ""}, {}, {"status": "in_review", "version": ""}]
)
def test_a_crafted_move_is_named_and_changes_nothing(lena: Client, values: dict[str, str]):
    response = lena.post(STATUS, {"version": 1, **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (row().status, row().version) == ("not_started", 1)


def test_a_conflict_on_the_way_to_a_move_shows_both_texts(ana: Client, ben: Client):
    ben.post(SECTION, {"version": 1, "body": "Ben's"})
    response = ana.post(STATUS, {"version": 1, "status": "in_review", "body": "Ana's"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert f'action="{SECTION}"' in text(response)
    assert (row().body, row().status) == ("Ben's", "drafting")


def test_an_approved_section_is_text_to_read_for_everybody(cast: Cast):
    put(cast.larkspur, "approach", Status.APPROVED, "Final words")
    for name in ("ana", "ben", "lena", "vera"):
        html = text(signed_in(cast[name]).get(SECTION))
        assert "js-autosave" not in html
        # Comments alone are still taken, from those who contribute.
        assert re.findall('<textarea[^>]* id="([^"]*)"', html) == ([] if name == "vera" else ["new-comment"])
        assert "<p>Final words</p>" in html


def test_a_crafted_write_to_an_approved_section_changes_nothing_and_loses_nothing(cast: Cast, ben: Client):
    put(cast.larkspur, "approach", Status.APPROVED, "Final words")
    values = {"version": row().version, "body": "Late words"}
    htmx = ben.post(SECTION, values, headers=HTMX)
    plain = ben.post(SECTION, values)
    assert (htmx.status_code, plain.status_code) == (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT)
    for response in (htmx, plain):
        assert "Leadership has approved this section" in text(response)
    assert "Late words</textarea>" in text(plain)
    assert (row().body, row().status) == ("Final words", "approved")


def test_what_was_typed_before_an_approval_is_shown_after_a_move_that_it_forbids(cast: Cast, ben: Client):
    put(cast.larkspur, "approach", Status.IN_REVIEW, "Seen")
    seen = row().version
    put(cast.larkspur, "approach", Status.APPROVED, "Seen")
    response = ben.post(STATUS, {"version": seen, "status": "drafting", "body": "Seen\r\nand <b>more</b>"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Leadership has approved this section" in text(response)
    assert "Seen\r\nand &lt;b&gt;more&lt;/b&gt;</textarea>" in text(response)
    assert (row().body, row().status) == ("Seen", "approved")


def test_what_was_typed_on_the_way_to_a_move_of_leadership_alone_stays_in_the_form(cast: Cast, ben: Client):
    put(cast.larkspur, "approach", Status.IN_REVIEW, "Seen")
    response = ben.post(STATUS, {"version": row().version, "status": "approved", "body": "Typed"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Only leadership approves a section or withdraws its approval." in text(response)
    assert "Typed</textarea>" in text(response)
    assert (row().body, row().status) == ("Seen", "in_review")


def test_what_was_refused_never_reads_as_the_approved_text(cast: Cast, ben: Client):
    put(cast.larkspur, "approach", Status.APPROVED, "Final words")
    html = text(ben.post(SECTION, {"version": row().version, "body": "Late words", "due": "soon"}))
    assert "Late words</textarea>" in html
    assert "<p>Final words</p>" in html
    assert "<p>Late words</p>" not in html


def test_refused_input_stays_at_the_version_it_was_typed_at(ben: Client, ana: Client):
    ana.post(SECTION, {"version": 1, "body": "Ana's"})
    html = text(ben.post(SECTION, {"version": 1, "body": "Ben's", "due": "soon"}))
    assert 'name="version" id="version-section" value="1"' in html
    assert ben.post(SECTION, {"version": 1, "body": "Ben's"}).status_code == HTTPStatus.CONFLICT
    assert row().body == "Ana's"


def test_a_withdrawal_that_smuggles_a_text_changes_nothing(cast: Cast, lena: Client):
    put(cast.larkspur, "approach", Status.APPROVED, "Final words")
    lena.post(STATUS, {"version": row().version, "status": "drafting", "body": "Other words"})
    assert (row().body, row().status) == ("Final words", "approved")


# --- The review by two persons ----------------------------------------------------------------------------


def in_review(cast: Cast, *, wrote: str = "ben", asked: str = "ben", body: str = "Text") -> Section:
    """A section that waits for leadership."""
    signed_in(cast[wrote]).post(SECTION, {"version": row().version, "body": body})
    signed_in(cast[asked]).post(STATUS, {"version": row().version, "status": "in_review"})
    assert row().status == "in_review"
    return row()


def second_leader(cast: Cast) -> Client:
    """Vera, who has been given leadership's role."""
    overwrite(Membership.objects.get(user=cast.vera), by=cast.ana, role=Role.LEADERSHIP)
    return signed_in(cast.vera)


@pytest.mark.parametrize(
    ("wrote", "asked", "problem"),
    [
        ("lena", "ben", "You changed this text last, so another person of leadership approves it."),
        ("ben", "lena", "You asked for this review, so another person of leadership approves it."),
        ("lena", "lena", "You changed this text last, so another person of leadership approves it."),
    ],
)
def test_an_approval_of_ones_own_is_refused_in_words_and_changes_nothing(
    cast: Cast, lena: Client, wrote: str, asked: str, problem: str
):
    in_review(cast, wrote=wrote, asked=asked)
    before = (row().version, row().history.count(), row().body)
    response = lena.post(STATUS, {"version": row().version, "status": "approved", "body": "Text"}, follow=True)
    assert problem in text(response)
    assert (row().version, row().history.count(), row().body) == before
    assert second_leader(cast).post(STATUS, {"version": row().version, "status": "approved"}).status_code == 302
    assert (row().status, row().approved_by) == ("approved", cast.vera)


def test_what_is_typed_on_the_way_to_an_approval_is_stored_and_not_approved(cast: Cast, lena: Client):
    in_review(cast)
    values = {"version": row().version, "status": "approved", "body": "Text, and more of Lena's"}
    assert "Everything you typed is saved." in text(lena.post(STATUS, values, follow=True))
    assert (row().status, row().body, row().written_by) == ("in_review", "Text, and more of Lena's", cast.lena)


@pytest.mark.parametrize(("wrote", "asked"), [("lena", "ben"), ("ben", "lena"), ("lena", "lena")])
def test_the_only_one_of_leadership_reads_the_ways_out_and_so_does_the_team(
    cast: Cast, ben: Client, lena: Client, wrote: str, asked: str
):
    in_review(cast, wrote=wrote, asked=asked)
    html = text(lena.get(SECTION))
    assert "Approve section" not in html
    assert "You are the only one of leadership who could approve it." in html
    assert ("nobody approves what they wrote" in html) == (wrote == "lena")
    for page in (html, text(ben.get(SECTION))):
        assert "let somebody else of the team finish the text and ask for review" in page
        assert "let the Mobility Advocate invite another person of leadership" in page
        assert 'href="/larkspur/settings/"' in page.partition('id="section-status"')[2]
    assert "Nobody of leadership can approve it now" in text(ben.get(SECTION))
    second_leader(cast)
    for page in (text(lena.get(SECTION)), text(ben.get(SECTION))):
        assert "two ways out" not in page
    assert "Who can approve it: Vera Lindqvist" in text(lena.get(SECTION))


def test_where_one_of_leadership_wrote_and_the_other_asked_neither_is_told_to_be_the_only_one(cast: Cast, lena: Client):
    vera = second_leader(cast)
    in_review(cast, wrote="lena", asked="vera")
    for page in (text(lena.get(SECTION)), text(vera.get(SECTION))):
        assert "Nobody of leadership can approve it now: they wrote it, or asked for this review." in page
        assert "You are the only one" not in page
        assert "two ways out" in page


@pytest.mark.parametrize("away", ["left", "inactive"])
def test_where_nobody_leads_the_page_says_who_invites_them(cast: Cast, ben: Client, away: str):
    in_review(cast)
    assert "Waits for leadership, who approves it." in text(ben.get(SECTION))
    if away == "left":
        overwrite(Membership.objects.get(user=cast.lena), by=cast.ana, role=Role.CONTRIBUTOR)
    else:
        cast.lena.is_active = False
        cast.lena.save()
    html = text(ben.get(SECTION))
    assert "Nobody here is of leadership yet, who approves it." in html
    assert "The Mobility Advocate invites them:" in html


def test_the_approval_goes_from_the_page_of_who_begins_to_write_in_a_review(cast: Cast, lena: Client):
    in_review(cast)
    assert "Approve section" in text(lena.get(SECTION))
    html = text(lena.post(SECTION, {"version": row().version, "body": "Lena's"}, headers=HTMX))
    assert 'id="section-status"' in html
    assert "Approve section" not in html
    assert "nobody approves what they wrote" in html
    assert f'id="version-return" value="{row().version}" hx-swap-oob="true"' in html


def test_a_returned_section_shows_why_to_everybody_until_it_is_sent_again(cast: Cast, ben: Client, lena: Client):
    in_review(cast)
    values = {"version": row().version, "comment": "<b>Shorter</b>,\r\nplease."}
    assert "Returned with your comment." in text(lena.post(RETURN, values, follow=True))
    for name in ("ana", "ben", "lena", "vera"):
        html = text(signed_in(cast[name]).get(SECTION))
        assert "Returned by Lena Whitfield on " in html
        assert "&lt;b&gt;Shorter&lt;/b&gt;,<br>please." in html
        assert "Drafting" in html
    assert "Returned by" in text(ben.get(SECTION))
    ben.post(STATUS, {"version": row().version, "status": "in_review", "body": "Short"})
    assert "Returned by" not in text(ben.get(SECTION))


def test_who_may_return_a_section(cast: Cast):
    in_review(cast)
    values = {"version": row().version, "comment": "Shorter."}
    codes = {name: signed_in(cast[name]).post(RETURN, values).status_code for name in EVERYBODY}
    assert (codes, row().returned) == ({"vera": 403, "olaf": 404, "ben": 403, "ana": 403, "lena": 302}, "Shorter.")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"comment": " "}, "Write what should change"),
        ({"comment": "x" * 5001}, "5001 characters are too many: 5000 is the most."),
        ({"comment": "a\x00b"}, "Null characters are not allowed."),
        ({"comment": "Kept", "version": 0}, "greater than or equal to 1"),
        ({"comment": "Kept", "version": ""}, "This field is required."),
    ],
)
def test_a_return_that_cannot_be_is_named_and_keeps_its_words(
    cast: Cast, lena: Client, values: dict[str, object], problem: str
):
    before = in_review(cast).version
    response = lena.post(RETURN, {"version": before, **values})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Not returned" in text(response)
    assert problem in text(response)
    assert (row().version, row().status) == (before, "in_review")
    if values["comment"] == "Kept":
        assert "Kept</textarea>" in text(response)


def test_a_return_of_a_text_that_changed_meanwhile_keeps_the_comment_beside_the_new_text(cast: Cast, lena: Client):
    seen = in_review(cast).version
    signed_in(cast.ben).post(SECTION, {"version": seen, "body": "Changed meanwhile"})
    response = lena.post(RETURN, {"version": seen, "comment": "Shorter."})
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Somebody changed this section since you opened it." in text(response)
    assert "Shorter.</textarea>" in text(response)
    assert f'id="version-return" value="{row().version}"' in text(response)
    assert (row().status, row().returned) == ("in_review", "")


@pytest.mark.parametrize("status", ["drafting", "approved"])
def test_a_comment_on_what_no_longer_waits_is_shown_to_be_copied(cast: Cast, lena: Client, status: str):
    in_review(cast)
    put(cast.larkspur, "approach", Status(status))
    response = lena.post(RETURN, {"version": row().version, "comment": "Shorter."})
    assert response.status_code == HTTPStatus.CONFLICT
    assert "What you typed, to copy" in text(response)
    assert "Shorter.</textarea>" in text(response)
    assert (row().status, row().returned) == (status, "")


def test_an_unknown_section_is_not_returned(lena: Client):
    assert lena.post("/larkspur/plan/money/return/", {"version": 1, "comment": "x"}).status_code == 404
    assert lena.get(RETURN).status_code == HTTPStatus.METHOD_NOT_ALLOWED


# --- The PDF ----------------------------------------------------------------------------------------------


def test_the_plan_comes_as_a_file_with_a_name(vera: Client):
    response = vera.get(PDF)
    assert response.status_code == HTTPStatus.OK
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="larkspur-mobility-action-plan.pdf"'
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.content.startswith(b"%PDF-")


def test_a_browser_that_has_the_file_is_told_that_it_has_not_changed(cast: Cast, ben: Client, vera: Client):
    etag = vera.get(PDF).headers["ETag"]
    again = vera.get(PDF, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", etag)
    ben.post(SECTION, {"version": 1, "body": "New"})
    changed = vera.get(PDF, headers={"If-None-Match": etag})
    assert changed.status_code == HTTPStatus.OK
    assert changed.headers["ETag"] != etag


def test_an_export_reckons_its_key_once(vera: Client, monkeypatch: pytest.MonkeyPatch):
    reckoned = []

    def reckon(document: object, form: str = "") -> str:
        reckoned.append(document)
        return "a-key"

    monkeypatch.setattr(finished, "render_pdf", lambda html, *_more: b"%PDF-")
    for module in (finished_files, export_cache):
        monkeypatch.setattr(module, "key", reckon)
    assert vera.get(PDF).headers["ETag"] == '"a-key"'
    assert len(reckoned) == 1


def test_each_town_exports_its_own_plan(cast: Cast, olaf: Client, vera: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finished, "render_pdf", lambda html, *_more: composed(html).encode())
    put(cast.larkspur, "approach", Status.DRAFTING, "Only ours")
    theirs = text(olaf.get("/fairmont/plan/export.pdf"))
    assert ("City of Fairmont Bay" in theirs, "Larkspur" in theirs, "Only ours" in theirs) == (True, False, False)
    assert "<p>Only ours</p>" in text(vera.get(PDF))


def test_a_pdf_that_cannot_be_made_is_a_clear_page(vera: Client, monkeypatch: pytest.MonkeyPatch, caplog):
    def broken(html: str, *_more: object) -> bytes:
        raise RenderError("no title")

    monkeypatch.setattr(finished, "render_pdf", broken)
    response = vera.get(PDF)
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Nothing is wrong with your plan" in text(response)
    assert "no title" not in text(response)
    assert "The mobility-action-plan.pdf of larkspur could not be made." in caplog.text


# --- Queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("url", "queries"), [(PLAN, 7), (SECTION, 8)])
def test_pages_take_a_fixed_number_of_queries(
    cast: Cast, ben: Client, url: str, queries: int, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        ben.get(url)
    put_all(cast.larkspur, Status.IN_REVIEW)
    for section in Section.objects.filter(plan__municipality=cast.larkspur):
        ben.post(f"/larkspur/plan/{section.key}/", {"version": section.version, "owner_id": cast.ana.pk})
    with django_assert_num_queries(queries):
        ben.get(url)


def test_saving_takes_a_fixed_number_of_queries(cast: Cast, ben: Client, django_assert_num_queries):
    put_all(cast.larkspur, Status.DRAFTING)
    for body in ("One", "Two"):
        version = row().version
        with django_assert_num_queries(11):
            ben.post(SECTION, {"version": version, "body": body}, headers=HTMX)

"""Comments on sections and their paragraphs: they stay with their words while the text changes."""

from http import HTTPStatus

import pytest
from django.core import mail
from django.test import Client, TestCase

from comments.models import Comment, Mention
from documents.markdown import Block, blocks
from municipalities.records import overwrite
from plans import discussion
from plans.models import Passage, Section
from plans.rules.passages import digest
from plans.rules.progress import Status
from tests.conftest import Cast, signed_in
from tests.plans.test_queries import put
from tests.plans.test_views import EVERYBODY, HOSTILE, HTMX, SECTION, row, text

COMMENT = f"{SECTION}comment/"
OVERVIEW = "/larkspur/plan/comments/"
FIRST = "Rents rose faster than pay in the county."
SECOND = "Child care ends before the shift does."
BODY = f"{FIRST}\n\n{SECOND}\n"


@pytest.fixture
def written(cast: Cast) -> Cast:
    put(cast.larkspur, "approach", Status.DRAFTING, BODY)
    return cast


def say(client: Client, words: str = "Why?", on: str = "", url: str = COMMENT):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(url, {"text": words, "on": on})


def only() -> Passage:
    found: Passage = Passage.objects.get()
    return found


def thread(pk: int) -> str:
    return f"/larkspur/plan/threads/{pk}/"


def parts() -> list[Block]:
    return blocks(row().body, base_level=2)


def seen(cast: Cast) -> list[tuple[str, int | None, bool, list[str]]]:
    found = discussion.discussed(row(), cast.larkspur, parts())
    return [
        (line.row.begin, line.number, line.changed, [said.row.text for said in line.thread.comments]) for line in found
    ]


def test_everybody_reads_and_who_contributes_comments(written: Cast):
    codes = {name: say(signed_in(written[name]), name, digest(FIRST)).status_code for name in EVERYBODY}
    assert codes == {"vera": 403, "olaf": 404, "ben": 302, "ana": 302, "lena": 302}
    assert seen(written) == [(FIRST, 1, False, ["ben", "ana", "lena"])]
    url = thread(only().pk)
    for more in (url, f"{url}resolve/"):
        codes = {name: signed_in(written[name]).post(more, {"text": "x"}).status_code for name in EVERYBODY}
        assert codes == {"vera": 403, "olaf": 404, "ben": 302, "ana": 302, "lena": 302}, more
    html = text(signed_in(written.vera).get(SECTION))
    assert ("Comments (6)" in html, "Resolved by Ben Carter" in html, "comment-form" in html) == (True, True, False)


def test_the_way_back_leads_to_the_thread(written: Cast, ben: Client):
    response = say(ben, on=digest(SECOND))
    assert response["Location"] == f"{SECTION}#passage-{only().pk}"
    html = text(ben.get(SECTION))
    assert f'id="passage-{only().pk}"' in html
    assert f'href="#passage-{only().pk}"' in html
    assert f'<blockquote class="mp-passage__quote">{SECOND}</blockquote>' in html


def test_a_comment_follows_its_paragraph_and_stays_when_it_is_gone(written: Cast, ben: Client, ana: Client):
    say(ben, "On rents", digest(FIRST))
    say(ben, "On all of it")
    for body, found in (
        (f"New.\n\n{BODY}", (FIRST, 2, False, ["On rents"])),
        (f"{SECOND}\n\n{FIRST.replace('faster', 'much faster')}", (FIRST, 2, True, ["On rents"])),
        (SECOND, (FIRST, None, False, ["On rents"])),
        ("", (FIRST, None, False, ["On rents"])),
    ):
        ana.post(SECTION, {"version": row().version, "body": body})
        assert seen(written) == [("", None, False, ["On all of it"]), found]
    assert "A paragraph that is no longer there" in text(ben.get(SECTION))


def test_a_thread_goes_on_where_its_paragraph_was_changed(written: Cast, ben: Client, ana: Client):
    say(ben, "One", digest(FIRST))
    changed = FIRST.replace("pay", "wages")
    ana.post(SECTION, {"version": row().version, "body": f"{changed}\n\n{SECOND}"})
    say(ana, "Two", digest(changed))
    say(ana, "Else", digest(SECOND))
    assert seen(written) == [(FIRST, 1, True, ["One", "Two"]), (SECOND, 2, False, ["Else"])]


def test_what_was_said_on_a_paragraph_that_has_just_changed_is_asked_for_again(written: Cast, ben: Client, ana: Client):
    ana.post(SECTION, {"version": row().version, "body": SECOND})
    response = say(ben, "About rents", digest(FIRST))
    html = text(response)
    assert (response.status_code, Passage.objects.count()) == (HTTPStatus.CONFLICT, 0)
    assert "That paragraph has just been changed." in html
    assert "About rents</textarea>" in html


@pytest.mark.parametrize(
    ("words", "on", "problem"),
    [
        (" \n", "", "Write something first."),
        ("x" * 5001, "", "at most 5000"),
        ("a\x00", "", "U+0000"),
        ("Fine", "nothing", "Enter a valid value."),
        ("Fine", "../" * 30, "Enter a valid value."),
    ],
)
def test_what_cannot_be_posted_comes_back_and_changes_nothing(
    written: Cast, ben: Client, words: str, on: str, problem: str
):
    say(ben, "There", digest(FIRST))
    for url in (COMMENT, thread(only().pk)):
        if url != COMMENT and on:
            continue
        response = say(ben, words, on, url)
        assert (response.status_code, problem in text(response)) == (HTTPStatus.UNPROCESSABLE_ENTITY, True), url
    assert (Passage.objects.count(), Comment.objects.count()) == (1, 1)


def test_who_is_mentioned_gets_a_mail_with_the_place(written: Cast, ana: Client):
    say(ana, "@Lena Whitfield and @Olaf Sorensen, please", digest(FIRST))
    mentioned = [letter.to for letter in mail.outbox if "mentioned you" in str(letter.subject)]
    assert mentioned == [["lena@larkspur.example"]]
    assert f"http://127.0.0.1:8000{SECTION}#passage-{only().pk}" in str(mail.outbox[0].body)
    assert Mention.objects.count() == 1


def test_who_looks_after_the_section_is_told_of_what_is_said_about_it(written: Cast, lena: Client):
    def told() -> list[tuple[list[str], str]]:
        mail.outbox.clear()
        say(lena, "Too long", digest(FIRST))
        return [(letter.to, str(letter.subject)) for letter in mail.outbox]

    subject = "Lena Whitfield commented in Larkspur County"
    overwrite(row(), by=written.ana, owner=written.ben, written_by=written.ana)
    assert told() == [(["ben@larkspur.example"], subject)]
    assert f"http://127.0.0.1:8000{SECTION}#passage-{only().pk}" in str(mail.outbox[0].body)
    # Nobody owns it: whoever wrote its text last.
    overwrite(row(), by=written.ana, owner=None)
    assert told() == [(["ana@larkspur.example"], subject)]


def test_one_changes_and_removes_ones_own_only(written: Cast, ana: Client, ben: Client, olaf: Client):
    say(ben, "Frist", digest(FIRST))
    url = f"/larkspur/plan/comments/{Comment.objects.get().pk}/edit/"
    assert [client.get(url).status_code for client in (ana, olaf)] == [404, 404]
    assert "Frist" in text(ben.get(url))
    assert ben.get(url.replace("plan", "readiness")).status_code == 404
    assert ben.post(url, {"text": "First"})["Location"] == f"{SECTION}#passage-{only().pk}"
    assert seen(written) == [(FIRST, 1, False, ["First"])]
    ben.post(url, {"remove": "1"})
    assert seen(written) == []


def test_a_comment_on_the_checklist_is_not_changed_from_the_plan(cast: Cast, ben: Client):
    ben.post("/larkspur/readiness/comments/leadership.1/", {"text": "There"})
    assert ben.get(f"/larkspur/plan/comments/{Comment.objects.get().pk}/edit/").status_code == 404


def test_an_approved_section_takes_comments_and_stays_as_it_is(cast: Cast, ben: Client):
    put(cast.larkspur, "approach", Status.APPROVED, BODY)
    version = row().version
    say(ben, "For the next edition", digest(FIRST))
    assert (seen(cast), row().version, row().status) == (
        [(FIRST, 1, False, ["For the next edition"])],
        version,
        "approved",
    )


def test_hostile_words_are_words(cast: Cast, ben: Client):
    put(cast.larkspur, "approach", Status.DRAFTING, HOSTILE)
    for known_as, _words in discussion.choices(parts()):
        say(ben, HOSTILE, known_as)
    html = text(ben.get(SECTION)) + text(ben.get(OVERVIEW))
    assert Passage.objects.count() > 1
    assert ("<script>alert" in html, 'href="javascript:' in html, "<img" in html) == (False, False, False)


def test_every_paragraph_with_words_can_be_chosen_once(cast: Cast):
    put(cast.larkspur, "approach", Status.DRAFTING, "# Head\n\nSame.\n\nSame.\n\n---\n\n- a\n- b\n")
    assert discussion.choices(parts()) == [
        (digest("Head"), "1. Head"),
        (digest("Same."), "2. Same."),
        (digest("a b"), "5. a b"),
    ]


def test_a_mark_chooses_its_paragraph_in_the_form(written: Cast, ben: Client):
    html = text(ben.get(f"{SECTION}?on={digest(SECOND)}"))
    assert f'<option value="{digest(SECOND)}" selected>2. {SECOND}</option>' in html
    assert f'data-on="{digest(FIRST)}"' in html


def test_a_save_brings_the_paragraphs_to_choose_from_and_the_marks(written: Cast, ben: Client):
    say(ben, on=digest(FIRST))
    saved = text(ben.post(SECTION, {"version": row().version, "body": f"{FIRST}\n\nNew."}, headers=HTMX))
    assert f'<option value="{digest("New.")}">2. New.</option>' in saved
    preview = text(ben.post(f"{SECTION}preview/", {"body": f"Newer.\n\n{FIRST}"}))
    assert "comment on paragraph 2" in preview
    kept = text(ben.post(SECTION, {"version": row().version, "due": "2027-01-01"}, headers=HTMX))
    assert "comment-on-field" not in kept


def test_the_page_of_comments_leads_to_each_thread(written: Cast, ana: Client, ben: Client, vera: Client):
    assert "No comments yet" in text(vera.get(OVERVIEW))
    say(ana, "One for @Ben Carter", digest(FIRST))
    say(ana, "Two", url="/larkspur/plan/vision/comment/")
    passages = {passage.section.key: passage.pk for passage in Passage.objects.select_related("section")}
    ana.post(f"{thread(passages['vision'])}resolve/")
    for show, shown in (
        ("", (True, True)),
        ("open", (True, False)),
        ("resolved", (False, True)),
        ("me", (True, False)),
    ):
        page = text(ben.get(f"{OVERVIEW}?show={show}"))
        assert ("One for" in page, "Two" in page) == shown, show
    assert f'href="{SECTION}#passage-{passages["approach"]}">Our approach: {FIRST}</a>' in text(vera.get(OVERVIEW))


def test_the_plan_says_where_something_is_open(written: Cast, ana: Client):
    assert "All comments on the plan" not in text(ana.get("/larkspur/plan/"))
    say(ana, "One", digest(FIRST))
    say(ana, "Two", digest(SECOND))
    say(ana, "Three", url="/larkspur/plan/vision/comment/")
    ana.post(f"{thread(Passage.objects.latest('pk').pk)}resolve/")
    assert dict(discussion.open_threads(written.larkspur)) == {"approach": 2}
    assert discussion.open_threads(written.fairmont) == {}
    html = text(ana.get("/larkspur/plan/"))
    assert ("All comments on the plan" in html, f'href="{SECTION}#comments"' in html) == (True, True)


def test_an_unknown_section_or_thread_is_not_found(cast: Cast, ben: Client):
    assert say(ben, url="/larkspur/plan/money/comment/").status_code == 404
    assert [ben.post(f"{thread(9)}{more}", {"text": "x"}).status_code for more in ("", "resolve/")] == [404, 404]
    assert ben.get(COMMENT).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_plan_in_another_town_has_its_own_threads(written: Cast, ben: Client, olaf: Client):
    say(ben, "Ours", digest(FIRST))
    assert "Ours" not in text(olaf.get("/fairmont/plan/comments/")) + text(olaf.get("/fairmont/plan/approach/"))
    assert olaf.post(f"/fairmont/plan/threads/{only().pk}/", {"text": "x"}).status_code == 404


def test_pages_with_threads_take_a_fixed_number_of_queries(written: Cast, ben: Client, django_assert_num_queries):
    for more in (1, 6):
        for number in range(more):
            put(written.larkspur, "approach", Status.DRAFTING, "\n\n".join(f"Paragraph {n} x" for n in range(more)))
            say(ben, "Said", digest(f"Paragraph {number} x"))
        assert Section.objects.get(pk=row().pk).body.count("Paragraph") == more
        for url, queries in ((SECTION, 10), (OVERVIEW, 9), ("/larkspur/plan/", 7)):
            with django_assert_num_queries(queries):
                ben.get(url)

"""Comments beside steps and conditions: said, mentioned, settled, changed, and closed with the round."""

import datetime

import pytest
from django.core import mail
from django.test import Client, TestCase

from comments.models import Comment, Mention, Thread
from municipalities.models import Membership
from readiness import services
from readiness.models import Round
from tests.conftest import Cast, signed_in

PAGE = "/larkspur/readiness/leadership/"
COMMENTS = "/larkspur/readiness/comments/"
STEP = f"{COMMENTS}leadership.1/"


def say(client: Client, text: str, url: str = STEP):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(url, {"text": text})


def only() -> Comment:
    row: Comment = Comment.objects.get()
    return row


def decide(cast: Cast) -> None:
    decision = services.Decision("prepare", "Not yet.", "Lena", "Mayor", datetime.date(2026, 11, 2))
    services.record_determination(
        round_=Round.objects.get(municipality=cast.larkspur, decided_at=None), decision=decision, by=cast.lena
    )


def test_a_comment_stands_beside_its_step_and_the_condition_has_its_own(cast: Cast, ben: Client):
    assert say(ben, "  Is it <b>signed</b>?\nAsk.  ")["Location"] == f"{PAGE}#leadership-1-comments"
    say(ben, "As a whole", f"{COMMENTS}leadership/")
    assert list(Comment.objects.values_list("subject", "text", "author__name")) == [
        ("round-1/leadership.1", "Is it <b>signed</b>?\nAsk.", "Ben Carter"),
        ("round-1/leadership", "As a whole", "Ben Carter"),
    ]
    page = ben.get(PAGE).content.decode()
    assert "Is it &lt;b&gt;signed&lt;/b&gt;?<br>Ask." in page
    assert page.count("Comments (1)") == 2
    assert "Is it &lt;b&gt;signed" in signed_in(cast.vera).get(PAGE).content.decode()
    elsewhere = ben.get("/larkspur/readiness/data/").content.decode()
    assert (elsewhere.count("Comments (1)"), "Is it &lt;b&gt;signed" in elsewhere) == (0, False)


def test_who_is_mentioned_gets_one_mail_and_nobody_else(cast: Cast, ana: Client):
    say(ana, "@Ben Carter and @ben@larkspur.example, ask @Olaf Sorensen; I, @Ana Reyes, wait for @lena whitfield.")
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["ben@larkspur.example"], "Ana Reyes mentioned you"),
        (["lena@larkspur.example"], "Ana Reyes mentioned you"),
    ]
    assert f"http://127.0.0.1:8000{PAGE}#leadership-1-comments" in str(mail.outbox[0].body)
    assert Mention.objects.count() == 3
    with TestCase.captureOnCommitCallbacks(execute=True):
        ana.post(f"{COMMENTS}{only().pk}/edit/", {"text": "@Ben Carter and @Vera Lindqvist"})
    assert [letter.to for letter in mail.outbox[2:]] == [["vera@larkspur.example"]]


def test_who_wrote_in_a_thread_learns_of_every_later_comment_once(cast: Cast, ana: Client, ben: Client, lena: Client):
    say(ana, "Is it signed?")
    assert mail.outbox == []
    say(ben, "Not yet.")
    say(lena, "I sign it on Monday, @Ana Reyes.")
    say(lena, "In the afternoon.")
    say(ben, "Another matter", f"{COMMENTS}leadership/")
    told = [(letter.to[0].partition("@")[0], letter.subject) for letter in mail.outbox]
    assert told == [
        ("ana", "Ben Carter commented in Larkspur County"),
        ("ana", "Lena Whitfield mentioned you"),
        ("ben", "Lena Whitfield commented in Larkspur County"),
        ("ana", "Lena Whitfield commented in Larkspur County"),
        ("ben", "Lena Whitfield commented in Larkspur County"),
    ]
    assert "Not yet." in str(mail.outbox[0].body)
    assert f"http://127.0.0.1:8000{PAGE}#leadership-1-comments" in str(mail.outbox[0].body)
    # Who has left is not told.
    mail.outbox.clear()
    Membership.objects.get(user=cast.ben).delete()
    say(ana, "Thank you.")
    assert [letter.to for letter in mail.outbox] == [["lena@larkspur.example"]]


def test_a_name_writes_no_headers_and_a_dead_mail_server_loses_no_comment(
    cast: Cast, ana: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    cast.ana.name = "Ana\r\nBcc: all@x.example"
    cast.ana.save()
    say(ana, "@Ben Carter")
    assert mail.outbox[0].subject == "Ana Bcc: all@x.example mentioned you"

    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.letters.send_mail", refuse)
    say(ana, "@Lena Whitfield")
    assert Comment.objects.count() == 2
    assert "An e-mail could not be sent: comments/email/mention.txt" in caplog.text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write something first."),
        ("  \n ", "Write something first."),
        ("x" * 5001, "at most 5000"),
        ("a\x00", "U+0000"),
    ],
)
def test_what_cannot_be_posted_comes_back(cast: Cast, ben: Client, text: str, problem: str):
    response = say(ben, text)
    assert (response.status_code, problem in response.content.decode(), Comment.objects.count()) == (422, True, 0)
    if len(text) > 5000:
        assert text in response.content.decode()


def test_a_thread_is_resolved_reopened_and_opened_by_a_new_comment(cast: Cast, ana: Client, ben: Client):
    say(ben, "Why?")
    ana.post(f"{STEP}resolve/")
    assert "Resolved by Ana Reyes" in ben.get(PAGE).content.decode()
    ana.post(f"{STEP}resolve/", {"reopen": ""})
    assert Thread.objects.get().resolved_at is None
    ana.post(f"{STEP}resolve/")
    say(ben, "Still: why?")
    assert (Thread.objects.get().resolved_by, Thread.objects.get().version) == (None, 4)


def test_one_changes_and_removes_ones_own_only(cast: Cast, ana: Client, ben: Client):
    say(ben, "Frist")
    url = f"{COMMENTS}{only().pk}/edit/"
    assert (ana.get(url).status_code, ana.post(url, {"text": "Mine"}).status_code) == (404, 404)
    assert "Frist" in ben.get(url).content.decode()
    assert ben.post(url, {"text": ""}).status_code == 422
    ben.post(url, {"text": "First"})
    assert (only().text, "edited" in ben.get(PAGE).content.decode()) == ("First", True)
    ben.post(url, {"remove": "1"})
    assert (Comment.objects.count(), Comment.history.count()) == (0, 3)


def test_a_decided_round_keeps_its_comments_and_takes_no_more(cast: Cast, ana: Client, ben: Client):
    say(ben, "Before")
    decide(cast)
    for url, sent in (
        (STEP, {"text": "Late"}),
        (f"{STEP}resolve/", {}),
        (f"{COMMENTS}{only().pk}/edit/", {"text": "x"}),
    ):
        assert "takes no more comments" in ben.post(url, sent, follow=True).content.decode(), url
    assert (only().text, Thread.objects.count()) == ("Before", 0)
    assert "Before" in ben.get(PAGE).content.decode()
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    assert "Before" not in ben.get(PAGE).content.decode()


def test_the_page_of_comments_shows_all_open_resolved_or_mine(cast: Cast, ana: Client, ben: Client):
    assert "No comments yet" in ben.get(COMMENTS).content.decode()
    say(ana, "One for @Ben Carter")
    say(ana, "Two of us", f"{COMMENTS}data/")
    ana.post(f"{COMMENTS}data/resolve/")
    for show, shown in (
        ("", (True, True)),
        ("open", (True, False)),
        ("resolved", (False, True)),
        ("me", (True, False)),
    ):
        page = ben.get(f"{COMMENTS}?show={show}").content.decode()
        assert ("One for" in page, "Two of us" in page) == shown, show
    assert "None of that kind." in ana.get(f"{COMMENTS}?show=me").content.decode()


@pytest.mark.parametrize(("name", "status"), [("ana", 302), ("ben", 302), ("lena", 302), ("vera", 403), ("olaf", 404)])
def test_who_may_comment(cast: Cast, name: str, status: int):
    client = signed_in(cast[name])
    assert [client.post(url, {"text": "Words"}).status_code for url in (STEP, f"{STEP}resolve/")] == [status] * 2
    assert client.get(COMMENTS).status_code == (404 if name == "olaf" else 200)
    assert client.post(f"{COMMENTS}leadership.99/", {"text": "Words"}).status_code == (403 if name == "vera" else 404)
    assert client.post(f"{COMMENTS}999999/edit/", {"text": "Words"}).status_code == (403 if name == "vera" else 404)


@pytest.mark.parametrize("size", [3, 300])
def test_the_pages_ask_as_much_whatever_the_number_of_comments(
    cast: Cast, ben: Client, django_assert_num_queries, size: int
):
    rows = [
        Comment(municipality=cast.larkspur, subject="round-1/leadership.1", text=f"Word {n}", author=cast.ana).signed(
            cast.ana
        )
        for n in range(size)
    ]
    Comment.objects.bulk_create(rows)
    with django_assert_num_queries(11):
        ben.get(PAGE)
    with django_assert_num_queries(7):
        ben.get(COMMENTS)
    with django_assert_num_queries(8):
        ben.get(f"{COMMENTS}?show=me")

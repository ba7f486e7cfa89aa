"""Who is told by e-mail that a section waits or came back, and whose task it is then."""

import datetime

import pytest
from django.core import mail
from django.test import Client, TestCase

from accounts.letters import quiet, tell
from accounts.models import User
from mobility_planning.tasks import count, tasks
from municipalities.models import Membership, Role
from municipalities.records import add, overwrite
from plans.rules.progress import Status
from tests.conftest import Cast, signed_in
from tests.plans.test_queries import put
from tests.plans.test_views import RETURN, SECTION, STATUS, row

TODAY = datetime.date(2026, 11, 26)


def letters() -> dict[str, str]:
    return {letter.to[0]: str(letter.subject) for letter in mail.outbox}


def send(client: Client, url: str, **values: object):
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(url, {"version": row().version, **values})


def leader(cast: Cast, name: str, *, active: bool = True) -> User:
    user = User.objects.create_user(email=f"{name.lower()}@larkspur.example", name=name, is_active=active)
    add(Membership(municipality=cast.larkspur, user=user, role=Role.LEADERSHIP), by=cast.ana)
    return user


def mine(cast: Cast, user: User) -> list[tuple[str, str]]:
    found = tasks(cast.larkspur, user, TODAY)
    rows = (*found.overdue, *found.soon, *found.later, *found.undated)
    assert count(cast.larkspur, user) == len(rows)
    return [(task.key, task.where) for task in rows]


def test_a_review_that_waits_is_told_to_those_who_can_approve_it(cast: Cast, ana: Client):
    put(cast.larkspur, "approach", Status.DRAFTING, "Words")
    leader(cast, "Mia")
    leader(cast, "Gone", active=False)
    overwrite(row(), by=cast.lena, body="Lena's words")
    send(ana, STATUS, status="in_review")
    assert letters() == {"mia@larkspur.example": "Our approach waits for your review"}
    assert f"http://127.0.0.1:8000{SECTION}" in str(mail.outbox[0].body)
    assert "Ana Reyes sent a section" in str(mail.outbox[0].body)


def test_a_move_that_is_refused_or_goes_back_tells_nobody(cast: Cast, ana: Client, lena: Client):
    send(ana, STATUS, status="in_review")
    assert (row().status, letters()) == ("not_started", {})
    put(cast.larkspur, "approach", Status.DRAFTING, "Words")
    send(ana, STATUS, status="in_review")
    assert list(letters()) == ["lena@larkspur.example"]
    send(ana, STATUS, status="drafting")
    assert letters() == {}
    send(ana, STATUS, status="in_review")
    send(lena, STATUS, status="approved")
    assert (row().status, letters()) == ("approved", {})


def test_a_returned_section_is_told_to_who_asked_wrote_and_owns_it(cast: Cast, ana: Client, ben: Client, lena: Client):
    ben.post(SECTION, {"version": row().version, "body": "Ben's words", "owner_id": cast.vera.pk})
    send(ana, STATUS, status="in_review")
    send(lena, RETURN, comment="Please name the <source>.\n\nSecond line.")
    subject = "Our approach was returned with a comment"
    assert letters() == {f"{name}@larkspur.example": subject for name in ("ana", "ben", "vera")}
    body = str(mail.outbox[0].body)
    assert ("Please name the <source>.\n\nSecond line." in body, SECTION in body) == (True, True)
    send(lena, RETURN, comment="Again")
    assert letters() == {}


def test_who_left_the_municipality_is_told_nothing(cast: Cast, ben: Client, ana: Client, lena: Client):
    ben.post(SECTION, {"version": row().version, "body": "Ben's words"})
    send(ana, STATUS, status="in_review")
    Membership.objects.get(user=cast.ben).delete()
    send(lena, RETURN, comment="Shorter")
    assert list(letters()) == ["ana@larkspur.example"]


def test_nothing_is_told_of_what_is_not_stored_or_is_the_past(cast: Cast):
    with TestCase.captureOnCommitCallbacks(execute=True) as waiting:
        with quiet():
            tell([cast.ben], "x", "comments/email/mention.txt")
        assert waiting == []
        tell([cast.ben], "One\r\nBcc: all@x.example", "plans/email/asked.txt")
        assert mail.outbox == []
    assert letters() == {"ben@larkspur.example": "One Bcc: all@x.example"}


@pytest.mark.parametrize("body", ["Lena's words", " \n\n"])
def test_a_review_is_a_task_of_those_who_can_approve_it(cast: Cast, body: str):
    put(cast.larkspur, "readiness", Status.DRAFTING, "Words")
    mia = leader(cast, "Mia")
    section = row("readiness")
    overwrite(section, by=cast.lena, body=body)
    overwrite(section, by=cast.ana, status="in_review", asked_by=cast.ana)
    review = [("review readiness", "Plan")]
    # An empty text is nobody's own: what fills itself may be approved by whoever emptied it.
    assert mine(cast, cast.lena) == ([] if body.strip() else review)
    assert (mine(cast, mia), mine(cast, cast.ana), mine(cast, cast.ben)) == (review, [], [])
    overwrite(section, by=cast.ana, asked_by=mia)
    assert mine(cast, mia) == []
    overwrite(section, by=cast.ana, asked_by=None)
    assert mine(cast, mia) == review
    assert count(cast.fairmont, mia) == 0


def test_what_came_back_is_its_owners_task_or_its_writers(cast: Cast, ben: Client, ana: Client, lena: Client):
    ben.post(SECTION, {"version": row().version, "body": "Ben's words"})
    send(ana, STATUS, status="in_review")
    assert mine(cast, cast.ben) == []
    send(lena, RETURN, comment="Shorter")
    assert (mine(cast, cast.ben), mine(cast, cast.lena)) == ([("section approach", "Returned with a comment")], [])
    signed_in(cast.ana).post(SECTION, {"version": row().version, "owner_id": cast.ana.pk})
    assert (mine(cast, cast.ben), mine(cast, cast.ana)) == ([], [("section approach", "Returned with a comment")])

"""The digest by e-mail: what is due soon or overdue, once a stage."""

import datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from mobility_planning.models import Reminder
from municipalities.models import Membership
from municipalities.records import overwrite
from municipalities.services import set_reminders
from readiness.models import StepAnswer
from tests.conftest import Cast


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue().splitlines()


def give(cast: Cast, key: str, days: int | None, owner: str = "Ben Carter") -> StepAnswer:
    row = StepAnswer.objects.get(round__municipality=cast.larkspur, key=key)
    due = None if days is None else timezone.localdate() + datetime.timedelta(days=days)
    overwrite(row, by=cast.ana, owner=owner, due=due)
    return row


def test_what_is_overdue_or_due_within_a_week_is_told_once(cast: Cast):
    for key, days in (("leadership.1", -3), ("leadership.2", 7), ("leadership.3", 8), ("leadership.4", None)):
        give(cast, key, days)
    assert run() == ["larkspur: ben@larkspur.example: 1 overdue, 1 due soon"]
    assert run() == []
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("Larkspur County: 2 tasks need you", ["ben@larkspur.example"])
    assert "http://127.0.0.1:8000/larkspur/readiness/leadership/#leadership-1" in letter.body
    assert "http://127.0.0.1:8000/larkspur/tasks/" in letter.body
    assert letter.body.count("#leadership-") == 2


def test_a_task_is_told_again_when_its_date_has_passed_or_moved(cast: Cast):
    row = give(cast, "leadership.1", 2)
    assert run() == ["larkspur: ben@larkspur.example: 0 overdue, 1 due soon"]
    overwrite(row, by=cast.ana, due=timezone.localdate() + datetime.timedelta(days=3))
    assert run() == ["larkspur: ben@larkspur.example: 0 overdue, 1 due soon"]
    overwrite(row, by=cast.ana, due=timezone.localdate() - datetime.timedelta(days=1))
    assert run() == ["larkspur: ben@larkspur.example: 1 overdue, 0 due soon"]


def test_who_wants_none_or_may_not_sign_in_gets_none(cast: Cast):
    give(cast, "leadership.1", 1)
    give(cast, "leadership.2", 1, owner="Lena Whitfield")
    set_reminders(membership=Membership.objects.get(user=cast.ben), wanted=False, by=cast.ben)
    cast.lena.is_active = False
    cast.lena.save()
    assert run() == []
    assert mail.outbox == []


def test_a_dry_run_tells_nobody_and_remembers_nothing(cast: Cast):
    give(cast, "leadership.1", 1)
    assert run("--dry-run") == ["larkspur: ben@larkspur.example: 0 overdue, 1 due soon"]
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_a_mail_that_cannot_be_sent_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    give(cast, "leadership.1", 1)
    give(cast, "leadership.2", 1, owner="Ana Reyes")

    def refuse(subject: str, text: str, sender: None, to: list[str]) -> None:
        if to == ["ben@larkspur.example"]:
            raise ConnectionRefusedError(111, "Connection refused")

    with monkeypatch.context() as patch:
        patch.setattr("mobility_planning.reminders.send_mail", refuse)
        with pytest.raises(CommandError, match=r"^1 could not be sent\. They are tried again at the next run\.$"):
            run()
    assert Reminder.objects.get().membership.user == cast.ana
    assert run() == ["larkspur: ben@larkspur.example: 0 overdue, 1 due soon"]


def test_a_name_cannot_write_headers(cast: Cast):
    overwrite(cast.larkspur, by=cast.ana, name="Larkspur\r\nBcc: all@x.example")
    give(cast, "leadership.1", 1)
    run()
    assert mail.outbox[0].subject == "Larkspur Bcc: all@x.example: 1 task needs you"

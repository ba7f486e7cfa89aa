"""Files that a worker makes while people wait: who asks, who waits, how it ends, and who hears of it."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from documents import apart
from documents.apart import Limit, RenderError, Stage, TooLargeError
from documents.pdf import composed
from municipalities.models import Membership
from plans import exports, finished
from plans.management.commands import make_exports
from plans.models import Export, ExportState, Problem, Section
from plans.services import write_section
from tests.conftest import Cast, signed_in

PDF, WORD, DATA = (f"/larkspur/plan/export.{ending}" for ending in ("pdf", "docx", "json"))
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def worker(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BACKGROUND_WORKER = True
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    monkeypatch.setattr(finished, "render_pdf", lambda html, *_more: b"%PDF-" + composed(html).encode())


def asked(client: Client, address: str = PDF) -> str:
    response = client.get(address)
    assert response.status_code == HTTPStatus.FOUND
    return str(response["Location"])


def job() -> Export:
    return Export.objects.latest("pk")


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_given: object) -> bytes:
        raise error

    monkeypatch.setattr(finished, "render_pdf", broken)


# --- Asking and getting -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ana", "ben", "lena", "vera"])
def test_a_member_asks_waits_and_gets_the_file(cast: Cast, name: str) -> None:
    client = signed_in(cast[name])
    page = asked(client)
    assert page == f"/larkspur/plan/exports/{job().pk}/"
    waiting = text(client, page)
    assert ("It waits for its turn." in waiting, f"for {cast[name]}" in waiting) == (True, True)
    assert client.get(f"{page}file/")["Location"] == page
    assert exports.make_next() is True
    assert "The file is ready: larkspur-mobility-action-plan.pdf" in text(client, page)
    file = client.get(f"{page}file/")
    assert file.content.startswith(b"%PDF-")
    assert file["Content-Disposition"] == 'attachment; filename="larkspur-mobility-action-plan.pdf"'
    assert exports.make_next() is False


def test_a_file_that_is_kept_comes_at_once(vera: Client) -> None:
    asked(vera)
    exports.make_next()
    response = vera.get(PDF)
    assert (response.status_code, response["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    again = vera.get(PDF, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert Export.objects.count() == 1


def test_data_never_waits(vera: Client) -> None:
    assert vera.get(DATA).status_code == HTTPStatus.OK
    assert not Export.objects.exists()


def test_without_a_worker_the_file_is_made_at_once(vera: Client, settings: LazySettings) -> None:
    settings.BACKGROUND_WORKER = False
    assert vera.get(PDF).content.startswith(b"%PDF-")
    assert not Export.objects.exists()


def test_asking_twice_joins_what_is_being_made(vera: Client, ben: Client) -> None:
    assert asked(vera) == asked(vera)
    Export.objects.update(state=ExportState.RUNNING, stage=Stage.READ)
    assert asked(vera) == f"/larkspur/plan/exports/{job().pk}/"
    assert asked(vera, WORD) != asked(vera)
    assert asked(ben) != asked(vera)
    assert Export.objects.count() == 3


def test_a_changed_plan_is_asked_for_anew_and_the_older_file_is_stopped(ben: Client) -> None:
    older = asked(ben)
    ben.post("/larkspur/plan/approach/", {"version": 1, "body": "New words"})
    newer = asked(ben)
    assert older != newer
    assert [row.state for row in Export.objects.order_by("pk")] == [ExportState.CANCELLED, ExportState.WAITING]
    assert "Stopped: the file is not made." in text(ben, older)


def test_the_file_is_of_the_plan_as_it_is_when_its_turn_comes(ben: Client) -> None:
    page = asked(ben)
    ben.post("/larkspur/plan/approach/", {"version": 1, "body": "New words"})
    exports.make_next()
    assert b"New words" in ben.get(f"{page}file/").content
    assert ben.get(PDF).status_code == HTTPStatus.OK


def test_a_file_that_is_not_kept_any_more_is_asked_for_again(vera: Client, settings: LazySettings) -> None:
    page = asked(vera)
    exports.make_next()
    for path in Path(settings.EXPORT_CACHE_DIR).iterdir():
        path.unlink()
    assert vera.get(f"{page}file/")["Location"] == PDF
    assert asked(vera) != page


# --- Who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "file/", "stop/", "mail/"])
def test_a_job_is_its_persons_alone(cast: Cast, vera: Client, rest: str) -> None:
    page = asked(vera)
    for name in ("ana", "ben", "lena", "olaf"):
        for address in (page, page.replace("larkspur", "fairmont")):
            method = signed_in(cast[name]).post if rest in ("stop/", "mail/") else signed_in(cast[name]).get
            assert method(address + rest).status_code == HTTPStatus.NOT_FOUND
    assert (job().state, job().mail) == (ExportState.WAITING, False)


def test_whoever_has_left_cannot_take_the_file(cast: Cast, vera: Client) -> None:
    page = asked(vera)
    exports.make_next()
    Membership.objects.filter(user=cast.vera).get().delete()
    assert vera.get(f"{page}file/").status_code == HTTPStatus.NOT_FOUND


# --- How far it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "done", "words", "value"),
    [
        (Stage.READ, 0, "Step 1 of 4: reading the plan", 0),
        (Stage.LAYOUT, 34, "Step 2 of 4: laying out the pages, 34 so far", 1),
        (Stage.DRAW, 0, "Step 3 of 4: drawing the pages", 2),
        (Stage.CHECK, 0, "Step 4 of 4: finishing the file", 3),
    ],
)
def test_the_bar_says_how_far_it_is(vera: Client, stage: Stage, done: int, words: str, value: int) -> None:
    page = asked(vera)
    Export.objects.update(state=ExportState.RUNNING)
    exports._alive(job(), stage, done)
    for headers in ({}, HTMX):
        shown = vera.get(page, headers=headers).content.decode()
        assert words in shown
        assert f'max="4" value="{value}"' in shown


def test_an_office_file_has_two_steps(vera: Client) -> None:
    page = asked(vera, WORD)
    Export.objects.update(state=ExportState.RUNNING)
    exports._alive(job(), Stage.DRAW, 0)
    shown = text(vera, page)
    assert "Step 2 of 2: writing the file and drawing its pictures" in shown
    assert 'max="2" value="1"' in shown


def test_looking_takes_a_fixed_number_of_queries(cast: Cast, vera: Client, django_assert_num_queries: Any) -> None:
    page = asked(vera)
    with django_assert_num_queries(5):
        vera.get(page, headers=HTMX)
    for name in ("ana", "ben", "lena"):
        for address in (PDF, WORD):
            asked(signed_in(cast[name]), address)
    with django_assert_num_queries(5):
        vera.get(page, headers=HTMX)


def test_without_a_script_the_page_looks_again_and_then_goes_to_the_file(vera: Client) -> None:
    page = asked(vera)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text(vera, page)
    exports.make_next()
    there = f'<noscript><meta http-equiv="refresh" content="0; url={page}file/"></noscript>'
    assert there in text(vera, page)
    Export.objects.update(state=ExportState.CANCELLED)
    assert "refresh" not in text(vera, page)


# --- How it ends ------------------------------------------------------------------------------------------


def test_it_can_be_stopped_before_and_while_it_is_made(vera: Client) -> None:
    page = asked(vera)
    assert vera.post(f"{page}stop/")["Location"] == "/larkspur/plan/"
    assert "Stopped. Nothing of the file is kept." in text(vera, "/larkspur/plan/")
    assert exports.make_next() is False
    page = asked(vera)
    Export.objects.filter(state=ExportState.WAITING).update(state=ExportState.RUNNING)
    row = job()
    exports._alive(row, Stage.READ, 0)
    vera.post(f"{page}stop/")
    with pytest.raises(exports.StoppedError):
        exports._alive(row, Stage.READ, 0)


def test_a_stopped_file_is_not_kept(vera: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    page = asked(vera)

    def slow(html: str, *_more: object) -> bytes:
        vera.post(f"{page}stop/")
        watcher = apart._watcher.get()
        assert watcher
        watcher(Stage.LAYOUT, 1)
        return b"%PDF-"

    monkeypatch.setattr(finished, "render_pdf", slow)
    assert exports.make_next() is True
    assert job().state == ExportState.CANCELLED
    assert [path.name for path in Path(settings.EXPORT_CACHE_DIR).iterdir()] == []


def test_what_has_ended_cannot_be_stopped_nor_told_by_mail(vera: Client) -> None:
    page = asked(vera)
    exports.make_next()
    vera.post(f"{page}stop/")
    vera.post(f"{page}mail/")
    assert (job().state, job().mail) == (ExportState.DONE, False)


@pytest.mark.parametrize(
    ("error", "problem", "words"),
    [
        (TooLargeError(Limit.TIME), Problem.TIME, "It would take too long to make."),
        (TooLargeError(Limit.MEMORY), Problem.MEMORY, "It would need too much memory to make."),
        (TooLargeError(Limit.SIZE), Problem.SIZE, "The file would be too large to send."),
        (RenderError("no title"), Problem.FAULT, "Nothing is wrong with your plan and nothing is lost."),
        (ZeroDivisionError("odd"), Problem.FAULT, "Nothing is wrong with your plan and nothing is lost."),
    ],
)
def test_a_file_that_cannot_be_made_says_why_and_what_to_do(
    vera: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, problem: Problem, words: str
) -> None:
    fails(monkeypatch, error)
    page = asked(vera)
    assert exports.make_next() is True
    assert (job().state, job().problem) == (ExportState.FAILED, problem)
    shown = text(vera, page)
    assert words in shown
    assert ("Find the longest table" in shown) == problem.too_large
    assert (f'href="{PDF}"' in shown, "no title" in shown) == (True, False)
    assert asked(vera) != page


@pytest.mark.parametrize(
    ("limit", "words"), [(Limit.TIME, "It would take too long to make."), (Limit.SIZE, "too large to send")]
)
def test_without_a_worker_the_page_says_the_same(
    vera: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, limit: Limit, words: str
) -> None:
    settings.BACKGROUND_WORKER = False
    fails(monkeypatch, TooLargeError(limit))
    response = vera.get(PDF)
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert words in response.content.decode()
    assert f'<a href="{DATA}">the plan as data</a>' in response.content.decode()


def test_an_absurd_plan_is_really_ended(
    cast: Cast, ben: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    values = {"body": "| a | b |\n|---|---|\n" + "| one | two |\n" * 5000}
    write_section(municipality=cast.larkspur, key="approach", seen=1, values=values, by=cast.ben)
    settings.EXPORT_SECONDS = 2
    page = asked(ben)
    assert exports.make_next() is True
    assert (job().state, job().problem) == (ExportState.FAILED, Problem.TIME)
    assert "Find the longest table" in text(ben, page)
    assert [path.name for path in Path(settings.EXPORT_CACHE_DIR).iterdir()] == []


def test_a_job_whose_worker_died_is_given_up(vera: Client) -> None:
    page = asked(vera)
    now = timezone.now()
    Export.objects.update(state=ExportState.RUNNING, alive_at=now - Export.SILENCE + timedelta(seconds=30))
    text(vera, page)
    assert job().state == ExportState.RUNNING
    Export.objects.update(alive_at=now - Export.SILENCE)
    assert "The work was interrupted. Please try again." in text(vera, page)
    assert (job().state, job().problem) == (ExportState.FAILED, Problem.STOPPED)


def test_a_job_that_nobody_begins_is_given_up_and_old_jobs_are_forgotten(vera: Client, ben: Client) -> None:
    page = asked(vera)
    Export.objects.update(asked_at=timezone.now() - Export.PATIENCE)
    assert "The work was interrupted." in text(vera, page)
    Export.objects.update(asked_at=timezone.now() - Export.LIFETIME)
    asked(ben)
    assert [row.user.email for row in Export.objects.all()] == ["ben@larkspur.example"]


# --- By e-mail --------------------------------------------------------------------------------------------


def test_whoever_asks_for_it_is_told_once(cast: Cast, vera: Client, settings: LazySettings) -> None:
    page = asked(vera)
    assert "E-mail me when it is ready" in text(vera, page)
    vera.post(f"{page}mail/")
    assert f"We will e-mail {cast.vera.email} when the file is ready." in text(vera, page)
    while exports.make_next():
        pass
    [message] = mail.outbox
    assert message.to == [cast.vera.email]
    assert message.subject == "Your file is ready: larkspur-mobility-action-plan.pdf"
    assert f"{settings.SITE_URL}{page}" in message.body


def test_whoever_did_not_ask_is_not_told(vera: Client) -> None:
    asked(vera)
    exports.make_next()
    assert mail.outbox == []


def test_a_failure_is_told_too(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, TooLargeError(Limit.TIME))
    vera.post(f"{asked(vera)}mail/")
    exports.make_next()
    [message] = mail.outbox
    assert message.subject == "Your file could not be made: larkspur-mobility-action-plan.pdf"
    assert "It could not be made." in message.body


def test_nobody_is_told_who_may_not_read_any_more(cast: Cast, vera: Client, ben: Client) -> None:
    vera.post(f"{asked(vera)}mail/")
    ben.post(f"{asked(ben)}mail/")
    Membership.objects.filter(user=cast.vera).get().delete()
    cast.ben.is_active = False
    cast.ben.save()
    while exports.make_next():
        pass
    assert {row.state for row in Export.objects.all()} == {ExportState.DONE}
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_leaves_the_file(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr("accounts.letters.send_mail", refuse)
    vera.post(f"{asked(vera)}mail/")
    assert exports.make_next() is True
    assert job().state == ExportState.DONE


# --- The worker -------------------------------------------------------------------------------------------


def test_the_command_makes_what_waits_the_longest_waiting_first(cast: Cast, vera: Client, ben: Client) -> None:
    asked(vera)
    asked(ben, WORD)
    call_command("make_exports", once=True)
    assert {row.state for row in Export.objects.all()} == {ExportState.DONE}


def test_a_worker_that_is_stopped_gives_its_file_back(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(vera)
    with monkeypatch.context() as patch:
        patch.setattr(finished, "render_pdf", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            exports.make_next()
    assert (job().state, job().stage) == (ExportState.WAITING, "")
    assert exports.make_next() is True
    assert job().state == ExportState.DONE


def _interrupted(*_given: object) -> bytes:
    raise KeyboardInterrupt


def test_two_workers_do_not_make_one_file(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(vera)
    made: list[Export] = []
    monkeypatch.setattr(exports, "_make", made.append)
    first = Export.objects.filter(state=ExportState.WAITING)
    quicker = first.first()
    assert quicker
    assert exports.make_next() is True
    # As if this one had looked at the same moment.
    assert first.update(state=ExportState.RUNNING) == 0
    assert len(made) == 1


def test_a_database_that_does_not_answer_does_not_end_the_worker(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> bool:
        raise DatabaseError

    monkeypatch.setattr(exports, "make_next", gone)
    monkeypatch.setattr(make_exports, "close_old_connections", lambda: None)
    monkeypatch.setattr(make_exports.connection, "close", lambda: None)
    assert make_exports._work() == make_exports.OUTAGE


def test_a_section_stays_as_it_is(vera: Client) -> None:
    """Making files writes nothing of the plan."""
    before = list(Section.objects.order_by("pk").values())
    asked(vera)
    exports.make_next()
    assert list(Section.objects.order_by("pk").values()) == before

"""What is made apart is bounded in time, memory and size; whoever asked lives on and hears why."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from documents import apart
from documents.apart import Limit, RenderError, Stage, TooLargeError, make_apart, watched
from documents.pdf import render_pdf
from tests.documents import absurd

pytestmark = pytest.mark.one_engine
PAGE = '<!DOCTYPE html><html lang="en"><head><title>Plan</title></head><body>{}</body></html>'


@pytest.fixture
def helper() -> int:
    return int(make_apart(absurd.helper))


def at_work(helper: int) -> int:
    """How many processes are at work apart."""
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            state, parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        found.append(int(parent) == helper and state != "Z")
    return sum(found)


def limit_of(helper: int, make: Callable[..., bytes], *given: object) -> Limit:
    with pytest.raises(TooLargeError) as caught:
        make_apart(make, *given)
    # It is gone, and the next one is made as if nothing had been.
    assert at_work(helper) == 0
    assert make_apart(absurd.write, 3) == b"xxx"
    return caught.value.limit


def test_it_is_another_process_and_a_part_of_it_is_not_a_third() -> None:
    whole, part = make_apart(absurd.both).split()
    assert whole == part
    assert int(whole) != os.getpid()


def test_work_without_an_end_is_ended(helper: int, settings: LazySettings) -> None:
    settings.EXPORT_SECONDS = 1
    assert limit_of(helper, absurd.loop) == Limit.TIME


def test_work_that_only_waits_is_ended_by_the_clock(
    helper: int, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "BUSY", 1)
    settings.EXPORT_SECONDS = 1
    begun = time.monotonic()
    with pytest.raises(TooLargeError, match=r"^The file could not be made: it would take more than 1 seconds\.$"):
        make_apart(absurd.sleep)
    assert time.monotonic() - begun < 60
    assert at_work(helper) == 0


def test_work_that_hoards_memory_is_ended(helper: int, settings: LazySettings) -> None:
    settings.EXPORT_MEGABYTES = 300
    assert limit_of(helper, absurd.hoard) == Limit.MEMORY


def test_a_file_that_is_too_large_is_not_handed_over(helper: int, settings: LazySettings) -> None:
    settings.EXPORT_FILE_MEGABYTES = 1
    assert limit_of(helper, absurd.write, (1 << 20) + 1) == Limit.SIZE
    assert len(make_apart(absurd.write, 1 << 20)) == 1 << 20


@pytest.mark.parametrize(
    ("number", "limit"),
    [
        (signal.SIGKILL, Limit.MEMORY),
        (signal.SIGABRT, Limit.MEMORY),
        (signal.SIGTRAP, Limit.MEMORY),
        (signal.SIGSEGV, Limit.MEMORY),
        (signal.SIGXCPU, Limit.TIME),
    ],
)
def test_a_process_that_falls_is_told_as_a_limit(helper: int, number: int, limit: Limit) -> None:
    assert limit_of(helper, absurd.fall, number) == limit


def test_work_that_somebody_ends_is_no_limit() -> None:
    with pytest.raises(RenderError, match=r"its process ended with -15\.$") as caught:
        make_apart(absurd.fall, signal.SIGTERM)
    assert not isinstance(caught.value, TooLargeError)


def test_a_helper_that_falls_is_started_again() -> None:
    helper = make_apart(absurd.helper)
    with pytest.raises(RenderError):
        make_apart(absurd.fall_with_helper)
    assert make_apart(absurd.helper) != helper


def test_work_nested_too_deeply_is_told_as_a_limit(helper: int) -> None:
    assert limit_of(helper, absurd.nest) == Limit.MEMORY


def test_what_the_work_says_of_itself_is_heard() -> None:
    with pytest.raises(RenderError, match=r"^no title$"):
        make_apart(absurd.refuse)
    with pytest.raises(RenderError, match="ValueError: something else") as caught:
        make_apart(absurd.fail)
    assert not isinstance(caught.value, TooLargeError)


def test_whoever_watches_hears_how_far_it_is_and_may_end_it(helper: int) -> None:
    class EnoughError(Exception):
        pass

    heard = []

    def watcher(stage: Stage, done: int) -> None:
        heard.append((stage, done))
        if stage == Stage.CHECK:
            raise EnoughError

    with pytest.raises(EnoughError), watched(watcher):
        make_apart(absurd.tells)
    assert heard[-1] == (Stage.CHECK, 3)
    assert at_work(helper) == 0


def test_a_pdf_tells_its_pages() -> None:
    heard = set()
    page = PAGE.format("<p>Words</p>" * 6000)
    with watched(lambda stage, done: heard.add((stage, done > 0))):
        assert render_pdf(page).startswith(b"%PDF-")
    assert (Stage.LAYOUT, True) in heard


def test_an_absurd_document_is_ended_in_time_and_in_memory(settings: LazySettings) -> None:
    rows = "<tr><td>one</td><td>two</td><td>three</td></tr>" * 10_000
    absurd_page = PAGE.format(f"<table><tbody>{rows}</tbody></table>")
    settings.EXPORT_SECONDS = 2
    with pytest.raises(TooLargeError) as caught:
        render_pdf(absurd_page)
    assert caught.value.limit == Limit.TIME
    with pytest.raises(TooLargeError) as caught:
        render_pdf(absurd.compose)
    assert caught.value.limit == Limit.TIME
    settings.EXPORT_SECONDS, settings.EXPORT_MEGABYTES = 120, 200
    with pytest.raises(TooLargeError) as caught:
        render_pdf(absurd_page)
    assert caught.value.limit == Limit.MEMORY
    settings.EXPORT_MEGABYTES = 1024
    assert render_pdf(PAGE.format("<p>Words</p>")).startswith(b"%PDF-")


def test_only_so_many_are_made_at_once(helper: int, settings: LazySettings) -> None:
    """Who comes after them waits: the third is not begun while two are at work."""
    begun, go_on = threading.Semaphore(0), threading.Event()

    def watcher(_stage: Stage, _done: int) -> None:
        begun.release()
        if go_on.wait(60):
            raise InterruptedError

    def ask() -> None:
        with pytest.raises(InterruptedError), watched(watcher):
            make_apart(absurd.sleep)

    people = [threading.Thread(target=ask) for _ in range(apart.AT_ONCE + 1)]
    for person in people:
        person.start()
    for _ in range(apart.AT_ONCE):
        begun.acquire(timeout=60)
    assert at_work(helper) == apart.AT_ONCE
    go_on.set()
    for person in people:
        person.join()

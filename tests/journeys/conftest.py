"""A real browser on a live server. A missing browser is a skip by hand and an error with CI=true."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from accounts.models import User
from mobility_planning import demo_data

# Playwright's loop runs in the test's thread, and Django would take every query there for an asynchronous one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The shell first: it draws no windows of its own around a page, and the walks take a quarter less time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
SignIn = Callable[..., Page]
# A busy machine is slow, not wrong.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM and os.environ.get("CI") != "true":
        pytest.skip("no Chromium: apt-get install chromium-headless-shell")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM or "chromium", args=quiet)
        yield browser
        browser.close()


class Watched:
    """What a page must never do: script errors, refused resources, requests to another origin."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("weberror", self._script_error)
        context.on("console", self._console)
        context.on("request", self._request)

    def _script_error(self, error: WebError) -> None:
        self.faults.append(f"script error: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(request.url)


@pytest.fixture
def watched(live_server) -> Iterator[Watched]:
    watch = Watched(live_server.url)
    yield watch
    assert watch.faults == []


@pytest.fixture
def sign_in(browser: Browser, live_server, watched: Watched, transactional_db: None) -> Iterator[SignIn]:
    """`sign_in(user, width=1280, scripts=True)`: a page of that person's own browser."""
    contexts = []

    def open_page(user: User | None, *, width: int = 1280, height: int = 900, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, java_script_enabled=scripts
        )
        context.set_default_timeout(60_000)
        watched.watch(context)
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    # A request that nobody waited for may still be writing, and the rows go away next.
    for answering in (thread for thread in threading.enumerate() if "process_request_thread" in thread.name):
        answering.join(30)
    # Its table is no model's, so what a walk leaves there (how often somebody signed in) outlives the database's rows.
    cache.clear()


def follow(target: Locator) -> None:
    """Click what leads to another page, and go on once that page and its scripts are there."""
    with target.page.expect_navigation():
        target.click()


def until(page: Page, true: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for what a page cannot be asked to wait for: its policy allows no script of ours."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        page.wait_for_timeout(50)


def all_saved(page: Page) -> None:
    """Wait for the server to have all that was typed: a save may leave in the middle of the typing, and say so."""
    until(page, lambda: drafts(page) == [])


def drafts(page: Page) -> list[str]:
    """What this tab keeps of texts that the server does not have yet."""
    found: list[str] = page.evaluate(
        "Object.entries(sessionStorage).filter(([key]) => key.startsWith('draft:')).map(([_key, value]) => value)"
    )
    return found


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What axe finds on a page: one line a violation, nothing where it is clean."""

    def find(page: Page) -> list[str]:
        page.wait_for_load_state()  # a click may have begun to leave the page that would be looked at
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        return [f"{v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]}" for v in results.response["violations"]]

    return find


@pytest.fixture
def demo(transactional_db: None) -> None:
    """Both towns of the demo."""
    for slug in demo_data.TOWNS:
        demo_data.seed(slug)

"""Saving a step with its history: how long one writer waits, and whether sixteen at once lose anything."""

import json
import re
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import date
from html import unescape
from itertools import cycle

from django.db import connection
from django.urls import reverse

from accounts.models import User
from benchmarks.browser import Browser, Reply
from benchmarks.pages import TOWN
from mobility_planning import demo_data
from municipalities.models import Membership, Municipality, Role
from municipalities.records import add
from readiness.models import Round, StepAnswer, StepStatus
from readiness.queries import condition_of

_VERSION = re.compile(rb'name="version" id="version-[^"]+" value="(\d+)"')
_FOREIGN = re.compile(r'data-foreign="([^"]*)"')
SHARED_STEPS = 4
DAYS = (date(2030, 1, 1), date(2030, 1, 2))


class Card:
    """A step's form on one person's page: it sends all its fields and takes over what the reply tells, as
    static/js/autosave.js does."""

    def __init__(self, browser: Browser, row: StepAnswer) -> None:
        self.browser, self.key, self.version = browser, row.key, row.version
        self.values = {name: getattr(row, name) or "" for name in StepAnswer.FIELDS}
        self.path = reverse("readiness:step", args=[TOWN, row.key])
        self.mark = secrets.token_hex(4)

    def save(self, field: str, value: object) -> Reply:
        """Change one field and send the whole form."""
        self.values[field] = value
        reply = self.browser.post(self.path, {**self.values, "version": self.version})
        if reply.status == 200:
            self.version = int(_VERSION.findall(reply.body)[0])
            for foreign in _FOREIGN.findall(reply.body.decode()):
                self.values.update(json.loads(unescape(foreign)))
        return reply

    def change(self, field: str, turn: int) -> Reply:
        """Save something that does not stand there yet."""
        kinds: dict[str, Sequence[object]] = {"status": StepStatus.values, "due": DAYS}
        values = kinds.get(field) or [f"Change {turn} of {self.mark}: the heads of department agreed on it in May."]
        return self.save(field, next(value for value in values if value != self.values[field]))


def steps() -> list[StepAnswer]:
    """All steps of the town's open round as they stand."""
    return list(StepAnswer.objects.filter(round=Round.objects.open().get(municipality__slug=TOWN)).order_by("pk"))


def writers(count: int) -> list[Browser]:
    """So many people of the town, each with a session and a page open."""
    place = Municipality.objects.get(slug=TOWN)
    people = []
    for n in range(count):
        email = f"writer{n}@{TOWN}.example"
        user, new = User.objects.get_or_create(email=email, defaults={"name": f"Writer {n}"})
        if new:
            add(Membership(municipality=place, user=user, role=Role.CONTRIBUTOR), by=None)
        people.append(_at_work(user))
    return people


def _at_work(user: User) -> Browser:
    browser = Browser(user)
    browser.open_form(reverse("readiness:condition", args=[TOWN, condition_of(steps()[0].key)]))
    return browser


def alone(runs: int, saves: int) -> dict[str, object]:
    """One writer: the milliseconds of each save, a list a run; replies and new rows of history beside them."""
    browser = _at_work(demo_data.sign_ins(TOWN)[0].user)
    cards = cycle([Card(browser, row) for row in steps()])
    _series(cards, "note", range(-10, 0))
    before = StepAnswer.history.count()
    times = [_series(cards, "note", range(run * saves, (run + 1) * saves)) for run in range(runs)]
    return {"runs": times, "replies": runs * saves, "history": StepAnswer.history.count() - before}


def _series(cards: cycle, field: str, turns: range) -> list[float]:
    times = []
    for turn in turns:
        start = time.perf_counter()
        reply = next(cards).change(field, turn)
        times.append((time.perf_counter() - start) * 1000)
        if reply.status != 200:
            raise RuntimeError(f"a save was answered {reply.status}")
    return times


def together(people: int, saves: int, shared: bool) -> dict[str, object]:
    """
    So many writers at once, a thread and a connection each, `saves` each.

    Each writes in a step of their own or, `shared`, four in each of four steps, everybody in a field of their own.
    """
    rows, fields = steps(), StepAnswer.FIELDS
    desks = [
        Desk(browser, rows[n % SHARED_STEPS], fields[n // SHARED_STEPS % len(fields)])
        if shared
        else Desk(browser, rows[n], "note")
        for n, browser in enumerate(writers(people))
    ]
    before = StepAnswer.history.count()
    seconds = _all_at_once(desks, saves)
    return {
        "people": people,
        "saves": people * saves,
        "replies": sum(desk.replies for desk in desks),
        "history": StepAnswer.history.count() - before,
        "lost": sum(desk.lost for desk in desks),
        "times": [time for desk in desks for time in desk.times],
        "seconds": seconds,
    }


class Desk:
    """One writer with one card, who changes one field of it again and again."""

    def __init__(self, browser: Browser, row: StepAnswer, field: str) -> None:
        self.card, self.row, self.field = Card(browser, row), row, field
        self.replies, self.times, self.kept = 0, [], getattr(row, field)  # type: ignore[var-annotated]

    def work(self, start: threading.Barrier, saves: int) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            for turn in range(saves):
                self.save(turn)
        finally:
            connection.close()

    def save(self, turn: int) -> None:
        began = time.perf_counter()
        reply = self.card.change(self.field, turn)
        self.times.append((time.perf_counter() - began) * 1000)
        if reply.status == 200:
            self.replies += 1
            self.kept = self.card.values[self.field]

    @property
    def lost(self) -> bool:
        """What was last acknowledged to this writer does not stand in the database."""
        return bool(getattr(StepAnswer.objects.get(pk=self.row.pk), self.field) != self.kept)


def _all_at_once(desks: list[Desk], saves: int) -> float:
    """Seconds from the common start until the last has finished."""
    start = threading.Barrier(len(desks) + 1, timeout=60)
    threads = [threading.Thread(target=desk.work, args=(start, saves)) for desk in desks]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began

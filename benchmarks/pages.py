"""Milliseconds a page, each in turn with an empty page, and its number of queries."""

import time
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.browser import Browser
from mobility_planning import demo_data
from plans.models import Section
from readiness import instrument

TOWN = "larkspur"


def addresses() -> dict[str, str]:
    """The pages that people open most, by name; of conditions and sections the one with most on it."""
    condition = max(instrument.load().conditions, key=lambda condition: len(condition.steps))
    section = max(Section.objects.filter(plan__municipality__slug=TOWN), key=lambda row: len(row.body))
    return {
        f"Condition page, {len(condition.steps)} steps to answer": reverse(
            "readiness:condition", args=[TOWN, condition.key]
        ),
        "Readiness overview, 9 conditions": reverse("readiness:overview", args=[TOWN]),
        "Leadership overview": reverse("overview", args=[TOWN]),
        "All 31 steps on one page": reverse("readiness:round", args=[TOWN, 1]),
        "Plan outline": reverse("plans:plan", args=[TOWN]),
        "Plan section": reverse("plans:section", args=[TOWN, section.key]),
        "Coalition roster": reverse("coalition:roster", args=[TOWN]),
    }


@dataclass
class Page:
    """A page and, run by run, the median milliseconds of it and of the empty page."""

    name: str
    path: str
    whole: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def summary(self, browser: Browser) -> dict[str, object]:
        ratios = [whole / bare for whole, bare in zip(self.whole, self.bare, strict=True)]
        return {
            "name": self.name,
            "queries": queries(browser, self.path),
            "ms": median(self.whole),
            "ratios": ratios,
        }


def measure(runs: int, requests: int) -> list[dict[str, object]]:
    """For the empty page and each of the others: medians of `runs` runs and their ratios."""
    browser = Browser(demo_data.sign_ins(TOWN)[0].user)
    empty, pages = reverse("empty"), [Page(name, path) for name, path in addresses().items()]
    for path in [empty, *(page.path for page in pages)] * 2:
        browser.get(path)
    for _run in range(runs):
        for page in pages:
            bare, whole = in_turn(browser, empty, page.path, requests)
            page.bare.append(bare)
            page.whole.append(whole)
    bare = median(time for page in pages for time in page.bare)
    first = {"name": "An empty page", "queries": queries(browser, empty), "ms": bare, "ratios": []}
    return [first, *(page.summary(browser) for page in pages)]


def in_turn(browser: Browser, first: str, second: str, requests: int) -> tuple[float, float]:
    """Median milliseconds of two pages, asked for in turn, so that whatever else runs disturbs both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _request in range(requests):
        for path, kept in zip((first, second), times, strict=True):
            kept.append(timed(browser, path))
    return median(times[0]), median(times[1])


def timed(browser: Browser, path: str) -> float:
    """Milliseconds of one request."""
    start = time.perf_counter()
    browser.get(path)
    return (time.perf_counter() - start) * 1000


def queries(browser: Browser, path: str) -> int:
    """How many queries a page makes, those for the session and the person included."""
    with CaptureQueriesContext(connection) as context:
        browser.get(path)
    return len(context)

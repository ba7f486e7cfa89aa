"""The coalition of a large town against that of a small one: its pages in turn, and an import timed."""

import time
from typing import Any

from django.urls import reverse

from accounts.models import User
from benchmarks.browser import Browser
from benchmarks.pages import in_turn
from coalition.exchange import columns, planning, uploads
from coalition.exchange.applying import apply
from coalition.exchange.table import Table, read
from coalition.models import Partner, Person, Sector, Status
from mobility_planning.services import found
from municipalities.models import Membership, Municipality, Role
from municipalities.records import add

HEAD = "organization,sector,pillars,levers,status,asked_by,ask,person,title,email,phone,role"


def sheet(people: int, *, first: int = 0) -> Table:
    """A roster of so many people, about four at each partner, numbered from `first` on."""
    lines = [HEAD]
    for n in range(first, first + people):
        org = n * 6 // 25
        sector, status = Sector.values[org % 12], Status.values[org % 5]
        lines.append(
            f"Organization {org},{sector},work; health,data,{status},Ana Reyes,Two hours a month,"
            f"Person {n},Chief of {n},p{n}@town.example,555 {n:05},partner"
        )
    return read("roster.csv", "\n".join(lines).encode())


def measure(small: int, large: int, runs: int, requests: int) -> dict[str, Any]:
    """Milliseconds of each page in both towns, run by run, and the seconds that the large one's import took."""
    user = User.objects.create_user("crowd@town.example", name="Ana Reyes")
    towns = [_town(f"crowd-{size}", user) for size in (small, large)]
    seconds = [_bring(town, sheet(size), user) for town, size in zip(towns, (small, large), strict=True)]
    browser = Browser(user)
    pairs = [_addresses(town, user) for town in towns]
    pages = []
    for name in pairs[0]:
        first, second = (addresses[name] for addresses in pairs)
        for path in (first, second) * 2:
            browser.get(path)
        times = [in_turn(browser, first, second, requests) for _run in range(runs)]
        pages.append({"name": name, "small": [t[0] for t in times], "large": [t[1] for t in times]})
    counts = [(Partner.objects.of(town).count(), Person.objects.of(town).count()) for town in towns]
    return {"counts": counts, "pages": pages, "rows": large, "seconds": seconds[1]}


def _town(slug: str, user: User) -> Municipality:
    town = found(slug=slug, name=slug, state="Ohio")
    add(Membership(municipality=town, user=user, role=Role.ADVOCATE), by=None)
    return town


def _bring(town: Municipality, table: Table, user: User) -> float:
    mapping = columns.proposed(table.header)
    mark = planning.plan(town, table, mapping).mark
    upload = uploads.keep(municipality=town, user=user, name="roster.csv", table=table)
    watch = uploads.Watch(upload)
    start = time.perf_counter()
    apply(
        municipality=town,
        table=uploads.table_of(upload),
        mapping=mapping,
        mark=mark,
        by=user,
        because="Import of roster.csv",
        step=watch.step,
    )
    return time.perf_counter() - start


def _addresses(town: Municipality, user: User) -> dict[str, str]:
    """The pages that a large coalition could slow down; the same file of 50 people waits in both towns."""
    roster = reverse("coalition:roster", args=[town.slug])
    people = reverse("coalition:people", args=[town.slug])
    upload = uploads.keep(municipality=town, user=user, name="more.csv", table=sheet(50))
    return {
        "Coverage and list": roster,
        "List, a filter": f"{roster}?text=organization+1&sector=faith&status=committed",
        "Board": f"{roster}?view=board",
        "People, a filter": f"{people}?text=person+4&role=partner",
        "Import, which column is which": reverse("coalition:columns", args=[town.slug, upload.pk]),
        "Import, what would change": reverse("coalition:preview", args=[town.slug, upload.pk]),
    }

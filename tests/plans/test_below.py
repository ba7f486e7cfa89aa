"""An approved section knows what stood below its text, and says so when that has changed."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client

from findings.models import Engagement, Finding, Source
from municipalities.entries import add_entry, change_entry, set_aside
from plans import below
from plans.checks import checks
from plans.rules import checks as rules
from plans.rules.progress import Status
from plans.services import move_section
from strategy import services
from strategy.models import LogicItem, Measure, Part, ProgressEntry, StrategicAction
from tests.conftest import Cast, signed_in
from tests.plans.test_queries import put
from tests.plans.test_views import row, text

TODAY = datetime.date(2026, 12, 1)
KEYS = ("actions", "engagement", "findings", "measurement")
SAID = "What stands below the text has changed since."


@pytest.fixture
def approved(cast: Cast) -> Cast:
    """Four sections that Lena approved, with one thing of each kind below."""
    place, by = cast.larkspur, cast.ana
    add_entry(Finding, municipality=place, values={"text": "Filings cluster"}, by=by)
    add_entry(Source, municipality=place, values={"name": "Assessor"}, by=by)
    add_entry(Engagement, municipality=place, values={"title": "Talk", "method": "interviews", "on": TODAY}, by=by)
    priority = services.add_priority(municipality=place, values={"title": "Homes"}, by=by)
    action = services.add_action(
        municipality=place, values={"title": "Settle debts", "priority_id": priority.pk}, by=by
    )
    [item] = services.add_items(municipality=place, action=action.pk, part=Part.OUTPUT, texts=["Cases"], by=by)
    services.add_measure(municipality=place, item=item.pk, values={"name": "Cases"}, by=by)
    for key in KEYS:
        put(place, key, Status.IN_REVIEW, "Words")
        seen = row(key).version
        moved = move_section(
            municipality=place, key=key, seen=seen, status=Status.APPROVED, by=cast.lena, approves=True
        )
        assert moved.refusal is None
    return cast


def outdated(cast: Cast) -> list[str]:
    now = below.current(cast.larkspur)
    return [key for key in KEYS if below.changed(row(key), now)]


def change(cast: Cast, kind: type, **values: object) -> None:
    pk = kind.objects.get().pk  # type: ignore[attr-defined]
    change_entry(kind, municipality=cast.larkspur, pk=pk, seen=1, values=values, by=cast.ben)


def test_nothing_has_changed_at_first(approved: Cast):
    assert outdated(approved) == []
    assert all(len(row(key).approved_as) == 64 for key in KEYS)


@pytest.mark.parametrize(
    ("kind", "values", "found"),
    [
        (Finding, {"text": "Filings fell"}, ["findings"]),
        (Source, {"holder": "County"}, ["findings"]),
        (Engagement, {"heard": "Rents"}, ["engagement"]),
        (StrategicAction, {"title": "Pay debts"}, ["actions"]),
        (LogicItem, {"text": "Cases settled"}, ["actions"]),
        (Measure, {"target": Decimal(5)}, ["measurement"]),
    ],
)
def test_a_change_below_is_told_of_its_section_alone(
    approved: Cast, kind: type, values: dict[str, object], found: list[str]
):
    change(approved, kind, **values)
    assert outdated(approved) == found


def test_a_value_of_a_measure_is_no_change_of_the_plan(approved: Cast):
    pk = Measure.objects.get().pk
    said = {"on": datetime.date(2026, 11, 2), "value": Decimal(1), "note": ""}
    services.add_progress(municipality=approved.larkspur, measure=pk, values=said, by=approved.ben)
    assert (ProgressEntry.objects.count(), outdated(approved)) == (1, [])


def test_what_is_set_aside_is_a_change(approved: Cast):
    pk = Finding.objects.get().pk
    set_aside(Finding, municipality=approved.larkspur, pk=pk, aside=True, by=approved.ben)
    assert outdated(approved) == ["findings"]


def test_the_section_the_checks_and_the_page_of_releases_say_so(approved: Cast, lena: Client):
    change(approved, Finding, text="Filings fell")
    html = text(lena.get("/larkspur/plan/findings/"))
    assert (SAID in html, "Withdraw the approval and approve the section as it is now" in html) == (True, True)
    assert "Leadership withdraws the approval" in text(signed_in(approved.ben).get("/larkspur/plan/findings/"))
    assert SAID not in text(lena.get("/larkspur/plan/engagement/"))
    told = [check.subject for check in checks(approved.larkspur, TODAY).open if check.code == "changed"]
    assert told == ["section-findings"]
    for section in approved.larkspur.plan.sections.exclude(status="approved"):
        put(approved.larkspur, section.key, Status.APPROVED, "Words")
    html = text(lena.get("/larkspur/plan/releases/"))
    assert "what stands below the text of 1 section has changed:" in html
    assert "Summary of upward mobility findings." in html


def test_a_new_approval_knows_what_is_there_now_and_a_withdrawn_one_nothing(approved: Cast):
    change(approved, Finding, text="Filings fell")
    place, lena = approved.larkspur, approved.lena
    for wanted in (Status.DRAFTING, Status.IN_REVIEW, Status.APPROVED):
        by, seen = (approved.ana if wanted is Status.IN_REVIEW else lena), row("findings").version
        move_section(municipality=place, key="findings", seen=seen, status=wanted, by=by, approves=True)
        if wanted is not Status.APPROVED:
            assert row("findings").approved_as == ""
    assert (row("findings").status, outdated(approved)) == ("approved", [])


def test_an_approval_that_remembers_nothing_claims_nothing(cast: Cast):
    put(cast.larkspur, "findings", Status.APPROVED, "Words")
    add_entry(Finding, municipality=cast.larkspur, values={"text": "Filings cluster"}, by=cast.ana)
    assert outdated(cast) == []


def test_a_changed_section_is_told_after_an_empty_and_an_unapproved_one():
    sections = [
        rules.Section("findings", Status.APPROVED, filled=True, changed=True),
        rules.Section("actions", Status.APPROVED, filled=False, changed=True),
        rules.Section("vision", Status.IN_REVIEW, filled=True, changed=True),
        rules.Section("letter", Status.APPROVED, filled=True),
    ]
    found = [(gap.code, gap.key) for gap in rules.gaps(sections)]
    assert found == [("changed", "findings"), ("empty", "actions"), ("unapproved", "vision")]

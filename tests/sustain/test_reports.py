"""The annual progress report: what it is drafted from, written, finished and opened again, with the whole cast."""

import datetime
import json
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from coalition.models import Partner
from municipalities.entries import change_entry, set_aside
from strategy import services as strategy
from strategy.models import Measure, Part, Priority, StrategicAction
from sustain import services
from sustain.models import AnnualReport, Win
from sustain.paper import Cell, Paper, as_text, from_text
from sustain.paper import Part as PaperPart
from sustain.reporting import report_paper
from tests import factories
from tests.conftest import Cast, signed_in
from tests.sustain.conftest import Planned, log, measure

REPORTS = "/larkspur/sustain/reports/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
DAYS = {"starts_on": "2025-01-01", "ends_on": "2025-12-31"}
HTMX = {"HX-Request": "true"}
LATER = datetime.date(2026, 12, 1)


def url(report: AnnualReport, more: str = "") -> str:
    return f"{REPORTS}{report.pk}/{more}"


def page(cast: Cast, address: str, who: str = "ana") -> str:
    response = signed_in(cast[who]).get(address)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def finish(cast: Cast, report: AnnualReport, today: datetime.date = LATER) -> AnnualReport:
    report.refresh_from_db()
    return services.finish_report(
        municipality=cast.larkspur, pk=report.pk, seen=report.version, today=today, by=cast.ben
    )


def named(paper: Paper, title: str) -> PaperPart:
    """The part of that title, or under such a part."""
    every = [one for part in paper.parts for one in (part, *part.parts)]
    return next(part for part in every if part.title == title)


# --- Who may ----------------------------------------------------------------------------------------------


def test_who_may_read_and_who_may_write(cast: Cast, report: AnnualReport):
    for more in ("", "report.docx"):
        codes = {name: signed_in(cast[name]).get(url(report, more)).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    texts = {"summary": "New", "learned": "", "changes": "", "version": 9}
    for more, sent in (("", texts), ("days/", {**DAYS, "version": 9}), ("finish/", {"version": 0})):
        codes = {name: signed_in(cast[name]).post(url(report, more), sent).status_code for name in ("vera", "olaf")}
        assert codes == {"vera": 403, "olaf": 404}, more
        theirs = url(report, more).replace("larkspur", "fairmont")
        assert signed_in(cast.olaf).post(theirs, sent).status_code == HTTPStatus.NOT_FOUND
    wrote = {
        name: signed_in(cast[name]).post(f"{REPORTS}new/", {**DAYS, "ends_on": f"2025-12-0{n}"}).status_code
        for n, name in enumerate(NAMES, start=1)
    }
    assert wrote == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert AnnualReport.objects.count() == 4


def test_only_leadership_opens_a_finished_report_again(cast: Cast, report: AnnualReport):
    finish(cast, report)
    codes = {name: signed_in(cast[name]).post(url(report, "open/")).status_code for name in NAMES if name != "lena"}
    assert codes == {"ana": 403, "ben": 403, "vera": 403, "olaf": 404}
    assert "Open it again" not in page(cast, url(report))
    assert "Open it again" in page(cast, url(report), "lena")
    report.refresh_from_db()
    assert (report.final, report.finished_by) == (True, cast.ben)
    assert signed_in(cast.lena).post(url(report, "open/")).status_code == HTTPStatus.FOUND
    report.refresh_from_db()
    assert (report.final, report.frozen) == (False, "")
    told = page(cast, url(report), "vera")
    told = told[told.index("What became of this report") :]
    assert [told.index(word) for word in ("Opened again", "Finished", "Begun")] == sorted(
        told.index(word) for word in ("Opened again", "Finished", "Begun")
    )
    assert ("Lena Whitfield" in told, "Ben Carter" in told) == (True, True)
    # What it showed is kept in its history.
    assert AnnualReport.history.exclude(frozen="").count() == 1
    assert signed_in(cast.lena).post(f"{REPORTS}9999/open/").status_code == HTTPStatus.NOT_FOUND


# --- Its days ---------------------------------------------------------------------------------------------


def test_a_new_report_is_proposed_for_the_year_after_the_last(cast: Cast, report: AnnualReport):
    form = page(cast, f"{REPORTS}new/")
    assert ('value="2026-01-01"' in form, 'value="2026-12-31"' in form) == (True, True)


@pytest.mark.parametrize(
    "bad",
    [
        {"starts_on": ""},
        {"ends_on": "soon"},
        {"ends_on": "2025-01-01"},
        {"ends_on": "2024-12-31"},
        {"ends_on": "2026-01-02"},
    ],
)
def test_days_that_are_no_year_are_refused(cast: Cast, bad: dict[str, str]):
    answer = signed_in(cast.ana).post(f"{REPORTS}new/", {**DAYS, **bad})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not AnnualReport.objects.exists()


def test_a_year_has_one_report(cast: Cast, report: AnnualReport):
    ana = signed_in(cast.ana)
    answer = ana.post(f"{REPORTS}new/", DAYS)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a report with that last day already." in answer.content.decode()
    ana.post(f"{REPORTS}new/", {"starts_on": "2026-01-01", "ends_on": "2026-12-31"})
    other = AnnualReport.objects.exclude(pk=report.pk).get()
    answer = ana.post(url(other, "days/"), {**DAYS, "version": 1})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a report with that last day already." in answer.content.decode()
    fiscal = {"starts_on": "2025-07-01", "ends_on": "2026-06-30", "version": 1}
    assert ana.post(url(other, "days/"), fiscal).status_code == HTTPStatus.FOUND
    assert "Jul 1, 2025 to Jun 30, 2026" in page(cast, url(other))


# --- What it is drafted from ------------------------------------------------------------------------------


def test_states_are_those_of_the_last_day_and_not_of_today(cast: Cast, planned: Planned, report: AnnualReport):
    """The value of 2026 would put the good measure behind."""
    paper = report_paper(report, LATER)
    assert paper.status == "Draft, as of Dec 31, 2025"
    stands = named(paper, "Where the measures stand")
    assert stands.lines == ("On Dec 31, 2025, of 3 measures, on track: 1; behind: 1; without data: 1.",)
    assert stands.table
    assert [[cell.text for cell in row] for row in stands.table.rows] == [
        ["1. Homes", "1", "1", "1"],
        ["In all", "1", "1", "1"],
    ]
    table = named(paper, "1.1 Settle debts").table
    assert table
    assert [(row[0].text, row[3].text, row[3].more, row[4].text, row[4].state) for row in table.rows] == [
        ("Homes kept", "50 homes", "Jun 1, 2025", "On track", "on_track"),
        ("Homes repaired", "1 homes", "Jun 1, 2025", "Behind", "behind"),
        ("Homes built", "–", "", "No data", "no_data"),
    ]
    why = "1 homes on Jun 1, 2025; the straight line to the target asks for 22 homes on that day."
    assert named(paper, "What is behind").items == (Cell("1.1 Homes repaired", more=why),)
    bare = Cell("1.1 Homes built", more="There is no value after the baseline yet.")
    assert named(paper, "What has no data").items == (bare,)


def test_a_year_that_goes_on_is_told_as_it_stands_today(cast: Cast, planned: Planned, report: AnnualReport):
    paper = report_paper(report, datetime.date(2025, 4, 1))
    assert paper.status == "Draft, as of Apr 1, 2025"
    assert "on track: 0; behind: 0; without data: 3." in named(paper, "Where the measures stand").lines[0]


def test_a_value_of_another_year_is_not_the_newest_of_this_one(cast: Cast, planned: Planned):
    values = {"starts_on": datetime.date(2025, 7, 1), "ends_on": datetime.date(2026, 1, 31)}
    row = services.begin_report(municipality=cast.larkspur, values=values, by=cast.ana)
    table = named(report_paper(row, LATER), "1.1 Settle debts").table
    assert table
    assert [row[3].text for row in table.rows] == ["–", "–", "–"]


def test_only_wins_of_the_year_that_may_be_told_are_told(cast: Cast, partner: Partner, report: AnnualReport):
    log(cast, what="Told", partners=(str(partner.pk),), thanks="all", evidence="https://a.example/b")
    log(cast, what="Secret", public=False)
    log(cast, what="Early", on=datetime.date(2024, 12, 31))
    aside = log(cast, what="Aside")
    set_aside(Win, municipality=cast.larkspur, pk=aside.pk, aside=True, by=cast.ana)
    items = named(report_paper(report, LATER), "What was achieved").items
    thanks = "Thanks to: Housing Trust, all."
    assert items == (Cell("May 4, 2025: Told", link="https://a.example/b", more=thanks),)


def test_actions_that_start_or_end_in_the_year_are_named(cast: Cast, planned: Planned, report: AnnualReport):
    later = {"title": "Later", "priority_id": planned.action.priority_id, "starts_on": datetime.date(2026, 1, 1)}
    strategy.add_action(municipality=cast.larkspur, values=later, by=cast.ana)
    table = named(report_paper(report, LATER), "Actions that start or end in this year").table
    assert table
    assert [[cell.text for cell in row] for row in table.rows] == [["1.1 Settle debts", "Mar 1, 2025", "Mar 1, 2027"]]


def test_what_changed_since_the_last_release_is_told(
    cast: Cast, planned: Planned, report: AnnualReport, monkeypatch: pytest.MonkeyPatch
):
    def told() -> PaperPart:
        return named(report_paper(report, LATER), "What changed in the plan since its last release")

    assert told().quiet == "The plan had not been released by that day."
    release = factories.release(cast.larkspur, cast.lena)
    # Made after the last day of the report, it is not the one that the report speaks of.
    assert told().quiet == "The plan had not been released by that day."
    now = timezone.localdate(release.released_at)
    monkeypatch.setattr(report, "ends_on", now)
    assert report_paper(report, now).status == f"Draft, as of {now:%b} {now.day}, {now.year}"

    def since() -> PaperPart:
        return named(report_paper(report, now), "What changed in the plan since its last release")

    assert since().quiet == "No priority, no action and no target has changed."
    place, by = cast.larkspur, cast.ana
    goal = {"title": "Homes that stay", "goal": "Nobody has to move."}
    change_entry(Priority, municipality=place, pk=planned.action.priority_id, seen=1, values=goal, by=by)
    strategy.add_priority(municipality=place, values={"title": "Pay", "goal": ""}, by=by)
    values = {"title": "Settle more debts", "ends_on": None}
    change_entry(StrategicAction, municipality=place, pk=planned.action.pk, seen=1, values=values, by=by)
    aimed: dict[str, Any] = {"target": Decimal(120)}
    change_entry(Measure, municipality=place, pk=planned.good.pk, seen=1, values=aimed, by=by)
    set_aside(Measure, municipality=place, pk=planned.bare.pk, aside=True, by=by)
    measure(cast, planned.good.item_id, "Homes lent to")
    assert [item.text for item in since().items] == [
        "Worded anew: Homes that stay (before: Homes)",
        "Homes that stay: now the goal is “Nobody has to move.” (before: the goal is “Fewer moves”)",
        "New: Pay",
        "Worded anew: Settle more debts (before: Settle debts)",
        "Settle more debts: now Mar 1, 2025 to – (before: Mar 1, 2025 to Mar 1, 2027)",
        "Homes kept: now the target is 120 homes (Dec 2, 2026) (before: the target is 100 homes (Dec 2, 2026))",
        "New: Homes lent to",
        "No longer there: Homes built",
    ]


def test_an_empty_plan_says_what_is_missing(cast: Cast, report: AnnualReport):
    paper = report_paper(report, LATER)
    nothing = {part.title: part.quiet for part in paper.parts if part.quiet}
    assert nothing == {
        "Where the measures stand": "The plan has no measure yet.",
        "What was achieved": "No win of this year that may be told is in the log.",
        "What is behind": "The plan has no measure yet.",
        "What has no data": "The plan has no measure yet.",
        "Actions that start or end in this year": "No action starts or ends in this year.",
        "What changed in the plan since its last release": "The plan had not been released by that day.",
        "What was learned": "Nothing is written here yet.",
        "What changes next year": "Nothing is written here yet.",
    }


# --- Own words --------------------------------------------------------------------------------------------


def test_a_text_saves_itself_and_the_page_shows_how_it_reads(cast: Cast, report: AnnualReport):
    sent = {"version": 1, "summary": "A **good** year.", "learned": "Ask\r\n\r\n- early", "changes": ""}
    answer = signed_in(cast.ben).post(url(report), sent, headers=HTMX).content.decode()
    assert 'id="own-learned" class="mp-own" hx-swap-oob="true"' in answer
    assert "<li>early</li>" in answer
    assert "by Ben Carter" in answer
    report.refresh_from_db()
    assert (report.learned, report.version, report.updated_by) == ("Ask\n\n- early", 2, cast.ben)
    assert "<strong>good</strong>" in page(cast, url(report), "vera")
    # Without scripts it is a form like any other.
    assert signed_in(cast.ben).post(url(report), {**sent, "version": 2}).status_code == HTTPStatus.FOUND


def test_texts_of_two_writers_are_merged_and_one_text_of_two_is_shown_twice(cast: Cast, report: AnnualReport):
    old = {"summary": report.summary, "learned": "", "changes": "", "version": 1}
    ana, ben = signed_in(cast.ana), signed_in(cast.ben)
    ben.post(url(report), {**old, "learned": "By Ben"})
    assert ana.post(url(report), {**old, "changes": "By Ana"}, headers=HTMX).status_code == HTTPStatus.OK
    for headers in ({}, HTMX):
        answer = ana.post(url(report), {**old, "learned": "By Ana"}, headers=headers)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert ("By Ben" in answer.content.decode(), "By Ana" in answer.content.decode()) == (True, True)
    report.refresh_from_db()
    assert (report.learned, report.changes) == ("By Ben", "By Ana")


@pytest.mark.parametrize("bad", ["x" * 10_001, "|a\n" * 301, "|" * 42])
def test_a_text_that_cannot_be_drawn_comes_back_and_is_not_stored(cast: Cast, report: AnnualReport, bad: str):
    sent = {"version": 1, "summary": bad, "learned": "Kept words", "changes": ""}
    answer = signed_in(cast.ana).post(url(report), sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Kept words" in answer.content.decode()
    answer = signed_in(cast.ana).post(url(report), sent, headers=HTMX)
    assert (answer.status_code, "Not saved." in answer.content.decode()) == (422, True)
    report.refresh_from_db()
    assert report.version == 1


# --- Finished ---------------------------------------------------------------------------------------------


def test_a_finished_report_stays_what_it_was(cast: Cast, planned: Planned, report: AnnualReport):
    log(cast, what="Told")
    before = page(cast, url(report))
    assert "Draft, as of Dec 31, 2025" in before
    shown = page(cast, url(report, "finish/"), "ben")
    assert "the finished report leaves it out" in shown
    answer = signed_in(cast.ben).post(url(report, "finish/"), {"version": 1})
    assert answer.status_code == HTTPStatus.FOUND
    kept = page(cast, url(report), "vera")
    day = f"{timezone.localdate():%b} {timezone.localdate().day}, {timezone.localdate().year}"
    assert f"Finished on {day} by Ben Carter" in kept
    assert "What was learned" not in kept
    change_entry(Measure, municipality=cast.larkspur, pk=planned.good.pk, seen=1, values={"name": "X"}, by=cast.ana)
    log(cast, what="Afterwards")
    User.objects.filter(pk=cast.ben.pk).update(name="Ben Married")
    after = page(cast, url(report), "vera")
    assert ("Homes kept" in after, "Afterwards" in after, "Told" in after) == (True, False, True)
    assert f"Finished on {day} by Ben Carter" in after
    report.refresh_from_db()
    assert from_text(report.frozen).created == report.finished_at
    assert AnnualReport.history.latest().history_user == cast.ben
    # The list of reports says it too.
    assert "Finished on" in page(cast, "/larkspur/sustain/")


def test_a_finished_report_takes_no_words_and_gives_back_what_was_typed(cast: Cast, report: AnnualReport):
    finish(cast, report)
    sent = {"version": 1, "summary": "Too late", "learned": "", "changes": ""}
    answer = signed_in(cast.ana).post(url(report), sent)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Too late" in answer.content.decode()
    assert "cannot be changed until leadership opens it again" in answer.content.decode()
    answer = signed_in(cast.ana).post(url(report), sent, headers=HTMX)
    assert (answer.status_code, "Not saved." in answer.content.decode()) == (422, True)
    for more, typed in (("days/", {**DAYS, "version": 1}), ("finish/", {"version": 2})):
        assert signed_in(cast.ana).post(url(report, more), typed).status_code == HTTPStatus.FOUND
        assert signed_in(cast.ana).get(url(report, more)).status_code == HTTPStatus.FOUND
    report.refresh_from_db()
    assert (report.summary, report.version, report.finished_by) == ("A **good** year.", 2, cast.ben)


def test_what_somebody_changed_meanwhile_is_not_finished_unseen(cast: Cast, report: AnnualReport):
    sent = {"version": 1, "summary": "Newer", "learned": "", "changes": ""}
    signed_in(cast.ana).post(url(report), sent)
    answer = signed_in(cast.ben).post(url(report, "finish/"), {"version": 1})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "somebody changed the report meanwhile" in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    report.refresh_from_db()
    assert not report.final
    with pytest.raises(AnnualReport.DoesNotExist):
        services.finish_report(municipality=cast.fairmont, pk=report.pk, seen=2, today=LATER, by=cast.olaf)


def test_finishing_before_the_last_day_is_warned_of(cast: Cast, report: AnnualReport):
    assert "has not come yet" not in page(cast, url(report, "finish/"))
    services.write_report(
        municipality=cast.larkspur,
        pk=report.pk,
        seen=1,
        values={"ends_on": timezone.localdate() + datetime.timedelta(days=1)},
        by=cast.ana,
    )
    assert "has not come yet" in page(cast, url(report, "finish/"))


def test_what_is_kept_comes_back_as_it_was(cast: Cast, planned: Planned, partner: Partner, report: AnnualReport):
    log(cast, partners=(str(partner.pk),), evidence="https://a.example/")
    paper = report_paper(report, LATER)
    assert from_text(as_text(paper)) == paper
    assert json.loads(as_text(paper))["title"] == "Annual progress report"


@pytest.mark.parametrize("size", [1, 12])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, planned: Planned, report: AnnualReport, django_assert_num_queries: DjangoAssertNumQueries, size: int
):
    factories.release(cast.larkspur, cast.lena)
    for n in range(size):
        one = factories.partner(cast.larkspur, name=f"Partner {n}", listed=True)
        log(cast, what=f"Win {n}", partners=(str(one.pk),), action_id=planned.action.pk)
        values = {"title": f"Action {n}", "priority_id": planned.action.priority_id}
        action = strategy.add_action(municipality=cast.larkspur, values=values, by=cast.ana)
        [line] = strategy.add_items(
            municipality=cast.larkspur, action=action.pk, part=Part.OUTPUT, texts=["Line"], by=cast.ana
        )
        measure(cast, line.pk, f"Measure {n}", ("2025-06-01", 50))
    ana: Client = signed_in(cast.ana)
    with django_assert_num_queries(17):
        ana.get(url(report))
    finish(cast, report)
    with django_assert_num_queries(6):
        ana.get(url(report))

"""The history of a round: every path that writes leaves its entry, in words, with who and why."""

import csv
import datetime
import io
from operator import attrgetter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from municipalities.records import noted
from readiness import queries, services
from readiness.models import Round, StepAnswer
from tests.conftest import Cast

PAGE = "/larkspur/readiness/history/"
EXPORT = "/larkspur/readiness/history.csv"
STEP = "/larkspur/readiness/steps/leadership.1/"


def told(cast: Cast, number: int | None = None) -> list[tuple[str, str, str, str, str]]:
    """Who, key, what, from, to; the newest last, without the round's start."""
    _round, entries = queries.history_of(cast.larkspur, number)
    return [
        (e.who, e.key, e.what, e.before, e.after)
        for e in sorted(entries, key=attrgetter("at"))
        if e.what != "Round started"
    ]


def round_of(cast: Cast) -> Round:
    return Round.objects.filter(municipality=cast.larkspur).latest("number")


def step(cast: Cast, seen: int = 1, **values: object) -> None:
    services.record_step(round_=round_of(cast), key="leadership.1", seen=seen, values=values, by=cast.ben)


def decide(cast: Cast) -> None:
    day = timezone.localdate() - datetime.timedelta(days=1)
    decision = services.Decision("prepare", "Not yet.", "Lena", "Mayor", day)
    services.record_determination(round_=round_of(cast), decision=decision, by=cast.lena)


def exported(client: Client, query: str = "") -> list[list[str]]:
    content = client.get(EXPORT + query).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


def test_a_page_leaves_what_changed_from_what_to_what(cast: Cast, ben: Client):
    ben.post(STEP, {"version": 1, "status": "under_way", "due": "2026-12-01"})
    assert told(cast) == [
        ("Ben Carter", "leadership.1", "Status", "Unanswered", "Under way"),
        ("Ben Carter", "leadership.1", "Due date", "", "Dec 1, 2026"),
    ]


def test_a_merge_and_the_choice_in_a_conflict_each_leave_their_own_entry(cast: Cast, ana: Client, ben: Client):
    ben.post(STEP, {"version": 1, "note": "Ben's"})
    ana.post(STEP, {"version": 1, "owner": "Ana"})
    assert ana.post(STEP, {"version": 1, "note": "Ana's"}).status_code == 409
    ana.post(STEP, {"version": 3, "note": "Both"})
    assert told(cast) == [
        ("Ben Carter", "leadership.1", "Note", "", "Ben's"),
        ("Ana Reyes", "leadership.1", "Owner", "", "Ana"),
        ("Ana Reyes", "leadership.1", "Note", "Ben's", "Both"),
    ]


def test_a_judgement_stands_under_its_condition_in_words(cast: Cast, ben: Client):
    url = "/larkspur/readiness/leadership/judgement/"
    ben.post(url, {"version": 1, "judged": "in_place", "reason": "We know better."})
    assert told(cast) == [
        ("Ben Carter", "leadership", "Judged state", "Follow the checklist", "In place"),
        ("Ben Carter", "leadership", "Reason", "", "We know better."),
    ]


def test_an_import_names_its_file(cast: Cast, tmp_path: Path):
    sheet = tmp_path / "answers.csv"
    sheet.write_text("key,status\nleadership.1,in_place\n")
    call_command("import_assessment", "larkspur", str(sheet))
    entry = queries.history_of(cast.larkspur, None)[1][0]
    assert (entry.who, entry.key, entry.after) == ("The system", "leadership.1", "In place")
    assert "answers.csv" in entry.why


def test_the_policy_command_leaves_its_entry_while_the_round_is_open_only(cast: Cast):
    call_command("set_policy", "larkspur", "--proceed", "8")
    decide(cast)
    call_command("set_policy", "larkspur", "--proceed", "9")
    assert [entry for entry in told(cast) if entry[2] == "Least met to proceed"] == [
        ("The system", "", "Least met to proceed", "7", "8")
    ]


def test_evidence_is_told_from_its_first_day_to_its_last(cast: Cast):
    round_ = round_of(cast)
    row = services.add_link(round_=round_, key="leadership.1", text="Memo", by=cast.ben)
    services.verify(round_=round_, pk=row.pk, by=cast.ana)
    services.unverify(round_=round_, pk=row.pk, by=cast.ana)
    services.remove_evidence(round_=round_, pk=row.pk, by=cast.lena)
    assert told(cast) == [
        ("Ben Carter", "leadership.1", "Evidence", "", "Memo"),
        ("Ana Reyes", "leadership.1", "Evidence verified by", "", "Ana Reyes"),
        ("Ana Reyes", "leadership.1", "Evidence verified by", "Ana Reyes", ""),
        ("Lena Whitfield", "leadership.1", "Evidence", "Memo", ""),
    ]


def test_a_new_round_begins_with_one_entry_and_the_frozen_one_keeps_its_own(cast: Cast):
    step(cast, status="in_place")
    services.add_link(round_=round_of(cast), key="leadership.1", text="Memo", by=cast.ben)
    decide(cast)
    before = told(cast)
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    _round, entries = queries.history_of(cast.larkspur, None)
    assert [(e.who, e.what, e.after) for e in entries] == [("Ana Reyes", "Round started", "A copy of round 1")]
    assert told(cast, 1) == before
    assert before[-1] == ("Lena Whitfield", "", "Determination", "", "Prepare")


def test_filters_hold_by_person_day_condition_and_step(cast: Cast, ana: Client):
    with noted(at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)):
        step(cast, status="under_way")
    services.record_condition(round_=round_of(cast), key="culture", seen=1, values={"note": "Talk"}, by=cast.ana)
    found = {
        query: sorted(row[6] + ">" + row[7] for row in exported(ana, query) if row[5] != "Round started")
        for query in (
            f"?who={cast.ben.pk}",
            "?who=system",
            "?until=2026-03-01",
            "?since=2026-03-02",
            "?key=leadership",
            "?key=leadership.1",
            "?key=leadership.2",
        )
    }
    moved, talk = ["Unanswered>Under way"], [">Talk"]
    assert list(found.values()) == [moved, [], moved, talk, moved, moved, []]


def test_a_day_that_is_none_is_said_and_a_round_that_is_none_is_not_found(cast: Cast, ana: Client):
    assert ana.get(f"{PAGE}?since=soon").status_code == 422
    assert [ana.get(f"{PAGE}?round={n}").status_code for n in ("1", "2", "x", "0", "99999999999", "-1")] == [
        200, 404, 404, 404, 404, 404,
    ]  # fmt: skip


def test_no_cell_of_the_export_is_a_formula(cast: Cast, ana: Client):
    step(cast, note="=1+1")
    assert exported(ana, "?key=leadership.1")[0][3:] == [
        "leadership.1",
        round_of(cast).instrument.steps["leadership.1"].statement,
        "Note",
        "",
        "'=1+1",
    ]


def test_a_long_text_is_shortened_and_stands_whole_behind_it(cast: Cast, vera: Client):
    step(cast, note="<b>word</b> " * 30)
    page = vera.get(PAGE).content.decode()
    assert page.count("&lt;b&gt;word&lt;/b&gt; " * 29) == 1
    assert "<details><summary>" in page
    assert "<b>word" not in page


def write(cast: Cast, times: int) -> None:
    """So many notes, links brought by Ben, and links verified by Ana."""
    round_ = round_of(cast)
    row = StepAnswer.objects.get(round=round_, key="leadership.1")
    for number in range(times):
        step(cast, seen=row.version + number, note=f"Note {row.version} {number}")
        link = services.add_link(round_=round_, key="leadership.2", text=f"Link {row.version} {number}", by=cast.ben)
        services.verify(round_=round_, pk=link.pk, by=cast.ana)


def test_the_page_takes_as_many_queries_for_3_changes_as_for_300_and_shows_50(
    cast: Cast, ana: Client, django_assert_num_queries
):
    write(cast, 1)
    with django_assert_num_queries(9):
        ana.get(PAGE)
    write(cast, 99)
    with django_assert_num_queries(9):
        page = ana.get(PAGE).content.decode()
    assert page.count('data-label="When"') == 50
    assert "Page 1 of 7" in page
    assert len(exported(ana)) == 301


def test_an_entry_leads_to_its_step_now_and_to_its_condition_in_a_frozen_round(cast: Cast, ana: Client):
    step(cast, status="in_place")
    assert 'href="/larkspur/readiness/leadership/#leadership-1"' in ana.get(PAGE).content.decode()
    decide(cast)
    page = ana.get(f"{PAGE}?round=1").content.decode()
    assert 'href="/larkspur/readiness/rounds/1/#c-leadership"' in page


def test_this_weeks_news_say_what_changed_and_include_evidence_and_the_decision(cast: Cast, lena: Client):
    step(cast, status="in_place", note="Yes")
    services.add_link(round_=round_of(cast), key="leadership.2", text="Memo", by=cast.ben)
    decide(cast)
    news = queries.changes_since(round_of(cast), timezone.now() - datetime.timedelta(days=7))
    assert [(c.who, c.key, c.what) for c in news] == [
        ("Lena Whitfield", "", "Prepare"),
        ("Ben Carter", "leadership", "Evidence, Status, Note"),
    ]
    assert queries.changes_since(round_of(cast), timezone.now() + datetime.timedelta(days=1)) == []
    assert "Evidence, Status, Note" in lena.get("/larkspur/").content.decode()


@pytest.mark.parametrize(("name", "code"), [("ana", 200), ("vera", 200), ("olaf", 404)])
def test_members_read_the_history_and_strangers_find_none(
    cast: Cast, request: pytest.FixtureRequest, name: str, code: int
):
    client = request.getfixturevalue(name)
    assert (client.get(PAGE).status_code, client.get(EXPORT).status_code) == (code, code)
    assert (client.post(PAGE).status_code, client.post(EXPORT).status_code) == (405, 405)

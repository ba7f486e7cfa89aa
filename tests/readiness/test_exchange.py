"""A round out as CSV and JSON, and a worksheet back in: who wrote what, all or nothing, and nothing lost."""

import datetime
import json
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from municipalities.models import Municipality
from municipalities.records import overwrite, remove
from readiness import exchange, imports, queries, services
from readiness.forms import EvidenceForm, StepForm
from readiness.models import ConditionAnswer, Evidence, Round, StepAnswer
from readiness.rules import worksheet
from readiness.rules.policy import Policy
from readiness.services import Decision, RoundFrozenError
from tests import factories
from tests.conftest import Cast

DECISION = Decision("prepare", "Build up data first.", "Lena Whitfield", "Executive", datetime.date(2026, 11, 2))


def take_over(place: Municipality, sheet: str | bytes) -> list[str]:
    raw = sheet.encode() if isinstance(sheet, str) else sheet
    round_ = imports.current_round(place)
    incoming = imports.read("autumn.csv", raw, round_)
    return imports.apply(round_=round_, incoming=incoming, taken=(), by=None, because="Import of autumn.csv")


def export(place: Municipality) -> str:
    return exchange.to_csv(queries.assessment(place))


def step(cast: Cast, key: str = "leadership.1") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.get(round__municipality=cast.larkspur, key=key)
    return row


def condition(cast: Cast, key: str = "leadership") -> ConditionAnswer:
    row: ConditionAnswer = ConditionAnswer.objects.get(round__municipality=cast.larkspur, key=key)
    return row


def history_rows() -> int:
    return StepAnswer.history.count() + ConditionAnswer.history.count() + Evidence.history.count()


def shown(row: StepAnswer) -> list[str]:
    """What is beside a step."""
    return [str(item) for item in row.evidence.all()]


def clear(cast: Cast) -> None:
    """Nothing is beside the step any more."""
    for row in step(cast).evidence.all():
        remove(row, by=cast.ben)


SHEET = (
    "key,status,reason,note,evidence,owner,due\n"
    "leadership.1,in_place,,Told the board,Memo 7,ana@larkspur.example,2027-01-29\n"
    'culture,partly,The garage is not heard.,"Coach, then\nask again",,Joy,2027-03-31\n'
)


def test_a_row_is_stored_with_every_field(cast: Cast):
    assert take_over(cast.larkspur, SHEET) == ["leadership.1", "culture"]
    row, judged = step(cast), condition(cast, "culture")
    assert (row.status, row.note, shown(row), row.owner, row.due) == (
        "in_place", "Told the board", ["Memo 7"], "ana@larkspur.example", datetime.date(2027, 1, 29),
    )  # fmt: skip
    assert (judged.judged, judged.reason, judged.note, judged.owner, judged.due) == (
        "partly", "The garage is not heard.", "Coach, then\nask again", "Joy", datetime.date(2027, 3, 31),
    )  # fmt: skip


def test_an_import_is_put_down_to_the_system_and_says_which_file(cast: Cast):
    services.record_step(round_=step(cast).round, key="leadership.1", seen=1, values={"note": "Ben's"}, by=cast.ben)
    take_over(cast.larkspur, SHEET)
    row = step(cast)
    newest = row.history.first()
    assert (row.version, row.updated_by, newest.history_user) == (3, None, None)
    assert newest.history_change_reason == "Import of autumn.csv"
    services.record_step(round_=row.round, key="leadership.1", seen=3, values={"note": "Ben's again"}, by=cast.ben)
    assert step(cast).history.first().history_change_reason is None


def test_a_person_may_import_too(cast: Cast):
    incoming = imports.Incoming(worksheet.read(SHEET.encode()))
    imports.apply(round_=step(cast).round, incoming=incoming, taken=(), by=cast.ana, because="Import of autumn.csv")
    assert (step(cast).updated_by, step(cast).history.first().history_user) == (cast.ana, cast.ana)


def test_what_a_sheet_leaves_out_stays_and_only_changed_rows_leave_history(cast: Cast):
    take_over(cast.larkspur, SHEET)
    before = history_rows()
    assert take_over(cast.larkspur, "key,owner\nleadership.1,Ben\nculture,Joy\n") == ["leadership.1"]
    row = step(cast)
    assert (row.owner, row.status, shown(row), history_rows()) == ("Ben", "in_place", ["Memo 7"], before + 1)


def test_an_empty_cell_empties_its_field(cast: Cast):
    take_over(cast.larkspur, SHEET)
    take_over(cast.larkspur, "key,status,due\nleadership.1,,\nculture,,\n")
    assert (step(cast).status, step(cast).due) == ("", None)
    assert (condition(cast, "culture").judged, condition(cast, "culture").reason) == (
        "", "The garage is not heard.",
    )  # fmt: skip


def test_one_bad_row_keeps_all_the_others_out(cast: Cast):
    before = history_rows()
    with pytest.raises(worksheet.WorksheetError):
        take_over(cast.larkspur, SHEET + "money,,,,,,\n")
    assert (step(cast).status, step(cast).version, history_rows()) == ("", 1, before)


def test_a_decided_round_takes_nothing_over(cast: Cast):
    services.record_determination(round_=step(cast).round, decision=DECISION, by=cast.lena)
    with pytest.raises(RoundFrozenError):
        take_over(cast.larkspur, SHEET)
    assert step(cast).version == 1


def test_the_newest_round_is_the_one_that_is_read_and_written(cast: Cast):
    services.record_determination(round_=step(cast).round, decision=DECISION, by=cast.lena)
    second = services.start_round(municipality=cast.larkspur, by=cast.ana)
    take_over(cast.larkspur, SHEET)
    assert [row.status for row in StepAnswer.objects.filter(key="leadership.1", round=second)] == ["in_place"]
    assert StepAnswer.objects.get(round__number=1, round__municipality=cast.larkspur, key="leadership.1").status == ""
    assert exchange.to_json(queries.assessment(cast.larkspur))["round"] == 2


def test_no_round_is_said(cast: Cast):
    bare = Municipality.objects.create(slug="bare", name="Bare")
    with pytest.raises(Round.DoesNotExist):
        take_over(bare, SHEET)


def test_another_town_is_not_touched(cast: Cast):
    take_over(cast.larkspur, SHEET)
    assert not StepAnswer.objects.filter(round__municipality=cast.fairmont, version__gt=1).exists()


def test_an_import_asks_as_much_whatever_the_size_of_the_sheet(cast: Cast, django_assert_num_queries):
    sheets = [
        worksheet.read(export(cast.larkspur).encode()),
        worksheet.read(b"key,note\nleadership.1,\n"),
    ]
    round_ = step(cast).round
    for sheet in sheets:
        with django_assert_num_queries(6):
            imports.apply(round_=round_, incoming=imports.Incoming(sheet), taken=(), by=None, because="")


def test_the_csv_has_every_condition_followed_by_its_steps(cast: Cast):
    take_over(cast.larkspur, SHEET)
    lines = export(cast.larkspur).split("\n")
    assert lines[:4] == [
        "key,status,reason,note,evidence,owner,due",
        "leadership,,,,,,",
        "leadership.1,in_place,,Told the board,Memo 7,ana@larkspur.example,2027-01-29",
        "leadership.2,,,,,,",
    ]
    assert len(worksheet.read(export(cast.larkspur).encode()).rows) == 40


def test_a_formula_in_a_note_leaves_inert_and_comes_back_as_it_was(cast: Cast):
    formula = '=HYPERLINK("https://evil.example","Look")'
    overwrite(step(cast), by=cast.ben, note=formula, owner="@ana")
    factories.evidence(step(cast), "'=1+1", cast.ben)
    text = export(cast.larkspur)
    assert """leadership.1,,,"'=HYPERLINK(""https://evil.example"",""Look"")",''=1+1,'@ana,""" in text
    overwrite(step(cast), by=cast.ben, note="", owner="")
    clear(cast)
    take_over(cast.larkspur, text)
    assert (step(cast).note, step(cast).owner, shown(step(cast))) == (formula, "@ana", ["'=1+1"])


line = st.text(st.one_of(st.sampled_from("'\"=+-@,; é"), st.characters(exclude_categories=["Cs", "Cc"])), max_size=20)
prose = st.lists(line, max_size=3).map("\n".join)
dates = st.one_of(st.none(), st.dates())
steps = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["", *worksheet.STEP_WORDS]),
        "note": prose,
        "owner": line,
        "due": dates,
    }
)
# What the page takes: on one line, without spaces around it, and no name of a file.
item = line.map(str.strip).filter(lambda text: text and not text.startswith("file: "))
conditions = st.fixed_dictionaries({"note": prose, "reason": prose, "owner": line, "due": dates})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step_values=steps, items=st.lists(item, unique=True, max_size=3), condition_values=conditions)
@example(
    step_values={"status": "", "note": "\u2028'=", "owner": " ", "due": None},
    items=["'=1", "b", "a"],
    condition_values={"note": "\n", "reason": '"', "owner": ",", "due": datetime.date.min},
)
def test_export_then_import_is_the_identity_and_import_then_export_gives_the_cells_back(
    cast: Cast, step_values: Mapping[str, object], items: list[str], condition_values: Mapping[str, object]
):
    overwrite(step(cast), by=cast.ben, **step_values)
    clear(cast)
    services.set_texts(step=step(cast), texts=items, by=cast.ben)
    overwrite(condition(cast), by=cast.ben, **condition_values)
    before, text = history_rows(), export(cast.larkspur)
    assert (take_over(cast.larkspur, text), history_rows()) == ([], before)
    # The same sheet in a town that has nothing yet gives the same sheet back.
    overwrite(step(cast), by=None, status="", note="", owner="", due=None)
    clear(cast)
    overwrite(condition(cast), by=None, note="", reason="", owner="", due=None)
    take_over(cast.larkspur, text)
    assert export(cast.larkspur) == text


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=anything, evidence=anything, owner=anything)
@example(note="Memo\vline", evidence="Memo 7\nMemo 8", owner="Ana")
@example(note="Memo\vline\x85", evidence="\tMemo", owner="Ana\x1b[2J")
@example(note="Memo\vline", evidence="File: memo", owner="Ana")
@example(note="Memo\vline", evidence="Memo", owner="Ana")
def test_what_a_page_takes_an_import_takes_too(cast: Cast, note: str, evidence: str, owner: str):
    form, beside = StepForm({"version": "1", "note": note, "owner": owner}), EvidenceForm({"text": evidence})
    clear(cast)
    if form.is_valid() and beside.is_valid():
        overwrite(step(cast), by=cast.ben, **form.posted())
        text = beside.cleaned_data["text"]
        factories.evidence(step(cast), text, cast.ben)
        sheet = export(cast.larkspur)
        overwrite(step(cast), by=None, note="", owner="")
        clear(cast)
        take_over(cast.larkspur, sheet)
        assert shown(step(cast)) == [text]
        assert {name: getattr(step(cast), name) for name in form.posted()} == form.posted()


def test_the_json_of_a_round_that_is_under_way(cast: Cast):
    take_over(cast.larkspur, SHEET)
    told = exchange.to_json(queries.assessment(cast.larkspur))
    conditions = told.pop("conditions")
    assert isinstance(conditions, list)
    assert told == {
        "municipality": {"slug": "larkspur", "name": "Larkspur County"},
        "round": 1,
        "instrument": "2022",
        "policy": {"proceed": 7, "prepare": 3, "required": ["leadership"]},
        "recommendation": {
            "verdict": "postpone",
            "met": 0,
            "provisional": True,
            "unanswered": 30,
            "explanation": list(queries.assessment(cast.larkspur).explanation),
        },
        "determination": None,
    }
    assert [entry["key"] for entry in conditions] == list(step(cast).round.instrument.by_key)


def test_the_json_of_a_condition_says_null_for_what_is_empty(cast: Cast):
    take_over(cast.larkspur, SHEET)
    conditions = exchange.to_json(queries.assessment(cast.larkspur))["conditions"]
    assert isinstance(conditions, list)
    assert conditions[0]["steps"][:2] == [
        {
            "key": "leadership.1",
            "status": "in_place",
            "note": "Told the board",
            "evidence": "Memo 7",
            "owner": "ana@larkspur.example",
            "due": "2027-01-29",
        },
        {"key": "leadership.2", "status": None, "note": None, "evidence": None, "owner": None, "due": None},
    ]
    culture = {name: value for name, value in conditions[3].items() if name != "steps"}
    assert culture == {
        "key": "culture",
        "suggested": "not_yet",
        "judged": "partly",
        "reason": "The garage is not heard.",
        "state": "partly",
        "met": False,
        "note": "Coach, then\nask again",
    }
    untouched = {name: value for name, value in conditions[1].items() if name != "steps"}
    assert untouched == {
        "key": "partnerships",
        "suggested": "not_yet",
        "judged": None,
        "reason": None,
        "state": "not_yet",
        "met": False,
        "note": None,
    }


def test_the_json_of_a_decided_round_is_frozen_with_its_keys_in_order(cast: Cast):
    services.record_determination(round_=step(cast).round, decision=DECISION, by=cast.lena)
    before = json.dumps(exchange.to_json(queries.assessment(cast.larkspur)))
    services.change_policy(municipality=cast.larkspur, policy=Policy(2, 1, frozenset()), by=cast.ana)
    told = exchange.to_json(queries.assessment(cast.larkspur))
    assert json.dumps(told) == before
    assert list(told) == [
        "municipality", "round", "instrument", "policy", "conditions", "recommendation", "determination",
    ]  # fmt: skip
    assert told["policy"] == {"proceed": 7, "prepare": 3, "required": ["leadership"]}
    assert isinstance(told["recommendation"], dict)
    assert list(told["recommendation"]) == ["verdict", "met", "provisional", "unanswered", "explanation"]
    assert told["determination"] == {
        "verdict": "prepare",
        "rationale": "Build up data first.",
        "by": "Lena Whitfield",
        "on": "2026-11-02",
    }


@pytest.mark.django_db(transaction=True)
def test_a_failing_write_takes_the_whole_import_back(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    written: list[str] = []

    def failing(row: StepAnswer | ConditionAnswer, **kwargs: object) -> tuple[str, ...]:
        if written:
            raise RuntimeError
        written.append(row.key)
        return overwrite(row, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(exchange, "overwrite", failing)
    with pytest.raises(RuntimeError):
        take_over(cast.larkspur, SHEET)
    assert (written, step(cast).version, step(cast).history.count()) == (["leadership.1"], 1, 1)

"""The JSON export read back."""

import json

import pytest

from municipalities.records import overwrite
from readiness import imports, queries
from readiness.export.files import json_file
from readiness.models import ConditionAnswer, Round, StepAnswer
from readiness.rules.json_sheet import read
from readiness.rules.worksheet import MAX_BYTES, MAX_ROWS, WorksheetError
from tests import factories
from tests.conftest import Cast
from tests.documents.test_uploads import in_short


def file(**changes: object) -> bytes:
    whole = {"municipality": {"slug": "larkspur", "name": "L"}, "round": 1, "conditions": [], **changes}
    return json.dumps(whole).encode()


def take_over(cast: Cast, name: str, raw: bytes) -> list[str]:
    round_ = imports.current_round(cast.larkspur)
    return imports.apply(round_=round_, incoming=imports.read(name, raw, round_), taken=(), by=None, because="")


def test_what_was_taken_away_and_brought_back_changes_nothing_and_can_be_taken_over(cast: Cast):
    row = StepAnswer.objects.get(round__municipality=cast.larkspur, key="leadership.1")
    overwrite(row, by=cast.ana, status="in_place", note="=Told\nall", owner="'@ana")
    factories.evidence(row, "Minutes", cast.ana)
    culture = ConditionAnswer.objects.get(round=row.round, key="culture")
    overwrite(culture, by=cast.ana, judged="partly", reason="Not heard.", note="Coach")
    raw = json_file(queries.assessment(cast.larkspur))
    assert take_over(cast, "a.JSON", raw) == []
    overwrite(row, by=cast.ana, status="", note="")
    overwrite(culture, by=cast.ana, judged="", reason="")
    assert take_over(cast, "a.json", raw) == [
        "leadership.1", "culture",
    ]  # fmt: skip
    assert json_file(queries.assessment(cast.larkspur)) == raw


def test_rows_are_read_in_their_order_and_what_is_left_out_stays():
    steps = [{"key": "data.1", "status": "in_place", "note": None}]
    slug, number, sheet = read(file(conditions=[{"key": "data", "judged": None, "steps": steps}]))
    assert (slug, number) == ("larkspur", 1)
    assert [(row.line, row.key, dict(row.cells)) for row in sheet.rows] == [
        (1, "data", {"status": ""}),
        (2, "data.1", {"status": "in_place", "note": ""}),
    ]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "this is not JSON"),
        (b"{", "this is not JSON"),
        (b"\xff\xfe", "this is not JSON"),
        (b"[" * 100_000, "this is not JSON"),
        (b'{"round": NaN}', "this is not JSON"),
        (b'{"round": 1, "round": 2}', "this is not JSON"),
        (b"[]", "the file is not an object"),
        (b"{}", "municipality is not an object"),
        (file(round="1"), "this is not an assessment"),
        (file(conditions={}), "this is not an assessment"),
        (file(municipality={"slug": 1}), "this is not an assessment"),
        (file(conditions=[1]), "condition 1 is not an object"),
        (file(conditions=[{"key": "data", "steps": 1}]), "steps is not a list"),
        (file(conditions=[{"key": "data", "steps": [1]}]), "step 2 is not an object"),
        (file(conditions=[{"key": 1}]), "key is not a text"),
        (file(conditions=[{"key": "data", "note": {"a": 1}}]), "note is not a text"),
        (file(conditions=[{"key": "x"}] * (MAX_ROWS + 1)), "more than 5,000 rows"),
        (b" " * (MAX_BYTES + 1), "larger than 5 MB"),
    ],
    ids=in_short,
)
def test_what_is_no_export_of_ours_is_refused(raw: bytes, problem: str):
    with pytest.raises(WorksheetError) as refused:
        read(raw)
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (file(municipality={"slug": "fairmont"}), "another municipality"),
        (file(round=7), "exported from round 7"),
        (file(conditions=[{"key": "nothing"}]), 'unknown key "nothing"'),
    ],
)
def test_another_towns_or_rounds_file_changes_nothing(cast: Cast, raw: bytes, problem: str):
    with pytest.raises(WorksheetError, match=problem):
        take_over(cast, "a.json", raw)
    assert Round.objects.filter(municipality=cast.larkspur).count() == 1

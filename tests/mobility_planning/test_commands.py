"""Commands that users and scripts rely on: what they print, what they change, and what they refuse."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User
from municipalities.models import Municipality, ReadinessPolicy
from municipalities.records import overwrite
from readiness import queries, services
from readiness.management.commands import export_assessment
from readiness.models import ConditionAnswer, Round, StepAnswer
from readiness.rules import worksheet
from readiness.rules.policy import Policy
from readiness.services import Decision
from tests import factories
from tests.conftest import Cast

HEADER = "key,status,reason,note,evidence,owner,due"


def run(*words: str, **options: Any) -> str:
    """What a command writes to standard output."""
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def refusal(*words: str) -> str:
    """What a command that refuses says on standard error; nothing goes to standard output."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*words, stdout=out)
    assert (out.getvalue(), caught.value.returncode) == ("", 1)
    return str(caught.value)


def step(cast: Cast, key: str = "leadership.1") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.get(round__municipality=cast.larkspur, key=key)
    return row


def history_rows() -> int:
    return StepAnswer.history.count() + ConditionAnswer.history.count()


def decide(cast: Cast) -> None:
    decision = Decision("prepare", "Build up data first.", "Lena Whitfield", "Executive", step(cast).updated_at.date())
    services.record_determination(round_=step(cast).round, decision=decision, by=cast.lena)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "autumn.csv"


# --- import_assessment ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_worksheet_is_taken_over_whatever_its_order_line_ends_and_mark(
    cast: Cast, sheet: Path, mark: bytes, end: str
):
    lines = [HEADER, "data.2,under_way,,,,,", "leadership,partly,Two heads are new.,Money,,Joy,2027-03-31"]
    lines += ["leadership.1,in_place,,Told the board,Memo 7,ana@larkspur.example,2027-01-29", ""]
    sheet.write_bytes(mark + end.join(lines).encode())
    assert run("import_assessment", "larkspur", str(sheet)) == "Larkspur County: 3 rows changed.\n"
    assert (step(cast, "data.2").status, str(step(cast).evidence.get())) == ("under_way", "Memo 7")
    judged = ConditionAnswer.objects.get(round__municipality=cast.larkspur, key="leadership")
    assert (judged.judged, judged.reason, judged.note, str(judged.due)) == (
        "partly", "Two heads are new.", "Money", "2027-03-31",
    )  # fmt: skip
    assert step(cast).history.first().history_change_reason == "Import of autumn.csv"
    assert step(cast).updated_by is None


def test_what_a_worksheet_leaves_out_stays_and_the_second_time_nothing_changes(cast: Cast, sheet: Path):
    overwrite(step(cast), by=cast.ben, note="Ben's words")
    sheet.write_text("key,status\nleadership.1,in_place\n", "utf-8")
    assert run("import_assessment", "larkspur", str(sheet)) == "Larkspur County: 1 row changed.\n"
    before = history_rows()
    assert run("import_assessment", "larkspur", str(sheet)) == "Larkspur County: nothing to change.\n"
    assert (step(cast).status, step(cast).note, history_rows()) == ("in_place", "Ben's words", before)


def test_all_bad_rows_are_reported_at_once_and_nothing_is_changed(cast: Cast, sheet: Path):
    before = history_rows()
    lines = [
        HEADER,
        "leadership.1,in_place,,good,,,",
        "money,,,,,,",
        "leadership.2,done,,,,,",
        "leadership.3,,,,,,31 Mar",
        "culture,partly,,,,,",
        "leadership.1,,,,,,",
        "leadership.4",
    ]
    sheet.write_text("\n".join(lines), "utf-8")
    assert refusal("import_assessment", "larkspur", str(sheet)).split("\n") == [
        f"{sheet} was not imported and nothing was changed:",
        'line 3: unknown key "money"',
        'line 4: unknown status "done" (use not_yet, under_way, in_place or leave empty)',
        'line 5: "31 Mar" is not a date (write it like 2027-03-31)',
        "line 6: a judged condition needs a reason",
        'line 7: "leadership.1" is already on line 2',
        "line 8: cells in this row: 1, in the header: 7",
    ]
    assert (history_rows(), step(cast).status) == (before, "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"\x89PNG\r\n\x1a\n\x00",
            "line 1: this is not UTF-8 text (a spreadsheet calls the format to choose CSV UTF-8)",
        ),
        (b"", f"line 1: the header is missing: the first line names the columns, like {HEADER}"),
        (b"leadership.1,in_place\n", f"line 1: the header is missing: the first line names the columns, like {HEADER}"),
        (b"key;status\n", f"line 1: the header is missing: the first line names the columns, like {HEADER}"),
        (b"key,state\n", f'line 1: unknown column "state" (the columns are {HEADER.replace(",", ", ")})'),
        (b"x" * (worksheet.MAX_BYTES + 1), "the file is larger than 5 MB"),
        (b"key\n" + b"money\n" * (worksheet.MAX_ROWS + 1), "the file has more than 5,000 rows"),
    ],
)
def test_a_file_that_is_no_worksheet_is_one_line(cast: Cast, sheet: Path, content: bytes, why: str):
    sheet.write_bytes(content)
    assert refusal("import_assessment", "larkspur", str(sheet)) == f"{sheet} cannot be read: {why}."


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing.csv", "No such file or directory"),
        ("", "Is a directory"),
        ("n" * 300, "File name too long"),
        ("a\x00b", "embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_opened_is_one_line(cast: Cast, tmp_path: Path, name: str, why: str):
    path = f"{tmp_path}/{name}" if name else str(tmp_path)
    assert refusal("import_assessment", "larkspur", path) == f"{path} cannot be read: {why}."


def test_a_file_name_that_no_database_could_keep_is_made_printable(cast: Cast, tmp_path: Path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/r\xff\x1b.csv")
    Path(path).write_text("key,status\nleadership.1,in_place\n", "utf-8")
    run("import_assessment", "larkspur", path)
    assert step(cast).history.first().history_change_reason == "Import of r\ufffd\ufffd.csv"


def test_an_import_into_a_decided_round_is_refused_in_words(cast: Cast, sheet: Path):
    decide(cast)
    sheet.write_text("key,status\nleadership.1,in_place\n", "utf-8")
    expected = "Larkspur County: the round is decided and does not change any more. Start a new round first."
    assert refusal("import_assessment", "larkspur", str(sheet)) == expected
    assert step(cast).status == ""


# --- export_assessment ------------------------------------------------------------------------------------


def test_export_then_import_of_the_file_changes_nothing(cast: Cast, sheet: Path):
    overwrite(step(cast), by=cast.ben, note='=1+1\n"quoted", \'=x', owner="+1 555", status="in_place")
    overwrite(step(cast, "data.1"), by=cast.ben, note="\tindented", owner="'kept")
    factories.evidence(step(cast), "@SUM(A1)", cast.ben)
    factories.evidence(step(cast, "data.1"), "-7", cast.ben)
    assert run("export_assessment", "larkspur", "-o", str(sheet)) == ""
    before, told = history_rows(), sheet.read_bytes()
    assert run("import_assessment", "larkspur", str(sheet)) == "Larkspur County: nothing to change.\n"
    assert (history_rows(), told.count(b"\r"), told.startswith(b"key,")) == (before, 0, True)
    cells = [cell for row in csv.reader(io.StringIO(told.decode(), newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []


def test_another_town_takes_the_exported_worksheet_over_whole(cast: Cast, sheet: Path):
    overwrite(step(cast), by=cast.ben, note="=1+1\n\tand more", owner="'@ana", status="in_place")
    run("export_assessment", "larkspur", "--output", str(sheet))
    run("import_assessment", "fairmont", str(sheet))
    copied = StepAnswer.objects.get(round__municipality=cast.fairmont, key="leadership.1")
    assert [getattr(copied, name) for name in StepAnswer.FIELDS] == ["in_place", "=1+1\n\tand more", "'@ana", None]
    assert run("export_assessment", "fairmont") == sheet.read_text("utf-8")


def test_csv_is_the_format_if_none_is_given_and_each_goes_to_standard_output(cast: Cast):
    told = run("export_assessment", "larkspur")
    assert (told, told.count("\n")) == (run("export_assessment", "larkspur", "--format", "csv"), 41)


def test_the_json_is_the_exchange_formats_own_as_text(cast: Cast, tmp_path: Path):
    overwrite(step(cast), by=cast.ben, note="Zoë’s memo")
    told = run("export_assessment", "larkspur", "--format", "json")
    data = json.loads(told)
    assert list(data) == [
        "municipality", "round", "instrument", "policy", "conditions", "recommendation", "determination",
    ]  # fmt: skip
    assert list(data["conditions"][0]) == [
        "key", "suggested", "judged", "reason", "state", "met", "note", "steps",
    ]  # fmt: skip
    assert data["conditions"][0]["steps"][0] == {
        "key": "leadership.1", "status": None, "note": "Zoë’s memo", "evidence": None, "owner": None, "due": None,
    }  # fmt: skip
    assert ("Zoë’s memo" in told, data["determination"]) == (True, None)
    out = tmp_path / "out.json"
    run("export_assessment", "larkspur", "--format", "json", "-o", str(out))
    assert out.read_text("utf-8") == told


def test_standard_output_is_utf_8_with_plain_line_feeds_whatever_the_terminal(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    overwrite(step(cast), by=cast.ben, note="Zoë’s memo")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline="\r\n"))
    export_assessment.Command().execute(
        slug="larkspur", output=None, format="csv", force_color=False, no_color=False, skip_checks=True
    )
    sys.stdout.flush()
    assert ("Zoë’s memo".encode() in raw.getvalue(), raw.getvalue().count(b"\r")) == (True, 0)


def test_a_place_that_cannot_be_written_is_one_line(cast: Cast, tmp_path: Path):
    told = refusal("export_assessment", "larkspur", "-o", str(tmp_path))
    assert told == f"{tmp_path} cannot be written: Is a directory."


# --- set_policy -------------------------------------------------------------------------------------------


def policy(cast: Cast) -> tuple[int, int, list[str]]:
    row = ReadinessPolicy.objects.get(municipality=cast.larkspur)
    return row.proceed, row.prepare, row.required


@pytest.mark.parametrize(
    ("words", "expected", "told"),
    [
        (["--proceed", "8", "--prepare", "4"], (8, 4, ["leadership"]), "proceed with 8 or more met, with Leadership"),
        (["--proceed", "9"], (9, 3, ["leadership"]), "proceed with 9 or more met, with Leadership among them"),
        (["--required"], (7, 3, []), "proceed with 7 or more met, whichever they are; prepare with 3 or more met."),
        (["--required", "data", "--required", "culture"], (7, 3, ["culture", "data"]), "proceed with 7 or more met"),
        (["--required", "data", "leadership", "data"], (7, 3, ["data", "leadership"]), "proceed with 7 or more met"),
        ([], (7, 3, ["leadership"]), "proceed with 7 or more met, with Leadership among them"),
    ],
)
def test_what_is_given_changes_and_the_rest_stays(
    cast: Cast, words: list[str], expected: tuple[int, int, list[str]], told: str
):
    assert run("set_policy", "larkspur", *words).startswith(f"Larkspur County: {told}")
    assert policy(cast) == expected
    assert ReadinessPolicy.objects.get(municipality=cast.fairmont).version == 1


LEVELS = "The numbers must rise: prepare at 1 or more, proceed above prepare, and proceed at 9 or less."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--proceed", "3"], LEVELS),
        (["--proceed", "10"], LEVELS),
        (["--proceed", "9" * 30], LEVELS),
        (["--prepare", "0"], LEVELS),
        (["--required", "data", "money", "luck"], "Unknown condition: luck, money."),
        (["--required", "leadership.1"], "Unknown condition: leadership.1."),
    ],
)
def test_a_policy_that_cannot_be_is_refused_and_not_stored(cast: Cast, words: list[str], told: str):
    assert refusal("set_policy", "larkspur", *words) == told
    assert (policy(cast), ReadinessPolicy.history.filter(municipality=cast.larkspur).count()) == (
        (7, 3, ["leadership"]), 1,
    )  # fmt: skip


def test_somebody_elses_change_at_the_same_moment_is_not_undone(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    read = queries.policy_with_version

    def read_then_somebody_writes(place: Municipality) -> tuple[Policy, int]:
        seen = read(place)
        services.change_policy(municipality=place, policy=Policy(9, 5, frozenset()), by=cast.ana)
        return seen

    monkeypatch.setattr(queries, "policy_with_version", read_then_somebody_writes)
    expected = "Somebody else changed the policy at this moment. Try again."
    assert refusal("set_policy", "larkspur", "--proceed", "8") == expected
    assert policy(cast) == (9, 5, [])


def test_a_decided_round_keeps_the_policy_it_was_decided_by(cast: Cast):
    decide(cast)
    run("set_policy", "larkspur", "--proceed", "2", "--prepare", "1")
    assert queries.assessment(cast.larkspur).policy.proceed == 7


# --- What they share --------------------------------------------------------------------------------------

COMMANDS = [("import_assessment", "{slug}", "{file}"), ("export_assessment", "{slug}"), ("set_policy", "{slug}")]


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("slug", ["nowhere", "Larkspur", "", "a\x00b"])
def test_an_unknown_slug_is_one_line(cast: Cast, tmp_path: Path, words: tuple[str, ...], slug: str):
    filled = [word.format(slug=slug, file=tmp_path / "x.csv") for word in words]
    assert refusal(*filled) == f'There is no municipality "{slug}".'


def test_a_municipality_without_a_round_is_one_line(cast: Cast, sheet: Path):
    Municipality.objects.create(slug="bare", name="Bare")
    sheet.write_text("key\n", "utf-8")
    assert refusal("import_assessment", "bare", str(sheet)) == "Bare has no round yet."
    assert refusal("export_assessment", "bare") == "Bare has no round yet."


def test_no_command_writes_without_leaving_history(cast: Cast, sheet: Path):
    users = User.objects.count()
    sheet.write_text("key,status\nleadership.1,in_place\n", "utf-8")
    run("import_assessment", "larkspur", str(sheet))
    run("set_policy", "larkspur", "--proceed", "8")
    row = ReadinessPolicy.objects.get(municipality=cast.larkspur)
    assert [row.version, row.history.count(), step(cast).version, step(cast).history.count()] == [2, 2, 2, 2]
    assert (User.objects.count(), Round.objects.count()) == (users, 2)


# --- From end to end, as a script runs them ---------------------------------------------------------------


def manage(folder: Path, *words: str, **variables: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `manage.py` on a database of this folder's."""
    environment = {
        **os.environ,
        "DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "SITE_URL": "https://mobility.example",
        **variables,
    }
    command = [sys.executable, "-W", "ignore", str(settings.BASE_DIR / "manage.py"), *words]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=folder, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def test_a_new_town_is_founded_filled_exported_and_configured_by_commands_alone(tmp_path: Path):
    assert manage(tmp_path, "migrate", "-v0") == (0, "", "")

    code, told, _ = manage(tmp_path, "create_municipality", "st-lucie", "St. Lucie", "--advocate", "ana@lucie.example")
    assert code == 0
    assert re.search(r"^https://mobility\.example/invitations/[\w-]{43}/$", told, re.MULTILINE)

    good, bad, out = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "out.csv"
    good.write_bytes(b"\xef\xbb\xbfkey,status,note\r\nleadership.1,in_place,=1+1\r\n")
    bad.write_bytes(b"key,status\nleadership.2,in_place\nmoney,\nleadership.3,done\n")
    imported = manage(tmp_path, "import_assessment", "st-lucie", str(good))
    assert imported == (0, "St. Lucie: 1 row changed.\n", "")
    code, told, complaint = manage(tmp_path, "import_assessment", "st-lucie", str(bad))
    assert (code, told, re.findall(r"^line (\d+):", complaint, re.MULTILINE)) == (1, "", ["3", "4"])

    assert manage(tmp_path, "export_assessment", "st-lucie", "-o", str(out)) == (0, "", "")
    lines = out.read_text("utf-8").split("\n")
    assert (lines[2], lines[3]) == ("leadership.1,in_place,,'=1+1,,,", "leadership.2,,,,,,")

    assert manage(tmp_path, "set_policy", "st-lucie", "--proceed", "8", "--required")[0] == 0
    code, told, complaint = manage(tmp_path, "export_assessment", "st-lucie", "--format", "json")
    assert (code, complaint) == (0, "")
    assert json.loads(told)["policy"] == {"proceed": 8, "prepare": 3, "required": []}

    one_line = 'CommandError: There is no municipality "nowhere".\n'
    assert manage(tmp_path, "export_assessment", "nowhere") == (1, "", one_line)
    missing = f"CommandError: {tmp_path}/no.csv cannot be read: No such file or directory.\n"
    assert manage(tmp_path, "import_assessment", "st-lucie", f"{tmp_path}/no.csv") == (1, "", missing)

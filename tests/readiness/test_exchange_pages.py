"""The page of worksheets and exports: every file, and an import that is seen before it is applied."""

import io
import zipfile

import docx
import pypdfium2
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from municipalities.records import overwrite
from readiness.models import StepAnswer
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in
from tests.readiness.test_workbook import at, edited, put, step, taken

PAGE = "/larkspur/readiness/worksheet/"
PREVIEW = f"{PAGE}import/"


@pytest.fixture(autouse=True)
def own_cache(settings: LazySettings, tmp_path) -> None:
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"


def send(client: Client, raw: bytes, name: str = "autumn.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, raw)})


def mark(client: Client) -> str:
    return client.get(PREVIEW).content.decode().split('name="mark" value="')[1].split('"')[0]


def test_every_format_is_taken_as_a_file_of_its_kind(cast: Cast, vera: Client):
    overwrite(step(cast), by=cast.ana, status="in_place", note="Told the board", owner="ben@larkspur.example")
    factories.evidence(step(cast), "Minutes", cast.ana)
    page = vera.get(PAGE).content.decode()
    starts = {"xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF-", "csv": b"key,", "json": b"{"}
    for kind, start in starts.items():
        response = vera.get(f"{PAGE}export.{kind}")
        assert response.content.startswith(start), kind
        assert response["Content-Disposition"] == f'attachment; filename="larkspur-readiness-1.{kind}"'
        assert f'href="{PAGE}export.{kind}"' in page
    assert vera.get(f"{PAGE}export.exe").status_code == 404


def test_the_word_form_has_a_box_for_each_answer_and_ticks_todays(cast: Cast, ben: Client):
    overwrite(step(cast), by=cast.ana, status="in_place", note="Told\x0bthe board")
    word = docx.Document(io.BytesIO(ben.get(f"{PAGE}export.docx").content))
    assert word.core_properties.title == "Larkspur County: readiness form, round 1"
    assert [len(table.rows) for table in word.tables] == [5, 4, 5, 3, 5, 6, 5, 3, 4]
    assert word.tables[0].rows[1].cells[1].text == "☐ Not yet\n☐ Under way\n☒ In place"
    assert len([p for p in word.paragraphs if p.style and p.style.name == "Heading 2"]) == 9


@pytest.mark.one_engine
def test_the_report_keeps_to_both_standards_and_tells_what_shows_each_step(cast: Cast, ben: Client, tmp_path):
    hard = "Zoë <b>&amp; 年 " + "long " * 400
    overwrite(step(cast), by=cast.ana, status="in_place", note=hard, owner="nobody@elsewhere.example")
    overwrite(step(cast, "leadership.2"), by=cast.ana, status="in_place", owner="ben@larkspur.example")
    factories.evidence(step(cast), "Minutes", cast.ana)
    path = tmp_path / "report.pdf"
    path.write_bytes(ben.get(f"{PAGE}export.pdf").content)
    assert pdfcheck.faults(path) == ""
    words = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    assert ("evidenced" in words, "claimed" in words, "Ben Carter" in words, "@elsewhere" in words) == (
        True,
        True,
        True,
        False,
    )


def test_a_file_is_seen_before_it_is_applied(cast: Cast, ben: Client):
    raw = edited(taken(cast), put("E6", "From the sheet"))
    assert send(ben, raw)["Location"] == PREVIEW
    page = ben.get(PREVIEW).content.decode()
    assert ("From the sheet" in page, "Apply 1 change" in page, step(cast).note) == (True, True, "")
    response = ben.post(PREVIEW, {"mark": mark(ben)}, follow=True)
    assert "1 row changed by autumn.xlsx." in response.content.decode()
    assert (step(cast).note, step(cast).updated_by) == ("From the sheet", cast.ben)
    assert ben.get(PREVIEW)["Location"] == PAGE


def test_conflicts_are_chosen_one_by_one_and_what_stands_here_is_kept_by_itself(cast: Cast, ben: Client):
    def fill(sheet) -> None:
        at(sheet, "leadership.1", "Note").value = "Sheet one"
        at(sheet, "leadership.2", "Note").value = "Sheet two"

    raw = edited(taken(cast), fill)
    for key in ("leadership.1", "leadership.2"):
        overwrite(step(cast, key), by=cast.ana, note="From the page")
    send(ben, raw)
    assert "2 fields were changed here after the worksheet was taken" in ben.get(PREVIEW).content.decode()
    ben.post(PREVIEW, {"mark": mark(ben), "leadership.2:note": "take"})
    assert (step(cast).note, step(cast, "leadership.2").note) == ("From the page", "Sheet two")


def test_a_change_between_the_look_and_the_apply_is_shown_first(cast: Cast, ben: Client):
    send(ben, edited(taken(cast), put("E6", "From the sheet")))
    seen = mark(ben)
    overwrite(step(cast), by=cast.ana, note="Just now")
    response = ben.post(PREVIEW, {"mark": seen})
    page = response.content.decode()
    assert (response.status_code, "Just now" in page, step(cast).note) == (409, True, "Just now")


def test_what_is_wrong_is_named_all_at_once_and_changes_nothing(cast: Cast, ben: Client):
    def wrong(sheet) -> None:
        at(sheet, "leadership.1", "Status").value = "Perhaps"
        at(sheet, "leadership.2", "Due date").value = "soon"

    before = StepAnswer.history.count()
    response = send(ben, edited(taken(cast), wrong))
    page = response.content.decode()
    assert (response.status_code, "line 6: unknown status" in page, "line 7:" in page) == (422, True, True)
    for raw, name in ((b"", "a.xlsx"), (b"x", "a.exe"), (b"key\nnothing\n", "a.csv"), (b"{}", "a.json")):
        assert send(ben, raw, name).status_code == 422, name
    assert ben.post(PAGE).status_code == 422
    assert StepAnswer.history.count() == before


def test_leaving_it_forgets_the_file(cast: Cast, ben: Client):
    send(ben, edited(taken(cast), put("E6", "From the sheet")))
    ben.post(f"{PREVIEW}forget/")
    assert (ben.get(PREVIEW)["Location"], step(cast).note) == (PAGE, "")


def test_a_kept_file_is_no_other_towns(cast: Cast, ben: Client):
    send(ben, edited(taken(cast), put("E6", "From the sheet")))
    factories.add(factories.Membership(municipality=cast.fairmont, user=cast.ben, role="contributor"), by=None)
    assert ben.get("/fairmont/readiness/worksheet/import/")["Location"] == "/fairmont/readiness/worksheet/"


@pytest.mark.parametrize(("name", "status"), [("ana", 302), ("ben", 302), ("lena", 302), ("vera", 403), ("olaf", 404)])
def test_who_may_bring_a_file_back(cast: Cast, name: str, status: int):
    client = signed_in(cast[name])
    raw = edited(taken(cast), put("E6", "From the sheet"))
    assert send(client, raw).status_code == status
    assert client.post(f"{PREVIEW}forget/").status_code == status


def test_the_commands_take_every_kind(cast: Cast, tmp_path):
    for kind in ("csv", "json", "xlsx", "docx", "pdf"):
        path = tmp_path / f"round.{kind}"
        call_command("export_assessment", "larkspur", "--format", kind, "-o", str(path))
        assert path.stat().st_size > 500, kind
        if kind in ("docx", "pdf"):
            with pytest.raises(CommandError, match=f"A {kind} file is no text"):
                call_command("export_assessment", "larkspur", "--format", kind)
            continue
        out = io.StringIO()
        call_command("import_assessment", "larkspur", str(path), stdout=out)
        assert out.getvalue() == "Larkspur County: nothing to change.\n"
    assert zipfile.is_zipfile(tmp_path / "round.xlsx")


def test_the_command_names_conflicts_and_changes_nothing(cast: Cast, tmp_path):
    path = tmp_path / "round.xlsx"
    path.write_bytes(edited(taken(cast), put("E6", "From the sheet")))
    overwrite(step(cast), by=cast.ana, note="From the page")
    with pytest.raises(CommandError, match=r"Import it on the page, where you can choose: leadership\.1:note$"):
        call_command("import_assessment", "larkspur", str(path))
    assert step(cast).note == "From the page"

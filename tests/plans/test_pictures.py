"""Pictures in the plan's texts: brought with alternative text, shown in their own town alone, page and PDF."""

import io
from http import HTTPStatus
from pathlib import Path

import docx
import pikepdf
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from documents.markdown import Shown
from plans import finished, pictures, queries
from plans.models import Picture
from plans.rules.progress import Status
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in
from tests.documents.test_pictures import drawn
from tests.plans.test_queries import put
from tests.plans.test_views import EVERYBODY, HTMX, PDF, SECTION, row, text

ADD = f"{SECTION}pictures/"
ALL = "/larkspur/plan/pictures/"


@pytest.fixture(autouse=True)
def disk(settings: LazySettings, tmp_path: Path) -> Path:
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def lying(disk: Path) -> list[Path]:
    return [path for path in disk.rglob("*") if path.is_file()]


def sent(name: str = "walk.png", content: bytes | None = None, alternative: str = "The river walk") -> dict:
    return {"file": SimpleUploadedFile(name, drawn() if content is None else content), "alternative": alternative}


def write(cast: Cast, body: str) -> None:
    put(cast.larkspur, "approach", Status.DRAFTING, body=body)


# --- Bringing one -----------------------------------------------------------------------------------------


def test_who_may_bring_a_picture(cast: Cast):
    codes = {name: signed_in(cast[name]).post(ADD, sent()).status_code for name in EVERYBODY}
    assert codes == {"vera": 403, "olaf": 404, "ben": 302, "ana": 302, "lena": 302}
    assert [one.updated_by for one in Picture.objects.order_by("pk")] == [cast.ben, cast.ana, cast.lena]
    assert set(Picture.objects.values_list("municipality__slug", flat=True)) == {"larkspur"}


def test_a_picture_is_drawn_anew_and_kept_under_its_town_by_a_random_name(cast: Cast, ben: Client, disk: Path):
    exif = Image.Exif()
    exif[0x010E] = "Secretplace"
    response = ben.post(ADD, sent("..%2f../Walk.jpg", drawn("JPEG", exif=exif), "  The  river\nwalk "), follow=True)
    one = Picture.objects.get()
    assert (one.alternative, one.kind, one.width, one.height) == ("The river walk", "jpeg", 40, 20)
    assert f"![The river walk](image:{one.pk})" in text(response)
    (path,) = lying(disk)
    assert path.parent == disk / "plan-pictures" / str(cast.larkspur.pk)
    assert len(path.name) == 40
    assert b"Secretplace" not in path.read_bytes()
    assert one.history.get().history_user == cast.ben


def test_with_htmx_the_answer_carries_what_puts_it_into_the_text(ben: Client):
    html = text(ben.post(ADD, sent(alternative="A [river] *walk*"), headers=HTMX))
    assert f'data-markdown="![A \\[river\\] \\*walk\\*](image:{Picture.objects.get().pk})"' in html
    assert "<h1" not in html


@pytest.mark.parametrize(
    ("name", "content", "alternative", "problem"),
    [
        ("walk.png", None, "", "Say what the picture shows"),
        ("walk.png", None, "  ", "Say what the picture shows"),
        ("walk.png", None, "...", "Say what the picture shows"),
        ("walk.png", None, "x" * 301, "at most 300 characters"),
        ("logo.svg", b"<svg/>", "A logo", "An SVG is not taken"),
        ("walk.png", b"<svg/>", "A logo", "not the picture that its name says"),
        ("walk.png", b"", "Nothing", "This file is empty."),
        ("wide.png", drawn(size=(5001, 5000), mode="1", color=1), "Wide", "more than 25 million pixels"),
    ],
)
def test_a_picture_that_cannot_be_taken_is_refused_with_a_message(
    ben: Client, disk: Path, name: str, content: bytes | None, alternative: str, problem: str
):
    for headers in (HTMX, {}):
        response = ben.post(ADD, sent(name, content, alternative), headers=headers)
        assert response.status_code == 422
        assert problem in text(response)
        assert "The picture was not added." in text(response)
    assert (Picture.objects.count(), lying(disk)) == (0, [])


def test_nothing_at_all_is_refused_and_an_unknown_section_not_found(ben: Client):
    assert "Choose a picture." in text(ben.post(ADD, {"alternative": "x"}))
    assert ben.post("/larkspur/plan/money/pictures/", sent()).status_code == 404
    assert [ben.get(ADD).status_code, ben.put(ADD).status_code] == [405, 405]


def test_a_town_keeps_a_limited_number(cast: Cast, ben: Client, disk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "MOST", 1)
    factories.picture(cast.fairmont)
    ben.post(ADD, sent())
    assert "There are 1 pictures already." in text(ben.post(ADD, sent()))
    assert (Picture.objects.count(), len(lying(disk))) == (2, 2)


def test_where_the_row_cannot_be_stored_no_file_stays(cast: Cast, disk: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_args: object, **_more: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(pictures, "add", broken)
    with pytest.raises(IntegrityError):
        factories.picture(cast.larkspur)
    assert lying(disk) == []


@pytest.mark.parametrize(
    ("values", "name"),
    [({"alternative": ""}, "picture_has_alternative_text"), ({"kind": "gif"}, "picture_kind_known")],
)
def test_the_database_holds_what_a_picture_must_have(cast: Cast, values: dict[str, str], name: str):
    one = factories.picture(cast.larkspur)
    for field, value in values.items():
        setattr(one, field, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        one.save()


# --- Showing it -------------------------------------------------------------------------------------------


def test_a_picture_is_handed_out_through_the_gate(cast: Cast):
    one = factories.picture(cast.larkspur)
    url = f"{ALL}{one.pk}/"
    codes = {name: signed_in(cast[name]).get(url).status_code for name in EVERYBODY}
    assert codes == {"vera": 200, "olaf": 404, "ben": 200, "ana": 200, "lena": 200}
    assert Client().get(url).status_code == 302
    assert signed_in(cast.olaf).get(f"/fairmont/plan/pictures/{one.pk}/").status_code == 404
    response = signed_in(cast.vera).get(url)
    assert Image.open(io.BytesIO(response.content)).size == (60, 40)
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/png", "private, no-cache")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="{one.pk}.png"'
    again = signed_in(cast.vera).get(url, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_whose_file_is_gone_is_not_found(cast: Cast, vera: Client):
    one = factories.picture(cast.larkspur)
    Path(one.file.path).unlink()
    assert vera.get(f"{ALL}{one.pk}/").status_code == 404


def test_a_text_shows_the_towns_own_pictures_on_every_page_of_it(cast: Cast, ben: Client, vera: Client):
    one = factories.picture(cast.larkspur)
    shown = f'<img src="{ALL}{one.pk}/" alt="The walk" width="60" height="40">'
    body = f"![The walk](image:{one.pk})"
    assert shown in text(ben.post(f"{SECTION}preview/", {"body": body}))
    assert shown in text(ben.post(SECTION, {"version": 1, "body": body}, headers=HTMX))
    assert shown in text(ben.get(SECTION))
    assert shown in text(vera.get(SECTION))
    # What was refused is shown as it was typed, with its pictures.
    assert shown in text(ben.post(SECTION, {"version": row().version, "body": f"{body}!", "due": "soon"}))


def test_another_towns_number_shows_nothing(cast: Cast, ben: Client):
    other = factories.picture(cast.fairmont)
    html = text(ben.post(f"{SECTION}preview/", {"body": f"![Words](image:{other.pk})"}))
    assert "<img" not in html
    assert "<p>Words</p>" in html
    assert f"There is no picture {other.pk} in this plan." in html
    assert pictures.shown(cast.larkspur, f"![Words](image:{other.pk})") == {}
    assert pictures.shown(cast.fairmont, f"![Words](image:{other.pk})") == {
        other.pk: Shown(f"/fairmont/plan/pictures/{other.pk}/", 60, 40)
    }


def test_a_picture_without_alternative_text_is_not_shown_and_whoever_writes_is_told(
    cast: Cast, ben: Client, vera: Client
):
    one = factories.picture(cast.larkspur)
    write(cast, f"![](image:{one.pk})")
    for html in (text(ben.get(SECTION)), text(ben.post(f"{SECTION}preview/", {"body": f"![ ](image:{one.pk})"}))):
        assert f"Picture {one.pk} is not shown: it has no alternative text." in html
        assert f'src="{ALL}' not in html
    assert "is not shown" not in text(vera.get(SECTION))


def test_pictures_from_elsewhere_stay_words(cast: Cast, ben: Client):
    body = "![a](https://x.example/b.png) ![c](file:///etc/passwd) ![d](/larkspur/plan/pictures/1/)"
    html = text(ben.post(f"{SECTION}preview/", {"body": body}))
    assert "<p>a c d</p>" in html
    assert "<img" not in html


def test_only_a_text_that_names_pictures_costs_a_query(cast: Cast, ben: Client, django_assert_num_queries):
    numbers = [factories.picture(cast.larkspur).pk for _ in range(3)]
    for body, more in (
        ("Words", 0),
        (f"![x](image:{numbers[0]})", 1),
        (" ".join(f"![x](image:{n})" for n in numbers), 1),
    ):
        write(cast, body)
        with django_assert_num_queries(8 + more):
            ben.get(SECTION)


# --- All of them, and taking one away ---------------------------------------------------------------------


def test_everybody_of_the_town_sees_its_pictures(cast: Cast, ben: Client, vera: Client, olaf: Client):
    one, other = factories.picture(cast.larkspur), factories.picture(cast.fairmont, "Fairmont's bay")
    html = text(vera.get(ALL))
    assert f"![The river walk](image:{one.pk})" in html
    assert "Remove" not in html
    assert "Fairmont" not in html
    assert f"{ALL}{one.pk}/remove/" in text(ben.get(ALL))
    assert olaf.get(ALL).status_code == 404
    assert f"image:{other.pk}" in text(olaf.get("/fairmont/plan/pictures/"))


def test_the_list_takes_a_fixed_number_of_queries(cast: Cast, vera: Client, django_assert_num_queries):
    for _ in range(2):
        factories.picture(cast.larkspur)
        with django_assert_num_queries(5):
            vera.get(ALL)


def test_who_may_remove_a_picture(cast: Cast, disk: Path, django_capture_on_commit_callbacks):
    one = factories.picture(cast.larkspur)
    url = f"{ALL}{one.pk}/remove/"
    assert {name: signed_in(cast[name]).get(url).status_code for name in EVERYBODY} == {
        "vera": 403,
        "olaf": 404,
        "ben": 200,
        "ana": 200,
        "lena": 200,
    }
    for name, code in (("vera", 403), ("olaf", 404)):
        assert signed_in(cast[name]).post(url).status_code == code
    assert len(lying(disk)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in(cast.ben).post(url)["Location"] == ALL
    assert (Picture.objects.count(), lying(disk)) == (0, [])
    assert [(h.history_type, h.history_user) for h in Picture.history.filter(id=one.pk)] == [
        ("-", cast.ben),
        ("+", cast.ana),
    ]


def test_a_picture_that_a_text_shows_stays(cast: Cast, ben: Client, disk: Path):
    one = factories.picture(cast.larkspur)
    write(cast, f"See ![it](image:{one.pk}).")
    assert "cannot be removed" in text(ben.get(f"{ALL}{one.pk}/remove/"))
    response = ben.post(f"{ALL}{one.pk}/remove/")
    assert response.status_code == HTTPStatus.CONFLICT
    assert "It stands in the text of these sections. Take it out of them first." in text(response)
    assert '<li><a href="/larkspur/plan/approach/">Our approach</a></li>' in text(response)
    assert (Picture.objects.count(), len(lying(disk))) == (1, 1)


def test_a_longer_number_is_no_use_of_a_picture(cast: Cast):
    one = factories.picture(cast.larkspur)
    write(cast, f"![it](image:{one.pk}0) and image:{one.pk}")
    assert pictures.uses(one) == []


# --- The PDF ----------------------------------------------------------------------------------------------


def figures(pdf: bytes) -> list[str]:
    """The alternative texts of the figures that are tagged in it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        elements = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        return [str(one.Alt) for one in elements]


@pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning")
def test_the_pdf_shows_pictures_as_figures_and_keeps_to_both_standards(cast: Cast, tmp_path: Path):
    rows = [factories.picture(cast.larkspur, width=900, height=500)]
    for name, content in (
        ("gray.png", drawn(mode="L", color=90)),
        ("photo.jpg", drawn("JPEG", size=(1600, 1200))),
        ("gray.jpg", drawn("JPEG", mode="L", color=90)),
        ("clear.webp", drawn("WEBP", mode="RGBA", color=(9, 99, 9, 99))),
    ):
        assert signed_in(cast.ben).post(ADD, sent(name, content, name)).status_code == 302
        rows.append(Picture.objects.latest("pk"))
    other = factories.picture(cast.fairmont, "Fairmont's bay")
    listed = "\n\n".join(f"{n}. Item\n\n   ![Words {n}](image:{one.pk})" for n, one in enumerate(rows[1:], start=1))
    write(cast, f"![The walk & “more”](image:{rows[0].pk})\n\n{listed}\n\n![Bay](image:{other.pk})")
    document = queries.plan_document(cast.larkspur)
    assert [one.number for one in document.pictures] == [one.pk for one in rows]
    pdf = finished.PDF.finished(document)
    alternatives = figures(pdf)
    assert [words for words in alternatives if words.startswith(("The walk", "Words", "Bay"))] == [
        "The walk & “more”",
        "Words 1",
        "Words 2",
        "Words 3",
        "Words 4",
    ]
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf)
    assert pdfcheck.faults(path) == ""


@pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning")
def test_a_picture_whose_file_is_gone_costs_no_pdf(cast: Cast, vera: Client):
    one = factories.picture(cast.larkspur)
    write(cast, f"![The walk](image:{one.pk})")
    with_picture = queries.plan_document(cast.larkspur)
    Path(one.file.path).unlink()
    document = queries.plan_document(cast.larkspur)
    assert (len(with_picture.pictures), document.pictures) == (1, ())
    assert vera.get(PDF).content.startswith(b"%PDF-")


def test_a_document_with_pictures_takes_one_query_more(cast: Cast, django_assert_num_queries):
    numbers = [factories.picture(cast.larkspur).pk for _ in range(3)]
    with django_assert_num_queries(22):
        queries.plan_document(cast.larkspur)
    for body in (f"![x](image:{numbers[0]})", " ".join(f"![x](image:{n})" for n in numbers)):
        write(cast, body)
        with django_assert_num_queries(23):
            queries.plan_document(cast.larkspur)


def test_the_word_file_shows_pictures_with_their_words(cast: Cast, vera: Client):
    one = factories.picture(cast.larkspur, "The river walk")
    write(
        cast, f"Before ![The walk on a Sunday](image:{one.pk}) after\n\n| a |\n|---|\n| ![In a table](image:{one.pk}) |"
    )
    response = vera.get("/larkspur/plan/export.docx")
    file = docx.Document(io.BytesIO(response.content))
    described = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
    assert described.count("The walk on a Sunday") == 1
    assert any(paragraph.text == "Before  after" for paragraph in file.paragraphs)
    assert any("In a table" in cell.text for table in file.tables for row in table.rows for cell in row.cells)
    Path(one.file.path).unlink()
    without = docx.Document(io.BytesIO(vera.get("/larkspur/plan/export.docx").content))
    assert "The walk on a Sunday" in " ".join(paragraph.text for paragraph in without.paragraphs)

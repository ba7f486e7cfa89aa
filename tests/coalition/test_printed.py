"""The roster and the attendance sheet on paper: who may take them, what stands in them, whatever was typed."""

import datetime
import re
from pathlib import Path

import pypdfium2
import pytest
from django.test import Client
from django.utils.html import escape

from coalition import services
from coalition.export import printed, sheet
from coalition.models import Meeting, Person
from documents.apart import RenderError
from municipalities.records import overwrite
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in

FILES = "/larkspur/coalition/files/"
ROSTER = f"{FILES}roster.pdf"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
HOSTILE = "<b>Acme</b> & {{ 7|add:7 }} \u202eשלום\u202c مرحبا \U0001f3d9 漢字"


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is the HTML that it is drawn from."""
    monkeypatch.setattr(printed, "render_pdf", str.encode)


def html(client: Client, query: str = "") -> str:
    return client.get(ROSTER + query).content.decode()


def lines(page: str) -> list[list[str]]:
    """The words of each line's cells."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>", 1)[-1], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows if 'scope="col"' not in row]
    return [[re.sub(r"<[^>]+>", "", cell.replace("<br>", "|")) for cell in row] for row in cells]


def many(cast: Cast, size: int) -> None:
    for n in range(size):
        row = factories.partner(cast.larkspur, name=f"Org {n:03}", sector=("faith", "business", "anchor")[n % 3])
        factories.person(row, f"Second {n}", title="Dean", email=f"second{n}@x.example", phone="555 0100")


@pytest.mark.usefixtures("undrawn")
def test_who_sees_contacts_takes_it_and_nobody_else(cast: Cast):
    codes = {name: signed_in(cast[name]).get(ROSTER).status_code for name in NAMES}
    assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}
    assert signed_in(cast.ana).post(ROSTER).status_code == 405


@pytest.mark.usefixtures("undrawn")
def test_it_is_a_file_that_nothing_keeps(ben: Client):
    response = ben.get(ROSTER)
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == 'attachment; filename="larkspur-roster.pdf"'


@pytest.mark.usefixtures("undrawn")
def test_everybody_stands_under_their_sector_in_the_guides_order(cast: Cast, ben: Client):
    chapel = factories.partner(cast.larkspur, name="Chapel", sector="faith", person="Odessa", status="committed")
    factories.person(chapel, "Kim", title="Deacon", role="champion", email="kim@x.example", phone="555 0100")
    factories.partner(cast.larkspur, name="Acme", sector="business", person="")
    factories.partner(cast.larkspur, name="Desmond", person="Desmond", sector="business", individual=True)
    page = html(ben)
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Business", "Faith-based"]
    assert lines(page) == [
        ["Acme", "Identified", "nobody yet", "–", "–"],
        ["Desmond", "Identified", "speaks for themself", "Stakeholder partner", "–"],
        ["Chapel", "Committed", "Odessa", "Stakeholder partner", "–"],
        ["Chapel", "Committed", "Kim|Deacon", "Champion", "kim@x.example|555 0100"],
    ]
    assert "3 partners, 3 people" in page
    assert "All partners" in page
    assert "Holds personal data: for the team only" in page
    assert "<title>Larkspur County: Coalition roster</title>" in page
    assert '<html lang="en-US">' in page


@pytest.mark.usefixtures("undrawn")
def test_lived_experience_and_notes_never_stand_in_it(cast: Cast, ben: Client):
    row = factories.partner(cast.larkspur, name="Desmond", sector="residents", notes="Hush")
    factories.person(row, "Lee", notes="Whisper", lived_experience=True)
    page = html(ben, "?lived=on&sector=residents")
    assert "Lee" in page
    assert "Sector: Residents" in page
    assert not re.search("lived|poverty|Hush|Whisper", page, re.IGNORECASE)


@pytest.mark.usefixtures("undrawn")
def test_the_filter_of_the_list_holds_and_is_said(cast: Cast, ben: Client):
    factories.partner(cast.larkspur, name="Acme", sector="business", status="committed")
    factories.partner(cast.larkspur, name="Chapel", sector="faith", person="Odessa")
    page = html(ben, "?sector=faith&status=identified&text=CHAP&due=nonsense")
    assert ("Odessa" in page, "Acme" in page) == (True, False)
    assert "Filter: Name or notes contain: CHAP · Sector: Faith-based · Status: Identified</p>" in page
    assert "1 partner, 1 person" in page
    assert "No partner fits the filter." in html(ben, "?text=nobody-of-that-name")


@pytest.mark.usefixtures("undrawn")
def test_an_empty_roster_says_so(ben: Client):
    page = html(ben)
    assert "Nobody is on the roster yet." in page
    assert "0 partners, 0 people" in page
    assert "<table" not in page


@pytest.mark.usefixtures("undrawn")
def test_what_was_typed_stays_text_and_turns_nothing_around(cast: Cast, ben: Client):
    row = factories.partner(cast.larkspur, name=HOSTILE, person=HOSTILE)
    factories.person(row, "Lee", title=HOSTILE, phone="<i>1</i>")
    overwrite(cast.larkspur, by=None, name="<u>Larkspur</u>")
    page = html(ben, "?text=%3Cb%3E")
    assert not re.search(r"<[biu]>|\u202e", page)
    assert escape("<b>Acme</b> & {{ 7|add:7 }} ") + "שלום" in page
    assert "Name or notes contain: &lt;b&gt;" in page
    assert "&lt;u&gt;Larkspur&lt;/u&gt;" in page
    assert "Characters without a shape in our fonts" in page


@pytest.mark.usefixtures("undrawn")
def test_another_town_is_not_in_it(cast: Cast, ben: Client):
    factories.partner(cast.fairmont, name="Zanzibarium", person="Zora")
    assert not re.search("Zanzibarium|Zora", html(ben))
    assert Person.objects.filter(name="Zora").exists()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("size", [3, 60])
def test_queries_do_not_grow_with_the_roster(cast: Cast, ben: Client, size: int, django_assert_num_queries):
    many(cast, size)
    with django_assert_num_queries(5):
        assert len(lines(html(ben))) == 2 * size


@pytest.mark.one_engine
def test_the_pdf_passes_both_profiles_and_repeats_its_heads(cast: Cast, ben: Client, tmp_path: Path):
    empty, long = tmp_path / "empty.pdf", tmp_path / "long.pdf"
    empty.write_bytes(ben.get(ROSTER).content)
    many(cast, 45)
    factories.partner(cast.larkspur, name=HOSTILE[:200], person="W" * 150, sector="faith")
    long.write_bytes(ben.get(ROSTER).content)
    assert pdfcheck.faults(empty, long) == ""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(long)]
    assert len(pages) > 3
    assert all("Person and title" in page and "For the team only" in page for page in pages)
    assert sum(page.count("Second ") for page in pages) == 45


def test_a_pdf_that_cannot_be_made_is_owned_up_to(ben: Client, monkeypatch: pytest.MonkeyPatch):
    def fail(_html: str) -> bytes:
        raise RenderError("No ink.")

    monkeypatch.setattr(printed, "render_pdf", fail)
    response = ben.get(ROSTER)
    assert response.status_code == 500
    assert "The PDF could not be made" in response.content.decode()


def test_the_page_of_exports_offers_it_for_the_filter(ben: Client):
    page = ben.get(f"{FILES}?sector=faith").content.decode()
    assert f'formaction="{ROSTER}">Printable roster (PDF)</button>' in page


# --- The attendance sheet -------------------------------------------------------------------------------------


def planned(cast: Cast, people: int, *, title: str = "First session") -> Meeting:
    """A meeting of a group of so many."""
    group = services.add_group(municipality=cast.larkspur, values={"name": "Homes & <b>parks</b>"}, by=cast.ana)
    college = factories.partner(cast.larkspur, person="")
    for n in range(people):
        person = factories.person(college, f"Person {n:02}")
        services.join_group(municipality=cast.larkspur, group=group.pk, person=person.pk, by=cast.ana)
    when = {"on": datetime.date(2026, 12, 8), "starts": datetime.time(10), "ends": datetime.time(11, 30)}
    values = {"title": title, "place": "Library", **when}
    return services.add_meeting(municipality=cast.larkspur, group=group.pk, values=values, by=cast.ana)


def test_the_sheet_names_who_is_awaited_and_leaves_room_for_others(
    cast: Cast, vera: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sheet, "render_pdf", str.encode)
    row = planned(cast, 2)
    response = vera.get(f"/larkspur/coalition/meetings/{row.pk}/sheet.pdf")
    assert response["Content-Disposition"] == 'attachment; filename="attendance-2026-12-08.pdf"'
    page = response.content.decode()
    assert "December 8, 2026, 10:00 a.m. to 11:30 a.m. · Library" in page
    assert "Homes &amp; &lt;b&gt;parks&lt;/b&gt;" in page
    assert re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page) == [
        *((f"Person 0{n}", "Larkspur Community College") for n in range(2)),
        *((str(n), "&nbsp;") for n in range(1, 9)),
    ]
    codes = {name: signed_in(cast[name]).get(response.request["PATH_INFO"]).status_code for name in ("ana", "olaf")}
    assert codes == {"ana": 200, "olaf": 404}


@pytest.mark.one_engine
def test_the_sheet_passes_both_profiles(cast: Cast, ben: Client, tmp_path: Path):
    alone, long = tmp_path / "alone.pdf", tmp_path / "long.pdf"
    for path, people, title in ((alone, 0, HOSTILE[:200]), (long, 60, "x")):
        row = planned(cast, people, title=title)
        path.write_bytes(ben.get(f"/larkspur/coalition/meetings/{row.pk}/sheet.pdf").content)
    assert pdfcheck.faults(alone, long) == ""
    words = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(long))
    assert words.count("Person ") == 60

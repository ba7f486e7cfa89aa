"""The coalition out and in as files: whatever program wrote them, all of it or nothing, and nothing lost on the way."""

import datetime
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from coalition.exchange import applying, columns, planning, table, uploads, writing
from coalition.exchange.applying import CancelledError, ChangedError, FaultyError, apply
from coalition.exchange.table import Table, TableError
from coalition.models import Partner, Person, Upload
from municipalities.records import overwrite
from tests import factories
from tests.conftest import Cast, signed_in

FILES = "/larkspur/coalition/files/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
HEAD = "organization,sector,person,email"
HOSTILE = ["=1+1", "'=quoted", "@sum", "-2", 'Zoë, "the" <b>', "שלום", "🏙 Nguyễn", "a;b|c, d"]


def read(text: str, name: str = "roster.csv") -> Table:
    return table.read(name, text.encode())


def planned(cast: Cast, text: str | Table) -> planning.Plan:
    found = read(text) if isinstance(text, str) else text
    return planning.plan(cast.larkspur, found, columns.proposed(found.header))


def brought(cast: Cast, text: str | Table, **more: Any) -> planning.Plan:
    found = read(text) if isinstance(text, str) else text
    mapping = columns.proposed(found.header)
    told: dict[str, Any] = {"mark": planned(cast, found).mark, "step": lambda _done, _total: None, **more}
    return apply(municipality=cast.larkspur, table=found, mapping=mapping, by=cast.ben, because="Import of x", **told)


def faults(cast: Cast, text: str) -> list[str]:
    return [str(fault) for fault in planned(cast, text).faults]


def everything() -> list[tuple[Any, ...]]:
    partners = Partner.objects.order_by("pk").values_list("pk", "version", *Partner.FIELDS)
    people = Person.objects.order_by("pk").values_list("pk", "version", "partner_id", *Person.FIELDS)
    return [*partners, *people]


def excel(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- Reading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"organization,sector\nZo\xc3\xab,faith\n",
        b"\xef\xbb\xbforganization,sector\r\nZo\xc3\xab,faith\r\n",
        b"organization;sector\nZo\xc3\xab;faith\n",
        b"organization\tsector\nZo\xc3\xab\tfaith\n",
        b"organization,sector\nZo\xeb,faith\n",
        "organization,sector\nZoë,faith\n".encode("utf-16"),
        "Partners of 2026,\n,\nOrganisation,Sector\nZoë,faith\n,\nOrganisation,Sector\n".encode(),
        b'"organization","sector"\n"Zo\xc3\xab","faith"',
    ],
)
def test_a_text_file_is_read_whatever_program_wrote_it(cast: Cast, raw: bytes):
    found = table.read("roster.CSV", raw)
    assert [cells for _line, cells in found.rows] == [("Zoë", "faith")]
    assert columns.proposed(found.header) == {0: "organization", 1: "sector"}


def test_empty_lines_do_not_use_up_how_many_are_read():
    rows: list[list[Any]] = [["organization"], *([[None]] * (table.MAX_ROWS + 50)), ["Last"]]
    assert table.read("roster.xlsx", excel(rows)).rows == ((table.MAX_ROWS + 52, ("Last",)),)
    with pytest.raises(TableError, match="more than 6,000 lines"):
        table.read("roster.xlsx", excel([["organization"], *([["A"]] * table.MAX_ROWS)]))


def test_lines_keep_their_numbers_where_cells_hold_line_breaks():
    found = read('organization,notes\n"A","one\ntwo"\nB,three\n')
    assert found.rows == ((2, ("A", "one\ntwo")), (4, ("B", "three")))


def test_an_excel_file_is_read_as_it_looks():
    rows: list[list[Any]] = [["Our partners"], ["Org", "Asked on", "Hours a week"]]
    rows.append(["Acme", datetime.date(2026, 11, 2), 3.0])
    found = table.read("roster.xlsx", excel(rows))
    assert found.rows == ((3, ("Acme", "2026-11-02", "3")),)
    assert columns.proposed(found.header) == {0: "organization", 1: "asked_on"}


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("roster.pdf", b"x", "Choose a file that ends in .csv or .xlsx."),
        ("roster.csv", b"", "There is nothing in the file."),
        ("roster.csv", b" , ,\n\n", "There is nothing in the file."),
        ("roster.csv", b"organization\n", "There is no line below the names of the columns."),
        ("roster.csv", b"\x89PNG\r\n\x00\x81", "This is not a text file"),
        ("roster.csv", b'organization\n"Acme', "Line 2 cannot be read"),
        ("roster.csv", b"x" * (table.MAX_BYTES + 1), "The file is larger than 5 MB."),
        ("roster.csv", b"organization\n" + b"A\n" * table.MAX_ROWS, "The file has more than 6,000 lines."),
        ("roster.csv", b"organization" + b",x" * 300 + b"\nA", "The file has 301 columns; keep at most 300."),
        ("roster.xlsx", b"PK\x03\x04nothing", "This is not an Excel file"),
        ("roster.xlsx", b"", "This is not an Excel file"),
    ],
)
def test_what_is_no_table_is_said_in_a_line(name: str, raw: bytes, why: str):
    with pytest.raises(TableError) as refused:
        table.read(name, raw)
    assert str(refused.value).startswith(why)


def test_three_hundred_columns_are_read_and_the_known_ones_proposed():
    found = read("organization" + ",odd" * 298 + ",E-Mail\nA" + "," * 299)
    assert (len(found.header), columns.proposed(found.header)) == (300, {0: "organization", 299: "email"})


def test_the_columns_of_other_peoples_rosters_are_known():
    head = ("Org", "Contact Person", "E-mail", "Phone number", "Job Title", "Type", "Remarks", "Name", "???")
    assert list(columns.proposed(head).values()) == [
        "organization", "person", "email", "phone", "title", "sector", "organization_notes",
    ]  # fmt: skip
    assert columns.checked({0: "email", 1: "email"}) == [
        "“E-mail” is chosen for more than one column.",
        "Say which column holds the organization or the person.",
    ]


# --- What it would do -------------------------------------------------------------------------------------


def test_every_fault_is_named_by_its_line_and_nothing_else_is_said(cast: Cast):
    factories.partner(cast.larkspur, name="Twin", sector="faith")
    factories.partner(cast.larkspur, name="TWIN", sector="faith")
    kim = factories.partner(cast.larkspur, name="Elsewhere").people.get()
    overwrite(kim, by=None, email="kim@x.example")
    text = "\n".join(
        [
            "organization,sector,status,person,email,phone,hours,asked_on,listed,website,role",
            "Good,faith,committed,Ann,ann@x.example,555 0100,4,3/31/2027,yes,good.example,Data lead",
            "No sector,,,,,,,,,,",
            "Odd,circus,perhaps,,,,,,,,",
            "Odd,faith,,Bob,bob,call,00805,31 Mar,maybe,javascript:x,clown",
            ",,,,lost@x.example,,,,,,",
            "Good,education,,,,,,,,,",
            "Good,,,Ann Other,ANN@x.example,,,,,,",
            "Twin,,,,,,,,,,",
            "Other,faith,,Kim,kim@x.example,,,,,,",
            "Other,,,,x@x.example,,,,,,",
            "a\u202eb,faith,,,,,,,,,",
            "\u200b,faith,,,,,,,,,",
        ]
    )
    known = "use one of: "
    found = faults(cast, text)
    assert [line.split(known)[0] for line in found] == [
        "Line 3: Sector: is needed for “No sector”, which is new",
        "Line 4: Sector: “circus” is not known; ",
        "Line 4: Status of the request: “perhaps” is not known; ",
        "Line 5: E-mail: Enter a valid email address.",
        "Line 5: Phone: Use digits, spaces and + ( ) - . / x only.",
        "Line 5: Hours a week: “00805” is not a whole number of hours from 0 to 80",
        "Line 5: Asked on: “31 Mar” is not a date (write it like 2027-03-31 or 3/31/2027)",
        "Line 5: Organization agreed to be named (yes or no): “maybe” is neither yes nor no",
        "Line 5: Website: Enter a valid URL.",
        "Line 5: Role in the work: “clown” is not known; ",
        "Line 6: neither an organization nor a person is named",
        "Line 7: Sector: differs from what line 2 says of “Good”",
        "Line 8: Ann Other, or their e-mail address, is on line 2 already",
        "Line 9: two partners here are called “Twin”; merge them first",
        "Line 10: kim@x.example belongs to Kim Doe of “Elsewhere” here",
        "Line 11: whose title, e-mail address or phone number is this? No person is named",
        "Line 12: Organization: Take out the hidden control character (U+202E) and try again.",
        "Line 13: Organization: Use at least one letter or digit.",
    ]
    before = everything()
    with pytest.raises(FaultyError):
        brought(cast, text)
    assert everything() == before


def test_a_small_file_is_held_against_whom_it_may_mean_and_nobody_else(cast: Cast):
    lines = [f"Organization {n},faith,Person {n}-{m},p{n}-{m}@x.example" for n in range(200) for m in range(4)]
    brought(cast, "\n".join([HEAD, *lines]))
    with CaptureQueriesContext(connection) as asked:
        planned(cast, "\n".join([HEAD, *lines[:50]]))
    partners, people, *_rest = (query["sql"] for query in asked.captured_queries)
    assert ("name_folded" in partners, "name_folded" in people, "email_folded" in people) == (True, True, True)
    if connection.vendor == "sqlite":
        # It would go through everybody, did an import not tell it how many they are.
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {people}")
            ways = [row[3] for row in cursor.fetchall() if "SEARCH coalition_person" in row[3]]
        assert [way.partition(" (")[2] for way in ways] == ["name_folded=?)", "email_folded=?)"]


@pytest.mark.parametrize("many", [planning.MANY, 0], ids=["a small file", "a large file"])
def test_people_are_found_by_address_then_by_name_and_only_in_this_town(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, many: int
):
    monkeypatch.setattr(planning, "MANY", many)
    college = factories.partner(cast.larkspur, name="College")
    lee = factories.person(college, "Lee Poe", email="Lee@x.example")
    elsewhere = factories.partner(cast.fairmont, name="College", person="")
    factories.person(elsewhere, "Kim Doe", email="new@x.example")
    text = "\n".join(
        [
            "organization,sector,person,email,title",
            "COLLEGE,,Leona Poe,lee@X.example,Dean",
            "College,,KIM DOE,new@x.example,Chair",
            "Bank,Financial institutions,Kim Doe,,Teller",
        ]
    )
    brought(cast, text)
    assert list(Person.objects.of(cast.larkspur).order_by("pk").values_list("name", "email", "title")) == [
        ("Kim Doe", "new@x.example", "Chair"),
        ("Leona Poe", "Lee@x.example", "Dean"),
        ("Kim Doe", "", "Teller"),
    ]
    lee.refresh_from_db()
    assert (lee.version, lee.updated_by) == (2, cast.ben)
    assert Person.objects.of(cast.fairmont).get().title == ""


def test_two_of_one_name_are_told_apart_by_their_addresses(cast: Cast):
    college = factories.partner(cast.larkspur, name="College", person="")
    for n in (1, 2):
        factories.person(college, "Kim Doe", email=f"kim{n}@x.example")
    told = "organization,person,email,title\nCollege,Kim Doe,kim2@x.example,Chair\nCollege,Kim Doe,kim3@x.example,New\n"
    brought(cast, told)
    assert list(Person.objects.order_by("pk").values_list("email", "title")) == [
        ("kim1@x.example", ""),
        ("kim2@x.example", "Chair"),
        ("kim3@x.example", "New"),
    ]
    factories.person(college, "Kim Doe")
    factories.person(college, "Kim Doe")
    assert faults(cast, "organization,person\nCollege,Kim Doe\n") == [
        "Line 2: two people called Kim Doe are here; give their e-mail addresses"
    ]


def test_an_empty_cell_leaves_what_stands_there(cast: Cast):
    row = factories.partner(cast.larkspur, name="College", notes="Old friends", pillars=("work",))
    brought(cast, "organization,sector,notes,pillars,status\nCollege,,,,Committed\n")
    row.refresh_from_db()
    assert (row.sector, row.notes, row.pillars, row.status) == ("education", "Old friends", ("work",), "committed")


def test_a_person_without_an_organization_speaks_for_themself(cast: Cast):
    brought(cast, "person,sector,phone\nDesmond Farragher,residents,555 0100\n")
    row = Partner.objects.get()
    assert (row.name, row.individual, row.sector, row.people.get().phone) == (
        "Desmond Farragher", True, "residents", "555 0100",
    )  # fmt: skip
    for line, wrong in {
        "Desmond Farragher,yes,Somebody Else": "a person who speaks for themself has one name, in either column",
        ",no,Desmond Farragher": "Desmond Farragher does not speak for themself, so an organization is needed",
        f"{'x' * 151},yes,": "the name of a person is longer than 150 characters",
    }.items():
        told = planned(cast, f"organization,individual,person\n{line}\n")
        assert [fault.text for fault in told.faults] == [wrong]
    assert planned(cast, "person,phone\nDesmond Farragher,555 0100\n").total == 0


# --- All of it or nothing ---------------------------------------------------------------------------------


def test_what_is_written_has_its_author_its_reason_and_its_history(cast: Cast):
    old = factories.partner(cast.larkspur, name="College", sector="education")
    found = brought(cast, f"{HEAD},title\nAcme,business,Ann,ann@x.example,\nCollege,anchor,Kim Doe,,Dean\n")
    assert (found.total, len(found.new_partners), len(found.changed_people)) == (4, 1, 1)
    for row in (Partner.objects.get(name="Acme"), Person.objects.get(name="Ann")):
        line = row.history.get()
        assert (line.history_type, line.history_user, line.history_change_reason) == ("+", cast.ben, "Import of x")
    old.refresh_from_db()
    changed = old.history.first()
    assert (changed.history_type, changed.sector, changed.version) == ("~", "anchor", 2)
    assert (changed.history_user, changed.history_change_reason) == (cast.ben, "Import of x")
    assert (old.version, old.updated_by) == (2, cast.ben)


def test_an_organization_and_its_person_of_one_name_stay_two(cast: Cast):
    row = factories.partner(cast.larkspur, name="Ada Lane", person="Ada Lane")
    taken = table.read("x.csv", writing.as_csv(Partner.objects.all(), lived=False).encode())
    found = planned(cast, taken)
    assert (found.total, found.same, [str(fault) for fault in found.faults]) == (0, 2, [])
    assert row.individual is False


def test_an_import_that_is_stopped_between_portions_stores_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(applying, "PORTION", 2)
    factories.partner(cast.larkspur, name="College")
    text = f"{HEAD}\n" + "\n".join(f"Org {n},faith,Person {n},p{n}@x.example" for n in range(7))
    before, told = everything(), []

    def step(done: int, total: int) -> None:
        told.append((done, total))
        if done >= 10:
            raise CancelledError

    with pytest.raises(CancelledError):
        brought(cast, text, step=step)
    assert told == [(0, 14), (2, 14), (4, 14), (6, 14), (7, 14), (9, 14), (11, 14)]
    assert everything() == before
    assert Partner.history.count() == 1


def test_what_was_looked_at_is_what_is_done(cast: Cast):
    row = factories.partner(cast.larkspur, name="College")
    text = "organization,status\nCollege,committed\n"
    seen = planned(cast, text)
    overwrite(row, by=cast.ana, notes="Ana was here")
    with pytest.raises(ChangedError):
        brought(cast, text, mark=seen.mark)
    assert Partner.objects.get().status == "identified"


# --- Out and in again -------------------------------------------------------------------------------------


@pytest.fixture
def hostile(cast: Cast) -> Cast:
    """Partners and people with everything filled in, in ways that spreadsheets like to spoil."""
    on = datetime.date(2026, 11, 2)
    for n, text in enumerate(HOSTILE):
        row = factories.partner(
            cast.larkspur,
            person="",
            name=f"{text} Org",
            sector="faith",
            pillars=("work", "health"),
            levers=("data",),
            website="https://example.org/?a=1&b=2",
            notes=f"{text}\nsecond line",
            listed=bool(n % 2),
            status="asked",
            asked_by=text if any(char.isalnum() for char in text) else "Ana",
            asked_on=on,
            ask=text,
            offer=text,
            follow_up_on=on,
        )
        for twin in (1, 2):
            factories.person(
                row, f"{text} x", title=f"{text} t", email=f"p{n}-{twin}@x.example", phone="+1 (555) 0100 x3",
                role="data_lead", department=f"{text} d", hours=4, notes=text, listed=True,
            )  # fmt: skip
    factories.partner(cast.larkspur, name="Nobody Inc", person="")
    factories.partner(cast.larkspur, name="Desmond Farragher", individual=True, sector="residents")
    return cast


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_out_and_in_again_changes_nothing(hostile: Cast, kind: str):
    rows = Partner.objects.of(hostile.larkspur).as_read()
    make = {
        "csv": lambda: writing.as_csv(rows, lived=False).encode(),
        "xlsx": lambda: writing.as_excel(rows, lived=False),
    }
    found = planned(hostile, table.read(f"x.{kind}", make[kind]()))
    assert ([str(fault) for fault in found.faults], found.total, found.same) == ([], 0, 27)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_into_an_empty_town_nothing_is_lost(hostile: Cast, kind: str):
    rows = Partner.objects.of(hostile.larkspur).as_read()
    make = {
        "csv": lambda: writing.as_csv(rows, lived=True).encode(),
        "xlsx": lambda: writing.as_excel(rows, lived=True),
    }
    taken = table.read(f"x.{kind}", make[kind]())
    mapping = columns.proposed(taken.header)
    mark = planning.plan(hostile.fairmont, taken, mapping).mark
    apply(
        municipality=hostile.fairmont, table=taken, mapping=mapping, mark=mark, by=hostile.olaf, because="x",
        step=lambda _done, _total: None,
    )  # fmt: skip

    def of(place: Any) -> Any:
        return (
            sorted(map(str, Partner.objects.of(place).values_list(*Partner.FIELDS))),
            sorted(map(str, Person.objects.of(place).values_list("partner__name", *Person.FIELDS))),
        )

    assert of(hostile.fairmont) == of(hostile.larkspur)


def test_no_cell_of_a_file_is_a_formula(hostile: Cast):
    rows = Partner.objects.of(hostile.larkspur).as_read()
    text = writing.as_csv(rows, lived=False)
    assert ",=1+1" not in text
    assert ",'=1+1 Org" in text.replace("\n'", ",'")
    sheet = load_workbook(io.BytesIO(writing.as_excel(rows, lived=False))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.quotePrefix for cell in cells)


def test_lived_experience_goes_out_only_where_it_is_asked_for(cast: Cast, ben: Client):
    row = factories.partner(cast.larkspur, name="Desmond Farragher", individual=True, sector="residents")
    overwrite(row.people.get(), by=None, lived_experience=True)
    plain = ben.get(f"{FILES}coalition.csv").content.decode()
    assert ("lived_experience" in plain, "residents" in plain, "Desmond Farragher" in plain) == (False, False, True)
    told = ben.get(f"{FILES}coalition.csv?lived=on").content.decode()
    assert ("lived_experience" in told, "residents" in told, ",yes\n" in told) == (True, True, True)
    card = ben.get(f"{FILES}coalition.vcf?lived=on").content.decode()
    assert ("FN:Desmond Farragher" in card, "lived" in card, "ORG" in card) == (True, False, False)


def test_a_vcard_tells_how_somebody_is_reached_and_breaks_out_of_no_line(cast: Cast, ben: Client):
    row = factories.partner(cast.larkspur, name="Acme; Sons, Inc\\", person="")
    factories.person(row, "Ann O'Neil", email="ann@x.example", phone="555 0100", title="Chief", notes="secret")
    card = ben.get(f"{FILES}coalition.vcf").content.decode()
    assert card.count("BEGIN:VCARD") == 1
    lines = card.replace("\r\n ", "").split("\r\n")
    for line in ("FN:Ann O'Neil", "EMAIL:ann@x.example", "TEL:555 0100", "TITLE:Chief", "N:O'Neil;Ann;;;"):
        assert line in lines
    assert "ORG:Acme\\; Sons\\, Inc\\\\" in lines
    assert "secret" not in card


# --- Pages ------------------------------------------------------------------------------------------------


def send(client: Client, text: str | bytes, name: str = "roster.csv") -> Any:
    raw = text.encode() if isinstance(text, str) else text
    return client.post(FILES, {"file": SimpleUploadedFile(name, raw)})


def test_files_are_for_those_who_may_see_contacts_and_imports_for_those_who_write(cast: Cast):
    kinds = [FILES, *(f"{FILES}coalition.{kind}" for kind in ("csv", "xlsx", "vcf"))]
    for url in kinds:
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}, url
    codes = {name: send(signed_in(cast[name]), f"{HEAD}\nAcme,faith,,\n").status_code for name in NAMES}
    assert codes == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert signed_in(cast.ana).get(f"{FILES}coalition.pdf").status_code == 404


def test_nobody_but_its_owner_sees_an_upload(cast: Cast, ben: Client, ana: Client):
    url = send(ben, f"{HEAD}\nAcme,faith,Ann,ann@x.example\n")["Location"]
    for client, code in ((ben, 200), (ana, 404), (signed_in(cast.olaf), 404), (signed_in(cast.vera), 403)):
        assert [client.get(f"{url}{part}").status_code for part in ("", "preview/", "progress/")] == [code] * 3
    assert [ana.post(f"{url}{part}").status_code for part in ("preview/", "stop/", "forget/")] == [404] * 3
    assert not Partner.objects.exists()
    # The next file takes the place of the last; what is old goes with anybody's next file.
    Upload.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    send(ana, f"{HEAD}\nOther,faith,,\n")
    assert [upload.user for upload in Upload.objects.all()] == [cast.ana]


def test_a_file_is_matched_looked_at_and_brought_in(cast: Cast, ben: Client):
    factories.partner(cast.larkspur, name="College")
    text = "Group,Kind,Who,Mail\nAcme,faith,Ann,ann@x.example\nCollege,anchor,,\n"
    url = send(ben, text)["Location"]
    assert "Acme" in ben.get(url).content.decode()
    response = ben.post(url, {"column-3": "email"})
    assert response.status_code == 422
    assert "Say which column holds the organization or the person." in response.content.decode()
    chosen = {"column-0": "organization", "column-1": "sector", "column-2": "person", "column-3": "email"}
    preview = ben.post(url, chosen)["Location"]
    page = ben.get(preview)
    html = page.content.decode()
    found = page.context["plan"]
    assert [len(part) for part in (found.new_partners, found.new_people, found.changed)] == [1, 1, 1]
    assert "Import 3 entries" in html
    assert "Schools" not in html
    assert not Partner.objects.filter(name="Acme").exists()
    done = ben.post(preview, {"mark": found.mark}, follow=True)
    assert "3 entries written by roster.csv." in done.content.decode()
    assert Person.objects.get(email="ann@x.example").partner.name == "Acme"
    assert not Upload.objects.exists()


def test_faults_are_listed_by_line_and_nothing_can_be_imported(cast: Cast, ben: Client):
    url = send(ben, f"{HEAD}\n" + "\n".join(f"Org {n},circus,," for n in range(60)))["Location"]
    response = ben.get(f"{url}preview/")
    html = response.content.decode()
    assert (response.status_code, "60 things to put right" in html, "and 10 more" in html) == (422, True, True)
    assert "Line 2: Sector: “circus” is not known" in html
    assert "js-import" not in html.split("<main")[1]
    again = ben.post(f"{url}preview/", {"mark": response.context["plan"].mark}, follow=True)
    assert again.status_code == 422
    assert not Partner.objects.exists()


def test_what_changed_since_it_was_looked_at_is_shown_once_more(cast: Cast, ben: Client):
    row = factories.partner(cast.larkspur, name="College")
    url = send(ben, "organization,status\nCollege,committed\n")["Location"]
    mark = ben.get(f"{url}preview/").context["plan"].mark
    overwrite(row, by=cast.ana, status="asked")
    response = ben.post(f"{url}preview/", {"mark": mark}, follow=True)
    assert "The coalition was changed meanwhile." in response.content.decode()
    assert Partner.objects.get().status == "asked"
    sent = ben.post(f"{url}preview/", {"mark": response.context["plan"].mark}, headers={"HX-Request": "true"})
    assert (sent.status_code, sent["HX-Redirect"]) == (200, "/larkspur/coalition/")
    assert Partner.objects.get().status == "committed"


def test_an_import_tells_how_far_it_is_and_stops_where_it_is_told(
    cast: Cast, ben: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(applying, "PORTION", 1)
    url = send(ben, f"{HEAD}\nA,faith,,\nB,faith,,\nC,faith,,\n")["Location"]
    mark = ben.get(f"{url}preview/").context["plan"].mark
    told: list[dict[str, int]] = []
    step = uploads.Watch.step

    def watched(self: uploads.Watch, done: int, total: int) -> None:
        step(self, done, total)
        told.append(json.loads(ben.get(f"{url}progress/").content))
        if done == 1:
            assert ben.post(f"{url}stop/").status_code == 204

    monkeypatch.setattr(uploads.Watch, "step", watched)
    response = ben.post(f"{url}preview/", {"mark": mark}, follow=True)
    assert told == [{"done": 0, "total": 3}, {"done": 1, "total": 3}]
    assert "The import was stopped. Nothing was changed." in response.content.decode()
    assert not Partner.objects.exists()
    assert json.loads(ben.get(f"{url}progress/").content) == {"done": 0, "total": 0}
    # Told to stop while nothing goes on: the next one begins anew.
    monkeypatch.setattr(uploads.Watch, "step", step)
    ben.post(f"{url}stop/")
    ben.post(f"{url}preview/", {"mark": mark})
    assert Partner.objects.count() == 3


def test_leaving_keeps_nothing_of_the_file(ben: Client):
    url = send(ben, f"{HEAD}\nAcme,faith,,\n")["Location"]
    ben.post(f"{url}forget/")
    assert not Upload.objects.exists()


@pytest.mark.parametrize("files", [{}, {"file": ""}])
def test_no_file_is_said(ben: Client, files: dict[str, str]):
    response = ben.post(FILES, files)
    assert response.status_code == 422
    assert "Choose a file (csv or xlsx), at most 5 MB." in response.content.decode()


def test_the_filter_of_the_list_holds_for_the_files(cast: Cast, ben: Client):
    factories.partner(cast.larkspur, name="Acme", sector="business", status="committed")
    factories.partner(cast.larkspur, name="Chapel", sector="faith", person="Odessa")
    page = ben.get(f"{FILES}?sector=faith").content.decode()
    assert '<input type="hidden" name="sector" value="faith">' in page
    for kind in ("csv", "vcf"):
        text = ben.get(f"{FILES}coalition.{kind}?sector=faith").content.decode()
        assert ("Odessa" in text, "Acme" in text) == (True, False)


def test_the_empty_table_is_one_that_can_be_brought_in(ben: Client):
    raw = ben.get(f"{FILES}empty.csv").content
    head = table.read("x.csv", raw + b"Acme\n").header
    assert set(columns.proposed(head).values()) == set(columns.BY_KEY) - set(writing.PRIVATE)


@pytest.mark.parametrize("size", [3, 300])
def test_queries_do_not_grow_with_the_file(
    cast: Cast, ben: Client, size: int, django_assert_num_queries, django_assert_max_num_queries
):
    for n in range(size):
        factories.partner(cast.larkspur, name=f"Old {n}")
    url = send(ben, f"{HEAD}\n" + "\n".join(f"Org {n},faith,P {n},p{n}@x.example" for n in range(size)))["Location"]
    with django_assert_num_queries(7):
        mark = ben.get(f"{url}preview/").context["plan"].mark
    # A few queries a portion, never one a row.
    with django_assert_max_num_queries(20 + size // 10):
        ben.post(f"{url}preview/", {"mark": mark})
    for kind, queries in {"csv": 5, "vcf": 4}.items():
        with django_assert_num_queries(queries):
            ben.get(f"{FILES}coalition.{kind}")


@pytest.mark.parametrize("name", ["Desmond Farragher", "DESMOND FARRAGHER"])
def test_who_speaks_for_themself_and_stands_in_the_organizations_column_alone_is_found(cast: Cast, name: str):
    factories.partner(cast.larkspur, name="Desmond Farragher", person="Desmond Farragher", individual=True)
    file = f"organization,individual,phone\n{name},yes,555\n"
    plan = planned(cast, file)
    assert (plan.new_partners, plan.new_people, plan.faults) == ((), (), ())
    assert [entry.changes["phone"] for entry in plan.changed_people] == ["555"]
    brought(cast, file)
    assert [person.phone for person in Person.objects.of(cast.larkspur)] == ["555"]

"""Pages of the coalition, tried with the whole cast."""

import datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from coalition import services
from coalition.models import Contact, Partner, Person, Sector, Status
from mobility_planning.tasks import tasks
from municipalities.records import remove
from tests import factories
from tests.conftest import Cast, signed_in

ROSTER = "/larkspur/coalition/"
PEOPLE = f"{ROSTER}people/"
ADD = f"{ROSTER}new/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
NEW: dict[str, Any] = {
    "name": "Carrow Regional Hospital",
    "sector": "anchor",
    "pillars": ["health"],
    "levers": ["data", "trust"],
    "person": "Imre Vandersloot",
    "email": "imre@hospital.example",
    "phone": "(555) 0177 x2",
    "role": "facilitator",
    "status": "asked",
}
FACTS: dict[str, Any] = {"name": "Larkspur Community College", "sector": "education", "notes": "", "website": ""}
ASKED: dict[str, Any] = {
    "status": "identified",
    "asked_by": "",
    "ask": "",
    "offer": "",
    "asked_on": "",
    "follow_up_on": "",
}
SOMEBODY: dict[str, Any] = {
    "name": "Kim Doe",
    "title": "",
    "email": "",
    "phone": "",
    "role": "partner",
    "department": "",
    "hours": "",
    "notes": "",
}


@pytest.fixture
def college(cast: Cast) -> Partner:
    return factories.partner(cast.larkspur)


@pytest.fixture
def kim(college: Partner) -> Person:
    person: Person = college.people.get()
    return person


def page(row: Partner, part: str = "") -> str:
    return f"{ROSTER}partners/{row.pk}/{part}"


def restore(row: Partner) -> str:
    """The undo of the partner's removal, or of the nearest thing to one."""
    return f"{ROSTER}restore/{Partner.history.filter(id=row.pk).latest().history_id}/"


def text(response: Any) -> str:
    return str(response.content.decode())


def written() -> int:
    return sum(kind.history.count() for kind in (Partner, Person, Contact))


# --- Who may what -----------------------------------------------------------------------------------------


def test_members_read_the_coalition_and_strangers_find_nothing(cast: Cast, college: Partner):
    for url in (ROSTER, PEOPLE, page(college)):
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
        assert Client().get(url).status_code == 302


def test_the_forms_are_for_those_who_may_write(cast: Cast, college: Partner, kim: Person):
    parts = ("edit/", "request/", "remove/", "people/new/")
    for url in (ADD, *(page(college, part) for part in parts), f"{PEOPLE}{kim.pk}/"):
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}


@pytest.mark.parametrize(
    ("name", "code"), [("ana", 302), ("ben", 302), ("lena", 302), ("vera", 403), ("olaf", 404), (None, 302)]
)
def test_who_may_write(cast: Cast, college: Partner, kim: Person, name: str | None, code: int):
    client = signed_in(cast[name]) if name else Client()
    gone = factories.partner(cast.larkspur, name="Gone", person="")
    entry = services.remove_partner(municipality=cast.larkspur, pk=gone.pk, by=cast.ana)
    said = {"on": datetime.date(2026, 11, 2), "text": "Met."}
    line = services.log_contact(municipality=cast.larkspur, partner=college.pk, values=said, by=cast.ana)
    writes: list[tuple[str, dict[str, Any]]] = [
        (ADD, {**NEW, "person": ""} | {"email": "", "phone": ""}),
        (page(college, "edit/"), {**FACTS, "notes": "New", "version": 1}),
        (page(college, "request/"), {**ASKED, "ask": "Come", "version": 2}),
        (page(college, "status/"), {"status": "asked"}),
        (page(college, "contacts/"), {"on": "2026-11-03", "channel": "call", "text": "Called."}),
        (page(college, "people/new/"), {**SOMEBODY, "name": "Lee"}),
        (f"{PEOPLE}{kim.pk}/", {**SOMEBODY, "title": "Dean", "version": 1}),
        (f"{PEOPLE}{kim.pk}/remove/", {}),
        (f"{ROSTER}contacts/{line.pk}/remove/", {}),
        (f"{ROSTER}restore/{entry}/", {}),
    ]
    before = written()
    assert [client.post(url, values).status_code for url, values in writes] == [code] * len(writes)
    assert written() - before == (len(writes) if name and code == 302 else 0)


def test_how_people_are_reached_is_told_by_role(cast: Cast, college: Partner):
    factories.person(college, "Lee Poe", email="lee@college.example", phone="555 0100", notes="Owes us a call")
    said = {"on": datetime.date(2026, 11, 2), "text": "Said on the phone"}
    services.log_contact(municipality=cast.larkspur, partner=college.pk, values=said, by=cast.ana)
    services.move_partner(municipality=cast.larkspur, pk=college.pk, status="asked", by=cast.ana)
    secret = {"notes": "They secretly agree."}
    services.change_partner(municipality=cast.larkspur, pk=college.pk, seen=2, values=secret, by=cast.ana)
    for name, told in {"ana": True, "ben": True, "lena": True, "vera": False}.items():
        client = signed_in(cast[name])
        for url in (page(college), PEOPLE):
            html = text(client.get(url))
            assert "Lee Poe" in html
            assert ("lee@college.example" in html, "555 0100" in html) == (told, told), (name, url)
        assert ("Owes us a call" in text(client.get(page(college)))) is told
        assert ("Said on the phone" in text(client.get(page(college)))) is told
        # Nobody finds by what they may not read.
        found = client.get(f"{ROSTER}?text=secretly").context["page"].paginator.count
        assert (found, "Name contains" in text(client.get(ROSTER))) == ((1, False) if told else (0, True))


@pytest.mark.parametrize("number", ["999999999", "9" * 18, "0"])
def test_what_never_was_is_not_found(ben: Client, college: Partner, number: str):
    urls = [f"{ROSTER}partners/{number}/{part}" for part in ("", "edit/", "request/", "remove/", "people/new/")]
    assert {ben.get(url).status_code for url in (*urls, f"{PEOPLE}{number}/")} == {404}
    posts = [f"{ROSTER}partners/{number}/{part}" for part in ("edit/", "request/", "remove/", "contacts/")]
    posts += [f"{ROSTER}restore/{number}/", f"{PEOPLE}{number}/", f"{PEOPLE}{number}/remove/"]
    values = {**FACTS, **ASKED, **SOMEBODY, "version": 1, "on": "2026-11-02", "channel": "call", "text": "x"}
    assert [ben.post(url, values).status_code for url in posts] == [404] * len(posts)
    assert ben.post(f"{ROSTER}partners/{number}/status/", {"status": "asked"}).status_code == 404


# --- Reading ----------------------------------------------------------------------------------------------


def test_an_empty_coalition_says_what_belongs_there_and_offers_the_first_step(ben: Client, vera: Client):
    html = text(ben.get(ROSTER))
    assert "Nobody is in the coalition yet" in html
    assert html.count('class="usa-button"') == 1
    assert "Add the first" not in text(vera.get(ROSTER))
    assert "Nobody is named yet" in text(ben.get(PEOPLE))


def test_what_is_missing_is_named_and_one_click_away(cast: Cast, vera: Client, ben: Client):
    for sector in Sector.values:
        factories.partner(cast.larkspur, sector=sector, status="declined" if sector == "faith" else "committed")
    sentence = "Nobody is committed or in conversation yet from 1 of 12 sectors: Faith-based organizations."
    html = text(ben.get(ROSTER))
    assert html.count(sentence) == 1
    assert f'href="{ADD}?sector=faith"' in html
    assert ADD not in text(vera.get(ROSTER))
    assert ben.get(f"{ADD}?sector=faith").context["form"]["sector"].value() == "faith"
    assert ben.get(f"{ADD}?sector=circus").context["form"]["sector"].value() == ""
    # The overview says the same in a line.
    assert sentence in text(vera.get("/larkspur/"))


EVERYBODY = ["Acme Mills", "Larkspur Community College", "Zoë Roe"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", EVERYBODY),
        ("?sector=business", ["Acme Mills", "Zoë Roe"]),
        ("?status=committed", ["Zoë Roe"]),
        ("?pillar=work", ["Acme Mills"]),
        ("?lever=data&pillar=work", []),
        ("?lever=data", ["Zoë Roe"]),
        ("?asked_by=BEN", ["Acme Mills"]),
        ("?due=late", ["Acme Mills"]),
        ("?text=ACME", ["Acme Mills"]),
        ("?text=%20kim%20", ["Larkspur Community College"]),
        ("?text=kim&sector=business", []),
        ("?sector=circus", EVERYBODY),
        ("?sector=circus&text=acme", ["Acme Mills"]),
        ("?text=%00", EVERYBODY),
        ("?text=%25", []),
        ("?text=" + "x" * 201, EVERYBODY),
        ("?nothing=known&page=99", EVERYBODY),
        ("?page=minus", EVERYBODY),
    ],
)
@pytest.mark.parametrize("view", ["list", "board"])
def test_list_and_board_show_what_was_asked_for(
    cast: Cast, college: Partner, vera: Client, asked: str, expected: list[str], view: str
):
    late = timezone.localdate() - datetime.timedelta(days=1)
    mills: dict[str, Any] = {"asked_by": "Ben Carter", "follow_up_on": late, "pillars": ("work", "health")}
    factories.partner(cast.larkspur, name="Acme Mills", person="", sector="business", **mills)
    done: dict[str, Any] = {"status": "committed", "follow_up_on": late, "levers": ("data",), "individual": True}
    factories.partner(cast.larkspur, name="Zoë Roe", sector="business", **done)
    factories.partner(cast.fairmont, name="Acme of Fairmont", sector="business")
    response = vera.get(f"{ROSTER}{asked}{'&' if asked else '?'}view={view}")
    assert response.status_code == HTTPStatus.OK
    shown = response.context
    rows = shown["page"] if view == "list" else [card for column in shown["columns"] for card in column.cards]
    assert sorted(row.name for row in rows) == expected
    # The coverage is the whole coalition's, whatever part of it is shown.
    assert shown["coverage"].members == 3
    if view == "board":
        assert sum(column.total for column in shown["columns"]) == len(expected)


def test_a_filter_that_makes_no_sense_is_said(college: Partner, vera: Client):
    html = text(vera.get(f"{ROSTER}?sector=circus"))
    assert "circus is not one of the available choices. This filter is left out." in html
    assert "1 partner." in html
    assert "No partner fits" in text(vera.get(f"{ROSTER}?text=nobody"))


def test_many_are_shown_a_page_at_a_time_and_the_board_says_how_many_more(cast: Cast, vera: Client):
    for n in range(55):
        factories.partner(cast.larkspur, name=f"Partner {n:02}", person="")
    first, second = (vera.get(f"{ROSTER}?page={n}&sector=education") for n in (1, 2))
    assert [len(r.context["page"]) for r in (first, second)] == [50, 5]
    assert 'href="?sector=education&amp;page=2#roster-title"' in text(first)
    column = vera.get(f"{ROSTER}?view=board").context["columns"][0]
    assert (column.total, len(column.cards), column.rest) == (55, 20, 35)
    assert [card.name for card in column.cards][:2] == ["Partner 00", "Partner 01"]


def test_the_management_team_names_its_empty_roles_and_its_hours(cast: Cast, college: Partner, vera: Client):
    factories.person(college, "Lee Poe", role="data_lead", hours=4)
    factories.person(college, "Moe Poe", role="data_lead", hours=3)
    html = text(vera.get(PEOPLE))
    assert "Nobody holds yet: project lead, executive sponsor, engagement lead" in html
    assert "Together they have 7 hours a week." in html
    rows = [row.name for row in vera.get(f"{PEOPLE}?role=data_lead&text=poe").context["page"]]
    assert rows == ["Lee Poe", "Moe Poe"]


@pytest.mark.parametrize(
    ("number", "shown", "rows"),
    [
        ("", 1, 50),
        ("2", 2, 5),
        ("99", 2, 5),
        ("0", 2, 5),
        ("-1", 2, 5),
        ("x", 1, 50),
        ("9" * 30, 2, 5),
        ("1000000", 2, 5),
        ("%202", 2, 5),
        ("²", 1, 50),
    ],
)
def test_many_people_are_shown_a_page_at_a_time(college: Partner, vera: Client, number: str, shown: int, rows: int):
    for n in range(55):
        factories.person(college, f"Poe {n:02}")
    page = vera.get(f"{PEOPLE}?text=poe&page={number}").context["page"]
    assert (page.number, page.paginator.count, page.paginator.num_pages, len(page)) == (shown, 55, 2, rows)
    assert [row.name for row in page] == [f"Poe {n:02}" for n in range(55)][(shown - 1) * 50 :][:50]


# --- Writing ----------------------------------------------------------------------------------------------


def test_a_partner_is_added_with_somebody_there(cast: Cast, ben: Client):
    response = ben.post(ADD, NEW, follow=True)
    row = Partner.objects.get(municipality=cast.larkspur)
    assert response.redirect_chain == [(page(row), 302)]
    assert "Added to the coalition: Carrow Regional Hospital." in text(response)
    assert (row.sector, row.pillars, row.levers, row.status) == ("anchor", ("health",), ("data", "trust"), "asked")
    person = row.people.get()
    assert (person.name, person.email, person.phone, person.role) == (
        "Imre Vandersloot",
        "imre@hospital.example",
        "(555) 0177 x2",
        "facilitator",
    )


def test_an_individual_needs_no_second_name(cast: Cast, ben: Client):
    values = {**NEW, "name": "Desmond Farragher", "individual": "on", "person": "", "sector": "residents"}
    assert ben.post(ADD, values).status_code == 302
    assert [(p.name, p.email) for p in Person.objects.all()] == [("Desmond Farragher", "imre@hospital.example")]


BAD = [
    ({"name": " "}, "name", "This field is required."),
    ({"sector": ""}, "sector", "This field is required."),
    ({"sector": "circus"}, "sector", "Select a valid choice. circus is not one of the available choices."),
    ({"pillars": ["tents"]}, "pillars", "Select a valid choice. tents is not one of the available choices."),
    ({"role": "clown"}, "role", "Select a valid choice. clown is not one of the available choices."),
    ({"status": ""}, "status", "This field is required."),
    ({"name": "x" * 201}, "name", "Ensure this value has at most 200 characters (it has 201)."),
    ({"name": "a\x00b"}, "name", "Null characters are not allowed."),
    ({"name": "a\x07b"}, "name", "Take out the hidden control character (U+0007) and try again."),
    ({"person": "two\nlines"}, "person", "Take out the hidden control character (U+000A) and try again."),
    ({"name": "a\u202eb"}, "name", "Take out the hidden control character (U+202E) and try again."),
    ({"name": "\u200b—"}, "name", "Use at least one letter or digit."),
    ({"email": "imre"}, "email", "Enter a valid email address."),
    ({"phone": "call me"}, "phone", "Use digits, spaces and + ( ) - . / x only."),
    ({"website": "javascript:alert(1)"}, "website", "Enter a valid URL."),
    (
        {"individual": "on", "person": "", "name": "x" * 151},
        "name",
        "Ensure this value has at most 150 characters (it has 151).",
    ),
    ({"person": ""}, "person", "Whose title, e-mail address or phone number is this?"),
]


@pytest.mark.parametrize(("values", "field", "problem"), BAD)
def test_bad_input_is_named_kept_in_the_form_and_changes_nothing(
    cast: Cast, ben: Client, values: dict[str, Any], field: str, problem: str
):
    response = ben.post(ADD, {**NEW, **values})
    assert response.status_code == REFUSED
    assert problem in response.context["form"].errors[field]
    assert response.context["form"][field].value() == values[field]
    assert written() == 0


@pytest.mark.parametrize(
    ("part", "values", "field", "problem"),
    [
        ("edit/", {**FACTS, "name": ""}, "name", "This field is required."),
        ("request/", {**ASKED, "status": "perhaps"}, "status", "Select a valid choice."),
        ("request/", {**ASKED, "follow_up_on": "31 Mar"}, "follow_up_on", "Enter a valid date."),
        ("request/", {**ASKED, "ask": "x" * 20_001}, "ask", "Ensure this value has at most 20000 characters"),
        ("people/new/", {**SOMEBODY, "hours": "81"}, "hours", "Ensure this value is less than or equal to 80."),
        ("people/new/", {**SOMEBODY, "name": ""}, "name", "This field is required."),
        ("contacts/", {"on": "2999-01-01", "channel": "call", "text": "x"}, "on", "This day has not come yet."),
        ("contacts/", {"on": "2026-11-02", "channel": "smoke", "text": "x"}, "channel", "Select a valid choice."),
        ("contacts/", {"on": "2026-11-02", "channel": "call", "text": "\u202e"}, "text", "Take out the hidden"),
    ],
)
def test_bad_input_to_a_partner_is_named_and_changes_nothing(
    ben: Client, college: Partner, part: str, values: dict[str, Any], field: str, problem: str
):
    before = written()
    response = ben.post(page(college, part), {**values, "version": 1})
    assert response.status_code == REFUSED
    assert problem in str(response.context["form"].errors[field])
    assert written() == before


@pytest.mark.parametrize("version", ["", "x", "0", "-1"])
def test_an_edit_without_a_version_that_can_be_changes_nothing(ben: Client, college: Partner, version: str):
    assert ben.post(page(college, "edit/"), {**FACTS, "name": "New", "version": version}).status_code == REFUSED
    assert Partner.objects.get().name == "Larkspur Community College"


@pytest.mark.parametrize("version", ["2", "9" * 40])
def test_a_version_that_nobody_has_seen_yet_is_a_conflict(ben: Client, college: Partner, version: str):
    assert ben.post(page(college, "edit/"), {**FACTS, "name": "New", "version": version}).status_code == 409


@pytest.mark.parametrize(
    "name", ["=1+1", "<script>alert(1)</script>", "{{ 7|add:7 }}", 'O\'Neil & "Sons"', "'; DROP --1", "שלום 🏙"]
)
def test_a_hostile_name_is_shown_as_it_was_typed(ben: Client, name: str):
    ben.post(ADD, {**NEW, "name": name, "person": name})
    row, person = Partner.objects.get(), Person.objects.get()
    assert (row.name, person.name) == (name, name)
    urls = (ROSTER, f"{ROSTER}?view=board", page(row), page(row, "edit/"), PEOPLE, f"{PEOPLE}{person.pk}/")
    pages = [text(ben.get(url)) for url in urls] + [text(ben.post(page(row, "remove/"), follow=True))]
    assert [escape(name) in html for html in pages] == [True] * 7
    assert ["<script>alert" in html for html in pages] == [False] * 7


def test_who_speaks_for_themself_stays_one_person_of_one_name(cast: Cast, ben: Client):
    row = factories.partner(cast.larkspur, name="Desmond Farragher", individual=True, sector="residents")
    desmond = row.people.get()
    assert ben.get(page(row, "people/new/")).status_code == 404
    assert ben.post(page(row, "people/new/"), {**SOMEBODY, "name": "Lee"}).status_code == 404
    assert ben.post(f"{PEOPLE}{desmond.pk}/remove/").status_code == 404
    response = ben.post(page(row, "edit/"), {**FACTS, "name": "x" * 151, "sector": "residents", "version": 1})
    assert (response.status_code, "at most 150 characters" in text(response)) == (422, True)
    # Whether they do is not for a later page to change.
    ben.post(page(row, "edit/"), {**FACTS, "name": "Des Farragher", "sector": "residents", "version": 1})
    row.refresh_from_db()
    assert (row.individual, [person.name for person in row.people.all()]) == (True, ["Des Farragher"])


def test_what_is_unticked_is_taken_away(ben: Client, cast: Cast):
    row = factories.partner(cast.larkspur, pillars=("work",), levers=("data",), listed=True)
    assert ben.post(page(row, "edit/"), {**FACTS, "levers": ["data"], "version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.pillars, row.levers, row.listed, row.version) == ((), ("data",), False, 2)
    assert (row.name, row.status) == ("Larkspur Community College", "identified")


def test_saving_without_a_change_leaves_no_history(ben: Client, college: Partner, kim: Person):
    before = written()
    ben.post(page(college, "edit/"), {**FACTS, "version": 1})
    ben.post(page(college, "request/"), {**ASKED, "version": 1})
    ben.post(f"{PEOPLE}{kim.pk}/", {**SOMEBODY, "version": 1})
    assert written() == before


def test_two_writers_of_one_field_are_shown_both_versions_and_choose(college: Partner, ana: Client, ben: Client):
    url = page(college, "edit/")
    ben.post(url, {**FACTS, "version": 1, "pillars": ["work"], "notes": "Ben's <b>"})
    mine = {**FACTS, "version": 1, "pillars": ["health", "education"], "levers": ["data"], "listed": "on", "notes": "A"}
    response = ana.post(url, mine)
    html = text(response)
    assert response.status_code == HTTPStatus.CONFLICT
    choices = {c.name: (c.mine_label, c.theirs_label) for c in response.context["conflict"].choices}
    health, education = "Healthy environment and access to good health care", "High-quality education"
    assert choices == {"pillars": (f"{health}, {education}", "Rewarding work"), "notes": ("A", "Ben's <b>")}
    assert "Ben&#x27;s &lt;b&gt;" in html
    for name, value in {"version": 2, "only": 1, "levers": "data", "listed": True}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    # The choice is sent as the page offers it: the fields in question and what waits with them.
    sent = {"version": 2, "only": 1, "pillars": "health education", "notes": "Both", "levers": "data", "listed": "True"}
    assert ana.post(url, sent).status_code == 302
    college.refresh_from_db()
    assert (college.pillars, college.levers, college.listed) == (("education", "health"), ("data",), True)
    assert (college.notes, college.name, college.sector) == ("Both", "Larkspur Community College", "education")


def test_two_writers_of_different_parts_are_both_kept(college: Partner, ana: Client, ben: Client):
    ben.post(page(college, "request/"), {**ASKED, "version": 1, "ask": "Two hours a month"})
    assert ana.post(page(college, "request/"), {**ASKED, "version": 1, "status": "asked"}).status_code == 302
    assert ana.post(page(college, "edit/"), {**FACTS, "version": 1, "notes": "Old friends"}).status_code == 302
    college.refresh_from_db()
    assert (college.ask, college.status, college.notes) == ("Two hours a month", "asked", "Old friends")


@pytest.mark.parametrize("who", ["partner", "person"])
def test_what_was_typed_for_what_somebody_removed_is_shown_to_be_copied(
    college: Partner, kim: Person, ana: Client, ben: Client, who: str
):
    ben.post(page(college, "remove/"))
    url = page(college, "edit/") if who == "partner" else f"{PEOPLE}{kim.pk}/"
    values = {**(FACTS if who == "partner" else SOMEBODY), "notes": "Long <i>thoughts</i>", "version": 1}
    response = ana.post(url, values)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Long &lt;i&gt;thoughts&lt;/i&gt;" in text(response)
    assert not Partner.objects.exists()


def test_a_partner_moves_along_on_the_board_and_the_way_leads_back(college: Partner, ben: Client):
    back = f"{ROSTER}?view=board&sector=education"
    response = ben.post(page(college, "status/"), {"status": "committed", "next": back})
    assert (response.status_code, response["Location"]) == (302, back)
    assert Partner.objects.get().status == "committed"
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
        response = ben.post(page(college, "status/"), {"status": "asked", "next": elsewhere})
        assert response["Location"] == page(college)
    assert ben.post(page(college, "status/"), {"status": "perhaps"}).status_code == 404


def test_every_state_has_its_next_step_on_the_board(cast: Cast, ben: Client, vera: Client):
    for status in Status.values:
        factories.partner(cast.larkspur, name=f"Partner {status}", status=status)
    html = text(ben.get(f"{ROSTER}?view=board"))
    for step in ("asked", "in_conversation", "committed", "declined"):
        assert f'name="status" value="{step}"' in html
    assert "<form" not in text(vera.get(f"{ROSTER}?view=board")).split("mp-board")[1]


def test_a_contact_is_written_down_newest_first_and_taken_back(college: Partner, ana: Client):
    for on, said in (("2026-11-02", "Called <b>twice</b>."), ("2026-11-05", "They said yes.\r\nIn May.")):
        ana.post(page(college, "contacts/"), {"on": on, "channel": "call", "text": said})
    html = text(ana.get(page(college)))
    assert html.index("They said yes.<br>In May.") < html.index("Called &lt;b&gt;twice&lt;/b&gt;.")
    assert "Nov 5, 2026 · Call · Ana Reyes" in html
    line = Contact.objects.get(text="They said yes.\nIn May.")
    assert "Taken out of the log." in text(ana.post(f"{ROSTER}contacts/{line.pk}/remove/", follow=True))
    assert Contact.objects.count() == 1


def test_who_asks_finds_it_among_their_tasks_until_it_is_settled(cast: Cast, college: Partner, ben: Client):
    due = timezone.localdate() - datetime.timedelta(days=3)
    asked = {**ASKED, "asked_by": "BEN@larkspur.example", "follow_up_on": due.isoformat(), "version": 1}
    ben.post(page(college, "request/"), asked)
    found = tasks(cast.larkspur, cast.ben, timezone.localdate())
    assert [(task.title, task.due, task.url) for task in found.overdue] == [
        ("Ask Larkspur Community College", due, page(college))
    ]
    assert "Ask Larkspur Community College" in text(ben.get("/larkspur/tasks/"))
    assert "asked by Ben Carter" in text(ben.get(page(college)))
    ben.post(page(college, "status/"), {"status": "committed"})
    assert tasks(cast.larkspur, cast.ben, timezone.localdate()).total == 0


# --- Removing and undoing ---------------------------------------------------------------------------------


def test_removing_asks_first_and_can_be_undone(college: Partner, ana: Client):
    factories.person(college, "Lee Poe")
    asked = text(ana.get(page(college, "remove/")))
    assert "People who go along: 2. Lines of the log that go along: 0." in asked
    assert Partner.objects.exists()
    html = text(ana.post(page(college, "remove/"), follow=True))
    assert not Partner.objects.exists()
    assert "Removed from the coalition: Larkspur Community College." in html
    assert f'action="{restore(college)}"' in html
    response = ana.post(restore(college), follow=True)
    assert "Back in the coalition: Larkspur Community College." in text(response)
    assert Person.objects.count() == 2


def test_undoing_twice_is_told(college: Partner, ana: Client):
    ana.post(page(college, "remove/"))
    url = restore(college)
    ana.post(url)
    assert "back already" in text(ana.post(url, follow=True))
    assert Partner.objects.count() == 1


def test_removing_twice_comes_to_the_same_page(college: Partner, ana: Client, ben: Client):
    first, second = ana.post(page(college, "remove/")), ben.post(page(college, "remove/"))
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert ben.get(page(college, "remove/")).status_code == 404


def test_the_undo_is_offered_only_where_it_can_be_done(cast: Cast, college: Partner, ana: Client, vera: Client):
    other = factories.partner(cast.fairmont)
    elsewhere = services.remove_partner(municipality=cast.fairmont, pk=other.pk, by=cast.olaf)
    gone = ana.post(page(college, "remove/"))["Location"]
    assert ana.get(gone).context["removed"].name == "Larkspur Community College"
    assert vera.get(gone).context["removed"] is None
    ana.post(restore(college))
    odd = ["", "x", "-1", "²", "٣", "9" * 5000, "1e3", str(elsewhere)]
    for url in (gone, *(f"{ROSTER}?removed={entry}" for entry in odd)):
        response = ana.get(url)
        assert (response.status_code, response.context["removed"]) == (200, None)


# --- Queries ----------------------------------------------------------------------------------------------


def fill(cast: Cast, count: int) -> None:
    for n in range(count):
        values = {"sector": Sector.values[n % 12], "status": Status.values[n % 5]}
        row = factories.partner(cast.larkspur, name=f"Partner {n}", person=f"Person {n}", **values)
        factories.person(row, f"Somebody {n}", role="data_lead")


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        (ROSTER, 10),
        (f"{ROSTER}?text=larkspur&sector=education", 10),
        (f"{ROSTER}?view=board", 9),
        (PEOPLE, 7),
        (ADD, 4),
    ],
)
def test_queries_do_not_grow_with_the_coalition(
    cast: Cast, college: Partner, ben: Client, url: str, queries: int, django_assert_num_queries
):
    factories.person(college, "Lee Poe", role="data_lead")
    with django_assert_num_queries(queries):
        ben.get(url)
    fill(cast, 60)
    with django_assert_num_queries(queries):
        ben.get(url)


def test_a_partners_pages_and_saves_take_a_fixed_number_of_queries(
    cast: Cast, college: Partner, ben: Client, django_assert_num_queries
):
    def look(row: Partner) -> None:
        for part, queries in {"": 8, "edit/": 6, "request/": 6, "remove/": 7}.items():
            with django_assert_num_queries(queries):
                ben.get(page(row, part))
        with django_assert_num_queries(10):
            ben.post(page(row, "request/"), {**ASKED, "version": 1, "ask": "Changed"})

    look(college)
    fill(cast, 60)
    row = factories.partner(cast.larkspur)
    for n in range(30):
        factories.person(row, f"Person {n}")
    look(row)


def test_somebody_is_linked_to_the_account_of_a_member_and_of_nobody_else(cast: Cast, college: Partner, ben: Client):
    person = college.people.get()
    url = f"{PEOPLE}{person.pk}/"
    for account, status in ((cast.olaf.pk, REFUSED), ("x", REFUSED), (cast.vera.pk, HTTPStatus.FOUND)):
        sent = {**SOMEBODY, "version": 1, "account_id": account}
        assert ben.post(url, sent).status_code == status
    person.refresh_from_db()
    assert (person.account, person.version) == (cast.vera, 2)
    assert "has an account here" in ben.get(f"{ROSTER}partners/{college.pk}/").content.decode()
    ben.post(url, {**SOMEBODY, "version": 2, "account_id": ""})
    person.refresh_from_db()
    assert person.account is None


def test_two_who_link_one_person_differently_choose(cast: Cast, college: Partner, ana: Client, ben: Client):
    url = f"{PEOPLE}{college.people.get().pk}/"
    ben.post(url, {**SOMEBODY, "version": 1, "account_id": cast.vera.pk})
    page = ana.post(url, {**SOMEBODY, "version": 1, "account_id": cast.lena.pk})
    assert page.status_code == HTTPStatus.CONFLICT
    html = page.content.decode()
    assert str(cast.vera) in html
    assert str(cast.lena) in html
    assert ana.post(url, {"version": 2, "only": "1", "account_id": cast.lena.pk}).status_code == HTTPStatus.FOUND
    assert college.people.get().account == cast.lena


def test_the_account_of_a_member_who_left_stays_until_it_is_changed(cast: Cast, college: Partner, ben: Client):
    person = college.people.get()
    ben.post(f"{PEOPLE}{person.pk}/", {**SOMEBODY, "version": 1, "account_id": cast.vera.pk})
    remove(cast.vera.memberships.get(), by=cast.ana)
    page = ben.get(f"{PEOPLE}{person.pk}/").content.decode()
    assert str(cast.vera) in page
    sent = {**SOMEBODY, "version": 2, "title": "Chair", "account_id": cast.vera.pk}
    assert ben.post(f"{PEOPLE}{person.pk}/", sent).status_code == HTTPStatus.FOUND

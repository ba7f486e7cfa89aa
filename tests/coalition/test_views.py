"""Pages of the coalition, tried with the whole cast."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.utils.html import escape

from coalition import services
from coalition.models import Member, Sector, Status
from tests import factories
from tests.conftest import Cast, signed_in

ROSTER = "/larkspur/coalition/"
ADD = f"{ROSTER}new/"
HTMX = {"HX-Request": "true"}
WHOLE = {
    "organisation": "Carrow Regional Hospital",
    "person": "Imre Vandersloot",
    "sector": "anchor",
    "role": "facilitator",
    "status": "asked",
}
NAMES = ("ana", "ben", "lena", "vera", "olaf")


@pytest.fixture
def kim(cast: Cast) -> Member:
    return factories.partner(cast.larkspur)


def edit(row: Member) -> str:
    return f"{ROSTER}{row.pk}/"


def remove(row: Member) -> str:
    return f"{ROSTER}{row.pk}/remove/"


def restore(row: Member) -> str:
    """The undo of the row's removal, or of the nearest thing to one."""
    return f"{ROSTER}restore/{Member.history.filter(id=row.pk).latest().history_id}/"


def stored(row: Member) -> dict[str, str]:
    found = Member.objects.get(pk=row.pk)
    return {name: getattr(found, name) for name in Member.FIELDS}


# --- Who may what -----------------------------------------------------------------------------------------


def test_members_read_the_roster_and_strangers_find_nothing(cast: Cast, kim: Member):
    codes = {name: signed_in(cast[name]).get(ROSTER).status_code for name in NAMES}
    assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    assert Client().get(ROSTER).status_code == 302


def test_the_forms_are_for_those_who_may_write(cast: Cast, kim: Member):
    for url in (ADD, edit(kim), remove(kim)):
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}
        assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    ("name", "code"), [("ana", 302), ("ben", 302), ("lena", 302), ("vera", 403), ("olaf", 404), (None, 302)]
)
def test_who_may_write(cast: Cast, kim: Member, name: str | None, code: int):
    client = signed_in(cast[name]) if name else Client()
    gone = factories.partner(cast.larkspur, person="Gone")
    entry = services.remove_member(municipality=cast.larkspur, pk=gone.pk, by=cast.ana)
    writes: list[tuple[str, dict[str, object]]] = [
        (ADD, {**WHOLE}),
        (edit(kim), {**WHOLE, "version": 1}),
        (f"{ROSTER}restore/{entry}/", {}),
        (remove(kim), {}),
    ]
    before = Member.history.count()
    assert [client.post(url, values).status_code for url, values in writes] == [code] * 4
    assert Member.history.count() - before == (4 if name and code == 302 else 0)


def test_a_wrong_method_is_refused(ben: Client, kim: Member):
    assert ben.post(ROSTER).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert ben.get(restore(kim)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    for url in (ADD, edit(kim), remove(kim)):
        assert [ben.put(url).status_code, ben.delete(url).status_code] == [405, 405]
    assert stored(kim)["person"] == "Kim Doe"


@pytest.mark.parametrize("number", ["999", "9" * 18, "9" * 40, "0"])
def test_a_row_that_never_was_is_not_found(ben: Client, kim: Member, number: str):
    urls = [f"{ROSTER}{number}/", f"{ROSTER}{number}/remove/"]
    assert [ben.get(url).status_code for url in urls] == [404, 404]
    posts = [*urls, f"{ROSTER}restore/{number}/"]
    assert [ben.post(url, {**WHOLE, "version": 1}).status_code for url in posts] == [404, 404, 404]
    assert ben.get(f"{ROSTER}-1/").status_code == 404


def test_another_towns_row_is_not_found_under_ones_own_address(cast: Cast, kim: Member, olaf: Client):
    urls = [url.replace("larkspur", "fairmont") for url in (edit(kim), remove(kim), restore(kim))]
    assert [olaf.post(url, {**WHOLE, "version": 1}).status_code for url in urls] == [404, 404, 404]
    assert [olaf.get(url).status_code for url in urls[:2]] == [404, 404]
    assert stored(kim)["person"] == "Kim Doe"


# --- Reading ----------------------------------------------------------------------------------------------


def test_an_empty_roster_says_what_belongs_there_and_offers_the_first_step(ben: Client, vera: Client):
    html = ben.get(ROSTER).content.decode()
    assert "Nobody is on the roster yet" in html
    assert html.count('class="usa-button"') == 1
    assert "Nobody is named yet from any of the 12 sectors." in html
    assert "Add the first" not in vera.get(ROSTER).content.decode()


def test_sectors_with_nobody_are_named_and_one_click_away(cast: Cast, vera: Client, ben: Client):
    for sector in Sector.values:
        factories.partner(cast.larkspur, sector=sector, status="declined" if sector == "faith" else "committed")
    sentence = "Nobody is named yet from 1 of 12 sectors: Faith-based organizations."
    response = ben.get(ROSTER)
    assert response.context["coverage"].sentence == sentence
    html = response.content.decode()
    assert (html.count(sentence), html.count(f'href="{ADD}?sector=')) == (1, 1)
    assert f'href="{ADD}?sector=faith"' in html
    assert ADD not in vera.get(ROSTER).content.decode()
    assert ben.get(f"{ADD}?sector=faith").context["form"]["sector"].value() == "faith"
    assert ben.get(f"{ADD}?sector=circus").context["form"]["sector"].value() == ""


def test_a_reader_sees_the_rows_and_no_way_to_change_them(kim: Member, vera: Client):
    html = vera.get(ROSTER).content.decode()
    assert "Larkspur Community College" in html
    assert edit(kim) not in html


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", ["Acme Mills", "", "Larkspur Community College"]),
        ("?sector=business", ["Acme Mills", ""]),
        ("?status=committed", [""]),
        ("?sector=business&status=committed", [""]),
        ("?text=ACME", ["Acme Mills"]),
        ("?text=%20zoë%20", [""]),
        ("?text=zoë&sector=education", []),
        ("?sector=circus", ["Acme Mills", "", "Larkspur Community College"]),
        ("?sector=circus&text=acme", ["Acme Mills"]),
        ("?text=%00", ["Acme Mills", "", "Larkspur Community College"]),
        ("?text=%25", []),
        ("?text=" + "x" * 201, ["Acme Mills", "", "Larkspur Community College"]),
        ("?nothing=known", ["Acme Mills", "", "Larkspur Community College"]),
    ],
)
def test_the_roster_is_narrowed_by_what_makes_sense(cast: Cast, kim: Member, vera: Client, asked: str, expected: list):
    factories.partner(cast.larkspur, organisation="Acme Mills", person="", sector="business")
    factories.partner(cast.larkspur, organisation="", person="ZOË Roe", sector="business", status="committed")
    factories.partner(cast.fairmont, organisation="Acme of Fairmont", sector="business")
    response = vera.get(ROSTER + asked)
    assert response.status_code == HTTPStatus.OK
    rows = [row.organisation for row in response.context["rows"]]
    assert sorted(rows) == sorted(expected)
    # The coverage is the whole coalition's, whatever part of it is shown.
    assert response.context["coverage"].members == 3


def test_a_filter_that_makes_no_sense_is_said(kim: Member, vera: Client):
    html = vera.get(f"{ROSTER}?sector=circus").content.decode()
    assert "circus is not one of the available choices. This filter is left out." in html
    assert "1 entry." in html
    html = vera.get(f"{ROSTER}?text=nobody").content.decode()
    assert "0 of 1 entries shown." in html
    assert "Nobody on the roster fits" in html


# --- Writing ----------------------------------------------------------------------------------------------


def test_somebody_is_added_and_the_roster_says_so(cast: Cast, ben: Client):
    response = ben.post(ADD, WHOLE, follow=True)
    assert response.redirect_chain == [(ROSTER, 302)]
    assert "Added to the roster: Imre Vandersloot, Carrow Regional Hospital." in response.content.decode()
    row = Member.objects.get(municipality=cast.larkspur)
    assert (stored(row), row.updated_by) == (WHOLE, cast.ben)


@pytest.mark.parametrize("left_out", ["organisation", "person"])
def test_one_of_both_names_is_enough(cast: Cast, ben: Client, left_out: str):
    assert ben.post(ADD, {**WHOLE, left_out: " "}).status_code == 302
    assert stored(Member.objects.get()) == {**WHOLE, left_out: ""}


BAD = [
    ({"organisation": " ", "person": ""}, "organisation", "Name an organization, a person, or both."),
    ({"sector": ""}, "sector", "This field is required."),
    ({"sector": "circus"}, "sector", "Select a valid choice. circus is not one of the available choices."),
    ({"role": "clown"}, "role", "Select a valid choice. clown is not one of the available choices."),
    ({"status": ""}, "status", "This field is required."),
    ({"person": "x" * 151}, "person", "Ensure this value has at most 150 characters (it has 151)."),
    ({"organisation": "x" * 201}, "organisation", "Ensure this value has at most 200 characters (it has 201)."),
    ({"person": "a\x00b"}, "person", "Null characters are not allowed."),
    ({"person": "a\x07b"}, "person", "Take out the hidden control character (U+0007) and try again."),
    ({"person": "two\nlines"}, "person", "Take out the hidden control character (U+000A) and try again."),
    ({"organisation": "a\u202eb"}, "organisation", "Take out the hidden control character (U+202E) and try again."),
    ({"organisation": "\u200b—"}, "organisation", "Use at least one letter or digit."),
]


@pytest.mark.parametrize(("values", "field", "problem"), BAD)
def test_bad_input_is_named_kept_in_the_form_and_changes_nothing(
    ben: Client, kim: Member, values: dict[str, str], field: str, problem: str
):
    before = Member.history.count()
    for url in (ADD, edit(kim)):
        response = ben.post(url, {**WHOLE, "version": 1, **values})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert problem in response.context["form"].errors[field]
        assert response.context["form"][field].value() == values[field]
    assert Member.history.count() == before


@pytest.mark.parametrize("version", ["", "x", "0", "-1"])
def test_an_edit_without_a_version_that_can_be_changes_nothing(ben: Client, kim: Member, version: str):
    response = ben.post(edit(kim), {**WHOLE, "version": version})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert stored(kim)["person"] == "Kim Doe"


@pytest.mark.parametrize("version", ["2", "9" * 40])
def test_a_version_that_nobody_has_seen_yet_is_a_conflict(ben: Client, kim: Member, version: str):
    assert ben.post(edit(kim), {**WHOLE, "version": version}).status_code == HTTPStatus.CONFLICT
    assert stored(kim)["person"] == "Kim Doe"


@pytest.mark.parametrize(
    "name", ["=1+1", "<script>alert(1)</script>", "{{ 7|add:7 }}", 'O\'Neil & "Sons"', "'; DROP --1"]
)
def test_a_hostile_name_is_shown_as_it_was_typed(ben: Client, name: str):
    ben.post(ADD, {**WHOLE, "organisation": name, "person": name})
    row = Member.objects.get()
    assert (row.organisation, row.person) == (name, name)
    responses = [ben.get(url) for url in (ROSTER, edit(row), remove(row))]
    responses.append(ben.post(remove(row), follow=True))
    pages = [response.content.decode() for response in responses]
    assert [escape(f"{name}, {name}") in html for html in pages] == [True] * 4
    assert ["<script>alert" in html for html in pages] == [False] * 4


def test_a_row_is_changed_and_the_roster_says_so(ben: Client, kim: Member):
    response = ben.post(edit(kim), {**WHOLE, "version": 1}, follow=True)
    assert response.redirect_chain == [(ROSTER, 302)]
    assert "Saved: Imre Vandersloot, Carrow Regional Hospital." in response.content.decode()
    assert stored(kim) == WHOLE


def test_what_is_not_sent_stays_as_it_is(ben: Client, kim: Member):
    before = stored(kim)
    ben.post(edit(kim), {"version": 1, "status": "committed"})
    assert stored(kim) == {**before, "status": "committed"}


def test_saving_without_a_change_leaves_no_history(ben: Client, kim: Member):
    ben.post(edit(kim), {**stored(kim), "version": 1})
    assert Member.history.filter(id=kim.pk).count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_writers_of_one_field_are_shown_both_versions_and_choose(
    kim: Member, ana: Client, ben: Client, headers: dict[str, str]
):
    whole = stored(kim)
    ben.post(edit(kim), {**whole, "version": 1, "person": "Ben's <b>choice</b>"})
    response = ana.post(edit(kim), {**whole, "version": 1, "person": "Ana's", "role": "champion"}, headers=headers)
    html = response.content.decode()
    assert response.status_code == HTTPStatus.CONFLICT
    assert stored(kim) == {**whole, "person": "Ben's <b>choice</b>"}
    choices = [(c.name, c.mine, c.theirs) for c in response.context["conflict"].choices]
    assert choices == [("person", "Ana's", "Ben's <b>choice</b>")]
    assert "Ben&#x27;s &lt;b&gt;choice&lt;/b&gt;" in html
    assert '<input type="hidden" name="version" value="2">' in html
    assert '<input type="hidden" name="role" value="champion">' in html
    # The choice is sent as the page offers it: the field in question and what waits with it.
    ana.post(edit(kim), {"version": 2, "person": "Ana's", "role": "champion"}, headers=headers)
    assert stored(kim) == {**whole, "person": "Ana's", "role": "champion"}


def test_two_writers_of_different_fields_are_both_kept(kim: Member, ana: Client, ben: Client):
    whole = stored(kim)
    ben.post(edit(kim), {**whole, "version": 1, "status": "committed"})
    assert ana.post(edit(kim), {**whole, "version": 1, "role": "champion"}).status_code == 302
    assert stored(kim) == {**whole, "status": "committed", "role": "champion"}


def test_two_writers_who_each_take_one_name_away_are_told(kim: Member, ana: Client, ben: Client):
    whole = stored(kim)
    ben.post(edit(kim), {**whole, "version": 1, "person": ""})
    response = ana.post(edit(kim), {**whole, "version": 1, "organisation": ""})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Somebody took the other name away meanwhile." in response.content.decode()
    assert stored(kim) == {**whole, "person": ""}
    # The page that says so takes the correction.
    assert ana.post(edit(kim), {**whole, "version": 1, "organisation": "A college"}).status_code == 302
    assert stored(kim) == {**whole, "organisation": "A college", "person": ""}


def test_what_was_typed_for_a_row_that_somebody_removed_is_offered_again(kim: Member, ana: Client, ben: Client):
    ben.post(remove(kim))
    response = ana.post(edit(kim), {**WHOLE, "version": 1})
    html = response.content.decode()
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Somebody removed this entry while you were writing" in html
    assert f'action="{ADD}"' in html
    assert response.context["form"]["person"].value() == "Imre Vandersloot"
    assert not Member.objects.exists()
    assert ana.post(ADD, WHOLE).status_code == 302


def test_a_row_that_is_removed_in_the_very_moment_of_saving_is_offered_again_too(
    kim: Member, ana: Client, monkeypatch: pytest.MonkeyPatch
):
    def just_gone(**kwargs: object) -> None:
        raise Member.DoesNotExist

    monkeypatch.setattr(services, "change_member", just_gone)
    response = ana.post(edit(kim), {**WHOLE, "version": 1})
    assert response.status_code == HTTPStatus.CONFLICT
    assert response.context["form"]["person"].value() == "Imre Vandersloot"


# --- Removing and undoing ---------------------------------------------------------------------------------


def test_removing_asks_first_and_can_be_undone(kim: Member, ana: Client):
    before = stored(kim)
    assert "Kim Doe, Larkspur Community College" in ana.get(remove(kim)).content.decode()
    assert Member.objects.exists()
    html = ana.post(remove(kim), follow=True).content.decode()
    assert not Member.objects.exists()
    assert "Removed from the roster: Kim Doe, Larkspur Community College." in html
    assert f'action="{restore(kim)}"' in html
    response = ana.post(restore(kim), follow=True)
    assert "Back on the roster: Kim Doe, Larkspur Community College." in response.content.decode()
    assert stored(kim) == before


def test_undoing_twice_is_told(kim: Member, ana: Client):
    ana.post(remove(kim))
    url = restore(kim)
    ana.post(url)
    assert "back on the roster already" in ana.post(url, follow=True).content.decode()
    assert Member.objects.count() == 1


def test_removing_twice_comes_to_the_same_page(kim: Member, ana: Client, ben: Client):
    first, second = ana.post(remove(kim)), ben.post(remove(kim))
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert ben.get(remove(kim)).status_code == 404


def test_the_undo_is_offered_only_where_it_can_be_done(cast: Cast, kim: Member, ana: Client, vera: Client):
    other = factories.partner(cast.fairmont)
    elsewhere = services.remove_member(municipality=cast.fairmont, pk=other.pk, by=cast.olaf)
    page = ana.post(remove(kim)).headers["Location"]
    assert ana.get(page).context["removed"].name == "Kim Doe, Larkspur Community College"
    assert vera.get(page).context["removed"] is None
    ana.post(restore(kim))
    odd = ["", "x", "-1", "²", "٣", "9" * 5000, "1e3", str(elsewhere)]
    for url in (page, *(f"{ROSTER}?removed={entry}" for entry in odd)):
        response = ana.get(url)
        assert (response.status_code, response.context["removed"]) == (200, None)


# --- Queries ----------------------------------------------------------------------------------------------


def fill(cast: Cast, count: int) -> None:
    for n in range(count):
        sector, status = Sector.values[n % 12], Status.values[n % 5]
        factories.partner(cast.larkspur, person=f"Person {n}", sector=sector, status=status)


@pytest.mark.parametrize(("url", "queries"), [(ROSTER, 5), (f"{ROSTER}?sector=faith&text=a", 5), (ADD, 4)])
def test_queries_do_not_grow_with_the_roster(
    cast: Cast, kim: Member, ben: Client, url: str, queries: int, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        ben.get(url)
    fill(cast, 60)
    with django_assert_num_queries(queries):
        ben.get(url)


def test_a_rows_own_pages_and_its_saving_take_a_fixed_number_of_queries(
    cast: Cast, kim: Member, ben: Client, django_assert_num_queries
):
    def walk(row: Member) -> None:
        with django_assert_num_queries(5):
            ben.get(edit(row))
        with django_assert_num_queries(5):
            ben.get(remove(row))
        with django_assert_num_queries(9):
            ben.post(edit(row), {**stored_values, "version": 1, "person": "Changed"})

    stored_values = stored(kim)
    walk(kim)
    fill(cast, 60)
    walk(factories.partner(cast.larkspur))

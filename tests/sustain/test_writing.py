"""Help with writing a report and a note: how each of their texts reads before it is saved."""

import re
from http import HTTPStatus

import pytest
from pytest_django import DjangoAssertNumQueries

from sustain.models import AnnualReport, Handover
from tests.conftest import Cast, signed_in

NOTE = "/larkspur/sustain/handover/preview/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
HTMX = {"HX-Request": "true"}


def url(report: AnnualReport, town: str = "larkspur") -> str:
    return f"/{town}/sustain/reports/{report.pk}/preview/"


def drawn(cast: Cast, address: str, **typed: str) -> str:
    return signed_in(cast.ben).post(address, typed, headers=HTMX).content.decode()


def test_who_writes_may_see_how_it_would_read(cast: Cast, report: AnnualReport):
    for address, typed in ((url(report), {"summary": "x"}), (NOTE, {"know": "x"})):
        codes = {name: signed_in(cast[name]).post(address, typed).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}
    assert signed_in(cast.olaf).post(url(report, "fairmont"), {"summary": "x"}).status_code == HTTPStatus.NOT_FOUND
    for address in (url(report), NOTE):
        assert signed_in(cast.ben).get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_preview_nests_below_the_pages_own_headings_and_stores_nothing(cast: Cast, report: AnnualReport):
    html = drawn(cast, url(report), learned="# Why\r\n\r\n### **Now**\r\n")
    assert re.findall("<h[1-6]>.*", html) == ["<h3>Why</h3>", "<h4><strong>Now</strong></h4>"]
    assert ('data-preview-of="id_learned"' in html, "2 words" in html) == (True, True)
    assert "Nothing is written here yet." in drawn(cast, NOTE, first="  ")
    report.refresh_from_db()
    assert (report.version, report.learned, Handover.objects.exists()) == (1, "", False)


def test_a_preview_shows_hostile_markdown_as_words(cast: Cast):
    html = drawn(cast, NOTE, know="<script>alert(1)</script> [x](javascript:alert(2)) ![y](file:///etc/passwd)")
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search("<script|href=.?javascript|<img", html)


@pytest.mark.parametrize(
    "typed",
    [{}, {"version": "1"}, {"summary": "x" * 10_001}, {"summary": "a\x00b"}, {"summary": "x", "learned": "y"}],
)
def test_what_could_not_be_saved_is_not_drawn_either(cast: Cast, report: AnnualReport, typed: dict[str, str]):
    answer = signed_in(cast.ben).post(url(report), typed, headers=HTMX)
    assert (answer.status_code, answer.content) == (HTTPStatus.UNPROCESSABLE_ENTITY, b"")


@pytest.mark.parametrize("text", ["x", "A paragraph.\n\n" * 100])
def test_a_preview_takes_a_fixed_number_of_queries(
    cast: Cast, report: AnnualReport, text: str, django_assert_num_queries: DjangoAssertNumQueries
):
    ben = signed_in(cast.ben)
    for address, name, number in ((url(report), "summary", 4), (NOTE, "know", 3)):
        with django_assert_num_queries(number):
            ben.post(address, {name: text}, headers=HTMX)


def test_without_scripts_what_is_refused_is_typed_still_and_not_drawn(cast: Cast, report: AnnualReport):
    sent = {"version": 1, "summary": "a|" * 60, "learned": "We **learned**."}
    answer = signed_in(cast.ben).post(f"/larkspur/sustain/reports/{report.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ("a|" * 60 in page, "columns is too wide" in page) == (True, True)
    summary, learned = (page.index(f'data-preview-of="id_{name}"') for name in ("summary", "learned"))
    assert "once what is wrong with it is mended" in page[summary:learned]
    assert "We <strong>learned</strong>." in page[learned:]


def test_a_wide_table_is_reached_by_the_keyboard(cast: Cast, report: AnnualReport):
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert 'tabindex="0" role="group" aria-label="Summary"' in drawn(cast, url(report), summary=table)
    assert "tabindex" not in drawn(cast, url(report), summary="No table.")

"""Help with writing a section: how a text reads before it is saved."""

import re
from http import HTTPStatus

import pytest
from django.test import Client

from plans.models import Section
from tests.conftest import Cast, signed_in
from tests.plans.test_views import EVERYBODY, HOSTILE, HTMX, SECTION, row, text

PREVIEW = f"{SECTION}preview/"


def test_who_writes_may_see_how_it_would_read(cast: Cast):
    codes = {name: signed_in(cast[name]).post(PREVIEW, {"body": "x"}).status_code for name in EVERYBODY}
    assert codes == {"vera": 403, "olaf": 404, "ben": 200, "ana": 200, "lena": 200}


def test_a_preview_nests_below_the_pages_own_headings_and_stores_nothing(cast: Cast, ben: Client):
    before = (row().version, row().body, row().history.count(), Section.objects.count())
    html = text(ben.post(PREVIEW, {"body": "# Why\r\n\r\n### **Now**\r\n"}, headers=HTMX))
    assert 'id="section-preview"' in html
    assert "hx-swap-oob" not in html
    assert re.findall("<h[1-6]>.*", html) == ["<h3>Why</h3>", "<h4><strong>Now</strong></h4>"]
    assert "2 words" in html
    assert (row().version, row().body, row().history.count(), Section.objects.count()) == before


def test_a_preview_of_nothing_says_so(ben: Client):
    assert "Nothing is written here yet." in text(ben.post(PREVIEW, {"body": "  "}))
    assert "Nothing is written here yet." in text(ben.post(PREVIEW))


def test_a_preview_shows_hostile_markdown_as_words(ben: Client):
    html = text(ben.post(PREVIEW, {"body": HOSTILE}))
    assert "<script>alert" not in html
    assert "javascript:" not in html
    assert "<img" not in html
    assert '<a href="https://larkspur.example/memo" rel="noopener">good</a>' in html


@pytest.mark.parametrize("body", ["x" * 60_001, "a\x00b"])
def test_what_could_not_be_saved_is_not_drawn_either(ben: Client, body: str):
    response = ben.post(PREVIEW, {"body": body})
    assert (response.status_code, text(response)) == (HTTPStatus.UNPROCESSABLE_ENTITY, "")


def test_there_is_no_preview_of_an_unknown_section_or_without_a_plan(cast: Cast, ben: Client):
    assert ben.post("/larkspur/plan/money/preview/", {"body": "x"}).status_code == 404
    cast.larkspur.plan.delete()
    assert ben.post(PREVIEW, {"body": "x"}).status_code == 404


def test_a_preview_is_asked_for_by_post_alone(ben: Client):
    assert [getattr(ben, method)(PREVIEW).status_code for method in ("get", "put", "delete")] == [405] * 3


def test_a_signed_out_reader_is_told_so_and_nothing_typed_is_put_by(cast: Cast):
    response = Client().post(PREVIEW, {"body": "x"}, headers=HTMX)
    assert response.status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("body", ["x", "A paragraph.\n\n" * 500])
def test_a_preview_takes_a_fixed_number_of_queries(ben: Client, body: str, django_assert_num_queries):
    with django_assert_num_queries(5):
        ben.post(PREVIEW, {"body": body}, headers=HTMX)

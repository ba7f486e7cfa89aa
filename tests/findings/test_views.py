"""Findings, data inventory and engagement log, tried with the whole cast."""

import csv
import datetime
import io
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from findings.models import Engagement, Finding, Source
from municipalities.entries import add_entry, set_aside
from plans.export.document import DataSource, Heard, document_html
from plans.export.document import Finding as Shown
from plans.queries import plan_document
from tests.conftest import Cast, signed_in

PAGES = {kind: f"/larkspur/findings/{kind}/" for kind in ("findings", "data", "engagement")}
NEW: dict[str, dict[str, Any]] = {
    "findings": {"text": "One pupil in 22 has no home", "predictor": "stability", "dimensions": ["success", "power"]},
    "data": {"name": "Eviction filings", "quality": "weak"},
    "engagement": {"title": "Supper talks", "method": "session", "on": "2026-10-01"},
}
MODELS = {"findings": Finding, "data": Source, "engagement": Engagement}
NAMES = ("ana", "ben", "lena", "vera", "olaf")


@pytest.fixture
def source(cast: Cast) -> Source:
    return add_entry(Source, municipality=cast.larkspur, values={"name": "Eviction filings"}, by=cast.ana)


@pytest.fixture
def talk(cast: Cast) -> Engagement:
    values = {"title": "Supper talks", "method": "session", "on": datetime.date(2026, 10, 1)}
    return add_entry(Engagement, municipality=cast.larkspur, values=values, by=cast.ana)


@pytest.fixture
def finding(cast: Cast, source: Source, talk: Engagement) -> Finding:
    rests = {"sources": (str(source.pk),), "engagements": (str(talk.pk),)}
    values = {"text": "One pupil in 22 has no home", "predictor": "stability", "dimensions": ("success",), **rests}
    return add_entry(Finding, municipality=cast.larkspur, values=values, by=cast.ana)


@pytest.mark.parametrize("kind", PAGES)
def test_who_may_read_and_who_may_write(cast: Cast, kind: str):
    read = {name: signed_in(cast[name]).get(PAGES[kind]).status_code for name in NAMES}
    assert read == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    wrote = {name: signed_in(cast[name]).post(f"{PAGES[kind]}new/", NEW[kind]).status_code for name in NAMES}
    assert wrote == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert MODELS[kind].objects.count() == 3


def test_an_unknown_kind_and_another_towns_entry_are_not_there(cast: Cast, finding: Finding):
    assert signed_in(cast.ana).get("/larkspur/findings/votes/").status_code == HTTPStatus.NOT_FOUND
    olaf = signed_in(cast.olaf)
    assert olaf.get(f"/fairmont/findings/findings/{finding.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert olaf.post(f"/fairmont/findings/findings/{finding.pk}/aside/").status_code == HTTPStatus.NOT_FOUND
    finding.refresh_from_db()
    assert finding.set_aside is False


def test_a_finding_keeps_what_it_rests_on_and_the_page_names_it(cast: Cast, source: Source, talk: Engagement):
    ana = signed_in(cast.ana)
    chosen = {**NEW["findings"], "metrics": "on", "sources": [source.pk], "engagements": [talk.pk]}
    assert ana.post(f"{PAGES['findings']}new/", chosen).status_code == HTTPStatus.FOUND
    row = Finding.objects.get()
    assert (row.sources, row.engagements, row.dimensions) == ((str(source.pk),), (str(talk.pk),), ("success", "power"))
    assert row.updated_by == cast.ana
    page = ana.get(PAGES["findings"]).content.decode()
    assert "Mobility Metrics, Eviction filings, Supper talks" in page
    lacks = ana.get("/larkspur/plan/checks/").content.decode()
    assert "No finding speaks to this part of the definition: Being valued in community." in lacks
    assert "No finding speaks to this part of the definition: Power and autonomy." not in lacks


def test_what_another_town_knows_cannot_be_rested_on(cast: Cast, source: Source):
    theirs = add_entry(Source, municipality=cast.fairmont, values={"name": "Theirs"}, by=cast.olaf)
    answer = signed_in(cast.ana).post(f"{PAGES['findings']}new/", {**NEW["findings"], "sources": [theirs.pk]})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Theirs" not in answer.content.decode()
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("findings", {"text": ""}),
        ("findings", {"text": "a\u202eb"}),
        ("findings", {"predictor": "luck"}),
        ("data", {"quality": "superb"}),
        ("engagement", {"people": "-1"}),
        ("engagement", {"on": "yesterday"}),
    ],
)
def test_bad_input_gets_a_message_and_changes_nothing(cast: Cast, kind: str, bad: dict[str, str]):
    answer = signed_in(cast.ana).post(f"{PAGES[kind]}new/", {**NEW[kind], **bad})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not MODELS[kind].objects.exists()


def test_two_writers_of_one_finding_both_see_both(cast: Cast, finding: Finding):
    url = f"{PAGES['findings']}{finding.pk}/"
    kept: dict[str, Any] = {"predictor": "stability", "dimensions": ["success"], "sources": finding.sources}
    kept |= {"engagements": finding.engagements, "version": 1}
    assert signed_in(cast.ben).post(url, {**kept, "text": "What Ben found"}).status_code == HTTPStatus.FOUND
    answer = signed_in(cast.ana).post(url, {**kept, "text": "What Ana found"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "What Ben found" in answer.content.decode()
    assert "What Ana found" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.text == "What Ben found"


def test_saving_a_finding_unchanged_changes_nothing(cast: Cast, finding: Finding):
    also = add_entry(Source, municipality=cast.larkspur, values={"name": "A census"}, by=cast.ana)
    url = f"{PAGES['findings']}{finding.pk}/"
    sent = {
        "text": finding.text,
        "predictor": "stability",
        "dimensions": ["success"],
        "engagements": finding.engagements,
    }
    one, other = [also.pk, *finding.sources], [*finding.sources, also.pk]
    for sources in (one, other, one):
        version = Finding.objects.get().version
        signed_in(cast.ana).post(url, {**sent, "sources": sources, "version": version})
    assert Finding.objects.get().version == 2


def test_set_aside_is_listed_apart_and_put_back(cast: Cast, finding: Finding, source: Source):
    ana = signed_in(cast.ana)
    said = ana.post(f"{PAGES['data']}{source.pk}/aside/", follow=True).content.decode()
    assert "Set aside, not deleted: Eviction filings" in said
    assert "Eviction filings" not in ana.get(PAGES["findings"]).content.decode()
    assert "1 set aside" in ana.get(PAGES["data"]).content.decode()
    # What was chosen before stays chosen, and the form says what became of it.
    assert "Eviction filings (set aside)" in ana.get(f"{PAGES['findings']}{finding.pk}/").content.decode()
    said = ana.post(f"{PAGES['data']}{source.pk}/aside/", {"back": "1"}, follow=True).content.decode()
    assert "Put back: Eviction filings" in said
    assert "Eviction filings" in ana.get(PAGES["findings"]).content.decode()
    assert [row.set_aside for row in Source.history.order_by("pk")] == [False, True, False]


def test_the_list_is_taken_along_and_no_cell_is_a_formula(cast: Cast, finding: Finding):
    add_entry(Finding, municipality=cast.larkspur, values={"text": "=1+1"}, by=cast.ana)
    answer = signed_in(cast.vera).get(f"{PAGES['findings']}export.csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(answer))) == [
        ["text", "predictor", "dimensions", "shown_by"],
        [finding.text, "stability", "success", "Eviction filings; Supper talks"],
        ["'=1+1", "", "", ""],
    ]


def test_the_plans_document_lists_what_it_rests_on(cast: Cast, finding: Finding, source: Source):
    document = plan_document(cast.larkspur)
    about = "Housing stability (Opportunity-rich and inclusive neighborhoods)"
    assert document.findings == (Shown(finding.text, about, "Economic success", "Eviction filings, Supper talks"),)
    heard = Heard("Supper talks", "Listening session or town hall, Oct 1, 2026", "", "", "Not yet")
    assert document.heard == (heard,)
    assert document.inventory == (DataSource("Eviction filings", "", "", ""),)
    set_aside(Finding, municipality=cast.larkspur, pk=finding.pk, aside=True, by=cast.ana)
    assert plan_document(cast.larkspur).findings == ()
    assert plan_document(cast.larkspur).created > document.created


def test_hostile_words_are_inert_on_page_and_document(cast: Cast):
    bad = "<script>alert(1)</script>"
    add_entry(Finding, municipality=cast.larkspur, values={"text": bad}, by=cast.ana)
    values = {"title": bad, "method": "other", "heard": bad, "reached": bad}
    add_entry(Engagement, municipality=cast.larkspur, values=values, by=cast.ana)
    add_entry(Source, municipality=cast.larkspur, values={"name": bad}, by=cast.ana)
    pages = [signed_in(cast.ana).get(url).content.decode() for url in PAGES.values()]
    for html in (*pages, document_html(plan_document(cast.larkspur))):
        assert bad not in html
        assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("kind", PAGES)
def test_the_number_of_queries_does_not_grow(
    cast: Cast, finding: Finding, django_assert_num_queries: DjangoAssertNumQueries, kind: str
):
    ana: Client = signed_in(cast.ana)
    ana.get(PAGES[kind])
    with django_assert_num_queries(7):
        ana.get(PAGES[kind])
    for n in range(30):
        values = {"text": f"Finding {n}", "sources": finding.sources, "engagements": finding.engagements}
        add_entry(Finding, municipality=cast.larkspur, values=values, by=cast.ben)
        add_entry(Source, municipality=cast.larkspur, values={"name": f"Data {n}"}, by=cast.ben)
        values = {"title": f"Talk {n}", "method": "other"}
        add_entry(Engagement, municipality=cast.larkspur, values=values, by=cast.ben)
    with django_assert_num_queries(7):
        ana.get(PAGES[kind])

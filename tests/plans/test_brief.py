"""The brief for a council: what it takes of a plan, how it is cut, and that it never has more than four pages."""

import io
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

import docx
import pypdfium2
import pytest
from django.conf import LazySettings
from django.test import Client
from docx.oxml.ns import qn

from documents.apart import RenderError
from documents.finished import DOCX_TYPE
from plans.export.brief import Brief, brief_of, brief_pdf, brief_word, more
from plans.export.document import (
    Document,
    MeasuredPriority,
    PlannedAction,
    PlannedMeasure,
    PlannedPriority,
)
from tests import pdfcheck
from tests.plans import pdf_samples

LONG = "Every household that rents has somebody to call before a case reaches the court " * 6
STATES = {"in_place": "On track", "under_way": "Behind", "unanswered": "No data"}


def measure(name: str, key: str, words: str = "") -> PlannedMeasure:
    return PlannedMeasure(
        f"{name} {words}".strip(), "1.1", "1", f"2 {words}".strip(), f"3 {words}".strip(), STATES[key], key, "", ""
    )


def action(number: str, words: str = "") -> PlannedAction:
    said = f"Action {number} {words}".strip()
    return PlannedAction(
        number, said, (), (), f"Ana {words}".strip(), "Jan 1, 2027 to Dec 31, 2029", words or "Policies"
    )


def planned(priorities: int, actions: int, measures: int, words: str = "") -> Document:
    """A plan of so many priorities, so many actions in each and so many measures in each."""
    keys = ("in_place", "unanswered", "under_way")
    return replace(
        pdf_samples.small(),
        priorities=tuple(
            PlannedPriority(
                p,
                f"Priority {p} {words}".strip(),
                f"Goal {p} {words}".strip(),
                tuple(action(f"{p}.{a}", words) for a in range(1, actions + 1)),
            )
            for p in range(1, priorities + 1)
        ),
        measured=tuple(
            MeasuredPriority(f"{p}.", tuple(measure(f"Measure {p}.{m}", keys[m % 3], words) for m in range(measures)))
            for p in range(1, priorities + 1)
        ),
    )


# --- What it says -----------------------------------------------------------------------------------------


def test_where_we_stand_is_three_sentences() -> None:
    assert brief_of(pdf_samples.small()).sentences == (
        "4 of 9 readiness conditions are met, so the recommendation is to prepare.",
        "Leadership determined to proceed (Dana Whitfield, Mayor, Nov 20, 2026).",
        "This differs from the recommendation, which is to prepare.",
    )


def test_without_a_determination_the_council_is_asked_for_one() -> None:
    brief = brief_of(replace(pdf_samples.small(), determination=None))
    assert brief.sentences[1:] == (
        "Leadership has not recorded a determination yet.",
        "This is provisional: 5 steps are not answered yet and count as not in place.",
    )
    assert brief.asked == "To ask leadership to record whether to proceed, prepare or postpone, and when."


@pytest.mark.parametrize(
    ("key", "is_draft", "asked"),
    [
        ("postpone", True, "To take note that planning is postponed"),
        ("prepare", True, "To support the preparedness plan"),
        ("proceed", True, "To take note of the draft of the Mobility Action Plan"),
        ("proceed", False, "To adopt the Mobility Action Plan, and to have its measures reported"),
    ],
)
def test_what_is_asked_follows_the_determination_and_how_far_the_plan_is(key: str, is_draft: bool, asked: str) -> None:
    document = pdf_samples.small()
    assert document.determination
    decided = replace(document.determination, key=key)
    assert brief_of(replace(document, determination=decided, is_draft=is_draft)).asked.startswith(asked)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("prepare", "The determination follows the recommendation."),
        ("proceed", "The recommendation has changed since that determination."),
    ],
)
def test_a_determination_is_compared_with_the_recommendation(key: str, sentence: str) -> None:
    document = pdf_samples.small()
    assert document.determination
    decided = replace(document.determination, key=key, differs="")
    assert brief_of(replace(document, determination=decided)).sentences[2] == sentence


def test_the_coalition_is_one_line_of_those_who_agreed_to_be_named() -> None:
    document = pdf_samples.small()
    assert brief_of(document).coalition == (
        "6 of 12 sectors are at the table. City of Larkspur; Larkspur County; St. Brigid Hospital; "
        "Eastside Neighbors United; Larkspur Community Foundation; Terrence Boyd."
    )
    many = replace(document, roster=document.roster * 3)
    assert brief_of(many).coalition.endswith("City of Larkspur; Larkspur County; and 10 more in the plan.")
    assert brief_of(replace(document, roster=(), coverage=())).coalition == ""


# --- How it is cut ----------------------------------------------------------------------------------------


def test_measures_behind_come_first_then_those_on_track() -> None:
    brief = brief_of(planned(2, 1, 9))
    assert [one.state for one in brief.measures] == ["Behind"] * 6 + ["On track"] * 4
    assert [one.name for one in brief.measures[:4]] == ["Measure 1.2", "Measure 1.5", "Measure 1.8", "Measure 2.2"]
    assert (brief.states, brief.more_measures) == (
        "18 measures: Behind 6, On track 6, No data 6.",
        "and 8 more in the plan",
    )


def test_every_priority_keeps_as_many_actions_as_fit() -> None:
    brief = brief_of(planned(5, 7, 0))
    assert [one.number for one in brief.actions] == [f"{p}.{a}" for p in range(1, 6) for a in range(1, 5)]
    assert brief.more_actions == "and 15 more in the plan"
    uneven = planned(2, 2, 0)
    first = replace(uneven.priorities[0], actions=tuple(action(f"1.{a}") for a in range(1, 31)))
    numbers = [one.number for one in brief_of(replace(uneven, priorities=(first, uneven.priorities[1]))).actions]
    assert numbers == [*(f"1.{a}" for a in range(1, 19)), "2.1", "2.2"]


def test_five_priorities_are_shown_and_the_others_counted() -> None:
    brief = brief_of(planned(7, 0, 0))
    assert [one.number for one in brief.priorities] == [1, 2, 3, 4, 5]
    assert brief.more_priorities == "and 2 more in the plan"


def test_nothing_is_said_of_more_where_there_is_none() -> None:
    brief = brief_of(planned(5, 4, 2))
    assert (brief.more_priorities, brief.more_actions, brief.more_measures) == ("", "", "")
    assert [more(n) for n in (-1, 0, 1, 12)] == ["", "", "and 1 more in the plan", "and 12 more in the plan"]


def test_long_words_are_cut_between_words_and_endless_ones_anywhere() -> None:
    brief = brief_of(planned(1, 1, 1, LONG))
    assert brief.priorities[0].title.endswith(" …")
    assert [len(brief.priorities[0].title) <= 90, len(brief.priorities[0].goal) <= 240] == [True, True]
    assert len(brief_of(planned(1, 1, 1, "x" * 1000)).actions[0].title) <= 30


BIG = {
    "plain": (5, 5, 36, ""),
    "long": (5, 5, 36, LONG),
    "endless": (5, 5, 36, "W" * 900),
    "emoji": (5, 5, 36, "🎉" * 90),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("kind", BIG)
def test_a_big_plan_has_at_most_four_pages(kind: str, paper: Literal["letter", "a4"], tmp_path: Path) -> None:
    document = planned(*BIG[kind])
    words = BIG[kind][3]
    decided = replace(document.determination, by=f"Dana {words}", title=f"Mayor {words}")  # type: ignore[type-var]
    roster = tuple(replace(one, name=f"{one.name} {words}") for one in document.roster * 9)
    big = replace(document, paper=paper, roster=roster, determination=decided, place=f"Larkspur {words}")
    path = tmp_path / "brief.pdf"
    path.write_bytes(brief_pdf(big))
    with pypdfium2.PdfDocument(path) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
        assert len(pdf) <= 4
        assert pdf[0].get_size()[0] == pytest.approx(612 if paper == "letter" else 595, abs=1)
    for said in ("and 5 more in the plan", "and 170 more in the plan", "and 46 more in the plan"):
        assert said in " ".join(text.split())


# --- Its files --------------------------------------------------------------------------------------------


@pytest.mark.one_engine
def test_the_pdf_keeps_to_both_standards_with_little_and_with_much(tmp_path: Path) -> None:
    samples = {"much": planned(5, 5, 36), "little": pdf_samples.small(), "approved": pdf_samples.approved()}
    paths = [tmp_path / f"{name}.pdf" for name in samples]
    for path in paths:
        path.write_bytes(brief_pdf(samples[path.stem]))
    assert pdfcheck.faults(*paths) == ""


def said(brief: Brief) -> list[str]:
    rows = [one.title for one in brief.actions] + [one.name for one in brief.measures]
    rest = [brief.more_actions, brief.states, brief.more_measures]
    return [brief.asked, *brief.sentences, *(one.goal for one in brief.priorities), *rows, *rest, brief.coalition]


def test_the_word_file_says_the_same_in_real_structures() -> None:
    document = planned(5, 5, 4)
    content = brief_word(document)
    file = docx.Document(io.BytesIO(content))
    text = " ".join(t.text or "" for t in file.element.body.iter(qn("w:t")))
    for words in said(brief_of(document)):
        assert words in text
    assert [p.text for p in file.paragraphs if p.style and p.style.name == "Heading 2"] == [
        *("The decision asked of the council", "Where we stand", "Priorities and their goals", "What will be done"),
        *("How it is measured", "Who is in the coalition"),
    ]
    assert [table.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None for table in file.tables] == [True, True]
    assert file.sections[0].header.paragraphs[0].text == "City of Larkspur · Council brief · DRAFT"
    assert brief_word(replace(document)) == content


@pytest.mark.parametrize("bad", ["\x00\x0b\x1b\ud800", "x" * 100_000, "\u202eעברית 🎉", "=1+1 { DDE x } <w:p/> & ]]>"])
def test_hostile_words_are_words(bad: str) -> None:
    file = docx.Document(io.BytesIO(brief_word(replace(planned(2, 2, 2, bad), place=bad, title=bad, status=bad))))
    assert not list(file.element.body.iter(qn("w:fldSimple"), qn("w:instrText")))


@pytest.fixture
def own_cache(tmp_path: Path, settings: LazySettings) -> None:
    settings.EXPORT_CACHE_DIR = tmp_path / "cache"


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize(
    ("ending", "sent_as", "begins"), [("pdf", "application/pdf", b"%PDF-"), ("docx", DOCX_TYPE, b"PK")]
)
def test_it_comes_as_a_file_with_a_name(vera: Client, olaf: Client, ending: str, sent_as: str, begins: bytes) -> None:
    address = f"/larkspur/plan/brief.{ending}"
    response = vera.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (HTTPStatus.OK, sent_as)
    assert response.headers["Content-Disposition"] == f'attachment; filename="larkspur-council-brief.{ending}"'
    assert response.content.startswith(begins)
    again = vera.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert olaf.get(address).status_code == HTTPStatus.NOT_FOUND
    assert f'href="{address}"' in vera.get("/larkspur/plan/").content.decode()


@pytest.mark.usefixtures("own_cache")
def test_a_brief_that_cannot_be_made_is_a_clear_page(
    vera: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(html: str) -> bytes:
        raise RenderError("no title")

    monkeypatch.setattr("plans.export.brief.render_pdf", broken)
    response = vera.get("/larkspur/plan/brief.pdf")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Nothing is wrong with your plan" in response.content.decode()
    assert 'href="/larkspur/plan/brief.pdf"' in response.content.decode()
    assert "The council-brief.pdf of larkspur could not be made." in caplog.text

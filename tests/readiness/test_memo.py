"""The decision memo: two pages whatever is written, for everybody who reads."""

import io
from pathlib import Path

import docx
import pypdfium2
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from municipalities.records import moment, overwrite
from readiness.models import Round, StepAnswer
from readiness.rules.shorten import ENDING, shorten
from readiness.services import Decision, record_determination
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in

MEMO = "/larkspur/readiness/rounds/1/memo."
NAMES = ("ana", "ben", "lena", "vera", "olaf")
LONG = {
    "plain": "Because the council has asked for it. " * 400,
    "wide": "W" * 9000,
    "lines": "Why\n\n" * 900,
    "hostile": "<script>alert(1)</script> {{ x }} \u202e\U0001f3d9 漢字 " * 200,
}


@settings(max_examples=150)
@given(st.text(max_size=200), st.integers(10, 60), st.integers(1, 4))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str, characters: int, lines: int):
    kept = shorten(text, characters, lines)
    assert len(kept) <= characters + len(ENDING)
    assert len(kept.splitlines()) <= lines
    assert kept == "\n".join(text.strip().splitlines()) or kept.endswith(ENDING)


def test_everybody_of_the_town_takes_it_and_nobody_else(cast: Cast):
    codes = {name: signed_in(cast[name]).get(f"{MEMO}docx").status_code for name in NAMES}
    assert codes == dict.fromkeys(NAMES, 200) | {"olaf": 404}
    ana = signed_in(cast.ana)
    assert (ana.post(f"{MEMO}pdf").status_code, ana.get(f"{MEMO}txt").status_code) == (405, 404)
    assert ana.get("/larkspur/readiness/rounds/9/memo.pdf").status_code == 404


def decide(cast: Cast, text: str) -> None:
    decision = Decision("postpone", text, "N" * 150, "T" * 150, moment().date(), moment().date(), conditions=text)
    record_determination(round_=Round.objects.get(municipality=cast.larkspur), decision=decision, by=cast.lena)


@pytest.mark.one_engine
@pytest.mark.parametrize("kind", ["", *LONG])
def test_the_pdf_has_two_pages_and_passes_both_profiles(cast: Cast, ana: Client, kind: str, tmp_path: Path):
    if kind:
        overwrite(cast.larkspur, by=None, name=f"{'W' * 140} {kind}")
        decide(cast, LONG[kind])
    pdf = ana.get(f"{MEMO}pdf").content
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    # What is only long has the same structure.
    if kind not in ("wide", "lines"):
        path = tmp_path / "memo.pdf"
        path.write_bytes(pdf)
        assert pdfcheck.faults(path) == ""


def test_the_word_file_says_what_was_decided_and_under_which_fingerprint(cast: Cast, ana: Client):
    decide(cast, "Because.\x0bNow.")
    word = docx.Document(io.BytesIO(ana.get(f"{MEMO}docx").content))
    words = [p.text for p in word.paragraphs]
    assert "Determination: Postpone" in words
    assert f"Fingerprint (SHA-256): {Round.objects.get(municipality=cast.larkspur).determination.fingerprint}" in words
    assert word.tables[0].rows[0].cells[0].text == "Condition"
    assert len(word.tables[0].rows) == 10


def test_an_undecided_memo_has_lines_to_sign(cast: Cast, ana: Client):
    word = docx.Document(io.BytesIO(ana.get(f"{MEMO}docx").content))
    assert "Determination: not yet decided" in [p.text for p in word.paragraphs]


@pytest.mark.parametrize("size", [3, 300])
def test_the_memo_asks_as_many_queries_for_much_evidence_as_for_little(
    cast: Cast, ana: Client, size: int, django_assert_num_queries
):
    step = StepAnswer.objects.get(round__municipality=cast.larkspur, key="data.1")
    for n in range(size):
        factories.evidence(step, f"Paper {n}")
    with django_assert_num_queries(7):
        ana.get(f"{MEMO}docx")

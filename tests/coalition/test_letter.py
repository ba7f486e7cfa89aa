"""The request letter: drafted from what is written down, as text and as Word, for those who may see contacts."""

import datetime
import io

import docx
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from coalition.export.letter import letter
from coalition.models import Partner, Person
from tests import factories
from tests.conftest import Cast, signed_in

TODAY = datetime.date(2026, 11, 27)
NAMES = ("ana", "ben", "lena", "vera", "olaf")
HOSTILE = "=1+1 <script>alert(1)</script> {{ 7|add:7 }} \U0001f3d9 שלום"


def draft(person: Person | None = None, **fields: object) -> str:
    row = Partner(name="Acme", **fields)
    return letter(row, person, place="Larkspur County", asker="Ana Reyes", today=TODAY).text


def test_the_whole_letter_reads_as_one():
    kim = Person(name="Kim Doe", title="Chief")
    on = datetime.date(2026, 12, 11)
    assert draft(kim, ask="One seat.", offer="Data.", follow_up_on=on).split("\n\n") == [
        "November 27, 2026",
        "Kim Doe\nChief\nAcme",
        "Dear Kim Doe,",
        "Larkspur County is writing a Mobility Action Plan, so that people who live with poverty can leave it behind "
        "and not fall back. We are gathering those without whom it would not come true, and Acme is one of them.",
        "What we ask of you:\nOne seat.",
        "What we offer you:\nData.",
        "We will be in touch around December 11, 2026. You can answer earlier, and also say no.",
        "With thanks for your time,",
        "Ana Reyes\nLarkspur County\n",
    ]


def test_what_is_missing_is_said_and_a_day_that_has_passed_is_not():
    row = Partner(name="Acme", ask=" ", follow_up_on=datetime.date(2026, 11, 26))
    found = letter(row, None, place="Larkspur County", asker="", today=TODAY)
    assert found.blanks == ("what we ask of them", "what we offer them", "who asks")
    assert "[what we ask of them]" in found.text
    assert "We will be in touch soon." in found.text
    assert found.to == ("Acme",)


def test_an_individual_is_written_to_as_themself():
    text = draft(Person(name="Desmond"), individual=True)
    assert "and you are one of them." in text
    assert "Acme\n" not in text


def test_who_may_take_it(cast: Cast):
    row = factories.partner(cast.larkspur)
    for part in ("letter/", "letter.txt", "letter.docx"):
        url = f"/larkspur/coalition/partners/{row.pk}/{part}"
        codes = {name: signed_in(cast[name]).get(url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 403, "olaf": 404}, part
    assert signed_in(cast.ana).get(f"/larkspur/coalition/partners/{row.pk}/letter.pdf").status_code == 404
    other = factories.partner(cast.fairmont)
    assert signed_in(cast.ana).get(f"/larkspur/coalition/partners/{other.pk}/letter/").status_code == 404


def test_page_text_and_word_say_the_same_whatever_was_typed(cast: Cast, ben: Client):
    asked = {"ask": HOSTILE, "offer": f"{HOSTILE}\nand more", "asked_by": "ANA@larkspur.example"}
    row = factories.partner(cast.larkspur, name=HOSTILE, **asked)
    factories.person(row, "Lee Poe", title="Dean")
    page = f"/larkspur/coalition/partners/{row.pk}/"
    html = ben.get(f"{page}letter/").content.decode()
    assert escape(HOSTILE) in html
    assert "<script>alert" not in html
    assert "Ana Reyes" in html
    text = ben.get(f"{page}letter.txt").content.decode()
    assert text.count(HOSTILE) == 4
    file = docx.Document(io.BytesIO(ben.get(f"{page}letter.docx").content))
    assert "\n\n".join(p.text for p in file.paragraphs) + "\n" == text
    assert (file.core_properties.title, file.core_properties.language) == (f"Request to {HOSTILE}", "en-US")


@pytest.mark.parametrize(("to", "name"), [("", "Kim Doe"), ("999", "Kim Doe"), ("x", "Kim Doe"), ("all", "College")])
def test_whom_it_goes_to_is_chosen(cast: Cast, ben: Client, to: str, name: str):
    row = factories.partner(cast.larkspur, name="College")
    lee = factories.person(row, "Lee Poe")
    page = f"/larkspur/coalition/partners/{row.pk}/letter"
    assert f"Dear {name}," in ben.get(f"{page}.txt?to={to}").content.decode()
    assert "Dear Lee Poe," in ben.get(f"{page}.txt?to={lee.pk}").content.decode()
    html = ben.get(f"{page}/?to={lee.pk}").content.decode()
    assert f"letter.docx?to={lee.pk}" in html
    assert f"{timezone.localdate():%Y}" in html

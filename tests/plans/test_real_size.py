"""
A plan of real size: 60 pages and more, 5 priorities, 25 actions, 180 measures, 40 findings, 30 pictures.

It keeps to both standards, has its bookmarks, and page, PDF, Word file and data say the same.
"""

import datetime
import io
import json
import re
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from django.conf import LazySettings
from django.test import Client
from docx.oxml.ns import qn

from findings.models import Engagement, Finding, Source
from municipalities.entries import add_entry
from municipalities.framework import Dimension, Predictor
from plans.finished import PDF, WORD
from plans.models import Section
from plans.outline import load
from plans.queries import plan_document
from plans.services import write_section
from strategy import services
from strategy.models import Measure, Part, StrategicAction, Systems
from tests import factories, pdfcheck
from tests.conftest import Cast, signed_in

PRIORITIES, ACTIONS, MEASURES, FINDINGS, PICTURES, PAGES = 5, 25, 180, 40, 30, 60
SENTENCE = "Families told us in spring that rents rise faster than pay, and the bus does not come when the shift ends. "
DAY = datetime.date(2026, 6, 30)


def fill(cast: Cast) -> None:
    place, by = cast.larkspur, cast.ana
    source = add_entry(Source, municipality=place, values={"name": "Filings", "quality": "strong"}, by=by)
    values = {"title": "Supper talks", "method": "session", "on": DAY, "heard": SENTENCE}
    talk = add_entry(Engagement, municipality=place, values=values, by=by)
    predictors = cycle(Predictor.values)
    rests = {"sources": (str(source.pk),), "engagements": (str(talk.pk),), "dimensions": tuple(Dimension.values)}
    findings = [
        add_entry(
            Finding,
            municipality=place,
            values={"text": f"Finding {n}: {SENTENCE.strip()}", "predictor": next(predictors), **rests},
            by=by,
        )
        for n in range(1, FINDINGS + 1)
    ]
    for n in range(1, PRIORITIES + 1):
        values = {"title": f"Priority number {n}", "goal": SENTENCE}
        priority = services.add_priority(municipality=place, values=values, by=by)
        for m in range(1, ACTIONS // PRIORITIES + 1):
            act(cast, priority.pk, f"Action {n} of {m}", findings[(n * m) % FINDINGS], eighth=m == 1)
    write(cast)


def act(cast: Cast, priority: int, title: str, finding: Finding, *, eighth: bool) -> None:
    place, by = cast.larkspur, cast.ana
    texts = {"resources": SENTENCE, "evidence": SENTENCE, "equity": SENTENCE}
    values = {"title": title, "priority_id": priority, "findings": (str(finding.pk),), "lead": "Housing", **texts}
    values |= {"starts_on": DAY, "ends_on": DAY.replace(year=2029), "systems": (Systems.POWER,)}
    row = services.add_action(municipality=place, values=values, by=by)
    several = {Part.OUTPUT: 2, Part.SHORT: 2, Part.LONG: 2 if eighth else 1}
    for part in Part:
        lines = [f"{part.label}, line {n} of {title}" for n in range(1, several.get(part, 1) + 1)]
        services.add_items(municipality=place, action=row.pk, part=part, texts=lines, by=by)


def write(cast: Cast) -> None:
    pictures = iter([factories.picture(cast.larkspur, f"Street {n}", width=900, height=500) for n in range(PICTURES)])
    services.propose_measures(municipality=cast.larkspur, by=cast.ana)
    for row in Measure.objects.all():
        said = {"on": DAY, "value": Decimal(3)}
        services.add_progress(municipality=cast.larkspur, measure=row.pk, values=said, by=cast.ana)
    for number, section in enumerate(load(), start=1):
        shown = [next(pictures, None) for _ in range(3 if number <= 2 else 2)]
        words = [f"## Part {n} of {section.key}\n\n{SENTENCE * 9}" for n in range(1, 4)]
        images = [picture.markdown for picture in shown if picture]
        row = Section.objects.get(plan__municipality=cast.larkspur, key=section.key)
        values = {"body": "\n\n".join([*words, *images])}
        write_section(municipality=cast.larkspur, key=section.key, seen=row.version, values=values, by=cast.ana)


def tokens(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", re.sub("[\xad\u200b\u2011\ufffe\x02]\\s*", "", text)))


@pytest.mark.one_engine
def test_a_plan_of_real_size_is_whole_in_every_form(
    cast: Cast, tmp_path: Path, settings: LazySettings, django_assert_num_queries
):
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    fill(cast)
    assert (StrategicAction.objects.count(), Measure.objects.count(), Finding.objects.count()) == (25, 180, 40)
    document = plan_document(cast.larkspur)
    path = tmp_path / "plan.pdf"
    path.write_bytes(PDF.finished(document))
    assert pdfcheck.faults(path) == ""
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) >= PAGES
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root][:2] == ["1. Letter from leadership", "2. Executive summary"]
            assert len(outline.root) == len(load())
        attached = json.loads(pdf.attachments["plan.json"].get_file().read_bytes())
    assert len(document.pictures) == PICTURES

    # The same words in the PDF, in the Word file, in the data, and on the pages that the team and the public read.
    with pypdfium2.PdfDocument(path) as pdf:
        printed = tokens(" ".join(page.get_textpage().get_text_range() for page in pdf))
    file = docx.Document(io.BytesIO(WORD.finished(document)))
    written = tokens(" ".join(text.text or "" for text in file.element.body.iter(qn("w:t"))))
    assert written - printed == set()
    ana: Client = signed_in(cast.ana)
    said = {str(row) for kind in (Finding, StrategicAction, Measure) for row in kind.objects.all()}
    for name in said:
        words = tokens(name.rstrip("…"))
        assert words <= printed, name
        assert words <= written, name
    measures = [
        m for p in attached["priorities"] for a in p["actions"] for line in a["logic"] for m in line["measures"]
    ]
    assert len(measures) == MEASURES
    assert len(file.inline_shapes) >= PICTURES

    # The pages of so much ask as little as those of a little.
    ana.get("/larkspur/strategy/")
    for page in ("", "diagram/", "measures/"):
        with django_assert_num_queries(10):
            html = ana.get(f"/larkspur/strategy/{page}").content.decode()
        assert "Action 5 of 5" in html or "Inputs, line 1 of Action 5 of 5" in html

"""A plan of real size keeps to both standards, has its bookmarks, and page, PDF, Word file and data say the same."""

import io
import json
import re
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from django.conf import LazySettings
from django.test import Client
from docx.oxml.ns import qn

from findings.models import Finding
from plans.finished import PDF, WORD
from plans.outline import load
from plans.queries import plan_document
from strategy.models import Measure, StrategicAction
from tests import pdfcheck
from tests.conftest import Cast, signed_in
from tests.plans import real_size


def tokens(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", re.sub("[\xad\u200b\u2011\ufffe\x02]\\s*", "", text)))


@pytest.mark.one_engine
def test_a_plan_of_real_size_is_whole_in_every_form(
    cast: Cast, tmp_path: Path, settings: LazySettings, django_assert_num_queries
):
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    real_size.fill(cast.larkspur, cast.ana)
    assert (StrategicAction.objects.count(), Measure.objects.count(), Finding.objects.count()) == (25, 180, 40)
    document = plan_document(cast.larkspur)
    path = tmp_path / "plan.pdf"
    path.write_bytes(PDF.finished(document))
    assert pdfcheck.faults(path) == ""
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) >= real_size.PAGES
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root][:2] == ["1. Letter from leadership", "2. Executive summary"]
            assert len(outline.root) == len(load())
        attached = json.loads(pdf.attachments["plan.json"].get_file().read_bytes())
    assert len(document.pictures) == real_size.PICTURES

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
    assert len(measures) == real_size.MEASURES
    assert len(file.inline_shapes) >= real_size.PICTURES

    # The pages of so much ask as little as those of a little.
    ana.get("/larkspur/strategy/")
    for page in ("", "diagram/", "measures/"):
        with django_assert_num_queries(10):
            html = ana.get(f"/larkspur/strategy/{page}").content.decode()
        assert "Action 5 of 5" in html or "Inputs, line 1 of Action 5 of 5" in html

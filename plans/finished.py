"""The finished files of a plan, for their addresses and their command."""

from django.utils.translation import gettext as _

from documents.finished import DOCX_TYPE, PDF_TYPE, PPTX_TYPE, Kind
from documents.pdf import Attached, render_pdf
from plans import pictures
from plans.export.brief import brief_pdf, brief_word
from plans.export.document import Document, document_html
from plans.export.slides import plan_slides
from plans.export.word import plan_word


def _word(document: Document) -> bytes:
    return plan_word(document, pictures.files(document.pictures))


DATA_FILE = "plan.json"


def _pdf(document: Document) -> bytes:
    data = Attached(DATA_FILE, document.data.encode(), _("The plan as data"), document.created)
    return render_pdf(document_html(document), pictures.files(document.pictures), data)


def _data(document: Document) -> bytes:
    return document.data.encode()


PDF = Kind("mobility-action-plan", "pdf", PDF_TYPE, _pdf)
DATA = Kind("mobility-action-plan", "json", "application/json", _data)
WORD = Kind("mobility-action-plan", "docx", DOCX_TYPE, _word)
BRIEF_PDF = Kind("council-brief", "pdf", PDF_TYPE, brief_pdf)
BRIEF_WORD = Kind("council-brief", "docx", DOCX_TYPE, brief_word)
SLIDES = Kind("slides", "pptx", PPTX_TYPE, plan_slides)

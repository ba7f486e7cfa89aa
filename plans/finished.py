"""The finished files of a plan, for their addresses and their command."""

from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.apart import Stage, make_apart
from documents.finished import DOCX_TYPE, PDF_TYPE, PPTX_TYPE, Kind
from documents.pdf import Attached, render_pdf
from plans import pictures
from plans.export.brief import brief_pdf, brief_word
from plans.export.document import Document, document_html
from plans.export.slides import plan_slides
from plans.export.word import plan_word


@dataclass(frozen=True)
class PlanFile(Kind[Document]):
    """
    A file that a plan can be taken away as, with its `address` and what people call it.

    `quick`: it is there at once, however large the plan is.
    """

    address: str
    label: Promise
    quick: bool = False

    @property
    def route(self) -> str:
        """The name of its address."""
        return f"plans:{self.address}"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What its making tells of itself; an office file has no pages before it is opened."""
        return tuple(Stage) if self.ending == "pdf" else (Stage.READ, Stage.DRAW)


def _word(document: Document) -> bytes:
    return make_apart(plan_word, document, pictures.files(document.pictures))


def _brief_word(document: Document) -> bytes:
    return make_apart(brief_word, document)


def _slides(document: Document) -> bytes:
    return make_apart(plan_slides, document)


DATA_FILE = "plan.json"


def _pdf(document: Document) -> bytes:
    data = Attached(DATA_FILE, document.data.encode(), _("The plan as data"), document.created)
    return render_pdf(partial(document_html, document), pictures.files(document.pictures), data)


def _data(document: Document) -> bytes:
    return document.data.encode()


_PLAN, _BRIEF = "mobility-action-plan", "council-brief"
PDF = PlanFile(_PLAN, "pdf", PDF_TYPE, _pdf, "pdf", gettext_lazy("The whole plan as a PDF"))
DATA = PlanFile(_PLAN, "json", "application/json", _data, "data", gettext_lazy("The plan as data (JSON)"), quick=True)
WORD = PlanFile(_PLAN, "docx", DOCX_TYPE, _word, "word", gettext_lazy("The whole plan as a Word file"))
BRIEF_PDF = PlanFile(_BRIEF, "pdf", PDF_TYPE, brief_pdf, "brief_pdf", gettext_lazy("Council brief as a PDF"))
BRIEF_WORD = PlanFile(
    _BRIEF, "docx", DOCX_TYPE, _brief_word, "brief_word", gettext_lazy("Council brief as a Word file")
)
SLIDES = PlanFile("slides", "pptx", PPTX_TYPE, _slides, "slides", gettext_lazy("Slides (PowerPoint)"))
KINDS = {kind.address: kind for kind in (PDF, DATA, WORD, BRIEF_PDF, BRIEF_WORD, SLIDES)}

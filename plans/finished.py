"""The finished files of a plan, for their addresses and their command."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.apart import Stage, make_apart
from documents.cache import cached_file, kept_file, key
from documents.pdf import Attached, render_pdf
from municipalities.models import Municipality
from plans import pictures
from plans.export.brief import brief_pdf, brief_word
from plans.export.document import Document, document_html
from plans.export.slides import plan_slides
from plans.export.word import plan_word

_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
PPTX = f"{_OFFICE}.presentationml.presentation"


@dataclass(frozen=True)
class Kind:
    """
    A file that a plan can be taken away as: its address, what it is called and sent as, and how it is made.

    `quick`: it is there at once, however large the plan is.
    """

    address: str
    name: str
    ending: str
    sent_as: str
    label: Promise
    make: Callable[[Document], bytes]
    quick: bool = False

    @property
    def route(self) -> str:
        """The name of its address."""
        return f"plans:{self.address}"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What its making tells of itself; an office file has no pages before it is opened."""
        return tuple(Stage) if self.ending == "pdf" else (Stage.READ, Stage.DRAW)

    def key(self, document: Document) -> str:
        """Tells this file of that document from any other."""
        return key(document, f"{self.name}.{self.ending}")

    def finished(self, document: Document, *, known_as: str | None = None) -> bytes:
        """The file, made only where something has changed; raises RenderError."""
        return cached_file(known_as or self.key(document), lambda: self.make(document))

    def kept(self, known_as: str) -> bytes | None:
        """The file of that key, where it has been made."""
        return kept_file(known_as)

    def file_name(self, municipality: Municipality) -> str:
        """What the file is called: "larkspur-mobility-action-plan.docx"."""
        return f"{municipality.slug}-{self.name}.{self.ending}"


def _word(document: Document) -> bytes:
    return make_apart(plan_word, document, pictures.files(document.pictures))


def _brief_word(document: Document) -> bytes:
    return make_apart(brief_word, document)


def _slides(document: Document) -> bytes:
    return make_apart(plan_slides, document)


DATA_FILE = "plan.json"


def _pdf(document: Document) -> bytes:
    data = Attached(DATA_FILE, document.data.encode(), _("The plan as data"), document.created)
    return render_pdf(document_html(document), pictures.files(document.pictures), data)


def _data(document: Document) -> bytes:
    return document.data.encode()


_PLAN, _BRIEF = "mobility-action-plan", "council-brief"
PDF = Kind("pdf", _PLAN, "pdf", "application/pdf", gettext_lazy("The whole plan as a PDF"), _pdf)
DATA = Kind("data", _PLAN, "json", "application/json", gettext_lazy("The plan as data (JSON)"), _data, quick=True)
WORD = Kind("word", _PLAN, "docx", DOCX, gettext_lazy("The whole plan as a Word file"), _word)
BRIEF_PDF = Kind("brief_pdf", _BRIEF, "pdf", "application/pdf", gettext_lazy("Council brief as a PDF"), brief_pdf)
BRIEF_WORD = Kind("brief_word", _BRIEF, "docx", DOCX, gettext_lazy("Council brief as a Word file"), _brief_word)
SLIDES = Kind("slides", "slides", "pptx", PPTX, gettext_lazy("Slides (PowerPoint)"), _slides)
KINDS = {kind.address: kind for kind in (PDF, DATA, WORD, BRIEF_PDF, BRIEF_WORD, SLIDES)}

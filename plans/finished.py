"""The finished files of a plan, for their addresses and their command."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents.cache import cached_file, key
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
    """A file that a plan can be taken away as: what it is called and sent as, and how it is made."""

    name: str
    ending: str
    sent_as: str
    make: Callable[[Document], bytes]

    def key(self, document: Document) -> str:
        """Tells this file of that document from any other."""
        return key(document, f"{self.name}.{self.ending}")

    def finished(self, document: Document, *, known_as: str | None = None) -> bytes:
        """The file, made only where something has changed; raises RenderError."""
        return cached_file(known_as or self.key(document), lambda: self.make(document))

    def file_name(self, municipality: Municipality) -> str:
        """What the file is called: "larkspur-mobility-action-plan.docx"."""
        return f"{municipality.slug}-{self.name}.{self.ending}"


def _word(document: Document) -> bytes:
    return plan_word(document, pictures.files(document.pictures))


DATA_FILE = "plan.json"


def _pdf(document: Document) -> bytes:
    data = Attached(DATA_FILE, document.data.encode(), _("The plan as data"), document.created)
    return render_pdf(document_html(document), pictures.files(document.pictures), data)


def _data(document: Document) -> bytes:
    return document.data.encode()


PDF = Kind("mobility-action-plan", "pdf", "application/pdf", _pdf)
DATA = Kind("mobility-action-plan", "json", "application/json", _data)
WORD = Kind("mobility-action-plan", "docx", DOCX, _word)
BRIEF_PDF = Kind("council-brief", "pdf", "application/pdf", brief_pdf)
BRIEF_WORD = Kind("council-brief", "docx", DOCX, brief_word)
SLIDES = Kind("slides", "pptx", PPTX, plan_slides)

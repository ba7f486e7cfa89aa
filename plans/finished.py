"""The finished PDF of a plan, for its page and its command."""

from django.utils.translation import gettext as _

from documents.cache import cached_pdf
from documents.pdf import Attached, render_pdf
from municipalities.models import Municipality
from plans import pictures
from plans.export.document import Document, document_html


def finished(document: Document, *, known_as: str | None = None) -> bytes:
    """The PDF of a document (see `cached_pdf`), drawn only where something has changed; raises RenderError."""
    return cached_pdf(document, _drawn, known_as=known_as)


DATA_FILE = "plan.json"


def _drawn(document: Document) -> bytes:
    data = Attached(DATA_FILE, document.data.encode(), _("The plan as data"), document.created)
    return render_pdf(document_html(document), pictures.files(document.pictures), data)


def file_name(municipality: Municipality) -> str:
    """What the file is called: "larkspur-mobility-action-plan.pdf"."""
    return f"{municipality.slug}-mobility-action-plan.pdf"

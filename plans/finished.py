"""The finished PDF of a plan, for its page and its command."""

from documents.cache import cached_pdf
from documents.pdf import render_pdf
from municipalities.models import Municipality
from plans.export.document import Document, document_html


def finished(document: Document, *, known_as: str | None = None) -> bytes:
    """The PDF of a document (see `cached_pdf`), drawn only where something has changed; raises RenderError."""
    return cached_pdf(document, lambda shown: render_pdf(document_html(shown)), known_as=known_as)


def file_name(municipality: Municipality) -> str:
    """What the file is called: "larkspur-mobility-action-plan.pdf"."""
    return f"{municipality.slug}-mobility-action-plan.pdf"

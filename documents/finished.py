"""Files that something can be taken away as: made once, and answered as what the browser may have already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from documents.cache import cached_file, kept_file, key

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF_TYPE = "application/pdf"
DOCX_TYPE = f"{_OFFICE}.wordprocessingml.document"
PPTX_TYPE = f"{_OFFICE}.presentationml.presentation"

D = TypeVar("D", bound="DataclassInstance")


@dataclass(frozen=True)
class Kind(Generic[D]):
    """A file that a document can be taken away as: what it is called and sent as, and how it is made."""

    name: str
    ending: str
    sent_as: str
    make: Callable[[D], bytes]

    def key(self, document: D) -> str:
        """Tells this file of that document from any other."""
        return key(document, f"{self.name}.{self.ending}")

    def finished(self, document: D, *, known_as: str | None = None) -> bytes:
        """The file, made only where something has changed; raises RenderError."""
        return cached_file(known_as or self.key(document), lambda: self.make(document))

    def file_name(self, slug: str) -> str:
        """What the file is called: "larkspur-mobility-action-plan.docx"."""
        return f"{slug}-{self.name}.{self.ending}"

    def kept(self, known_as: str) -> bytes | None:
        """The file of that key, where it has been made."""
        return kept_file(known_as)

    def answer(
        self,
        request: HttpRequest,
        document: D,
        file_name: str,
        *,
        unmade: Callable[[str], HttpResponseBase] | None = None,
    ) -> HttpResponseBase:
        """
        The file to keep, or that the browser has it as it stands; raises RenderError.

        `unmade` answers instead where it would have to be made first, given its key.
        """
        known_as = self.key(document)
        etag = quote_etag(known_as)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            content = self.kept(known_as)
            if content is None and unmade:
                return unmade(known_as)
            response = self.attachment(content or self.finished(document, known_as=known_as), file_name)
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    def attachment(self, content: bytes, file_name: str) -> HttpResponse:
        """The file, to be saved under that name."""
        response = HttpResponse(content, content_type=self.sent_as)
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return response

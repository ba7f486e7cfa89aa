"""What a plan can be taken away as, each under an address of its own."""

import logging
from http import HTTPStatus

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.finished import Kind
from documents.pdf import RenderError
from municipalities import access
from plans import finished, queries
from plans.export.document import Document

logger = logging.getLogger(__name__)


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The whole plan as a PDF."""
    return _file(request, slug, finished.PDF)


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The plan as data; `plans/export/plan.schema.json` says how it is built."""
    return _file(request, slug, finished.DATA)


@require_safe
def word(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The whole plan as a Word file."""
    return _file(request, slug, finished.WORD)


@require_safe
def brief_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The plan in at most four pages, as a PDF."""
    return _file(request, slug, finished.BRIEF_PDF)


@require_safe
def brief_word(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The plan in a few pages, as a Word file."""
    return _file(request, slug, finished.BRIEF_WORD)


@require_safe
def slides(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The plan as slides."""
    return _file(request, slug, finished.SLIDES)


def _file(request: HttpRequest, slug: str, kind: Kind[Document]) -> HttpResponseBase:
    """A browser that has the file as it stands is told so."""
    seat = access.read(request, slug)
    try:
        return kind.answer(request, queries.plan_document(seat.municipality), kind.file_name(slug))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except RenderError:
        logger.exception("The %s.%s of %s could not be made.", kind.name, kind.ending, slug)
        return render(request, "plans/not_exported.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)

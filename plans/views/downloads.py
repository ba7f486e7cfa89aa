"""What a plan can be taken away as, each under an address of its own."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from documents.apart import RenderError, TooLargeError
from municipalities import access
from municipalities.models import Municipality
from plans import exports, finished, queries
from plans.finished import Kind
from plans.models import Problem

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


def _file(request: HttpRequest, slug: str, kind: Kind) -> HttpResponseBase:
    """
    A browser that has the file as it stands is told so. What has to be made first is made by the worker, where one
    runs, and the browser is sent to the page that waits for it.
    """
    seat = access.read(request, slug)
    try:
        document = queries.plan_document(seat.municipality)
        known_as = kind.key(document)
        etag = quote_etag(known_as)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            content = kind.kept(known_as)
            if content is None and settings.BACKGROUND_WORKER and not kind.quick:
                row = exports.ask(municipality=seat.municipality, kind=kind, known_as=known_as, by=seat.user)
                return redirect("plans:export", slug, row.pk)
            response = attachment(kind, seat.municipality, content or kind.finished(document, known_as=known_as))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except RenderError as error:
        logger.exception("The %s.%s of %s could not be made.", kind.name, kind.ending, slug)
        problem = Problem(error.limit) if isinstance(error, TooLargeError) else Problem.FAULT
        context = {"kind": kind, "problem": problem}
        return render(request, "plans/not_exported.html", context, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def attachment(kind: Kind, municipality: Municipality, content: bytes) -> HttpResponse:
    """The file, to be saved under its name."""
    response = HttpResponse(content, content_type=kind.sent_as)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.file_name(municipality)}"'
    return response

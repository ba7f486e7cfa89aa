"""What a plan can be taken away as, each under an address of its own."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from documents.apart import RenderError, TooLargeError
from municipalities import access
from plans import exports, finished, queries
from plans.finished import PlanFile
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


def _file(request: HttpRequest, slug: str, kind: PlanFile) -> HttpResponseBase:
    """
    A browser that has the file as it stands is told so. What has to be made first is made by the worker, where one
    runs, and the browser is sent to the page that waits for it.
    """
    seat = access.read(request, slug)

    def wait(known_as: str) -> HttpResponseBase:
        row = exports.ask(municipality=seat.municipality, kind=kind, known_as=known_as, by=seat.user)
        return redirect("plans:export", slug, row.pk)

    unmade = wait if settings.BACKGROUND_WORKER and not kind.quick else None
    try:
        document = queries.plan_document(seat.municipality)
        return kind.answer(request, document, kind.file_name(slug), unmade=unmade)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except RenderError as error:
        logger.exception("The %s.%s of %s could not be made.", kind.name, kind.ending, slug)
        problem = Problem(error.limit) if isinstance(error, TooLargeError) else Problem.FAULT
        context = {"kind": kind, "problem": problem}
        return render(request, "plans/not_exported.html", context, status=HTTPStatus.INTERNAL_SERVER_ERROR)

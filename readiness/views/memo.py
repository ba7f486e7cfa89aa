"""The decision memo of a round, to take away."""

import logging
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.apart import RenderError
from municipalities import access
from readiness import queries
from readiness.export.memo import finished, memo_of, word_file
from readiness.models import Round

logger = logging.getLogger(__name__)
KINDS = {
    "pdf": ("application/pdf", finished),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word_file),
}


@require_safe
def memo(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """Two pages as PDF or Word."""
    seat = access.read(request, slug)
    if kind not in KINDS:
        raise Http404
    try:
        assessment = queries.assessment(seat.municipality, number)
    except Round.DoesNotExist as error:
        raise Http404 from error
    content_type, make = KINDS[kind]
    try:
        content = make(memo_of(assessment, seat.municipality))
    except RenderError:
        logger.exception("The decision memo of %s could not be made into a PDF.", slug)
        return render(request, "readiness/memo_not_made.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response = HttpResponse(content, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-decision-memo-{number}.{kind}"'
    return response

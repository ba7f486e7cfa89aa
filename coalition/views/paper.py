"""The roster and a meeting's attendance sheet, as PDFs to print."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coalition import queries
from coalition.export.printed import roster_of, roster_pdf
from coalition.export.sheet import Sheet, sheet_pdf
from coalition.filters import PartnerFilter
from coalition.models import Meeting
from documents.apart import RenderError
from municipalities import access

logger = logging.getLogger(__name__)


@require_safe
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """The partners of the filter and their people."""
    seat = access.contacts(request, slug)
    found = PartnerFilter(request.GET, seat)
    told = roster_of(found.qs, place=seat.municipality.name, chosen=found.words, now=timezone.now())
    return _pdf(request, lambda: roster_pdf(told), f"{slug}-roster.pdf")


@require_safe
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A sheet on which those who come to a meeting sign."""
    seat = access.read(request, slug)
    row = get_object_or_404(Meeting.objects.of(seat.municipality).select_related("group", "municipality"), pk=pk)
    told = Sheet(place=seat.municipality.name, created=timezone.now(), page=queries.meeting_page(row))
    return _pdf(request, lambda: sheet_pdf(told), f"attendance-{row.on}.pdf")


def _pdf(request: HttpRequest, make: Callable[[], bytes], name: str) -> HttpResponse:
    try:
        content = make()
    except RenderError:
        logger.exception("%s could not be made into a PDF.", request.path)
        return render(request, "coalition/not_printed.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response = HttpResponse(content, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The handover note: read, written in part, taken along."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.finished import Kind
from municipalities import access
from municipalities.access import Seat
from municipalities.records import Outcome
from sustain import services
from sustain.export.files import HANDOVER_PDF, HANDOVER_WORD
from sustain.forms import HandoverForm
from sustain.handing_over import handover_paper, own_parts
from sustain.models import Handover
from sustain.paper import Paper
from sustain.views.texts import previewed, taken, with_previews, written

DOM = "handover"


def _row(seat: Seat) -> Handover:
    """The note's row; while nobody has written, the one that the first write will add."""
    row = Handover.objects.filter(municipality=seat.municipality).select_related("updated_by").first()
    return row or Handover(municipality=seat.municipality)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """The note as it reads today; whoever contributes writes its texts."""
    if request.method != "POST":
        return _page(request, access.read(request, slug))
    seat = access.contribute(request, slug)

    def store(seen: int, values: dict[str, object]) -> Outcome[Handover]:
        return services.write_handover(municipality=seat.municipality, seen=seen, values=values, by=seat.user)

    def page(status: int, **extra: Any) -> HttpResponse:
        return _page(request, seat, status, **extra)

    return written(request, HandoverForm(request.POST), store, own_parts, page, DOM)


def _page(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    row = _row(seat)
    form = extra.pop("form", None) or HandoverForm(initial={name: getattr(row, name) for name in Handover.FIELDS})
    context = {
        "row": row,
        "dom": DOM,
        "paper": handover_paper(seat.municipality, row, timezone.localdate()),
        "writable": seat.contributes,
        "texts": with_previews(form) if seat.contributes else (),
        "preview": reverse("sustain:preview_handover", args=[seat.municipality.slug]),
        **extra,
    }
    return render(request, "sustain/handover.html", context, status=status)


@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """How the text that was sent would read."""
    access.contribute(request, slug)
    return previewed(request, HandoverForm(request.POST))


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The note as an accessible PDF."""
    return _file(request, slug, HANDOVER_PDF)


@require_safe
def docx(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The note as a Word file."""
    return _file(request, slug, HANDOVER_WORD)


def _file(request: HttpRequest, slug: str, kind: Kind[Paper]) -> HttpResponseBase:
    seat = access.read(request, slug)
    paper = handover_paper(seat.municipality, _row(seat), timezone.localdate())
    back = reverse("sustain:handover", args=[slug])
    return taken(request, seat, kind, paper, kind.file_name(slug), back)

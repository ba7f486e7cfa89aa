"""Rounds side by side."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from municipalities import access
from readiness.models import Round
from readiness.queries.rounds import rounds


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """All rounds, and two of them compared (`?before=1&after=2`)."""
    seat = access.read(request, slug)
    try:
        found = rounds(seat.municipality, _number(request, "before"), _number(request, "after"))
    except Round.DoesNotExist as error:
        raise Http404 from error
    return render(request, "readiness/rounds.html", {"page": found})


def _number(request: HttpRequest, name: str) -> int | None:
    sent = request.GET.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 6 else None

"""The step three review: three points, ticked from facts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from municipalities import access
from municipalities.access import Seat
from readiness import queries, review_wording, services
from readiness.models import Round


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """What is done and why; a leader confirms here that they have read the conditions."""
    if request.method == "POST":
        return _confirm(request, access.determine(request, slug))
    seat = access.read(request, slug)
    assessment = _assessment(seat)
    found = queries.review_of(assessment)
    points = [(point, review_wording.POINTS[point.key], review_wording.reason(point.reason)) for point in found.points]
    confirms = seat.determines and not assessment.round.frozen and not found.has_read(seat.user.pk)
    context = {"assessment": assessment, "review": found, "points": points, "confirms": confirms}
    return render(request, "readiness/review.html", context)


def _assessment(seat: Seat) -> queries.Assessment:
    try:
        return queries.assessment(seat.municipality)
    except Round.DoesNotExist as error:
        raise Http404 from error


def _confirm(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        services.acknowledge(round_=_assessment(seat).round, by=seat.user)
    except services.RoundFrozenError:
        messages.error(request, _("The round is decided, so nothing in it changes any more."))
    else:
        messages.success(request, _("Thank you. Your confirmation is kept with your name and today's date."))
    return redirect("readiness:review", seat.municipality.slug)

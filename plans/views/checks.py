"""The plan checks itself: what it lacks, mended or accepted with a reason."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from municipalities import access
from municipalities.access import Seat
from plans import checks as checking
from plans import services
from plans.forms import (
    AcceptForm,
)
from plans.models import Acceptance, Plan


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest, slug: str) -> HttpResponse:
    """All that the plan lacks; its forms accept one of them with a reason."""
    if request.method != "POST":
        return _checks_page(request, access.read(request, slug))
    seat = access.contribute(request, slug)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        problems = [str(error) for errors in form.errors.values() for error in errors]
        return _checks_page(request, seat, HTTPStatus.UNPROCESSABLE_ENTITY, refused=form.data, problems=problems)
    told = form.cleaned_data
    found = checking.checks(seat.municipality, timezone.localdate()).find(told["code"], told["subject"])
    if found is None:
        messages.info(request, _("That is not missing any more."))
    else:
        services.accept(municipality=seat.municipality, by=seat.user, **told)
        messages.success(request, _("Accepted: %(text)s") % {"text": found.text})
    return redirect("plans:checks", slug)


def _checks_page(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    try:
        found = checking.checks(seat.municipality, timezone.localdate())
    except Plan.DoesNotExist as error:
        raise Http404 from error
    return render(request, "plans/checks.html", {"checks": found, **extra}, status=status)


@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was accepted counts as missing again."""
    seat = access.contribute(request, slug)
    try:
        services.take_back(municipality=seat.municipality, pk=pk, by=seat.user)
    except Acceptance.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("It counts as missing again."))
    return redirect("plans:checks", slug)

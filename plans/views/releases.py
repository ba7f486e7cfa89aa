"""Releasing the plan, withdrawing a release, and reading what the public says of it."""

import logging
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents.apart import RenderError, TooLargeError
from municipalities import access
from municipalities.access import Action, Seat
from plans import releases
from plans.forms import FeedbackStateForm, ReleaseForm
from plans.models import Feedback, FeedbackState, Plan, Problem, Publication

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def release_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every release and what the public says; its form makes the next one."""
    if request.method != "POST":
        return _page(request, access.read(request, slug))
    seat = access.approve(request, slug)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, HTTPStatus.UNPROCESSABLE_ENTITY, typed=form.data.get("note", ""))
    try:
        row = releases.release(municipality=seat.municipality, by=seat.user, **form.cleaned_data)
    except Plan.DoesNotExist as error:
        raise Http404 from error
    except (releases.NotReadyError, releases.ChangedError, RenderError) as error:
        return _refused(request, seat, error, form.cleaned_data["note"])
    messages.success(request, _("Released: the plan is public as release %(n)s.") % {"n": row.number})
    return redirect("plans:releases", slug)


def _refused(request: HttpRequest, seat: Seat, error: Exception, note: str) -> HttpResponse:
    status = HTTPStatus.CONFLICT
    if isinstance(error, releases.NotReadyError):
        problem = _("The plan is not released: a section is not approved.")
    elif isinstance(error, releases.ChangedError):
        problem = _("The plan is not released: somebody changed it meanwhile. Look at it again, then release it.")
    elif isinstance(error, TooLargeError):
        why = Problem(error.limit).label
        problem = _(
            "The plan is not released: its PDF could not be made. %(why)s Shorten its longest table or text."
        ) % {"why": why}
    else:
        logger.error("The release of %s could not be made into a PDF: %s", seat.municipality.slug, error)
        problem = _("The plan is not released: its PDF could not be made. Whoever looks after this site finds out why.")
        status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _page(request, seat, status, problem=problem, typed=note)


def _page(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    try:
        said = {"waiting": request.GET.get("page"), "read": request.GET.get("read")}
        page = releases.release_page(seat.municipality, **said)
    except Plan.DoesNotExist as error:
        raise Http404 from error
    context = {"page": page, "withdraws": _withdraws(seat), **extra}
    return render(request, "plans/releases.html", context, status=status)


def _withdraws(seat: Seat) -> bool:
    """In a hurry, whoever is there of the two who answer for the plan."""
    return seat.approves or seat.administers


@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a release away from the public, or (`back`) show it again."""
    seat = access.enter(request, slug, Action.READ)
    seat = seat if _withdraws(seat) else access.approve(request, slug)
    back = "back" in request.POST
    try:
        releases.withdraw(municipality=seat.municipality, number=number, back=back, by=seat.user)
    except Publication.DoesNotExist as error:
        raise Http404 from error
    said = (
        _("Release %(n)s is public again.") if back else _("Release %(n)s is withdrawn: nobody can read it any more.")
    )
    messages.success(request, said % {"n": number})
    return redirect("plans:releases", slug)


@require_POST
def feedback(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show something that the public said, set it aside, or let it wait again."""
    seat = access.contribute(request, slug)
    form = FeedbackStateForm(request.POST)
    if not form.is_valid():
        raise Http404
    state = FeedbackState(form.cleaned_data["state"])
    try:
        releases.judge_feedback(municipality=seat.municipality, pk=pk, state=state, by=seat.user)
    except Feedback.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, str(state.label))
    return redirect("plans:releases", slug)

"""The outline of the plan with everybody's progress, its title and its paper."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from municipalities import access
from municipalities.access import Seat
from municipalities.saving import conflict_view
from plans import discussion, queries, services
from plans.finished import PDF
from plans.forms import PlanForm
from plans.models import Plan


def whole(seat: Seat) -> queries.PlanPage:
    try:
        return queries.plan_page(seat.municipality)
    except Plan.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The outline with everybody's progress; its form names the plan and its paper."""
    seat = access.contribute(request, slug) if request.method == "POST" else access.read(request, slug)
    if request.method != "POST":
        return _plan_page(request, seat)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, seat, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    back = reverse("plans:plan", args=[slug])
    try:
        outcome = services.change_plan(
            municipality=seat.municipality, seen=form.cleaned_data["version"], values=form.posted(), by=seat.user
        )
    except Plan.DoesNotExist as error:
        raise Http404 from error
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom="plan", action=back, back=back)
        return _plan_page(request, seat, HTTPStatus.CONFLICT, conflict=view)
    messages.success(request, _("Title and paper saved."))
    return redirect(back)


def _plan_page(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    page = whole(seat)
    initial = {"title": page.plan.title, "paper": page.plan.paper, "version": page.plan.version}
    context = {
        "page": page,
        "to_review": page.to_review(seat.user) if seat.approves else None,
        "open_threads": discussion.open_threads(seat.municipality),
        "form": PlanForm(initial=initial),
        "file_name": PDF.file_name(seat.municipality.slug),
        **extra,
    }
    return render(request, "plans/plan.html", context, status=status)

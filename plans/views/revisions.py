"""The versions of a section's text: to read, to compare and to put back."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from plans import services
from plans.forms import CompareForm, RestoreForm
from plans.models import Section
from plans.revisions import Comparison, Revisions
from plans.revisions import comparison as compared
from plans.revisions import revisions as found
from plans.views.section import REFUSALS


@require_safe
def revisions(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What happened to the section, newest first, some entries a page."""
    return _list(request, access.read(request, slug), key)


def _list(request: HttpRequest, seat: Seat, key: str, status: int = HTTPStatus.OK) -> HttpResponse:
    told = _found(seat, key)
    context = {
        "revisions": told,
        "view": told.view,
        "page": told.page(request.GET.get("page")),
        "restores": seat.contributes and not told.view.frozen,
    }
    return render(request, "plans/revisions.html", context, status=status)


@require_safe
def compare(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What differs between two texts; the newest and the one before, where none are named."""
    seat = access.read(request, slug)
    told = _found(seat, key)
    context = {"view": told.view, "comparison": _compared(request, told)}
    context["restores"] = seat.contributes and not told.view.frozen
    return render(request, "plans/compare.html", context)


def _compared(request: HttpRequest, told: Revisions) -> Comparison:
    current = told.current.version
    form = CompareForm({"older": told.current.before or current, "newer": current, **request.GET.dict()})
    if not form.is_valid():
        raise Http404
    try:
        return compared(told, form.cleaned_data["older"], form.cleaned_data["newer"])
    except Section.DoesNotExist as error:
        raise Http404 from error


@require_POST
def restore(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Put an earlier text back; what stands there now stays in the list, to be put back in turn."""
    seat = access.contribute(request, slug)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return _list(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        refusal = services.restore_section(
            municipality=seat.municipality,
            key=key,
            seen=form.cleaned_data["version"],
            version=form.cleaned_data["text"],
            by=seat.user,
        )
    except Section.DoesNotExist as error:
        raise Http404 from error
    except services.SectionFrozenError:
        messages.error(
            request,
            _("Leadership has approved this section, so it cannot be changed until the approval is withdrawn."),
        )
    else:
        if refusal:
            messages.error(request, REFUSALS[refusal])
        else:
            messages.success(request, _("The text is put back. The one it replaces is in the list, too."))
    return redirect(reverse("plans:revisions", args=[slug, key]))


def _found(seat: Seat, key: str) -> Revisions:
    try:
        return found(seat.municipality, key)
    except Section.DoesNotExist as error:
        raise Http404 from error

"""One person of a partner."""

from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition import services
from coalition.forms import PersonForm
from coalition.models import Partner, Person
from municipalities import access
from municipalities.access import Seat
from municipalities.pages import REFUSED, changed, gone_page
from municipalities.queries import accounts


@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody more at a partner."""
    seat = access.contribute(request, slug)
    partner = get_object_or_404(Partner.objects.of(seat.municipality), pk=pk, individual=False)
    form = PersonForm(request.POST if request.method == "POST" else None, accounts=accounts(seat.municipality))
    if request.method != "POST" or not form.is_valid():
        status = REFUSED if request.method == "POST" else HTTPStatus.OK
        return render(request, "coalition/person.html", {"form": form, "partner": partner}, status=status)
    row = services.add_person(municipality=seat.municipality, partner=pk, values=form.posted(), by=seat.user)
    messages.success(request, _("Added: %(name)s.") % {"name": row})
    return redirect("coalition:partner", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change somebody."""
    seat = access.contribute(request, slug)
    rows = Person.objects.of(seat.municipality).select_related("partner", "updated_by", "account")
    row = rows.filter(pk=pk, erased_at=None).first()
    if row is None:
        return _gone(request, seat, pk)
    form_of = partial(PersonForm, accounts=accounts(seat.municipality))
    words = {"back": reverse("coalition:partner", args=[slug, row.partner_id])}
    more = {"partner": row.partner}
    template = "coalition/person.html"
    return changed(request, seat, row, form_of, words, services.change_person, more=more, template=template)


def _gone(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """404, but what was typed for somebody who was removed meanwhile is shown, to be copied."""
    # Their partner may have been removed with them.
    partners = Partner.history.filter(municipality=seat.municipality).values("id")
    theirs = Person.history.filter(id=pk, partner_id__in=partners)
    if request.method != "POST" or not theirs.exists():
        raise Http404
    return gone_page(request, request.POST)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then erase somebody for good; the Mobility Advocate's alone, for it cannot be undone."""
    seat = access.administer(request, slug)
    rows = Person.objects.of(seat.municipality).select_related("partner").filter(erased_at=None)
    row = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return render(request, "coalition/erase.html", {"row": row, "partner": row.partner})
    try:
        row = services.erase_person(municipality=seat.municipality, pk=pk, by=seat.user)
    except Person.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Erased, the history included. A nameless person stands in their place."))
    return redirect("coalition:partner", slug, row.partner_id)


@require_POST
def remove_person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take somebody off a partner."""
    seat = access.contribute(request, slug)
    try:
        row = services.remove_person(municipality=seat.municipality, pk=pk, by=seat.user)
    except Person.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Removed: %(name)s.") % {"name": row})
    return redirect("coalition:partner", slug, row.partner_id)

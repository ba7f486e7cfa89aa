"""One partner: who they are, the request to them, the log of contacts."""

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition import queries, services
from coalition.forms import ContactForm, NewPartnerForm, PartnerForm, RequestForm
from coalition.models import Contact, Partner, Sector, Status
from municipalities import access
from municipalities.access import Seat
from municipalities.pages import REFUSED, changed, gone_page
from municipalities.queries import names_by_email, people
from municipalities.saving import RecordForm


@require_safe
def partner(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One partner with its people and its log."""
    seat = access.read(request, slug)
    return _partner_page(request, seat, pk, ContactForm())


def _partner_page(
    request: HttpRequest, seat: Seat, pk: int, form: ContactForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    row = get_object_or_404(Partner.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    context = {
        "page": queries.partner_page(row),
        "row": row,
        "form": form,
        "statuses": Status.choices,
        "names": names_by_email(seat.municipality),
    }
    return render(request, "coalition/partner.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new partner, with somebody there if anybody is known; `?sector=` proposes one."""
    seat = access.contribute(request, slug)
    if request.method != "POST":
        wanted = request.GET.get("sector", "")
        form = NewPartnerForm(sector=wanted if wanted in Sector.values else "")
        return render(request, "coalition/add.html", {"form": form})
    form = NewPartnerForm(request.POST)
    if not form.is_valid():
        return render(request, "coalition/add.html", {"form": form}, status=REFUSED)
    row = services.add_partner(
        municipality=seat.municipality, values=form.partner(), person=form.somebody(), by=seat.user
    )
    messages.success(request, _("Added to the coalition: %(name)s.") % {"name": row})
    return redirect("coalition:partner", slug, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what a partner is."""
    words = {
        "title": _("Change a partner"),
        "lead": _("Who they are, and what they work on."),
        "button": _("Save partner"),
        "removes": True,
    }
    return _form_page(request, access.contribute(request, slug), pk, PartnerForm, words)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change the request to a partner."""
    words = {
        "title": _("The request"),
        "lead": _("What we ask of them, what we offer them, and who asks."),
        "button": _("Save request"),
    }
    return _form_page(request, access.contribute(request, slug), pk, RequestForm, words)


def _form_page(
    request: HttpRequest, seat: Seat, pk: int, kind: type[RecordForm], words: Mapping[str, object]
) -> HttpResponse:
    """A form over part of a partner; `words` are its title, lead and button, and whether it `removes`."""
    row = Partner.objects.of(seat.municipality).select_related("updated_by").filter(pk=pk).first()
    if row is None:
        return _gone(request, seat, pk)
    told = {**words, "back": reverse("coalition:partner", args=[seat.municipality.slug, pk])}
    more = {"people": people(seat.municipality)}
    template = "coalition/partner_form.html"
    return changed(request, seat, row, kind, told, services.change_partner, more=more, template=template)


def _gone(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """404, but what was typed for a partner that somebody removed meanwhile is shown, to be copied."""
    if request.method != "POST" or not Partner.history.filter(municipality=seat.municipality, id=pk).exists():
        raise Http404
    return gone_page(request, request.POST)


@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say how far the request has come, from the board or the partner's page."""
    seat = access.contribute(request, slug)
    status = request.POST.get("status", "")
    if status not in Status.values:
        raise Http404
    try:
        row = services.move_partner(municipality=seat.municipality, pk=pk, status=status, by=seat.user)
    except Partner.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("%(name)s: %(status)s.") % {"name": row.name, "status": row.get_status_display()})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("coalition:partner", args=[slug, pk])
    return redirect(back)


@require_POST
def log(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write down a contact."""
    seat = access.contribute(request, slug)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, seat, pk, form, REFUSED)
    try:
        services.log_contact(municipality=seat.municipality, partner=pk, values=form.posted(), by=seat.user)
    except Partner.DoesNotExist:
        return _gone(request, seat, pk)
    messages.success(request, _("Written into the log."))
    return redirect(f"{reverse('coalition:partner', args=[slug, pk])}#log")


@require_POST
def remove_contact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a line out of the log."""
    seat = access.contribute(request, slug)
    try:
        row = services.remove_contact(municipality=seat.municipality, pk=pk, by=seat.user)
    except Contact.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Taken out of the log."))
    return redirect(f"{reverse('coalition:partner', args=[slug, row.partner_id])}#log")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then take a partner out of the coalition; the next page offers to undo it."""
    seat = access.contribute(request, slug)
    if request.method != "POST":
        row = get_object_or_404(Partner.objects.of(seat.municipality), pk=pk)
        return render(request, "coalition/remove.html", {"page": queries.partner_page(row), "row": row})
    try:
        entry = services.remove_partner(municipality=seat.municipality, pk=pk, by=seat.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return redirect(f"{reverse('coalition:roster', args=[slug])}?removed={entry}")


@require_POST
def restore(request: HttpRequest, slug: str, entry: int) -> HttpResponse:
    """Undo a removal."""
    seat = access.contribute(request, slug)
    try:
        row = services.restore_partner(municipality=seat.municipality, entry=entry, by=seat.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except services.AlreadyBackError:
        messages.info(request, _("This partner is back already."))
        return redirect("coalition:roster", slug)
    messages.success(request, _("Back in the coalition: %(name)s.") % {"name": row})
    return redirect("coalition:partner", slug, row.pk)

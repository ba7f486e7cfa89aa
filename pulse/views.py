"""Pages of the staff pulse within a municipality: open, invite, close, read."""

from http import HTTPStatus

from django.contrib import messages
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.links import link
from municipalities import access
from municipalities.access import Seat
from municipalities.tables import csv_answer
from pulse import queries, services
from pulse.forms import AddressesForm
from pulse.models import Survey


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The surveys of a municipality, and the open one's address for whoever runs it."""
    return _overview(request, access.read(request, slug), AddressesForm())


def _overview(request: HttpRequest, seat: Seat, form: AddressesForm, status: int = HTTPStatus.OK) -> HttpResponse:
    surveys = queries.surveys(seat.municipality)
    current = next((line for line in surveys if line.survey.is_open), None)
    context = {
        "surveys": [line for line in surveys if line is not current],
        "current": current,
        "address": link("survey:answer", current.survey.token) if current else "",
        "form": form,
    }
    return render(request, "pulse/overview.html", context, status=status)


@require_POST
def open_survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin to ask the staff."""
    seat = access.administer(request, slug)
    try:
        services.open_survey(municipality=seat.municipality, by=seat.user)
    except services.AlreadyOpenError:
        messages.info(request, _("A survey is open already."))
    else:
        messages.success(request, _("The survey is open. Pass its link on, or invite people below."))
    return redirect("pulse:overview", slug)


@require_POST
def invite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send each address a link that counts once; the addresses are kept nowhere."""
    seat = access.administer(request, slug)
    survey = get_object_or_404(Survey.objects.of(seat.municipality), pk=pk)
    form = AddressesForm(request.POST)
    if not form.is_valid():
        return _overview(request, seat, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        secrets = services.issue_tickets(survey=survey, addresses=form.cleaned_data["addresses"])
    except services.ClosedError:
        messages.error(request, _("The survey is closed. Nobody was invited."))
        return redirect("pulse:overview", slug)
    failed = [address for address, token in secrets.items() if not _sent(seat, address, token)]
    sent = len(secrets) - len(failed)
    words = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent)
    messages.success(request, words % {"n": sent})
    if failed:
        messages.error(request, _("Not sent, try these again: %(failed)s") % {"failed": ", ".join(failed)})
    return redirect("pulse:overview", slug)


def _sent(seat: Seat, address: str, token: str) -> bool:
    place = " ".join(seat.municipality.name.split())
    text = render_to_string("pulse/email/invitation.txt", {"place": place, "link": link("survey:answer", token)})
    try:
        send_mail(_("Staff survey of %(place)s") % {"place": place}, text, None, [address])
    except OSError:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once more, then close for good."""
    seat = access.administer(request, slug)
    survey = get_object_or_404(Survey.objects.of(seat.municipality), pk=pk)
    if request.method != "POST" and survey.is_open:
        return render(request, "pulse/close.html", {"survey": survey})
    if request.method == "POST":
        try:
            services.close_survey(survey=survey, by=seat.user)
        except services.ClosedError:
            messages.info(request, _("The survey was closed already."))
        else:
            messages.success(request, _("The survey is closed."))
    return redirect("pulse:results", slug, pk)


@require_safe
def results(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a closed survey shows, and how it moved since the one before."""
    seat = access.read(request, slug)
    survey = get_object_or_404(Survey.objects.of(seat.municipality), pk=pk)
    context = {"survey": survey, "results": queries.results(survey), "before": queries.before(survey)}
    return render(request, "pulse/results.html", context)


@require_safe
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The published table, and nothing beyond it, as CSV."""
    seat = access.read(request, slug)
    survey = get_object_or_404(Survey.objects.of(seat.municipality), pk=pk)
    found = queries.results(survey)
    if found is None:
        raise Http404
    rows = (
        (line.label, cell.group or "everybody", s.people, f"{s.mean:.2f}", f"{s.spread:.2f}", _share(s.agreement))
        for line in (*found.scales, *found.statements)
        for cell in line.cells
        if (s := cell.summary)
    )
    head = ("what", "group", "people", "mean", "spread", "agreement")
    return csv_answer(f"{slug}-pulse-{survey.opened_at:%Y-%m-%d}.csv", head, rows)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"

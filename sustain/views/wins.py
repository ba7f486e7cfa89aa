"""The page that leads to wins, reports and the handover note; and the log of early wins."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.entries import add_entry, change_entry, set_aside
from municipalities.pages import added, changed
from municipalities.tables import csv_answer
from sustain import queries
from sustain.forms import WinForm
from sustain.models import Win


@require_safe
def sustain(request: HttpRequest, slug: str) -> HttpResponse:
    """What keeps the plan alive, and where each of the three stands."""
    seat = access.read(request, slug)
    return render(request, "sustain/sustain.html", {"stands": queries.sustaining(seat.municipality)})


@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """The wins, the newest first; `?year=` shows those of a year."""
    seat = access.read(request, slug)
    found = queries.wins(seat.municipality)
    asked = request.GET.get("year", "")
    year = next((one for one in found.years if str(one) == asked), None)
    context = {"wins": found, "shown": found.of(year), "year": year}
    return render(request, "sustain/wins.html", context)


def _back(slug: str) -> str:
    return reverse("sustain:wins", args=[slug])


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new win."""
    seat = access.contribute(request, slug)
    form = WinForm(request.POST if request.method == "POST" else None, choices=queries.win_choices(seat.municipality))

    def store() -> HttpResponse:
        row = add_entry(Win, municipality=seat.municipality, values=form.posted(), by=seat.user)
        messages.success(request, _("Added: %(name)s") % {"name": row})
        return redirect(_back(slug))

    lead = _("What changed for residents, or for how the town works, early enough to keep people going.")
    return added(request, form, {"title": _("Log a win"), "lead": lead, "back": _back(slug)}, store)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a win."""
    seat = access.contribute(request, slug)
    row = get_object_or_404(Win.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    words = {"title": _("Change the win"), "back": _back(slug)}
    return changed(request, seat, row, _form(seat, row), words, partial(change_entry, Win))


def _form(seat: Seat, row: Win) -> "partial[WinForm]":
    choices = queries.win_choices(seat.municipality, row)
    return partial(WinForm, choices=choices, chosen=queries.chosen_partners(seat.municipality, row))


@require_POST
def aside(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Set a win aside, or (`back`) put it back."""
    seat = access.contribute(request, slug)
    away = "back" not in request.POST
    try:
        row = set_aside(Win, municipality=seat.municipality, pk=pk, aside=away, by=seat.user)
    except Win.DoesNotExist as error:
        raise Http404 from error
    said = _("Set aside, not deleted: %(name)s") if away else _("Put back: %(name)s")
    messages.success(request, said % {"name": row})
    return redirect(_back(slug))


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The log as CSV, the newest first; no cell of it is a formula."""
    seat = access.read(request, slug)
    rows = (
        (
            line.row.on,
            line.row.what,
            "; ".join(line.partners),
            line.row.thanks,
            line.row.action,
            line.row.evidence,
            line.row.public,
        )
        for line in queries.wins(seat.municipality).lines
    )
    head = ("on", "what", "partners", "thanks", "action", "evidence", "public")
    return csv_answer(f"{slug}-wins.csv", head, rows)

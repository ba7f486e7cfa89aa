"""Pages of independent readings: one's own, and where all of them differ."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.saving import conflict_view
from readiness import queries as readiness
from readiness.models import Round, RoundFrozenError
from readiness.services import record_step
from readings import queries, services
from readings.forms import AgreedForm, ReadingForm


def _round(seat: Seat) -> Round:
    round_ = Round.objects.of(seat.municipality).current()
    if round_ is None:
        raise Http404
    round_.municipality = seat.municipality
    return round_


def _frozen(request: HttpRequest) -> None:
    messages.error(request, _("The round is decided; its readings stay as they are."))


@require_safe
def own(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own view of the 31 steps; nothing of anybody else's."""
    return _own(request, access.read(request, slug))


def _own(request: HttpRequest, seat: Seat, form: ReadingForm | None = None) -> HttpResponse:
    typed, faults = (form.answers(), form.faults()) if form else (None, None)
    mine = queries.own(_round(seat), seat.user, typed=typed, faults=faults)
    context = {
        "mine": mine,
        "writable": seat.contributes and not mine.done and not mine.round.frozen,
        "may_compare": queries.may_compare(mine) if seat.contributes else mine.opened or mine.round.frozen,
        "refused": form is not None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "readings/own.html", context, status=status)


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """All that one has typed, from whichever button; `done` says so of the reading, then the comparison opens."""
    seat = access.contribute(request, slug)
    round_, done = _round(seat), "done" in request.POST
    form = ReadingForm(request.POST, instrument=round_.instrument)
    if not form.is_valid():
        return _own(request, seat, form)
    try:
        services.record(round_=round_, by=seat.user, answers=form.answers(), done=done)
    except services.DoneError:
        messages.error(request, _("You have said that your reading is done, so it stays as it is."))
    except RoundFrozenError:
        _frozen(request)
    else:
        messages.success(request, _("Saved."))
        if done:
            return redirect("readings:compare", slug)
    near = request.POST.get("near", "")
    back = reverse("readings:own", args=[slug])
    return redirect(f"{back}#{near}" if near in round_.instrument.by_key else back)


@require_POST
def open_comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """The comparison is open to everybody."""
    seat = access.administer(request, slug)
    try:
        services.open_comparison(round_=_round(seat), by=seat.user)
    except RoundFrozenError:
        _frozen(request)
    return redirect("readings:compare", slug)


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the finished readings differ, furthest apart first."""
    return _compare(request, access.read(request, slug))


def _compare(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: object) -> HttpResponse:
    round_ = _round(seat)
    mine = queries.own(round_, seat.user)
    if not queries.may_compare(mine):
        raise PermissionDenied(_("You see the others' readings once yours is done, or once the comparison is opened."))
    found = queries.comparison(round_, differing_only="differ" in request.GET)
    context = {
        "page": found,
        "differ": "differ" in request.GET,
        "mine": mine,
        "writable": seat.contributes and not round_.frozen,
        **extra,
    }
    return render(request, "readings/compare.html", context, status=status)


@require_POST
def agree(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Record what the meeting agrees on as the checklist's answer."""
    seat = access.contribute(request, slug)
    round_ = _round(seat)
    form = AgreedForm(request.POST)
    if key not in round_.instrument.steps or not form.is_valid():
        raise Http404
    shown = "?differ" if "differ" in request.GET else ""
    back = f"{reverse('readings:compare', args=[slug])}{shown}#{readiness.dom(key)}"
    try:
        outcome = record_step(
            round_=round_,
            key=key,
            seen=form.cleaned_data["version"],
            values={"status": form.cleaned_data["status"]},
            by=seat.user,
        )
    except RoundFrozenError:
        _frozen(request)
        return redirect(back)
    if outcome.conflicts:
        action = reverse("readiness:step", args=[slug, key])
        view = conflict_view(form, outcome, dom=readiness.dom(key), action=action, back=back)
        context = {"conflict": view, "step": round_.instrument.steps[key]}
        return render(request, "readings/conflict.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Agreed and recorded."))
    return redirect(back)

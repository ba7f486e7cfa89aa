"""The good partner self-check: what the municipality commits to, towards all partners and towards one."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.links import link
from coalition import good_partner, services
from coalition.forms import PromiseForm
from coalition.models import Kept, Partner
from coalition.queries.good_partner import SelfCheck, checked_partners, self_check
from municipalities import access
from municipalities.access import Seat
from municipalities.wording import day


@require_http_methods(["GET", "HEAD", "POST"])
def overall(request: HttpRequest, slug: str) -> HttpResponse:
    """What the municipality commits to as a partner."""
    return _check(request, _seat(request, slug), None)


@require_http_methods(["GET", "HEAD", "POST"])
def towards(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same towards one partner."""
    seat = _seat(request, slug)
    return _check(request, seat, get_object_or_404(Partner.objects.of(seat.municipality), pk=pk))


def _seat(request: HttpRequest, slug: str) -> Seat:
    return access.contribute(request, slug) if request.method == "POST" else access.read(request, slug)


def _check(request: HttpRequest, seat: Seat, partner: Partner | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, seat, partner)
    sent = {s.key: PromiseForm(request.POST, prefix=s.key) for s in good_partner.load()}
    # Each is asked, so that each says what is wrong with it.
    if [form for form in sent.values() if not form.is_valid()]:
        return _page(request, seat, partner, typed=sent, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    outcomes = services.answer_self_check(
        municipality=seat.municipality,
        partner=partner,
        seen={key: form.cleaned_data["version"] for key, form in sent.items()},
        values={key: form.said() for key, form in sent.items()},
        by=seat.user,
    )
    theirs = {key: outcome.row for key, outcome in outcomes.items() if outcome.conflicts}
    if theirs:
        return _page(request, seat, partner, typed=sent, theirs=theirs, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved."))
    return redirect(request.path)


def _page(
    request: HttpRequest,
    seat: Seat,
    partner: Partner | None,
    *,
    typed: dict[str, PromiseForm] | None = None,
    theirs: dict[str, Any] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    check = self_check(seat.municipality, partner)
    forms_, others = typed or {}, theirs or {}
    context = {
        "partner": partner,
        "check": check,
        "lines": [(line, forms_.get(line.statement.key), others.get(line.statement.key)) for line in check.lines],
        "problems": [error for form in forms_.values() for errors in form.errors.values() for error in errors],
        "conflicts": bool(theirs),
        "choices": Kept.choices,
        "partners": checked_partners(seat.municipality) if partner is None else [],
        "evidence": _evidence(seat, check) if partner is None else "",
    }
    return render(request, "coalition/good_partner.html", context, status=status)


def _evidence(seat: Seat, check: SelfCheck) -> str:
    """What is offered as evidence for step partnerships.3, once every statement is answered."""
    if not (seat.contributes and check.complete):
        return ""
    words = {
        "on": day(timezone.localdate()),
        "summary": check.summary,
        "url": link("coalition:good_partner", seat.municipality.slug),
    }
    return _("Good partner self-check of %(on)s: %(summary)s. %(url)s") % words

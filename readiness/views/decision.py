"""Determination, rounds and policy."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.saving import send_anew
from readiness import queries, services, wording
from readiness.forms import (
    DeterminationForm,
    PolicyForm,
)
from readiness.models import Round
from readiness.rules.recommendation import recommend
from readiness.views.cards import unsaved


@require_http_methods(["GET", "HEAD", "POST"])
def determination(request: HttpRequest, slug: str) -> HttpResponse:
    """Leadership decides: the form, a page that repeats it, and then the record of it to print."""
    if request.method == "POST":
        return _determine(request, access.determine(request, slug))
    seat = access.read(request, slug)
    assessment = queries.assessment(seat.municipality)
    if assessment.determination or not seat.determines:
        return render(request, "readiness/determination.html", {"assessment": assessment})
    initial = {
        "name": seat.user.name,
        "title": seat.membership.title,
        "decided_on": timezone.localdate(),
        "seen": assessment.mark,
    }
    return _decision_page(request, assessment, DeterminationForm(initial=initial))


def _decision_page(
    request: HttpRequest, assessment: queries.Assessment, form: DeterminationForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"assessment": assessment, "form": form}
    return render(request, "readiness/determination_form.html", context, status=status)


def _determine(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask once more, then record; what cannot be recorded comes back with its words."""
    assessment = queries.assessment(seat.municipality)
    form = DeterminationForm(request.POST, mark=assessment.mark)
    if assessment.determination:
        return _decided_before(request, assessment, form)
    if not form.is_valid():
        send_anew(form, seen=assessment.mark)
        return _decision_page(request, assessment, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if "edit" in request.POST:
        return _decision_page(request, assessment, form)
    if "confirmed" not in request.POST:
        context = {"assessment": assessment, "form": form}
        return render(request, "readiness/determination_confirm.html", context)
    try:
        services.record_determination(
            round_=assessment.round, decision=form.decision(), by=seat.user, seen=form.cleaned_data["seen"]
        )
    except (services.RoundFrozenError, services.RoundChangedError):
        # In the moment since it was read above: read it again.
        return _determine(request, seat)
    messages.success(request, _("The determination is recorded and the round is frozen."))
    return redirect("readiness:determination", seat.municipality.slug)


def _decided_before(request: HttpRequest, assessment: queries.Assessment, form: DeterminationForm) -> HttpResponse:
    problem = _("Somebody else recorded a determination first; it stands below.")
    context = {"assessment": assessment, "unsaved": unsaved(problem, form)}
    return render(request, "readiness/determination.html", context, status=HTTPStatus.CONFLICT)


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a new round begins with, then start it from a copy of the last."""
    seat = access.administer(request, slug)
    if request.method != "POST":
        context = {"assessment": queries.assessment(seat.municipality)}
        return render(request, "readiness/new_round.html", context)
    try:
        round_ = services.start_round(municipality=seat.municipality, by=seat.user)
    except services.RoundOpenError:
        messages.error(request, _("The current round is still open. A new one starts after its determination."))
    else:
        messages.success(request, _("Round %(n)s has begun, from a copy of the last one.") % {"n": round_.number})
    return redirect("readiness:overview", slug)


@require_safe
def past_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One round as it stands or stood, whole, to read and to print."""
    seat = access.read(request, slug)
    try:
        assessment = queries.assessment(seat.municipality, number)
    except Round.DoesNotExist as error:
        raise Http404 from error
    # It shows no comments.
    return render(request, "readiness/round.html", {"assessment": assessment, "threads": None})


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """How many conditions this municipality asks for, and which it requires."""
    seat = access.administer(request, slug) if request.method == "POST" else access.read(request, slug)
    assessment = queries.assessment(seat.municipality)
    current, version = queries.policy_with_version(seat.municipality)
    initial = {**queries.policy_json(current), "version": version}
    form = PolicyForm(request.POST or request.GET or None, initial=initial, instrument=assessment.instrument)
    if request.method == "POST" and form.is_valid() and _policy_stored(seat, form, version):
        messages.success(request, _("Policy saved."))
        return redirect("readiness:policy", slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "assessment": assessment,
        "form": form,
        "policy": current,
        "required": wording.names(sorted(current.required), assessment.instrument),
        "preview": _preview(assessment, form) if request.method == "GET" and request.GET else None,
        "changes": queries.policy_changes(seat.municipality),
    }
    return render(request, "readiness/policy.html", context, status=status)


def _preview(assessment: queries.Assessment, form: PolicyForm) -> dict[str, object] | None:
    """What the current round would come to under the policy in the form; nothing is stored."""
    if not form.is_valid():
        return None
    found = recommend([view.reading for view in assessment.conditions], form.cleaned_data["policy"])
    return {"recommendation": found, "explanation": wording.explanation(found, assessment.instrument)}


def _policy_stored(seat: Seat, form: PolicyForm, version: int) -> bool:
    """Store it, unless it was written on another than the current policy: then the form says so."""
    policy, seen = form.cleaned_data["policy"], form.cleaned_data["version"]
    try:
        services.change_policy(municipality=seat.municipality, policy=policy, by=seat.user, seen=seen)
    except services.PolicyChangedError:
        problem = _(
            "Somebody changed the policy since you opened this page. Compare with the current one, then save again."
        )
        form.add_error(None, problem)
        send_anew(form, version=version)
        return False
    return True

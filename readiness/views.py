"""Pages of the readiness assessment: enter through the gate, call one function, render."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.queries import people
from municipalities.records import Outcome
from municipalities.saving import conflict_fragment, conflict_view, refused_fragment, saved, send_anew
from readiness import queries, services, wording
from readiness.forms import (
    AnswerForm,
    DeterminationForm,
    JudgementForm,
    PolicyForm,
    QuestionForm,
    StepForm,
    to_copy,
)
from readiness.models import Round


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The nine conditions, or only what is unanswered."""
    seat = access.read(request, slug)
    context = {
        "assessment": queries.assessment(seat.municipality),
        "unanswered_only": "unanswered" in request.GET,
    }
    return render(request, "readiness/overview.html", context)


@dataclass(frozen=True)
class Card:
    """One form on the page of a condition: whose answer it is, and its place on the page."""

    seat: Seat
    round: Round
    key: str
    dom: str

    @property
    def condition(self) -> str:
        return queries.condition_of(self.key)

    @property
    def back(self) -> str:
        url = reverse("readiness:condition", args=[self.seat.municipality.slug, self.condition])
        return f"{url}#{self.dom}"


def _card(seat: Seat, key: str, part: str = "") -> Card:
    """The form of a step, or that `part` of a condition's forms; 404 for a key that the instrument does not have."""
    round_ = _current_round(seat)
    if key not in (round_.instrument.by_key if part else round_.instrument.steps):
        raise Http404
    return Card(seat, round_, key, f"{key}-{part}" if part else queries.dom(key))


def _current_round(seat: Seat) -> Round:
    round_ = Round.objects.of(seat.municipality).current()
    if round_ is None:
        raise Http404
    round_.municipality = seat.municipality
    return round_


@require_safe
def condition(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _page(request, _card(access.read(request, slug), key, "question"))


def _page(request: HttpRequest, card: Card, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    page = queries.condition_page(card.round, card.condition)
    if "refused" in extra:
        page.retype(card.dom, extra["refused"]["typed"])
    context = {
        "round": card.round,
        "page": page,
        "view": page.view,
        "writable": card.seat.contributes and not card.round.frozen,
        "people": people(card.seat.municipality),
        **extra,
    }
    return render(request, "readiness/condition.html", context, status=status)


@require_POST
def answer_step(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One step's status, note, evidence, owner, due date: whichever were sent."""
    card = _card(access.contribute(request, slug), key)
    return _answer(request, card, StepForm(request.POST), services.record_step)


@require_POST
def answer_question(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What a condition still needs, who looks after it and until when."""
    card = _card(access.contribute(request, slug), key, "question")
    return _answer(request, card, QuestionForm(request.POST), services.record_condition)


@require_POST
def judge(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The team's judgement of a condition, with its reason."""
    card = _card(access.contribute(request, slug), key, "judgement")
    return _answer(request, card, JudgementForm(request.POST), services.record_condition)


def _answer(request: HttpRequest, card: Card, form: AnswerForm, record: Callable[..., Outcome[Any]]) -> HttpResponse:
    """Record what the form says, and answer in the way the page asked: saved, refused, or both texts to choose from."""
    if card.round.frozen:
        return _frozen(request, card, form)
    if not form.is_valid():
        return _refused(request, card, form.problems(), form.typed())
    seen, values = form.cleaned_data["version"], form.posted()
    try:
        outcome = record(round_=card.round, key=card.key, seen=seen, values=values, by=card.seat.user)
    except services.RoundFrozenError:
        return _frozen(request, card, form)
    except services.ReasonlessError as error:
        form.add_error("reason", _("Write why you judge otherwise than the checklist."))
        return _refused(request, card, form.problems(), error.merged)
    return _conflict(request, card, form, outcome) if outcome.conflicts else _saved(request, card, outcome)


def _saved(request: HttpRequest, card: Card, outcome: Outcome[Any]) -> HttpResponse:
    # Only the fragment shows the progress; a redirect reads the page anew anyhow.
    fresh = queries.condition_page(card.round, card.condition).view if request.htmx else None  # type: ignore[attr-defined]
    template = "readiness/partials/_saved.html"
    return saved(request, outcome, dom=card.dom, back=card.back, template=template, context={"view": fresh})


def _refused(request: HttpRequest, card: Card, problems: list[str], typed: Mapping[str, object]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, problems)
    refused = {"dom": card.dom, "problems": problems, "typed": typed}
    return _page(request, card, HTTPStatus.UNPROCESSABLE_ENTITY, refused=refused)


def _conflict(request: HttpRequest, card: Card, form: AnswerForm, outcome: Outcome[Any]) -> HttpResponse:
    view = conflict_view(form, outcome, dom=card.dom, action=request.path, back=card.back)
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_fragment(request, view)
    return _page(request, card, HTTPStatus.CONFLICT, conflict=view)


def _frozen(request: HttpRequest, card: Card, form: AnswerForm) -> HttpResponse:
    """The answers stay as they were decided on; what was typed is shown once more, to be copied."""
    problem = _(
        "Leadership has recorded its determination, so this round cannot be changed any more. "
        "Copy what you typed if you still need it."
    )
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, [problem])
    card = replace(card, round=_current_round(card.seat))
    return _page(request, card, HTTPStatus.CONFLICT, unsaved=_unsaved(problem, form))


def _unsaved(problem: str, form: Form) -> dict[str, object]:
    return {"problem": problem, "typed": to_copy(form)}


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
    context = {"assessment": assessment, "unsaved": _unsaved(problem, form)}
    return render(request, "readiness/determination.html", context, status=HTTPStatus.CONFLICT)


@require_POST
def new_round(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the next round from a copy of the last."""
    seat = access.administer(request, slug)
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
    return render(request, "readiness/round.html", {"assessment": assessment})


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """How many conditions this municipality asks for, and which it requires."""
    seat = access.administer(request, slug) if request.method == "POST" else access.read(request, slug)
    assessment = queries.assessment(seat.municipality)
    current, version = queries.policy_with_version(seat.municipality)
    initial = {**queries.policy_json(current), "version": version}
    form = PolicyForm(request.POST or None, initial=initial, instrument=assessment.instrument)
    if form.is_valid() and _policy_stored(seat, form, version):
        messages.success(request, _("Policy saved."))
        return redirect("readiness:policy", slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "assessment": assessment,
        "form": form,
        "policy": current,
        "required": wording.names(sorted(current.required), assessment.instrument),
    }
    return render(request, "readiness/policy.html", context, status=status)


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

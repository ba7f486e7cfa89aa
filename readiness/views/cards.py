"""The form cards on the page of a condition: whose answer, and how a save is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.queries import threads
from municipalities.access import Seat
from municipalities.queries import people
from municipalities.records import Outcome
from municipalities.saving import conflict_fragment, conflict_view, refused_fragment, saved
from pulse.queries import beside
from readiness import queries, services
from readiness.forms import (
    AnswerForm,
    to_copy,
)
from readiness.models import Round


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


def card_of(seat: Seat, key: str, part: str = "") -> Card:
    """The form of a step, or that `part` of a condition's forms; 404 for a key that the instrument does not have."""
    round_ = current_round(seat)
    if key not in (round_.instrument.by_key if part else round_.instrument.steps):
        raise Http404
    return Card(seat, round_, key, f"{key}-{part}" if part else queries.dom(key))


def current_round(seat: Seat) -> Round:
    round_ = Round.objects.of(seat.municipality).current()
    if round_ is None:
        raise Http404
    round_.municipality = seat.municipality
    return round_


def page(request: HttpRequest, card: Card, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    shown = queries.condition_page(card.round, card.condition)
    if "refused" in extra:
        shown.retype(card.dom, extra["refused"]["typed"])
    context = {
        "round": card.round,
        "page": shown,
        "view": shown.view,
        "writable": card.seat.contributes and not card.round.frozen,
        "people": people(card.seat.municipality),
        "threads": threads(card.seat.municipality, queries.subjects(card.round), card.condition),
        "beside": beside(card.seat.municipality, card.condition, str(shown.view.reading.suggested)),
        **extra,
    }
    return render(request, "readiness/condition.html", context, status=status)


def answer(request: HttpRequest, card: Card, form: AnswerForm, record: Callable[..., Outcome[Any]]) -> HttpResponse:
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
    fresh = queries.condition_alone(card.round, card.condition) if request.htmx else None  # type: ignore[attr-defined]
    template = "readiness/partials/_saved.html"
    return saved(request, outcome, dom=card.dom, back=card.back, template=template, context={"view": fresh})


def _refused(request: HttpRequest, card: Card, problems: list[str], typed: Mapping[str, object]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, problems)
    refused = {"dom": card.dom, "problems": problems, "typed": typed}
    return page(request, card, HTTPStatus.UNPROCESSABLE_ENTITY, refused=refused)


def _conflict(request: HttpRequest, card: Card, form: AnswerForm, outcome: Outcome[Any]) -> HttpResponse:
    view = conflict_view(form, outcome, dom=card.dom, action=request.path, back=card.back)
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_fragment(request, view)
    return page(request, card, HTTPStatus.CONFLICT, conflict=view)


def _frozen(request: HttpRequest, card: Card, form: AnswerForm) -> HttpResponse:
    """The answers stay as they were decided on; what was typed is shown once more, to be copied."""
    problem = _(
        "Leadership has recorded its determination, so this round cannot be changed any more. "
        "Copy what you typed if you still need it."
    )
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, [problem])
    card = replace(card, round=current_round(card.seat))
    return page(request, card, HTTPStatus.CONFLICT, unsaved=unsaved(problem, form))


def unsaved(problem: str, form: Form) -> dict[str, object]:
    return {"problem": problem, "typed": to_copy(form)}

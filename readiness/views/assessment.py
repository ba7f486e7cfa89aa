"""The nine conditions, one condition, and what people write in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from municipalities import access
from readiness import queries, services
from readiness.forms import (
    JudgementForm,
    QuestionForm,
    StepForm,
)
from readiness.views.cards import answer, card_of, page


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The nine conditions, or only what is unanswered."""
    seat = access.read(request, slug)
    context = {
        "assessment": queries.assessment(seat.municipality),
        "unanswered_only": "unanswered" in request.GET,
    }
    return render(request, "readiness/overview.html", context)


@require_safe
def condition(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return page(request, card_of(access.read(request, slug), key, "question"))


@require_POST
def answer_step(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One step's status, note, evidence, owner, due date: whichever were sent."""
    card = card_of(access.contribute(request, slug), key)
    return answer(request, card, StepForm(request.POST), services.record_step)


@require_POST
def answer_question(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What a condition still needs, who looks after it and until when."""
    card = card_of(access.contribute(request, slug), key, "question")
    return answer(request, card, QuestionForm(request.POST), services.record_condition)


@require_POST
def judge(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The team's judgement of a condition, with its reason."""
    card = card_of(access.contribute(request, slug), key, "judgement")
    return answer(request, card, JudgementForm(request.POST), services.record_condition)

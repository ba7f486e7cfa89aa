"""What a respondent sees, without a sign-in: the statements, thanks, or why there is nothing to answer."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pulse import instrument, queries, services
from pulse.forms import PulseForm
from pulse.queries import Entrance

YEAR = 60 * 60 * 24 * 365


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The survey in one page."""
    found, language = queries.entrance(token), _language(request)
    closed = _why_not(request, found)
    if found is None or closed:
        return _notice(request, closed or "gone", language, _status(closed or "gone"))
    form = PulseForm(request.POST or None, instrument=found.instrument, language=language)
    if form.is_valid():
        return _count(request, found, token, form, language)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "pulse/public/survey.html", _context(found, form, language), status=status)


def _language(request: HttpRequest) -> str:
    wanted = request.POST.get("lang") or request.GET.get("lang")
    return wanted if wanted in instrument.LANGUAGES else instrument.LANGUAGES[0]


def _why_not(request: HttpRequest, found: Entrance | None) -> str:
    """Why nothing can be answered here: gone, closed, used, already; empty where it can."""
    if found is None:
        return "gone"
    if not found.survey.is_open:
        return "closed"
    if found.ticket:
        return "used" if found.ticket.used else ""
    return "already" if _cookie(found) in request.COOKIES else ""


def _status(why: str) -> int:
    return HTTPStatus.NOT_FOUND if why == "gone" else HTTPStatus.GONE


def _cookie(found: Entrance) -> str:
    return f"survey-{found.survey.pk}"


def _context(found: Entrance, form: PulseForm, language: str) -> dict[str, object]:
    tool = found.instrument
    points = list(enumerate(tool.points[language], start=1))
    sent = {key: form[key].value() or "" for key in tool.keys} if form.is_bound else {}
    return {
        "place": found.survey.municipality,
        "words": tool.words[language],
        "language": language,
        "other": next(name for name in instrument.LANGUAGES if name != language),
        "form": form,
        "points": points,
        "groups": [(key, words[language]) for key, words in tool.groups.items()],
        "statements": [
            (number, s.key, s.text[language], sent.get(s.key, "")) for number, s in enumerate(tool.statements, start=1)
        ],
        "total": len(tool.statements),
    }


def _count(request: HttpRequest, found: Entrance, token: str, form: PulseForm, language: str) -> HttpResponse:
    try:
        services.answer(
            survey=found.survey,
            group=form.cleaned_data["group"],
            choices=form.choices(),
            token=token if found.ticket else None,
        )
    except services.ClosedError:
        return _notice(request, "closed", language, HTTPStatus.GONE)
    except services.UsedError:
        return _notice(request, "used", language, HTTPStatus.GONE)
    response = redirect(f"{reverse('survey:thanks')}?lang={language}")
    if not found.ticket:
        # It only tells this browser that it has answered; the server keeps nothing of it.
        response.set_cookie(
            _cookie(found),
            "1",
            max_age=YEAR,
            path="/survey/",
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """After answering."""
    return _notice(request, "thanks", _language(request), HTTPStatus.OK)


def _notice(request: HttpRequest, why: str, language: str, status: int) -> HttpResponse:
    words = instrument.load().words[language]
    context = {"words": words, "language": language, "heading": words[why], "more": words[f"{why}_more"]}
    return render(request, "pulse/public/notice.html", context, status=status)

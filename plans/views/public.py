"""A published plan as everybody reads it, without a sign-in: page, PDF, data, pictures, and a form to answer it."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from documents.markdown import Shown, to_html
from municipalities.rules.numbers import with_unit
from plans.data import SCHEMA
from plans.forms import FeedbackForm
from plans.models import Picture, Release
from plans.public import LANGUAGES, words
from plans.releases import FullError, Published, give_feedback, published

View = Callable[..., HttpResponseBase]


def _standing(view: View) -> View:
    """A page of its own, in both languages, where nothing is published at the address."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, slug, **kwargs)
        except (Release.DoesNotExist, Picture.DoesNotExist):
            language = _language(request)
            context = {"words": words()[language], "language": language}
            return render(request, "plans/public/gone.html", context, status=HTTPStatus.NOT_FOUND)

    return found


def _language(request: HttpRequest) -> str:
    wanted = request.POST.get("lang") or request.GET.get("lang")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


@login_not_required
@require_safe
@_standing
def newest(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest release that stands."""
    return _page(request, published(slug, shown=request.GET.get("page")))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_standing
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One release; its form takes what a reader says."""
    found = published(slug, number, shown=request.GET.get("page"))
    return _answered(request, found) if request.method == "POST" else _page(request, found)


def _page(request: HttpRequest, found: Published, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    language = _language(request)
    place = found.row.municipality
    told = words()[language]
    context = {
        "found": found,
        "release": found.row,
        "place": place,
        "data": found.data,
        "sections": _sections(found),
        "priorities": [_priority(one) for one in found.data["priorities"]],
        "measures": [_measure(one) for one in found.measures],
        "findings": {finding["id"]: finding["text"] for finding in found.data["findings"]},
        "words": told,
        "language": language,
        "other": next(one for one in LANGUAGES if one != language),
        "thanks": "thanks" in request.GET,
        **extra,
    }
    return render(request, "plans/public/plan.html", context, status=status)


def _sections(found: Published) -> list[dict[str, Any]]:
    """The sections that have a text, as HTML below a heading of level 2, with their pictures."""
    place, numbers = found.row.municipality, found.row.pictures
    rows = Picture.objects.filter(municipality=place, pk__in=numbers) if numbers else []
    address = {
        row.pk: Shown(reverse("published:picture", args=[place.slug, found.row.number, row.pk]), row.width, row.height)
        for row in rows
    }
    return [
        _section(section, to_html(section["text"], base_level=2, pictures=address))
        for section in found.data["sections"]
        if section["text"].strip()
    ]


def _section(section: dict[str, Any], html: str) -> dict[str, Any]:
    """`wide`: it may need to be moved sideways on a phone, so the keyboard must reach it."""
    return {**section, "html": mark_safe(html), "wide": "<table>" in html}  # noqa: S308  # sanitized by `to_html`


def _priority(one: dict[str, Any]) -> dict[str, Any]:
    """With the days of its actions as dates."""
    days = ("starts_on", "ends_on")
    return {
        **one,
        "actions": [{**action, **{name: _date(action[name]) for name in days}} for action in one["actions"]],
    }


def _date(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _measure(one: dict[str, Any]) -> dict[str, Any]:
    """Its values in words, each with its day."""
    last = one["values"][-1] if one["values"] else {"value": None, "on": None}
    return {
        **one,
        "start": _dated(one["baseline"], one["baseline_on"], one["unit"]),
        "aim": _dated(one["target"], one["target_on"], one["unit"]),
        "last": _dated(last["value"], last["on"], one["unit"]),
    }


def _dated(value: float | None, on: str | None, unit: str) -> tuple[str, date | None]:
    if value is None:
        return ("", None)
    return with_unit(Decimal(str(value)), unit), _date(on)


def _answered(request: HttpRequest, found: Published) -> HttpResponse:
    language = _language(request)
    told = words()[language]
    form = FeedbackForm(request.POST, words=told)
    if not form.is_valid():
        return _page(request, found, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    # A robot is thanked like everybody else, and nothing is kept.
    if not form.robot:
        if not ratelimit.consume(request, action="plan_feedback"):
            form.add_error(None, told["too_many"])
            return _page(request, found, HTTPStatus.TOO_MANY_REQUESTS, form=form)
        said = {name: form.cleaned_data[name] for name in ("name", "text")}
        try:
            give_feedback(release=found.row, language=language, **said)
        except FullError:
            form.add_error(None, told["full"])
            return _page(request, found, HTTPStatus.SERVICE_UNAVAILABLE, form=form)
    address = reverse("published:release", args=[found.row.municipality.slug, found.row.number])
    return redirect(f"{address}?lang={language}&thanks=1#feedback")


@login_not_required
@require_safe
@_standing
def pdf(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """The release's PDF, as it was."""
    return _file(request, slug, number, "pdf", "application/pdf", "mobility-action-plan.pdf")


@login_not_required
@require_safe
@_standing
def data(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """The release's data, as they were."""
    return _file(request, slug, number, "data", "application/json", "mobility-action-plan.json")


def _file(request: HttpRequest, slug: str, number: int, field: str, kind: str, name: str) -> HttpResponseBase:
    row = Release.objects.filter(municipality__slug=slug, number=number).standing().only(field, "fingerprint").get()
    etag = quote_etag(f"{field}-{row.fingerprint}")
    unchanged = get_conditional_response(request, etag=etag)
    value = getattr(row, field)
    response = unchanged or HttpResponse(value if isinstance(value, str) else bytes(value), content_type=kind)
    response.headers["ETag"] = etag
    # It may be withdrawn: everybody asks again, and is mostly told that it is unchanged.
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{number}-{name}"'
    return response


@login_not_required
@require_safe
@_standing
def picture(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponseBase:
    """A picture that a text of this release shows."""
    row = Release.objects.filter(municipality__slug=slug, number=number).standing().defer("pdf").get()
    if pk not in row.pictures:
        raise Picture.DoesNotExist
    found = Picture.objects.get(municipality=row.municipality_id, pk=pk)
    try:
        response = HttpResponse(found.file.read(), content_type=f"image/{found.kind}")
    except OSError as error:
        raise Picture.DoesNotExist from error
    finally:
        found.file.close()
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """How the data of a plan are built (JSON Schema)."""
    value = json.loads(SCHEMA.read_text("utf-8"))
    return HttpResponse(json.dumps(value, indent=1), content_type="application/schema+json")

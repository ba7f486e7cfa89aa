"""Texts in the team's own words, which save themselves; and what a report or a note is taken away as."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from documents.apart import RenderError
from documents.finished import Kind
from municipalities.access import Seat
from municipalities.records import Outcome
from municipalities.saving import AutosaveForm, conflict_fragment, conflict_view, refused_fragment, saved
from sustain.paper import Paper, Part
from sustain.reporting import own_part

logger = logging.getLogger(__name__)
Page = Callable[..., HttpResponse]


def written(
    request: HttpRequest,
    form: AutosaveForm,
    store: Callable[[int, dict[str, object]], Outcome[Any]],
    own: Callable[[Any], object],
    page: Page,
    dom: str,
) -> HttpResponse:
    """
    What was typed is stored, or shown once more beside what somebody else typed.

    `store` stores the values at a version, `own` gives the parts of the stored row as they read, `page` shows the whole
    page with a status and what is wrong.
    """
    if not form.is_valid():
        if request.htmx:  # type: ignore[attr-defined]
            return refused_fragment(request, form.problems())
        return page(HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    outcome = store(form.cleaned_data["version"], form.posted())
    if not outcome.conflicts:
        template, context = "sustain/partials/_saved.html", {"own": own(outcome.row)}
        return saved(request, outcome, dom=dom, back=request.path, context=context, template=template)
    view = conflict_view(form, outcome, dom=dom, action=request.path, back=request.path)
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_fragment(request, view)
    return page(HTTPStatus.CONFLICT, conflict=view)


def with_previews(form: AutosaveForm) -> list[tuple[BoundField, Part]]:
    """Each text's field, and how what stands in it reads."""
    return [(field, _read(field)) for field in form.visible_fields()]


def _read(field: BoundField) -> Part:
    if field.errors:
        return Part(str(field.label), key=field.name, quiet=_("It is shown here once what is wrong with it is mended."))
    return own_part(field.name, str(field.label), str(field.value() or ""))


def previewed(request: HttpRequest, form: AutosaveForm) -> HttpResponse:
    """How the one text that was sent would read; nothing is stored."""
    form.full_clean()
    typed = form.posted()
    if len(typed) != 1:
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(request, "sustain/partials/_preview.html", {"part": _read(form[next(iter(typed))])})


def taken(
    request: HttpRequest, seat: Seat, kind: Kind[Paper], paper: Paper, file_name: str, back: str
) -> HttpResponseBase:
    """The file, or a page that says that it could not be made and leads `back`."""
    try:
        return kind.answer(request, paper, file_name)
    except RenderError:
        logger.exception("The %s.%s of %s could not be made.", kind.name, kind.ending, seat.municipality.slug)
        context = {"back": back}
        return render(request, "sustain/not_exported.html", context, status=HTTPStatus.INTERNAL_SERVER_ERROR)

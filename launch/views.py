"""Pages of the launch kit: enter through the gate, call one function, render."""

import logging
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.apart import RenderError
from documents.finished import Kind
from launch import queries, services
from launch.export.document import PDF, WORD, Document, document_of
from launch.forms import FactsForm, PartForm
from launch.models import Facts
from launch.queries import LaunchKit
from municipalities import access
from municipalities.access import Seat
from municipalities.records import Outcome
from municipalities.saving import conflict_fragment, conflict_view, refused_fragment, saved

logger = logging.getLogger(__name__)
DOM = "launch-facts"


def _kit(seat: Seat, number: int | None = None) -> LaunchKit:
    try:
        return queries.launch_kit(seat.municipality, number)
    except ObjectDoesNotExist as error:
        raise Http404 from error


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest round's kit: what is still missing, the message and the talking points as they read."""
    seat = access.read(request, slug)
    return _page(request, seat, _kit(seat), writable=seat.contributes)


@require_safe
def past(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The kit of one round, to read."""
    seat = access.read(request, slug)
    return _page(request, seat, _kit(seat, number), writable=False)


def _page(request: HttpRequest, seat: Seat, kit: LaunchKit, *, writable: bool) -> HttpResponse:
    return render(request, "launch/kit.html", {"kit": kit, "writable": writable})


# --- Facts ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, slug: str) -> HttpResponse:
    """What the drafts are filled in with, on one form that saves itself."""
    seat = access.contribute(request, slug)
    if request.method != "POST":
        return _facts_page(request, _form_of(_kit(seat)), _kit_version(seat))
    form = FactsForm(request.POST)
    if not form.is_valid():
        return _facts_refused(request, seat, form)
    outcome = services.write_facts(
        municipality=seat.municipality, seen=form.cleaned_data["version"], values=form.posted(), by=seat.user
    )
    back = reverse("launch:kit", args=[slug])
    if not outcome.conflicts:
        return saved(request, outcome, dom=DOM, back=back)
    return _facts_conflict(request, seat, form, outcome)


def _form_of(kit: LaunchKit) -> FactsForm:
    return FactsForm(initial={name: getattr(kit.facts, name) for name in Facts.FIELDS})


def _kit_version(seat: Seat) -> Facts:
    """The row whose version the form posts: this round's, or the one that its first write will add."""
    kit = _kit(seat)
    return kit.facts if kit.own else Facts(round=kit.round)


def _facts_page(
    request: HttpRequest, form: FactsForm, row: Facts, status: int = HTTPStatus.OK, **extra: Any
) -> HttpResponse:
    context = {"form": form, "row": row, "dom": DOM, **extra}
    return render(request, "launch/facts.html", context, status=status)


def _facts_refused(request: HttpRequest, seat: Seat, form: FactsForm) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, form.problems())
    return _facts_page(request, form, _kit_version(seat), HTTPStatus.UNPROCESSABLE_ENTITY)


def _facts_conflict(request: HttpRequest, seat: Seat, form: FactsForm, outcome: Outcome[Facts]) -> HttpResponse:
    url = reverse("launch:facts", args=[seat.municipality.slug])
    view = conflict_view(form, outcome, dom=DOM, action=url, back=url)
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_fragment(request, view)
    return _facts_page(request, form, outcome.row, HTTPStatus.CONFLICT, conflict=view)


# --- One part ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The team's own wording of one part, beside the draft; an empty text is the draft again."""
    seat = access.contribute(request, slug)
    kit = _kit(seat)
    try:
        view = kit.part(key)
    except KeyError as error:
        raise Http404 from error
    if request.method != "POST":
        return _part_page(request, view, PartForm(initial={"text": view.words, "version": view.version}))
    form = PartForm(request.POST)
    if not form.is_valid():
        return _part_page(request, view, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _write_part(request, seat, view, form)


def _part_page(
    request: HttpRequest, view: queries.PartView, form: PartForm, status: int = HTTPStatus.OK, **extra: Any
) -> HttpResponse:
    return render(request, "launch/part.html", {"view": view, "form": form, **extra}, status=status)


def _write_part(request: HttpRequest, seat: Seat, view: queries.PartView, form: PartForm) -> HttpResponse:
    slug, again = seat.municipality.slug, "draft" in request.POST
    # A text that only repeats the draft is no text of one's own: the draft goes on following the facts.
    typed = str(form.posted().get("text", ""))
    text = "" if again or typed.strip() == view.draft.strip() else typed
    outcome = services.write_part(
        municipality=seat.municipality,
        key=view.part.key,
        seen=form.cleaned_data["version"],
        text=text,
        drafted=view.draft,
        by=seat.user,
    )
    back = f"{reverse('launch:kit', args=[slug])}#{view.part.key}"
    if outcome.conflicts:
        shown = conflict_view(form, outcome, dom="launch-part", action=request.path, back=back)
        return _part_page(request, view, form, HTTPStatus.CONFLICT, conflict=shown)
    if again and view.edited:
        context = {"view": view, "row": outcome.row}
        return render(request, "launch/draft_again.html", context)
    messages.success(request, _("Saved: %(title)s.") % {"title": view.part.title})
    return redirect(back)


# --- To take away -----------------------------------------------------------------------------------------


@require_safe
def text(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Both documents as plain text."""
    seat = access.read(request, slug)
    return HttpResponse(_kit(seat, number).text, content_type="text/plain; charset=utf-8")


@require_safe
def pdf(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Both documents as an accessible PDF."""
    return _file(request, slug, number, PDF)


@require_safe
def docx(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Both documents as a Word file."""
    return _file(request, slug, number, WORD)


def _file(request: HttpRequest, slug: str, number: int, kind: Kind[Document]) -> HttpResponseBase:
    seat = access.read(request, slug)
    document = document_of(_kit(seat, number), seat.municipality)
    try:
        return kind.answer(request, document, kind.file_name(slug))
    except RenderError:
        logger.exception("The launch kit of %s could not be made into a PDF.", slug)
        return render(request, "launch/not_exported.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)

"""Evidence beside a step: add, verify, remove, hand out."""

from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.uploads import content_type
from municipalities import access
from municipalities.access import Seat
from readiness import queries, services
from readiness.forms import EvidenceForm
from readiness.models import Evidence
from readiness.views.cards import Card, card_of, page


@require_POST
def add(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Put a link, the name of a document or a file beside a step."""
    card = card_of(access.contribute(request, slug), key)
    form = EvidenceForm(request.POST, request.FILES, too_large=getattr(request, "too_large", False))
    if not form.is_valid():
        return page(request, card, HTTPStatus.UNPROCESSABLE_ENTITY, evidence_form=form, evidence_of=card.dom)
    try:
        _store(card, form)
    except services.RoundFrozenError:
        return _frozen(request, card.back)
    messages.success(request, _("Evidence added."))
    return redirect(_place(card.seat, key))


def _store(card: Card, form: EvidenceForm) -> Evidence:
    at = {"round_": card.round, "key": card.key, "by": card.seat.user, "text": form.cleaned_data["text"]}
    if form.checked:
        return services.add_file(**at, file=form.cleaned_data["file"], checked=form.checked)
    return services.add_link(**at)


@require_POST
def verify(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that one has looked at another's evidence, or take that back."""
    seat = access.contribute(request, slug)
    row = _row(seat, pk)
    write = services.unverify if "undo" in request.POST else services.verify
    try:
        write(round_=row.step.round, pk=pk, by=seat.user)
    except services.OwnEvidenceError:
        messages.error(request, _("Somebody else than you has to verify what you added."))
    except services.RoundFrozenError:
        return _frozen(request, _place(seat, row.step.key))
    return redirect(_place(seat, row.step.key))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once more, then take a piece of evidence away."""
    seat = access.contribute(request, slug)
    row = _row(seat, pk)
    if request.method != "POST":
        step = row.step.round.instrument.steps[row.step.key]
        context = {"row": row, "step": step, "back": _place(seat, row.step.key)}
        return render(request, "readiness/evidence_remove.html", context)
    try:
        services.remove_evidence(round_=row.step.round, pk=pk, by=seat.user)
    except services.RoundFrozenError:
        return _frozen(request, _place(seat, row.step.key))
    messages.success(request, _("Evidence removed."))
    return redirect(_place(seat, row.step.key))


@require_safe
def download(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """A file as an attachment, whatever it is; of frozen rounds too."""
    row = _row(access.read(request, slug), pk)
    try:
        file = row.file.open()
    except (ValueError, OSError) as error:
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type=content_type(row.name))
    response["Cache-Control"] = "private, no-cache"
    return response


def _row(seat: Seat, pk: int) -> Evidence:
    rows = Evidence.objects.select_related("step__round__municipality", "added_by")
    row: Evidence = get_object_or_404(rows, step__round__municipality=seat.municipality, pk=pk)
    return row


def _place(seat: Seat, key: str) -> str:
    """The evidence of that step on its condition's page."""
    url = reverse("readiness:condition", args=[seat.municipality.slug, queries.condition_of(key)])
    return f"{url}#{queries.dom(key)}-evidence"


def _frozen(request: HttpRequest, back: str) -> HttpResponse:
    messages.error(request, _("Leadership has recorded its determination, so this round cannot be changed any more."))
    return redirect(back)
